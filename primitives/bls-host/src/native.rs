//! The host's side, by `blst`: total on any bytes.

use blst::{
    BLST_ERROR,
    min_pk::{PublicKey, Signature},
};
use sha2::{Digest, Sha256};
use weft_light_client::Crypto;

/// The ciphersuite of Ethereum's signatures.
const SUITE: &[u8] = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

const COMPRESSED: usize = 48;
const DECOMPRESSED: usize = 96;

pub(crate) fn decompress_keys(keys: &[u8]) -> Option<Vec<u8>> {
    let (keys, rest) = keys.as_chunks::<COMPRESSED>();
    if !rest.is_empty() {
        return None;
    }
    let mut out = Vec::with_capacity(keys.len() * DECOMPRESSED);
    for key in keys {
        // In the group, and not infinity.
        out.extend(PublicKey::key_validate(key).ok()?.serialize());
    }
    Some(out)
}

pub(crate) fn fast_aggregate_verify(keys: &[u8], message: &[u8; 32], signature: &[u8]) -> bool {
    let (keys, rest) = keys.as_chunks::<DECOMPRESSED>();
    if !rest.is_empty() {
        return false;
    }
    // They were checked to be in the group when they were decompressed.
    let Ok(keys) = keys
        .iter()
        .map(|key| PublicKey::deserialize(key))
        .collect::<Result<Vec<_>, _>>()
    else {
        return false;
    };
    let keys: Vec<&PublicKey> = keys.iter().collect();
    let Ok(signature) = Signature::uncompress(signature) else {
        return false;
    };
    signature.fast_aggregate_verify(true, message, SUITE, &keys) == BLST_ERROR::BLST_SUCCESS
}

/// Computes natively, for what is not a runtime.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NativeCrypto;

impl Crypto for NativeCrypto {
    fn sha256(bytes: &[u8]) -> [u8; 32] {
        Sha256::digest(bytes).into()
    }

    fn decompress(keys: &[[u8; 48]]) -> Option<Vec<u8>> {
        decompress_keys(keys.as_flattened())
    }

    fn verify(keys: &[u8], message: &[u8; 32], signature: &[u8; 96]) -> bool {
        fast_aggregate_verify(keys, message, signature)
    }
}
