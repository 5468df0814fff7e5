//! The specification's containers that a light client hashes.

use alloc::vec::Vec;

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use libssz_merkle::{Node, hash_nodes, merkleize};
use primitive_types::H256;
use scale_info::TypeInfo;

use crate::crypto::{Crypto, Hasher};

/// Most members of a sync committee.
pub const MAX_COMMITTEE: u32 = 512;

/// A public key of BLS, a compressed point of G1.
pub type Key = [u8; 48];

/// `SyncCommittee`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct SyncCommittee {
    /// Keys of the members.
    pub keys: BoundedVec<Key, ConstU32<MAX_COMMITTEE>>,
    /// Their sum.
    pub aggregate: Key,
}

impl SyncCommittee {
    /// `hash_tree_root`.
    pub fn root<C: Crypto>(&self) -> H256 {
        let hasher = &Hasher::<C>::NEW;
        let keys: Vec<Node> = self.keys.iter().map(key_root::<C>).collect();
        let keys = merkleize(hasher, &keys, None);
        H256(hash_nodes(hasher, &keys, &key_root::<C>(&self.aggregate)))
    }
}

/// The root of 48 bytes: two chunks.
fn key_root<C: Crypto>(key: &Key) -> Node {
    let mut chunks = [0; 64];
    chunks[..48].copy_from_slice(key);
    C::sha256(&chunks)
}

/// `DOMAIN_SYNC_COMMITTEE`.
const DOMAIN_SYNC_COMMITTEE: [u8; 4] = [7, 0, 0, 0];

/// What members of a sync committee sign: `compute_signing_root` of a header's root, under the domain of sync committees.
pub(crate) fn signing_root<C: Crypto>(
    header: H256,
    fork_version: [u8; 4],
    genesis_validators_root: H256,
) -> [u8; 32] {
    let hasher = &Hasher::<C>::NEW;
    let mut version = [0; 32];
    version[..4].copy_from_slice(&fork_version);
    let fork_data = hash_nodes(hasher, &version, &genesis_validators_root.0);
    let mut domain = [0; 32];
    domain[..4].copy_from_slice(&DOMAIN_SYNC_COMMITTEE);
    domain[4..].copy_from_slice(&fork_data[..28]);
    hash_nodes(hasher, &header.0, &domain)
}
