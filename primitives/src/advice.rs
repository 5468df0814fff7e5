//! What a program reads beside its input: words that its prover chooses, and that it checks itself. `docs/decisions/advice.md`.
//!
//! For each source of headers, in the manifest's order, and each block of its section:
//! ```text
//! u64 receipts ‖ for each: u64 bytes ‖ the receipt as it is in the trie (EIP-2718), padded with zeros to words
//! ```
//! Words are little-endian.

use alloc::vec::Vec;

use crate::words::{Reader, WORD, push_padded, push_word};

/// Most words of advice, 16 MiB: more than a run can prove.
pub const MAX_ADVICE_WORDS: usize = 1 << 21;

/// The words for blocks with these receipts.
pub fn encode<T: AsRef<[u8]>>(blocks: &[Vec<T>]) -> Vec<u64> {
    let mut bytes = Vec::new();
    for receipts in blocks {
        push_word(&mut bytes, receipts.len() as u64);
        for receipt in receipts {
            push_word(&mut bytes, receipt.as_ref().len() as u64);
            push_padded(&mut bytes, receipt.as_ref());
        }
    }
    let (words, _) = bytes.as_chunks();
    words.iter().map(|word| u64::from_le_bytes(*word)).collect()
}

/// The receipts of so many blocks; `None` if the words are not those of [`encode`].
pub fn decode(words: &[u64], blocks: usize) -> Option<Vec<Vec<Vec<u8>>>> {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let reader = &mut Reader(&bytes);
    let mut out = Vec::new();
    for _ in 0..blocks {
        let mut receipts = Vec::new();
        for _ in 0..reader.count().ok()? {
            let length = reader.count().ok()?;
            receipts.push(reader.padded(length).ok()?.to_vec());
        }
        out.push(receipts);
    }
    let is_end = reader.0.is_empty() && bytes.len() == words.len() * WORD;
    is_end.then_some(out)
}
