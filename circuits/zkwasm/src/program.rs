//! The machine that is proved: its instructions, its cells and the form a program takes.
//!
//! WebAssembly is a stack machine; the proved machine is a register machine over 64-bit cells. A WebAssembly
//! operand stack has a static height at every point of a validated function, so every stack position and every
//! local has a fixed cell in the function's frame, and one instruction here reads up to two cells, computes, and
//! writes one. Rare WebAssembly instructions (shifts by a variable amount, signed division, bit counting) become
//! short sequences; `translate` does that, so that the circuit stays small.
//!
//! # State
//! * `pc`: index of the next instruction in [`Program::code`].
//! * `fp`: index of the first cell of the running function's frame in the [`Space::Frame`] space.
//! * `pages`: size of linear memory in 64 KiB pages.
//! * `written`: how many words the program has put on its output stream.
//! * cells: a 64-bit value for every (space, index). Cells that the program or the input does not name start at 0, those of advice at
//!   what the prover likes.
//!
//! Values are 64 bits; a 32-bit value is kept zero-extended.

use crate::precompiles::Precompile;

/// The address spaces of cells. A cell's key is `space * 2^40 + index`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Space {
    /// Frames of running functions, indexed by `fp + offset`.
    Frame = 1,
    /// Linear memory in little-endian 64-bit words, indexed by byte address / 8.
    Memory = 2,
    /// WebAssembly globals, by global index; from 2^32 on the sizes of tables and segments that can change.
    Global = 3,
    /// WebAssembly table elements, element i of table t at index `t * 2^32 + i`: 0 for null; a function is
    /// `(type + 1) << 32 | pc`.
    Table = 4,
    /// The run's input: cell 0 is its length in bytes, cell `1 + i` its `i`-th little-endian 64-bit word.
    Input = 5,
    /// What passive segments hold: bytes in little-endian 64-bit words, elements one a cell.
    Segment = 6,
    /// Words that the prover chooses, by index below 2^32.
    Advice = 7,
}

impl Space {
    /// The key of the first cell of this space.
    pub const fn base(self) -> u64 {
        (self as u64) << SPACE_SHIFT
    }
}

/// How far a space's number is shifted to make the key of its first cell.
pub const SPACE_SHIFT: u32 = 40;

/// The clock advances by this much each step; the accesses of a step happen at different ticks of it.
pub const TICKS_PER_STEP: u64 = 8;

/// `pc` values from here on are final states: `HALTED + 0` is a successful end, `HALTED + 1` a trap.
pub const HALTED: u64 = 1 << 32;

/// The instruction that a load or store out of bounds continues at. [`Program::code`] must hold a halt with
/// target 1 there.
pub const TRAP_PC: u64 = 1;

