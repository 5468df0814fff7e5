//! The SCAN, IMAGE and TABLE blocks.

use ff::Field;
use weft_folding::{
    F, power_of_two,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use crate::bus::tag;

/// Columns of a SCAN block.
#[derive(Clone, Debug)]
pub(crate) struct ScanColumns {
    pub(crate) on: Column,
    /// The program or the input names the cell's initial value.
    pub(crate) named: Column,
    pub(crate) key: Column,
    /// The key listed before.
    pub(crate) previous: Column,
    pub(crate) value: Column,
    pub(crate) last: Column,
    /// key − previous − 1 in 16-bit limbs.
    pub(crate) gap: [Column; 3],
}

/// One cell at the end of the run: takes its last value off the bus and, unless it is named, puts its start on it.
pub(crate) fn scan_shape() -> (Shape, ScanColumns) {
    let mut block = ShapeBuilder::new("scan");
    let c = ScanColumns {
        on: block.trace(),
        named: block.trace(),
        key: block.trace(),
        previous: block.trace(),
        value: block.trace(),
        last: block.trace(),
        gap: block.traces(),
    };
    block.boolean(c.on);
    block.boolean(c.named);
    block.zero_if(Linear::from(1) - c.on, c.named);
    let gap = Linear::sum((0..3).map(|i| (c.gap[i], power_of_two(16 * i as u64))));
    block.enforce(Linear::from(c.key) - c.previous - c.on - gap, 1, Linear::zero());
    c.gap
        .iter()
        .for_each(|&limb| block.entry(tag::RANGE, &[(0, limb.into())], 1));
    let off = Linear::zero() - c.on;
    block.entry(
        tag::CELL,
        &[(1, c.key.into()), (2, c.value.into()), (3, c.last.into())],
        off.clone(),
    );
    let fresh = Linear::from(c.on) - c.named;
    block.entry(
        tag::CELL,
        &[(1, c.key.into()), (2, Linear::zero()), (3, Linear::zero())],
        fresh,
    );
    block.entry(tag::SCAN, &[(1, c.previous.into())], off);
    block.entry(tag::SCAN, &[(1, c.key.into())], c.on);
    (block.finish(), c)
}

/// Fixed columns of an IMAGE row, in order: instruction?, cell?, then the fields of either.
pub(crate) const IMAGE_FIELDS: usize = 9;

/// One row of the program: an instruction, taken any number of times, or the start of a cell, put on the bus once.
/// Fields: pc, flags, a, b, d, imm, target for an instruction; key, value for a cell.
pub(crate) fn image_shape() -> (Shape, Column) {
    let mut block = ShapeBuilder::new("image");
    let [is_instruction, is_cell] = [block.fixed(), block.fixed()];
    let fields: [Column; 7] = std::array::from_fn(|_| block.fixed());
    let taken = block.trace();
    block.boolean(is_instruction);
    block.boolean(is_cell);
    block.zero_if(is_instruction, is_cell);
    block.zero_if(Linear::from(1) - is_instruction, taken);
    let row: Vec<(usize, Linear)> = (0..7).map(|i| (1 + i, fields[i].into())).collect();
    block.entry(tag::FETCH, &row, Linear::zero() - taken);
    block.entry(tag::CELL, &row[..2], is_cell);
    (block.finish(), taken)
}

/// Binary logarithm of the number of rows of the TABLE.
pub(crate) const TABLE_LOG: usize = 16;

/// Row i of the table: the number i, and the AND of its bytes.
pub(crate) fn table_shape() -> (Shape, [Column; 2]) {
    let mut block = ShapeBuilder::new("table");
    let [number, packed] = [block.fixed(), block.fixed()];
    let [ranges, ands] = block.traces();
    block.entry(tag::RANGE, &[(0, number.into())], Linear::zero() - ranges);
    block.entry(tag::AND, &[(0, packed.into())], Linear::zero() - ands);
    (block.finish(), [ranges, ands])
}

/// The fixed columns of row `i` of the table.
pub(crate) fn table_row(i: u64) -> [u64; 2] {
    let (a, b) = (i >> 8, i & 0xff);
    [i, a | b << 20 | (a & b) << 40]
}

/// The multilinear extension of the table's fixed segment: 16 row coordinates, then one that picks the column.
pub(crate) fn evaluate_table(point: &[F]) -> F {
    let (row, column) = point.split_at(TABLE_LOG);
    let (a, b) = row.split_at(8);
    let weighted = |bits: &mut dyn Iterator<Item = F>| -> F {
        bits.enumerate().map(|(i, bit)| bit * F::from(1 << (7 - i))).sum()
    };
    let (high, low) = (weighted(&mut a.iter().copied()), weighted(&mut b.iter().copied()));
    let and = weighted(&mut a.iter().zip(b).map(|(a, b)| *a * b));
    let number = high * F::from(256) + low;
    let packed = high + low * power_of_two(20) + and * power_of_two(40);
    let select = column.first().copied().unwrap_or(F::ZERO);
    number * (F::ONE - select) + packed * select
}
