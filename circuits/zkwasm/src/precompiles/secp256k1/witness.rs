//! What a call does, and its witness.

use std::array::from_fn;

use ff::Field;
use ruint::aliases::U256;
use weft_folding::F;

use super::{
    CARRY_OFFSET, COLUMNS, Columns, Equal, Identity, LIMBS, Margin, ORDER, PAIRS, QUOTIENT_OFFSET,
    SMALL_OFFSET, Wide,
};
use crate::{
    precompiles::{Call, found},
    step::fill_number,
    witness::{Lookups, Row, signed, wide},
};

/// What a prover says of two points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Solution {
    /// x1 = x2.
    pub(crate) same: bool,
    /// There is no slope.
    pub(crate) infinite: bool,
    /// λ.
    pub(crate) slope: U256,
    /// x3 and y3.
    pub(crate) sum: [U256; 2],
}

/// The four coordinates.
pub(crate) fn coordinates(words: &[u64; 4 * LIMBS]) -> [U256; 4] {
    from_fn(|i| U256::from_limbs(from_fn(|k| words[LIMBS * i + k])))
}

/// a − b modulo the order.
fn difference(a: U256, b: U256) -> U256 {
    let b = b.reduce_mod(ORDER);
    a.add_mod(ORDER - b, ORDER)
}

/// D and N, as x1 = x2 or not.
fn fraction([x1, y1, x2, y2]: [U256; 4], same: bool) -> [U256; 2] {
    if same {
        let square = x1.mul_mod(x1, ORDER);
        [y1.add_mod(y2, ORDER), square.mul_mod(U256::from(3), ORDER)]
    } else {
        [difference(x2, x1), difference(y2, y1)]
    }
}

impl Solution {
    /// The honest one.
    pub(crate) fn of(points: [U256; 4]) -> Self {
        let [x1, y1, x2, _] = points;
        let same = difference(x2, x1).is_zero();
        let [denominator, numerator] = fraction(points, same);
        // The order is prime: what is not 0 has an inverse.
        let Some(inverse) = denominator.inv_mod(ORDER) else {
            return Self {
                same,
                infinite: true,
                slope: U256::ZERO,
                sum: [U256::ZERO; 2],
            };
        };
        let slope = numerator.mul_mod(inverse, ORDER);
        let x3 = difference(difference(slope.mul_mod(slope, ORDER), x1), x2);
        let y3 = difference(slope.mul_mod(difference(x1, x3), ORDER), y1);
        Self {
            same,
            infinite: false,
            slope,
            sum: [x3, y3],
        }
    }
}

/// What a call does.
pub(crate) fn apply(words: &mut [u64; 4 * LIMBS]) {
    let Solution { sum: [x, y], .. } = Solution::of(coordinates(words));
    words[..LIMBS].copy_from_slice(x.as_limbs());
    words[LIMBS..2 * LIMBS].copy_from_slice(y.as_limbs());
}

/// A number below 2^639 in two's complement, shifted arithmetically.
fn shift(value: Wide, bits: usize) -> Wide {
    if value.bit(Wide::BITS - 1) {
        !(!value >> bits)
    } else {
        value >> bits
    }
}

/// A small number in two's complement.
fn small(value: Wide) -> i128 {
    let limbs = value.as_limbs();
    (u128::from(limbs[0]) | u128::from(limbs[1]) << 64) as i128
}

/// The element of a number in two's complement.
fn element(value: Wide) -> F {
    let magnitude = |value: Wide| {
        let limbs = value.as_limbs();
        wide([limbs[0], limbs[1], limbs[2], limbs[3]])
    };
    if value.bit(Wide::BITS - 1) {
        -magnitude(value.wrapping_neg())
    } else {
        magnitude(value)
    }
}

/// Sums of limbs by columns of two.
#[derive(Default)]
struct Sums([Wide; COLUMNS]);

impl Sums {
    fn add(&mut self, limb: usize, term: Wide) {
        let sum = &mut self.0[limb / 2];
        *sum = sum.wrapping_add(term << (64 * (limb % 2)));
    }

    fn add_number(&mut self, number: U256) {
        let limbs = number.as_limbs().iter().enumerate();
        limbs.for_each(|(i, &limb)| self.add(i, Wide::from(limb)));
    }

    fn subtract(&mut self, number: U256) {
        let limbs = number.as_limbs().iter().enumerate();
        limbs.for_each(|(i, &limb)| self.add(i, Wide::from(limb).wrapping_neg()));
    }

