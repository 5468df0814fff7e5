//! The four STEP shapes: one executed instruction a block, each shape for one class of instructions.
//!
//! A block of any of them takes the state before its step off the bus and puts the state after it there, so that the steps of
//! all shapes form one path. `docs/decisions/zkwasm-proof.md`, section 4, argues why each equation has one solution;
//! `program::flag` says in words what each flag does. A block that is off has zeros in all its columns.

pub(crate) mod arithmetic;
pub(crate) mod bits;
pub(crate) mod control;
pub(crate) mod memory;

use ff::Field;
use weft_folding::{
    F, power_of_two,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use crate::{
    bus::tag,
    machine::{Access, Step},
    program::{Instruction, Space, TICKS_PER_STEP, flag},
    witness::{Lookups, Row},
};

/// A class of instructions: those that share a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Sums, products, quotients, rotations, comparisons.
    Arithmetic,
    /// AND, OR, XOR and powers of two.
    Bits,
    /// Memory and other cells than those of the frame.
    Memory,
    /// What changes pc, frame, pages or output otherwise.
    Control,
}

impl Class {
    /// Every class, in the order of the shapes in a proof.
    pub(crate) const ALL: [Self; 4] = [Self::Arithmetic, Self::Bits, Self::Memory, Self::Control];

    /// Flags that say what an instruction of the class does: exactly one is set in an instruction of a well-formed program.
    /// `CALL` is not among them because it comes with `JUMP`.
    pub(crate) const fn operations(self) -> u64 {
        match self {
            Self::Arithmetic => {
                flag::ADD
                    | flag::SUB
                    | flag::MUL
                    | flag::DIV
                    | flag::REM
                    | flag::ROTL
                    | flag::LESS
                    | flag::EQUAL
            }
            Self::Bits => flag::AND | flag::OR | flag::XOR | flag::POW2,
            Self::Memory => flag::LOAD | flag::STORE | flag::READ_CELL | flag::WRITE_CELL,
            Self::Control => {
                flag::JUMP_EQUAL
                    | flag::JUMP_NOT_EQUAL
                    | flag::JUMP
                    | flag::RETURN
                    | flag::SIZE
                    | flag::RESIZE
                    | flag::OUTPUT
                    | flag::HALT
                    | flag::PRECOMPILE
            }
        }
    }

    /// The class of an instruction; that of control for one without operation, which a well-formed program has not.
    pub(crate) fn of(instruction: &Instruction) -> Self {
        Self::ALL
            .into_iter()
            .find(|class| instruction.any(class.operations()))
            .unwrap_or(Self::Control)
    }
}

/// A step with its instruction and clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Executed<'a> {
    pub(crate) step: &'a Step,
    pub(crate) instruction: &'a Instruction,
    pub(crate) clock: u64,
}

impl<'a> Executed<'a> {
    /// Step number `index` of a run.
    pub(crate) fn new(index: usize, step: &'a Step, instruction: &'a Instruction) -> Self {
        Self {
            step,
            instruction,
            clock: TICKS_PER_STEP * (index as u64 + 1),
        }
    }

    /// Operand A.
    pub(crate) fn a(&self) -> u64 {
        self.step.a.map_or(0, |access| access.before)
    }

    /// Operand B.
    pub(crate) fn b(&self) -> u64 {
        let cell = self.step.b.map_or(0, |access| access.before);
        cell.wrapping_add(self.instruction.imm)
    }

    /// What is in the result's cell before and after; zeros if there is no result.
    pub(crate) fn d(&self) -> Access {
        self.step.d.unwrap_or_default()
    }
}

/// A shape of a class of steps and how its witness is filled.
#[derive(Clone, Debug)]
pub(crate) struct StepShape {
    pub(crate) shape: Shape,
    pub(crate) columns: StepColumns,
}

/// The columns of a class.
#[derive(Clone, Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "four values are made in the life of the process"
)]
pub(crate) enum StepColumns {
    Arithmetic(arithmetic::Columns),
    Bits(bits::Columns),
    Memory(memory::Columns),
    Control(control::Columns),
}