/// What an instruction does: one bit each. An instruction has exactly one operation bit, and modifiers.
///
/// Notation: `A` is the value of frame cell `fp + a` if `USE_A` is set, otherwise 0. `B` is `imm` plus, if `USE_B`
/// is set, the value of frame cell `fp + b`. (With `USE_B`, `imm` must be 0 so that `B` stays a 64-bit value.)
/// `D` is the value written to frame cell `fp + d` if `WRITE_D` is set. N is 2^32 with `NARROW`, otherwise 2^64.
pub mod flag {
    /// Operand `A` comes from the frame cell at `a`.
    pub const USE_A: u64 = 1 << 0;
    /// Operand `B` comes from the frame cell at `b`.
    pub const USE_B: u64 = 1 << 1;
    /// The result goes to the frame cell at `d`.
    pub const WRITE_D: u64 = 1 << 2;
    /// 32-bit form of `ADD`, `SUB`, `MUL`, `ROTL` (operands must be below 2^32).
    pub const NARROW: u64 = 1 << 3;
    /// D = (A + B) mod N. Also the way to copy (`B` = 0) and to load a constant (no `USE_A`, wide).
    pub const ADD: u64 = 1 << 4;
    /// D = (A − B) mod N.
    pub const SUB: u64 = 1 << 5;
    /// D = (A · B) mod N. A shift left by s is a multiplication by 2^s.
    pub const MUL: u64 = 1 << 6;
    /// D = A / B, unsigned; B must not be 0. A logical shift right by s is a division by 2^s.
    pub const DIV: u64 = 1 << 7;
    /// D = A mod B, unsigned; B must not be 0.
    pub const REM: u64 = 1 << 8;
    /// D = (A · B mod N) + (A · B / N): A rotated left by s when B = 2^s and s is below the width.
    pub const ROTL: u64 = 1 << 9;
    /// D = A & B.
    pub const AND: u64 = 1 << 10;
    /// D = A | B.
    pub const OR: u64 = 1 << 11;
    /// D = A ^ B.
    pub const XOR: u64 = 1 << 12;
    /// D = 1 if A < B (unsigned), otherwise 0.
    pub const LESS: u64 = 1 << 13;
    /// D = 1 if A = B, otherwise 0.
    pub const EQUAL: u64 = 1 << 14;
    /// D = 2^A; A must be below 64.
    pub const POW2: u64 = 1 << 15;
    /// Goes to `target` if A = B. Without operands: an unconditional jump.
    pub const JUMP_EQUAL: u64 = 1 << 16;
    /// Goes to `target` if A ≠ B.
    pub const JUMP_NOT_EQUAL: u64 = 1 << 17;
    /// Goes to `A + target`. (Without `USE_A`: to `target`.)
    pub const JUMP: u64 = 1 << 18;
    /// Opens a frame, together with `JUMP`: D = (pc + 1) + 2^32 · imm, then fp += imm. No `USE_B`. The cell at
    /// `fp + d` is the callee's return cell.
    pub const CALL: u64 = 1 << 19;
    /// Closes a frame: with A = p + 2^32 · f (p, f below 2^32), goes to p and fp −= f.
    pub const RETURN: u64 = 1 << 20;
    /// D = the `width` bytes of memory at `A + target`, zero-extended, if they lie in one 64-bit word: continues
    /// at pc + 2. If they cross into the next word: changes nothing and continues at pc + 1. If they end beyond
    /// the memory's size: changes nothing and continues at [`super::TRAP_PC`]. A must be below 2^32, target too.
    pub const LOAD: u64 = 1 << 21;
    /// Stores B (which must be below 2^(8·width)) at `A + target`; continues as `LOAD` does. Immediate `imm`
    /// serves as B without `USE_B`.
    pub const STORE: u64 = 1 << 22;
    /// D = the cell with key `A + target`. For globals, tables, the input and advice.
    pub const READ_CELL: u64 = 1 << 23;
    /// The cell with key `A + target` becomes B. For globals and tables.
    pub const WRITE_CELL: u64 = 1 << 24;
    /// D = pages.
    pub const SIZE: u64 = 1 << 25;
    /// pages = A.
    pub const RESIZE: u64 = 1 << 26;
    /// Appends A to the output stream.
    pub const OUTPUT: u64 = 1 << 27;
    /// Ends the run: pc = HALTED + target.
    pub const HALT: u64 = 1 << 28;
    /// Access width of `LOAD` and `STORE`: 1 byte.
    pub const WIDTH_1: u64 = 1 << 29;
    /// Access width of `LOAD` and `STORE`: 2 bytes.
    pub const WIDTH_2: u64 = 1 << 30;
    /// Access width of `LOAD` and `STORE`: 4 bytes.
    pub const WIDTH_4: u64 = 1 << 31;
    /// Access width of `LOAD` and `STORE`: 8 bytes.
    pub const WIDTH_8: u64 = 1 << 32;
    /// Calls the precompile whose code is `target` on the `imm` words of memory from word A on, which must be there.
    pub const PRECOMPILE: u64 = 1 << 33;
    /// Number of flags.
    pub const COUNT: usize = 34;
}

/// One instruction; see [`flag`] for what it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Instruction {
    /// Bits of [`flag`].
    pub flags: u64,
    /// Frame offset of operand A.
    pub a: u32,
    /// Frame offset of operand B.
    pub b: u32,
    /// Frame offset of the result.
    pub d: u32,
    /// Immediate part of operand B.
    pub imm: u64,
    /// Jump target, memory offset, cell key or outcome.
    pub target: u64,
}

impl Instruction {
    /// Whether every bit of `bits` is set.
    pub const fn has(&self, bits: u64) -> bool {
        self.flags & bits == bits
    }

