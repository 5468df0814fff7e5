//! A client of beacon nodes, for relayers: checkpoints and updates of the light client, as Weft's chain takes them.
//!
//! | module | what |
//! |---|---|
//! | [`Beacon`] | nodes, and what is asked of them |
//! | [`answers`] | what they answer, by the [beacon API](https://ethereum.github.io/beacon-APIs) |
//! | [`BeaconChain`] | what runs read of the beacon chain, and what leads to old blocks |
//! | [`tree`] | Merkle trees of blocks and states, names of their fields |
//! | [`execution`] | which execution block a header stands for: SSZ of payload headers |
//! | [`convert`] | answers made into [`weft_light_client`]'s types |
//!
//! To follow finality only endpoints are used that every beacon node serves to light clients: `genesis`, `config/spec`, `headers`, and those
//! under `light_client`. Fields and history need blocks (`blocks`, and their `root`) and one state (`debug/beacon/states`), all of the standard
//! API too. The headers of execution blocks come from an execution node by their hash.
//!
//! Nothing that a node says is believed: a light client checks it all. A node that lies or hangs costs a relayer time, and the next one is
//! asked.
//!
//! # Limits
//! `http://` only, as for execution nodes: TLS is for a proxy of the operator's.

#![forbid(unsafe_code)]

pub mod answers;
mod chain;
mod client;
pub mod convert;
pub mod execution;
pub mod tree;

pub use chain::{BeaconChain, ChainError};
pub use client::{Beacon, BeaconError};
pub use convert::ConvertError;