impl StepShape {
    /// The shape of a class.
    pub(crate) fn new(class: Class) -> Self {
        let (shape, columns) = match class {
            Class::Arithmetic => arithmetic::shape(),
            Class::Bits => bits::shape(),
            Class::Memory => memory::shape(),
            Class::Control => control::shape(),
        };
        Self { shape, columns }
    }

    /// Fills one block, which is zero.
    pub(crate) fn fill(&self, row: &mut [F], executed: Executed<'_>, lookups: &Lookups) {
        let mut row = Row(row);
        match &self.columns {
            StepColumns::Arithmetic(columns) => columns.fill(&mut row, executed, lookups),
            StepColumns::Bits(columns) => columns.fill(&mut row, executed, lookups),
            StepColumns::Memory(columns) => columns.fill(&mut row, executed, lookups),
            StepColumns::Control(columns) => columns.fill(&mut row, executed, lookups),
        }
    }

    /// The columns that all classes have.
    #[cfg(test)]
    pub(crate) fn core(&self) -> &Core {
        match &self.columns {
            StepColumns::Arithmetic(columns) => &columns.core,
            StepColumns::Bits(columns) => &columns.core,
            StepColumns::Memory(columns) => &columns.core,
            StepColumns::Control(columns) => &columns.core,
        }
    }
}

/// Columns of a read or written cell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccessColumns {
    /// Tick of the previous access.
    pub(crate) last: Column,
    /// Low 16 bits of the time that passed since, less one.
    pub(crate) passed: Column,
}

/// The columns that all classes have: the instruction, the state before it, its operands and its result.
#[derive(Clone, Debug)]
pub(crate) struct Core {
    operations: u64,
    /// Flags that are set in every instruction of the class.
    implied: u64,
    /// The flags that an instruction of the class can have, by bit.
    pub(crate) flags: Vec<(usize, Column)>,
    pub(crate) pc: Column,
    pub(crate) fp: Column,
    pub(crate) clock: Column,
    pub(crate) written: Column,
    pub(crate) pages: Column,
    /// Frame offsets of operands and result.
    pub(crate) offsets: [Column; 3],
    pub(crate) imm: Column,
    /// Absent in classes whose instructions have target 0.
    pub(crate) target: Option<Column>,
    /// Values of the frame cells A and B, 0 if not used.
    pub(crate) a: Column,
    pub(crate) b: Column,
    pub(crate) d_old: Column,
    pub(crate) d_new: Column,
    pub(crate) a_access: AccessColumns,
    pub(crate) b_access: AccessColumns,
    pub(crate) d_access: AccessColumns,
}

/// The state after a step, but for the clock.
pub(crate) struct Next {
    pub(crate) pc: Linear,
    pub(crate) fp: Linear,
    pub(crate) written: Linear,
    pub(crate) pages: Linear,
}

impl Core {
    /// Adds the columns to a block, and the constraints on what they have in common: flags are boolean, at most one operation is set,
    /// all fields are those of a row of the program, operands and result are those of the frame's cells. `modifiers` are
    /// the flags that the class has beside its operations, `implied` those that all its instructions have.
    pub(crate) fn new(
        block: &mut ShapeBuilder,
        class: Class,
        modifiers: u64,
        implied: u64,
        has_target: bool,
    ) -> Self {
        let flags = (0..flag::COUNT)
            .filter(|i| (class.operations() | modifiers) >> i & 1 == 1)
            .map(|i| (i, block.trace()))
            .collect();
        let core = Self {
            operations: class.operations(),
            implied,
            flags,
            pc: block.trace(),
            fp: block.trace(),
            clock: block.trace(),
            written: block.trace(),
            pages: block.trace(),
            offsets: block.traces(),
            imm: block.trace(),
            target: has_target.then(|| block.trace()),
            a: block.trace(),
            b: block.trace(),
            d_old: block.trace(),
            d_new: block.trace(),
            a_access: AccessColumns::new(block),
            b_access: AccessColumns::new(block),
            d_access: AccessColumns::new(block),
        };
        core.fetch(block);
        core.operands(block);
        core
    }