    /// Whether some bit of `bits` is set.
    pub const fn any(&self, bits: u64) -> bool {
        self.flags & bits != 0
    }

    /// What it does, in a word, for reports.
    pub fn operation(&self) -> &'static str {
        const NAMES: [(u64, &str); 26] = [
            (flag::CALL, "call"),
            (flag::RETURN, "return"),
            (flag::ADD, "add"),
            (flag::SUB, "subtract"),
            (flag::MUL, "multiply, shift left"),
            (flag::DIV, "divide, shift right"),
            (flag::REM, "remainder"),
            (flag::ROTL, "rotate"),
            (flag::AND, "and"),
            (flag::OR, "or"),
            (flag::XOR, "xor"),
            (flag::LESS, "compare"),
            (flag::EQUAL, "equal"),
            (flag::POW2, "power of two"),
            (flag::JUMP_EQUAL, "branch"),
            (flag::JUMP_NOT_EQUAL, "branch"),
            (flag::JUMP, "jump"),
            (flag::LOAD, "load"),
            (flag::STORE, "store"),
            (flag::READ_CELL, "read global, table or input"),
            (flag::WRITE_CELL, "write global or table"),
            (flag::SIZE, "memory size"),
            (flag::RESIZE, "memory grow"),
            (flag::OUTPUT, "output"),
            (flag::HALT, "halt"),
            (flag::PRECOMPILE, "precompile"),
        ];
        let is_copy = self.has(flag::ADD)
            && !self.any(flag::USE_B | flag::NARROW)
            && (self.imm == 0 || !self.any(flag::USE_A));
        if is_copy {
            return "copy";
        }
        let found = NAMES.iter().find(|(bit, _)| self.any(*bit));
        found.map_or("", |(_, name)| name)
    }

    /// Access width of a load or store, in bytes; 0 for other instructions.
    pub const fn width(&self) -> u64 {
        (self.flags >> 29) & 0xf
    }
}

/// A program for the proved machine: what an image commits to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// Instructions; a run starts at 0 with fp = 0.
    pub code: Vec<Instruction>,
    /// Initial values of cells, by key, strictly increasing; only spaces Memory, Global, Table and Segment.
    pub cells: Vec<(u64, u64)>,
    /// Initial size of linear memory in 64 KiB pages.
    pub pages: u32,
    /// How many WebAssembly instructions each instruction completes (same length as `code`; for reports only, not
    /// proved).
    pub completes: Vec<u32>,
}

/// A rule of well-formed programs that a program breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("instruction or cell {at}: {rule}")]
pub struct Malformed {
    /// Index in [`Program::code`], or in [`Program::cells`].
    pub at: usize,
    /// The rule.
    pub rule: &'static str,
}

impl Program {
    /// Whether it reads words that its prover chooses.
    pub fn reads_advice(&self) -> bool {
        let advice = |row: &Instruction| row.target >> SPACE_SHIFT == Space::Advice as u64;
        self.code
            .iter()
            .any(|row| row.any(flag::READ_CELL) && advice(row))
    }

    /// Checks what the circuit takes for granted of a program (it proves runs of the committed program, whatever that
    /// is; that the program means what its WebAssembly means rests on these rules and on translation).
    ///
    /// # Errors
    /// The first rule broken.
    pub fn check(&self) -> Result<(), Malformed> {
        let trap = self.code.get(TRAP_PC as usize);
        if !trap.is_some_and(|row| row.flags == flag::HALT && row.target == 1) {
            return Err(Malformed {
                at: TRAP_PC as usize,
                rule: "the trap instruction must be a halt with target 1",
            });
        }
        if u64::from(self.pages) > crate::machine::MAX_PAGES {
            return Err(Malformed {
                at: 0,
                rule: "memory has at most 65,536 pages",
            });
        }
        for (at, row) in self.code.iter().enumerate() {
            let broken = row.broken_rule(self.code.len() as u64);
            if let Some(rule) = broken {
                return Err(Malformed { at, rule });
            }
        }
        let mut previous = None;
        for (at, &(key, _)) in self.cells.iter().enumerate() {
            let named = [Space::Memory, Space::Global, Space::Table, Space::Segment];
            if !named.iter().any(|space| key >> SPACE_SHIFT == *space as u64) {
                return Err(Malformed {
                    at,
                    rule: "only memory, globals, tables and segments have initial values",
                });
            }
            if previous.is_some_and(|previous| previous >= key) {
                return Err(Malformed {
                    at,
                    rule: "cells must have strictly increasing keys",
                });
            }
            previous = Some(key);
        }
        Ok(())
    }
}

