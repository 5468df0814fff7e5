//! First-phase witnesses of all shapes, made from a trace chunk by chunk, and the lookups they make.

use std::sync::atomic::{AtomicU32, Ordering};

use ff::{Field, PrimeField};
use rayon::prelude::*;
use weft_folding::{
    F, Layout, Trace as Source,
    shape::{Column, Shape},
};

use crate::{
    bus::SENTINEL,
    machine::{FinalCell, Trace},
    program::Program,
    step::{Executed, StepShape},
    tables::ScanColumns,
};

/// How often each row of TABLE and SPREAD is looked up; or nothing, where nobody wants to know.
#[derive(Default)]
pub(crate) struct Lookups {
    ranges: Vec<AtomicU32>,
    ands: Vec<AtomicU32>,
    spreads: Vec<AtomicU32>,
    pairs: Vec<AtomicU32>,
}

impl Lookups {
    pub(crate) fn new() -> Self {
        let zeros = || (0..1 << 16).map(|_| AtomicU32::new(0)).collect();
        Self {
            ranges: zeros(),
            ands: zeros(),
            spreads: zeros(),
            pairs: zeros(),
        }
    }

    /// Counts nothing.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    fn count(counts: &[AtomicU32], row: u64) {
        if let Some(count) = counts.get(row as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn range(&self, value: u64) {
        Self::count(&self.ranges, value);
    }

    pub(crate) fn and(&self, a: u64, b: u64) {
        Self::count(&self.ands, a << 8 | b);
    }

    /// The spread form of these 16 bits.
    pub(crate) fn spread(&self, bits: u64) {
        Self::count(&self.spreads, bits);
    }

    /// Both forms of these 16 bits.
    pub(crate) fn pair(&self, bits: u64) {
        Self::count(&self.pairs, bits);
    }

    /// The TABLE's first-phase witness.
    pub(crate) fn table(&self, width: usize, columns: [Column; 2]) -> Vec<F> {
        Self::witness(width, columns, [&self.ranges, &self.ands])
    }

    /// The first-phase witness of SPREAD.
    pub(crate) fn spread_table(&self, width: usize, columns: [Column; 2]) -> Vec<F> {
        Self::witness(width, columns, [&self.spreads, &self.pairs])
    }

    fn witness(width: usize, columns: [Column; 2], counts: [&[AtomicU32]; 2]) -> Vec<F> {
        let mut out = vec![F::ZERO; width << 16];
        for (i, row) in out.chunks_mut(width).enumerate() {
            for (column, counts) in columns.into_iter().zip(counts) {
                row[position(column)] = F::from(u64::from(counts[i].load(Ordering::Relaxed)));
            }
        }
        out
    }
}

fn position(column: Column) -> usize {
    match column {
        Column::Trace(i) => i,
        _ => unreachable!("only first-phase columns are filled here"),
    }
}

/// A signed number in the field.
pub(crate) fn signed(value: i128) -> F {
    let magnitude = F::from_u128(value.unsigned_abs());
    if value < 0 { -magnitude } else { magnitude }
}

/// The element that little-endian words stand for, modulo the field's order.
pub(crate) fn wide(words: [u64; 4]) -> F {
    let [a, b, c, d] = words.map(F::from);
    let shift = F::from_u128(1 << 64);
    ((d * shift + c) * shift + b) * shift + a
}

/// One block's row of the first-phase witness.
pub(crate) struct Row<'a>(pub(crate) &'a mut [F]);

impl Row<'_> {
    pub(crate) fn put(&mut self, column: Column, value: F) {
        self.0[position(column)] = value;
    }

    pub(crate) fn number(&mut self, column: Column, value: u64) {
        self.put(column, F::from(value));
    }

    pub(crate) fn bit(&mut self, column: Column, value: bool) {
        self.number(column, value.into());
    }
}

/// The STEP witness of a class.
pub(crate) struct StepSource<'a> {
    pub(crate) shape: &'a StepShape,
    pub(crate) layout: Layout,
    pub(crate) program: &'a Program,
    pub(crate) trace: &'a Trace,
    /// The steps of the class, by their index in the trace.
    pub(crate) steps: Vec<u32>,
}

