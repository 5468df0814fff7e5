//! A guest written in Rust: `rustc --target wasm32v1-none` makes the module.
#![no_std]
#![no_main]

mod algorithms;

#[link(wasm_import_module = "weft")]
unsafe extern "C" {
    safe fn input_len() -> i32;
    safe fn input_word(i: i32) -> i64;
    safe fn output_word(word: i64);
}

/// The entry.
#[unsafe(no_mangle)]
pub extern "C" fn run() {
    let mut words = [0; 60];
    let count = input_len() as usize / 8;
    let words = &mut words[..count];
    for (i, word) in (0..).zip(words.iter_mut()) {
        *word = input_word(i) as u64;
    }
    algorithms::answer(words, &mut |word| output_word(word as i64));
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
