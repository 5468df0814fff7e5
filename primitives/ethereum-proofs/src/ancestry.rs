//! From a block that somebody knows to be final down to an older one.

use weft_beacon_proofs::{BeaconRules, HopError};
use weft_primitives::{
    H256,
    source::{Hop, MAX_ANCESTRY_BYTES},
};

use crate::{Header, HeaderError, HistoryError, ancestor_hash};

/// Why hops do not lead from one block to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AncestryError {
    /// There are more than [`MAX_ANCESTRY_BYTES`].
    #[error("the ancestry has more than {MAX_ANCESTRY_BYTES} bytes")]
    TooLarge,
    /// A header cannot be read.
    #[error(transparent)]
    MalformedHeader(#[from] HeaderError),
    /// A header is not the one that the hop before, or the header before, leads to; or a hop has none.
    #[error("a header of the ancestry does not continue what comes before")]
    Broken,
    /// The hash is not shown by the history contract.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A hop from a beacon block does not lead to an execution block.
    #[error(transparent)]
    Beacon(#[from] HopError),
    /// A hop from a beacon block is not the first, or no beacon chain is known.
    #[error("a hop from a beacon block is only possible as the first, and where a beacon chain is followed")]
    MisplacedBeacon,
    /// The ancestry ends at another block.
    #[error("the ancestry leads to another block")]
    OtherBlock,
}

/// What has to be final so that a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The block with this hash.
    Execution(H256),
    /// The beacon block of this slot, with this root.
    Beacon {
        /// Its slot.
        slot: u64,
        /// Its root.
        root: H256,
    },
}

/// What has to be final so that the block with the hash `block` is: the start of the ancestry, or the block itself if that is empty.
///
/// # Errors
/// When the hops do not lead to `block`.
pub fn anchor_of(
    block: H256,
    ancestry: &[Hop],
    beacon: Option<&BeaconRules<'_>>,
) -> Result<Start, AncestryError> {
    if ancestry.iter().map(Hop::byte_count).sum::<usize>() > MAX_ANCESTRY_BYTES as usize {
        return Err(AncestryError::TooLarge);
    }
    let mut anchor = None;
    let mut reached = None;
    for hop in ancestry {
        let (start, end) = ends(hop, beacon)?;
        match (start, reached) {
            (Start::Beacon { .. }, Some(_)) => return Err(AncestryError::MisplacedBeacon),
            (Start::Execution(start), Some(reached)) if start != reached => {
                return Err(AncestryError::Broken);
            }
            _ => {}
        }
        anchor.get_or_insert(start);
        reached = Some(end);
    }
    if reached.unwrap_or(block) != block {
        return Err(AncestryError::OtherBlock);
    }
    Ok(anchor.unwrap_or(Start::Execution(block)))
}

/// Where a hop starts, and the hash of the block that it shows.
fn ends(hop: &Hop, beacon: Option<&BeaconRules<'_>>) -> Result<(Start, H256), AncestryError> {
    match hop {
        Hop::Parents(headers) => {
            let mut start = None;
            let mut parent = None;
            for bytes in headers {
                let header = Header::decode(bytes)?;
                if parent.is_some_and(|parent| parent != header.hash) {
                    return Err(AncestryError::Broken);
                }
                start.get_or_insert(header.hash);
                parent = Some(header.parent_hash);
            }
            let start = start.map(Start::Execution);
            start.zip(parent).ok_or(AncestryError::Broken)
        }
        Hop::History {
            header,
            number,
            account,
            slot,
        } => {
            let header = Header::decode(header)?;
            let shown = ancestor_hash(header.number, header.state_root, *number, account, slot)?;
            Ok((Start::Execution(header.hash), shown))
        }
        Hop::Beacon(hop) => {
            let (root, shown) = beacon.ok_or(AncestryError::MisplacedBeacon)?.follow(hop)?;
            let slot = hop.newer.slot;
            Ok((Start::Beacon { slot, root }, shown))
        }
    }
}
