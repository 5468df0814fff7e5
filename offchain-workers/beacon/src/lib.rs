//! A client of beacon nodes, for relayers: checkpoints and updates of the light client, as Weft's chain takes them.
//!
//! | module | what |
//! |---|---|
//! | [`Beacon`] | nodes, and what is asked of them |
//! | [`answers`] | what they answer, by the [beacon API](https://ethereum.github.io/beacon-APIs) |
//! | [`execution`] | which execution block a header stands for: SSZ of payload headers |
//! | [`convert`] | answers made into [`weft_light_client`]'s types |
//!
//! Only endpoints that every beacon node serves to light clients are used: `genesis`, `config/spec`, `headers`, and those under
//! `light_client`. The headers of execution blocks come from an execution node by their hash.
//!
//! Nothing that a node says is believed: a light client checks it all. A node that lies or hangs costs a relayer time, and the next one is
//! asked.
//!
//! # Limits
//! `http://` only, as for execution nodes: TLS is for a proxy of the operator's.

#![forbid(unsafe_code)]

pub mod answers;
mod client;
pub mod convert;
pub mod execution;

pub use client::{Beacon, BeaconError};
pub use convert::ConvertError;
