//! The POSEIDON shape: circomlib's permutation of three elements of BN254's scalar field, x^5, 8 full and 57 partial rounds.

use std::sync::LazyLock;

use ff::{Field, PrimeField};
use light_poseidon::parameters::bn254_x5;
use weft_folding::{
    F, power_of_two,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use super::{Call, LEFT, Precompile, found, lane};
use crate::{
    step::{fill_number, number, numbers, one},
    witness::{Lookups, Row, wide},
};

/// Elements of the state.
const WIDTH: usize = 3;
/// Words of an element.
const WORDS: usize = 4;

/// The constants of the permutation.
struct Constants {
    full_rounds: usize,
    partial_rounds: usize,
    /// Added before each round, by round and element.
    added: Vec<[F; WIDTH]>,
    matrix: [[F; WIDTH]; WIDTH],
}

static CONSTANTS: LazyLock<Constants> = LazyLock::new(|| {
    use ark_ff::{BigInteger, PrimeField as _};
    let parameters = bn254_x5::get_poseidon_parameters::<ark_bn254::Fr>(WIDTH as u8);
    let parameters = parameters.unwrap_or_else(|error| unreachable!("width 3 is in the library: {error}"));
    let element = |value: &ark_bn254::Fr| {
        let mut repr = <F as PrimeField>::Repr::default();
        repr.as_mut().copy_from_slice(&value.into_bigint().to_bytes_le());
        F::from_repr(repr).into_option().unwrap_or(F::ZERO)
    };
    Constants {
        full_rounds: parameters.full_rounds,
        partial_rounds: parameters.partial_rounds,
        added: parameters
            .ark
            .chunks(WIDTH)
            .map(|round| std::array::from_fn(|i| element(&round[i])))
            .collect(),
        matrix: std::array::from_fn(|i| std::array::from_fn(|j| element(&parameters.mds[i][j]))),
    }
});

impl Constants {
    /// How many elements go through the S-box, by round.
    fn rounds(&self) -> impl Iterator<Item = (usize, &[F; WIDTH])> {
        let partial = self.full_rounds / 2..self.full_rounds / 2 + self.partial_rounds;
        let boxes = move |round: usize| if partial.contains(&round) { 1 } else { WIDTH };
        self.added
            .iter()
            .enumerate()
            .map(move |(round, added)| (boxes(round), added))
    }
}

/// x², x⁴ and x⁵.
#[derive(Clone, Debug)]
struct Power([Column; 3]);

/// The columns of a block.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    on: Column,
    clock: Column,
    found: [[Column; WORDS]; WIDTH],
    powers: Vec<Power>,
    left: [[Column; WORDS]; WIDTH],
    /// Halves of p − 1 − what is left, and what the lower one borrows.
    margins: [[Column; 4]; WORDS * WIDTH],
    borrows: [Column; WIDTH],
}

/// The block and its columns.
pub(crate) fn shape() -> (Shape, Columns) {
    let constants = &*CONSTANTS;
    let mut builder = ShapeBuilder::new("poseidon");
    let block = &mut builder;
    let on = block.trace();
    let multiplicity = Linear::from(on);
    let clock = block.trace();
    let found: [[Column; WORDS]; WIDTH] = std::array::from_fn(|_| block.traces());
    let mut powers = Vec::new();
    let mut state = found.map(|words| joined(&words));
    for (boxes, added) in constants.rounds() {
        let entered: Vec<Linear> = (0..WIDTH)
            .map(|i| {
                let input = std::mem::take(&mut state[i]) + Linear::from(on) * added[i];
                if i < boxes {
                    let power = Power(block.traces());
                    let [square, fourth, fifth] = power.0;
                    block.enforce(input.clone(), input.clone(), square);
                    block.enforce(square, square, fourth);
                    block.enforce(fourth, input, fifth);
                    powers.push(power);
                    fifth.into()
                } else {
                    input
                }
            })
            .collect();
        state = constants.matrix.map(|row| {
            let terms = row.into_iter().zip(&entered);
            terms
                .fold(Linear::zero(), |sum, (factor, input)| {
                    sum + input.clone() * factor
                })
                .normalize()
        });
    }
    let c = Columns {
        on,
        clock,
        found,
        powers,
        left: std::array::from_fn(|_| block.traces()),
        margins: numbers(block, &multiplicity),
        borrows: block.traces(),
    };
    block.boolean(on);
    let largest = wide_words(-F::ONE);
    for (i, state) in state.into_iter().enumerate() {
        block.enforce(state - joined(&c.left[i]), 1, Linear::zero());
        block.boolean(c.borrows[i]);
        block.zero_if(one() - on, c.borrows[i]);
        let borrow = Linear::from(c.borrows[i]);
        for (half, borrowed) in [
            (0, borrow.clone() * power_of_two(128)),
            (2, Linear::zero() - borrow),
        ] {
            let most = F::from(largest[half]) + F::from(largest[half + 1]) * power_of_two(64);
            let value = Linear::from(c.left[i][half]) + Linear::from(c.left[i][half + 1]) * power_of_two(64);
            let margin = &c.margins[WORDS * i + half..];
            let margin = number(&margin[0]) + number(&margin[1]) * power_of_two(64);
            block.enforce(
                Linear::from(on) * most - value + borrowed - margin,
                1,
                Linear::zero(),
            );
        }
    }
    let number = Precompile::Poseidon.number();
    let left = c.left.into_iter().flatten();
    for (i, (found, left)) in (0..).zip(c.found.into_iter().flatten().zip(left)) {
        lane(block, c.clock, number, i, found, Linear::zero() - on);
        lane(block, c.clock, number, LEFT + i, left, multiplicity.clone());
    }
    (builder.finish(), c)
}

