//! From a beacon block to the execution block of a much older one, by the roots of all blocks that the state keeps.

use codec::{Decode, DecodeWithMemTracking, Encode};
use primitive_types::H256;
use scale_info::TypeInfo;

use crate::{BeaconBranch, BeaconHeader, BeaconRules, indices::is_valid_branch};

/// Leads from a beacon block to the execution block of an older one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct BeaconHop {
    /// Header of the block that is known.
    pub newer: BeaconHeader,
    /// Whose place in the history is looked at. The place of a slot without a block has the root of the block before.
    pub slot: u64,
    /// From the root in that place to the state root of the newer block.
    pub branch: BeaconBranch,
    /// Header of the block that has that root.
    pub older: BeaconHeader,
    /// From the hash of its execution block to its body root.
    pub payload: BeaconBranch,
    /// Hash of its execution block. From Gloas on the last one delivered before it.
    pub hash: H256,
}

/// Why a hop does not lead to an execution block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HopError {
    /// The state of the newer block has no place for that slot: its fork's states are not known here, or the batch of the slot has not ended
    /// before it.
    #[error("the newer block's state has no known place for that slot")]
    NoPlace,
    /// The branch does not lead from the older block to the newer one's state.
    #[error("the older block is not in that place of the newer one's history")]
    NotInHistory,
    /// The older block has no execution block: it is of a fork before them, or from before the merge.
    #[error("the older block has no execution block")]
    NoPayload,
    /// The branch does not lead from the hash to the older block's body.
    #[error("the older block has another execution block")]
    OtherPayload,
}

impl BeaconRules<'_> {
    /// Where the root of the block of `slot` is in the state of a block of the slot `newer`: a place in `historical_roots` before Capella, in
    /// `historical_summaries` from then on. Both are lists of at most 2^24 pairs whose first member is the root of a vector of block roots.
    /// `None` if it is not there: then the slot's batch has not ended, or the fork's states are not known.
    pub fn history_index(&self, newer: u64, slot: u64) -> Option<u64> {
        let lists = self.network.fork_at(newer)?.fork.history_lists()?;
        let batch = self.network.preset.slots_per_historical_root();
        let capella = self.network.first_slot(crate::Fork::Capella)?;
        // A batch in whose middle Capella began is the first of the summaries.
        let (era, first) = (slot / batch, capella / batch);
        // A slot beyond would have its place in other parts of the state.
        if era >= newer / batch {
            return None;
        }
        let (list, position) = match era.checked_sub(first) {
            None => (lists.roots, era),
            Some(position) => (lists.summaries, position),
        };
        if position >= 1 << HISTORY_DEPTH {
            return None;
        }
        // The list's root is that of its items and its length; an item that of two roots.
        let items = list * 2;
        let item = (items << HISTORY_DEPTH) + position;
        Some(item * 2 * batch + slot % batch)
    }

    /// The root of the block that is known, and the hash of the execution block that is reached.
    ///
    /// # Errors
    /// When one of the branches does not lead where it should.
    pub fn follow(&self, hop: &BeaconHop) -> Result<(H256, H256), HopError> {
        let index = self
            .history_index(hop.newer.slot, hop.slot)
            .ok_or(HopError::NoPlace)?;
        let older = hop.older.root(self);
        if hop.older.slot > hop.slot
            || !is_valid_branch(self, older, &hop.branch, index, hop.newer.state_root)
        {
            return Err(HopError::NotInHistory);
        }
        let fork = self.network.fork_at(hop.older.slot).ok_or(HopError::NoPayload)?;
        let index = fork.fork.payload_hash().ok_or(HopError::NoPayload)?;
        if hop.hash == H256::zero() {
            return Err(HopError::NoPayload);
        }
        if !is_valid_branch(self, hop.hash, &hop.payload, index, hop.older.body_root) {
            return Err(HopError::OtherPayload);
        }
        Ok((hop.newer.root(self), hop.hash))
    }
}

/// `HISTORICAL_ROOTS_LIMIT` is 2 to the power of this.
const HISTORY_DEPTH: u32 = 24;
