//! A client of a Weft node, for workers and command-line programs.
//!
//! | module | what |
//! |---|---|
//! | [`Chain`] | the connection; which block is best, which is final |
//! | [`queries`] | zkGraphs, jobs, keys and results, as the runtime API `WeftApi` answers |
//! | [`ethereum`] | what the chain's light client knows of Ethereum |
//! | [`calls`] | the transactions of Weft's pallets |
//! | [`transactions`] | signing, sending, waiting for a block; what a refusal is called |
//! | [`events`] | what a transaction brought about |
//! | [`finality`] | BEEFY justifications, validator sets, MMR proofs, proofs of results |
//!
//! # Terms
//! - **Best block**: the head of the longest chain the node knows. What is read there may be undone.
//! - **Call**: a transaction's content, before it is signed.
//!
//! # How types stay right
//! Values have the types of `weft-primitives`, which the runtime is made of too, and travel in their own SCALE encoding. Names of
//! pallets, calls, events and errors are looked up in the metadata of the running chain. The arguments of each call are
//! decoded with that metadata before they are signed, so that a runtime with other types is noticed and not sent
//! nonsense. Answers must decode to the last byte.
//!
//! # Limits
//! One node, trusted to tell the truth about Weft: a worker runs its own.

#![forbid(unsafe_code)]
#![allow(
    clippy::result_large_err,
    reason = "subxt's errors are large, and not made on a hot path"
)]

pub mod calls;
mod client;
pub mod ethereum;
pub mod events;
pub mod finality;
pub mod queries;
mod signer;
pub mod transactions;

pub use calls::Call;
pub use client::{Chain, ConnectError, QueryError};
pub use events::Event;
pub use finality::FinalityError;
pub use queries::{Job, RunDetails, Trigger};
pub use signer::{Signer, SignerError};
pub use transactions::{InBlock, SubmitError};

/// An account of Weft.
pub type AccountId = subxt::utils::AccountId32;
/// An amount of WEFT, in plancks.
pub type Balance = u128;
/// The number of a block of Weft.
pub type BlockNumber = u32;
