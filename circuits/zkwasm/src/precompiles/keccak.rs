//! The KECCAK shape: one round of Keccak-f[1600] (FIPS 202, section 3) on spread lanes.

use weft_folding::shape::{Column, Linear, Shape, ShapeBuilder};

use super::{
    Call, LEFT, Precompile, found, lane,
    spread::{Digits, digit, spread_word},
};
use crate::witness::{Lookups, Row};

/// Rounds of the permutation.
pub(super) const ROUNDS: usize = 24;
/// Slots that a round's lanes are numbered from.
const SLOTS: u64 = 32;
const _: () = assert!(SLOTS * ROUNDS as u64 == LEFT);

/// How far ρ rotates lane 5y + x.
const ROTATIONS: [usize; 25] = [
    0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
];

/// What ι adds in each round.
const CONSTANTS: [u64; ROUNDS] = [
    0x0000_0000_0000_0001,
    0x0000_0000_0000_8082,
    0x8000_0000_0000_808a,
    0x8000_0000_8000_8000,
    0x0000_0000_0000_808b,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8009,
    0x0000_0000_0000_008a,
    0x0000_0000_0000_0088,
    0x0000_0000_8000_8009,
    0x0000_0000_8000_000a,
    0x0000_0000_8000_808b,
    0x8000_0000_0000_008b,
    0x8000_0000_0000_8089,
    0x8000_0000_0000_8003,
    0x8000_0000_0000_8002,
    0x8000_0000_0000_0080,
    0x0000_0000_0000_800a,
    0x8000_0000_8000_000a,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8080,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8008,
];

/// Where π puts lane 5y + x.
fn permuted(lane: usize) -> usize {
    let (x, y) = (lane % 5, lane / 5);
    5 * ((2 * x + 3 * y) % 5) + y
}

/// The columns of a block.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    clock: Column,
    rounds: [Column; ROUNDS],
    lanes: [Column; 25],
    /// Parity of a column of the state, and what its sum has besides: 2·K + 4·G.
    parities: Vec<[Digits; 3]>,
    /// A lane after θ, and half of what the sum has besides.
    theta: Vec<[Digits; 2]>,
    /// The digits of a sum of χ: its bits 0, 1 and 2; bit 1 is the lane.
    chi: Vec<[Digits; 3]>,
}

/// The block and its columns.
pub(crate) fn shape() -> (Shape, Columns) {
    let mut builder = ShapeBuilder::new("keccak");
    let block = &mut builder;
    let rounds: [Column; ROUNDS] = block.traces();
    let on = Linear::sum(rounds.map(|column| (column, digit(0))));
    let digits = |block: &mut ShapeBuilder, split: usize| Digits::new(block, 64, split, &on);
    let c = Columns {
        clock: block.trace(),
        rounds,
        lanes: block.traces(),
        parities: (0..5)
            .map(|_| [digits(block, 63), digits(block, 64), digits(block, 64)])
            .collect(),
        theta: ROTATIONS
            .map(|by| [digits(block, 64 - by), digits(block, 64)])
            .to_vec(),
        chi: (0..25)
            .map(|_| [digits(block, 64), digits(block, 64), digits(block, 64)])
            .collect(),
    };
    rounds.into_iter().for_each(|column| block.boolean(column));
    block.zero_if(on.clone(), on.clone() - 1);
    let round = Linear::sum((0..).zip(rounds).map(|(i, column)| (column, i.into())));
    let number = Precompile::Keccak.number();
    for (i, lane_before) in (0..).zip(c.lanes) {
        let slot = round.clone() * SLOTS.into() + i;
        lane(
            block,
            c.clock,
            number,
            slot,
            lane_before,
            Linear::zero() - on.clone(),
        );
    }

    for (x, [parity, twos, fours]) in c.parities.iter().enumerate() {
        let sum = Linear::sum((0..5).map(|y| (c.lanes[5 * y + x], digit(0))));
        equal(
            block,
            sum,
            parity.value() + twos.value() * 2.into() + fours.value() * 4.into(),
        );
    }
    for (lane, [parity, twos]) in c.theta.iter().enumerate() {
        let (left, right) = (
            &c.parities[(lane % 5 + 4) % 5][0],
            &c.parities[(lane % 5 + 1) % 5][0],
        );
        let sum = left.value() + right.rotated(64) + c.lanes[lane];
        equal(block, sum, parity.value() + twos.value() * 2.into());
    }
    let mut rotated: Vec<Linear> = vec![Linear::zero(); 25];
    for (lane, [parity, _]) in c.theta.iter().enumerate() {
        rotated[permuted(lane)] = parity.rotated(64);
    }
    let ones = on.clone() * spread_word(u64::MAX);
    let constant = Linear::sum(
        (0..)
            .zip(rounds)
            .map(|(i, column): (usize, _)| (column, spread_word(CONSTANTS[i]))),
    );
    for (lane_index, [low, result, high]) in c.chi.iter().enumerate() {
        let (x, y) = (lane_index % 5, lane_index / 5);
        let next = |by: usize| rotated[5 * y + (x + by) % 5].clone();
        let mut sum = next(0) * 2.into() + next(2) - next(1) + ones.clone();
        if lane_index == 0 {
            sum = sum + constant.clone() * 2.into();
        }
        equal(
            block,
            sum,
            low.value() + result.value() * 2.into() + high.value() * 4.into(),
        );
        let slot = (round.clone() + on.clone()) * SLOTS.into() + lane_index as u64;
        lane(block, c.clock, number, slot, result.value(), on.clone());
    }
    (builder.finish(), c)
}

