//! The MULTIPLY shape: a·b + c = q·m + r for 256-bit numbers, 0 ≤ r < m; m = 0 stands for 2^256.

use ff::Field;
use ruint::aliases::{U256, U512};
use weft_folding::{
    F, power_of_two,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use super::{Call, LEFT, Precompile, found, lane};
use crate::{
    step::{fill_number, number, numbers, one, range},
    witness::{Lookups, Row},
};

/// Limbs of a 256-bit number.
const LIMBS: usize = 4;
/// What a carry is shifted by before it is checked to be in [0, 2^80).
const CARRY_OFFSET: u64 = 70;
/// Carries between columns of two limbs.
const CARRIES: usize = 5;

/// The columns of a block.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    on: Column,
    clock: Column,
    /// a, b, c, m as found.
    operands: [[Column; LIMBS]; 4],
    remainder: [Column; LIMBS],
    quotient: [Column; LIMBS],
    /// The upper half of the quotient.
    beyond: [[Column; 4]; LIMBS],
    /// m is 0; the inverse of the sum of its limbs otherwise.
    whole: Column,
    inverse: Column,
    /// a_i·b_j, and q_i·m_j with the fifth limb of the modulus.
    products: [[Column; LIMBS]; LIMBS],
    multiples: [[Column; LIMBS + 1]; 2 * LIMBS],
    /// Carries and their offset, in 16-bit limbs.
    carries: [[Column; 5]; CARRIES],
    /// Halves of m − 1 − r, and what the lower one borrows.
    margin: [[Column; 4]; 4],
    borrow: Column,
}

/// The block and its columns.
pub(crate) fn shape() -> (Shape, Columns) {
    let mut builder = ShapeBuilder::new("multiply");
    let block = &mut builder;
    let on = block.trace();
    let multiplicity = Linear::from(on);
    let c = Columns {
        on,
        clock: block.trace(),
        operands: std::array::from_fn(|_| block.traces()),
        remainder: block.traces(),
        quotient: block.traces(),
        beyond: numbers(block, &multiplicity),
        whole: block.trace(),
        inverse: block.trace(),
        products: std::array::from_fn(|_| block.traces()),
        multiples: std::array::from_fn(|_| block.traces()),
        carries: std::array::from_fn(|_| block.traces()),
        margin: numbers(block, &multiplicity),
        borrow: block.trace(),
    };
    block.boolean(on);
    block.boolean(c.whole);
    block.boolean(c.borrow);
    block.zero_if(one() - on, c.whole);
    block.zero_if(one() - on, c.borrow);
    let [a, b, addend, modulus] = c.operands;
    let sum = Linear::sum(modulus.map(|limb| (limb, F::ONE)));
    block.zero_if(c.whole, sum.clone());
    block.enforce(sum, c.inverse, multiplicity.clone() - c.whole);
    let modulus: [Column; LIMBS + 1] = std::array::from_fn(|i| modulus.get(i).copied().unwrap_or(c.whole));
    let quotient = c.quotient();

    for (i, row) in c.products.iter().enumerate() {
        for (j, &product) in row.iter().enumerate() {
            block.enforce(a[i], b[j], product);
        }
    }
    for (i, row) in c.multiples.iter().enumerate() {
        for (j, &product) in row.iter().enumerate() {
            block.enforce(quotient[i].clone(), modulus[j], product);
        }
    }
    c.identity(block, &addend);

    // r < m: the lower halves, then the upper ones.
    let half = |limbs: &[Column]| Linear::from(limbs[0]) + Linear::from(limbs[1]) * power_of_two(64);
    let wide = |limbs: &[[Column; 4]]| number(&limbs[0]) + number(&limbs[1]) * power_of_two(64);
    let lower = half(&modulus[..2]) - half(&c.remainder[..2]) - multiplicity.clone();
    let borrowed = Linear::from(c.borrow) * power_of_two(128);
    block.enforce(lower + borrowed - wide(&c.margin[..2]), 1, Linear::zero());
    let upper = half(&modulus[2..4]) + Linear::from(c.whole) * power_of_two(128) - half(&c.remainder[2..]);
    block.enforce(upper - c.borrow - wide(&c.margin[2..]), 1, Linear::zero());

    let number = Precompile::Multiply.number();
    let found = c.operands.into_iter().flatten();
    let left = [c.remainder, c.quotient, c.operands[2], c.operands[3]];
    for (i, (found, left)) in (0..).zip(found.zip(left.into_iter().flatten())) {
        lane(block, c.clock, number, i, found, Linear::zero() - on);
        lane(block, c.clock, number, LEFT + i, left, multiplicity.clone());
    }
    (builder.finish(), c)
}

impl Columns {
    /// The quotient's eight limbs.
    fn quotient(&self) -> [Linear; 2 * LIMBS] {
        std::array::from_fn(|i| match self.quotient.get(i) {
            Some(&limb) => limb.into(),
            None => number(&self.beyond[i - LIMBS]),
        })
    }

