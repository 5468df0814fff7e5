//! Translates one function: its frame, and what becomes of each WebAssembly instruction.

use wasmparser::{FunctionBody, Operator};

use super::{
    MAX_LOCALS, TranslateError, TrapKind,
    control::Block,
    environment::Host,
    locals::read_before_written,
    memory::Detour,
    module::{Initial, Module, refuse_float},
    operands::Operands,
    rows::{
        Operand::{Cell, Const},
        Rows, with_a, with_b,
    },
};
use crate::{
    precompiles::Precompile,
    program::{Instruction, Space, flag},
};

/// A function under translation.
pub(super) struct Body<'m, 'w> {
    pub(super) module: &'m Module<'w>,
    pub(super) rows: &'m mut Rows,
    /// Index of the function.
    pub(super) index: u32,
    /// Its first instruction.
    pub(super) start: u64,
    pub(super) params: u32,
    pub(super) results: u32,
    /// Cell of the bottom of the operand stack.
    pub(super) first_slot: u32,
    pub(super) operands: Operands,
    pub(super) next_temporary: u32,
    pub(super) blocks: Vec<Block>,
    /// Whether the point of translation can be reached.
    pub(super) live: bool,
    /// How many blocks have been opened in unreachable code.
    pub(super) skipped: u32,
    /// Slow paths of memory accesses, which follow the function.
    pub(super) detours: Vec<Detour>,
    operators: &'m [Operator<'w>],
    next: usize,
}

/// The cell of the return address in the frame of a function with these numbers of parameters and results.
pub(super) fn return_cell(params: usize, results: usize) -> u32 {
    params.max(results) as u32
}

impl<'m, 'w> Body<'m, 'w> {
    /// Appends the instructions of a function to `rows`.
    pub(super) fn translate(
        module: &'m Module<'w>,
        index: u32,
        body: &FunctionBody<'w>,
        rows: &'m mut Rows,
    ) -> Result<(), TranslateError> {
        module.refuse_float_type(index)?;
        let ty = module.type_of(index);
        let (params, results) = (ty.params().len(), ty.results().len());
        let mut declared = 0;
        for group in body.get_locals_reader()? {
            let (count, ty) = group?;
            refuse_float(&[ty], || module.describe(index))?;
            // The validator bounds the sum.
            declared += count;
        }
        if declared > MAX_LOCALS {
            return Err(TranslateError::TooManyLocals {
                function: module.describe(index),
                count: declared,
            });
        }
        let operators = body
            .get_operators_reader()?
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        let mut body = Body {
            start: rows.here(),
            module,
            rows,
            index,
            params: params as u32,
            results: results as u32,
            first_slot: return_cell(params, results) + 1 + declared,
            operands: Operands::default(),
            next_temporary: 0,
            blocks: vec![Block::function(results)],
            live: true,
            skipped: 0,
            detours: Vec::new(),
            operators: &operators,
            next: 0,
        };
        for local in read_before_written(body.params, &operators) {
            let cell = body.local(local);
            body.rows.copy(cell, Const(0));
        }
        while let Some(operator) = operators.get(body.next) {
            if body.live {
                body.take();
                body.next_temporary = body.slot(body.height());
                body.operator(operator)?;
                body.check_height()?;
            } else {
                body.next += 1;
                body.skip(operator);
            }
            if body.rows.full {
                return Err(TranslateError::TooManyInstructions);
            }
        }
        body.rows.settle_count();
        body.append_detours();
        Ok(())
    }

    /// The cell of a local.
    pub(super) fn local(&self, index: u32) -> u32 {
        if index < self.params {
            index
        } else {
            index - self.params + self.own_return_cell() + 1
        }
    }

    /// The cell of this function's return address.
    pub(super) fn own_return_cell(&self) -> u32 {
        self.params.max(self.results)
    }

    /// The WebAssembly instruction that follows.
    pub(super) fn peek(&self) -> Option<&'m Operator<'w>> {
        self.operators.get(self.next)
    }

    /// Moves on to the next WebAssembly instruction, counting the one that is passed.
    pub(super) fn take(&mut self) {
        if !matches!(self.peek(), Some(Operator::End | Operator::Else)) {
            self.rows.uncounted += 1;
        }
        self.next += 1;
    }

    /// Appends an unconditional trap.
    pub(super) fn trap(&mut self, kind: TrapKind) {
        self.rows.jump(kind.pc());
    }

    fn operator(&mut self, operator: &Operator<'w>) -> Result<(), TranslateError> {
        match operator {
            Operator::Nop => {}
            Operator::Drop => {
                self.pop();
            }
            Operator::I32Const { value } => self.push(Const(u64::from(*value as u32))),
            Operator::I64Const { value } => self.push(Const(*value as u64)),
            Operator::LocalGet { local_index } => self.push(Cell(self.local(*local_index))),
            Operator::LocalSet { local_index } => self.set_local(*local_index),
            Operator::LocalTee { local_index } => {
                self.set_local(*local_index);
                self.push(Cell(self.local(*local_index)));
            }
            Operator::GlobalGet { global_index } => self.get_global(*global_index),
            Operator::GlobalSet { global_index } => {
                let value = self.pop();
                let target = Space::Global.base() + u64::from(*global_index);
                self.rows.push(with_b(row(flag::WRITE_CELL, target), value));
            }
            _ => {
                let known = self.control(operator)
                    || self.memory(operator)
                    || self.bulk(operator)
                    || self.tables(operator)
                    || self.compare(operator)
                    || self.arithmetic(operator);
                if !known {
                    return Err(TranslateError::UnsupportedInstruction {
                        function: self.module.describe(self.index),
                        instruction: format!("{operator:?}"),
                    });
                }
            }
        }
        Ok(())
    }

