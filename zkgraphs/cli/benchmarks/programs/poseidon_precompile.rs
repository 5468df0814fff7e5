//! circomlib's Poseidon of two elements, again and again, by the precompile.

#![no_std]

use weft_benchmark_programs::{put, rounds};
use weft_zkgraph::{U256, poseidon};

#[unsafe(no_mangle)]
extern "C" fn run() {
    let mut hash = U256::from(1);
    for _ in 0..rounds() {
        hash = poseidon(hash, hash);
    }
    put(hash.limbs()[0]);
}
