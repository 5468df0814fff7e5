//! Merkle trees of beacon blocks and states, from their serialization: roots, and branches for any generalized index.
//!
//! A type is described by a value, [`Type`], rather than by a struct of ours for each of a fork's hundred containers: what is needed is where
//! things are, not what they mean. [`types`] describes blocks and states of the forks from Capella to Fulu, [`names`] finds indices by names.
//! Source: `ssz/simple-serialize.md` and `ssz/merkle-proofs.md` of the consensus specification.

pub mod names;
pub mod types;

use std::collections::BTreeMap;

use libssz_merkle::{Node, hash_nodes, merkleize, mix_in_length, pack};
use weft_beacon_proofs::indices::depth;
use weft_bls_host::NativeCrypto;
use weft_light_client::Hasher;

/// SHA-256, natively.
pub(crate) const HASHER: Hasher<NativeCrypto> = Hasher::NEW;

/// A type of the specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `uintN` or `boolean`, of so many bytes.
    Basic(usize),
    /// `ByteVector[N]`.
    Bytes(usize),
    /// `ByteList[N]`.
    ByteList(u64),
    /// `Bitvector[N]`.
    Bits(u64),
    /// `Bitlist[N]`.
    BitList(u64),
    /// `Vector[T, N]`.
    Vector(Box<Type>, u64),
    /// `List[T, N]`.
    List(Box<Type>, u64),
    /// A container: its fields' names and types.
    Container(Vec<(&'static str, Type)>),
}

/// Bytes are not the serialization of a type, or an index is not in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The bytes are not of the type.
    #[error("the bytes are not of the type that they should be of")]
    Malformed,
    /// There is nothing at that index.
    #[error("there is no node with the generalized index {0}")]
    NoNode(u64),
}

/// A node of a tree, and what leads to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The node.
    pub node: Node,
    /// From its sibling upwards.
    pub nodes: Vec<Node>,
}

/// A type, and the serialization of a value of it.
type Value<'a> = (&'a Type, &'a [u8]);

/// Bytes of an offset.
const OFFSET: usize = 4;

impl Type {
    /// Bytes of a value, if all have as many.
    fn fixed(&self) -> Option<usize> {
        match self {
            Self::Basic(bytes) | Self::Bytes(bytes) => Some(*bytes),
            Self::Bits(bits) => Some(bits.div_ceil(8) as usize),
            Self::Vector(item, count) => Some(item.fixed()? * *count as usize),
            Self::Container(fields) => fields.iter().map(|(_, field)| field.fixed()).sum(),
            Self::ByteList(_) | Self::BitList(_) | Self::List(..) => None,
        }
    }

    /// How many leaves its tree has room for.
    fn width(&self) -> u64 {
        let items = |item: &Self, count: u64| match item {
            Self::Basic(bytes) => (count * *bytes as u64).div_ceil(32),
            _ => count,
        };
        let width = match self {
            Self::Basic(_) => 1,
            Self::Bytes(bytes) => bytes.div_ceil(32) as u64,
            Self::ByteList(limit) => limit.div_ceil(32),
            Self::Bits(bits) | Self::BitList(bits) => bits.div_ceil(256),
            Self::Vector(item, count) | Self::List(item, count) => items(item, *count),
            Self::Container(fields) => fields.len() as u64,
        };
        width.max(1)
    }

    /// How deep its leaves are below the root, or below its left child if it has a length.
    fn levels(&self) -> usize {
        self.width().next_power_of_two().ilog2() as usize
    }

    /// Whether its root is that of its leaves mixed with a length.
    fn has_length(&self) -> bool {
        matches!(self, Self::ByteList(_) | Self::BitList(_) | Self::List(..))
    }

    /// The values that its leaves are roots of; `None` if its leaves are bytes.
    fn items<'a>(&'a self, bytes: &'a [u8]) -> Result<Option<Vec<Value<'a>>>, TreeError> {
        match self {
            Self::Vector(item, _) | Self::List(item, _) if !matches!(**item, Self::Basic(_)) => {
                let values = match item.fixed() {
                    Some(0) => return Err(TreeError::Malformed),
                    Some(size) => bytes.chunks(size).collect(),
                    None => by_offsets(bytes)?,
                };
                Ok(Some(values.into_iter().map(|value| (&**item, value)).collect()))
            }
            Self::Container(fields) => Ok(Some(of_fields(fields, bytes)?)),
            _ => Ok(None),
        }
    }

