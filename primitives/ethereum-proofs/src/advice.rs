//! Receipts that a program checks itself.

use weft_primitives::{
    advice::{MAX_ADVICE_WORDS, decode},
    input::HeaderEntry,
};

use crate::items_root;

/// Whether words of advice are the receipts of these blocks, no more and no less.
pub fn is_advice(words: &[u64], blocks: &[HeaderEntry]) -> bool {
    if words.len() > MAX_ADVICE_WORDS {
        return false;
    }
    let receipts = decode(words, blocks.len());
    let is_of =
        |(block, receipts): (&HeaderEntry, &alloc::vec::Vec<_>)| items_root(receipts) == block.receipts_root;
    receipts.is_some_and(|receipts| blocks.iter().zip(&receipts).all(is_of))
}
