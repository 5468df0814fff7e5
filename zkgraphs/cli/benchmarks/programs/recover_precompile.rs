//! Signers of messages, again and again, by the precompiles.

#![no_std]

use weft_benchmark_programs::{put, rounds};
use weft_zkgraph::{
    Bytes32, U256,
    secp256k1::{Point, Signature},
};

#[unsafe(no_mangle)]
extern "C" fn run() {
    let mut hash = Bytes32::new([7; 32]);
    for _ in 0..rounds() {
        let signature = Signature {
            r: Point::GENERATOR.x(),
            s: U256::from((hash.words()[0] & 0xff) + 0x1234_5678_9abc_def1),
            odd: false,
        };
        let Some(key) = signature.recover(hash) else { return };
        hash = key.x().into();
    }
    put(hash.to_u256().limbs()[0]);
}
