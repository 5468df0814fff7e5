//! What a gateway on Ethereum needs to be shown: BEEFY finality, validator sets, MMR proofs, proofs of results.

use codec::{Decode, DecodeAll, Encode};
use serde::Deserialize;
use sp_consensus_beefy::{
    BEEFY_ENGINE_ID, ConsensusLog, SignedCommitment, ValidatorSet, VersionedFinalityProof,
    ecdsa_crypto::{AuthorityId, Signature},
};
use sp_mmr_primitives::{EncodableOpaqueLeaf, LeafProof};
use subxt::config::substrate::DigestItem;
use weft_primitives::H256;

use crate::{BlockNumber, Chain, QueryError, client::decode};

/// A commitment of BEEFY with its signatures.
pub type Justification = SignedCommitment<BlockNumber, Signature>;
/// A set of BEEFY validators.
pub type BeefyValidators = ValidatorSet<AuthorityId>;

/// The node's code for: BEEFY has not finalised anything that this node knows of.
const BEEFY_NOT_READY: i32 = 1;

/// What the node says about finality cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FinalityError {
    /// The node does not answer, or something is missing.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// Bytes that came from the node are not what they should be.
    #[error("cannot read {what} of block {block:?}: {source}")]
    Malformed {
        /// What.
        what: &'static str,
        /// Of which block.
        block: H256,
        /// What the codec says.
        source: codec::Error,
    },
    /// The proof has another number of leaves than were asked for.
    #[error("the MMR proof holds {given} leaves, and {asked} were asked for")]
    WrongLeafCount {
        /// Leaves in it.
        given: usize,
        /// Blocks asked for.
        asked: usize,
    },
}

/// Leaves of the MMR and the proof for all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MmrProof {
    /// SCALE of each leaf; as many as blocks were asked for.
    pub leaves: Vec<Vec<u8>>,
    /// Their places in the MMR, in the same order.
    pub proof: LeafProof<H256>,
}

/// A message to Ethereum and the proof that it is in the outbox of the block that settled it; `weft_resultProof` gives it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultProof {
    /// Number of the message.
    pub nonce: u64,
    /// The block of Weft that settled it.
    pub block: BlockNumber,
    /// The block whose MMR leaf carries `root`.
    pub mmr_block: BlockNumber,
    /// ABI encoding of the message.
    #[serde(deserialize_with = "hex_bytes")]
    pub message: Vec<u8>,
    /// keccak256 of `message`.
    pub leaf: H256,
    /// Outbox root of `block`.
    pub root: H256,
    /// Index of the message in the outbox of `block`.
    pub leaf_index: u32,
    /// Messages in it.
    pub leaf_count: u32,
    /// Siblings from the bottom up.
    pub items: Vec<H256>,
}

#[derive(Deserialize)]
struct LeavesProof {
    #[serde(deserialize_with = "hex_bytes")]
    leaves: Vec<u8>,
    #[serde(deserialize_with = "hex_bytes")]
    proof: Vec<u8>,
}

fn hex_bytes<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(from)?;
    hex::decode(text.strip_prefix("0x").unwrap_or(&text)).map_err(serde::de::Error::custom)
}

/// The commitment in the SCALE bytes of a finality proof, as justifications of blocks hold it.
pub fn decode_justification(bytes: &[u8]) -> Result<Justification, codec::Error> {
    let VersionedFinalityProof::V1(signed) = DecodeAll::decode_all(&mut &bytes[..])?;
    Ok(signed)
}

impl Chain {
    /// Number and hash of the last block that BEEFY finalised; `None` until there is one.
    pub async fn beefy_head(&self) -> Result<Option<(BlockNumber, H256)>, QueryError> {
        let hash: H256 = match self.request("beefy_getFinalizedHead", |_| Ok(())).await {
            Ok(hash) => hash,
            Err(error) if error.code() == Some(BEEFY_NOT_READY) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some((self.header(hash).await?.number as BlockNumber, hash)))
    }

