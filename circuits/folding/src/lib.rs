//! Flat folding: proves many chunks of a few block-structured R1CS shapes at once, with Nova's folding scheme outside
//! any circuit and one Spartan proof a shape at the end.
//!
//! The protocol, what is committed when and why it is sound: `docs/decisions/zkwasm-proof.md`, sections 2, 3, 5 and 6.
//!
//! # Terms
//! * *Shape*: an R1CS made of many identical blocks; [`shape`].
//! * *Chunk*: an instance of a shape; the chunks of a shape are folded.
//! * *Segment*: chunks of a shape that one process folds; segments are merged.
//! * *Bus*: a multiset of tagged tuples over which blocks speak to one another; it must balance.
//! * *Trace* and *bus* columns: the witness before and after the bus challenges.
//!
//! # Limits
//! At most 2^12 chunks a shape and 2^20 blocks a chunk. Nothing is hidden: commitments are not blinded.
#![forbid(unsafe_code)]

mod challenge;
mod engine;
mod folding;
mod journal;
mod matrix;
mod openings;
mod proof;
mod prover;
mod second_phase;
mod segment;
mod setup;
pub mod shape;
mod spartan;
#[cfg(test)]
mod tests;
mod transcript;
mod verifier;

pub use challenge::PublicEntry;
pub use engine::{Commitment, F, keccak256, power_of_two};
pub use journal::Journal;
pub use proof::{DecodeError, Layout, MAX_CHUNKS, Proof, decode_commitment, encode_commitment, proof_bytes};
pub use prover::{Part, Progress, ProveError, Trace, check, commit_fixed, prove};
pub use segment::{Channel, Segment};
pub use setup::{Setup, SetupError, VerifierSetup};
pub use verifier::{Fixed, VerifierPart, VerifyError, verify};
