//! AND, OR, XOR, POW2.

use weft_folding::{
    F, power_of_two,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use super::{Class, Core, Executed, StepColumns, one, range};
use crate::{
    bus::tag,
    program::flag,
    witness::{Lookups, Row},
};

const BITWISE: u64 = flag::AND | flag::OR | flag::XOR;

/// The columns of a block.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    pub(crate) core: Core,
    /// The bytes of A, B and A & B.
    pub(crate) bytes: [[Column; 8]; 3],
    /// The six bits of A, for `POW2`, and 2 to the number that the lowest one, two, … six of them make.
    pub(crate) exponent: [Column; 6],
    pub(crate) powers: [Column; 6],
}

/// The number that bytes make.
fn joined(bytes: &[Column; 8]) -> Linear {
    Linear::sum((0..8).map(|i| (bytes[i], power_of_two(8 * i as u64))))
}

/// The block and its columns.
pub(crate) fn shape() -> (Shape, StepColumns) {
    let mut block = ShapeBuilder::new("bits");
    let modifiers = flag::USE_A | flag::USE_B;
    let core = Core::new(&mut block, Class::Bits, modifiers, flag::WRITE_D, false);
    let c = Columns {
        bytes: std::array::from_fn(|_| block.traces()),
        exponent: block.traces(),
        powers: block.traces(),
        core,
    };
    let any = |bits| c.core.any(bits);
    let bitwise = any(BITWISE);
    for &byte in c.bytes.iter().flatten() {
        range(&mut block, byte, bitwise.clone());
    }
    let (a, b, d) = (c.core.operand_a(), c.core.operand_b(), c.core.result());
    let [a_bytes, b_bytes, and] = [0, 1, 2].map(|i| joined(&c.bytes[i]));
    block.zero_if(bitwise.clone(), a.clone() - a_bytes);
    block.zero_if(bitwise.clone(), b.clone() - b_bytes);
    for i in 0..8 {
        let packed = Linear::from(c.bytes[0][i])
            + Linear::from(c.bytes[1][i]) * power_of_two(20)
            + Linear::from(c.bytes[2][i]) * power_of_two(40);
        block.entry(tag::AND, &[(0, packed)], bitwise.clone());
    }
    let both = a.clone() + b;
    block.zero_if(any(flag::AND), d.clone() - and.clone());
    block.zero_if(any(flag::OR), d.clone() - both.clone() + and.clone());
    block.zero_if(any(flag::XOR), d.clone() - both + and * F::from(2));

    c.exponent.iter().for_each(|&bit| block.boolean(bit));
    let exponent = Linear::sum((0..6).map(|i| (c.exponent[i], power_of_two(i as u64))));
    block.zero_if(any(flag::POW2), a - exponent);
    let mut power = c.core.on();
    for (i, (&bit, &column)) in c.exponent.iter().zip(&c.powers).enumerate() {
        let factor = one() + Linear::from(bit) * (power_of_two(1 << i) - F::from(1));
        block.enforce(power, factor, column);
        power = column.into();
    }
    block.zero_if(any(flag::POW2), d - power);
    c.core.step(&mut block, c.core.following());
    (block.finish(), StepColumns::Bits(c))
}

impl Columns {
    pub(super) fn fill(&self, row: &mut Row<'_>, executed: Executed<'_>, lookups: &Lookups) {
        self.core.fill(row, executed, lookups);
        let (a, b) = (executed.a(), executed.b());
        let mut exponent = 0;
        if executed.instruction.any(flag::POW2) {
            exponent = a & 63;
        } else {
            let bytes = [a, b, a & b].map(u64::to_le_bytes);
            for (columns, bytes) in self.bytes.iter().zip(bytes) {
                for (&column, byte) in columns.iter().zip(bytes) {
                    row.number(column, byte.into());
                    lookups.range(byte.into());
                }
            }
            for (a, b) in a.to_le_bytes().into_iter().zip(b.to_le_bytes()) {
                lookups.and(a.into(), b.into());
            }
        }
        for (i, (&bit, &column)) in self.exponent.iter().zip(&self.powers).enumerate() {
            row.bit(bit, exponent >> i & 1 == 1);
            row.put(column, power_of_two(exponent & ((2 << i) - 1)));
        }
    }
}
