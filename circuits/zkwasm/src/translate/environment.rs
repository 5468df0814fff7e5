//! What modules can import.

use wasmparser::{FuncType, ValType};

use crate::precompiles::Precompile;

/// Where a module runs: what it can import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Environment {
    /// A zkGraph's: the functions of the module `weft`.
    #[default]
    Weft,
    /// The module `spectest` that WebAssembly's own tests import from; what they print is dropped. Functions that use floating
    /// point are let through and trap.
    Spectest,
}

/// A function the host offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// `input_len() -> i32`: length of the input in bytes.
    InputLen,
    /// `input_word(i32) -> i64`: a little-endian 64-bit word of the input, the last one padded with zeros.
    InputWord,
    /// `advice_word(i32) -> i64`: a word that the prover chooses, the same whenever it is read.
    AdviceWord,
    /// `output_word(i64)`: appends a word to the output.
    OutputWord,
    /// `NAME(i32)`: changes the words of memory from this address on.
    Precompile(Precompile),
    /// Takes arguments and does nothing.
    Nothing,
}

impl Environment {
    /// A function, its type, and its type in words.
    pub(super) fn function(self, module: &str, name: &str) -> Option<(Host, FuncType, &'static str)> {
        use ValType::{F32, F64, I32, I64};
        let precompile = Precompile::ALL
            .into_iter()
            .find(|precompile| precompile.name() == name);
        if let (Self::Weft, "weft", Some(precompile)) = (self, module, precompile) {
            let ty = FuncType::new([I32], []);
            return Some((
                Host::Precompile(precompile),
                ty,
                "a function that takes an address (i32) and returns nothing",
            ));
        }
        let found = match (self, module, name) {
            (Self::Weft, "weft", "input_len") => {
                (Host::InputLen, FuncType::new([], [I32]), "input_len() -> i32")
            }
            (Self::Weft, "weft", "input_word") => (
                Host::InputWord,
                FuncType::new([I32], [I64]),
                "input_word(i32) -> i64",
            ),
            (Self::Weft, "weft", "advice_word") => (
                Host::AdviceWord,
                FuncType::new([I32], [I64]),
                "advice_word(i32) -> i64",
            ),
            (Self::Weft, "weft", "output_word") => {
                (Host::OutputWord, FuncType::new([I64], []), "output_word(i64)")
            }
            (Self::Spectest, "spectest", "print") => (Host::Nothing, FuncType::new([], []), "print()"),
            (Self::Spectest, "spectest", "print_i32") => {
                (Host::Nothing, FuncType::new([I32], []), "print_i32(i32)")
            }
            (Self::Spectest, "spectest", "print_i64") => {
                (Host::Nothing, FuncType::new([I64], []), "print_i64(i64)")
            }
            (Self::Spectest, "spectest", "print_f32") => {
                (Host::Nothing, FuncType::new([F32], []), "print_f32(f32)")
            }
            (Self::Spectest, "spectest", "print_f64") => {
                (Host::Nothing, FuncType::new([F64], []), "print_f64(f64)")
            }
            (Self::Spectest, "spectest", "print_i32_f32") => (
                Host::Nothing,
                FuncType::new([I32, F32], []),
                "print_i32_f32(i32, f32)",
            ),
            (Self::Spectest, "spectest", "print_f64_f64") => (
                Host::Nothing,
                FuncType::new([F64, F64], []),
                "print_f64_f64(f64, f64)",
            ),
            _ => return None,
        };
        Some(found)
    }

    /// The value of a global.
    pub(super) fn global(self, module: &str, name: &str, ty: ValType) -> Option<u64> {
        let found = match (self, module, name) {
            (Self::Spectest, "spectest", "global_i32") => ty == ValType::I32,
            (Self::Spectest, "spectest", "global_i64") => ty == ValType::I64,
            (Self::Spectest, "spectest", "global_f32") => ty == ValType::F32,
            (Self::Spectest, "spectest", "global_f64") => ty == ValType::F64,
            _ => false,
        };
        found.then_some(666)
    }

    /// The size and the maximum of a table.
    pub(super) fn table(self, module: &str, name: &str) -> Option<(u64, u64)> {
        (self == Self::Spectest && (module, name) == ("spectest", "table")).then_some((10, 20))
    }

    /// The pages and most pages of a memory.
    pub(super) fn memory(self, module: &str, name: &str) -> Option<(u32, u32)> {
        (self == Self::Spectest && (module, name) == ("spectest", "memory")).then_some((1, 2))
    }
}
