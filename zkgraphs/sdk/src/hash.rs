//! Hashes by precompiles: a block costs about as much as five hundred instructions, where computing it takes five to twelve
//! thousand.

use crate::{
    Bytes, Bytes32, U256,
    host::{keccak_f1600, poseidon as poseidon_of_words, sha256_compress},
    number::swap,
};

/// keccak256, as Ethereum has it.
pub type Keccak256 = Hasher<Keccak>;
/// SHA-256.
pub type Sha256 = Hasher<Sha2>;

/// keccak256 of bytes.
pub fn keccak256(bytes: &[u8]) -> Bytes32 {
    Keccak256::new().bytes(bytes).finish()
}

/// SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> Bytes32 {
    Sha256::new().bytes(bytes).finish()
}

/// circomlib's Poseidon hash of two elements of BN254's scalar field. Numbers are taken modulo the field's order.
pub fn poseidon(a: U256, b: U256) -> U256 {
    U256::from_limbs(poseidon_of_words([a.limbs(), b.limbs()]))
}

/// A hash of bytes that come in pieces.
///
/// ```
/// use weft_zkgraph::{Keccak256, keccak256};
///
/// let whole = keccak256(b"Transfer(address,address,uint256)");
/// let pieces = Keccak256::new().bytes(b"Transfer(").bytes(b"address,address,uint256)").finish();
/// assert_eq!(whole, pieces);
/// ```
#[derive(Clone, Debug)]
pub struct Hasher<A> {
    algorithm: A,
    /// Bytes in the block that is being filled: fewer than a block has.
    filled: usize,
    /// Bytes so far.
    length: u64,
}

impl<A: Algorithm> Hasher<A> {
    /// Of nothing yet.
    pub fn new() -> Self {
        Self {
            algorithm: A::default(),
            filled: 0,
            length: 0,
        }
    }

    /// Goes on with these bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        let (words, rest) = bytes.as_chunks();
        self.words(words.iter().map(|word| u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.absorb(u64::from_le_bytes(last), rest.len());
        }
        self
    }

    /// Goes on with these 32 bytes.
    pub fn bytes32(&mut self, bytes: Bytes32) -> &mut Self {
        self.words(bytes.words().into_iter());
        self
    }

    /// Goes on with bytes of the input.
    pub fn input(&mut self, bytes: Bytes) -> &mut Self {
        let (whole, rest) = (bytes.len() / 8, bytes.len() % 8);
        self.words((0..whole).map(|index| bytes.word(index)));
        if rest > 0 {
            // The host pads with zeros.
            self.absorb(bytes.word(whole), rest as usize);
        }
        self
    }

    /// Goes on with whole words.
    #[cfg(feature = "advice")]
    pub(crate) fn whole_words(&mut self, words: impl Iterator<Item = u64>) {
        self.words(words);
    }

    /// The hash; the hasher is of no use afterwards.
    pub fn finish(&mut self) -> Bytes32 {
        self.algorithm.finish(self.filled, self.length)
    }

    /// Goes on with whole words.
    #[inline]
    fn words(&mut self, words: impl Iterator<Item = u64>) {
        let within = self.filled % 8;
        let start = self.filled / 8;
        let mut lane = start;
        let mut blocks = 0;
        // What of a word belongs to the next lane. Most of what is hashed is whole words from the start: then nothing need be shifted.
        let mut pending = 0;
        for word in words {
            self.algorithm.block()[lane] ^= match within {
                0 => word,
                within => pending | word << (8 * within),
            };
            if within > 0 {
                pending = word >> (64 - 8 * within);
            }
            lane += 1;
            if lane == A::BLOCK / 8 {
                self.algorithm.process();
                lane = 0;
                blocks += 1;
            }
        }
        if within > 0 {
            self.algorithm.block()[lane] ^= pending;
        }
        self.filled = 8 * lane + within;
        self.length += (blocks * A::BLOCK + 8 * lane - 8 * start) as u64;
    }

    /// Goes on with the `count` low bytes of a word whose other bytes are 0.
    #[inline]
    fn absorb(&mut self, word: u64, count: usize) {
        let within = self.filled % 8;
        self.algorithm.block()[self.filled / 8] ^= word << (8 * within);
        self.filled += count;
        self.length += count as u64;
        if within + count >= 8 {
            if self.filled >= A::BLOCK {
                self.filled -= A::BLOCK;
                self.algorithm.process();
            }
            if within > 0 {
                self.algorithm.block()[self.filled / 8] ^= word >> (64 - 8 * within);
            }
        }
    }
}

impl<A: Algorithm> Default for Hasher<A> {
    fn default() -> Self {
        Self::new()
    }
}

/// How blocks are hashed: [`Keccak`] or [`Sha2`].
pub trait Algorithm: Default + private::Sealed {
    /// Bytes of a block.
    const BLOCK: usize;

    /// The block that is being filled. What is not filled yet is as the block before left it, and bytes are added by exclusive or.
    fn block(&mut self) -> &mut [u64];

    /// Processes the full block, and makes room for the next.
    fn process(&mut self);

    /// Pads and processes the last block, in which so many bytes are, of so many in all.
    fn finish(&mut self, filled: usize, length: u64) -> Bytes32;
}

mod private {
    pub trait Sealed {}
    impl Sealed for super::Keccak {}
    impl Sealed for super::Sha2 {}
}

/// Keccak with a capacity of 512 bits and the padding that Ethereum kept.
#[derive(Clone, Debug, Default)]
pub struct Keccak([u64; 25]);

impl Algorithm for Keccak {
    const BLOCK: usize = 136;

    #[inline]
    fn block(&mut self) -> &mut [u64] {
        &mut self.0[..17]
    }

    #[inline]
    fn process(&mut self) {
        keccak_f1600(&mut self.0);
    }

    fn finish(&mut self, filled: usize, _: u64) -> Bytes32 {
        self.0[filled / 8] ^= 1 << (8 * (filled % 8));
        self.0[16] ^= 1 << 63;
        self.process();
        let [a, b, c, d, ..] = self.0;
        Bytes32::from_words([a, b, c, d])
    }
}

/// SHA-256's state and message.
#[derive(Clone, Debug)]
pub struct Sha2([u64; 12]);

impl Default for Sha2 {
    fn default() -> Self {
        let mut words = [0; 12];
        // The fractional parts of the square roots of the first eight primes.
        words[..4].copy_from_slice(&[
            0xbb67_ae85_6a09_e667,
            0xa54f_f53a_3c6e_f372,
            0x9b05_688c_510e_527f,
            0x5be0_cd19_1f83_d9ab,
        ]);
        Self(words)
    }
}

impl Algorithm for Sha2 {
    const BLOCK: usize = 64;

    #[inline]
    fn block(&mut self) -> &mut [u64] {
        &mut self.0[4..]
    }

    #[inline]
    fn process(&mut self) {
        sha256_compress(&mut self.0);
        self.0[4..].fill(0);
    }

    fn finish(&mut self, filled: usize, length: u64) -> Bytes32 {
        self.0[4 + filled / 8] ^= 0x80 << (8 * (filled % 8));
        if filled >= 56 {
            self.process();
        }
        self.0[11] = swap(8 * length);
        self.process();
        // Halves are in order, bytes in each are not.
        let [a, b, c, d, ..] = self.0;
        Bytes32::from_words([a, b, c, d].map(|word| swap(word).rotate_left(32)))
    }
}
