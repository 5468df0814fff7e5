//! What sources hold, read where it is needed.

use super::{ACCOUNT_WORDS, Bytes, LOG_WORDS, SLOT_WORDS, TRANSACTION_WORDS, address, bytes32};
use crate::{Address, Bytes32, U256, host::input_word, trap};

/// A block with events.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    pub(super) start: u32,
}

impl Block {
    /// Its number.
    #[inline]
    pub fn number(&self) -> u64 {
        input_word(self.start)
    }

    /// Its time, in seconds since 1970.
    #[inline]
    pub fn timestamp(&self) -> u64 {
        input_word(self.start + 1)
    }

    /// How many of its events match the manifest, at least one.
    #[inline]
    pub fn log_count(&self) -> u64 {
        input_word(self.start + 2)
    }
}

/// An account, after the block of its source.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    pub(super) start: u32,
    pub(super) slots: u32,
}

impl Account {
    /// Its address.
    #[inline]
    pub fn address(&self) -> Address {
        address(self.start)
    }

    /// Transactions that it sent, or contracts that it made.
    #[inline]
    pub fn nonce(&self) -> u64 {
        input_word(self.start + 3)
    }

    /// In wei.
    #[inline]
    pub fn balance(&self) -> U256 {
        bytes32(self.start + 4).to_u256()
    }

    /// keccak256 of its code: that of nothing for an account without code, zero if there is no such account.
    #[inline]
    pub fn code_hash(&self) -> Bytes32 {
        bytes32(self.start + 8)
    }

    /// How many of its slots are read.
    #[inline]
    pub fn slot_count(&self) -> u32 {
        self.slots
    }

    /// One of its slots, in the order of the manifest. Traps if there is none with this index.
    #[inline]
    pub fn slot(&self, index: u32) -> Slot {
        if index >= self.slots {
            trap();
        }
        Slot {
            start: self.start + ACCOUNT_WORDS + SLOT_WORDS * index,
        }
    }
}

/// A slot of an account's storage.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    pub(super) start: u32,
}

impl Slot {
    /// Which slot.
    #[inline]
    pub fn key(&self) -> Bytes32 {
        bytes32(self.start)
    }

    /// What it holds; zero if nothing.
    #[inline]
    pub fn value(&self) -> Bytes32 {
        bytes32(self.start + 4)
    }
}

/// A transaction.
#[derive(Clone, Copy, Debug)]
pub struct Transaction {
    pub(super) start: u32,
    pub(super) length: u32,
}

impl Transaction {
    /// Its index in the block.
    #[inline]
    pub fn index(&self) -> u64 {
        input_word(self.start)
    }

    /// Its hash.
    #[inline]
    pub fn hash(&self) -> Bytes32 {
        bytes32(self.start + 1)
    }

    /// Who signed it.
    #[inline]
    pub fn sender(&self) -> Address {
        address(self.start + 5)
    }

    /// Whom it calls; `None` if it creates a contract.
    #[inline]
    pub fn to(&self) -> Option<Address> {
        (input_word(self.start + 8) == 1).then(|| address(self.start + 9))
    }

    /// Its number among those of the sender.
    #[inline]
    pub fn nonce(&self) -> u64 {
        input_word(self.start + 12)
    }

    /// In wei.
    #[inline]
    pub fn value(&self) -> U256 {
        bytes32(self.start + 13).to_u256()
    }

    /// Most gas that it may use.
    #[inline]
    pub fn gas_limit(&self) -> u64 {
        input_word(self.start + 17)
    }

    /// Data of the call, or code that creates the contract.
    #[inline]
    pub fn data(&self) -> Bytes {
        Bytes {
            length: self.length,
            start: self.start + TRANSACTION_WORDS,
        }
    }
}

/// A header of a block that may have events. What is under its roots the program proves by [`crate::advice`].
#[derive(Clone, Copy, Debug)]
pub struct Header {
    pub(super) start: u32,
}

impl Header {
    /// Number of the block.
    #[inline]
    pub fn number(&self) -> u64 {
        input_word(self.start)
    }

    /// Its time, in seconds since 1970.
    #[inline]
    pub fn timestamp(&self) -> u64 {
        input_word(self.start + 1)
    }

    /// Root of the state after the block.
    #[inline]
    pub fn state_root(&self) -> Bytes32 {
        bytes32(self.start + 2)
    }

    /// Root of the trie of its transactions.
    #[inline]
    pub fn transactions_root(&self) -> Bytes32 {
        bytes32(self.start + 6)
    }

    /// Root of the trie of its receipts.
    #[inline]
    pub fn receipts_root(&self) -> Bytes32 {
        bytes32(self.start + 10)
    }
}

/// A field of the beacon block before the block of its source, or of the state after that.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub(super) start: u32,
}

impl Field {
    /// Its generalized index.
    #[inline]
    pub fn index(&self) -> u64 {
        input_word(self.start)
    }

    /// Its node: of a field of up to 32 bytes the field, padded with zeros at the end; of others their root. Zero for a part of an item that a
    /// list does not have.
    #[inline]
    pub fn node(&self) -> Bytes32 {
        bytes32(self.start + 1)
    }

    /// A number of 64 bits in it, little-endian as the beacon chain has them: with place 0 that of a field which is a number, with others its
    /// neighbours in a list of such numbers. Traps if `place` is above 3.
    #[inline]
    pub fn integer(&self, place: u32) -> u64 {
        if place > 3 {
            trap();
        }
        input_word(self.start + 1 + place)
    }
}

/// An event.
#[derive(Clone, Copy, Debug)]
pub struct Log {
    pub(super) start: u32,
    pub(super) topics: u32,
    pub(super) data: Bytes,
}

impl Log {
    /// The contract that emitted it.
    #[inline]
    pub fn address(&self) -> Address {
        address(self.start)
    }

    /// Index of its transaction in the block.
    #[inline]
    pub fn transaction_index(&self) -> u64 {
        input_word(self.start + 3)
    }

    /// Index of the log in its transaction. (`eth_getLogs` counts in the block.)
    #[inline]
    pub fn log_index(&self) -> u64 {
        input_word(self.start + 4)
    }

    /// How many topics it has.
    #[inline]
    pub fn topic_count(&self) -> u32 {
        self.topics
    }

    /// A topic; the one with index 0 is the event's signature. Traps if there is none with this index.
    #[inline]
    pub fn topic(&self, index: u32) -> Bytes32 {
        if index >= self.topics {
            trap();
        }
        bytes32(self.start + LOG_WORDS + 4 * index)
    }

    /// What is not indexed, ABI-encoded.
    #[inline]
    pub fn data(&self) -> Bytes {
        self.data
    }
}