    /// The commitment of BEEFY to a block, if there is one. There always is one for the first block of a session, once BEEFY
    /// is past it.
    pub async fn justification(&self, block: H256) -> Result<Option<Justification>, FinalityError> {
        let method = "chain_getBlock";
        let details = self
            .methods
            .chain_get_block(Some(block))
            .await
            .map_err(QueryError::rpc(method))?;
        let details = details.ok_or_else(|| QueryError::Missing(format!("block {block:?}")))?;
        let proofs = details.justifications.unwrap_or_default();
        let Some((_, bytes)) = proofs.into_iter().find(|(engine, _)| *engine == BEEFY_ENGINE_ID) else {
            return Ok(None);
        };
        decode_justification(&bytes)
            .map(Some)
            .map_err(|source| FinalityError::Malformed {
                what: "the BEEFY justification",
                block,
                source,
            })
    }

    /// The validators that take over with a block, if they do: the first block of each session says who they are, in its header.
    pub async fn validators_from(&self, block: H256) -> Result<Option<BeefyValidators>, FinalityError> {
        for item in self.header(block).await?.digest.logs {
            let DigestItem::Consensus(engine, bytes) = item else {
                continue;
            };
            if engine != BEEFY_ENGINE_ID {
                continue;
            }
            let log = ConsensusLog::<AuthorityId>::decode(&mut &bytes[..]).map_err(|source| {
                FinalityError::Malformed {
                    what: "the BEEFY log",
                    block,
                    source,
                }
            })?;
            if let ConsensusLog::AuthoritiesChange(set) = log {
                return Ok(Some(set));
            }
        }
        Ok(None)
    }

    /// The validators in power at a block, whose state the node must still have.
    pub async fn validators_at(&self, block: H256) -> Result<Option<BeefyValidators>, QueryError> {
        self.runtime_api(block, "BeefyApi_validator_set", ()).await
    }

    /// The proof that the leaves which the blocks `of`, from the lowest up, made are in the MMR as it was when block `root` had made its own. All must be
    /// ancestors of the block `at`, or be it.
    pub async fn mmr_proof(
        &self,
        of: &[BlockNumber],
        root: BlockNumber,
        at: H256,
    ) -> Result<MmrProof, FinalityError> {
        let method = "mmr_generateProof";
        let answer: LeavesProof = self
            .request(method, |params| {
                params.push(of)?;
                params.push(root)?;
                params.push(at)
            })
            .await?;
        let leaves: Vec<EncodableOpaqueLeaf> = decode(method, &answer.leaves)?;
        let proof: LeafProof<H256> = decode(method, &answer.proof)?;
        if leaves.len() != of.len() || proof.leaf_indices.len() != of.len() {
            return Err(FinalityError::WrongLeafCount {
                given: leaves.len(),
                asked: of.len(),
            });
        }
        let leaves = leaves.into_iter().map(|EncodableOpaqueLeaf(leaf)| leaf).collect();
        Ok(MmrProof { leaves, proof })
    }

    /// A message and its proof, as of the block `at`.
    pub async fn result_proof(&self, nonce: u64, at: H256) -> Result<ResultProof, QueryError> {
        self.request("weft_resultProof", |params| {
            params.push(nonce)?;
            params.push(at)
        })
        .await
    }

    /// SCALE of a block's header.
    pub async fn header_bytes(&self, block: H256) -> Result<Vec<u8>, QueryError> {
        Ok(self.header(block).await?.encode())
    }

    /// The MMR root in a block's header.
    pub async fn mmr_root(&self, block: H256) -> Result<Option<H256>, QueryError> {
        for item in self.header(block).await?.digest.logs {
            let DigestItem::Consensus(BEEFY_ENGINE_ID, bytes) = item else {
                continue;
            };
            if let Ok(ConsensusLog::<AuthorityId>::MmrRoot(root)) = ConsensusLog::decode(&mut &bytes[..]) {
                return Ok(Some(root));
            }
        }
        Ok(None)
    }

    async fn header(
        &self,
        block: H256,
    ) -> Result<subxt::config::substrate::SubstrateHeader<H256>, QueryError> {
        let header = self.methods.chain_get_header(Some(block)).await;
        header
            .map_err(QueryError::rpc("chain_getHeader"))?
            .ok_or_else(|| QueryError::Missing(format!("block {block:?}")))
    }
}

/// The SCALE bytes of a finality proof with this commitment; the inverse of [`decode_justification`].
pub fn encode_justification(signed: Justification) -> Vec<u8> {
    VersionedFinalityProof::V1(signed).encode()
}
