//! Where on Weft a set of validators took over.

use weft_chain::{BlockNumber, Chain};
use weft_primitives::H256;

use crate::{RelayError, leaf::only_leaf};

/// The first block with a leaf in the MMR.
const FIRST_BLOCK: BlockNumber = 1;

/// The id of the validators in power at a block. The block's own leaf says who comes next, and ids rise by one.
///
/// This asks for the leaf and not for the block's state, so it works for blocks of any age.
pub async fn set_at(chain: &Chain, block: BlockNumber, head: H256) -> Result<u64, RelayError> {
    let proof = chain.mmr_proof(&[block], block, head).await?;
    Ok(only_leaf(&proof)?.nextAuthoritySet.id.saturating_sub(1))
}

/// The first block of the session of the validator set `set`, on the chain that ends with `head`, at which a later set or this one
/// is in power.
pub async fn start_of(chain: &Chain, set: u64, head: (BlockNumber, H256)) -> Result<BlockNumber, RelayError> {
    let (mut before, mut from) = (FIRST_BLOCK.saturating_sub(1), head.0);
    // The set is not in power at `before`, and is, or a later one, at `from`.
    while from - before > 1 {
        let middle = before + (from - before) / 2;
        if set_at(chain, middle, head.1).await? >= set {
            from = middle;
        } else {
            before = middle;
        }
    }
    Ok(from)
}
