//! Translates WebAssembly modules to [`Program`]s.
//!
//! # What a module may use
//! WebAssembly 2.0 without floating point and vectors: sign extension, mutable globals, multi-value, bulk memory and
//! reference types are in. It may import from `weft` the functions `input_len() -> i32` (length of the input in bytes), `input_word(i: i32) -> i64`
//! (the `i`-th little-endian 64-bit word of the input, the last padded with zeros; traps beyond the last) and
//! `output_word(i64)` (appends a word to the output), and the [precompiles](crate::Precompile), each of which takes the address of its words. It exports `run`, which takes and returns nothing. A run
//! calls the start function, if there is one, and then `run`.
//!
//! # Layout of a program
//! Instruction 0 jumps to the bootstrap; from [`TRAP_PC`](crate::program::TRAP_PC) on there is one halt for each
//! [`TrapKind`]; then come the functions, the routines they share, and the bootstrap.
//!
//! # Frames
//! A function with p parameters and r results has its parameters in the cells 0 to p − 1 of its frame, finds its
//! return address in cell max(p, r), and leaves its results in the cells 0 to r − 1. Declared locals follow the
//! return address, and then the operand stack. A caller puts the arguments where they are on its operand stack
//! anyway and opens the frame there, so that the results appear where its operand stack expects them.
//!
//! Recursion is bounded by the space of frames (2^39 cells) and hence by the step limit of a run: there is no
//! stack overflow trap.

mod arithmetic;
mod bulk;
mod compare;
mod control;
mod environment;
mod error;
mod function;
mod layout;
mod locals;
mod memory;
mod module;
mod operands;
mod rows;
mod tables;

use std::{collections::BTreeMap, ops::Range};

pub use environment::Environment;
pub use error::{TranslateError, TrapKind};
use function::{Body, return_cell, row};
use module::Module;
use rows::{Link, Operand, Rows, with_a};

use crate::program::{Instruction, Program, flag};

/// Largest module, in bytes.
pub const MAX_MODULE_BYTES: usize = 1 << 20;

/// Longest program, in instructions.
pub const MAX_INSTRUCTIONS: usize = 1 << 17;

/// Most operands on a function's stack.
pub const MAX_OPERANDS: usize = 1024;

/// Most locals that a function may declare, parameters not counted. With [`MAX_OPERANDS`] and the 1000 parameters
/// and results that a WebAssembly function can have, it keeps frames below the machine's limit of 2^15 cells.
pub const MAX_LOCALS: u32 = 30_000;

/// A function of a module and where its instructions are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranslatedFunction {
    /// Index in the module, imported functions counted.
    pub index: u32,
    /// Its name, if the module tells it.
    pub name: Option<String>,
    /// Its instructions in [`Program::code`].
    pub code: Range<u64>,
    /// Whether it can be executed; otherwise it traps. Always true in [`Environment::Weft`], which refuses modules with
    /// functions that cannot.
    pub supported: bool,
}

/// A program with what is known about its origin.
#[derive(Clone, Debug)]
pub struct Translation {
    /// The program.
    pub program: Program,
    /// The functions of the module, in the order of their instructions. Instructions that belong to none are the
    /// traps, the shared routines for memory accesses that cross into the next word, and the bootstrap.
    pub functions: Vec<TranslatedFunction>,
}

/// What a program does with a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    /// Calls the start function, if there is one, and the export `run`.
    Run,
    /// Calls the start function, if there is one.
    Start,
    /// Calls an exported function with these arguments and puts its results out, one word each; 32-bit ones are
    /// zero-extended. The start function is not called: this is for a module that has started.
    Call {
        /// The export.
        function: &'a str,
        /// As many as it has parameters.
        arguments: &'a [u64],
    },
}

/// Translates a module.
///
/// # Errors
/// [`TranslateError`] if the module is invalid, uses something unsupported, or is too large.
pub fn translate(wasm: &[u8]) -> Result<Program, TranslateError> {
    translate_with_functions(wasm).map(|translation| translation.program)
}

