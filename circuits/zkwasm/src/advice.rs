//! The ADVICE shape: the start of a cell whose value the prover chooses. `docs/decisions/advice.md` says why that is sound.

use weft_folding::{
    Layout, power_of_two,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use crate::{
    bus::tag,
    key::Circuit,
    machine::{FinalCell, Trace},
    program::{SPACE_SHIFT, Space},
    step::{fill_number, number, numbers, range},
    witness::{Blocks, Row},
};

/// Limbs of 16 bits of an index.
const INDEX_LIMBS: usize = 2;

/// The columns of a block.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    pub(crate) on: Column,
    /// Which word.
    pub(crate) index: [Column; INDEX_LIMBS],
    /// What it is.
    pub(crate) value: [Column; 4],
}

/// The block and its columns.
pub(crate) fn shape() -> (Shape, Columns) {
    let mut block = ShapeBuilder::new("advice");
    let on = block.trace();
    block.boolean(on);
    let index: [Column; INDEX_LIMBS] = block.traces();
    for limb in index {
        range(&mut block, limb, on.into());
    }
    let [value] = numbers(&mut block, &on.into());
    let c = Columns { on, index, value };
    let offset = Linear::sum((0..).zip(c.index).map(|(i, limb)| (limb, power_of_two(16 * i))));
    let key = offset + Space::Advice.base();
    block.entry(
        tag::CELL,
        &[(1, key), (2, number(&c.value)), (3, Linear::zero())],
        on,
    );
    (block.finish(), c)
}

/// Whether a cell is a word of advice.
pub(crate) fn is_word(key: u64) -> bool {
    key >> SPACE_SHIFT == Space::Advice as u64
}

/// The words of advice that a run read, which are the last cells; none of a run without advice, for which they are zeros like all other cells.
pub(crate) fn words(trace: &Trace) -> &[FinalCell] {
    let start = trace
        .cells
        .partition_point(|cell| cell.key < Space::Advice.base());
    let words = &trace.cells[start..];
    match words.iter().any(|word| word.named) {
        true => words,
        false => &[],
    }
}

/// The witness.
pub(crate) fn blocks(trace: &Trace, layout: Layout) -> Blocks<'_> {
    let (shape, columns) = &Circuit::get().advice;
    let words = words(trace);
    Blocks {
        shape,
        layout,
        count: words.len(),
        fill: Box::new(move |row, block, lookups| {
            let word = &words[block];
            fill(columns, row, word.key - Space::Advice.base(), word.value, lookups);
        }),
    }
}

/// Fills a block with a word.
pub(crate) fn fill(
    columns: &Columns,
    row: &mut Row<'_>,
    index: u64,
    value: u64,
    lookups: &crate::witness::Lookups,
) {
    row.bit(columns.on, true);
    for (i, &limb) in columns.index.iter().enumerate() {
        let part = index >> (16 * i) & 0xffff;
        row.number(limb, part);
        lookups.range(part);
    }
    fill_number(row, &columns.value, value, lookups);
}
