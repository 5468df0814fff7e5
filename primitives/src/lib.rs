//! What pallets, circuits, workers and contracts of Weft must encode alike. No logic beyond encoding, digests
//! and bounds.
//!
//! | module | what |
//! |---|---|
//! | [`statement`] | what a proof is about: [`Statement`], and [`Message`], its form on the way to Ethereum |
//! | [`proof`] | the seam between the chain and proof systems: [`Claim`], [`ProofSystem`], [`ProofError`] |
//! | [`manifest`], [`query`] | what a zkGraph reads and where its results go: [`Manifest`], [`Query`] |
//! | [`graph`], [`job`], [`trigger`] | what the chain keeps of zkGraphs, runs and triggers |
//! | [`source`] | the blocks of a run and the evidence for them |
//! | [`clock`] | what deadlines are counted in |
//! | [`input`], [`output`], [`advice`] | the bytes that a run reads and writes |
//! | [`outbox`] | proofs that a message was settled |
//! | [`gateway`], [`governance`] | what gateways write into receipts, and what root orders them |
//! | [`abi`] | the same structs as Solidity sees them |
//!
//! Every digest is keccak256, so that a contract can make it too. What a contract must hash is ABI-encoded
//! first; what only
//! Weft handles is SCALE.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod abi;
pub mod advice;
pub mod clock;
pub mod gateway;
pub mod governance;
pub mod graph;
pub mod input;
pub mod job;
pub mod manifest;
pub mod outbox;
pub mod output;
pub mod proof;
pub mod query;
pub mod source;
pub mod statement;
pub mod trigger;
mod words;

pub use bounded_collections::{BoundedVec, ConstU32};
pub use clock::Clock;
pub use gateway::{AcceptedCommitment, GatewayEvent, GatewayId, MessageReward};
pub use governance::Order;
pub use graph::{Graph, Program};
pub use job::{Job, JobOrigin, JobStatus, RunSnapshot, Submission};
pub use manifest::{Manifest, ManifestError};
pub use primitive_types::{H160, H256};
pub use proof::{Claim, Outcome, ProofError, ProofSystem, ProofSystems};
pub use query::Query;
pub use source::SourceBlock;
pub use statement::{Destination, Message, Source, SourceKind, Statement};
pub use trigger::Trigger;

/// Number of a job, counted from 0 by the chain.
pub type JobId = u64;
/// Identifier of a zkGraph.
pub type GraphId = H256;

/// Most sources that a run has.
pub const MAX_SOURCES: u32 = 8;
/// Most bytes of a zkGraph's state. They lie on the chain until the storage network takes them.
pub const MAX_STATE_BYTES: u32 = 4 * 1024;
/// Most bytes that a run hands to its destination (calldata after the selector).
pub const MAX_PAYLOAD_BYTES: u32 = 16 * 1024;
/// Most bytes of a run's input.
pub const MAX_INPUT_BYTES: u32 = 64 * 1024;
/// Most bytes of a run's output stream.
pub const MAX_OUTPUT_BYTES: u32 = 64 * 1024;
/// Most bytes of a program commitment.
pub const MAX_IMAGE_BYTES: u32 = 512;
/// Most bytes of a proof, whatever its system.
pub const MAX_PROOF_BYTES: u32 = 256 * 1024;

/// Most bytes of a verifying key.
pub const MAX_KEY_BYTES: u32 = 64 * 1024;

/// The state of a zkGraph, in the program's own encoding.
pub type StateBytes = BoundedVec<u8, ConstU32<MAX_STATE_BYTES>>;
/// The commitment to a zkGraph's program, in the encoding of its proof system. Its keccak256 is the image.
pub type ImageBytes = BoundedVec<u8, ConstU32<MAX_IMAGE_BYTES>>;
/// A verifying key, in the encoding of its proof system.
pub type KeyBytes = BoundedVec<u8, ConstU32<MAX_KEY_BYTES>>;
/// A proof, in the encoding of its system.
pub type ProofBytes = BoundedVec<u8, ConstU32<MAX_PROOF_BYTES>>;

/// The keccak256 of `bytes`.
pub fn keccak256(bytes: &[u8]) -> H256 {
    H256(alloy_primitives::keccak256(bytes).0)
}

/// The digest of a zkGraph's state, as it stands in a statement: keccak256 of the bytes. A new zkGraph's state
/// is empty.
pub fn state_root(state: &[u8]) -> H256 {
    keccak256(state)
}