    /// Adds a·(b − c).
    fn add_products(&mut self, a: U256, b: U256, c: U256) {
        for (i, &a) in a.as_limbs().iter().enumerate() {
            for (j, (&b, &c)) in b.as_limbs().iter().zip(c.as_limbs()).enumerate() {
                let term = i128::from(b) - i128::from(c);
                let product = Wide::from(a) * Wide::from(term.unsigned_abs());
                self.add(i + j, if term < 0 { product.wrapping_neg() } else { product });
            }
        }
    }
}

impl Columns {
    /// Fills a block with `call`.
    pub(crate) fn fill(&self, row: &mut Row<'_>, call: &Call, lookups: &Lookups) {
        let solution = Solution::of(coordinates(&found(call)));
        self.fill_with(row, call, solution, lookups);
    }

    /// The same with any solution, as a prover might try.
    pub(crate) fn fill_with(&self, row: &mut Row<'_>, call: &Call, solution: Solution, lookups: &Lookups) {
        let words = found(call);
        let points = coordinates(&words);
        let [x1, y1, x2, y2] = points;
        let Solution {
            same,
            infinite,
            slope,
            sum: [x3, y3],
        } = solution;
        let [denominator, _] = fraction(points, same);
        row.bit(self.on, true);
        row.number(self.clock, call.clock);
        row.bit(self.same, same);
        row.bit(self.infinite, infinite);
        let numbers = self.found.iter().chain(&self.left).zip([x1, y1, x2, y2, x3, y3]);
        for (columns, number) in numbers {
            let limbs = columns.iter().zip(number.as_limbs());
            limbs.for_each(|(&column, &limb)| row.number(column, limb));
        }
        for (columns, number) in [(&self.slope, slope), (&self.denominator, denominator)] {
            let limbs = columns.iter().zip(number.as_limbs());
            limbs.for_each(|(limb, &value)| fill_number(row, limb, value, lookups));
        }
        let sum: F = denominator.as_limbs().iter().map(|&limb| F::from(limb)).sum();
        row.put(self.inverse, sum.invert().unwrap_or(F::ZERO));
        let run = [(x2, 1), (x1, -1)];
        let chosen = if same { [(y1, 1), (y2, 1)] } else { run };
        let nothing = [(U256::ZERO, 1); 2];
        let coincides = if same { run } else { nothing };
        self.coincides.fill(row, coincides, U256::ZERO, lookups);
        self.reduced.fill(row, chosen, denominator, lookups);

        // The products of limbs.
        let product = |a: u64, b: u64| F::from(a) * F::from(b);
        for i in 0..LIMBS {
            for j in 0..LIMBS {
                let factor = slope.as_limbs()[i];
                row.put(self.scaled[i][j], product(factor, denominator.as_limbs()[j]));
                let run = i128::from(x1.as_limbs()[j]) - i128::from(x3.as_limbs()[j]);
                row.put(self.moved[i][j], F::from(factor) * signed(run));
            }
        }
        for (number, columns) in [x1, slope].into_iter().zip(&self.squares) {
            for (&(i, j), &column) in PAIRS.iter().zip(columns) {
                row.put(column, product(number.as_limbs()[i], number.as_limbs()[j]));
            }
        }

        let mut numerator = Sums::default();
        if same {
            (0..3).for_each(|_| numerator.add_products(x1, x1, U256::ZERO));
        } else {
            numerator.add_number(y2);
            numerator.subtract(y1);
        }
        for (&column, &value) in self.numerator.iter().zip(&numerator.0) {
            row.put(column, element(value));
        }
        let mut sums: [Sums; 3] = Default::default();
        let [identity, x, y] = &mut sums;
        identity.add_products(slope, denominator, U256::ZERO);
        for (sum, numerator) in identity.0.iter_mut().zip(numerator.0) {
            *sum = sum.wrapping_sub(numerator);
        }
        x.add_products(slope, slope, U256::ZERO);
        [x1, x2, x3].into_iter().for_each(|number| x.subtract(number));
        y.add_products(slope, x1, x3);
        [y1, y3].into_iter().for_each(|number| y.subtract(number));
        for (identity, sums) in self.identities.iter().zip(sums) {
            let sums = if infinite { Sums::default() } else { sums };
            identity.fill(row, sums, lookups);
        }
        for (margin, value) in self.margins.iter().zip([denominator, x3, y3]) {
            margin.fill(row, value, lookups);
        }
    }
}

