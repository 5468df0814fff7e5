//! What leads from a final block down to an older one.

use weft_ethereum_proofs::{AncestryError, HISTORY_CONTRACT, HISTORY_WINDOW, Header, Start, anchor_of};
use weft_primitives::{
    H256, SourceBlock,
    source::{Ancestry, HeaderBytes, Hop, MAX_PARENTS, TriePath},
};

use crate::{
    Ethereum, EthereumError, FetchError,
    evidence::{all, header_bytes},
};

/// Up to this distance headers are shown: they need no state, and are fewer bytes than paths.
const NEAR: u64 = 12;

/// A block that the chain knows to be final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FinalBlock {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: H256,
}

/// Nothing leads to a block.
#[derive(Debug, thiserror::Error)]
pub enum LineageError {
    /// The node does not answer, or lies.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The block is on no chain that the final block ends.
    #[error("block {number} with the hash {hash:?} is not part of Ethereum: the final chain has another one")]
    NotCanonical {
        /// Number of the block.
        number: u64,
        /// Its hash.
        hash: H256,
    },
    /// It is too far below.
    #[error("no block that the chain remembers leads to block {0} within the bounds")]
    TooOld(u64),
    /// What the node gave leads elsewhere.
    #[error("the Ethereum node gives a wrong history: {0}")]
    Wrong(#[from] AncestryError),
}

impl Ethereum {
    /// What leads to `block` from `near`, the nearest final block above it, or from the `newest`, whose state the node is most likely to
    /// have.
    ///
    /// # Errors
    /// When nothing leads there.
    pub async fn ancestry(
        &self,
        block: &SourceBlock,
        near: FinalBlock,
        newest: FinalBlock,
    ) -> Result<Ancestry, LineageError> {
        let other = LineageError::NotCanonical {
            number: block.number,
            hash: block.hash,
        };
        if near.number == block.number {
            return match near.hash == block.hash {
                true => Ok(Ancestry::default()),
                false => Err(other),
            };
        }
        let distance = near.number.saturating_sub(block.number);
        let hops = match distance <= NEAR {
            true => vec![self.parents(near.hash, distance).await?],
            false => match self.histories(newest, block.number).await {
                Ok(hops) => hops,
                // The state is gone; headers do not go.
                Err(_) if distance <= u64::from(MAX_PARENTS) => {
                    vec![self.parents(near.hash, distance).await?]
                }
                Err(error) => return Err(error),
            },
        };
        let ancestry: Ancestry = hops.try_into().map_err(|_| LineageError::TooOld(block.number))?;
        match anchor_of(block.hash, &ancestry, None) {
            Ok(Start::Execution(start)) if start == near.hash || start == newest.hash => Ok(ancestry),
            Ok(_) | Err(AncestryError::OtherBlock) => Err(other),
            Err(error) => Err(error.into()),
        }
    }

    /// The headers from the block with a hash down, as many as `distance`.
    async fn parents(&self, mut hash: H256, distance: u64) -> Result<Hop, LineageError> {
        let mut headers: Vec<HeaderBytes> = Vec::new();
        for _ in 0..distance {
            let (bytes, header) = self.bounded_header(hash).await?;
            headers.push(bytes);
            hash = header.parent_hash;
        }
        let headers = headers.try_into().map_err(|_| FetchError::TooLarge(hash))?;
        Ok(Hop::Parents(headers))
    }

    /// Steps down through the history that Ethereum's state keeps.
    async fn histories(&self, from: FinalBlock, number: u64) -> Result<Vec<Hop>, LineageError> {
        let mut hops = Vec::new();
        let mut hash = from.hash;
        loop {
            let (bytes, header) = self.bounded_header(hash).await?;
            let shown = number.max(header.number.saturating_sub(HISTORY_WINDOW));
            let (account, slot) = self.history(header.number, shown).await?;
            hops.push(Hop::History {
                header: bytes,
                number: shown,
                account,
                slot,
            });
            if shown == number {
                return Ok(hops);
            }
            if hops.len() >= weft_primitives::source::MAX_HOPS as usize {
                return Err(LineageError::TooOld(number));
            }
            hash = H256(self.header_at(shown).await.map_err(FetchError::from)?.hash.0);
        }
    }

    /// The paths to the hash of the block `number` in the state after the block `at`.
    async fn history(&self, at: u64, number: u64) -> Result<(TriePath, TriePath), FetchError> {
        let mut slot = [0; 32];
        slot[24..].copy_from_slice(&(number % HISTORY_WINDOW).to_be_bytes());
        let slot = H256(slot);
        let proof = self.proof(HISTORY_CONTRACT, &[slot], at).await?;
        let nodes = proof.slots().into_iter().next();
        let missing = || EthereumError::Missing(format!("history of block {number}"));
        let paths = all(proof.account()).zip(all(nodes.ok_or_else(missing)?));
        paths.ok_or(FetchError::TooLarge(slot))
    }

    async fn bounded_header(&self, hash: H256) -> Result<(HeaderBytes, Header), FetchError> {
        let (bytes, header) = self.checked_header(hash).await?;
        let bytes = header_bytes(bytes).ok_or(FetchError::TooLarge(hash))?;
        Ok((bytes, header))
    }
}
