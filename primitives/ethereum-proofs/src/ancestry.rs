//! From a block that somebody knows to be final down to an older one.

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
    /// The ancestry ends at another block.
    #[error("the ancestry leads to another block")]
    OtherBlock,
}

/// The hash of the block that has to be final so that the one with the hash `block` is: the start of the ancestry, or `block` itself if
/// that is empty.
///
/// # Errors
/// When the hops do not lead to `block`.
pub fn anchor_of(block: H256, ancestry: &[Hop]) -> Result<H256, AncestryError> {
    if ancestry.iter().map(Hop::byte_count).sum::<usize>() > MAX_ANCESTRY_BYTES as usize {
        return Err(AncestryError::TooLarge);
    }
    let mut anchor = None;
    let mut reached = None;
    for hop in ancestry {
        let (start, end) = ends(hop)?;
        if reached.is_some_and(|reached| reached != start) {
            return Err(AncestryError::Broken);
        }
        anchor.get_or_insert(start);
        reached = Some(end);
    }
    if reached.unwrap_or(block) != block {
        return Err(AncestryError::OtherBlock);
    }
    Ok(anchor.unwrap_or(block))
}

/// The hashes of the block that a hop starts at and of the one that it shows.
fn ends(hop: &Hop) -> Result<(H256, H256), AncestryError> {
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
            Ok((header.hash, shown))
        }
    }
}
