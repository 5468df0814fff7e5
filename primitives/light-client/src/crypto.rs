//! What the light client needs computed: a runtime asks its host, a relayer a library.

use alloc::vec::Vec;

use libssz_merkle::{Node, Sha256Hasher};

/// SHA-256, and BLS signatures with public keys in G1 (the specification's `bls`).
pub trait Crypto {
    /// SHA-256 of the bytes.
    fn sha256(bytes: &[u8]) -> [u8; 32];

    /// Decompresses public keys of 48 bytes each into 96 bytes each. `None` unless each is a point of the group other than
    /// infinity (`KeyValidate`).
    fn decompress(keys: &[[u8; 48]]) -> Option<Vec<u8>>;

    /// `FastAggregateVerify` for keys as [`Self::decompress`] gives them, one after the other: whether `signature`, a compressed point of G2's
    /// group, is the sum of their signatures of `message`. False without keys.
    fn verify(keys: &[u8], message: &[u8; 32], signature: &[u8; 96]) -> bool;
}

/// Hashes the nodes of Merkle trees by a [`Crypto`].
#[derive(Clone, Copy, Debug)]
pub struct Hasher<C>(core::marker::PhantomData<C>);

impl<C> Hasher<C> {
    /// The hasher.
    pub const NEW: Self = Self(core::marker::PhantomData);
}

impl<C: Crypto> Sha256Hasher for Hasher<C> {
    fn hash(&self, bytes: &[u8]) -> Node {
        C::sha256(bytes)
    }
}