fn joined(words: &[Column; WORDS]) -> Linear {
    Linear::sum((0..).zip(words).map(|(i, &word)| (word, power_of_two(64 * i))))
}

/// The canonical form of an element, in little-endian words.
fn wide_words(value: F) -> [u64; WORDS] {
    let repr = value.to_repr();
    let (words, _) = repr.as_ref().as_chunks();
    std::array::from_fn(|i| words.get(i).map_or(0, |word| u64::from_le_bytes(*word)))
}

/// Permutes, and tells x, x² … of every S-box.
fn permute(mut state: [F; WIDTH], mut each: impl FnMut(F)) -> [F; WIDTH] {
    for (boxes, added) in CONSTANTS.rounds() {
        for i in 0..WIDTH {
            state[i] += added[i];
            if i < boxes {
                each(state[i]);
                state[i] *= state[i].square().square();
            }
        }
        state = CONSTANTS.matrix.map(|row| {
            row.into_iter()
                .zip(state)
                .map(|(factor, value)| factor * value)
                .sum()
        });
    }
    state
}

fn elements(words: &[u64; WORDS * WIDTH]) -> [F; WIDTH] {
    std::array::from_fn(|i| wide(std::array::from_fn(|k| words[WORDS * i + k])))
}

/// What a call does.
pub(super) fn apply(words: &mut [u64; WORDS * WIDTH]) {
    let state = permute(elements(words), |_| ());
    for (out, value) in words.chunks_mut(WORDS).zip(state) {
        out.copy_from_slice(&wide_words(value));
    }
}

impl Columns {
    /// Fills a block with `call`.
    pub(super) fn fill(&self, row: &mut Row<'_>, call: &Call, lookups: &Lookups) {
        let left = permute(elements(&found(call)), |_| ()).map(wide_words);
        self.fill_with(row, call, left, lookups);
    }

    /// The same with any words left, as a prover might try.
    pub(crate) fn fill_with(
        &self,
        row: &mut Row<'_>,
        call: &Call,
        left: [[u64; WORDS]; WIDTH],
        lookups: &Lookups,
    ) {
        let words: [u64; WORDS * WIDTH] = found(call);
        row.bit(self.on, true);
        row.number(self.clock, call.clock);
        for (&column, &word) in self.found.iter().flatten().zip(&words) {
            row.number(column, word);
        }
        let mut powers = self.powers.iter();
        permute(elements(&words), |x| {
            if let Some(Power([square, fourth, fifth])) = powers.next() {
                row.put(*square, x.square());
                row.put(*fourth, x.square().square());
                row.put(*fifth, x.square().square() * x);
            }
        });
        let half = |words: &[u64]| u128::from(words[0]) | u128::from(words[1]) << 64;
        let largest = wide_words(-F::ONE);
        for (i, words) in left.into_iter().enumerate() {
            for (&column, word) in self.left[i].iter().zip(words) {
                row.number(column, word);
            }
            let borrow = half(&words) > half(&largest);
            row.bit(self.borrows[i], borrow);
            let lower = half(&largest).wrapping_sub(half(&words));
            let upper = half(&largest[2..])
                .wrapping_sub(half(&words[2..]))
                .wrapping_sub(borrow.into());
            for (k, part) in [
                lower as u64,
                (lower >> 64) as u64,
                upper as u64,
                (upper >> 64) as u64,
            ]
            .into_iter()
            .enumerate()
            {
                fill_number(row, &self.margins[WORDS * i + k], part, lookups);
            }
        }
    }
}
