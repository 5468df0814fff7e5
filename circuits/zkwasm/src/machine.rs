//! Runs a [`Program`] natively and records what the circuit needs: every step with its cell accesses.

mod operations;

use std::collections::HashMap;

use crate::{
    advice::is_word,
    precompiles::{CALL_TICK, Call, Precompile},
    program::{HALTED, Instruction, Program, SPACE_SHIFT, Space, TICKS_PER_STEP, TRAP_PC, flag},
};
use operations::{Place, cell_key, compute, locate};

/// A cell access: the value found and left, and the tick of the previous access.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Key of the cell.
    pub key: u64,
    /// Value before.
    pub before: u64,
    /// Value after; equal to `before` for a read.
    pub after: u64,
    /// Tick of the cell's previous access, 0 for none.
    pub last: u64,
}

impl Access {
    /// A read whose value `alter` may change, without the cell.
    fn saying(mut self, effect: Effect, alter: &mut dyn FnMut(Effect, u64) -> u64) -> Self {
        self.before = alter(effect, self.before);
        self.after = self.before;
        self
    }
}

/// One executed instruction. Accesses happen in the order of the fields, at ticks `clock + 0 .. clock + 3`, where
/// `clock` is `TICKS_PER_STEP * (index of the step + 1)`. The words of a call of a precompile are in [`Trace::calls`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Instruction index.
    pub pc: u64,
    /// First cell of the frame.
    pub fp: u64,
    /// Memory size in pages.
    pub pages: u64,
    /// Words written to the output stream before this step.
    pub written: u64,
    /// Read of operand A.
    pub a: Option<Access>,
    /// Read of operand B.
    pub b: Option<Access>,
    /// Access to memory, a global, a table or the input.
    pub m: Option<Access>,
    /// Write of the result.
    pub d: Option<Access>,
}

/// The state of a cell at the end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FinalCell {
    /// Key of the cell.
    pub key: u64,
    /// Last value.
    pub value: u64,
    /// Tick of the last access, 0 if there was none.
    pub last: u64,
    /// Whether the program, the input or advice gave its initial value (it is 0 otherwise).
    pub named: bool,
}

/// A finished run.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The executed steps.
    pub steps: Vec<Step>,
    /// Every cell that was named or accessed, by increasing key.
    pub cells: Vec<FinalCell>,
    /// The calls of precompiles, in order.
    pub calls: Vec<Call>,
    /// The output stream.
    pub output: Vec<u64>,
    /// The target of the halt: 0 for success, 1 for a trap.
    pub outcome: u64,
    /// The instruction that halted; it tells one kind of trap from another.
    pub halted_at: u64,
    /// WebAssembly instructions completed.
    pub completed: u64,
}

/// Why a run could not be executed to an end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExecuteError {
    /// The step limit was reached.
    #[error("the run did not end within {0} steps; raise the limit or make the program cheaper")]
    StepLimit(u64),
    /// The program does something undefined, which translation never produces.
    #[error("malformed program: {reason} at instruction {pc}")]
    Malformed {
        /// Instruction index.
        pc: u64,
        /// What is wrong.
        reason: &'static str,
    },
}

#[derive(Clone, Copy, Default)]
struct Cell {
    value: u64,
    last: u64,
    named: bool,
}

const BANK: u64 = 1 << 10;

/// All cells, in banks that are made when first touched.
#[derive(Default)]
struct Cells(HashMap<u64, Box<[Cell]>>);

impl Cells {
    fn at(&mut self, key: u64) -> &mut Cell {
        let bank = self
            .0
            .entry(key / BANK)
            .or_insert_with(|| vec![Cell::default(); BANK as usize].into_boxed_slice());
        &mut bank[(key % BANK) as usize]
    }

    fn name(&mut self, key: u64, value: u64) {
        *self.at(key) = Cell {
            value,
            last: 0,
            named: true,
        };
    }

    fn read(&mut self, key: u64, now: u64) -> Access {
        let cell = self.at(key);
        let access = Access {
            key,
            before: cell.value,
            after: cell.value,
            last: cell.last,
        };
        cell.last = now;
        access
    }

    fn write(&mut self, key: u64, value: u64, now: u64) -> Access {
        let cell = self.at(key);
        let access = Access {
            key,
            before: cell.value,
            after: value,
            last: cell.last,
        };
        cell.value = value;
        cell.last = now;
        access
    }

    fn finish(self, advised: bool) -> Vec<FinalCell> {
        let mut cells: Vec<FinalCell> = self
            .0
            .into_iter()
            .flat_map(|(bank, cells)| {
                cells
                    .into_vec()
                    .into_iter()
                    .enumerate()
                    .filter(|(_, c)| c.named || c.last > 0)
                    .map(move |(i, c)| FinalCell {
                        key: bank * BANK + i as u64,
                        value: c.value,
                        last: c.last,
                        named: c.named || advised && is_word(bank * BANK),
                    })
            })
            .collect();
        cells.sort_unstable_by_key(|c| c.key);
        cells
    }
}

