//! The SHA256 shape: 16 of the 64 rounds of SHA-256's compression (FIPS 180-4, section 6.2), a *quarter*.
//!
//! Registers and message words are bits; sums of three rotated words are taken apart in their spread form.

mod native;
mod witness;

use weft_folding::{
    F, power_of_two,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use super::{
    LEFT, Precompile, lane,
    spread::{Digits, Pairs, digit},
};
use crate::bus::tag;
pub(super) use native::apply;
use native::{CONSTANTS, SCHEDULE_0, SCHEDULE_1, SUM_0, SUM_1, Turn};

/// Blocks of a call.
pub(super) const QUARTERS: usize = 4;
/// Rounds of a block.
const ROUNDS: usize = 16;
/// Slots that a quarter's words are numbered from: four pairs of registers, eight of message words, four of the state at the start.
const SLOTS: u64 = 32;

/// The bits of a word, the lowest first.
type Bits = [Column; 32];

/// The sum of three words, bit by bit: its parity and half of the rest. One of them is known as a number too.
#[derive(Clone, Debug)]
struct Triple {
    wanted: Pairs,
    other: Digits,
}

/// A word and what the sum that it comes from carries.
#[derive(Clone, Debug)]
struct Sum<const CARRY: usize> {
    bits: Bits,
    carry: [Column; CARRY],
}

/// The columns of a round.
#[derive(Clone, Debug)]
struct Round {
    sum_0: Triple,
    sum_1: Triple,
    majority: Triple,
    /// e·(f − g), bit by bit.
    chosen: Bits,
    /// What is added to d and, with Σ0 and Maj, becomes a.
    first: Column,
    e: Sum<3>,
    a: Sum<3>,
}

/// The columns that make a message word from earlier ones.
#[derive(Clone, Debug)]
struct Schedule {
    small_0: Triple,
    small_1: Triple,
    word: Sum<2>,
}

/// The columns of a block.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    clock: Column,
    quarters: [Column; QUARTERS],
    registers: [Bits; 8],
    message: [Bits; 16],
    /// What the order of bytes changes in a pair of message words; only in the first quarter.
    swaps: [Column; 8],
    /// The state at the start, in 16-bit limbs.
    start: [[Column; 2]; 8],
    rounds: Vec<Round>,
    schedule: Vec<Schedule>,
    /// The state at the end, in 16-bit limbs, and what it carries.
    end: [[Column; 2]; 8],
    end_carry: [Column; 8],
    /// What adding the start changes in a pair of registers; only in the last quarter.
    ends: [Column; 4],
}

fn dense(bits: &Bits) -> Linear {
    Linear::sum((0..).zip(bits).map(|(j, &bit)| (bit, power_of_two(j))))
}

fn limbs([low, high]: &[Column; 2]) -> Linear {
    Linear::from(*low) + Linear::from(*high) * power_of_two(16)
}

fn pair(low: Linear, high: Linear) -> Linear {
    low + high * power_of_two(32)
}

/// A pair of words as memory has it, if they were read as big-endian ones.
fn swapped(low: &Bits, high: &Bits) -> Linear {
    let word = |bits: &Bits| {
        Linear::sum((0..32).map(|j| (bits[j], power_of_two(8 * (3 - j as u64 / 8) + j as u64 % 8))))
    };
    pair(word(low), word(high))
}

fn turned(bits: &Bits, turns: [Turn; 3]) -> Linear {
    let one = |(by, shift): Turn| {
        let from = move |j: usize| (j + by < 32 || !shift).then_some((j + by) % 32);
        Linear::sum((0..32).filter_map(move |j| Some((bits[from(j)?], digit(j)))))
    };
    turns
        .into_iter()
        .fold(Linear::zero(), |sum, turn| sum + one(turn))
}

fn equal(block: &mut ShapeBuilder, left: Linear, right: Linear) {
    block.enforce(left - right, 1, Linear::zero());
}

fn bits(block: &mut ShapeBuilder) -> Bits {
    let bits: Bits = block.traces();
    bits.into_iter().for_each(|bit| block.boolean(bit));
    bits
}

impl Triple {
    /// Takes `sum` apart. `parity`: that is what is wanted; otherwise the majority.
    fn new(block: &mut ShapeBuilder, sum: Linear, parity: bool, on: &Linear) -> Self {
        let triple = Self {
            wanted: Pairs::new(block, 2, on),
            other: Digits::new(block, 32, 32, on),
        };
        let (wanted, other) = (triple.wanted.spread(), triple.other.value());
        let (ones, twos) = if parity { (wanted, other) } else { (other, wanted) };
        equal(block, sum, ones + twos * 2.into());
        triple
    }
}

impl<const CARRY: usize> Sum<CARRY> {
    fn new(block: &mut ShapeBuilder, sum: Linear) -> Self {
        let out = Self {
            bits: bits(block),
            carry: block.traces(),
        };
        out.carry.into_iter().for_each(|bit| block.boolean(bit));
        let carried = (32..).zip(out.carry).map(|(j, bit)| (bit, power_of_two(j)));
        equal(block, sum, dense(&out.bits) + Linear::sum(carried));
        out
    }
}

