//! Translates WebAssembly modules to [`Program`]s.
//!
//! # What a module may use
//! WebAssembly 1.0 without floating point, sign-extension instructions, mutable globals and multi-value. It may
//! import from `weft` the functions `input_len() -> i32` (length of the input in bytes), `input_word(i: i32) -> i64`
//! (the `i`-th little-endian 64-bit word of the input, the last padded with zeros; traps beyond the last) and
//! `output_word(i64)` (appends a word to the output). It exports `run`, which takes and returns nothing. A run
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
mod compare;
mod control;
mod error;
mod function;
mod locals;
mod memory;
mod module;
mod operands;
mod rows;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

pub use error::{TranslateError, TrapKind};
use function::Body;
use module::Module;
use rows::{Link, Rows};

use crate::program::{Instruction, Program, Space, flag};

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
    let module = Module::read(wasm)?;
    let mut rows = Rows::default();
    let entry = rows.jump(0);
    for _ in TrapKind::ALL {
        rows.push(halt(1));
    }
    let mut starts = BTreeMap::new();
    let mut functions = Vec::new();
    let imported = module.hosts.len() as u32;
    let in_table: BTreeSet<u32> = module.elements.values().copied().collect();
    for (index, host) in (0..).zip(&module.hosts) {
        // Calls of host functions are inlined; only the table needs them as functions.
        if in_table.contains(&index) {
            starts.insert(index, rows.here());
            function::host(&module, index, *host, &mut rows);
        }
    }
    for (index, body) in (imported..).zip(&module.bodies) {
        let start = rows.here();
        starts.insert(index, start);
        Body::translate(&module, index, body, &mut rows)?;
        if rows.full {
            return Err(TranslateError::TooManyInstructions);
        }
        let name = module.name(index).map(str::to_string);
        functions.push(TranslatedFunction {
            index,
            name,
            code: start..rows.here(),
        });
    }
    let crossings = memory::crossings(&mut rows);
    let bootstrap = rows.here();
    rows.patch(entry, bootstrap);
    for function in module.start.into_iter().chain([module.entry]) {
        rows.call(Link::Function(function), 0, 0);
    }
    rows.push(halt(0));
    if rows.full {
        return Err(TranslateError::TooManyInstructions);
    }
    for (row, link) in std::mem::take(&mut rows.links) {
        let target = match link {
            Link::Function(index) => starts.get(&index),
            Link::Crossing(crossing) => crossings.get(&crossing),
        };
        rows.patch(row, target.copied().unwrap_or(TrapKind::Unreachable.pc()));
    }
    let table = module.elements.iter().map(|(&index, function)| {
        let pc = starts.get(function).copied().unwrap_or_default();
        (Space::Table.base() + index, module.tag_of(*function) | pc)
    });
    let program = Program {
        code: rows.code,
        cells: module.cells().chain(table).collect(),
        pages: module.pages,
        completes: rows.completes,
    };
    Ok(Translation { program, functions })
}

fn halt(outcome: u64) -> Instruction {
    Instruction {
        flags: flag::HALT,
        target: outcome,
        ..Instruction::default()
    }
}
