//! Fields of the beacon block before an execution block.

use alloc::vec::Vec;

use weft_beacon_proofs::{
    BeaconHeader, BeaconRules, Fork,
    indices::{depth, is_valid_branch},
};
use weft_primitives::{H256, input::FieldEntry, source::FieldEvidence};

use crate::{EvidenceError, Header};

/// The nodes with the generalized indices `wanted` of the tree whose root the beacon block before `block` has.
pub(crate) fn fields(
    rules: &BeaconRules<'_>,
    block: &Header,
    fork: Fork,
    wanted: &[u64],
    beacon: &BeaconHeader,
    evidence: &[FieldEvidence],
) -> Result<Vec<FieldEntry>, EvidenceError> {
    let root = beacon.root(rules);
    if block.parent_beacon_root != Some(root) {
        return Err(EvidenceError::WrongBeaconBlock);
    }
    let found = rules.network.fork_at(beacon.slot);
    if found.is_none_or(|found| found.fork != fork) {
        return Err(EvidenceError::OtherFork);
    }
    if wanted.len() != evidence.len() {
        return Err(EvidenceError::WrongPathCount);
    }
    let entry = |(&index, field): (&u64, &FieldEvidence)| {
        let node = field.node;
        let above = depth(index).checked_sub(field.branch.len());
        let above = above.ok_or(EvidenceError::WrongField)?;
        // What would be below zeros is not there: nothing hashes to them.
        let is_shown = (above == 0 || node == H256::zero())
            && is_valid_branch(rules, node, &field.branch, index >> above, root);
        is_shown
            .then_some(FieldEntry { index, node })
            .ok_or(EvidenceError::WrongField)
    };
    wanted.iter().zip(evidence).map(entry).collect()
}
