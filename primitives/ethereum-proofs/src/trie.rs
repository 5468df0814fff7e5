//! The trie of a block's receipts: keys are the RLP of the transaction's index, values the receipts.

use alloc::vec::Vec;
use alloy_primitives::{B256, Bytes};
use alloy_rlp::Decodable;
use alloy_trie::{Nibbles, nodes::TrieNode, proof::verify_proof};
use weft_primitives::H256;

use crate::rlp::Items;

/// Why a path does not show a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrieError {
    /// The last node of the path is not a leaf, or there is no node.
    #[error("the path does not end in a leaf")]
    NoLeaf,
    /// The nodes are not the path from the root to the key.
    #[error("the nodes are not the path from the root to this receipt")]
    WrongPath,
}

/// The root of the trie that holds these receipts, and no others.
pub fn receipts_root(receipts: &[impl AsRef<[u8]>]) -> H256 {
    H256(alloy_trie::root::ordered_trie_root_encoded(receipts).0)
}

/// The receipt of the transaction `index`, shown by the nodes from the trie's root to its leaf.
///
/// The leaf holds the receipt, so it need not be given beside the nodes.
pub fn receipt_at(root: H256, index: u32, nodes: &[impl AsRef<[u8]>]) -> Result<Vec<u8>, TrieError> {
    let nodes: Vec<Bytes> = nodes
        .iter()
        .map(|node| Bytes::copy_from_slice(node.as_ref()))
        .collect();
    if !nodes.iter().all(|node| path_fits(node)) {
        return Err(TrieError::WrongPath);
    }
    let rest = &mut nodes.last().ok_or(TrieError::NoLeaf)?.as_ref();
    // A receipt is longer than 32 bytes, so its leaf is never embedded in the branch above.
    let Ok(TrieNode::Leaf(leaf)) = TrieNode::decode(rest) else {
        return Err(TrieError::NoLeaf);
    };
    let key = Nibbles::unpack(alloy_rlp::encode(index));
    verify_proof(B256::from(root.0), key, Some(leaf.value.clone()), &nodes)
        .map_err(|_| TrieError::WrongPath)?;
    Ok(leaf.value)
}

/// Most bytes of the path in a node: the key is the RLP of an index, five bytes at most, and a prefix.
const MAX_PATH_BYTES: usize = 6;

/// Whether a leaf or an extension has a path that can be part of a key. Longer ones make `alloy-trie` panic, which
/// asserts that a path has at most 64 nibbles.
fn path_fits(node: &[u8]) -> bool {
    let Ok(mut items) = Items::of_list(node) else {
        return false;
    };
    let Ok(mut two) = Items::of_list(node) else {
        return false;
    };
    if two.skip().is_err() || two.skip().is_err() || !two.is_empty() {
        // A branch: what is embedded in it is shorter than 32 bytes.
        return true;
    }
    items.string().is_ok_and(|path| path.len() <= MAX_PATH_BYTES)
}
