//! What is in a receipt.

use super::{AdviceBytes, rlp::Items};
use crate::{Address, Bytes32, Keccak256, OrTrap, trap};

/// A receipt.
#[derive(Clone, Copy, Debug)]
pub struct Receipt {
    pub(super) bytes: AdviceBytes,
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