/// The input as the program sees it: cell 0 of [`Space::Input`] holds the length in bytes, the others the words.
pub fn input_cells(input: &[u8]) -> impl Iterator<Item = (u64, u64)> + '_ {
    let words = input.chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    });
    std::iter::once(input.len() as u64)
        .chain(words)
        .enumerate()
        .map(|(i, word)| (Space::Input.base() + i as u64, word))
}

/// Runs `program` on `input` until it halts, at most `max_steps` steps. Words of advice are zeros.
///
/// # Errors
/// [`ExecuteError::StepLimit`], or [`ExecuteError::Malformed`] for a program that `translate` did not make.
pub fn execute(program: &Program, input: &[u8], max_steps: u64) -> Result<Trace, ExecuteError> {
    execute_with(program, input, None, max_steps, &mut |_, _, value| value)
}

/// [`execute`] for a program that reads advice: these words, then zeros.
///
/// # Errors
/// As [`execute`].
pub fn execute_advised(
    program: &Program,
    input: &[u8],
    advice: &[u64],
    max_steps: u64,
) -> Result<Trace, ExecuteError> {
    execute_with(program, input, Some(advice), max_steps, &mut |_, _, value| value)
}

/// What a step computes: where tests make the machine lie, to see that the lie cannot be proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The value read as operand A.
    A,
    /// The value read as operand B.
    B,
    /// The word found in memory or in another cell; each word that a precompile finds.
    Word,
    /// The result.
    Result,
    /// The word left in memory or in a global; each word that a precompile leaves.
    Stored,
    /// The next instruction.
    Next,
    /// The next frame.
    Frame,
    /// The next number of pages.
    Pages,
    /// The word put on the output stream.
    Output,
}

/// Changes an effect of a step: step index, which effect, the true value.
pub(crate) type Alter<'a> = &'a mut dyn FnMut(usize, Effect, u64) -> u64;

/// [`execute`], with every effect passed through `alter`; what follows is consistent with what it returns.
pub(crate) fn execute_with(
    program: &Program,
    input: &[u8],
    advice: Option<&[u64]>,
    max_steps: u64,
    alter: Alter<'_>,
) -> Result<Trace, ExecuteError> {
    let mut cells = Cells::default();
    program
        .cells
        .iter()
        .for_each(|&(key, value)| cells.name(key, value));
    input_cells(input).for_each(|(key, value)| cells.name(key, value));
    // What is not read of it is no part of the run.
    (Space::Advice.base()..)
        .zip(advice.unwrap_or_default())
        .for_each(|(key, word)| cells.at(key).value = *word);
    let mut state = State {
        pc: 0,
        fp: 0,
        pages: program.pages.into(),
        output: Vec::new(),
        calls: Vec::new(),
    };
    let mut steps = Vec::new();
    let mut completed = 0;
    loop {
        let pc = state.pc;
        let malformed = |reason| ExecuteError::Malformed { pc, reason };
        let row = program
            .code
            .get(pc as usize)
            .ok_or(malformed("no such instruction"))?;
        if steps.len() as u64 == max_steps {
            return Err(ExecuteError::StepLimit(max_steps));
        }
        let clock = TICKS_PER_STEP * (steps.len() as u64 + 1);
        let index = steps.len();
        let mut alter = |effect, value| alter(index, effect, value);
        steps.push(
            state
                .step(row, clock, &mut cells, &mut alter)
                .map_err(malformed)?,
        );
        completed += u64::from(program.completes.get(pc as usize).copied().unwrap_or(0));
        if state.pc >= HALTED {
            return Ok(Trace {
                steps,
                cells: cells.finish(advice.is_some()),
                calls: state.calls,
                output: state.output,
                outcome: state.pc - HALTED,
                halted_at: pc,
                completed,
            });
        }
    }
}

struct State {
    pc: u64,
    fp: u64,
    pages: u64,
    output: Vec<u64>,
    calls: Vec<Call>,
}

