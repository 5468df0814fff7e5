//! Proofs that a message was settled.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use primitive_types::H256;
use scale_info::TypeInfo;

/// A proof that a message is in the outbox of a block of Weft. The tree is that of the crate
/// `binary-merkle-tree` with keccak256.
///
/// The outbox root of block N is in the MMR leaf that block N + 1 makes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct OutboxProof {
    /// The block of Weft that settled the message.
    pub block: u32,
    /// Root of its outbox.
    pub root: H256,
    /// Hash of the message, which is the leaf.
    pub leaf: H256,
    /// Index of the leaf.
    pub leaf_index: u32,
    /// Leaves in the tree.
    pub leaf_count: u32,
    /// Siblings from the bottom up; none on a layer where the node was promoted.
    pub items: Vec<H256>,
}

/// What Weft adds to each leaf of its MMR: 40 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct LeafExtra {
    /// Root of the messages that the parent block settled; zero if it settled none.
    pub outbox: H256,
    /// Timestamp of the parent block, in seconds since 1970: from it a gateway counts how long it trusts the validators that the leaf names.
    pub time: u64,
}

/// Where a node with off-chain indexing keeps the ABI encoding of the message with this hash.
pub fn message_key(leaf: H256) -> Vec<u8> {
    [b"weft/outbox/".as_slice(), leaf.as_bytes()].concat()
}
