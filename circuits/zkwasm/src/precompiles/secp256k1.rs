//! The SECP256K1 shape: the sum of two points by the rational formulas of the curve y² = x³ + 7.

mod witness;

use std::array::from_fn;

use ff::Field;
use ruint::{Uint, aliases::U256};
use weft_folding::{
    F, power_of_two,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use super::{LEFT, Precompile, lane};
use crate::step::{number, numbers, one, range};

pub(super) use witness::apply;
#[cfg(test)]
pub(crate) use witness::{Solution, coordinates};

/// The order of the field of coordinates, 2^256 − 2^32 − 977 (SEC 2, section 2.4.1).
pub(crate) const ORDER: U256 = U256::from_limbs([0xffff_fffe_ffff_fc2f, u64::MAX, u64::MAX, u64::MAX]);
/// Limbs of a 256-bit number.
const LIMBS: usize = 4;
/// Columns of two limbs in a product.
const COLUMNS: usize = 4;
/// What a carry between columns is shifted by before it is checked to be in [0, 2^80).
const CARRY_OFFSET: u64 = 70;
/// The fifth limb of 2^258, which quotients are shifted by.
const QUOTIENT_OFFSET: u64 = 4;
/// What a small number is shifted by before it is checked to be in [0, 2^16).
const SMALL_OFFSET: u64 = 8;

/// Wide enough for every number here.
type Wide = Uint<640, 10>;

/// An identity modulo the order: how often the order fits, and the carries between columns.
#[derive(Clone, Debug)]
struct Identity {
    quotient: [[Column; 4]; LIMBS],
    /// The fifth limb.
    beyond: Column,
    carries: [[Column; 5]; COLUMNS - 1],
}

/// A number below the order: halves of order − 1 − number, and what the lower one borrows.
#[derive(Clone, Debug)]
struct Margin {
    halves: [[Column; 4]; 4],
    borrow: Column,
}

/// An equality modulo the order of two small sums: how often the order is between them, and the carry from the lower half.
#[derive(Clone, Debug)]
struct Equal {
    multiple: Column,
    carry: Column,
}

/// The columns of a block.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    on: Column,
    clock: Column,
    /// x1 = x2, and D = 0.
    same: Column,
    infinite: Column,
    /// x1, y1, x2, y2.
    found: [[Column; LIMBS]; 4],
    /// x3, y3.
    left: [[Column; LIMBS]; 2],
    slope: [[Column; 4]; LIMBS],
    denominator: [[Column; 4]; LIMBS],
    /// Of the sum of the denominator's limbs.
    inverse: Column,
    coincides: Equal,
    reduced: Equal,
    numerator: [Column; COLUMNS],
    /// Limbs of λ·D, of λ·(x1 − x3), of x1² and of λ²: of squares those with i ≤ j.
    scaled: [[Column; LIMBS]; LIMBS],
    moved: [[Column; LIMBS]; LIMBS],
    squares: [Vec<Column>; 2],
    identities: [Identity; 3],
    /// Of D, x3, y3.
    margins: [Margin; 3],
}

/// The order's limbs and halves in the field of the proof.
fn order() -> ([F; LIMBS], [F; 2]) {
    let limbs = ORDER.as_limbs().map(F::from);
    let half = |i: usize| limbs[i] + limbs[i + 1] * power_of_two(64);
    (limbs, [half(0), half(2)])
}

/// The lower and the upper half of four limbs.
fn halves(limbs: &[Linear; LIMBS]) -> [Linear; 2] {
    [0, 2].map(|i| limbs[i].clone() + limbs[i + 1].clone() * power_of_two(64))
}

/// Adds up limbs by columns of two.
#[derive(Default)]
struct Sums([Linear; COLUMNS]);

impl Sums {
    fn add(&mut self, limb: usize, term: impl Into<Linear>, factor: F) {
        let weight = if limb % 2 == 1 { power_of_two(64) } else { F::ONE };
        let sum = std::mem::take(&mut self.0[limb / 2]);
        self.0[limb / 2] = sum + term.into() * (factor * weight);
    }

    fn add_number(&mut self, limbs: &[Column; LIMBS], factor: F) {
        limbs
            .iter()
            .enumerate()
            .for_each(|(i, &limb)| self.add(i, limb, factor));
    }

    fn add_products(&mut self, products: &[[Column; LIMBS]; LIMBS]) {
        for (i, row) in products.iter().enumerate() {
            row.iter()
                .enumerate()
                .for_each(|(j, &product)| self.add(i + j, product, F::ONE));
        }
    }

