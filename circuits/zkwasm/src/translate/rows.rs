//! The instructions under construction.

use super::MAX_INSTRUCTIONS;
use crate::program::{Instruction, flag};

/// A value an instruction can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    /// A frame cell.
    Cell(u32),
    /// A constant; 32-bit ones are zero-extended.
    Const(u64),
}

/// A jump target that is known once everything is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Link {
    /// A function, by index.
    Function(u32),
    /// A routine for memory accesses that cross into the next word.
    Crossing(Crossing),
    /// A routine that fills or copies.
    Bulk(Bulk),
    /// Not a jump: the immediate becomes a reference to this function.
    Reference(u32),
}

/// Which routine that fills or copies; see `bulk`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bulk {
    /// Fills memory with a byte.
    FillMemory,
    /// Copies within memory.
    CopyMemory,
    /// Copies from a segment to memory.
    InitMemory,
    /// Fills cells.
    FillCells,
    /// Copies cells.
    CopyCells,
}

/// Which routine for crossing accesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Crossing {
    /// Access width in bytes: 2, 4 or 8.
    pub(super) width: u64,
    /// Whether it stores.
    pub(super) store: bool,
    /// What it adds to the address.
    pub(super) offset: u64,
}

/// Instructions in the order of their index.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) code: Vec<Instruction>,
    pub(super) completes: Vec<u32>,
    pub(super) links: Vec<(usize, Link)>,
    /// WebAssembly instructions that no row completes yet.
    pub(super) uncounted: u32,
    /// Whether rows were dropped because there were too many.
    pub(super) full: bool,
}

impl Rows {
    /// Index of the next instruction.
    pub(super) fn here(&self) -> u64 {
        self.code.len() as u64
    }

    /// Appends an instruction and returns its index.
    pub(super) fn push(&mut self, row: Instruction) -> usize {
        let index = self.code.len();
        if index == MAX_INSTRUCTIONS {
            self.full = true;
        } else {
            self.code.push(row);
            self.completes.push(std::mem::take(&mut self.uncounted));
        }
        index
    }

    /// Appends `D = op(A, B)`. Without a cell `a`, A is 0.
    pub(super) fn compute(&mut self, op: u64, a: Option<u32>, b: Operand, d: u32) -> usize {
        let row = Instruction {
            flags: op | flag::WRITE_D,
            d,
            ..Instruction::default()
        };
        self.push(with_b(with_a(row, a), b))
    }

    /// Appends a copy of `from` to `to`, if they differ.
    pub(super) fn copy(&mut self, to: u32, from: Operand) {
        match from {
            Operand::Cell(cell) if cell == to => {}
            Operand::Cell(cell) => {
                self.compute(flag::ADD, Some(cell), Operand::Const(0), to);
            }
            Operand::Const(_) => {
                self.compute(flag::ADD, None, from, to);
            }
        }
    }

    /// Appends an unconditional jump.
    pub(super) fn jump(&mut self, target: u64) -> usize {
        self.push(Instruction {
            flags: flag::JUMP,
            target,
            ..Instruction::default()
        })
    }

    /// Appends a jump that is taken if A = B, or if `equal` is false, if A ≠ B.
    pub(super) fn jump_if(&mut self, a: Option<u32>, b: Operand, equal: bool, target: u64) -> usize {
        let flags = if equal {
            flag::JUMP_EQUAL
        } else {
            flag::JUMP_NOT_EQUAL
        };
        self.push(with_b(
            with_a(
                Instruction {
                    flags,
                    target,
                    ..Instruction::default()
                },
                a,
            ),
            b,
        ))
    }

    /// Appends a call that opens its frame at `shift` and keeps the return address at `d`.
    pub(super) fn call(&mut self, link: Link, shift: u32, d: u32) {
        let row = self.push(call_row(shift, d));
        self.links.push((row, link));
    }

    /// Appends a constant that refers to a function.
    pub(super) fn reference(&mut self, function: u32, d: u32) {
        let row = self.compute(flag::ADD, None, Operand::Const(0), d);
        self.links.push((row, Link::Reference(function)));
    }

    /// Appends a call of the function whose index is in cell `a`.
    pub(super) fn call_cell(&mut self, a: u32, shift: u32, d: u32) {
        self.push(with_a(call_row(shift, d), Some(a)));
    }

    /// Appends a return to the address in cell `a`.
    pub(super) fn ret(&mut self, a: u32) {
        self.push(with_a(
            Instruction {
                flags: flag::RETURN,
                ..Instruction::default()
            },
            Some(a),
        ));
    }

    /// Takes everything from the instruction `start` on away again.
    pub(super) fn truncate(&mut self, start: u64) {
        let length = start as usize;
        self.code.truncate(length);
        self.completes.truncate(length);
        self.links.retain(|&(row, _)| row < length);
    }

    /// Sets where the jump at `row` goes.
    pub(super) fn patch(&mut self, row: usize, target: u64) {
        if let Some(row) = self.code.get_mut(row) {
            row.target = target;
        }
    }

    /// Sets the constant that `row` loads.
    pub(super) fn patch_constant(&mut self, row: usize, value: u64) {
        if let Some(row) = self.code.get_mut(row) {
            row.imm = value;
        }
    }

    /// Counts what no row completes yet with the row before, so that a loop does not count it again.
    pub(super) fn settle_count(&mut self) {
        if let Some(last) = self.completes.last_mut() {
            *last += std::mem::take(&mut self.uncounted);
        }
    }
}

fn call_row(shift: u32, d: u32) -> Instruction {
    let flags = flag::CALL | flag::JUMP | flag::WRITE_D;
    Instruction {
        flags,
        d,
        imm: shift.into(),
        ..Instruction::default()
    }
}

/// Adds operand A.
pub(super) fn with_a(mut row: Instruction, a: Option<u32>) -> Instruction {
    if let Some(cell) = a {
        row.flags |= flag::USE_A;
        row.a = cell;
    }
    row
}

/// Adds operand B.
pub(super) fn with_b(mut row: Instruction, b: Operand) -> Instruction {
    match b {
        Operand::Cell(cell) => {
            row.flags |= flag::USE_B;
            row.b = cell;
        }
        Operand::Const(value) => row.imm = value,
    }
    row
}