    /// a·b + c − q·m − r = 0, in columns of two limbs with carries between them.
    fn identity(&self, block: &mut ShapeBuilder, addend: &[Column; LIMBS]) {
        // The highest product is that of limbs 7 and 4.
        let columns = (2 * LIMBS + LIMBS).div_ceil(2);
        let mut sums = vec![Linear::zero(); columns];
        let mut add = |limb: usize, term: Linear| {
            let weight = if limb % 2 == 1 { power_of_two(64) } else { F::ONE };
            let sum = std::mem::take(&mut sums[limb / 2]);
            sums[limb / 2] = sum + term * weight;
        };
        for (i, row) in self.products.iter().enumerate() {
            row.iter().enumerate().for_each(|(j, &p)| add(i + j, p.into()));
        }
        for (i, row) in self.multiples.iter().enumerate() {
            row.iter()
                .enumerate()
                .for_each(|(j, &p)| add(i + j, Linear::zero() - p));
        }
        for (i, (&added, &left)) in addend.iter().zip(&self.remainder).enumerate() {
            add(i, Linear::from(added) - left);
        }
        let mut carried = Linear::zero();
        for (i, sum) in sums.into_iter().enumerate() {
            let next = match self.carries.get(i) {
                Some(limbs) => {
                    limbs.iter().for_each(|&limb| range(block, limb, self.on.into()));
                    let shifted =
                        Linear::sum((0..).zip(limbs).map(|(k, &limb)| (limb, power_of_two(16 * k))));
                    shifted - Linear::from(self.on) * power_of_two(CARRY_OFFSET)
                }
                None => Linear::zero(),
            };
            let carries = next.clone() * power_of_two(128);
            block.enforce(sum + carried - carries, 1, Linear::zero());
            carried = next;
        }
    }

    /// Fills a block with `call`.
    pub(super) fn fill(&self, row: &mut Row<'_>, call: &Call, lookups: &Lookups) {
        self.fill_with(row, call, divide(&found(call)), lookups);
    }

    /// The same with any quotient and remainder, as a prover might try.
    pub(crate) fn fill_with(
        &self,
        row: &mut Row<'_>,
        call: &Call,
        (quotient, remainder): (U512, U256),
        lookups: &Lookups,
    ) {
        let words: [u64; 16] = found(call);
        let [a, b, addend, m] = std::array::from_fn(|i| &words[4 * i..4 * i + 4]);
        let whole = m.iter().all(|&limb| limb == 0);
        row.bit(self.on, true);
        row.number(self.clock, call.clock);
        for (&column, &word) in self.operands.iter().flatten().zip(&words) {
            row.number(column, word);
        }
        let mut modulus = [0; LIMBS + 1];
        modulus[..LIMBS].copy_from_slice(m);
        modulus[LIMBS] = whole.into();
        for i in 0..LIMBS {
            row.number(self.remainder[i], remainder.as_limbs()[i]);
            row.number(self.quotient[i], quotient.as_limbs()[i]);
            fill_number(row, &self.beyond[i], quotient.as_limbs()[LIMBS + i], lookups);
        }
        row.bit(self.whole, whole);
        let sum: F = m.iter().map(|&limb| F::from(limb)).sum();
        row.put(self.inverse, sum.invert().unwrap_or(F::ZERO));
        let product = |a: u64, b: u64| F::from(a) * F::from(b);
        // Sums of columns of one limb, in two parts so that they fit: below 2^64, and the rest.
        let mut sums = [[0i128; 2]; 3 * LIMBS];
        let mut add = |limb: usize, value: u128, sign: i128| {
            sums[limb][0] += sign * (value as u64 as i128);
            sums[limb][1] += sign * ((value >> 64) as i128);
        };
        for i in 0..LIMBS {
            for (j, &b) in b.iter().enumerate() {
                row.put(self.products[i][j], product(a[i], b));
                add(i + j, u128::from(a[i]) * u128::from(b), 1);
            }
            add(i, addend[i].into(), 1);
            add(i, remainder.as_limbs()[i].into(), -1);
        }
        for (i, columns) in self.multiples.iter().enumerate() {
            for (j, &column) in columns.iter().enumerate() {
                let (q, m) = (quotient.as_limbs()[i], modulus[j]);
                row.put(column, product(q, m));
                add(i + j, u128::from(q) * u128::from(m), -1);
            }
        }
        // One limb at a time; every second carry is one between columns of two.
        let mut carry = 0i128;
        for (limb, [low, high]) in sums.into_iter().enumerate() {
            carry = high + ((low + carry) >> 64);
            if let (1, Some(columns)) = (limb % 2, self.carries.get(limb / 2)) {
                let shifted = (carry + (1 << CARRY_OFFSET)) as u128;
                for (k, &column) in columns.iter().enumerate() {
                    let part = (shifted >> (16 * k)) as u64 & 0xffff;
                    row.number(column, part);
                    lookups.range(part);
                }
            }
        }
        let half = |limbs: &[u64]| u128::from(limbs[0]) | u128::from(limbs[1]) << 64;
        let below = |i: usize| half(&m[i..]).wrapping_sub(half(&remainder.as_limbs()[i..]));
        let lower = below(0).wrapping_sub(1);
        let borrow = half(m) <= half(remainder.as_limbs());
        let upper = below(2).wrapping_sub(borrow.into());
        row.bit(self.borrow, borrow);
        for (i, half) in [lower, upper].into_iter().enumerate() {
            fill_number(row, &self.margin[2 * i], half as u64, lookups);
            fill_number(row, &self.margin[2 * i + 1], (half >> 64) as u64, lookups);
        }
    }
}

/// q and r of a·b + c = q·m + r.
fn divide(words: &[u64; 16]) -> (U512, U256) {
    let [a, b, c, m] = std::array::from_fn(|i| {
        let mut limbs = [0; LIMBS];
        limbs.copy_from_slice(&words[4 * i..4 * i + 4]);
        U512::from(U256::from_limbs(limbs))
    });
    let modulus = if m.is_zero() { U512::from(1) << 256 } else { m };
    let value = a * b + c;
    let (quotient, remainder) = (value / modulus, value % modulus);
    (quotient, U256::from_limbs_slice(&remainder.as_limbs()[..LIMBS]))
}

/// What a call does.
pub(super) fn apply(words: &mut [u64; 16]) {
    let (quotient, remainder) = divide(words);
    words[..4].copy_from_slice(remainder.as_limbs());
    words[4..8].copy_from_slice(&quotient.as_limbs()[..LIMBS]);
}
