//! What a relayer brings.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode};
use primitive_types::H256;
use scale_info::TypeInfo;

use weft_beacon_proofs::BeaconHeader;

use crate::containers::{MAX_COMMITTEE, SyncCommittee};

/// Most nodes of a branch.
pub const MAX_BRANCH: u32 = 16;
/// Most bytes of the RLP of an execution block's header. One has some 650.
pub const MAX_EXECUTION_HEADER: u32 = 2 * 1024;

/// A Merkle branch, from the leaf's sibling upwards.
pub type Branch = BoundedVec<H256, ConstU32<MAX_BRANCH>>;

/// `LightClientUpdate`, with the execution header as RLP.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Update {
    /// What the committee signed.
    pub attested: BeaconHeader,
    /// The committee of the period after the attested header's, with its branch to the attested state root.
    pub next_committee: Option<(SyncCommittee, Branch)>,
    /// What the attested state says is final.
    pub finalized: BeaconHeader,
    /// The branch from its root to the attested state root.
    pub finality_branch: Branch,
    /// Who signed: the bit of member i is bit i mod 8 of byte i / 8.
    pub participation: BoundedVec<u8, ConstU32<{ MAX_COMMITTEE / 8 }>>,
    /// The sum of their signatures, a compressed point of G2.
    pub signature: [u8; 96],
    /// The slot in which they signed.
    pub signature_slot: u64,
    /// The execution block of the finalized header; there is none before Capella.
    pub execution: Option<ExecutionProof>,
}

impl Update {
    /// How many members signed.
    pub fn participants(&self) -> usize {
        self.participation
            .iter()
            .map(|byte| byte.count_ones() as usize)
            .sum()
    }

    /// Whether the member signed.
    pub(crate) fn signed(&self, member: usize) -> bool {
        self.participation
            .get(member / 8)
            .is_some_and(|byte| byte >> (member % 8) & 1 == 1)
    }
}

/// Shows which execution block a beacon block stands for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ExecutionProof {
    /// RLP of the execution block's header.
    pub header: BoundedVec<u8, ConstU32<MAX_EXECUTION_HEADER>>,
    /// The branch from its hash to the beacon block's body root.
    pub branch: Branch,
}
