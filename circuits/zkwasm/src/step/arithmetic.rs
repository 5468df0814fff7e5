//! ADD, SUB, MUL, DIV, REM, ROTL, LESS, EQUAL.

use ff::Field;
use weft_folding::{
    F, power_of_two,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use super::{Class, Core, Executed, StepColumns, fill_number, number, numbers};
use crate::{
    program::flag,
    witness::{Lookups, Row},
};

/// The columns of a block.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    pub(crate) core: Core,
    /// D, Q and R: the result, what is carried or left over, and the margin of a comparison.
    pub(crate) limbs: [[Column; 4]; 3],
    /// A·B, B·Q, B·D, N·Q.
    pub(crate) products: [Column; 4],
    /// 1 if A = B, and the inverse of A − B otherwise.
    pub(crate) equal: Column,
    pub(crate) inverse: Column,
    pub(crate) less: Column,
}

/// The block and its columns.
pub(crate) fn shape() -> (Shape, StepColumns) {
    let mut builder = ShapeBuilder::new("arithmetic");
    let block = &mut builder;
    let modifiers = flag::USE_A | flag::USE_B | flag::NARROW;
    let core = Core::new(block, Class::Arithmetic, modifiers, flag::WRITE_D, false);
    let on = core.on();
    let c = Columns {
        limbs: numbers(block, &on),
        products: block.traces(),
        equal: block.trace(),
        inverse: block.trace(),
        less: block.trace(),
        core,
    };
    let (a, b) = (c.core.operand_a(), c.core.operand_b());
    let [d, q, r] = [0, 1, 2].map(|i| number(&c.limbs[i]));
    let [ab, bq, bd, nq] = c.products.map(Linear::from);
    let any = |bits| c.core.any(bits);
    let n = Linear::constant(power_of_two(64)) - any(flag::NARROW) * (power_of_two(64) - power_of_two(32));
    block.enforce(a.clone(), b.clone(), ab.clone());
    block.enforce(b.clone(), q.clone(), bq.clone());
    block.enforce(b.clone(), d.clone(), bd.clone());
    block.enforce(n, q.clone(), nq.clone());
    for i in [0, 2] {
        block.zero_if(any(flag::NARROW), Linear::from(c.limbs[i][2]) + c.limbs[i][3]);
    }
    block.zero_if(any(flag::ADD), a.clone() + b.clone() - d.clone() - nq.clone());
    block.zero_if(any(flag::SUB), a.clone() + nq.clone() - b.clone() - d.clone());
    block.zero_if(any(flag::MUL), ab.clone() - d.clone() - nq.clone());
    block.zero_if(any(flag::ROTL), ab - r.clone() - nq);
    block.zero_if(any(flag::ROTL), d.clone() - r.clone() - q.clone());
    block.zero_if(any(flag::DIV), a.clone() - bd - q.clone());
    block.zero_if(any(flag::DIV), b.clone() - 1 - q - r.clone());
    block.zero_if(any(flag::REM), a.clone() - bq - d.clone());
    block.zero_if(any(flag::REM), b.clone() - 1 - d.clone() - r.clone());

    let difference = a.clone() - b.clone();
    block.enforce(difference.clone(), c.inverse, on - c.equal);
    block.enforce(difference, c.equal, Linear::zero());
    block.boolean(c.less);
    block.zero_if(
        any(flag::LESS),
        a - b + Linear::from(c.less) * power_of_two(64) - r,
    );

    let computed = flag::ADD | flag::SUB | flag::MUL | flag::DIV | flag::REM | flag::ROTL;
    block.zero_if(any(computed), c.core.result() - d);
    block.zero_if(any(flag::LESS), c.core.result() - c.less);
    block.zero_if(any(flag::EQUAL), c.core.result() - c.equal);
    c.core.step(block, c.core.following());
    (builder.finish(), StepColumns::Arithmetic(c))
}

impl Columns {
    pub(super) fn fill(&self, row: &mut Row<'_>, executed: Executed<'_>, lookups: &Lookups) {
        self.core.fill(row, executed, lookups);
        let (a, b, d) = (executed.a(), executed.b(), executed.d().after);
        let has = |bits| executed.instruction.any(bits);
        let narrow = has(flag::NARROW);
        let bits = if narrow { 32 } else { 64 };
        let [mut first, mut second, mut third] = [d, 0, 0];
        if has(flag::ADD) {
            second = ((u128::from(a) + u128::from(b)) >> bits) as u64;
        } else if has(flag::SUB) {
            second = (a < b).into();
        } else if has(flag::MUL | flag::ROTL) {
            second = ((u128::from(a) * u128::from(b)) >> bits) as u64;
            if has(flag::ROTL) {
                third = d.wrapping_sub(second);
            }
        } else if has(flag::DIV | flag::REM) && b != 0 {
            (first, second) = if has(flag::DIV) {
                (a / b, a % b)
            } else {
                (a % b, a / b)
            };
            third = b - 1 - a % b;
        } else {
            first = 0;
            if has(flag::LESS) {
                third = a.wrapping_sub(b);
            }
        }
        for (limbs, value) in self.limbs.iter().zip([first, second, third]) {
            fill_number(row, limbs, value, lookups);
        }
        let n = power_of_two(if narrow { 32 } else { 64 });
        let (fa, fb) = (F::from(a), F::from(b));
        row.put(self.products[0], fa * fb);
        row.put(self.products[1], fb * F::from(second));
        row.put(self.products[2], fb * F::from(first));
        row.put(self.products[3], n * F::from(second));
        row.bit(self.equal, a == b);
        row.put(self.inverse, (fa - fb).invert().unwrap_or(F::ZERO));
        row.bit(self.less, has(flag::LESS) && a < b);
    }
}