impl Identity {
    /// Fills in the quotient of what the sums stand for, and the carries.
    fn fill(&self, row: &mut Row<'_>, sums: Sums, lookups: &Lookups) {
        let order = Wide::from(ORDER);
        let offset = Wide::from(QUOTIENT_OFFSET) << (64 * LIMBS);
        let columns = sums.0.iter().enumerate();
        let value = columns.fold(order.wrapping_mul(offset), |value, (i, &sum)| {
            value.wrapping_add(sum << (128 * i))
        });
        let quotient = value / order;
        let limbs = quotient.as_limbs();
        for (columns, &limb) in self.quotient.iter().zip(limbs) {
            fill_number(row, columns, limb, lookups);
        }
        row.number(self.beyond, limbs[LIMBS]);
        lookups.range(limbs[LIMBS]);

        let mut multiple = Sums::default();
        for (i, &limb) in limbs[..=LIMBS].iter().enumerate() {
            let limb = if i == LIMBS {
                Wide::from(limb).wrapping_sub(Wide::from(QUOTIENT_OFFSET))
            } else {
                Wide::from(limb)
            };
            for (j, &factor) in ORDER.as_limbs().iter().enumerate() {
                multiple.add(i + j, limb.wrapping_mul(Wide::from(factor)));
            }
        }
        let mut carry = Wide::ZERO;
        for (i, columns) in self.carries.iter().enumerate() {
            carry = shift(sums.0[i].wrapping_sub(multiple.0[i]).wrapping_add(carry), 128);
            let shifted = small(carry) + (1 << CARRY_OFFSET);
            for (k, &column) in columns.iter().enumerate() {
                let part = (shifted >> (16 * k)) as u64 & 0xffff;
                row.number(column, part);
                lookups.range(part);
            }
        }
    }
}

impl Equal {
    /// Fills in by how many orders the sum of the two signed numbers is above `reduced`.
    fn fill(&self, row: &mut Row<'_>, terms: [(U256, i8); 2], reduced: U256, lookups: &Lookups) {
        let term = |number: U256, sign: i8, i: usize| {
            let half = Wide::from(number >> (128 * i) & U256::from(u128::MAX));
            if sign < 0 { half.wrapping_neg() } else { half }
        };
        let half = |i: usize| {
            let sum = terms.iter().fold(Wide::ZERO, |sum, &(number, sign)| {
                sum.wrapping_add(term(number, sign, i))
            });
            sum.wrapping_sub(term(reduced, 1, i))
        };
        // Two's complement has no division: shift by more orders than can be missing.
        let whole = half(0).wrapping_add(half(1) << 128);
        let shifted = whole.wrapping_add(Wide::from(ORDER) * Wide::from(SMALL_OFFSET));
        let multiple = shifted / Wide::from(ORDER);
        let orders = multiple.wrapping_sub(Wide::from(SMALL_OFFSET));
        let lower = Wide::from(ORDER & U256::from(u128::MAX)).wrapping_mul(orders);
        let carry = shift(half(0).wrapping_sub(lower), 128);
        let values = [
            small(multiple) as u64,
            (small(carry) + i128::from(SMALL_OFFSET)) as u64,
        ];
        for (column, value) in [self.multiple, self.carry].into_iter().zip(values) {
            row.number(column, value);
            lookups.range(value);
        }
    }
}

impl Margin {
    /// Fills in how far `value` is below the order.
    fn fill(&self, row: &mut Row<'_>, value: U256, lookups: &Lookups) {
        let half = |number: &U256, i: usize| {
            u128::from(number.as_limbs()[i]) | u128::from(number.as_limbs()[i + 1]) << 64
        };
        let borrow = half(&value, 0) >= half(&ORDER, 0);
        row.bit(self.borrow, borrow);
        let lower = half(&ORDER, 0).wrapping_sub(half(&value, 0)).wrapping_sub(1);
        let upper = half(&ORDER, 2)
            .wrapping_sub(half(&value, 2))
            .wrapping_sub(borrow.into());
        for (i, half) in [lower, upper].into_iter().enumerate() {
            fill_number(row, &self.halves[2 * i], half as u64, lookups);
            fill_number(row, &self.halves[2 * i + 1], (half >> 64) as u64, lookups);
        }
    }
}
