//! zkWASM: proves runs of integer WebAssembly programs.
//!
//! # Parts
//! * [`program`]: the proved machine, its instructions and programs.
//! * [`machine`]: runs a program natively and records the trace.
#![forbid(unsafe_code)]

pub mod machine;
pub mod program;