impl Instruction {
    /// The rule that this instruction breaks in a program of `length` instructions.
    fn broken_rule(&self, length: u64) -> Option<&'static str> {
        const WIDTHS: u64 = flag::WIDTH_1 | flag::WIDTH_2 | flag::WIDTH_4 | flag::WIDTH_8;
        const ACCESS: u64 = flag::LOAD | flag::STORE;
        const CELL: u64 = flag::READ_CELL | flag::WRITE_CELL;
        const JUMPS: u64 = flag::JUMP | flag::JUMP_EQUAL | flag::JUMP_NOT_EQUAL;
        const RESULTS: u64 =
            (flag::JUMP_EQUAL - flag::ADD) | flag::CALL | flag::LOAD | flag::READ_CELL | flag::SIZE;
        const TARGETED: u64 = ACCESS | CELL | JUMPS | flag::HALT | flag::PRECOMPILE;
        const NARROWABLE: u64 = flag::ADD | flag::SUB | flag::MUL | flag::ROTL;
        let operations = (flag::WIDTH_1 - flag::ADD) & !flag::CALL | flag::PRECOMPILE;
        let called = Precompile::with_code(self.target).map(|called| called.words() as u64);
        let rules = [
            (self.flags >> flag::COUNT == 0, "unknown flags"),
            (
                (self.flags & operations).count_ones() == 1,
                "exactly one operation",
            ),
            (!self.any(flag::CALL) || self.any(flag::JUMP), "a call jumps"),
            (
                !self.any(flag::USE_B) || self.imm == 0,
                "operand B is a cell or an immediate, not both",
            ),
            (
                !self.any(flag::CALL) || !self.any(flag::USE_B),
                "a call takes its frame size from the immediate",
            ),
            (
                !self.any(flag::CALL) || self.imm < 1 << 15,
                "a frame has fewer than 2^15 cells",
            ),
            (
                self.a < 1 << 16 && self.b < 1 << 16 && self.d < 1 << 16,
                "frame offsets are below 2^16",
            ),
            (
                self.any(flag::WRITE_D) == self.any(RESULTS),
                "operations with a result, and only they, write one",
            ),
            (
                !self.any(flag::LOAD) || !self.any(flag::USE_B) && self.imm == 0,
                "a load has no operand B",
            ),
            (
                !self.any(flag::NARROW) || self.any(NARROWABLE),
                "this operation has no narrow form",
            ),
            (
                (self.flags & WIDTHS).count_ones() == u32::from(self.any(ACCESS)),
                "loads and stores, and only they, have one access width",
            ),
            (
                !self.any(ACCESS) || self.target < 1 << 32,
                "memory offsets are below 2^32",
            ),
            (
                self.any(TARGETED) || self.target == 0,
                "operations on the frame alone have no target",
            ),
            (
                !self.any(JUMPS) || self.target < length,
                "jumps stay inside the program",
            ),
            (
                !self.any(CELL) || self.target >> SPACE_SHIFT >= 3,
                "cells of other spaces than frame and memory",
            ),
            (
                !self.any(CELL) || self.target >> SPACE_SHIFT <= Space::Advice as u64,
                "cells of known spaces",
            ),
            (
                !self.any(flag::WRITE_CELL) || self.target >> SPACE_SHIFT <= Space::Table as u64,
                "only globals and table elements are written as cells",
            ),
            (
                !self.any(flag::HALT) || self.target <= 1,
                "a halt's outcome is 0 or 1",
            ),
            (
                !self.any(flag::PRECOMPILE) || called == Some(self.imm),
                "a precompile is known, and called with its number of words",
            ),
            (
                !self.any(flag::PRECOMPILE) || self.any(flag::USE_A) && !self.any(flag::USE_B),
                "a precompile takes its first word from operand A alone",
            ),
        ];
        rules.into_iter().find(|(holds, _)| !holds).map(|(_, rule)| rule)
    }
}
