//! The host functions that verify BLS signatures of Ethereum's beacon chain: native code in the node that the runtime calls.
//!
//! A host function's result depends on its arguments alone, on
//! every node and at every height. A version is never removed or changed, because old blocks call it: a change is a new version
//! (`#[version(2)]`) beside the old.
//!
//! The node adds [`bls_verifier::HostFunctions`] to its executor; the runtime uses [`HostCrypto`], and what runs natively
//! [`NativeCrypto`].
//!
//! Terms: a public key is a point of BLS12-381's G1, a signature one of G2 (the ciphersuite
//! `BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_`, consensus-specs `phase0/beacon-chain.md`).

#![cfg_attr(not(feature = "std"), no_std)]
#![allow(
    unsafe_code,
    reason = "the macro generates the imports of the runtime's WebAssembly"
)]

extern crate alloc;

#[cfg(all(feature = "std", not(substrate_runtime)))]
mod native;

#[cfg(all(feature = "std", not(substrate_runtime)))]
pub use native::NativeCrypto;

use alloc::vec::Vec;
use sp_runtime_interface::{
    pass_by::{AllocateAndReturnByCodec, PassFatPointerAndRead, PassPointerAndRead},
    runtime_interface,
};
use weft_light_client::Crypto;

/// Works with keys and signatures of BLS12-381.
#[runtime_interface]
pub trait BlsVerifier {
    /// Decompresses public keys, 48 bytes each, into 96 bytes each. `None` unless each is a point of the group, not infinity, and the
    /// bytes are whole keys.
    fn decompress_keys(keys: PassFatPointerAndRead<&[u8]>) -> AllocateAndReturnByCodec<Option<Vec<u8>>> {
        native::decompress_keys(keys)
    }

    /// `FastAggregateVerify` for keys as [`Self::decompress_keys`] gives them: whether `signature` is a compressed point of its group and
    /// all of these keys together signed `message`. False without keys.
    fn fast_aggregate_verify(
        keys: PassFatPointerAndRead<&[u8]>,
        message: PassPointerAndRead<&[u8; 32], 32>,
        signature: PassFatPointerAndRead<&[u8]>,
    ) -> bool {
        native::fast_aggregate_verify(keys, message, signature)
    }
}

/// Asks the host, for SHA-256 too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HostCrypto;

impl Crypto for HostCrypto {
    fn sha256(bytes: &[u8]) -> [u8; 32] {
        sp_io::hashing::sha2_256(bytes)
    }

    fn decompress(keys: &[[u8; 48]]) -> Option<Vec<u8>> {
        bls_verifier::decompress_keys(keys.as_flattened())
    }

    fn verify(keys: &[u8], message: &[u8; 32], signature: &[u8; 96]) -> bool {
        bls_verifier::fast_aggregate_verify(keys, message, signature)
    }
}
