//! The three functions that the host offers.

#[cfg(target_arch = "wasm32")]
mod imports {
    // What the proved machine offers a module under the name `weft`. All are total but for `input_word` beyond the
    // end, which traps; none touches memory, so no call can break a promise of the language.
    #[allow(unsafe_code)]
    #[link(wasm_import_module = "weft")]
    unsafe extern "C" {
        /// Appends a word to the output.
        pub(crate) safe fn output_word(word: u64);
        /// The word of the input with this index; traps beyond the last.
        pub(crate) safe fn input_word(index: u32) -> u64;
    }
}

#[cfg(target_arch = "wasm32")]
pub(crate) use imports::{input_word, output_word};

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use testing::{input_word, output_word};

/// Runs programs natively, for their unit tests.
#[cfg(not(target_arch = "wasm32"))]
pub mod testing {
    use std::cell::RefCell;

    thread_local! {
        static INPUT: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
        static OUTPUT: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
    }

    /// The output stream of a program on an input, both in the encoding of `weft-primitives` (`input`, `output`).
    ///
    /// # Panics
    /// When the program traps.
    pub fn run(input: &[u8], program: fn()) -> Vec<u8> {
        let words = input.chunks(8).map(|chunk| {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            u64::from_le_bytes(word)
        });
        INPUT.replace(words.collect());
        OUTPUT.take();
        program();
        OUTPUT.take().into_iter().flat_map(u64::to_le_bytes).collect()
    }

    pub(crate) fn input_word(index: u32) -> u64 {
        INPUT
            .with_borrow(|input| input.get(index as usize).copied())
            .expect("a word within the input")
    }

    pub(crate) fn output_word(word: u64) {
        OUTPUT.with_borrow_mut(|output| output.push(word));
    }
}
