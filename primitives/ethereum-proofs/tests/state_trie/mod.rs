//! Tries with hashed keys, as states and storages are, built by alloy-trie.

#![allow(dead_code, reason = "each test file uses a part")]

use alloy_primitives::{B256, U256, keccak256};
use alloy_trie::{HashBuilder, Nibbles, TrieAccount, proof::ProofRetainer};
use weft_ethereum_proofs::HISTORY_WINDOW;
use weft_primitives::H256;

/// Nodes from a root to a leaf.
pub(crate) type Nodes = Vec<Vec<u8>>;

/// A trie with these keys, which are hashed, and values: its root, and the paths to `wanted`.
pub(crate) fn trie_with_paths(entries: &[(Vec<u8>, Vec<u8>)], wanted: &[&[u8]]) -> (H256, Vec<Nodes>) {
    let path = |key: &[u8]| Nibbles::unpack(keccak256(key));
    let mut sorted: Vec<_> = entries.iter().map(|(key, value)| (path(key), value)).collect();
    sorted.sort();
    let targets: Vec<Nibbles> = wanted.iter().map(|key| path(key)).collect();
    let mut builder = HashBuilder::default().with_proof_retainer(ProofRetainer::new(targets.clone()));
    for (key, value) in sorted {
        builder.add_leaf(key, value);
    }
    let root = builder.root();
    let nodes = builder.take_proof_nodes();
    let path = |target| {
        let nodes = nodes.matching_nodes_sorted(target);
        nodes.into_iter().map(|(_, node)| node.to_vec()).collect()
    };
    (H256(root.0), targets.iter().map(path).collect())
}

/// A trie and the path to one key.
pub(crate) fn trie(entries: &[(Vec<u8>, Vec<u8>)], wanted: &[u8]) -> (H256, Nodes) {
    let (root, mut paths) = trie_with_paths(entries, &[wanted]);
    (root, paths.remove(0))
}

/// An account, as it lies in a state.
pub(crate) fn account(nonce: u64, storage_root: H256) -> Vec<u8> {
    alloy_rlp::encode(TrieAccount {
        nonce,
        balance: U256::from(1000 * nonce),
        storage_root: B256::from(storage_root.0),
        code_hash: keccak256(b"code"),
    })
}

/// The slot of the history contract for a block.
pub(crate) fn history_slot(number: u64) -> H256 {
    H256(U256::from(number % HISTORY_WINDOW).to_be_bytes())
}