    /// The sum of the flags in `bits`.
    pub(crate) fn any(&self, bits: u64) -> Linear {
        let held = self.flags.iter().filter(|(bit, _)| bits >> bit & 1 == 1);
        let held = Linear::sum(held.map(|&(_, column)| (column, F::ONE)));
        match (bits & self.implied).count_ones() {
            0 => held,
            implied => held + self.on() * F::from(u64::from(implied)),
        }
    }

    /// 1 if the block is a step, 0 if it is off.
    pub(crate) fn on(&self) -> Linear {
        self.any(self.operations)
    }

    pub(crate) fn operand_a(&self) -> Linear {
        self.a.into()
    }

    pub(crate) fn operand_b(&self) -> Linear {
        Linear::from(self.b) + self.imm
    }

    pub(crate) fn result(&self) -> Linear {
        self.d_new.into()
    }

    /// The instruction's target.
    pub(crate) fn target(&self) -> Linear {
        self.target.map_or(Linear::zero(), Linear::from)
    }

    fn fetch(&self, block: &mut ShapeBuilder) {
        self.flags.iter().for_each(|&(_, column)| block.boolean(column));
        let on = self.on();
        block.enforce(on.clone(), on.clone() - 1, Linear::zero());
        block.zero_if(one() - on.clone(), self.any(!self.implied));
        let flags = Linear::sum(
            self.flags
                .iter()
                .map(|&(bit, column)| (column, power_of_two(bit as u64))),
        );
        let flags = flags + on.clone() * F::from(self.implied);
        let mut fields = vec![(1, self.pc.into()), (2, flags)];
        fields.extend((0..3).map(|i| (3 + i, self.offsets[i].into())));
        fields.extend([(6, self.imm.into()), (7, self.target())]);
        block.entry(tag::FETCH, &fields, on);
    }

    /// Reads of A and B, 0 if not used; the write of D.
    fn operands(&self, block: &mut ShapeBuilder) {
        let frame = |i: usize| Linear::from(self.fp) + self.offsets[i] + Space::Frame.base();
        let (use_a, use_b) = (self.any(flag::USE_A), self.any(flag::USE_B));
        block.zero_if(one() - use_a.clone(), self.a);
        block.zero_if(one() - use_b.clone(), self.b);
        self.access(block, self.a_access, (frame(0), self.a, self.a), 0, use_a);
        self.access(block, self.b_access, (frame(1), self.b, self.b), 1, use_b);
        let written = (frame(2), self.d_old, self.d_new);
        self.access(block, self.d_access, written, 3, self.any(flag::WRITE_D));
    }

    /// An access to a cell at `tick` of this step, which happens if `multiplicity` is 1.
    pub(crate) fn access(
        &self,
        block: &mut ShapeBuilder,
        columns: AccessColumns,
        cell: (Linear, Column, Column),
        tick: u64,
        multiplicity: Linear,
    ) {
        access(
            block,
            columns,
            cell,
            Linear::from(self.clock) + tick,
            multiplicity,
        );
    }

    /// The state after a step that goes on with the next instruction and changes nothing else.
    pub(crate) fn following(&self) -> Next {
        Next {
            pc: Linear::from(self.pc) + 1,
            fp: self.fp.into(),
            written: self.written.into(),
            pages: self.pages.into(),
        }
    }

    /// Takes the state before off the bus and puts the state after there.
    pub(crate) fn step(&self, block: &mut ShapeBuilder, next: Next) {
        let on = self.on();
        let state = |pc, fp, clock, written, pages| [(1, pc), (2, fp), (3, clock), (4, written), (5, pages)];
        let now = state(
            self.pc.into(),
            self.fp.into(),
            self.clock.into(),
            self.written.into(),
            self.pages.into(),
        );
        let clock = Linear::from(self.clock) + TICKS_PER_STEP;
        let next = state(next.pc, next.fp, clock, next.written, next.pages);
        block.entry(tag::CONTROL, &now, Linear::zero() - on.clone());
        block.entry(tag::CONTROL, &next, on);
    }

