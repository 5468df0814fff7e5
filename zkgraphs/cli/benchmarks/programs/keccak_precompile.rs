//! keccak256 of 136 bytes, which is two permutations, again and again, by the precompile.

#![no_std]

use weft_benchmark_programs::{put, rounds};
use weft_zkgraph::{Bytes32, Keccak256};

#[unsafe(no_mangle)]
extern "C" fn run() {
    let mut start = Bytes32::new([0x5a; 32]);
    for _ in 0..rounds() {
        start = Keccak256::new().bytes32(start).bytes(&[0x5a; 104]).finish();
    }
    put(start.words()[0]);
}
