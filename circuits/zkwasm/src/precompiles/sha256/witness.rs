//! Fills the columns of a quarter.

use weft_folding::{F, shape::Column};

use super::{
    Bits, Columns, QUARTERS, ROUNDS, Round, Sum, Triple,
    native::{Native, SCHEDULE_0, SCHEDULE_1, SUM_0, SUM_1, next_word, parsed, rotations},
};
use crate::{
    precompiles::{Call, found},
    witness::{Lookups, Row},
};

impl Triple {
    fn fill(&self, row: &mut Row<'_>, wanted: u32, other: u32, lookups: &Lookups) {
        self.wanted.fill(row, wanted.into(), lookups);
        self.other.fill(row, other.into(), lookups);
    }
}

impl<const CARRY: usize> Sum<CARRY> {
    fn fill(&self, row: &mut Row<'_>, sum: u64) -> u32 {
        for (j, &bit) in self.bits.iter().chain(&self.carry).enumerate() {
            row.bit(bit, sum >> j & 1 == 1);
        }
        sum as u32
    }
}

impl Columns {
    /// Fills a block with quarter `quarter` of `call`.
    pub(in crate::precompiles) fn fill(
        &self,
        row: &mut Row<'_>,
        call: &Call,
        quarter: usize,
        lookups: &Lookups,
    ) {
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
