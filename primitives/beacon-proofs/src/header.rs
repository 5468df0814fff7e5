//! Headers of beacon blocks.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use libssz_merkle::{Node, Sha256Hasher, merkleize};
use primitive_types::H256;
use scale_info::TypeInfo;

/// `BeaconBlockHeader`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct BeaconHeader {
    /// Slot of the block.
    pub slot: u64,
    /// Index of its proposer.
    pub proposer_index: u64,
    /// Root of the block before.
    pub parent_root: H256,
    /// Root of the state after it.
    pub state_root: H256,
    /// Root of its body.
    pub body_root: H256,
}

impl BeaconHeader {
    /// `hash_tree_root`: what the block is known by.
    pub fn root(&self, hasher: &impl Sha256Hasher) -> H256 {
        let leaves = [
            integer(self.slot),
            integer(self.proposer_index),
            self.parent_root.0,
            self.state_root.0,
            self.body_root.0,
        ];
        H256(merkleize(hasher, &leaves, None))
    }
}

/// The chunk that holds an integer.
pub fn integer(value: u64) -> Node {
    let mut node = [0; 32];
    node[..8].copy_from_slice(&value.to_le_bytes());
    node
}