impl StepSource<'_> {
    pub(crate) fn fill(&self, chunk: usize, lookups: &Lookups) -> Vec<F> {
        let blocks = 1 << self.layout.log_blocks;
        let width = self.shape.shape.columns();
        let mut out = vec![F::ZERO; width * blocks];
        let steps = self.steps.get(chunk * blocks..).unwrap_or_default();
        out.par_chunks_mut(width).zip(steps).for_each(|(row, &index)| {
            let step = &self.trace.steps[index as usize];
            let instruction = &self.program.code[step.pc as usize];
            let executed = Executed::new(index as usize, step, instruction);
            self.shape.fill(row, executed, lookups);
        });
        out
    }
}

impl Source for StepSource<'_> {
    fn chunk(&self, index: usize) -> Vec<F> {
        self.fill(index, &Lookups::none())
    }
}

/// Fills a block, which is zero: the row, which block, the lookups that it makes.
type FillBlock<'a> = Box<dyn Fn(&mut Row<'_>, usize, &Lookups) + Sync + 'a>;

/// The witness of a shape whose blocks are filled one by one.
pub(crate) struct Blocks<'a> {
    pub(crate) shape: &'a Shape,
    pub(crate) layout: Layout,
    /// Blocks that are on.
    pub(crate) count: usize,
    pub(crate) fill: FillBlock<'a>,
}

impl Blocks<'_> {
    pub(crate) fn fill(&self, chunk: usize, lookups: &Lookups) -> Vec<F> {
        let blocks = 1 << self.layout.log_blocks;
        let width = self.shape.columns();
        let mut out = vec![F::ZERO; width * blocks];
        let first = chunk * blocks;
        let on = self.count.saturating_sub(first).min(blocks);
        out.par_chunks_mut(width)
            .take(on)
            .enumerate()
            .for_each(|(block, row)| (self.fill)(&mut Row(row), first + block, lookups));
        out
    }
}

impl Source for Blocks<'_> {
    fn chunk(&self, index: usize) -> Vec<F> {
        self.fill(index, &Lookups::none())
    }
}

/// The SCAN witness.
pub(crate) struct ScanSource<'a> {
    pub(crate) columns: &'a ScanColumns,
    pub(crate) width: usize,
    pub(crate) layout: Layout,
    pub(crate) cells: &'a [FinalCell],
}

impl ScanSource<'_> {
    /// Fills a chunk. The sentinel comes after the last cell.
    pub(crate) fn fill(&self, chunk: usize, lookups: &Lookups) -> Vec<F> {
        let c = self.columns;
        let blocks = 1 << self.layout.log_blocks;
        let mut out = vec![F::ZERO; self.width * blocks];
        let sentinel = FinalCell {
            key: SENTINEL,
            value: 0,
            last: 0,
            named: false,
        };
        out.par_chunks_mut(self.width)
            .enumerate()
            .for_each(|(block, row)| {
                let mut row = Row(row);
                let index = chunk * blocks + block;
                let cell = match self.cells.get(index) {
                    Some(cell) => Some(cell),
                    None => (index == self.cells.len()).then_some(&sentinel),
                };
                let mut gap = 0;
                if let Some(cell) = cell {
                    let previous = index.checked_sub(1).map_or(0, |i| self.cells[i].key);
                    gap = cell.key.wrapping_sub(previous + 1);
                    row.bit(c.on, true);
                    row.bit(c.named, cell.named);
                    row.number(c.key, cell.key);
                    row.number(c.previous, previous);
                    row.number(c.value, cell.value);
                    row.number(c.last, cell.last);
                }
                for (i, &column) in c.gap.iter().enumerate() {
                    let limb = gap >> (16 * i) & 0xffff;
                    row.number(column, limb);
                    lookups.range(limb);
                }
            });
        out
    }
}

impl Source for ScanSource<'_> {
    fn chunk(&self, index: usize) -> Vec<F> {
        self.fill(index, &Lookups::none())
    }
}

/// A witness that is kept: the single chunk of IMAGE or TABLE.
pub(crate) struct Kept(pub(crate) Vec<F>);

impl Source for Kept {
    fn chunk(&self, _: usize) -> Vec<F> {
        self.0.clone()
    }
}
