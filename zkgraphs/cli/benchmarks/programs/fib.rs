//! Fibonacci numbers, modulo a prime of 31 bits, in a loop.

#![no_std]

use weft_benchmark_programs::{put, rounds};

#[unsafe(no_mangle)]
extern "C" fn run() {
    let (mut a, mut b) = (0u32, 1u32);
    for _ in 0..rounds() {
        (a, b) = (b, (a + b) % 2_147_483_647);
    }
    put(a.into());
}
