//! What the benchmark programs share: the imports, and numbers to work on.

#![no_std]

// For its panic handler.
use weft_zkgraph as _;

#[link(wasm_import_module = "weft")]
unsafe extern "C" {
    fn input_word(index: i32) -> i64;
    fn output_word(word: i64);
}

/// How often to do the work: the first word of the input.
pub fn rounds() -> u64 {
    unsafe { input_word(0) as u64 }
}

/// Puts a result out, so that no work can be left away.
pub fn put(word: u64) {
    unsafe { output_word(word as i64) }
}

/// Numbers that look random: a linear congruential generator (Knuth's MMIX).
pub struct Numbers(pub u64);

impl Numbers {
    /// The next 32 bits.
    pub fn next(&mut self) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 32) as u32
    }
}