/// Translates a module and tells which instructions belong to which function, for profiles.
///
/// # Errors
/// As [`translate`].
pub fn translate_with_functions(wasm: &[u8]) -> Result<Translation, TranslateError> {
    translate_in(wasm, Environment::Weft, Entry::Run)
}

/// Translates a module for another environment, or to do something else than a run does: to test functions one by one.
///
/// # Errors
/// As [`translate`], and if there is no such function.
pub fn translate_in(
    wasm: &[u8],
    environment: Environment,
    entry: Entry<'_>,
) -> Result<Translation, TranslateError> {
    let module = Module::read(wasm, environment, entry)?;
    let mut rows = Rows::default();
    let first = rows.jump(0);
    for _ in TrapKind::ALL {
        rows.push(halt(1));
    }
    let mut starts = BTreeMap::new();
    let mut functions = Vec::new();
    let imported = module.hosts.len() as u32;
    for (index, host) in (0..).zip(&module.hosts) {
        // Calls of host functions are inlined; only references need them as functions.
        if module.referred.contains(&index) {
            starts.insert(index, rows.here());
            function::host(&module, index, *host, &mut rows);
        }
    }
    for (index, body) in (imported..).zip(&module.bodies) {
        let start = rows.here();
        starts.insert(index, start);
        let supported = match Body::translate(&module, index, body, &mut rows) {
            Err(error) if environment == Environment::Spectest && error.is_unsupported() => {
                rows.truncate(start);
                rows.jump(TrapKind::Unreachable.pc());
                false
            }
            translated => translated.map(|()| true)?,
        };
        if rows.full {
            return Err(TranslateError::TooManyInstructions);
        }
        let name = module.name(index).map(str::to_string);
        functions.push(TranslatedFunction {
            index,
            name,
            code: start..rows.here(),
            supported,
        });
    }
    let crossings = memory::crossings(&mut rows);
    let bulk = bulk::routines(&mut rows);
    rows.patch(first, rows.here());
    bootstrap(&module, entry, &mut rows);
    if rows.full {
        return Err(TranslateError::TooManyInstructions);
    }
    let reference = |function: u32| {
        let pc = starts.get(&function).copied().unwrap_or_default();
        module.tag_of(function) | pc
    };
    for (row, link) in std::mem::take(&mut rows.links) {
        let target = match link {
            Link::Function(index) => starts.get(&index),
            Link::Crossing(crossing) => crossings.get(&crossing),
            Link::Bulk(routine) => bulk.get(&routine),
            Link::Reference(function) => {
                rows.patch_constant(row, reference(function));
                continue;
            }
        };
        rows.patch(row, target.copied().unwrap_or(TrapKind::Unreachable.pc()));
    }
    let program = Program {
        code: rows.code,
        cells: module.cells(reference),
        pages: module.pages,
        completes: rows.completes,
    };
    Ok(Translation { program, functions })
}

/// Appends what calls the module's functions.
fn bootstrap(module: &Module<'_>, entry: Entry<'_>, rows: &mut Rows) {
    let started = matches!(entry, Entry::Call { .. });
    if let Some(start) = module.start.filter(|_| !started) {
        rows.call(Link::Function(start), 0, 0);
    }
    if let Some(function) = module.entry {
        let ty = module.type_of(function);
        let (params, results) = (ty.params().len(), ty.results().len());
        if let Entry::Call { arguments, .. } = entry {
            for (cell, &argument) in (0..).zip(arguments) {
                rows.copy(cell, Operand::Const(argument));
            }
        }
        rows.call(Link::Function(function), 0, return_cell(params, results));
        for cell in 0..results as u32 {
            rows.push(with_a(row(flag::OUTPUT, 0), Some(cell)));
        }
    }
    rows.push(halt(0));
}

fn halt(outcome: u64) -> Instruction {
    Instruction {
        flags: flag::HALT,
        target: outcome,
        ..Instruction::default()
    }
}