    /// The leaves that are there, and the length if it has one.
    fn leaves(&self, bytes: &[u8]) -> Result<(Vec<Node>, Option<usize>), TreeError> {
        if self.fixed().is_some_and(|size| size != bytes.len()) {
            return Err(TreeError::Malformed);
        }
        if let Some(items) = self.items(bytes)? {
            let length = self.has_length().then_some(items.len());
            let roots = items.iter().map(|(item, bytes)| item.root(bytes));
            return Ok((self.bounded(roots.collect::<Result<_, _>>()?)?, length));
        }
        let (bytes, length) = match self {
            Self::ByteList(_) => (bytes.to_vec(), Some(bytes.len())),
            Self::List(item, _) => {
                let size = item.fixed().filter(|size| bytes.len().is_multiple_of(*size));
                (
                    bytes.to_vec(),
                    Some(bytes.len() / size.ok_or(TreeError::Malformed)?),
                )
            }
            Self::BitList(_) => {
                let (bits, length) = without_delimiter(bytes)?;
                (bits, Some(length))
            }
            _ => (bytes.to_vec(), None),
        };
        Ok((self.bounded(pack(&bytes))?, length))
    }

    fn bounded(&self, leaves: Vec<Node>) -> Result<Vec<Node>, TreeError> {
        match leaves.len() as u64 <= self.width() {
            true => Ok(leaves),
            false => Err(TreeError::Malformed),
        }
    }

    /// `hash_tree_root`.
    ///
    /// # Errors
    /// When the bytes are not of this type.
    pub fn root(&self, bytes: &[u8]) -> Result<Node, TreeError> {
        let (leaves, length) = self.leaves(bytes)?;
        let root = merkleize(&HASHER, &leaves, Some(1 << self.levels()));
        Ok(match length {
            Some(length) => mix_in_length(&HASHER, &root, length),
            None => root,
        })
    }

    /// The node of each generalized index, with its branch to the root. A part of an item that a list does not have is zero, and the branch is
    /// that of the item's place.
    ///
    /// # Errors
    /// When the bytes are not of this type, or its tree has no such node.
    pub fn branches(&self, bytes: &[u8], indices: &[u64]) -> Result<Vec<Branch>, TreeError> {
        if indices.contains(&0) {
            return Err(TreeError::NoNode(0));
        }
        let mut walks: Vec<Walk> = indices.iter().copied().map(Walk::new).collect();
        let mut all: Vec<&mut Walk> = walks.iter_mut().collect();
        self.walk(bytes, &mut all)?;
        let finish = |walk: Walk| Branch {
            node: walk.node,
            nodes: walk.passed.into_iter().rev().collect(),
        };
        Ok(walks.into_iter().map(finish).collect())
    }

    /// Takes each walk from the root of this value to its node.
    fn walk(&self, bytes: &[u8], walks: &mut [&mut Walk]) -> Result<(), TreeError> {
        let (leaves, length) = self.leaves(bytes)?;
        let levels = layers(leaves, self.levels());
        let data = levels.top();
        let length = length.map(|length| pack(&(length as u64).to_le_bytes())[0]);
        let root = length.map_or(data, |length| hash_nodes(&HASHER, &data, &length));
        let mut further: BTreeMap<u64, Vec<&mut Walk>> = BTreeMap::new();
        for walk in walks {
            walk.node = root;
            if walk.left == 0 {
                continue;
            }
            if let Some(length) = length
                && walk.turn(&data, &length)
            {
                if walk.left > 0 {
                    return Err(TreeError::NoNode(walk.index));
                }
                continue;
            }
            let mut position = 0;
            for level in (0..self.levels()).rev() {
                if walk.left == 0 {
                    break;
                }
                let [left, right] = [0, 1].map(|side| levels.node(level, 2 * position + side));
                position = 2 * position + u64::from(walk.turn(&left, &right));
            }
            if walk.left > 0 {
                further.entry(position).or_default().push(walk);
            }
        }
        if further.is_empty() {
            return Ok(());
        }
        let items = self.items(bytes)?.unwrap_or_default();
        for (position, mut walks) in further {
            match items.get(position as usize) {
                Some((item, bytes)) if !matches!(item, Self::Basic(_)) => item.walk(bytes, &mut walks)?,
                // A list may have this item one day: until then there are zeros, where the walk ends.
                None if matches!(self, Self::List(item, _) if !matches!(**item, Self::Basic(_))) => {}
                _ => return Err(TreeError::NoNode(walks.first().map_or(0, |walk| walk.index))),
            }
        }
        Ok(())
    }
}