fn equal(block: &mut ShapeBuilder, left: Linear, right: Linear) {
    block.enforce(left - right, 1, Linear::zero());
}

fn majority(a: u64, b: u64, c: u64) -> u64 {
    a & b | a & c | b & c
}

/// What a round computes, as columns hold it.
struct Round {
    parities: [[u64; 3]; 5],
    theta: [[u64; 2]; 25],
    chi: [[u64; 3]; 25],
}

impl Round {
    fn new(lanes: &[u64; 25], round: usize) -> Self {
        let parities = std::array::from_fn(|x| {
            let [a, b, c, d, e] = [0, 1, 2, 3, 4].map(|y| lanes[5 * y + x]);
            let (three, carry) = (a ^ b ^ c, majority(a, b, c));
            let other = majority(three, d, e);
            [three ^ d ^ e, carry ^ other, carry & other]
        });
        let theta: [[u64; 2]; 25] = std::array::from_fn(|lane| {
            let (left, right) = (parities[(lane % 5 + 4) % 5][0], parities[(lane % 5 + 1) % 5][0]);
            let right = right.rotate_left(1);
            [lanes[lane] ^ left ^ right, majority(lanes[lane], left, right)]
        });
        let mut rotated = [0; 25];
        for lane in 0..25 {
            rotated[permuted(lane)] = theta[lane][0].rotate_left(ROTATIONS[lane] as u32);
        }
        let chi = std::array::from_fn(|lane| {
            let (x, y) = (lane % 5, lane / 5);
            let [own, next, after] = [0, 1, 2].map(|by| rotated[5 * y + (x + by) % 5]);
            let constant = if lane == 0 { CONSTANTS[round] } else { 0 };
            let chosen = after & !next;
            [
                !(next ^ after),
                own ^ chosen ^ constant,
                majority(own, chosen, constant),
            ]
        });
        Self { parities, theta, chi }
    }

    fn lanes(&self) -> [u64; 25] {
        self.chi.map(|[_, lane, _]| lane)
    }
}

impl Columns {
    /// Fills a block with round `round` of `call`.
    pub(super) fn fill(&self, row: &mut Row<'_>, call: &Call, round: usize, lookups: &Lookups) {
        let before: [u64; 25] = found(call);
        let lanes = (0..round).fold(before, |lanes, round| Round::new(&lanes, round).lanes());
        let values = Round::new(&lanes, round);
        row.number(self.clock, call.clock);
        row.bit(self.rounds[round], true);
        for (&column, &lane) in self.lanes.iter().zip(&lanes) {
            row.put(column, spread_word(lane));
        }
        let parities = self
            .parities
            .iter()
            .flatten()
            .zip(values.parities.iter().flatten());
        let theta = self.theta.iter().flatten().zip(values.theta.iter().flatten());
        let chi = self.chi.iter().flatten().zip(values.chi.iter().flatten());
        for (digits, &word) in parities.chain(theta).chain(chi) {
            digits.fill(row, word, lookups);
        }
    }
}
