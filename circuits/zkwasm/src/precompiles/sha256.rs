//! The SHA256 shape: 16 of the 64 rounds of SHA-256's compression (FIPS 180-4, section 6.2), a *quarter*.
//!
//! Registers and message words are bits; sums of three rotated words are taken apart in their spread form.

use weft_folding::{
    F, power_of_two,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use super::{
    Call, LEFT, Precompile, found, lane,
    spread::{Digits, Pairs, digit},
};
use crate::{
    bus::tag,
    witness::{Lookups, Row},
};

/// Blocks of a call.
pub(super) const QUARTERS: usize = 4;
/// Rounds of a block.
const ROUNDS: usize = 16;
/// Slots that a quarter's words are numbered from: four pairs of registers, eight of message words, four of the state at the start.
const SLOTS: u64 = 32;

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
const CONSTANTS: [u32; 64] = [
    0x428a_2f98,
    0x7137_4491,
    0xb5c0_fbcf,
    0xe9b5_dba5,
    0x3956_c25b,
    0x59f1_11f1,
    0x923f_82a4,
    0xab1c_5ed5,
    0xd807_aa98,
    0x1283_5b01,
    0x2431_85be,
    0x550c_7dc3,
    0x72be_5d74,
    0x80de_b1fe,
    0x9bdc_06a7,
    0xc19b_f174,
    0xe49b_69c1,
    0xefbe_4786,
    0x0fc1_9dc6,
    0x240c_a1cc,
    0x2de9_2c6f,
    0x4a74_84aa,
    0x5cb0_a9dc,
    0x76f9_88da,
    0x983e_5152,
    0xa831_c66d,
    0xb003_27c8,
    0xbf59_7fc7,
    0xc6e0_0bf3,
    0xd5a7_9147,
    0x06ca_6351,
    0x1429_2967,
    0x27b7_0a85,
    0x2e1b_2138,
    0x4d2c_6dfc,
    0x5338_0d13,
    0x650a_7354,
    0x766a_0abb,
    0x81c2_c92e,
    0x9272_2c85,
    0xa2bf_e8a1,
    0xa81a_664b,
    0xc24b_8b70,
    0xc76c_51a3,
    0xd192_e819,
    0xd699_0624,
    0xf40e_3585,
    0x106a_a070,
    0x19a4_c116,
    0x1e37_6c08,
    0x2748_774c,
    0x34b0_bcb5,
    0x391c_0cb3,
    0x4ed8_aa4a,
    0x5b9c_ca4f,
    0x682e_6ff3,
    0x748f_82ee,
    0x78a5_636f,
    0x84c8_7814,
    0x8cc7_0208,
    0x90be_fffa,
    0xa450_6ceb,
    0xbef9_a3f7,
    0xc671_78f2,
];

/// The bits of a word, the lowest first.
type Bits = [Column; 32];

/// A rotation to the right, or if the last is true, a shift.
type Turn = (usize, bool);
const SUM_0: [Turn; 3] = [(2, false), (13, false), (22, false)];
const SUM_1: [Turn; 3] = [(6, false), (11, false), (25, false)];
const SCHEDULE_0: [Turn; 3] = [(7, false), (18, false), (3, true)];
const SCHEDULE_1: [Turn; 3] = [(17, false), (19, false), (10, true)];

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

    fn fill(&self, row: &mut Row<'_>, wanted: u32, other: u32, lookups: &Lookups) {
        self.wanted.fill(row, wanted.into(), lookups);
        self.other.fill(row, other.into(), lookups);
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

    fn fill(&self, row: &mut Row<'_>, sum: u64) -> u32 {
        for (j, &bit) in self.bits.iter().chain(&self.carry).enumerate() {
            row.bit(bit, sum >> j & 1 == 1);
        }
        sum as u32
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

    /// Fills a block with quarter `quarter` of `call`.
    pub(super) fn fill(&self, row: &mut Row<'_>, call: &Call, quarter: usize, lookups: &Lookups) {
        let memory: [u64; 12] = found(call);
        let (start, mut words) = parsed(&memory);
        let mut state = start;
        for t in 0..ROUNDS * quarter {
            words.push(next_word(&words));
            state = Native::round(&state, words[t], t).state;
        }
        row.number(self.clock, call.clock);
        row.bit(self.quarters[quarter], true);
        let put_bits = |row: &mut Row<'_>, columns: &Bits, word: u32| {
            for (j, &bit) in columns.iter().enumerate() {
                row.bit(bit, word >> j & 1 == 1);
            }
        };
        for (columns, &word) in self.registers.iter().zip(&state) {
            put_bits(row, columns, word);
        }
        let at = ROUNDS * quarter;
        for (columns, &word) in self.message.iter().zip(&words[at..]) {
            put_bits(row, columns, word);
        }
        if quarter == 0 {
            for (i, &column) in self.swaps.iter().enumerate() {
                let native = u64::from(words[2 * i]) | u64::from(words[2 * i + 1]) << 32;
                row.put(column, F::from(memory[4 + i]) - F::from(native));
            }
        }
        for (t, columns) in self.rounds.iter().enumerate() {
            let native = Native::round(&state, words[at + t], at + t);
            columns.fill(row, &state, &native, lookups);
            state = native.state;
        }
        for (t, columns) in self.schedule.iter().enumerate() {
            let (early, late) = (words[at + t + 1], words[at + t + 14]);
            let fill = |row: &mut Row<'_>, triple: &Triple, word: u32, turns| {
                let [a, b, c] = rotations(word, turns);
                triple.fill(row, a ^ b ^ c, a & b | a & c | b & c, lookups);
                a ^ b ^ c
            };
            let small_0 = fill(row, &columns.small_0, early, SCHEDULE_0);
            let small_1 = fill(row, &columns.small_1, late, SCHEDULE_1);
            let sum = [words[at + t], words[at + t + 9], small_0, small_1];
            let word = columns.word.fill(row, sum.map(u64::from).iter().sum());
            words.push(word);
        }
        let put_limbs = |row: &mut Row<'_>, columns: &[Column; 2], word: u32| {
            for (&column, limb) in columns.iter().zip([word & 0xffff, word >> 16]) {
                row.number(column, limb.into());
                lookups.range(limb.into());
            }
        };
        let ends: [u32; 8] = std::array::from_fn(|i| start[i].wrapping_add(state[i]));
        for i in 0..8 {
            put_limbs(row, &self.start[i], start[i]);
            put_limbs(row, &self.end[i], ends[i]);
            row.bit(self.end_carry[i], start[i].checked_add(state[i]).is_none());
        }
        if quarter == QUARTERS - 1 {
            let join = |words: &[u32; 8], i: usize| {
                F::from(u64::from(words[2 * i]) | u64::from(words[2 * i + 1]) << 32)
            };
            for (i, &column) in self.ends.iter().enumerate() {
                row.put(column, join(&ends, i) - join(&state, i));
            }
        }
    }
}