    fn set_local(&mut self, index: u32) {
        let (value, cell) = (self.pop(), self.local(index));
        if value != Cell(cell) {
            self.before_write(cell);
            self.rows.copy(cell, value);
        }
    }

    fn get_global(&mut self, index: u32) {
        match self.module.globals.get(index as usize) {
            Some(global)
                if !global.mutable
                    && let Initial::Value(value) = global.value =>
            {
                self.push(Const(value));
            }
            _ => {
                let d = self.result();
                let row = row(
                    flag::READ_CELL | flag::WRITE_D,
                    Space::Global.base() + u64::from(index),
                );
                self.rows.push(Instruction { d, ..row });
            }
        }
    }

    /// Calls a host function with this number of parameters.
    pub(super) fn call_host(&mut self, host: Host, params: usize) {
        match host {
            Host::InputLen => {
                let d = self.result();
                input_len(self.rows, d);
            }
            Host::InputWord => {
                let index = self.pop();
                let index = self.in_cell(index);
                let (bytes, length) = (self.temporary(), self.temporary());
                let d = self.result();
                input_word(self.rows, index, [bytes, length], d);
            }
            Host::AdviceWord => {
                let index = self.pop();
                let a = self.operand_a(index);
                let d = self.result();
                advice_word(self.rows, a, d);
            }
            Host::OutputWord => {
                let word = self.pop();
                let a = self.operand_a(word);
                self.rows.push(with_a(row(flag::OUTPUT, 0), a));
            }
            Host::Precompile(precompile) => {
                let address = self.pop();
                let address = self.in_cell(address);
                let temporaries = [self.temporary(), self.temporary()];
                call_precompile(self.rows, precompile, address, temporaries);
            }
            Host::Nothing => {
                for _ in 0..params {
                    self.pop();
                }
            }
        }
    }
}

/// An instruction without operands.
pub(super) fn row(flags: u64, target: u64) -> Instruction {
    Instruction {
        flags,
        target,
        ..Instruction::default()
    }
}

fn input_len(rows: &mut Rows, d: u32) {
    rows.push(Instruction {
        d,
        ..row(flag::READ_CELL | flag::WRITE_D, Space::Input.base())
    });
}

fn input_word(rows: &mut Rows, index: u32, [bytes, length]: [u32; 2], d: u32) {
    // Word i exists if byte 8i does.
    rows.compute(flag::MUL, Some(index), Const(8), bytes);
    input_len(rows, length);
    rows.compute(flag::LESS, Some(bytes), Cell(length), bytes);
    rows.jump_if(Some(bytes), Const(0), true, TrapKind::InputOutOfBounds.pc());
    let read = row(flag::READ_CELL | flag::WRITE_D, Space::Input.base() + 1);
    rows.push(with_a(Instruction { d, ..read }, Some(index)));
}

/// There is a word for each index of 32 bits.
fn advice_word(rows: &mut Rows, index: Option<u32>, d: u32) {
    let read = row(flag::READ_CELL | flag::WRITE_D, Space::Advice.base());
    rows.push(with_a(Instruction { d, ..read }, index));
}

/// Words must be whole and inside memory before anything is changed.
fn call_precompile(rows: &mut Rows, precompile: Precompile, address: u32, [index, limit]: [u32; 2]) {
    let words = precompile.words() as u64;
    rows.compute(flag::REM, Some(address), Const(8), index);
    rows.jump_if(Some(index), Const(0), false, TrapKind::Misaligned.pc());
    rows.compute(flag::DIV, Some(address), Const(8), index);
    rows.push(Instruction {
        d: limit,
        ..row(flag::SIZE | flag::WRITE_D, 0)
    });
    rows.compute(flag::MUL, Some(limit), Const(PAGE_WORDS), limit);
    // Where a call may not begin: so near to the end that its words do not fit.
    rows.compute(flag::ADD, Some(index), Const(words), index);
    rows.compute(flag::LESS, Some(limit), Cell(index), limit);
    rows.jump_if(Some(limit), Const(0), false, TrapKind::MemoryOutOfBounds.pc());
    rows.compute(flag::SUB, Some(index), Const(words), index);
    let call = row(flag::PRECOMPILE, precompile.code());
    rows.push(with_a(Instruction { imm: words, ..call }, Some(index)));
}

/// Words of a page of memory.
const PAGE_WORDS: u64 = 1 << 13;

/// Appends a host function as a function of its own, for the table.
pub(super) fn host(module: &Module, index: u32, host: Host, rows: &mut Rows) {
    let ty = module.type_of(index);
    let ret = return_cell(ty.params().len(), ty.results().len());
    match host {
        Host::InputLen => input_len(rows, 0),
        Host::InputWord => input_word(rows, 0, [ret + 1, ret + 2], 0),
        Host::AdviceWord => advice_word(rows, Some(0), 0),
        Host::OutputWord => {
            rows.push(with_a(row(flag::OUTPUT, 0), Some(0)));
        }
        Host::Precompile(precompile) => call_precompile(rows, precompile, 0, [ret + 1, ret + 2]),
        Host::Nothing => {}
    }
    rows.ret(ret);
}
