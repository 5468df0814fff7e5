//! Products of matrices of 16 by 16 numbers of 32 bits.

#![no_std]

use weft_benchmark_programs::{Numbers, put, rounds};

const SIZE: usize = 16;

type Matrix = [[u32; SIZE]; SIZE];

#[inline(never)]
fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let mut out = [[0; SIZE]; SIZE];
    for (row, out) in a.iter().zip(&mut out) {
        for (column, out) in out.iter_mut().enumerate() {
            *out = row
                .iter()
                .zip(b)
                .fold(0u32, |sum, (a, b)| sum.wrapping_add(a.wrapping_mul(b[column])));
        }
    }
    out
}

#[unsafe(no_mangle)]
extern "C" fn run() {
    let mut numbers = Numbers(3);
    let mut next = || core::array::from_fn(|_| core::array::from_fn(|_| numbers.next()));
    let (mut a, b): (Matrix, Matrix) = (next(), next());
    for _ in 0..rounds() {
        a = product(&a, &b);
    }
    put(a.iter().flatten().fold(0, |sum, &number| sum ^ u64::from(number)));
}
