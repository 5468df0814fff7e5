//! Byte strings of fixed length, kept as the words that the input holds: comparing them needs no byte swapped.

use crate::U256;

/// 32 bytes: a topic, a hash, a word of ABI-encoded data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes32 {
    /// Eight bytes each, read as little-endian.
    words: [u64; 4],
}

impl Bytes32 {
    /// From the bytes. For a constant, it costs nothing when the program runs.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self {
            words: [
                word(&bytes, 0),
                word(&bytes, 8),
                word(&bytes, 16),
                word(&bytes, 24),
            ],
        }
    }

    /// From words of eight bytes each, read as little-endian.
    pub const fn from_words(words: [u64; 4]) -> Self {
        Self { words }
    }

    /// Its words of eight bytes each, read as little-endian.
    pub const fn words(self) -> [u64; 4] {
        self.words
    }

    /// The number that the bytes are in the EVM, big-endian.
    #[inline]
    pub const fn to_u256(self) -> U256 {
        U256::from_words(self.words)
    }

    /// The address that the bytes hold as an ABI word: the last 20. The first 12 are not looked at.
    #[inline]
    pub const fn to_address(self) -> Address {
        let [_, a, b, c] = self.words;
        Address {
            words: [a >> 32 | b << 32, b >> 32 | c << 32, c >> 32],
        }
    }
}

impl From<U256> for Bytes32 {
    #[inline]
    fn from(number: U256) -> Self {
        Self {
            words: number.to_words(),
        }
    }
}

/// The address of an account or contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Eight bytes each, read as little-endian; the last holds four.
    words: [u64; 3],
}

impl Address {
    /// From the bytes. For a constant, it costs nothing when the program runs.
    pub const fn new(bytes: [u8; 20]) -> Self {
        let last = u32::from_le_bytes([bytes[16], bytes[17], bytes[18], bytes[19]]);
        Self {
            words: [word(&bytes, 0), word(&bytes, 8), last as u64],
        }
    }

    pub(crate) const fn from_words(words: [u64; 3]) -> Self {
        Self { words }
    }

    #[cfg(feature = "advice")]
    pub(crate) const fn words(self) -> [u64; 3] {
        self.words
    }

    /// The ABI word that holds it: twelve zeros, then the address.
    #[inline]
    pub const fn to_bytes32(self) -> Bytes32 {
        let [a, b, c] = self.words;
        Bytes32 {
            words: [0, a << 32, a >> 32 | b << 32, b >> 32 | c << 32],
        }
    }
}

const fn word(bytes: &[u8], at: usize) -> u64 {
    let mut word = 0;
    let mut i = 8;
    while i > 0 {
        i -= 1;
        word = word << 8 | bytes[at + i] as u64;
    }
    word
}
