//! What the prover tells a program beside the input, and what the program makes sure of itself (feature `advice`).
//!
//! Advice is *anything that the prover likes*. [`Receipts::read`] rebuilds the root of a block's receipts from it and traps unless that is the
//! root in the header, so that what it returns is true: every receipt of the block, in order, none left out. Whoever reads [`Advice::word`]
//! himself has to prove what he reads in the same way.
//!
//! A run that traps does not settle if its zkGraph reads headers. `docs/decisions/advice.md` says why, and how advice is laid out.

use crate::{Address, Bytes32, Keccak256, OrTrap, U256, host::advice_word, trap};

/// A place in the advice, which moves on with what is read.
#[derive(Debug, Default)]
pub struct Advice {
    next: u32,
}

impl Advice {
    /// The beginning.
    pub fn open() -> Self {
        Self::default()
    }

    /// The next word: whatever the prover likes.
    #[inline]
    pub fn word(&mut self) -> u64 {
        let word = advice_word(self.next);
        self.next = self.next.checked_add(1).or_trap();
        word
    }

    /// Goes past bytes that were padded to words: where they are. Traps if the padding is not zero.
    fn bytes(&mut self) -> AdviceBytes {
        let length = u32::try_from(self.word()).ok().or_trap();
        let bytes = AdviceBytes {
            start: 8 * u64::from(self.next),
            length,
        };
        let words = length.div_ceil(8);
        let end = self.next.checked_add(words).or_trap();
        if !length.is_multiple_of(8) && advice_word(end - 1) >> (8 * (length % 8)) != 0 {
            trap();
        }
        self.next = end;
        bytes
    }
}

/// Bytes in the advice.
#[derive(Clone, Copy, Debug)]
pub struct AdviceBytes {
    /// Byte of the advice at which they start.
    start: u64,
    length: u32,
}

