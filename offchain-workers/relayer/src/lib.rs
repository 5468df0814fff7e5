//! The relayer: brings Weft's finality and results to the gateway on Ethereum, and Ethereum's finality to Weft.
//!
//! | module | what |
//! |---|---|
//! | [`commitment`] | BEEFY commitments and validator sets, as the gateway takes them |
//! | [`leaf`] | MMR leaves and proofs, as the gateway takes them |
//! | [`sessions`] | where on Weft a set of validators took over |
//! | [`Relayer`] | what is to be done, and doing it |
//! | [`turns`] | whose turn it is among several relayers |
//! | [`follow`] | the other direction: updates of Weft's light client of Ethereum |
//! | [`receipts`] | what the gateway did, brought to Weft: relayers are paid, liars reported |
//!
//! # Terms
//! - **Commitment**: what BEEFY validators sign; it holds an MMR root of Weft.
//! - **Handover**: the commitment to the first block of a session, by which the gateway learns the next set of validators.
//! - **Message**: a settled result on its way to a contract.
//!
//! # What it relies on
//! Nothing is kept between runs. What is still to be done follows from the gateway's storage and from Weft, so a relayer can be
//! stopped at any point, and several can run side by side. Every call is executed with `eth_call`, on top of what waits in the node's pool, before it is
//! sent; one that the gateway would refuse is not sent, and one that a rival made useless is taken back.
//!
//! # Limits
//! - The node of Weft must index off-chain data and have executed the blocks that it is asked about: leaves of the MMR and messages lie
//!   in its database. Handovers of any age can be made up for; the state of the newest block that BEEFY finalised must be there.
//! - A result whose source block has left the gateway's history (8,191 blocks) is reported and passed over.
//! - A destination that failed is reported and not called again: see `retry` of the gateway.

#![forbid(unsafe_code)]

pub mod batch;
pub mod commitment;
mod error;
pub mod follow;
pub mod leaf;
pub mod message;
mod pending;
pub mod receipts;
mod relay;
pub mod sessions;
mod transact;
pub mod turns;

pub use error::RelayError;
pub use relay::{Progress, Relayer, Terms};
