//! Generalized indices: where things are in a beacon state and in a block body, by fork.
//!
//! The root of a tree has index 1, the children of the node with index i have 2i and 2i + 1 (`ssz/merkle-proofs.md`).

use crate::{
    crypto::{Crypto, Hasher},
    network::Fork,
};
use libssz_merkle::{Node, hash_nodes};

/// Where things are at a fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indices {
    /// `finalized_checkpoint.root` in the beacon state.
    pub finalized_root: u64,
    /// `current_sync_committee` in the beacon state.
    pub current_committee: u64,
    /// `next_sync_committee` in the beacon state.
    pub next_committee: u64,
    /// The hash of an execution block in the block body: of the block's own payload, from Gloas on of the last one delivered before
    /// (`signed_execution_payload_bid.message.parent_block_hash`). `None` before Capella.
    pub execution_hash: Option<u64>,
}

impl Fork {
    /// Where things are at this fork.
    pub const fn indices(self) -> Indices {
        let (finalized_root, current_committee, next_committee) = match self {
            Self::Altair | Self::Bellatrix | Self::Capella | Self::Deneb => (105, 54, 55),
            Self::Electra | Self::Fulu => (169, 86, 87),
            Self::Gloas => (735, 2945, 2946),
        };
        let execution_hash = match self {
            Self::Altair | Self::Bellatrix => None,
            // The payload's header is at 25 and has 16 leaves, then 32.
            Self::Capella => Some(25 * 16 + 12),
            Self::Deneb | Self::Electra | Self::Fulu => Some(25 * 32 + 12),
            Self::Gloas => Some(2856),
        };
        Indices {
            finalized_root,
            current_committee,
            next_committee,
            execution_hash,
        }
    }
}

/// How many nodes a branch to an index has.
pub const fn depth(index: u64) -> usize {
    index.ilog2() as usize
}

/// Whether `branch`, from the leaf's sibling upwards, leads from `leaf` at `index` to `root`. Its length must be exactly the
/// index's depth (`is_valid_merkle_branch`).
pub fn is_valid_branch<C: Crypto>(leaf: Node, branch: &[Node], index: u64, root: Node) -> bool {
    if branch.len() != depth(index) {
        return false;
    }
    let mut node = leaf;
    let mut position = index;
    for sibling in branch {
        node = if position % 2 == 1 {
            hash_nodes(&Hasher::<C>::NEW, sibling, &node)
        } else {
            hash_nodes(&Hasher::<C>::NEW, &node, sibling)
        };
        position /= 2;
    }
    node == root
}