impl AdviceBytes {
    /// How many.
    #[inline]
    pub fn len(&self) -> u32 {
        self.length
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The byte with this index. Traps if there is none.
    #[inline]
    pub fn byte(&self, index: u32) -> u8 {
        if index >= self.length {
            trap();
        }
        let at = self.start + u64::from(index);
        (advice_word((at / 8) as u32) >> (8 * (at % 8))) as u8
    }

    /// The eight bytes from `index` on, little-endian. Traps if the bytes end before them.
    #[inline]
    pub fn word(&self, index: u32) -> u64 {
        if index.checked_add(8).is_none_or(|end| end > self.length) {
            trap();
        }
        self.word_at(index)
    }

    /// The same, with whatever is after the end.
    #[inline]
    fn word_at(&self, index: u32) -> u64 {
        let at = self.start + u64::from(index);
        let (word, shift) = ((at / 8) as u32, 8 * (at % 8));
        let low = advice_word(word) >> shift;
        match shift {
            0 => low,
            shift => low | advice_word(word.wrapping_add(1)) << (64 - shift),
        }
    }

    /// The 32 bytes from `index` on. Traps if the bytes end before them.
    #[inline]
    pub fn bytes32(&self, index: u32) -> Bytes32 {
        if index.checked_add(32).is_none_or(|end| end > self.length) {
            trap();
        }
        Bytes32::from_words(core::array::from_fn(|word| self.word_at(index + 8 * word as u32)))
    }

    /// The ABI word with this index, as a number. Traps if the bytes end before it does.
    #[inline]
    pub fn u256(&self, index: u32) -> U256 {
        self.bytes32(index.checked_mul(32).or_trap()).to_u256()
    }

    /// A part of them. Traps if they end before it.
    fn part(&self, start: u32, length: u32) -> Self {
        if start.checked_add(length).is_none_or(|end| end > self.length) {
            trap();
        }
        Self {
            start: self.start + u64::from(start),
            length,
        }
    }

    /// Hashes them; they are whole words but for the last, as they were padded.
    fn hash(&self, hasher: &mut Keccak256) {
        let first = (self.start / 8) as u32;
        let whole = self.length / 8;
        #[allow(clippy::redundant_closure, reason = "in WebAssembly it is a foreign function")]
        hasher.whole_words((first..first + whole).map(|word| advice_word(word)));
        let rest = (self.length % 8) as usize;
        if rest > 0 {
            hasher.bytes(&advice_word(first + whole).to_le_bytes()[..rest]);
        }
    }
}

/// Every receipt of a block, as its header's root shows.
#[derive(Clone, Copy, Debug)]
pub struct Receipts {
    /// Word of the advice at which the first starts.
    start: u32,
    count: u32,
}

/// The root of a trie with nothing in it.
const EMPTY_ROOT: [u8; 32] = [
    0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6, 0xff, 0x83, 0x45, 0xe6, 0x92, 0xc0, 0xf8, 0x6e, 0x5b,
    0x48, 0xe0, 0x1b, 0x99, 0x6c, 0xad, 0xc0, 0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21,
];
/// A receipt is at least so long: its bloom filter alone is longer. So each node of the trie is named by its hash.
const SHORTEST: u32 = 256;

impl Receipts {
    /// The receipts of the next block in the advice. Traps unless they have this root.
    pub fn read(advice: &mut Advice, root: Bytes32) -> Self {
        let count = u32::try_from(advice.word()).ok().or_trap();
        let start = advice.next;
        let rebuilt = match count {
            0 => Bytes32::new(EMPTY_ROOT),
            _ => {
                let mut trie = Trie {
                    count,
                    first: receipt(advice),
                    others: advice,
                };
                trie.node(0, count, 0)
            }
        };
        if rebuilt != root {
            trap();
        }
        Self { start, count }
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One after the other, in the order of the transactions.
    pub fn iter(&self) -> impl Iterator<Item = Receipt> + use<> {
        let mut advice = Advice { next: self.start };
        (0..self.count).map(move |_| Receipt {
            bytes: advice.bytes(),
        })
    }
}

/// The next receipt.
fn receipt(advice: &mut Advice) -> AdviceBytes {
    let receipt = advice.bytes();
    if receipt.length < SHORTEST {
        trap();
    }
    receipt
}

/// The trie of receipts, built in the order of its keys: from 1 to 127, then 0, whose RLP comes after theirs, then from 128 on.
struct Trie<'a> {
    count: u32,
    first: AdviceBytes,
    /// The others, in their order.
    others: &'a mut Advice,
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
    fn node(&mut self, start: u32, end: u32, depth: usize) -> Bytes32 {
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
            _ => receipt(self.others),
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

/// A receipt.
#[derive(Clone, Copy, Debug)]
pub struct Receipt {
    bytes: AdviceBytes,
}

impl Receipt {
    /// Its fields: status, gas, bloom, logs.
    fn fields(&self) -> Items {
        // EIP-2718: a byte for the type, unless the receipt is a list itself.
        let is_typed = self.bytes.byte(0) < 0x80;
        Items::of_list(match is_typed {
            true => self.bytes.part(1, self.bytes.length - 1),
            false => self.bytes,
        })
    }

    /// Whether its bloom filter says that it may have a log with all of these: addresses and topics. Costs a fraction of looking at the logs.
    pub fn may_have(&self, wanted: &[BloomBits]) -> bool {
        let mut fields = self.fields();
        fields.next();
        fields.next();
        let bloom = fields.next().string(256);
        wanted.iter().all(|bits| bits.are_in(&bloom))
    }

    /// Its logs, in order. Traps where the receipt is none; a receipt of Ethereum is one.
    pub fn logs(&self) -> Logs {
        let mut fields = self.fields();
        for _ in 0..3 {
            fields.next();
        }
        let logs = fields.next().list();
        if !fields.is_empty() {
            trap();
        }
        Logs(logs)
    }
}

/// The bits that an address or a topic sets in a bloom filter (Yellow Paper, 4.3.1).
#[derive(Clone, Copy, Debug)]
pub struct BloomBits([u16; 3]);

impl BloomBits {
    /// Of the 20 bytes of an address.
    pub fn of_address(address: Address) -> Self {
        let [a, b, c] = address.words();
        let mut bytes = [0; 20];
        bytes[..8].copy_from_slice(&a.to_le_bytes());
        bytes[8..16].copy_from_slice(&b.to_le_bytes());
        bytes[16..].copy_from_slice(&c.to_le_bytes()[..4]);
        Self::of(Keccak256::new().bytes(&bytes).finish())
    }

    /// Of a topic.
    pub fn of_topic(topic: Bytes32) -> Self {
        Self::of(Keccak256::new().bytes32(topic).finish())
    }

    fn of(hash: Bytes32) -> Self {
        let bytes = hash.words()[0].to_le_bytes();
        // The low eleven bits of each of the first three pairs of bytes.
        Self(core::array::from_fn(|pair| {
            u16::from_be_bytes([bytes[2 * pair], bytes[2 * pair + 1]]) & 0x7ff
        }))
    }

    fn are_in(&self, bloom: &AdviceBytes) -> bool {
        // Bit 0 is the lowest of the last byte.
        self.0.iter().all(|bit| {
            let byte = bloom.byte(255 - u32::from(bit / 8));
            byte >> (bit % 8) & 1 == 1
        })
    }
}

/// The logs of a receipt that were not read yet.
#[derive(Debug)]
pub struct Logs(Items);

impl Iterator for Logs {
    type Item = ReceiptLog;

    fn next(&mut self) -> Option<ReceiptLog> {
        if self.0.is_empty() {
            return None;
        }
        let mut fields = self.0.next().list();
        let address = fields.next().string(20);
        Some(ReceiptLog {
            address,
            rest: fields,
        })
    }
}

/// A log of a receipt.
#[derive(Clone, Copy, Debug)]
pub struct ReceiptLog {
    address: AdviceBytes,
    /// Topics and data.
    rest: Items,
}

impl ReceiptLog {
    /// The contract that emitted it.
    pub fn address(&self) -> Address {
        Address::from_words([
            self.address.word_at(0),
            self.address.word_at(8),
            self.address.word_at(16) & 0xffff_ffff,
        ])
    }

    fn topics(&self) -> AdviceBytes {
        let mut rest = self.rest;
        rest.next().list().rest
    }

    /// How many topics it has.
    pub fn topic_count(&self) -> u32 {
        self.topics().length / 33
    }

    /// A topic; the one with index 0 is the event's signature. Traps if there is none with this index.
    pub fn topic(&self, index: u32) -> Bytes32 {
        // Each is a byte that says its length, and itself.
        let (topics, at) = (self.topics(), index.checked_mul(33).or_trap());
        if topics.byte(at) != 0xa0 {
            trap();
        }
        topics.bytes32(at + 1)
    }

    /// What is not indexed.
    pub fn data(&self) -> AdviceBytes {
        let mut rest = self.rest;
        rest.next();
        let data = rest.next();
        if data.is_list || !rest.is_empty() {
            trap();
        }
        data.payload
    }
}

/// RLP items one after the other.
#[derive(Clone, Copy, Debug)]
struct Items {
    rest: AdviceBytes,
}

/// An RLP item.
struct Item {
    is_list: bool,
    payload: AdviceBytes,
}

impl Items {
    /// Those of the list that these bytes are.
    fn of_list(bytes: AdviceBytes) -> Self {
        let mut whole = Self { rest: bytes };
        let list = whole.next().list();
        if !whole.is_empty() {
            trap();
        }
        list
    }

    fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next one. Traps if there is none, or it is none.
    fn next(&mut self) -> Item {
        let first = self.rest.byte(0);
        let (is_list, head, length) = match first {
            0x00..0x80 => (false, 0, 1),
            0x80..0xb8 => (false, 1, u32::from(first - 0x80)),
            0xb8..0xc0 => (false, 1 + u32::from(first - 0xb7), self.length(first - 0xb7)),
            0xc0..0xf8 => (true, 1, u32::from(first - 0xc0)),
            0xf8..=0xff => (true, 1 + u32::from(first - 0xf7), self.length(first - 0xf7)),
        };
        let payload = self.rest.part(head, length);
        let end = head + length;
        self.rest = self.rest.part(end, self.rest.length - end);
        Item { is_list, payload }
    }

    /// A length of so many bytes.
    fn length(&self, bytes: u8) -> u32 {
        if bytes > 3 {
            trap();
        }
        (1..=u32::from(bytes)).fold(0, |length, at| length << 8 | u32::from(self.rest.byte(at)))
    }
}

impl Item {
    fn list(self) -> Items {
        if !self.is_list {
            trap();
        }
        Items { rest: self.payload }
    }

    /// A string of so many bytes.
    fn string(self, length: u32) -> AdviceBytes {
        if self.is_list || self.payload.length != length {
            trap();
        }
        self.payload
    }
}
