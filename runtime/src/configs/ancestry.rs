//! What MMR root a past block had, for reports of validators who signed another.
//!
//! The SDK's own helper takes ancestry proofs, and its check of them can be deceived: neither the places of a proof's nodes nor its number of leaves are bound, so
//! that a false "earlier root" can be shown under a true one, and honest validators slashed for not having signed it. Here the header of the block itself is shown:
//! its digest has the root, and its hash is in the MMR leaf that its child made, for which there are plain proofs of one leaf. A leaf has 121 bytes and a
//! node 64, so one cannot be taken for the other, and whatever number of leaves a proof claims, its leaf is under the root.
//!
//! Who reports takes the headers from `chain_getHeader` and the leaf from `mmr_generateProof`; what `generate_ancestry_proof` gives is of no use here.

use alloc::vec;
use codec::{Decode, DecodeAll, DecodeWithMemTracking, Encode};
use frame_support::{BoundedVec, traits::ConstU32, weights::Weight};
use scale_info::TypeInfo;
use sp_consensus_beefy::{
    AncestryHelper, AncestryHelperWeightInfo, BEEFY_ENGINE_ID, Commitment, ConsensusLog,
    ecdsa_crypto::AuthorityId, known_payloads::MMR_ROOT_ID, mmr::MmrLeaf,
};
use sp_mmr_primitives::{DataOrHash, LeafProof};
use sp_runtime::{
    generic::OpaqueDigestItemId,
    traits::{Header as _, Keccak256},
};
use weft_primitives::outbox::LeafExtra;

use crate::{BeefyMmrLeaf, BlockNumber, Hash, Header};

/// SCALE of a header.
pub type HeaderBytes = BoundedVec<u8, ConstU32<MAX_HEADER_BYTES>>;
/// A leaf of this chain's MMR.
pub type Leaf = MmrLeaf<BlockNumber, Hash, Hash, LeafExtra>;

/// Most nodes of a proof: an MMR of 2^32 leaves has 32 peaks, and none of its trees is higher than 32.
const MAX_ITEMS: u32 = 64;
/// Most bytes of a header: one that says who the validators of a session are has some 12,000.
const MAX_HEADER_BYTES: u32 = 32 * 1024;
/// Most bytes of a leaf; this chain's have 121.
const MAX_LEAF_BYTES: u32 = 256;

/// Shows the header of a block under the MMR root of a later one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ShownHeader {
    /// SCALE of the header.
    pub header: HeaderBytes,
    /// SCALE of the leaf that the block's child made.
    pub leaf: BoundedVec<u8, ConstU32<MAX_LEAF_BYTES>>,
    /// Index of that leaf.
    pub leaf_index: u64,
    /// How many leaves the MMR has whose root it is shown under.
    pub leaf_count: u64,
    /// What leads from it to the root, as `mmr_generateProof` gives it for the child alone.
    pub items: BoundedVec<Hash, ConstU32<MAX_ITEMS>>,
}

impl ShownHeader {
    /// The header, if it is that of an ancestor of the block whose MMR root this is.
    fn under(&self, root: Hash) -> Option<Header> {
        let header = decode_header(&self.header)?;
        self.is_under(&header, root).then_some(header)
    }

    fn is_under(&self, header: &Header, root: Hash) -> bool {
        // The library doubles the number of leaves.
        if self.leaf_index >= self.leaf_count || self.leaf_count > u64::from(BlockNumber::MAX) {
            return false;
        }
        let Ok(leaf) = Leaf::decode_all(&mut &self.leaf[..]) else {
            return false;
        };
        let parent = leaf.parent_number_and_hash;
        let proof = LeafProof {
            leaf_indices: vec![self.leaf_index],
            leaf_count: self.leaf_count,
            items: self.items.to_vec(),
        };
        let leaf = vec![DataOrHash::<Keccak256, Leaf>::Data(leaf)];
        parent == (*header.number(), header.hash())
            && pallet_mmr::verify_leaves_proof::<Keccak256, Leaf>(root, leaf, proof).is_ok()
    }
}

/// The header that these bytes are, all of them.
pub fn decode_header(bytes: &HeaderBytes) -> Option<Header> {
    Header::decode_all(&mut &bytes[..]).ok()
}

/// The MMR root in a header's digest.
pub fn root_in(header: &Header) -> Option<Hash> {
    header.digest().convert_first(|item| {
        let log = item.try_to(OpaqueDigestItemId::Consensus(&BEEFY_ENGINE_ID))?;
        match log {
            ConsensusLog::<AuthorityId>::MmrRoot(root) => Some(root),
            _ => None,
        }
    })
}

/// Reports of BEEFY's votes, by headers.
pub struct ShownHeaders;

impl AncestryHelper<Header> for ShownHeaders {
    type Proof = ShownHeader;
    type ValidationContext = Hash;

    /// A proof is bounded by its type.
    fn is_proof_optimal(_: &ShownHeader) -> bool {
        true
    }

    /// The MMR root at one of the newest 2,400 blocks.
    fn extract_validation_context(header: Header) -> Option<Hash> {
        <BeefyMmrLeaf as AncestryHelper<Header>>::extract_validation_context(header)
    }

    /// Whether the block that was signed has another root than one that was signed for it.
    fn is_non_canonical(commitment: &Commitment<BlockNumber>, proof: ShownHeader, context: Hash) -> bool {
        let Some(header) = proof.under(context) else {
            return false;
        };
        let Some(root) = root_in(&header).filter(|_| *header.number() == commitment.block_number) else {
            return false;
        };
        let mut signed = commitment
            .payload
            .get_all_decoded::<Hash>(&MMR_ROOT_ID)
            .peekable();
        // Who is honest signs one root, this one: none, or one that cannot be read, is none of this block's either.
        signed.peek().is_none() || signed.any(|signed| signed != Some(root))
    }
}

impl AncestryHelperWeightInfo<Header> for ShownHeaders {
    fn is_proof_optimal(_: &ShownHeader) -> Weight {
        Weight::from_parts(1_000_000, 0)
    }

    fn extract_validation_context() -> Weight {
        <BeefyMmrLeaf as AncestryHelperWeightInfo<Header>>::extract_validation_context()
    }

    /// One keccak a node, some two microseconds; and the header is read and hashed.
    fn is_non_canonical(proof: &ShownHeader) -> Weight {
        Weight::from_parts(200_000_000, 0)
            .saturating_add(Weight::from_parts(20_000, 0).saturating_mul(proof.header.len() as u64))
            .saturating_add(Weight::from_parts(4_000_000, 0).saturating_mul(proof.items.len() as u64))
    }
}
