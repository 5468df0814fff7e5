//! Products of 256-bit numbers modulo the order of secp256k1's field, again and again, by the crate `uint`.

#![no_std]
#![allow(clippy::all, missing_docs)]

use uint::construct_uint;
use weft_benchmark_programs::{put, rounds};

construct_uint! { struct U512(8); }

#[unsafe(no_mangle)]
extern "C" fn run() {
    let order = U512([0xffff_fffe_ffff_fc2f, u64::MAX, u64::MAX, u64::MAX, 0, 0, 0, 0]);
    let mut x = order - 977;
    for _ in 0..rounds() {
        x = x * x % order;
    }
    put(x.0[0]);
}