/// The state and the message's words.
fn parsed(memory: &[u64; 12]) -> ([u32; 8], Vec<u32>) {
    let halves: Vec<u32> = memory
        .iter()
        .flat_map(|word| [*word as u32, (word >> 32) as u32])
        .collect();
    let (state, message) = halves.split_at(8);
    (
        std::array::from_fn(|i| state[i]),
        message.iter().map(|word| word.swap_bytes()).collect(),
    )
}

/// What a call does.
pub(super) fn apply(memory: &mut [u64; 12]) {
    let (mut state, _) = parsed(memory);
    let message: Vec<u8> = memory[4..].iter().flat_map(|word| word.to_le_bytes()).collect();
    sha2::compress256(
        &mut state,
        &[*sha2::digest::generic_array::GenericArray::from_slice(&message)],
    );
    for (word, halves) in memory.iter_mut().zip(state.chunks(2)) {
        *word = u64::from(halves[0]) | u64::from(halves[1]) << 32;
    }
}

fn rotations(word: u32, turns: [Turn; 3]) -> [u32; 3] {
    turns.map(|(by, shift)| {
        if shift {
            word >> by
        } else {
            word.rotate_right(by as u32)
        }
    })
}

fn next_word(words: &[u32]) -> u32 {
    let last = &words[words.len() - 16..];
    let small = |word, turns| rotations(word, turns).into_iter().fold(0, |sum, part| sum ^ part);
    last[0]
        .wrapping_add(small(last[1], SCHEDULE_0))
        .wrapping_add(last[9])
        .wrapping_add(small(last[14], SCHEDULE_1))
}

/// A round, natively.
struct Native {
    first: u64,
    chosen: u32,
    e: u64,
    a: u64,
    state: [u32; 8],
}

impl Native {
    fn round(state: &[u32; 8], word: u32, t: usize) -> Self {
        let [a, b, c, d, e, f, g, h] = *state;
        let parity = |parts: [u32; 3]| parts[0] ^ parts[1] ^ parts[2];
        let choice = e & f | !e & g;
        let first = [h, parity(rotations(e, SUM_1)), choice, CONSTANTS[t], word]
            .map(u64::from)
            .iter()
            .sum();
        let second = [parity(rotations(a, SUM_0)), a & b | a & c | b & c].map(u64::from);
        let new_e = u64::from(d) + first;
        let new_a = first + second[0] + second[1];
        Self {
            first,
            chosen: choice,
            e: new_e,
            a: new_a,
            state: [new_a as u32, a, b, c, new_e as u32, e, f, g],
        }
    }
}

impl Round {
    fn fill(&self, row: &mut Row<'_>, state: &[u32; 8], native: &Native, lookups: &Lookups) {
        let [a, b, c, _, e, _, g, _] = *state;
        let majority = |[a, b, c]: [u32; 3]| a & b | a & c | b & c;
        let parity = |[a, b, c]: [u32; 3]| a ^ b ^ c;
        for (triple, parts) in [
            (&self.sum_0, rotations(a, SUM_0)),
            (&self.sum_1, rotations(e, SUM_1)),
        ] {
            triple.fill(row, parity(parts), majority(parts), lookups);
        }
        let votes = [a, b, c];
        self.majority.fill(row, majority(votes), parity(votes), lookups);
        for (j, &column) in self.chosen.iter().enumerate() {
            let difference = i128::from(native.chosen >> j & 1) - i128::from(g >> j & 1);
            row.put(column, crate::witness::signed(difference));
        }
        row.number(self.first, native.first);
        self.e.fill(row, native.e);
        self.a.fill(row, native.a);
    }
}