impl State {
    /// Calls the precompile that the instruction names, on the words from word `first` on.
    fn call(
        &mut self,
        row: &Instruction,
        first: u64,
        now: u64,
        cells: &mut Cells,
        alter: &mut dyn FnMut(Effect, u64) -> u64,
    ) -> Result<(), &'static str> {
        let precompile = Precompile::with_code(row.target).ok_or("an unknown precompile")?;
        let end = first.saturating_add(precompile.words() as u64);
        if end > self.pages << 13 {
            return Err("a call beyond the end of memory");
        }
        let keys = (first..end).map(|index| Space::Memory.base() + index);
        let mut words: Vec<u64> = keys
            .clone()
            .map(|key| alter(Effect::Word, cells.at(key).value))
            .collect();
        let found = words.clone();
        precompile.apply(&mut words);
        let words = keys.zip(found).zip(words).map(|((key, before), after)| Access {
            before,
            ..cells.write(key, alter(Effect::Stored, after), now + CALL_TICK)
        });
        self.calls.push(Call {
            precompile,
            clock: now,
            words: words.collect(),
        });
        Ok(())
    }

    fn step(
        &mut self,
        row: &Instruction,
        clock: u64,
        cells: &mut Cells,
        alter: &mut dyn FnMut(Effect, u64) -> u64,
    ) -> Result<Step, &'static str> {
        let mut step = Step {
            pc: self.pc,
            fp: self.fp,
            pages: self.pages,
            written: self.output.len() as u64,
            ..Step::default()
        };
        let frame = |offset: u32| Space::Frame.base() + self.fp + u64::from(offset);
        step.a = row
            .any(flag::USE_A)
            .then(|| cells.read(frame(row.a), clock).saying(Effect::A, alter));
        step.b = row
            .any(flag::USE_B)
            .then(|| cells.read(frame(row.b), clock + 1).saying(Effect::B, alter));
        let d = frame(row.d);
        let a = step.a.map_or(0, |access| access.before);
        let b = step.b.map_or(row.imm, |access| access.before);
        let mut next = self.pc + 1;
        let mut result = None;
        let sum = || a.checked_add(row.target).ok_or("an address does not fit 64 bits");
        if row.any(flag::LOAD | flag::STORE) {
            if a >> 32 != 0 {
                return Err("an address wider than 32 bits");
            }
            let mask = u64::MAX >> (64 - 8 * row.width());
            if b > mask {
                return Err("store of a value wider than the access");
            }
            match locate(a, row.target, row.width(), self.pages) {
                Place::Outside => next = TRAP_PC,
                Place::Crossing => {}
                Place::Word { index, shift } => {
                    next = self.pc + 2;
                    let key = Space::Memory.base() + index;
                    step.m = Some(if row.any(flag::LOAD) {
                        let access = cells.read(key, clock + 2).saying(Effect::Word, alter);
                        result = Some(access.before >> shift & mask);
                        access
                    } else {
                        let old = cells.at(key).value;
                        let new = alter(Effect::Stored, old & !(mask << shift) | b << shift);
                        cells.write(key, new, clock + 2)
                    });
                }
            }
            if row.any(flag::LOAD) && result.is_none() {
                result = Some(cells.at(d).value);
            }
        } else if row.any(flag::READ_CELL) {
            let access = cells
                .read(cell_key(sum()?)?, clock + 2)
                .saying(Effect::Word, alter);
            step.m = Some(access);
            result = Some(access.before);
        } else if row.any(flag::WRITE_CELL) {
            step.m = Some(cells.write(cell_key(sum()?)?, alter(Effect::Stored, b), clock + 2));
        } else if row.any(flag::OUTPUT) {
            self.output.push(alter(Effect::Output, a));
        } else if row.any(flag::RESIZE) {
            if a > MAX_PAGES {
                return Err("more memory than 65,536 pages");
            }
            self.pages = alter(Effect::Pages, a);
        } else if row.any(flag::PRECOMPILE) {
            self.call(row, a, clock, cells, alter)?;
        } else if row.any(flag::SIZE) {
            result = Some(self.pages);
        } else if row.any(flag::CALL) {
            result = Some((self.pc + 1) | row.imm << 32);
        } else if !row.any(CONTROL) {
            result = Some(compute(row, a, b)?);
        }
        if row.any(flag::WRITE_D) {
            let value = alter(Effect::Result, result.ok_or("no result to write")?);
            step.d = Some(cells.write(d, value, clock + 3));
        }
        self.pc = match () {
            () if row.any(flag::JUMP) => {
                let to = sum()?;
                if to >= HALTED {
                    return Err("a jump outside the program");
                }
                to
            }
            () if row.any(flag::JUMP_EQUAL) && a == b => row.target,
            () if row.any(flag::JUMP_NOT_EQUAL) && a != b => row.target,
            () if row.any(flag::RETURN) => a & 0xffff_ffff,
            () if row.any(flag::HALT) => HALTED + row.target,
            () => next,
        };
        self.pc = alter(Effect::Next, self.pc);
        if row.any(flag::CALL) {
            self.fp += row.imm;
        } else if row.any(flag::RETURN) {
            self.fp = self
                .fp
                .checked_sub(a >> 32)
                .ok_or("return below the first frame")?;
        }
        self.fp = alter(Effect::Frame, self.fp);
        if self.fp >= 1 << (SPACE_SHIFT - 1) {
            return Err("frames outgrew their space");
        }
        Ok(step)
    }
}

/// Largest size of linear memory, in 64 KiB pages.
pub const MAX_PAGES: u64 = 1 << 16;

const CONTROL: u64 = flag::JUMP | flag::JUMP_EQUAL | flag::JUMP_NOT_EQUAL | flag::RETURN | flag::HALT;
