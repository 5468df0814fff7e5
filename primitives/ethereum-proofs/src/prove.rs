//! The other side: paths for receipts or transactions, for whoever has all of a block.

use alloc::vec::Vec;
use alloy_trie::{HashBuilder, Nibbles, proof::ProofRetainer, root::adjust_index_for_rlp};

/// For each index the nodes from the root of the trie of these receipts or transactions to the leaf with that one.
///
/// `None` if an index is not below their number.
pub fn prove_items(items: &[impl AsRef<[u8]>], indices: &[u32]) -> Option<Vec<Vec<Vec<u8>>>> {
    if indices.iter().any(|index| *index as usize >= items.len()) {
        return None;
    }
    let keys: Vec<Nibbles> = indices.iter().map(|index| key(*index as usize)).collect();
    let mut builder = HashBuilder::default().with_proof_retainer(ProofRetainer::new(keys.clone()));
    for position in 0..items.len() {
        // The trie wants its keys in order, and the RLP of 0 comes after that of 127.
        let index = adjust_index_for_rlp(position, items.len());
        builder.add_leaf(key(index), items[index].as_ref());
    }
    builder.root();
    let nodes = builder.take_proof_nodes();
    let path = |key| {
        nodes
            .matching_nodes_sorted(key)
            .into_iter()
            .map(|(_, node)| node.to_vec())
            .collect()
    };
    Some(keys.iter().map(path).collect())
}

fn key(index: usize) -> Nibbles {
    Nibbles::unpack(alloy_rlp::encode(index))
}
