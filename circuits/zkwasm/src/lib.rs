//! zkWASM: proves runs of integer WebAssembly programs by flat Nova folding.
//!
//! The protocol and why it is sound: `docs/decisions/zkwasm-proof.md`.
//!
//! # Parts
//! * [`program`]: the proved machine, its instructions and programs.
//! * [`translate`]: WebAssembly modules into programs.
//! * [`machine`]: runs a program natively and records the trace.
//! * [`Precompile`]: functions of the host with circuits of their own.
//! * [`Image`]: the commitment that a program is registered by.
//! * [`prove_run`], [`verify_run`]: a claim about a run, its proof, and the check of it.
//!
//! # Limits
//! Integer WebAssembly only. At most 2^24 steps, 64 KiB of input and of output, 2^16 instructions and initialised words.
#![forbid(unsafe_code)]

mod advice;
mod bus;
mod chunks;
mod image;
mod key;
pub mod machine;
mod precompiles;
pub mod program;
mod prove;
mod step;
mod tables;
#[cfg(test)]
mod tests;
pub mod translate;
mod verify;
mod witness;

pub use chunks::ChunkSizes;
pub use image::{IMAGE_BYTES, Image, ImageError, ROWS_LOG};
pub use key::{KEY_BYTES, SetupKind, VerifyingKey};
pub use precompiles::{Call, Precompile};
pub use prove::{
    ProofSize, ProofStats, Run, RunError, check_run, open_journal, proof_size, prove_run, with_segment,
};
pub use verify::{Claim, MAX_PUBLIC_BYTES, VerifyError, verify_run, verify_runs};
