//! What the chain keeps of a zkGraph.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::H256;
use scale_info::TypeInfo;

use crate::manifest::StatePolicy;

/// A zkGraph.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Graph<AccountId, Balance> {
    /// The account that may change it.
    pub owner: AccountId,
    /// What is held on the owner's account for its storage.
    pub deposit: Balance,
    /// The proof system that its runs are proved with.
    pub proof_system: u16,
    /// keccak256 of its program commitment.
    pub image: H256,
    /// keccak256 of its manifest.
    pub manifest: H256,
    /// Whether its runs build on one another. Fixed when it is registered.
    pub policy: StatePolicy,
    /// Where workers find its program.
    pub program: Program,
    /// keccak256 of its state.
    pub state_root: H256,
    /// For an index the block that the next run starts with.
    pub cursor: Option<u64>,
    /// Runs that have settled.
    pub settled_runs: u64,
    /// Runs that are locked right now.
    pub locked_runs: u32,
    /// Whether it takes no more runs. It is removed when the last locked run ends.
    pub retired: bool,
}

/// Where to find a program's WebAssembly. The chain never reads it: what a run is proved against is the image.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Program {
    /// keccak256 of the WebAssembly module.
    pub digest: H256,
    /// A URI, UTF-8.
    pub uri: BoundedVec<u8, ConstU32<256>>,
}