    /// Fills all of these columns.
    pub(crate) fn fill(&self, row: &mut Row<'_>, executed: Executed<'_>, lookups: &Lookups) {
        let Executed {
            step,
            instruction,
            clock,
        } = executed;
        for &(bit, column) in &self.flags {
            row.bit(column, instruction.flags >> bit & 1 == 1);
        }
        for (column, value) in [
            (self.pc, step.pc),
            (self.fp, step.fp),
            (self.clock, clock),
            (self.written, step.written),
            (self.pages, step.pages),
            (self.offsets[0], instruction.a.into()),
            (self.offsets[1], instruction.b.into()),
            (self.offsets[2], instruction.d.into()),
            (self.imm, instruction.imm),
            (self.a, step.a.map_or(0, |access| access.before)),
            (self.b, step.b.map_or(0, |access| access.before)),
            (self.d_old, executed.d().before),
            (self.d_new, executed.d().after),
        ] {
            row.number(column, value);
        }
        if let Some(target) = self.target {
            row.number(target, instruction.target);
        }
        self.a_access.fill(row, step.a, clock, lookups);
        self.b_access.fill(row, step.b, clock + 1, lookups);
        self.d_access.fill(row, step.d, clock + 3, lookups);
    }
}

/// An access to the cell `key` at the time `now`, which happens if `multiplicity` is 1.
pub(crate) fn access(
    block: &mut ShapeBuilder,
    columns: AccessColumns,
    (key, old, new): (Linear, Column, Column),
    now: Linear,
    multiplicity: Linear,
) {
    let passed = now.clone() - columns.last - 1;
    range(block, columns.passed, multiplicity.clone());
    let high = (passed - columns.passed) * inverse_of_two_to(16);
    range(block, high, multiplicity.clone());
    let cell = |value: Column, time: Linear| [(1, key.clone()), (2, value.into()), (3, time)];
    let off = Linear::zero() - multiplicity.clone();
    block.entry(tag::CELL, &cell(old, columns.last.into()), off);
    block.entry(tag::CELL, &cell(new, now), multiplicity);
}

impl AccessColumns {
    pub(crate) fn new(block: &mut ShapeBuilder) -> Self {
        Self {
            last: block.trace(),
            passed: block.trace(),
        }
    }

    pub(crate) fn fill(self, row: &mut Row<'_>, access: Option<Access>, now: u64, lookups: &Lookups) {
        if let Some(access) = access {
            let passed = now.wrapping_sub(access.last + 1);
            row.number(self.last, access.last);
            row.number(self.passed, passed & 0xffff);
            lookups.range(passed & 0xffff);
            lookups.range(passed >> 16);
        } else {
            // Nothing is checked of it.
            row.number(self.last, 0);
        }
    }
}

/// 64-bit numbers in 16-bit limbs, all of them checked if the block is on.
pub(crate) fn numbers<const N: usize>(block: &mut ShapeBuilder, on: &Linear) -> [[Column; 4]; N] {
    let limbs: [[Column; 4]; N] = std::array::from_fn(|_| block.traces());
    limbs
        .iter()
        .flatten()
        .for_each(|&limb| range(block, limb, on.clone()));
    limbs
}

/// The number in limbs.
pub(crate) fn number(limbs: &[Column; 4]) -> Linear {
    Linear::sum((0..4).map(|i| (limbs[i], power_of_two(16 * i as u64))))
}

/// Fills the limbs of a number.
pub(crate) fn fill_number(row: &mut Row<'_>, limbs: &[Column; 4], value: u64, lookups: &Lookups) {
    for (i, &limb) in limbs.iter().enumerate() {
        let part = value >> (16 * i) & 0xffff;
        row.number(limb, part);
        lookups.range(part);
    }
}

/// `value` is below 2^16, if `multiplicity` is not 0.
pub(crate) fn range(block: &mut ShapeBuilder, value: impl Into<Linear>, multiplicity: Linear) {
    block.entry(tag::RANGE, &[(0, value.into())], multiplicity);
}

pub(crate) fn inverse_of_two_to(exponent: u64) -> F {
    power_of_two(exponent).invert().unwrap_or(F::ONE)
}

pub(crate) fn one() -> Linear {
    1.into()
}
