//! Products of 256-bit numbers modulo the order of secp256k1's field, again and again, by the precompile.

#![no_std]

use weft_benchmark_programs::{put, rounds};
use weft_zkgraph::{OrTrap, U256};

#[unsafe(no_mangle)]
extern "C" fn run() {
    let order = U256::from_limbs([0xffff_fffe_ffff_fc2f, u64::MAX, u64::MAX, u64::MAX]);
    let mut x = order - U256::from(977);
    for _ in 0..rounds() {
        x = x.mul_mod(x, order).or_trap();
    }
    put(x.limbs()[0]);
}
