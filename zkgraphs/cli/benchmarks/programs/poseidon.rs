//! A permutation with the numbers of rounds and products of circomlib's Poseidon of two elements, again and again, by the field
//! arithmetic of `ff_derive`. (Its constants are other ones: they cost the same.)

#![no_std]

use ff::{Field, PrimeField};
use weft_benchmark_programs::{put, rounds};

#[derive(PrimeField)]
#[PrimeFieldModulus = "21888242871839275222246405745257275088548364400416034343698204186575808495617"]
#[PrimeFieldGenerator = "7"]
#[PrimeFieldReprEndianness = "little"]
struct Element([u64; 4]);

#[unsafe(no_mangle)]
extern "C" fn run() {
    let matrix: [[Element; 3]; 3] =
        core::array::from_fn(|i| core::array::from_fn(|j| Element::from((i + 2 * j) as u64 + 3).square()));
    let added = [11, 12, 13].map(|i| Element::from(i).square().square());
    let mut hash = Element::ONE;
    for _ in 0..rounds() {
        let mut state = [Element::ZERO, hash, hash];
        for round in 0..65 {
            for (element, added) in state.iter_mut().zip(&added) {
                *element += added;
            }
            let boxes = if (4..61).contains(&round) { 1 } else { 3 };
            for element in &mut state[..boxes] {
                *element *= element.square().square();
            }
            state = matrix.map(|row| row[0] * state[0] + row[1] * state[1] + row[2] * state[2]);
        }
        hash = state[0];
    }
    let repr = hash.to_repr();
    put(u64::from_le_bytes(*repr.0.first_chunk().unwrap_or(&[0; 8])));
}