    fn add_square(&mut self, products: &[Column], factor: u64) {
        for (&(i, j), &product) in PAIRS.iter().zip(products) {
            let twice = if i == j { 1 } else { 2 };
            self.add(i + j, product, F::from(factor * twice));
        }
    }
}

/// The products of limbs that a square needs.
const PAIRS: [(usize, usize); 10] = [
    (0, 0),
    (0, 1),
    (0, 2),
    (0, 3),
    (1, 1),
    (1, 2),
    (1, 3),
    (2, 2),
    (2, 3),
    (3, 3),
];

/// The block and its columns.
pub(crate) fn shape() -> (Shape, Columns) {
    let mut builder = ShapeBuilder::new("secp256k1");
    let block = &mut builder;
    let on = block.trace();
    let multiplicity = Linear::from(on);
    let c = Columns {
        on,
        clock: block.trace(),
        same: block.trace(),
        infinite: block.trace(),
        found: from_fn(|_| block.traces()),
        left: from_fn(|_| block.traces()),
        slope: numbers(block, &multiplicity),
        denominator: numbers(block, &multiplicity),
        inverse: block.trace(),
        coincides: Equal::new(block, on),
        reduced: Equal::new(block, on),
        numerator: block.traces(),
        scaled: from_fn(|_| block.traces()),
        moved: from_fn(|_| block.traces()),
        squares: from_fn(|_| PAIRS.iter().map(|_| block.trace()).collect()),
        identities: from_fn(|_| Identity::new(block, on)),
        margins: from_fn(|_| Margin {
            halves: numbers(block, &multiplicity),
            borrow: block.trace(),
        }),
    };
    block.boolean(on);
    for bit in [c.same, c.infinite] {
        block.boolean(bit);
    }
    block.zero_if(one() - on, c.same);
    block.zero_if(one() - c.same, c.infinite);
    c.denominator(block);
    c.products(block);
    c.identities(block);

    let left = c.left.map(|limbs| limbs.map(Linear::from));
    let sum = left.iter().flatten().cloned().fold(Linear::zero(), |a, b| a + b);
    block.zero_if(c.infinite, sum);
    let bounded = [c.denominator.each_ref().map(number)].into_iter().chain(left);
    for (margin, limbs) in c.margins.iter().zip(bounded) {
        margin.constrain(block, on, &limbs);
    }

    let number = Precompile::Secp256k1Add.number();
    let found = c.found.into_iter().flatten();
    let left = [c.left[0], c.left[1], c.found[2], c.found[3]];
    for (i, (found, left)) in (0..).zip(found.zip(left.into_iter().flatten())) {
        lane(block, c.clock, number, i, found, Linear::zero() - on);
        lane(block, c.clock, number, LEFT + i, left, multiplicity.clone());
    }
    (builder.finish(), c)
}

impl Columns {
    /// e, z and D modulo the order.
    fn denominator(&self, block: &mut ShapeBuilder) {
        let [x1, y1, x2, y2] = self.found.map(|limbs| halves(&limbs.map(Linear::from)));
        let denominator = self.denominator.each_ref().map(number);
        let reduced = self.reduced.between(self.on, halves(&denominator));
        let order = self.coincides.between(self.on, from_fn(|_| Linear::zero()));
        for column in [self.coincides.multiple, self.coincides.carry] {
            let value = Linear::from(column) - Linear::from(self.on) * SMALL_OFFSET.into();
            block.zero_if(one() - self.same, value);
        }
        for half in 0..2 {
            let run = x2[half].clone() - x1[half].clone();
            let sum = y1[half].clone() + y2[half].clone();
            block.zero_if(self.same, run.clone() - order[half].clone());
            block.enforce(self.same, sum - run.clone(), reduced[half].clone() - run);
        }
        let sum = denominator.into_iter().fold(Linear::zero(), |a, b| a + b);
        block.zero_if(self.infinite, sum.clone());
        block.enforce(sum, self.inverse, Linear::from(self.on) - self.infinite);
    }

    /// The products of limbs, and the numerator.
    fn products(&self, block: &mut ShapeBuilder) {
        let slope = self.slope.each_ref().map(number);
        let [x1, y1, _, y2] = self.found;
        for (i, factor) in slope.iter().enumerate() {
            for (j, denominator) in self.denominator.iter().enumerate() {
                block.enforce(factor.clone(), number(denominator), self.scaled[i][j]);
            }
            for (j, (&from, &to)) in x1.iter().zip(&self.left[0]).enumerate() {
                block.enforce(factor.clone(), Linear::from(from) - to, self.moved[i][j]);
            }
        }
        for (index, &(i, j)) in PAIRS.iter().enumerate() {
            block.enforce(x1[i], x1[j], self.squares[0][index]);
            block.enforce(slope[i].clone(), slope[j].clone(), self.squares[1][index]);
        }
        let (mut tangent, mut chord) = (Sums::default(), Sums::default());
        tangent.add_square(&self.squares[0], 3);
        chord.add_number(&y2, F::ONE);
        chord.add_number(&y1, -F::ONE);
        for (column, (tangent, chord)) in self.numerator.into_iter().zip(tangent.0.into_iter().zip(chord.0)) {
            block.enforce(self.same, tangent - chord.clone(), Linear::from(column) - chord);
        }
    }

