//! SHA-256 of a block of 64 bytes, again and again, by the crate `sha2`.

#![no_std]

use sha2::{Digest, Sha256};
use weft_benchmark_programs::{put, rounds};

#[unsafe(no_mangle)]
extern "C" fn run() {
    let mut block = [0x5a; 64];
    for _ in 0..rounds() {
        let digest = Sha256::digest(block);
        block[..32].copy_from_slice(&digest);
    }
    for word in block[..32].as_chunks().0 {
        put(u64::from_le_bytes(*word));
    }
}
