//! The WORDS shape: one word of memory that one call finds and leaves.

use weft_folding::shape::{Column, Linear, Shape, ShapeBuilder};

use super::{CALL_TICK, Call, LEFT, SPREAD_CODE, call_fields, lane, spread::Pairs};
use crate::{
    bus::tag,
    program::TICKS_PER_STEP,
    step::{AccessColumns, access, one},
    witness::{Lookups, Row},
};

/// The columns of a block.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    on: Column,
    clock: Column,
    number: Column,
    /// The precompile takes and leaves its words spread.
    is_spread: Column,
    key: Column,
    index: Column,
    before: Pairs,
    after: Pairs,
    /// The values as columns of their own, which memory's entries take.
    values: [Column; 2],
    access: AccessColumns,
    /// What spreading adds to a value.
    more: [Column; 2],
}

/// The block and its columns.
pub(crate) fn shape() -> (Shape, Columns) {
    let mut builder = ShapeBuilder::new("words");
    let block = &mut builder;
    let on = block.trace();
    let multiplicity = Linear::from(on);
    let c = Columns {
        on,
        clock: block.trace(),
        number: block.trace(),
        is_spread: block.trace(),
        key: block.trace(),
        index: block.trace(),
        before: Pairs::new(block, 4, &multiplicity),
        after: Pairs::new(block, 4, &multiplicity),
        values: block.traces(),
        access: AccessColumns::new(block),
        more: block.traces(),
    };
    block.boolean(c.on);
    block.boolean(c.is_spread);
    block.zero_if(one() - on, c.is_spread);
    let code = Linear::from(c.number) + Linear::from(c.is_spread) * SPREAD_CODE.into();
    for (key, index, sign) in [(0, 0, -1), (1, 1, 1)] {
        let (key, index) = (Linear::from(c.key) + key, Linear::from(c.index) + index);
        let call = call_fields(key, c.clock.into(), index, code.clone());
        block.entry(tag::CALL, &call, signed(on, sign));
    }
    for (i, (pairs, sign)) in [(&c.before, 1), (&c.after, -1)].into_iter().enumerate() {
        block.enforce(one(), pairs.value(), c.values[i]);
        block.enforce(c.is_spread, pairs.spread() - pairs.value(), c.more[i]);
        let slot = Linear::from(c.index) + LEFT * i as u64;
        let value = Linear::from(c.values[i]) + c.more[i];
        lane(block, c.clock, c.number, slot, value, signed(on, sign));
    }
    let now = Linear::from(c.clock) + CALL_TICK;
    let [before, after] = c.values;
    access(block, c.access, (c.key.into(), before, after), now, on.into());
    (builder.finish(), c)
}

/// `column` or its negative.
fn signed(column: Column, sign: i64) -> Linear {
    if sign < 0 {
        Linear::zero() - column
    } else {
        column.into()
    }
}

impl Columns {
    /// Fills a block with word `index` of `call`.
    pub(super) fn fill(&self, row: &mut Row<'_>, call: &Call, index: usize, lookups: &Lookups) {
        let access = call.words[index];
        row.bit(self.on, true);
        row.number(self.clock, call.clock);
        row.number(self.number, call.precompile.number());
        let is_spread = call.precompile.is_spread();
        row.bit(self.is_spread, is_spread);
        row.number(self.key, access.key);
        row.number(self.index, index as u64);
        for (i, (pairs, value)) in [(&self.before, access.before), (&self.after, access.after)]
            .into_iter()
            .enumerate()
        {
            pairs.fill(row, value, lookups);
            row.number(self.values[i], value);
            if is_spread {
                row.put(
                    self.more[i],
                    super::spread::spread_word(value) - weft_folding::F::from(value),
                );
            }
        }
        const { assert!(CALL_TICK < TICKS_PER_STEP) };
        self.access
            .fill(row, Some(access), call.clock + CALL_TICK, lookups);
    }
}
