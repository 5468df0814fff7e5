//! Tries, and those of a block: keys are the RLP of the transaction's index, values the receipts or transactions.

use alloc::vec::Vec;
use weft_primitives::{H256, keccak256};

use crate::rlp::{Item, Items, NotRlp};

/// Why a path does not show what is at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrieError {
    /// Nodes at the end of the path are missing.
    #[error("the path does not end in a leaf")]
    NoLeaf,
    /// The nodes are not the path from the root to the key.
    #[error("the nodes are not the path from the root to this key")]
    WrongPath,
}

impl From<NotRlp> for TrieError {
    fn from(_: NotRlp) -> Self {
        Self::WrongPath
    }
}

/// The root of the trie that holds these receipts or transactions, and no others.
pub fn items_root(items: &[impl AsRef<[u8]>]) -> H256 {
    H256(alloy_trie::root::ordered_trie_root_encoded(items).0)
}

/// The receipt of the transaction `index`, or itself, shown by the nodes from the trie's root to its leaf.
///
/// The leaf holds it, so it need not be given beside the nodes.
pub fn item_at(root: H256, index: u32, nodes: &[impl AsRef<[u8]>]) -> Result<Vec<u8>, TrieError> {
    value_at(root, &alloy_rlp::encode(index), nodes)?.ok_or(TrieError::WrongPath)
}

/// The value of `key`, shown by the nodes from the trie's root to where the key ends or leaves the trie; `None` if it has none.
///
/// Every node is given, in order, and no other (Yellow Paper, appendix D). The walk is ours because that of `alloy-trie` panics where the
/// paths of hostile nodes are together longer than 64 nibbles.
pub(crate) fn value_at(
    root: H256,
    key: &[u8],
    nodes: &[impl AsRef<[u8]>],
) -> Result<Option<Vec<u8>>, TrieError> {
    let mut key = Nibbles::new(key);
    let mut nodes = nodes.iter().map(AsRef::as_ref);
    let mut wanted = root.0;
    let value = loop {
        let node = nodes.next().ok_or(TrieError::NoLeaf)?;
        if keccak256(node).0 != wanted {
            return Err(TrieError::WrongPath);
        }
        match step(node, &mut key)? {
            Step::Node(hash) => wanted = hash,
            Step::Value(value) => break Some(value.to_vec()),
            Step::Nothing => break None,
        }
    };
    // What comes after the end leads nowhere.
    nodes.next().map_or(Ok(value), |_| Err(TrieError::WrongPath))
}

/// Where the walk goes from a node.
enum Step<'a> {
    /// To the node with this hash.
    Node([u8; 32]),
    /// Here it ends.
    Value(&'a [u8]),
    /// The key is not in the trie.
    Nothing,
}

/// Goes through a node, and through the nodes embedded in it.
fn step<'a>(mut node: &'a [u8], key: &mut Nibbles<'_>) -> Result<Step<'a>, TrieError> {
    // An embedded node is shorter than the one around it, so this ends.
    loop {
        let mut items = Items::of_list(node)?;
        let count = Items::of_list(node)?.count();
        if count != 2 && count != BRANCHES + 1 {
            return Err(TrieError::WrongPath);
        }
        let child = if count == 2 {
            let path = items.string()?;
            let (is_leaf, rest) = prefix(path).ok_or(TrieError::WrongPath)?;
            if !key.pass(rest) {
                return Ok(Step::Nothing);
            }
            if is_leaf {
                let value = items.string()?;
                return Ok(if key.is_empty() {
                    Step::Value(value)
                } else {
                    Step::Nothing
                });
            }
            items.raw()?
        } else {
            let taken = key.next();
            for _ in 0..taken.unwrap_or(BRANCHES) {
                items.skip()?;
            }
            let child = items.raw()?;
            if taken.is_none() {
                let value = Item::read(child)?;
                return match value {
                    Item::String([]) => Ok(Step::Nothing),
                    Item::String(value) => Ok(Step::Value(value)),
                    Item::List => Err(TrieError::WrongPath),
                };
            }
            child
        };
        match Item::read(child)? {
            Item::String([]) => return Ok(Step::Nothing),
            Item::String(hash) => {
                let hash = hash.try_into().map_err(|_| TrieError::WrongPath)?;
                return Ok(Step::Node(hash));
            }
            Item::List => node = child,
        }
    }
}

/// Children of a branch; its value comes after them.
const BRANCHES: usize = 16;

/// Whether a path is a leaf's, and its nibbles: two flags in the first nibble, leaf and odd.
fn prefix(path: &[u8]) -> Option<(bool, Nibbles<'_>)> {
    let first = *path.first()?;
    let (is_leaf, is_odd) = match first >> 4 {
        0 => (false, false),
        1 => (false, true),
        2 => (true, false),
        3 => (true, true),
        _ => return None,
    };
    if !is_odd && first & 0xf != 0 {
        return None;
    }
    let nibbles = Nibbles {
        bytes: path,
        position: if is_odd { 1 } else { 2 },
    };
    Some((is_leaf, nibbles))
}

/// Half bytes, the upper one first.
struct Nibbles<'a> {
    bytes: &'a [u8],
    /// The next one.
    position: usize,
}

impl<'a> Nibbles<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    fn is_empty(&self) -> bool {
        self.position >= 2 * self.bytes.len()
    }

    fn next(&mut self) -> Option<usize> {
        let byte = *self.bytes.get(self.position / 2)?;
        let nibble = if self.position.is_multiple_of(2) {
            byte >> 4
        } else {
            byte & 0xf
        };
        self.position += 1;
        Some(nibble.into())
    }

    /// Passes over a path; false if the key goes elsewhere.
    fn pass(&mut self, mut path: Nibbles<'_>) -> bool {
        while let Some(nibble) = path.next() {
            if self.next() != Some(nibble) {
                return false;
            }
        }
        true
    }
}
