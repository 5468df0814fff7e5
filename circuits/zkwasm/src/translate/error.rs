//! Why a module cannot be translated, and what happened when a translated program trapped.

use super::{MAX_INSTRUCTIONS, MAX_LOCALS, MAX_MODULE_BYTES, MAX_OPERANDS};
use crate::program::TRAP_PC;

/// Why a WebAssembly module was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TranslateError {
    /// The module is larger than [`MAX_MODULE_BYTES`].
    #[error("the module has {0} bytes, the limit is {MAX_MODULE_BYTES}; strip debug information or split it")]
    ModuleTooLarge(usize),
    /// The program is longer than [`MAX_INSTRUCTIONS`].
    #[error("the program needs more than {MAX_INSTRUCTIONS} machine instructions; make the module smaller")]
    TooManyInstructions,
    /// The bytes are no valid module of the supported WebAssembly features.
    #[error(
        "invalid module at byte {offset}: {message}; compile for WebAssembly 2.0 (sign extension, mutable globals, \
         multi-value, bulk memory, reference types) and no other feature"
    )]
    Invalid {
        /// Byte offset in the module.
        offset: u64,
        /// What the validator says.
        message: String,
    },
    /// An instruction that is valid and not supported: floating point.
    #[error(
        "{function} uses {instruction}; only integer instructions can be proved, use fixed-point numbers"
    )]
    UnsupportedInstruction {
        /// The function, by index and name.
        function: String,
        /// The instruction.
        instruction: String,
    },
    /// A value type that is valid and not supported: floating point.
    #[error("{place} has a value of type {value_type}; only integers and references can be proved")]
    UnsupportedType {
        /// The function, function type or global.
        place: String,
        /// The type.
        value_type: String,
    },
    /// The module imports something that the host does not offer.
    #[error(
        "unknown import {module}.{name}; the host offers the functions weft.input_len, weft.input_word, \
         weft.output_word, weft.keccak_f1600, weft.sha256_compress, weft.multiply_add_modulo, \
         weft.poseidon_permute and weft.secp256k1_add, and nothing else"
    )]
    UnknownImport {
        /// The module imported from.
        module: String,
        /// The name imported.
        name: String,
    },
    /// The module imports a host function with another type.
    #[error("import weft.{name} has the wrong type; it is {expected}")]
    ImportType {
        /// The host function.
        name: String,
        /// Its type.
        expected: &'static str,
    },
    /// There is no export `run`.
    #[error("the module exports no function named run; export one that takes and returns nothing")]
    MissingEntry,
    /// There is no export of that name that is a function with as many parameters as there are arguments.
    #[error("the module exports no function {0} with this number of parameters")]
    NoSuchFunction(String),
    /// The export `run` is no function that takes and returns nothing.
    #[error("the export run must be a function that takes and returns nothing")]
    EntryType,
    /// A data segment does not fit into memory.
    #[error("data segment {segment} does not fit into the memory's initial size; declare a larger memory")]
    DataOutOfBounds {
        /// Index of the segment.
        segment: usize,
    },
    /// An element segment does not fit into the table.
    #[error("element segment {segment} does not fit into the table; declare a larger table")]
    ElementOutOfBounds {
        /// Index of the segment.
        segment: usize,
    },
    /// An initial value or offset is no constant.
    #[error("{place} is not given by a single constant; make it one")]
    NotConstant {
        /// The global or segment.
        place: String,
    },
    /// A function declares more than [`MAX_LOCALS`] locals.
    #[error("{function} declares {count} locals, the limit is {MAX_LOCALS}; keep values in memory instead")]
    TooManyLocals {
        /// The function, by index and name.
        function: String,
        /// How many locals it declares.
        count: u32,
    },
    /// A function's operand stack grows over [`MAX_OPERANDS`].
    #[error("{function} has more than {MAX_OPERANDS} operands on its stack; keep values in locals instead")]
    StackTooDeep {
        /// The function, by index and name.
        function: String,
    },
}

impl TranslateError {
    /// Whether the module is valid and uses floating point.
    pub(super) fn is_unsupported(&self) -> bool {
        matches!(
            self,
            Self::UnsupportedInstruction { .. } | Self::UnsupportedType { .. }
        )
    }
}

impl From<wasmparser::Error> for TranslateError {
    fn from(error: wasmparser::Error) -> Self {
        Self::Invalid {
            offset: error.offset(),
            message: error.message().to_string(),
        }
    }
}

/// What made a program trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrapKind {
    /// An access beyond the end of memory, or of a data segment.
    MemoryOutOfBounds,
    /// An `unreachable` instruction.
    Unreachable,
    /// An integer division by zero.
    DivisionByZero,
    /// A signed division whose quotient does not fit.
    IntegerOverflow,
    /// An access or an indirect call of an element beyond the end of a table.
    TableOutOfBounds,
    /// An indirect call of an element that is null.
    NullElement,
    /// An indirect call of a function of another type.
    CallTypeMismatch,
    /// A word of the input beyond its end.
    InputOutOfBounds,
    /// A call of a precompile at an address that is no multiple of 8.
    Misaligned,
}

impl TrapKind {
    /// Every kind, in the order of their halt instructions, which start at [`TRAP_PC`].
    pub const ALL: [Self; 9] = [
        Self::MemoryOutOfBounds,
        Self::Unreachable,
        Self::DivisionByZero,
        Self::IntegerOverflow,
        Self::TableOutOfBounds,
        Self::NullElement,
        Self::CallTypeMismatch,
        Self::InputOutOfBounds,
        Self::Misaligned,
    ];

    /// The instruction that halts with this trap.
    pub const fn pc(self) -> u64 {
        TRAP_PC + self as u64
    }

    /// The trap that the instruction a run halted at stands for, `None` if it stands for none. Give it
    /// [`Trace::halted_at`](crate::machine::Trace::halted_at).
    pub fn at(pc: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.pc() == pc)
    }
}
