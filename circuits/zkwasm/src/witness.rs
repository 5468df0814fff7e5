//! First-phase witnesses of all four shapes, made from a trace chunk by chunk, and the lookups they make.

use std::sync::atomic::{AtomicU32, Ordering};

use ff::{Field, PrimeField};
use rayon::prelude::*;
use weft_folding::{F, Layout, Trace as Source, shape::Column};

use crate::{
    bus::SENTINEL,
    machine::{Access, FinalCell, Step, Trace},
    program::{Instruction, Program, Space, TICKS_PER_STEP, flag},
    step::{AccessColumns, StepColumns},
    tables::ScanColumns,
};

/// How often each row of the TABLE is looked up.
pub(crate) struct Lookups {
    ranges: Vec<AtomicU32>,
    ands: Vec<AtomicU32>,
}

impl Lookups {
    pub(crate) fn new() -> Self {
        let zeros = || (0..1 << 16).map(|_| AtomicU32::new(0)).collect();
        Self {
            ranges: zeros(),
            ands: zeros(),
        }
    }

    fn range(&self, value: u64) {
        if let Some(count) = self.ranges.get(value as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn and(&self, a: u64, b: u64) {
        if let Some(count) = self.ands.get((a << 8 | b) as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The TABLE's first-phase witness.
    pub(crate) fn table(&self, columns: usize, [ranges, ands]: [Column; 2]) -> Vec<F> {
        let mut out = vec![F::ZERO; columns << 16];
        for (i, row) in out.chunks_mut(columns).enumerate() {
            row[position(ranges)] = F::from(u64::from(self.ranges[i].load(Ordering::Relaxed)));
            row[position(ands)] = F::from(u64::from(self.ands[i].load(Ordering::Relaxed)));
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
fn signed(value: i128) -> F {
    let magnitude = F::from_u128(value.unsigned_abs());
    if value < 0 { -magnitude } else { magnitude }
}

/// One block's row of the first-phase witness.
pub(crate) struct Row<'a>(pub(crate) &'a mut [F]);

impl Row<'_> {
    pub(crate) fn put(&mut self, column: Column, value: F) {
        self.0[position(column)] = value;
    }

    fn number(&mut self, column: Column, value: u64) {
        self.put(column, F::from(value));
    }

    fn bit(&mut self, column: Column, value: bool) {
        self.number(column, value.into());
    }
}

/// A step and its instruction, or an off block.
pub(crate) type Executed<'a> = Option<(&'a Step, &'a Instruction, u64)>;

/// Fills one STEP block.
pub(crate) fn fill_step(row: &mut [F], c: &StepColumns, executed: Executed<'_>, lookups: &Lookups) {
    let mut row = Row(row);
    let off = (Step::default(), Instruction::default(), 0);
    let (step, instruction, clock) = match executed {
        Some((step, instruction, clock)) => (*step, *instruction, clock),
        None => off,
    };
    let has = |bits| instruction.any(bits);
    for i in 0..flag::COUNT {
        row.bit(c.flags[i], instruction.flags >> i & 1 == 1);
    }
    for (column, value) in [
        (c.pc, step.pc),
        (c.fp, step.fp),
        (c.clock, clock),
        (c.written, step.written),
        (c.pages, step.pages),
        (c.offsets[0], instruction.a.into()),
        (c.offsets[1], instruction.b.into()),
        (c.offsets[2], instruction.d.into()),
        (c.imm, instruction.imm),
        (c.target, instruction.target),
    ] {
        row.number(column, value);
    }
    let value = |access: Option<Access>| access.map_or(0, |access| access.before);
    let (a, b) = (value(step.a), value(step.b).wrapping_add(instruction.imm));
    row.number(c.a, value(step.a));
    row.number(c.b, value(step.b));
    fill_access(&mut row, c.a_access, step.a, clock, lookups);
    fill_access(&mut row, c.b_access, step.b, clock + 1, lookups);
    fill_access(&mut row, c.m_access, step.m, clock + 2, lookups);
    fill_access(&mut row, c.d_access, step.d, clock + 3, lookups);
    let d = step.d.unwrap_or_default();
    row.number(c.d_old, d.before);
    row.number(c.d_new, d.after);

    let memory = Memory::new(&step, &instruction, a);
    let limbs = limbs(&instruction, a, b, d.after, &memory);
    for (columns, limbs) in c.limbs.iter().zip(&limbs) {
        for (column, limb) in columns.iter().zip(limbs) {
            row.number(*column, *limb);
            lookups.range(*limb);
        }
    }
    if has(flag::AND | flag::OR | flag::XOR) {
        a.to_le_bytes()
            .iter()
            .zip(b.to_le_bytes())
            .for_each(|(a, b)| lookups.and((*a).into(), b.into()));
    }
    fill_arithmetic(&mut row, c, &instruction, a, b, &limbs);
    memory.fill(&mut row, c, &instruction, &step, (a, b, d), &limbs, lookups);
    fill_control(&mut row, c, &instruction, &step, a, b, &memory);
}

fn fill_access(row: &mut Row<'_>, c: AccessColumns, access: Option<Access>, now: u64, lookups: &Lookups) {
    // An access that does not happen looks as if the last one had been a tick ago.
    let (last, passed) = match access {
        Some(access) => (F::from(access.last), now.wrapping_sub(access.last + 1)),
        None => (F::from(now) - F::ONE, 0),
    };
    row.put(c.last, last);
    row.number(c.passed, passed & 0xffff);
    lookups.range(passed & 0xffff);
    lookups.range(passed >> 16);
}

fn split(value: u64) -> [u64; 4] {
    std::array::from_fn(|i| value >> (16 * i) & 0xffff)
}

fn join(limbs: [u64; 4]) -> u64 {
    limbs.iter().rev().fold(0, |sum, limb| sum << 16 | limb)
}

/// The seven 64-bit numbers of a step.
fn limbs(instruction: &Instruction, a: u64, b: u64, d: u64, memory: &Memory) -> [[u64; 4]; 7] {
    let has = |bits| instruction.any(bits);
    let bits = if has(flag::NARROW) { 32 } else { 64 };
    let mut numbers = [0u64; 7];
    if has(flag::AND | flag::OR | flag::XOR) {
        let mut bytes = [0u64; 24];
        for i in 0..8 {
            bytes[i] = a >> (8 * i) & 0xff;
            bytes[8 + i] = b >> (8 * i) & 0xff;
            bytes[16 + i] = bytes[i] & bytes[8 + i];
        }
        return std::array::from_fn(|i| std::array::from_fn(|j| bytes.get(4 * i + j).copied().unwrap_or(0)));
    }
    if has(flag::ADD) {
        numbers[0] = d;
        numbers[1] = ((u128::from(a) + u128::from(b)) >> bits) as u64;
    } else if has(flag::SUB) {
        numbers[0] = d;
        numbers[1] = (a < b).into();
    } else if has(flag::MUL) {
        numbers[0] = d;
        numbers[1] = ((u128::from(a) * u128::from(b)) >> bits) as u64;
    } else if has(flag::ROTL) {
        numbers[0] = d;
        numbers[1] = ((u128::from(a) * u128::from(b)) >> bits) as u64;
        numbers[2] = d.wrapping_sub(numbers[1]);
    } else if has(flag::DIV | flag::REM) && b != 0 {
        (numbers[0], numbers[1]) = if has(flag::DIV) {
            (a / b, a % b)
        } else {
            (a % b, a / b)
        };
        numbers[2] = b - 1 - a % b;
    } else if has(flag::LESS) {
        numbers[2] = a.wrapping_sub(b);
    } else if has(flag::RETURN) {
        numbers[0] = a;
    } else if has(flag::LOAD | flag::STORE) {
        numbers[5] = memory.to_end;
        numbers[6] = (u128::from(b) << (64 - 8 * memory.width)) as u64;
        if memory.happens {
            let Memory {
                middle,
                low,
                high,
                shift,
                width,
                ..
            } = *memory;
            numbers[..5].copy_from_slice(&[
                middle,
                low,
                high,
                (u128::from(low) << (64 - 8 * shift)) as u64,
                (u128::from(middle) << (64 - 8 * width)) as u64,
            ]);
        }
    }
    numbers.map(split)
}

fn fill_arithmetic(
    row: &mut Row<'_>,
    c: &StepColumns,
    instruction: &Instruction,
    a: u64,
    b: u64,
    limbs: &[[u64; 4]; 7],
) {
    let (first, second) = (field(&limbs[0]), field(&limbs[1]));
    let n = if instruction.any(flag::NARROW) {
        F::from(1 << 32)
    } else {
        weft_folding::power_of_two(64)
    };
    let (fa, fb) = (F::from(a), F::from(b));
    row.put(c.products[0], fa * fb);
    row.put(c.products[1], fb * second);
    row.put(c.products[2], fb * first);
    row.put(c.products[3], n * second);
    row.bit(c.equal, a == b);
    // Inverting is the dearest thing here, and most programs compare small numbers or 0.
    row.put(c.inverse, (fa - fb).invert().unwrap_or(F::ZERO));
    row.bit(c.less, instruction.any(flag::LESS) && a < b);
}

/// The value of limbs, which in bitwise operations are bytes and do not make a 64-bit number.
fn field(limbs: &[u64; 4]) -> F {
    F::from(join(*limbs))
}

/// Everything about a step's load or store.
#[derive(Clone, Copy, Default)]
struct Memory {
    is_access: bool,
    outside: bool,
    crossing: bool,
    happens: bool,
    /// Byte offset in the word.
    shift: u64,
    width: u64,
    /// Distance to the end of memory, or beyond it less one.
    to_end: u64,
    low: u64,
    middle: u64,
    high: u64,
}

impl Memory {
    fn new(step: &Step, instruction: &Instruction, a: u64) -> Self {
        if !instruction.any(flag::LOAD | flag::STORE) {
            return Self::default();
        }
        let width = instruction.width();
        let start = a + instruction.target;
        let end = step.pages << 16;
        let outside = start + width > end;
        let shift = start % 8;
        let crossing = shift + width > 8;
        let mut memory = Self {
            is_access: true,
            outside,
            crossing,
            happens: !outside && !crossing,
            shift,
            width,
            to_end: if outside {
                start + width - end - 1
            } else {
                end - start - width
            },
            ..Self::default()
        };
        if let (true, Some(access)) = (memory.happens, step.m) {
            let word = u128::from(access.before);
            memory.low = (word & ((1 << (8 * shift)) - 1)) as u64;
            memory.middle = (word >> (8 * shift) & ((1 << (8 * width)) - 1)) as u64;
            memory.high = (word >> (8 * (shift + width))) as u64;
        }
        memory
    }

    #[allow(clippy::too_many_arguments)] // One call; the arguments are the step.
    fn fill(
        &self,
        row: &mut Row<'_>,
        c: &StepColumns,
        instruction: &Instruction,
        step: &Step,
        (a, b, d): (u64, u64, Access),
        limbs: &[[u64; 4]; 7],
        lookups: &Lookups,
    ) {
        let power = weft_folding::power_of_two;
        let exponent = if instruction.any(flag::POW2) {
            a & 63
        } else {
            self.shift << 3
        };
        for i in 0..3 {
            row.bit(c.shift[i], exponent >> (3 + i) & 1 == 1);
            row.bit(c.shift[3 + i], exponent >> i & 1 == 1);
        }
        let shift = exponent >> 3;
        let low_bits = exponent & 7;
        row.put(c.powers[0], power(8 * (shift & 3)));
        row.put(c.powers[1], power(8 * shift));
        row.put(c.powers[2], power(64 - 8 * shift));
        row.put(c.pow2[0], power(low_bits & 3));
        row.put(c.pow2[1], power(low_bits));
        row.put(c.pow2[2], power(exponent));
        row.bit(c.outside, self.outside);
        row.bit(c.crossing, self.crossing);
        row.bit(c.inside, self.is_access && !self.outside);
        row.bit(c.happens, self.happens);

        let width = instruction.width() as i128;
        let start = a.wrapping_add(instruction.target);
        let to_end =
            signed(i128::from(step.pages) << 16) - F::from(a) - F::from(instruction.target) - signed(width);
        let to_word_end = 8 - i128::from(shift) - width;
        row.put(c.margins[0], if self.outside { -to_end } else { to_end });
        row.put(
            c.margins[1],
            signed(if self.crossing { -to_word_end } else { to_word_end }),
        );
        let key = match step.m {
            Some(access) => access.key,
            None if self.is_access => Space::Memory.base() + start / 8,
            None => 0,
        };
        row.number(c.m_key, key);
        if self.is_access {
            let distance = if self.crossing {
                -to_word_end - 1
            } else {
                to_word_end
            };
            lookups.range(distance as u64);
            let index = key - Space::Memory.base();
            row.number(c.index_low, index & 0xffff);
            lookups.range(index & 0xffff);
            lookups.range(index >> 16);
        }

        let (middle, low, high) = (field(&limbs[0]), field(&limbs[1]), field(&limbs[2]));
        let scale = |complement: bool| -> F {
            (0..4)
                .filter(|i| instruction.flags >> (29 + i) & 1 == 1)
                .map(|i| power(if complement { 64 - (8 << i) } else { 8 << i }))
                .sum()
        };
        let shifted_high = scale(false) * high;
        let change = power(8 * shift) * (F::from(b) - middle);
        row.put(c.parts[0], shifted_high);
        row.put(c.parts[1], power(8 * shift) * (middle + shifted_high));
        row.put(c.parts[2], low * power(64 - 8 * shift));
        row.put(c.parts[3], middle * scale(true));
        row.put(c.parts[4], change);
        if self.happens {
            row.put(c.parts[5], middle - F::from(d.before));
        }
        match step.m {
            Some(access) => {
                row.number(c.m_old, access.before);
                row.number(c.m_new, access.after);
            }
            None if instruction.any(flag::STORE) => row.put(c.m_new, change),
            None => {}
        }
    }
}

fn fill_control(
    row: &mut Row<'_>,
    c: &StepColumns,
    instruction: &Instruction,
    step: &Step,
    a: u64,
    b: u64,
    memory: &Memory,
) {
    use crate::program::TRAP_PC;
    let has = |bits| instruction.any(bits);
    let equal = a == b;
    if equal && has(flag::JUMP_EQUAL | flag::JUMP_NOT_EQUAL) {
        row.put(c.taken, if has(flag::JUMP_EQUAL) { F::ONE } else { -F::ONE });
    }
    let following = F::from(step.pc) + F::ONE;
    let mut jump = |i: usize, happens: bool, to: F| {
        if happens {
            row.put(c.jumps[i], to - following);
        }
    };
    let taken = has(flag::JUMP_EQUAL) && equal || has(flag::JUMP_NOT_EQUAL) && !equal;
    let target = F::from(instruction.target);
    jump(0, taken || has(flag::HALT), target);
    jump(1, has(flag::JUMP), F::from(a) + target);
    jump(2, has(flag::RETURN), F::from(a & 0xffff_ffff));
    jump(3, memory.outside, F::from(TRAP_PC));
    if has(flag::CALL) {
        row.number(c.frames[0], instruction.imm);
    }
    if has(flag::RETURN) {
        row.number(c.frames[1], a >> 32);
    }
    if has(flag::HALT) {
        row.number(c.frames[2], step.fp);
        row.number(c.resizes[1], step.pages);
    }
    if has(flag::RESIZE) {
        row.put(c.resizes[0], F::from(a) - F::from(step.pages));
    }
}

/// The STEP witness.
pub(crate) struct StepSource<'a> {
    pub(crate) columns: &'a StepColumns,
    pub(crate) width: usize,
    pub(crate) layout: Layout,
    pub(crate) program: &'a Program,
    pub(crate) trace: &'a Trace,
}

impl StepSource<'_> {
    pub(crate) fn fill(&self, chunk: usize, lookups: &Lookups) -> Vec<F> {
        let blocks = 1 << self.layout.log_blocks;
        let mut out = vec![F::ZERO; self.width * blocks];
        out.par_chunks_mut(self.width)
            .enumerate()
            .for_each(|(block, row)| {
                let index = chunk * blocks + block;
                let executed = self.trace.steps.get(index).map(|step| {
                    let clock = TICKS_PER_STEP * (index as u64 + 1);
                    (step, &self.program.code[step.pc as usize], clock)
                });
                fill_step(row, self.columns, executed, lookups);
            });
        out
    }
}

impl Source for StepSource<'_> {
    fn chunk(&self, index: usize) -> Vec<F> {
        self.fill(index, &Lookups::new())
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
        self.fill(index, &Lookups::new())
    }
}

/// A witness that is kept: the single chunk of IMAGE or TABLE.
pub(crate) struct Kept(pub(crate) Vec<F>);

impl Source for Kept {
    fn chunk(&self, _: usize) -> Vec<F> {
        self.0.clone()
    }
}
