//! MMR leaves and proofs, as the gateway takes them.

use alloy_primitives::B256;
use codec::DecodeAll;
use weft_chain::finality::MmrProof;
use weft_ethereum::gateway::abi;
use weft_primitives::{H256, outbox::LeafExtra};

type ScaleLeaf = sp_consensus_beefy::mmr::MmrLeaf<u32, H256, H256, LeafExtra>;

/// The bytes are not a leaf of Weft's MMR.
#[derive(Debug, thiserror::Error)]
#[error("not a leaf of Weft's MMR: {0}")]
pub struct LeafError(#[from] codec::Error);

/// Solidity's bytes32.
pub(crate) fn bytes32(hash: H256) -> B256 {
    B256::from(hash.0)
}

/// The leaf that SCALE bytes encode.
pub fn leaf(bytes: &[u8]) -> Result<abi::MmrLeaf, LeafError> {
    let leaf = ScaleLeaf::decode_all(&mut &bytes[..])?;
    let (major, minor) = leaf.version.split();
    let (number, hash) = leaf.parent_number_and_hash;
    let next = leaf.beefy_next_authority_set;
    Ok(abi::MmrLeaf {
        version: major << 5 | minor,
        parentNumber: number,
        parentHash: bytes32(hash),
        nextAuthoritySet: abi::ValidatorSet {
            id: next.id,
            length: next.len,
            root: bytes32(next.keyset_commitment),
        },
        outbox: bytes32(leaf.leaf_extra.outbox),
        time: leaf.leaf_extra.time,
    })
}

/// The leaf of a proof for one.
///
/// # Errors
/// When it cannot be read.
pub fn only_leaf(proof: &MmrProof) -> Result<abi::MmrLeaf, LeafError> {
    leaf(proof.leaves.first().map(Vec::as_slice).unwrap_or_default())
}

/// Leaf and proof, of a proof for one leaf.
pub fn arguments(proof: &MmrProof) -> Result<(abi::MmrLeaf, abi::MmrProof), LeafError> {
    let place = abi::MmrProof {
        // There is one: the client of the chain checks it.
        leafIndex: proof.proof.leaf_indices.first().copied().unwrap_or_default(),
        leafCount: proof.proof.leaf_count,
        items: proof.proof.items.iter().copied().map(bytes32).collect(),
    };
    Ok((only_leaf(proof)?, place))
}
