//! The other side: paths for receipts, for whoever has all receipts of a block.

use alloc::vec::Vec;
use alloy_trie::{HashBuilder, Nibbles, proof::ProofRetainer, root::adjust_index_for_rlp};

/// For each index the nodes from the root of the receipts trie to the leaf with that receipt.
///
/// `None` if an index is not below the number of receipts.
pub fn prove_receipts(receipts: &[impl AsRef<[u8]>], indices: &[u32]) -> Option<Vec<Vec<Vec<u8>>>> {
    if indices.iter().any(|index| *index as usize >= receipts.len()) {
        return None;
    }
    let keys: Vec<Nibbles> = indices.iter().map(|index| key(*index as usize)).collect();
    let mut builder = HashBuilder::default().with_proof_retainer(ProofRetainer::new(keys.clone()));
    for position in 0..receipts.len() {
        // The trie wants its keys in order, and the RLP of 0 comes after that of 127.
        let index = adjust_index_for_rlp(position, receipts.len());
        builder.add_leaf(key(index), receipts[index].as_ref());
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
