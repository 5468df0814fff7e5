//! Generalized indices: where things are in a beacon state and in a block body, by fork.
//!
//! The root of a tree has index 1, the children of the node with index i have 2i and 2i + 1 (`ssz/merkle-proofs.md`).

use libssz_merkle::{Sha256Hasher, hash_nodes};
use primitive_types::H256;

use crate::network::Fork;

/// Where things are at a fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indices {
    /// `finalized_checkpoint.root` in the beacon state.
    pub finalized_root: u64,
    /// `current_sync_committee` in the beacon state.
    pub current_committee: u64,
    /// `next_sync_committee` in the beacon state.
    pub next_committee: u64,
    /// [`Fork::payload_hash`], and `None` before Capella.
    pub execution_hash: Option<u64>,
}

/// Where the history of blocks is in a beacon state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryLists {
    /// `historical_roots`: pairs of the roots of block roots and state roots, before Capella.
    pub roots: u64,
    /// `historical_summaries`: the same from Capella on.
    pub summaries: u64,
}

impl Fork {
    /// Where the history of blocks is in a state of this fork. `None` before Capella, and for Gloas, whose states have another form.
    pub const fn history_lists(self) -> Option<HistoryLists> {
        let leaves = match self {
            Self::Altair | Self::Bellatrix | Self::Gloas => return None,
            Self::Capella | Self::Deneb => 32,
            Self::Electra | Self::Fulu => 64,
        };
        Some(HistoryLists {
            roots: leaves + 7,
            summaries: leaves + 27,
        })
    }

    /// Where the hash of an execution block is in a block body: of the block's own payload, from Gloas on of the last one delivered before
    /// (`signed_execution_payload_bid.message.parent_block_hash`). `None` before Bellatrix.
    pub const fn payload_hash(self) -> Option<u64> {
        match self {
            Self::Altair => None,
            // The payload is at 25 and has 16 leaves, then 32.
            Self::Bellatrix | Self::Capella => Some(25 * 16 + 12),
            Self::Deneb | Self::Electra | Self::Fulu => Some(25 * 32 + 12),
            Self::Gloas => Some(2856),
        }
    }

    /// Where things are at this fork.
    pub const fn indices(self) -> Indices {
        let (finalized_root, current_committee, next_committee) = match self {
            Self::Altair | Self::Bellatrix | Self::Capella | Self::Deneb => (105, 54, 55),
            Self::Electra | Self::Fulu => (169, 86, 87),
            Self::Gloas => (735, 2945, 2946),
        };
        let execution_hash = match self {
            // Light clients learn of execution blocks from Capella on.
            Self::Altair | Self::Bellatrix => None,
            _ => self.payload_hash(),
        };
        Indices {
            finalized_root,
            current_committee,
            next_committee,
            execution_hash,
        }
    }
}

/// How many nodes a branch to an index has. There is no index 0; it has none.
pub const fn depth(index: u64) -> usize {
    match index.checked_ilog2() {
        Some(depth) => depth as usize,
        None => 0,
    }
}

/// Whether `branch`, from the leaf's sibling upwards, leads from `leaf` at `index` to `root`. Its length must be exactly the
/// index's depth (`is_valid_merkle_branch`).
pub fn is_valid_branch(
    hasher: &impl Sha256Hasher,
    leaf: H256,
    branch: &[H256],
    index: u64,
    root: H256,
) -> bool {
    if index == 0 || branch.len() != depth(index) {
        return false;
    }
    let mut node = leaf.0;
    let mut position = index;
    for sibling in branch {
        node = if position % 2 == 1 {
            hash_nodes(hasher, &sibling.0, &node)
        } else {
            hash_nodes(hasher, &node, &sibling.0)
        };
        position /= 2;
    }
    node == root.0
}
