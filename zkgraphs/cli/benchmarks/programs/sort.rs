//! Sorting of 256 numbers by the standard library, again and again.

#![no_std]

use weft_benchmark_programs::{Numbers, put, rounds};

#[unsafe(no_mangle)]
extern "C" fn run() {
    let mut numbers = Numbers(1);
    let mut list = [0; 256];
    let mut sum = 0u64;
    for _ in 0..rounds() {
        list.iter_mut().for_each(|number| *number = numbers.next());
        list.sort_unstable();
        sum = sum.wrapping_add(u64::from(list[128]));
    }
    put(sum);
}