    fn identities(&self, block: &mut ShapeBuilder) {
        let [x1, y1, x2, _] = &self.found;
        let [x3, y3] = &self.left;
        let mut sums: [Sums; 3] = Default::default();
        let [slope, x, y] = &mut sums;
        slope.add_products(&self.scaled);
        for (i, &numerator) in self.numerator.iter().enumerate() {
            slope.add(2 * i, numerator, -F::ONE);
        }
        x.add_square(&self.squares[1], 1);
        [x1, x2, x3]
            .into_iter()
            .for_each(|number| x.add_number(number, -F::ONE));
        y.add_products(&self.moved);
        [y1, y3]
            .into_iter()
            .for_each(|number| y.add_number(number, -F::ONE));
        let gate = Linear::from(self.on) - self.infinite;
        for (identity, sums) in self.identities.iter().zip(sums) {
            identity.constrain(block, self.on, &gate, sums);
        }
    }
}

impl Identity {
    fn new(block: &mut ShapeBuilder, on: Column) -> Self {
        let identity = Self {
            quotient: numbers(block, &on.into()),
            beyond: block.trace(),
            carries: from_fn(|_| block.traces()),
        };
        let limbs = identity.carries.iter().flatten();
        for &limb in limbs.chain([&identity.beyond]) {
            range(block, limb, on.into());
        }
        identity
    }

    /// gate·sums = (quotient − 2^258)·order over the integers.
    fn constrain(&self, block: &mut ShapeBuilder, on: Column, gate: &Linear, sums: Sums) {
        let (order, _) = order();
        let beyond = Linear::from(self.beyond) - Linear::from(on) * QUOTIENT_OFFSET.into();
        let quotient = self.quotient.iter().map(number).chain([beyond]);
        let mut multiple = Sums::default();
        for (i, limb) in quotient.enumerate() {
            for (j, &factor) in order.iter().enumerate() {
                multiple.add(i + j, limb.clone(), factor);
            }
        }
        let mut carried = Linear::zero();
        for (i, (sum, multiple)) in sums.0.into_iter().zip(multiple.0).enumerate() {
            let next = self.carries.get(i).map_or_else(Linear::zero, |limbs| {
                let shifted = Linear::sum((0..).zip(limbs).map(|(k, &limb)| (limb, power_of_two(16 * k))));
                shifted - Linear::from(on) * power_of_two(CARRY_OFFSET)
            });
            let value = multiple - carried + next.clone() * power_of_two(128);
            block.enforce(gate.clone(), sum.normalize(), value.normalize());
            carried = next;
        }
    }
}

impl Equal {
    fn new(block: &mut ShapeBuilder, on: Column) -> Self {
        let [multiple, carry] = block.traces();
        range(block, multiple, on.into());
        range(block, carry, on.into());
        Self { multiple, carry }
    }

    /// Halves of what is `multiple` orders above `halves`.
    fn between(&self, on: Column, [lower, upper]: [Linear; 2]) -> [Linear; 2] {
        let (_, order) = order();
        let [multiple, carry] = [self.multiple, self.carry]
            .map(|column| Linear::from(column) - Linear::from(on) * SMALL_OFFSET.into());
        [
            lower + multiple.clone() * order[0] + carry.clone() * power_of_two(128),
            upper + multiple * order[1] - carry,
        ]
    }
}

impl Margin {
    fn constrain(&self, block: &mut ShapeBuilder, on: Column, limbs: &[Linear; LIMBS]) {
        block.boolean(self.borrow);
        block.zero_if(one() - on, self.borrow);
        let (_, order) = order();
        let [lower, upper] = halves(limbs);
        let margin = halves(&self.halves.each_ref().map(number));
        let on = Linear::from(on);
        let borrowed = Linear::from(self.borrow) * power_of_two(128);
        let below = on.clone() * (order[0] - F::ONE) - lower + borrowed - margin[0].clone();
        block.enforce(below, 1, Linear::zero());
        let above = on * order[1] - upper - self.borrow - margin[1].clone();
        block.enforce(above, 1, Linear::zero());
    }
}
