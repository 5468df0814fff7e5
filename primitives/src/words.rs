//! Reading and writing little-endian words and byte strings that are padded with zeros to a multiple of 8.

use alloc::vec::Vec;

/// Bytes of a word.
pub(crate) const WORD: usize = 8;

/// Appends a word.
pub(crate) fn push_word(out: &mut Vec<u8>, word: u64) {
    out.extend_from_slice(&word.to_le_bytes());
}

/// Appends bytes and zeros up to the next multiple of 8.
pub(crate) fn push_padded(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(bytes);
    out.resize(out.len() + padding(bytes.len()), 0);
}

/// Zeros that follow a string of `length` bytes.
fn padding(length: usize) -> usize {
    (WORD - length % WORD) % WORD
}

/// What was wrong with the bytes read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WordsError {
    /// They end too early.
    Truncated,
    /// A byte of padding is not zero.
    Padding,
}

/// Reads what the functions above wrote.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn bytes(&mut self, length: usize) -> Result<&'a [u8], WordsError> {
        let (bytes, rest) = self.0.split_at_checked(length).ok_or(WordsError::Truncated)?;
        self.0 = rest;
        Ok(bytes)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], WordsError> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or(WordsError::Truncated)?;
        self.0 = rest;
        Ok(*bytes)
    }

    pub(crate) fn word(&mut self) -> Result<u64, WordsError> {
        self.array().map(u64::from_le_bytes)
    }

    /// A word that counts bytes or items still to come: never more than there are bytes left, so that it is
    /// safe to allocate.
    pub(crate) fn count(&mut self) -> Result<usize, WordsError> {
        let count = usize::try_from(self.word()?).map_err(|_| WordsError::Truncated)?;
        if count > self.0.len() {
            Err(WordsError::Truncated)
        } else {
            Ok(count)
        }
    }

    pub(crate) fn padded(&mut self, length: usize) -> Result<&'a [u8], WordsError> {
        let bytes = self.bytes(length)?;
        if self.bytes(padding(length))?.iter().any(|byte| *byte != 0) {
            return Err(WordsError::Padding);
        }
        Ok(bytes)
    }
}
