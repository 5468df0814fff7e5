//! What the prover tells a program beside the input, and what the program makes sure of itself (feature `advice`).
//!
//! Advice is *anything that the prover likes*. [`Receipts::read`] rebuilds the root of a block's receipts from it and traps unless that is the
//! root in the header, so that what it returns is true: every receipt of the block, in order, none left out. Whoever reads [`Advice::word`]
//! himself has to prove what he reads in the same way.
//!
//! A run that traps does not settle if its zkGraph reads headers. `docs/decisions/advice.md` says why, and how advice is laid out.

mod receipt;
mod rlp;
mod trie;

use crate::{Bytes32, Keccak256, OrTrap, U256, host::advice_word, trap};

pub use receipt::{BloomBits, Logs, Receipt, ReceiptLog};
use trie::EMPTY_ROOT;

/// A place in the advice, which moves on with what is read.
#[derive(Debug, Default)]
pub struct Advice {
    next: u32,
}

impl Advice {
    /// The beginning.
    pub fn open() -> Self {
        Self::default()
    }

    /// The next word: whatever the prover likes.
    #[inline]
    pub fn word(&mut self) -> u64 {
        let word = advice_word(self.next);
        self.next = self.next.checked_add(1).or_trap();
        word
    }

    /// Goes past bytes that were padded to words: where they are. Traps if the padding is not zero.
    fn bytes(&mut self) -> AdviceBytes {
        let length = u32::try_from(self.word()).ok().or_trap();
        let bytes = AdviceBytes {
            start: 8 * u64::from(self.next),
            length,
        };
        let words = length.div_ceil(8);
        let end = self.next.checked_add(words).or_trap();
        if !length.is_multiple_of(8) && advice_word(end - 1) >> (8 * (length % 8)) != 0 {
            trap();
        }
        self.next = end;
        bytes
    }
}

/// Bytes in the advice.
#[derive(Clone, Copy, Debug)]
pub struct AdviceBytes {
    /// Byte of the advice at which they start.
    start: u64,
    length: u32,
}

impl AdviceBytes {
    /// How many.
    #[inline]
    pub fn len(&self) -> u32 {
        self.length
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The byte with this index. Traps if there is none.
    #[inline]
    pub fn byte(&self, index: u32) -> u8 {
        if index >= self.length {
            trap();
        }
        let at = self.start + u64::from(index);
        (advice_word((at / 8) as u32) >> (8 * (at % 8))) as u8
    }

    /// The eight bytes from `index` on, little-endian. Traps if the bytes end before them.
    #[inline]
    pub fn word(&self, index: u32) -> u64 {
        if index.checked_add(8).is_none_or(|end| end > self.length) {
            trap();
        }
        self.word_at(index)
    }

    /// The same, with whatever is after the end.
    #[inline]
    fn word_at(&self, index: u32) -> u64 {
        let at = self.start + u64::from(index);
        let (word, shift) = ((at / 8) as u32, 8 * (at % 8));
        let low = advice_word(word) >> shift;
        match shift {
            0 => low,
            shift => low | advice_word(word.wrapping_add(1)) << (64 - shift),
        }
    }

    /// The 32 bytes from `index` on. Traps if the bytes end before them.
    #[inline]
    pub fn bytes32(&self, index: u32) -> Bytes32 {
        if index.checked_add(32).is_none_or(|end| end > self.length) {
            trap();
        }
        Bytes32::from_words(core::array::from_fn(|word| self.word_at(index + 8 * word as u32)))
    }

    /// The ABI word with this index, as a number. Traps if the bytes end before it does.
    #[inline]
    pub fn u256(&self, index: u32) -> U256 {
        self.bytes32(index.checked_mul(32).or_trap()).to_u256()
    }

    /// A part of them. Traps if they end before it.
    fn part(&self, start: u32, length: u32) -> Self {
        if start.checked_add(length).is_none_or(|end| end > self.length) {
            trap();
        }
        Self {
            start: self.start + u64::from(start),
            length,
        }
    }

    /// Hashes them; they are whole words but for the last, as they were padded.
    fn hash(&self, hasher: &mut Keccak256) {
        let first = (self.start / 8) as u32;
        let whole = self.length / 8;
        #[allow(clippy::redundant_closure, reason = "in WebAssembly it is a foreign function")]
        hasher.whole_words((first..first + whole).map(|word| advice_word(word)));
        let rest = (self.length % 8) as usize;
        if rest > 0 {
            hasher.bytes(&advice_word(first + whole).to_le_bytes()[..rest]);
        }
    }
}

/// Every receipt of a block, as its header's root shows.
#[derive(Clone, Copy, Debug)]
pub struct Receipts {
    /// Word of the advice at which the first starts.
    start: u32,
    count: u32,
}

/// A receipt is at least so long: its bloom filter alone is longer. So each node of the trie is named by its hash.
const SHORTEST: u32 = 256;

impl Receipts {
    /// The receipts of the next block in the advice. Traps unless they have this root.
    pub fn read(advice: &mut Advice, root: Bytes32) -> Self {
        let count = u32::try_from(advice.word()).ok().or_trap();
        let start = advice.next;
        let rebuilt = match count {
            0 => Bytes32::new(EMPTY_ROOT),
            _ => {
                let mut trie = trie::Trie {
                    count,
                    first: receipt_of(advice),
                    others: advice,
                };
                trie.node(0, count, 0)
            }
        };
        if rebuilt != root {
            trap();
        }
        Self { start, count }
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One after the other, in the order of the transactions.
    pub fn iter(&self) -> impl Iterator<Item = Receipt> + use<> {
        let mut advice = Advice { next: self.start };
        (0..self.count).map(move |_| Receipt {
            bytes: advice.bytes(),
        })
    }
}

/// The next receipt.
fn receipt_of(advice: &mut Advice) -> AdviceBytes {
    let receipt = advice.bytes();
    if receipt.length < SHORTEST {
        trap();
    }
    receipt
}
