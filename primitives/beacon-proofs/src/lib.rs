//! What a block of Ethereum's beacon chain holds, from its root and from bytes that anybody may have sent.
//!
//! Which blocks are final is not decided here, but by the light client (`weft-light-client`); what runs read of them is in
//! `docs/decisions/data-bus.md`, which has every check.
//!
//! | module | what |
//! |---|---|
//! | [`network`] | what differs between networks: preset, genesis, forks |
//! | [`indices`] | where things are in a beacon state and a block body, by fork; branches |
//! | [`header`] | beacon headers and their roots |
//! | [`history`] | from a block to the execution block of a much older one |
//!
//! Terms are the specification's: *slot*, *epoch*, *branch* (a Merkle proof), *generalized index* (where in a Merkle tree something is).

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod header;
pub mod history;
pub mod indices;
pub mod network;

pub use header::BeaconHeader;
pub use history::{BeaconHop, HopError};
pub use network::{BeaconRules, Fork, ForkStart, Network, NetworkError, Preset};

use bounded_collections::{BoundedVec, ConstU32};
use primitive_types::H256;

/// Most nodes of a branch: one less than the bits of a generalized index.
pub const MAX_BEACON_BRANCH: u32 = 63;

/// A Merkle branch, from the leaf's sibling upwards.
pub type BeaconBranch = BoundedVec<H256, ConstU32<MAX_BEACON_BRANCH>>;