/// On the way from a root to a node.
struct Walk {
    index: u64,
    /// How many turns are left.
    left: usize,
    node: Node,
    /// The siblings passed, from above.
    passed: Vec<Node>,
}

impl Walk {
    fn new(index: u64) -> Self {
        Self {
            index,
            left: depth(index),
            node: [0; 32],
            passed: Vec::new(),
        }
    }

    /// Goes to one of two children: whether to the right.
    fn turn(&mut self, left: &Node, right: &Node) -> bool {
        self.left -= 1;
        let is_right = self.index >> self.left & 1 == 1;
        let (node, sibling) = if is_right { (right, left) } else { (left, right) };
        self.node = *node;
        self.passed.push(*sibling);
        is_right
    }
}

/// The nodes of a tree that are not those of nothing, from the leaves upwards.
struct Layers {
    layers: Vec<Vec<Node>>,
    /// What stands where there is nothing, by layer.
    nothing: Vec<Node>,
}

fn layers(leaves: Vec<Node>, levels: usize) -> Layers {
    let mut layers = vec![leaves];
    let mut nothing: Vec<Node> = vec![[0; 32]];
    for level in 0..levels {
        let zero = nothing[level];
        let pair = |pair: &[Node]| hash_nodes(&HASHER, &pair[0], pair.get(1).unwrap_or(&zero));
        layers.push(layers[level].chunks(2).map(pair).collect());
        nothing.push(hash_nodes(&HASHER, &zero, &zero));
    }
    Layers { layers, nothing }
}

impl Layers {
    fn node(&self, level: usize, position: u64) -> Node {
        let found = self.layers[level].get(position as usize);
        found.copied().unwrap_or(self.nothing[level])
    }

    fn top(&self) -> Node {
        self.node(self.layers.len() - 1, 0)
    }
}

/// The values of a container's fields.
fn of_fields<'a>(fields: &'a [(&'static str, Type)], bytes: &'a [u8]) -> Result<Vec<Value<'a>>, TreeError> {
    let mut rest = bytes;
    let mut starts = Vec::new();
    let mut values: Vec<Value<'_>> = Vec::new();
    for (_, field) in fields {
        let size = field.fixed();
        let (head, tail) = rest
            .split_at_checked(size.unwrap_or(OFFSET))
            .ok_or(TreeError::Malformed)?;
        rest = tail;
        if size.is_none() {
            starts.push((values.len(), offset(head)?));
        }
        values.push((field, head));
    }
    let fixed = bytes.len() - rest.len();
    let ends = starts
        .iter()
        .skip(1)
        .map(|(_, start)| *start)
        .chain([bytes.len()]);
    let first = starts.first().map_or(bytes.len(), |(_, start)| *start);
    if first != fixed {
        return Err(TreeError::Malformed);
    }
    for ((place, start), end) in starts.iter().zip(ends) {
        values[*place].1 = bytes.get(*start..end).ok_or(TreeError::Malformed)?;
    }
    Ok(values)
}

/// The items of a list whose items have no fixed size.
fn by_offsets(bytes: &[u8]) -> Result<Vec<&[u8]>, TreeError> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let first = offset(bytes.get(..OFFSET).ok_or(TreeError::Malformed)?)?;
    let heads = bytes.get(..first).ok_or(TreeError::Malformed)?;
    if first == 0 || !first.is_multiple_of(OFFSET) {
        return Err(TreeError::Malformed);
    }
    let starts = heads.chunks(OFFSET).map(offset).collect::<Result<Vec<_>, _>>()?;
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let item = |(start, end): (&usize, usize)| bytes.get(*start..end).ok_or(TreeError::Malformed);
    starts.iter().zip(ends).map(item).collect()
}

fn offset(bytes: &[u8]) -> Result<usize, TreeError> {
    let bytes = bytes.try_into().map_err(|_| TreeError::Malformed)?;
    Ok(u32::from_le_bytes(bytes) as usize)
}

/// The bits of a bit list, and how many they are: the last bit that is set only marks the end.
fn without_delimiter(bytes: &[u8]) -> Result<(Vec<u8>, usize), TreeError> {
    let last = bytes.last().and_then(|last| last.checked_ilog2());
    let last = last.ok_or(TreeError::Malformed)?;
    let length = (bytes.len() - 1) * 8 + last as usize;
    let mut bits = bytes.to_vec();
    if let Some(byte) = bits.last_mut() {
        *byte ^= 1 << last;
    }
    bits.truncate(length.div_ceil(8));
    Ok((bits, length))
}
