//! Spread numbers: bit j of a word at 8^j, so that up to seven of them add without a carry between digits.
//!
//! A limb is 16 digits, 48 bits. The SPREAD shape is the table of all limbs.

use weft_folding::{
    F, power_of_two,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use crate::{
    bus::tag,
    witness::{Lookups, Row, wide},
};

/// Digits of a limb.
const LIMB: usize = 16;
/// How far the number itself is shifted in a pair.
const PAIR_SHIFT: u64 = 3 * LIMB as u64;
/// Binary logarithm of the number of rows of the table.
pub(crate) const SPREAD_LOG: usize = LIMB;

/// 8^digit.
pub(super) fn digit(position: usize) -> F {
    power_of_two(3 * position as u64)
}

/// The spread form of 16 bits.
pub(crate) fn spread(bits: u64) -> u64 {
    (0..LIMB).map(|j| (bits >> j & 1) << (3 * j)).sum()
}

/// The spread form of 64 bits.
pub(super) fn spread_word(word: u64) -> F {
    let [a, b, c, d] = [0, 16, 32, 48].map(|shift| spread(word >> shift & 0xffff));
    wide([a | b << 48, b >> 16 | c << 32, c >> 32 | d << 16, 0])
}

/// A spread number in limbs, each of which is checked to be the spread form of as many bits as it has digits.
#[derive(Clone, Debug)]
pub(super) struct Digits {
    /// Column, first digit, number of digits.
    limbs: Vec<(Column, usize, usize)>,
    /// Where rotations split the number.
    split: usize,
}

impl Digits {
    /// A number of `length` digits, cut at digit `split` so that it can be rotated there. `multiplicity` is 0 or 1.
    ///
    /// A limb shorter than 16 digits that others follow is looked up a second time, shifted to the top. What the last limb
    /// may have beyond `length` whoever adds numbers up excludes, because sums have no more digits.
    pub(super) fn new(block: &mut ShapeBuilder, length: usize, split: usize, multiplicity: &Linear) -> Self {
        let starts = (0..split).step_by(LIMB).chain((split..length).step_by(LIMB));
        let mut limbs: Vec<_> = starts.map(|start| (block.trace(), start, 0)).collect();
        let mut end = length;
        for (column, start, digits) in limbs.iter_mut().rev() {
            *digits = end - *start;
            check(block, *column, multiplicity);
            if *digits < LIMB && end != length {
                check(block, Linear::from(*column) * digit(LIMB - *digits), multiplicity);
            }
            end = *start;
        }
        Self { limbs, split }
    }

    /// The number.
    pub(super) fn value(&self) -> Linear {
        self.shifted(digit)
    }

    /// The number rotated so that digit `split` becomes digit 0; `length` digits.
    pub(super) fn rotated(&self, length: usize) -> Linear {
        self.shifted(|start| digit((start + length - self.split) % length))
    }

    fn shifted(&self, weight: impl Fn(usize) -> F) -> Linear {
        Linear::sum(
            self.limbs
                .iter()
                .map(|&(column, start, _)| (column, weight(start))),
        )
    }

    /// Fills the limbs with the spread form of `word`.
    pub(super) fn fill(&self, row: &mut Row<'_>, word: u64, lookups: &Lookups) {
        let length = self.limbs.last().map_or(0, |&(_, start, digits)| start + digits);
        for &(column, start, digits) in &self.limbs {
            let bits = word >> start & ((1 << digits) - 1);
            row.number(column, spread(bits));
            lookups.spread(bits);
            if digits < LIMB && start + digits != length {
                lookups.spread(bits << (LIMB - digits));
            }
        }
    }
}

/// A number that is known as it is and spread: 16 bits a limb.
#[derive(Clone, Debug)]
pub(super) struct Pairs {
    dense: Vec<Column>,
    spread: Vec<Column>,
}

impl Pairs {
    /// A number of `limbs` limbs, all checked.
    pub(super) fn new(block: &mut ShapeBuilder, limbs: usize, multiplicity: &Linear) -> Self {
        let pairs = Self {
            dense: (0..limbs).map(|_| block.trace()).collect(),
            spread: (0..limbs).map(|_| block.trace()).collect(),
        };
        for (&dense, &spread) in pairs.dense.iter().zip(&pairs.spread) {
            block.entry(tag::RANGE, &[(0, dense.into())], multiplicity.clone());
            check(block, spread, multiplicity);
            let pair = Linear::from(spread) + Linear::from(dense) * power_of_two(PAIR_SHIFT);
            block.entry(tag::PAIR, &[(0, pair)], multiplicity.clone());
        }
        pairs
    }

    /// The number.
    pub(super) fn value(&self) -> Linear {
        Self::join(&self.dense, |limb| power_of_two(16 * limb as u64))
    }

    /// Its spread form.
    pub(super) fn spread(&self) -> Linear {
        Self::join(&self.spread, |limb| digit(LIMB * limb))
    }

    fn join(columns: &[Column], weight: impl Fn(usize) -> F) -> Linear {
        Linear::sum(
            columns
                .iter()
                .enumerate()
                .map(|(limb, &column)| (column, weight(limb))),
        )
    }

    /// Fills the limbs.
    pub(super) fn fill(&self, row: &mut Row<'_>, value: u64, lookups: &Lookups) {
        for (limb, (&dense, &spreaded)) in self.dense.iter().zip(&self.spread).enumerate() {
            let bits = value >> (16 * limb) & 0xffff;
            row.number(dense, bits);
            row.number(spreaded, spread(bits));
            lookups.range(bits);
            lookups.spread(bits);
            lookups.pair(bits);
        }
    }
}

/// `value` is a limb, if `multiplicity` is not 0.
fn check(block: &mut ShapeBuilder, value: impl Into<Linear>, multiplicity: &Linear) {
    block.entry(tag::SPREAD, &[(0, value.into())], multiplicity.clone());
}

/// Row i of the table: the spread form of i, and both forms of i in one number. With the columns that say how often each is
/// looked up.
pub(crate) fn spread_shape() -> (Shape, [Column; 2]) {
    let mut block = ShapeBuilder::new("spread");
    let [form, pair] = [block.fixed(), block.fixed()];
    let [forms, pairs] = block.traces();
    block.entry(tag::SPREAD, &[(0, form.into())], Linear::zero() - forms);
    block.entry(tag::PAIR, &[(0, pair.into())], Linear::zero() - pairs);
    (block.finish(), [forms, pairs])
}

/// The fixed columns of row `i` of the table.
pub(crate) fn spread_row(i: u64) -> [u64; 2] {
    [spread(i), spread(i) | i << PAIR_SHIFT]
}

/// The multilinear extension of the table's fixed segment: 16 row coordinates, then one that picks the column.
pub(crate) fn evaluate_spread(point: &[F]) -> F {
    let (row, column) = point.split_at(SPREAD_LOG);
    let weighted = |base: u64| -> F {
        let bits = row.iter().rev().enumerate();
        bits.map(|(j, bit)| *bit * power_of_two(base * j as u64)).sum()
    };
    let select = column.first().copied().unwrap_or(F::from(0));
    weighted(3) + select * weighted(1) * power_of_two(PAIR_SHIFT)
}
