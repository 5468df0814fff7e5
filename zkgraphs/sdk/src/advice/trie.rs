//! The root of a trie of receipts.

use super::{Advice, AdviceBytes, receipt_of};
use crate::{Bytes32, Keccak256};

/// The root of a trie with nothing in it.
pub(super) const EMPTY_ROOT: [u8; 32] = [
    0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6, 0xff, 0x83, 0x45, 0xe6, 0x92, 0xc0, 0xf8, 0x6e, 0x5b,
    0x48, 0xe0, 0x1b, 0x99, 0x6c, 0xad, 0xc0, 0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21,
];

/// The trie of receipts, built in the order of its keys: from 1 to 127, then 0, whose RLP comes after theirs, then from 128 on.
pub(super) struct Trie<'a> {
    pub(super) count: u32,
    pub(super) first: AdviceBytes,
    /// The others, in their order.
    pub(super) others: &'a mut Advice,
}

impl Trie<'_> {
    /// The key in a place of that order.
    fn key(&self, place: u32) -> Key {
        let below_zero = (self.count - 1).min(127);
        Key::of(match place {
            place if place < below_zero => place + 1,
            place if place == below_zero => 0,
            place => place,
        })
    }

    /// The hash of the node under which the keys from place `start` to `end` are, which have their first `depth` nibbles in common. Nodes are
    /// visited in the order of the keys.
    pub(super) fn node(&mut self, start: u32, end: u32, depth: usize) -> Bytes32 {
        let first = self.key(start);
        if end - start == 1 {
            return self.leaf(&first, depth);
        }
        // Keys are in order, so what the first and the last have in common all have.
        let last = self.key(end - 1);
        let common = (depth..first.length.min(last.length))
            .take_while(|at| first.nibbles[*at] == last.nibbles[*at])
            .count();
        if common > 0 {
            let child = self.node(start, end, depth + common);
            let path = Path::new(&first.nibbles[depth..depth + common], false);
            let mut hasher = Keccak256::new();
            hasher.bytes(Head::list(path.len() + 33).bytes());
            hasher.bytes(path.bytes()).bytes(&[0xa0]).bytes32(child);
            return hasher.finish();
        }
        let mut children = [None; 16];
        let mut named = 0;
        let mut at = start;
        while at < end {
            let nibble = self.key(at).nibbles[depth];
            let own = at;
            while at < end && self.key(at).nibbles[depth] == nibble {
                at += 1;
            }
            children[usize::from(nibble)] = Some(self.node(own, at, depth + 1));
            named += 1;
        }
        let mut hasher = Keccak256::new();
        // Sixteen children and no value: each a byte, or a byte and a hash.
        hasher.bytes(Head::list(17 + 32 * named).bytes());
        for child in children {
            match child {
                Some(child) => hasher.bytes(&[0xa0]).bytes32(child),
                None => hasher.bytes(&[0x80]),
            };
        }
        hasher.bytes(&[0x80]);
        hasher.finish()
    }

    /// The hash of the leaf with a receipt: the first, or the next of the others.
    fn leaf(&mut self, key: &Key, depth: usize) -> Bytes32 {
        let receipt = match key.index {
            0 => self.first,
            _ => receipt_of(self.others),
        };
        let path = Path::new(&key.nibbles[depth..key.length], true);
        let head = Head::string(receipt.length);
        let body = path.len() + head.len() + receipt.length;
        let mut hasher = Keccak256::new();
        hasher.bytes(Head::list(body).bytes());
        hasher.bytes(path.bytes()).bytes(head.bytes());
        receipt.hash(&mut hasher);
        hasher.finish()
    }
}

/// The RLP of a receipt's index, in nibbles.
struct Key {
    index: u32,
    nibbles: [u8; 10],
    length: usize,
}

impl Key {
    fn of(index: u32) -> Self {
        let big_endian = index.to_be_bytes();
        let significant = 4 - (index.leading_zeros() / 8) as usize;
        let mut nibbles = [0; 10];
        let mut length = 0;
        let mut push = |byte: u8| {
            nibbles[length] = byte >> 4;
            nibbles[length + 1] = byte & 15;
            length += 2;
        };
        if !(1..128).contains(&index) {
            push(0x80 + significant as u8);
        }
        big_endian[4 - significant..].iter().for_each(|byte| push(*byte));
        Self {
            index,
            nibbles,
            length,
        }
    }
}

/// The head of an RLP string or list.
struct Head {
    bytes: [u8; 5],
    length: usize,
}

impl Head {
    fn new(short: u8, length: u32) -> Self {
        let mut bytes = [0; 5];
        if length < 56 {
            bytes[0] = short + length as u8;
            return Self { bytes, length: 1 };
        }
        let significant = 4 - (length.leading_zeros() / 8) as usize;
        bytes[0] = short + 55 + significant as u8;
        bytes[1..=significant].copy_from_slice(&length.to_be_bytes()[4 - significant..]);
        Self {
            bytes,
            length: 1 + significant,
        }
    }

    /// Of a string of several bytes.
    fn string(length: u32) -> Self {
        Self::new(0x80, length)
    }

    fn list(length: u32) -> Self {
        Self::new(0xc0, length)
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn len(&self) -> u32 {
        self.length as u32
    }
}

/// The RLP of a path of nibbles with its flag ("hex prefix", Yellow Paper, appendix C).
struct Path {
    bytes: [u8; 8],
    length: usize,
}

impl Path {
    fn new(nibbles: &[u8], is_leaf: bool) -> Self {
        let mut packed = [0; 7];
        let is_odd = nibbles.len() % 2 == 1;
        packed[0] = u8::from(is_leaf) << 5;
        let mut rest = nibbles;
        if is_odd {
            packed[0] |= 0x10 | nibbles[0];
            rest = &nibbles[1..];
        }
        let mut count = 1;
        for pair in rest.chunks(2) {
            packed[count] = pair[0] << 4 | pair[1];
            count += 1;
        }
        let mut bytes = [0; 8];
        // A byte below 128 stands for itself, and the first is.
        if count == 1 {
            bytes[0] = packed[0];
            return Self { bytes, length: 1 };
        }
        bytes[0] = 0x80 + count as u8;
        bytes[1..=count].copy_from_slice(&packed[..count]);
        Self {
            bytes,
            length: 1 + count,
        }
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn len(&self) -> u32 {
        self.length as u32
    }
}
