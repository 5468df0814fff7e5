//! The operand stack of a function during translation, and the instructions that compute on it.
//!
//! Every position of the operand stack has its own cell, its slot. But a constant or the value of a local need not
//! be copied there when it is pushed: the stack remembers it, and the instruction that pops it reads the constant
//! or the local. Such a pending local is copied into its slot when the local changes first, and where control flow
//! meets, so that all paths agree. Pending constants can stay below a block, because they are the same on all paths.

use wasmparser::Operator;

use super::{
    MAX_OPERANDS, TranslateError,
    function::Body,
    rows::Operand::{self, Cell, Const},
};
use crate::program::flag;

/// Operations with A and B interchangeable.
const COMMUTATIVE: u64 = flag::ADD | flag::MUL | flag::ROTL | flag::AND | flag::OR | flag::XOR | flag::EQUAL;

/// The operand stack.
#[derive(Default)]
pub(super) struct Operands {
    entries: Vec<Operand>,
    /// No entry below this position is a pending local.
    settled: usize,
    /// How many entries wait to read each local's cell; kept only for locals read at all.
    pending: std::collections::HashMap<u32, u32>,
}

impl Body<'_, '_> {
    /// The cell of a position of the operand stack.
    pub(super) fn slot(&self, position: usize) -> u32 {
        self.first_slot + position as u32
    }

    /// The number of operands.
    pub(super) fn height(&self) -> usize {
        self.operands.entries.len()
    }

    /// The operand at a position.
    pub(super) fn operand(&self, position: usize) -> Operand {
        self.operands.entries[position]
    }

    /// Pushes an operand that is in its slot, a constant, or the cell of a local.
    pub(super) fn push(&mut self, operand: Operand) {
        let slot = self.slot(self.height());
        if let Cell(cell) = operand
            && cell != slot
        {
            *self.operands.pending.entry(cell).or_default() += 1;
        }
        self.operands.entries.push(operand);
    }

    /// Pops an operand.
    pub(super) fn pop(&mut self) -> Operand {
        // A validated function never pops from an empty stack.
        let operand = self.operands.entries.pop().unwrap_or(Const(0));
        self.operands.settled = self.operands.settled.min(self.height());
        self.no_longer_pending(operand, self.height());
        operand
    }

    fn no_longer_pending(&mut self, operand: Operand, position: usize) {
        if let Cell(cell) = operand
            && cell != self.slot(position)
            && let Some(count) = self.operands.pending.get_mut(&cell)
        {
            *count -= 1;
        }
    }

    /// Pops down to `height`.
    pub(super) fn shrink(&mut self, height: usize) {
        while self.height() > height {
            self.pop();
        }
    }

    /// Copies the operand at a position into its slot.
    pub(super) fn materialise(&mut self, position: usize) {
        let (operand, slot) = (self.operand(position), self.slot(position));
        self.rows.copy(slot, operand);
        self.no_longer_pending(operand, position);
        self.operands.entries[position] = Cell(slot);
    }

    /// Copies the topmost operands into their slots.
    pub(super) fn materialise_top(&mut self, count: usize) {
        (self.height() - count..self.height()).for_each(|position| self.materialise(position));
    }

    /// Copies all pending locals into their slots.
    pub(super) fn settle(&mut self) {
        for position in self.operands.settled..self.height() {
            if let Cell(_) = self.operand(position) {
                self.materialise(position);
            }
        }
        self.operands.settled = self.height();
    }

    /// Copies the operands that wait to read `cell`, which is about to change.
    pub(super) fn before_write(&mut self, cell: u32) {
        if self.operands.pending.get(&cell).is_none_or(|&count| count == 0) {
            return;
        }
        for position in self.operands.settled..self.height() {
            if self.operand(position) == Cell(cell) && cell != self.slot(position) {
                self.materialise(position);
            }
        }
    }

    /// Refuses functions whose stack grows too high.
    pub(super) fn check_height(&self) -> Result<(), TranslateError> {
        if self.height() > MAX_OPERANDS {
            return Err(TranslateError::StackTooDeep {
                function: self.module.describe(self.index),
            });
        }
        Ok(())
    }

    /// A cell for intermediate values, valid until the next WebAssembly instruction.
    pub(super) fn temporary(&mut self) -> u32 {
        self.next_temporary += 1;
        self.next_temporary - 1
    }

    /// Pushes the result of the running instruction and returns the cell it must be written to, by the last
    /// instruction that reads the operands. If the WebAssembly instruction that follows only puts the result into
    /// a local or returns it, this takes care of that.
    pub(super) fn result(&mut self) -> u32 {
        match self.peek() {
            Some(&Operator::LocalSet { local_index }) => {
                self.take();
                let cell = self.local(local_index);
                self.before_write(cell);
                cell
            }
            Some(&Operator::LocalTee { local_index }) => {
                self.take();
                let cell = self.local(local_index);
                self.before_write(cell);
                self.push(Cell(cell));
                cell
            }
            Some(Operator::Return) if self.results == 1 => {
                self.push(Cell(0));
                0
            }
            Some(Operator::End) if self.results == 1 && self.blocks.len() == 1 => {
                self.push(Cell(0));
                0
            }
            _ => {
                let slot = self.slot(self.height());
                self.push(Cell(slot));
                slot
            }
        }
    }

    /// The operand in a cell: a constant is copied into an intermediate one.
    pub(super) fn in_cell(&mut self, operand: Operand) -> u32 {
        match operand {
            Cell(cell) => cell,
            Const(_) => {
                let cell = self.temporary();
                self.rows.copy(cell, operand);
                cell
            }
        }
    }

    /// Operand A of an instruction: a cell, or nothing for 0.
    pub(super) fn operand_a(&mut self, operand: Operand) -> Option<u32> {
        match operand {
            Const(0) => None,
            _ => Some(self.in_cell(operand)),
        }
    }

    /// Appends `d = op(a, b)`.
    pub(super) fn compute(&mut self, op: u64, a: Operand, b: Operand, d: u32) {
        let (a, b) = match (a, b) {
            (Const(_), Cell(_)) if op & COMMUTATIVE != 0 => (b, a),
            _ => (a, b),
        };
        let a = self.operand_a(a);
        self.rows.compute(op, a, b, d);
    }

    /// Appends `op(a, b)` into an intermediate cell and returns it.
    pub(super) fn intermediate(&mut self, op: u64, a: Operand, b: Operand) -> Operand {
        let d = self.temporary();
        self.compute(op, a, b, d);
        Cell(d)
    }
}