/// The block and its columns.
pub(crate) fn shape() -> (Shape, Columns) {
    let mut builder = ShapeBuilder::new("sha256");
    let block = &mut builder;
    let clock = block.trace();
    let quarters: [Column; QUARTERS] = block.traces();
    quarters.into_iter().for_each(|quarter| block.boolean(quarter));
    let on = Linear::sum(quarters.map(|quarter| (quarter, F::from(1))));
    block.zero_if(on.clone(), on.clone() - 1);
    let registers: [Bits; 8] = std::array::from_fn(|_| bits(block));
    let message: [Bits; 16] = std::array::from_fn(|_| bits(block));

    let mut state = registers;
    let rounds: Vec<Round> = (0..ROUNDS)
        .map(|t| {
            let constants = quarters.iter().enumerate();
            let constant = Linear::sum(
                constants.map(|(q, &quarter)| (quarter, u64::from(CONSTANTS[ROUNDS * q + t]).into())),
            );
            round(block, &mut state, dense(&message[t]) + constant, &on)
        })
        .collect();
    let mut words = message.to_vec();
    let schedule: Vec<Schedule> = (0..ROUNDS)
        .map(|t| {
            let small_0 = Triple::new(block, turned(&words[t + 1], SCHEDULE_0), true, &on);
            let small_1 = Triple::new(block, turned(&words[t + 14], SCHEDULE_1), true, &on);
            let sum =
                dense(&words[t]) + dense(&words[t + 9]) + small_0.wanted.value() + small_1.wanted.value();
            let word = Sum::new(block, sum);
            words.push(word.bits);
            Schedule {
                small_0,
                small_1,
                word,
            }
        })
        .collect();

    let c = Columns {
        clock,
        quarters,
        registers,
        message,
        swaps: block.traces(),
        start: std::array::from_fn(|_| block.traces()),
        rounds,
        schedule,
        end: std::array::from_fn(|_| block.traces()),
        end_carry: block.traces(),
        ends: block.traces(),
    };
    for limb in c.start.iter().chain(&c.end).flatten() {
        block.entry(tag::RANGE, &[(0, (*limb).into())], on.clone());
    }
    for (i, &carry) in c.end_carry.iter().enumerate() {
        block.boolean(carry);
        let sum = limbs(&c.start[i]) + dense(&state[i]);
        equal(
            block,
            sum,
            limbs(&c.end[i]) + Linear::from(carry) * power_of_two(32),
        );
    }
    c.lanes(block, &on, &state, &words);
    (builder.finish(), c)
}

fn round(block: &mut ShapeBuilder, state: &mut [Bits; 8], more: Linear, on: &Linear) -> Round {
    let [a, b, c, d, e, f, g, h] = *state;
    let sum_1 = Triple::new(block, turned(&e, SUM_1), true, on);
    let sum_0 = Triple::new(block, turned(&a, SUM_0), true, on);
    let votes = [a, b, c].iter().fold(Linear::zero(), |sum, bits| {
        sum + Linear::sum((0..32).map(|j| (bits[j], digit(j))))
    });
    let majority = Triple::new(block, votes, false, on);
    let chosen: Bits = block.traces();
    for j in 0..32 {
        block.enforce(e[j], Linear::from(f[j]) - g[j], chosen[j]);
    }
    let first = block.trace();
    equal(
        block,
        dense(&h) + sum_1.wanted.value() + dense(&g) + dense(&chosen) + more,
        first.into(),
    );
    let new_e = Sum::new(block, dense(&d) + first);
    let new_a = Sum::new(
        block,
        Linear::from(first) + sum_0.wanted.value() + majority.wanted.value(),
    );
    *state = [new_a.bits, a, b, c, new_e.bits, e, f, g];
    Round {
        sum_0,
        sum_1,
        majority,
        chosen,
        first,
        e: new_e,
        a: new_a,
    }
}

impl Columns {
    /// What a quarter takes and leaves.
    fn lanes(&self, block: &mut ShapeBuilder, on: &Linear, state: &[Bits; 8], words: &[Bits]) {
        let [first, .., last] = self.quarters;
        let number = Precompile::Sha256.number();
        let by_quarter = |slot: &dyn Fn(u64) -> u64| {
            Linear::sum(
                (0..)
                    .zip(self.quarters)
                    .map(|(q, column)| (column, slot(q).into())),
            )
        };
        let here = by_quarter(&|q| SLOTS * q);
        let next = by_quarter(&|q| {
            if q + 1 < QUARTERS as u64 {
                SLOTS * (q + 1)
            } else {
                LEFT
            }
        });
        let off = |multiplicity: Linear| Linear::zero() - multiplicity;
        let mut put = |slot: Linear, value: Linear, multiplicity: Linear| {
            lane(block, self.clock, number, slot, value, multiplicity);
        };
        let start = |i: usize| pair(limbs(&self.start[2 * i]), limbs(&self.start[2 * i + 1]));
        let end = |i: usize| pair(limbs(&self.end[2 * i]), limbs(&self.end[2 * i + 1]));
        let found = |i: usize| pair(dense(&self.registers[2 * i]), dense(&self.registers[2 * i + 1]));
        let left = |i: usize| pair(dense(&state[2 * i]), dense(&state[2 * i + 1]));
        let native = |words: &[Bits], i: usize| pair(dense(&words[2 * i]), dense(&words[2 * i + 1]));
        for i in 0..4 {
            let at = i as u64;
            put(here.clone() + at, found(i), off(on.clone()));
            put(next.clone() + at, left(i) + self.ends[i], on.clone());
            put(here.clone() + (12 + at), start(i), off(on.clone() - first));
            put(next.clone() + (12 + at), start(i), on.clone() - last);
        }
        for i in 0..8 {
            let at = 4 + i as u64;
            let value = native(&self.message, i) + self.swaps[i];
            put(here.clone() + at, value.clone(), off(on.clone()));
            put((LEFT + at).into(), value, first.into());
            put(next.clone() + at, native(&words[16..], i), on.clone() - last);
        }
        for i in 0..4 {
            block.zero_if(first, start(i) - found(i));
            block.enforce(last, end(i) - left(i), self.ends[i]);
        }
        for (i, words) in self.message.chunks(2).enumerate() {
            let change = swapped(&words[0], &words[1]) - native(&self.message, i);
            block.enforce(first, change, self.swaps[i]);
        }
    }
}
