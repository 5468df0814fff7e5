//! keccak256 of 136 bytes, which is two permutations, again and again, by the crate `tiny-keccak`.

#![no_std]

use tiny_keccak::{Hasher, Keccak};
use weft_benchmark_programs::{put, rounds};

#[unsafe(no_mangle)]
extern "C" fn run() {
    let mut block = [0x5a; 136];
    for _ in 0..rounds() {
        let mut hasher = Keccak::v256();
        hasher.update(&block);
        hasher.finalize(&mut block[..32]);
    }
    put(u64::from_le_bytes(*block.first_chunk().unwrap_or(&[0; 8])));
}
