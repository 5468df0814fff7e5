//! Witnesses of precompiles changed by hand: a block whose constraints hold, whose lookups are in their tables, and which
//! says the same as before on the bus, must be the same block.

use std::collections::{BTreeMap, BTreeSet};

use ff::{Field, PrimeField};
use ruint::aliases::{U256, U512};
use weft_folding::{
    F, power_of_two,
    shape::{Column, Entry, Shape},
};

use super::{
    kernel::without_pivot,
    precompiles::{program, words},
};
use crate::{
    Call, Precompile,
    bus::tag,
    chunks::single,
    key::Circuit,
    machine::execute,
    precompiles::{OPTIONAL, SECP256K1_ORDER, Solution, coordinates, spread},
    witness::{Lookups, Row},
};

/// An honest call, by seed.
fn call(precompile: Precompile, seed: u64) -> Call {
    let input: Vec<u8> = words(precompile, seed)
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect();
    let trace = execute(&program(precompile), &input, 1 << 16).expect("the program ends");
    trace.calls[0].clone()
}

/// The blocks of WORDS and of the precompile's own shape for a call.
fn blocks(call: &Call) -> [(&'static Shape, Vec<Vec<F>>); 2] {
    let layout = |blocks: usize| single(blocks.next_power_of_two().ilog2() as usize);
    let calls = std::slice::from_ref(call);
    let mut layouts = [single(0); OPTIONAL];
    layouts[0] = layout(call.words.len());
    layouts[call.precompile.number() as usize] = layout(call.precompile.blocks());
    let shapes = &Circuit::get().precompiles;
    let witnesses = shapes.witnesses(calls, layouts);
    [0, call.precompile.number() as usize].map(|index| {
        let source = &witnesses[index];
        let shape = shapes.optional()[index];
        let rows = source.fill(0, &Lookups::none());
        let rows = rows.chunks(shape.columns()).take(source.count).map(<[F]>::to_vec);
        (shape, rows.collect())
    })
}

/// A number below 2^64, if it is one.
pub(super) fn small(value: F) -> Option<u64> {
    let repr = value.to_repr();
    let (words, _) = repr.as_ref().as_chunks::<8>();
    words[1..]
        .iter()
        .all(|word| *word == [0; 8])
        .then(|| u64::from_le_bytes(words[0]))
}

/// What a table says of a lookup's number.
fn is_in_table(tag: u64, value: F) -> bool {
    thread_local! {
        static SPREAD: BTreeSet<u64> = (0..1 << 16).map(spread).collect();
    }
    let Some(value) = small(value) else { return false };
    match tag {
        tag::RANGE => value < 1 << 16,
        tag::SPREAD => SPREAD.with(|numbers| numbers.contains(&value)),
        tag::PAIR => spread(value >> 48) == value & ((1 << 48) - 1),
        _ => false,
    }
}

/// A tuple: its tag and its components.
pub(super) type Tuple = Vec<[u8; 32]>;

/// What a block says to others; `None` if the block can be seen to be wrong without them.
pub(super) fn says(shape: &Shape, block: &[F]) -> Option<BTreeMap<Tuple, F>> {
    if shape.first_broken(block).is_some() {
        return None;
    }
    let mut out: BTreeMap<Tuple, F> = BTreeMap::new();
    for entry in shape.entries(block) {
        let Entry {
            tag,
            components,
            multiplicity,
        } = entry;
        if multiplicity == F::ZERO {
            continue;
        }
        let tag = small(tag)?;
        if [tag::RANGE, tag::SPREAD, tag::PAIR].contains(&tag) {
            // Multiplicities of a table are free, but only whole blocks look anything up.
            if multiplicity != F::ONE || !is_in_table(tag, components[0]) {
                return None;
            }
            continue;
        }
        let numbers = std::iter::once(F::from(tag)).chain(components);
        let tuple: Tuple = numbers
            .map(|number| number.to_repr().as_ref().try_into().expect("32 bytes"))
            .collect();
        *out.entry(tuple).or_insert(F::ZERO) += multiplicity;
    }
    out.retain(|_, multiplicity| *multiplicity != F::ZERO);
    Some(out)
}

/// Whether every block of a call holds.
pub(super) fn holds(call: &Call) -> bool {
    let blocks = blocks(call);
    blocks
        .iter()
        .all(|(shape, blocks)| blocks.iter().all(|block| says(shape, block).is_some()))
}

/// Ways to change a column.
pub(super) fn lies(value: F) -> [F; 6] {
    [
        value + F::ONE,
        value - F::ONE,
        F::ONE - value,
        value + power_of_two(16),
        value - power_of_two(48),
        value * F::from(8).invert().expect("8 is not 0"),
    ]
}

#[test]
fn honest_blocks_hold_and_no_single_column_of_one_can_be_another() {
    let mut tried = 0;
    for precompile in Precompile::ALL {
        let call = call(precompile, 21);
        for (shape, blocks) in blocks(&call) {
            // The first, one in the middle, the last: where the roles of blocks differ.
            let chosen: BTreeSet<usize> = [0, blocks.len() / 2, blocks.len() - 1].into();
            for index in chosen {
                let mut block = blocks[index].clone();
                let honest = says(shape, &block).expect("an honest block holds");
                for column in 0..shape.trace_columns() {
                    let value = block[column];
                    for lie in lies(value).into_iter().filter(|lie| *lie != value) {
                        block[column] = lie;
                        tried += 1;
                        assert_ne!(
                            says(shape, &block).as_ref(),
                            Some(&honest),
                            "{}: block {index}, column {column}",
                            shape.name()
                        );
                    }
                    block[column] = value;
                }
            }
        }
    }
    assert!(tried > 50_000, "only {tried} columns were changed");
}

#[test]
fn a_block_that_is_off_is_zero_and_satisfied_and_says_nothing() {
    let circuit = Circuit::get();
    let advice = [&circuit.advice.0];
    for shape in circuit.precompiles.optional().into_iter().chain(advice) {
        let zeros = vec![F::ZERO; shape.columns()];
        assert_eq!(shape.first_unsatisfied(&zeros), None, "{}", shape.name());
        assert_eq!(says(shape, &zeros), Some(BTreeMap::new()), "{}", shape.name());
    }
}

#[test]
fn no_column_that_is_not_on_the_bus_can_move() {
    // What is on the bus is bound there, by a tuple or by a table. If the Jacobian by all other columns has no kernel, none of them
    // can move without a constraint that notices.
    for precompile in Precompile::ALL {
        let call = call(precompile, 33);
        for (shape, blocks) in blocks(&call) {
            for block in [&blocks[0], &blocks[blocks.len() - 1]] {
                let said = shape.entries(block);
                let unknown: Vec<Column> = (0..shape.trace_columns())
                    .filter(|&column| {
                        let mut moved = block.clone();
                        moved[column] += F::ONE;
                        shape.entries(&moved) == said
                    })
                    .map(Column::Trace)
                    .collect();
                let jacobian = shape.jacobian(block, &unknown);
                let missing = without_pivot(jacobian, unknown.len());
                assert!(missing.is_empty(), "{}: {missing:?} can move", shape.name());
            }
        }
    }
}

#[test]
fn no_block_is_half_on() {
    let half = F::from(2).invert().expect("2 is not 0");
    for precompile in Precompile::ALL {
        let call = call(precompile, 4);
        for (shape, blocks) in blocks(&call) {
            // All columns halved: what is linear still holds.
            let halved: Vec<F> = blocks[0].iter().map(|value| *value * half).collect();
            assert_eq!(says(shape, &halved), None, "{}", shape.name());
        }
    }
}

/// Columns of a block that hold a value, by index.
fn holding(block: &[F], value: F) -> Vec<usize> {
    (0..block.len())
        .filter(|&column| block[column] == value)
        .collect()
}

#[test]
fn the_state_that_sha256_starts_from_cannot_be_split_in_another_way() {
    // The bus says only low + 2^32 · high of a pair: moving 2^32 from one to the other must be seen.
    let call = call(Precompile::Sha256, 8);
    let [_, (shape, blocks)] = blocks(&call);
    let last = &blocks[3];
    let honest = says(shape, last).expect("an honest block holds");
    let pair = call.words[0].before;
    let limbs = |word: u64| [word & 0xffff, word >> 16 & 0xffff].map(F::from);
    let [[_, low], [high, _]] = [pair & 0xffff_ffff, pair >> 32].map(limbs);
    let mut tried = 0;
    for low_column in holding(last, low) {
        for high_column in holding(last, high) {
            for sign in [F::ONE, -F::ONE] {
                let mut block = last.clone();
                block[low_column] += sign * power_of_two(16);
                block[high_column] -= sign;
                tried += 1;
                assert_ne!(says(shape, &block).as_ref(), Some(&honest));
            }
        }
    }
    assert!(tried > 0, "the limbs were not found");
}

#[test]
fn a_product_cannot_be_right_only_modulo_a_power_of_two() {
    let mut call = call(Precompile::Multiply, 17);
    call.words[12].before |= 1;
    let number = |i: usize| {
        let limbs: Vec<u64> = call.words[4 * i..4 * i + 4]
            .iter()
            .map(|word| word.before)
            .collect();
        U512::from(U256::from_limbs_slice(&limbs))
    };
    let (value, m) = (number(0) * number(1) + number(2), number(3));
    let (shape, columns) = &Circuit::get().precompiles.multiply;
    let fill = |quotient: U512, remainder: U256| {
        let mut block = vec![F::ZERO; shape.columns()];
        columns.fill_with(
            &mut Row(&mut block),
            &call,
            (quotient, remainder),
            &Lookups::none(),
        );
        says(shape, &block)
    };
    let (q, r) = (value / m, U256::from_limbs_slice(&(value % m).as_limbs()[..4]));
    assert!(fill(q, r).is_some());
    // m is odd: any remainder has a quotient modulo 2^512.
    let inverse = m.inv_ring().expect("m is odd");
    for wrong in [r ^ U256::from(1), U256::ZERO, U256::from(5)] {
        let quotient = value.wrapping_sub(U512::from(wrong)).wrapping_mul(inverse);
        assert_eq!(quotient.wrapping_mul(m).wrapping_add(U512::from(wrong)), value);
        assert_eq!(fill(quotient, wrong), None);
    }
    // Nor can the remainder be larger than the modulus, nor the quotient be short by 2^256.
    let more = U256::from_limbs_slice(&(value % m + m).as_limbs()[..4]);
    assert_eq!(fill(q - U512::from(1), more), None);
    assert_eq!(fill(q ^ U512::from(1) << 256, r), None);
}

#[test]
fn elements_that_poseidon_leaves_are_canonical() {
    let call = call(Precompile::Poseidon, 2);
    let (shape, columns) = &Circuit::get().precompiles.poseidon;
    let fill = |left: [[u64; 4]; 3]| {
        let mut block = vec![F::ZERO; shape.columns()];
        columns.fill_with(&mut Row(&mut block), &call, left, &Lookups::none());
        says(shape, &block)
    };
    let left: [[u64; 4]; 3] = std::array::from_fn(|i| std::array::from_fn(|k| call.words[4 * i + k].after));
    assert!(fill(left).is_some());
    let order = U256::from_limbs([
        0x43e1_f593_f000_0001,
        0x2833_e848_79b9_7091,
        0xb850_45b6_8181_585d,
        0x3064_4e72_e131_a029,
    ]);
    for element in 0..3 {
        for multiple in 1..=4 {
            let other = U256::from_limbs(left[element]).wrapping_add(order * U256::from(multiple));
            let mut changed = left;
            changed[element] = *other.as_limbs();
            assert_eq!(
                fill(changed),
                None,
                "element {element} and {multiple} times the order"
            );
        }
    }
}

/// What a prover's solution for two points says, if it holds.
fn sum_of(points: [U256; 4], solution: Solution) -> Option<BTreeMap<Tuple, F>> {
    let mut call = call(Precompile::Secp256k1Add, 1);
    let found = points.iter().flat_map(|number| *number.as_limbs());
    call.words
        .iter_mut()
        .zip(found)
        .for_each(|(word, found)| word.before = found);
    let (shape, columns) = &Circuit::get().precompiles.secp256k1;
    let mut block = vec![F::ZERO; shape.columns()];
    columns.fill_with(&mut Row(&mut block), &call, solution, &Lookups::none());
    says(shape, &block)
}

#[test]
fn no_sum_of_two_points_can_be_another() {
    let order = SECP256K1_ORDER;
    let two = |i: u64| {
        let words: Vec<u64> = words(Precompile::Secp256k1Add, i);
        coordinates(&words.try_into().expect("sixteen words"))
    };
    let [x, y, other, _] = two(3);
    // Different points; one point twice, canonical or not; a point and its negative; infinity.
    let cases = [
        two(1),
        two(2),
        [x, y, x, y],
        [U256::from(5), y, order + U256::from(5), y],
        [x, y % order, x, order - y % order],
        [x, y, x, other],
        [U256::ZERO; 4],
        [order; 4],
        [U256::MAX, U256::ZERO, U256::ZERO, U256::MAX],
    ];
    let mut tried = 0;
    for points in cases {
        let honest = Solution::of(points);
        let said = sum_of(points, honest).expect("an honest solution holds");
        let slopes = [
            honest.slope,
            U256::ZERO,
            U256::from(1),
            order - U256::from(1),
            U256::MAX,
            other,
        ];
        for slope in slopes {
            // Everything else as it follows from the slope.
            let follows = |slope: U256| {
                let [x1, y1, x2, _] = points.map(|number| number % order);
                let minus = |a: U256, b: U256| a.add_mod(order - b, order);
                let x3 = minus(minus(slope.mul_mod(slope, order), x1), x2);
                [x3, minus(slope.mul_mod(minus(x1, x3), order), y1)]
            };
            let sums = [
                follows(slope),
                honest.sum,
                [U256::ZERO; 2],
                [honest.sum[0], honest.sum[1] ^ U256::from(1)],
            ];
            for sum in sums {
                for (same, infinite) in [(false, false), (true, false), (true, true), (false, true)] {
                    let solution = Solution {
                        same,
                        infinite,
                        slope,
                        sum,
                    };
                    tried += 1;
                    if let Some(holds) = sum_of(points, solution) {
                        assert_eq!(holds, said, "{points:?}: {solution:?}");
                    }
                }
            }
        }
    }
    assert_eq!(tried, 9 * 6 * 4 * 4);
}

#[test]
fn coordinates_of_a_sum_are_canonical() {
    let order = SECP256K1_ORDER;
    // A sum whose coordinates leave room below 2^256 for another of the same residue: doubling x = 0 gives λ = 0 and x3 = 0.
    let points = [U256::ZERO, U256::from(9), U256::ZERO, U256::from(9)];
    let honest = Solution::of(points);
    assert_eq!(honest.sum, [U256::ZERO, order - U256::from(9)]);
    assert!(sum_of(points, honest).is_some());
    let sum = [order, honest.sum[1]];
    assert_eq!(sum_of(points, Solution { sum, ..honest }), None);
    let minus = [U256::ZERO, order - U256::from(9)];
    let points = [minus[0], minus[1], minus[0], minus[1]];
    let honest = Solution::of(points);
    assert_eq!(honest.sum, [U256::ZERO, U256::from(9)]);
    let sum = [U256::ZERO, order + U256::from(9)];
    assert_eq!(sum_of(points, Solution { sum, ..honest }), None);
    // Nor may the slope's residue matter: one that is not canonical says the same.
    let slope = honest.slope + order;
    assert_eq!(
        sum_of(points, Solution { slope, ..honest }),
        sum_of(points, honest)
    );
}

#[test]
fn the_shapes_of_the_precompiles_have_the_sizes_that_the_documentation_names() {
    let sizes = Circuit::get().precompiles.optional().map(|shape| {
        (
            shape.name(),
            shape.constraints(),
            shape.trace_columns(),
            shape.bus_columns(),
        )
    });
    assert_eq!(
        sizes,
        [
            ("words", 52, 28, 45),
            ("keccak", 801, 639, 721),
            ("sha256", 3868, 3497, 743),
            ("multiply", 185, 142, 114),
            ("poseidon", 356, 320, 97),
            ("secp256k1", 331, 268, 237)
        ]
    );
}
