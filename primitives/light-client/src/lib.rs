//! Follows Ethereum's finality by the signatures of its sync committees: the light client of the consensus specification
//! (`specs/altair/light-client/sync-protocol.md` and its later forks), without I/O and without a clock.
//!
//! `docs/decisions/light-client.md` has the protocol: every check, in its order, and what is trusted.
//!
//! | module | what |
//! |---|---|
//! | [`containers`] | sync committees and their roots |
//! | [`update`] | what a relayer brings |
//! | [`store`] | what the light client knows, and how an update changes it |
//!
//! Networks, beacon headers and branches are those of [`weft_beacon_proofs`].
//!
//! Terms are the specification's: *slot*, *epoch*, *period* (of a sync committee), *branch* (a Merkle proof), *generalized
//! index* (where in a Merkle tree something is), *attested header* (what a committee signed), *finalized header*.
//!
//! Limits: no optimistic headers, no forced updates; a committee whose keys are known is [`store::Committee`], decompressed.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod containers;
mod crypto;
pub mod store;
pub mod update;

pub use containers::SyncCommittee;
pub use crypto::{Crypto, Hasher};
pub use store::{Anchor, Checkpoint, Committee, Store, UpdateError};
pub use update::{ExecutionProof, Update};
pub use weft_beacon_proofs::{
    BeaconHeader, Fork, ForkStart, Network, NetworkError, Preset, indices, network,
};
