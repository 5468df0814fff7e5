//! The input of a run, read where it is needed. Its layout is that of `weft-primitives`, module `input`.
//!
//! The host gives the program only inputs in that layout, so nothing is checked but the version; should a length be wrong
//! nevertheless, reading beyond the end traps.

use crate::{Address, Bytes32, U256, host::input_word, trap};

/// The version of the layout that this crate reads.
const VERSION: u64 = 2;

/// Words of a source before its items: kind, words that follow, chain, first, last, hash (4), timestamp, count.
const SOURCE_WORDS: u32 = 11;
/// Words of a block before its logs: number, timestamp, count.
const BLOCK_WORDS: u32 = 3;
/// Words of a log before its topics: address (3), transaction, log, count.
const LOG_WORDS: u32 = 6;
/// Words of an account before its slots: address (3), nonce, balance (4), code hash (4), count.
const ACCOUNT_WORDS: u32 = 13;
/// Words of a slot: key (4), value (4).
const SLOT_WORDS: u32 = 8;
/// Words of a transaction before its data: index, hash (4), sender (3), whether it calls, called (3), nonce, value (4), gas, length.
const TRANSACTION_WORDS: u32 = 19;
/// Words of a header: number, timestamp, three roots (4 each).
const HEADER_WORDS: u32 = 14;
/// Words of a field: index, node (4).
const FIELD_WORDS: u32 = 5;

/// A place in the input, which moves from source to source, and from item to item.
///
/// Reading a field costs some five machine instructions, whether it is a number or a word of a topic; what is not read costs
/// nothing, except that finding the next log takes the lengths of this one.
#[derive(Debug)]
pub struct Input {
    /// Word at which the next item starts.
    next: u32,
    /// Word at which the next source starts.
    next_source: u32,
    sources_left: u32,
    items_left: u32,
    logs_left: u32,
}

impl Input {
    /// The beginning of the input. Traps if it has another layout.
    #[inline]
    pub fn open() -> Self {
        if input_word(0) != VERSION {
            trap();
        }
        let next = 2 + words(input_word(1) as u32);
        Self {
            next: next + 1,
            next_source: next + 1,
            sources_left: input_word(next) as u32,
            items_left: 0,
            logs_left: 0,
        }
    }

    /// The state that the run before left; empty before the first run.
    #[inline]
    pub fn state(&self) -> Bytes {
        Bytes {
            length: input_word(1) as u32,
            start: 2,
        }
    }

    /// Goes to the next source, past what was not read of this one. One for each of the manifest, in its order.
    #[inline]
    pub fn next_source(&mut self) -> Option<Source> {
        self.sources_left = self.sources_left.checked_sub(1)?;
        let start = self.next_source;
        self.next = start + SOURCE_WORDS;
        self.next_source = start + 2 + input_word(start + 1) as u32;
        self.items_left = input_word(start + 10) as u32;
        self.logs_left = 0;
        Some(Source { start })
    }

    /// Goes to the next block with events of a source of kind 1 or 2, past logs of this one that were not read.
    #[inline]
    pub fn next_block(&mut self) -> Option<Block> {
        while self.logs_left > 0 {
            self.next_log();
        }
        self.items_left = self.items_left.checked_sub(1)?;
        let start = self.next;
        self.next += BLOCK_WORDS;
        self.logs_left = input_word(start + 2) as u32;
        Some(Block { start })
    }

    /// Goes to the next log of the block that [`Self::next_block`] returned last.
    #[inline]
    pub fn next_log(&mut self) -> Option<Log> {
        self.logs_left = self.logs_left.checked_sub(1)?;
        let start = self.next;
        let topics = input_word(start + 5) as u32;
        let data = start + LOG_WORDS + 4 * topics + 1;
        let length = input_word(data - 1) as u32;
        self.next = data + words(length);
        Some(Log {
            start,
            topics,
            data: Bytes { length, start: data },
        })
    }

    /// Goes to the next account of a source of kind 3, in the order of the manifest.
    #[inline]
    pub fn next_account(&mut self) -> Option<Account> {
        self.items_left = self.items_left.checked_sub(1)?;
        let start = self.next;
        let slots = input_word(start + 12) as u32;
        self.next = start + ACCOUNT_WORDS + SLOT_WORDS * slots;
        Some(Account { start, slots })
    }

    /// Goes to the next transaction of a source of kind 4, in the order of the block.
    #[inline]
    pub fn next_transaction(&mut self) -> Option<Transaction> {
        self.items_left = self.items_left.checked_sub(1)?;
        let start = self.next;
        let length = input_word(start + 18) as u32;
        self.next = start + TRANSACTION_WORDS + words(length);
        Some(Transaction { start, length })
    }

    /// Goes to the next header of a source of kind 7.
    #[inline]
    pub fn next_header(&mut self) -> Option<Header> {
        self.items_left = self.items_left.checked_sub(1)?;
        let start = self.next;
        self.next += HEADER_WORDS;
        Some(Header { start })
    }

    /// Goes to the next field of a source of kind 6, in the order of the manifest.
    #[inline]
    pub fn next_field(&mut self) -> Option<Field> {
        self.items_left = self.items_left.checked_sub(1)?;
        let start = self.next;
        self.next += FIELD_WORDS;
        Some(Field { start })
    }
}

/// What a source is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// Every matching event of a range of blocks.
    Events,
    /// Every matching event of certain transactions.
    TransactionEvents,
    /// Accounts and slots.
    Storage,
    /// Certain transactions.
    Transactions,
    /// The state of another zkGraph.
    State,
    /// Fields of the beacon block before a block.
    Beacon,
    /// Headers of blocks that may have matching events.
    Headers,
}

/// What was read for one source of the manifest.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    start: u32,
}

impl Source {
    /// Its kind.
    #[inline]
    pub fn kind(&self) -> SourceKind {
        match input_word(self.start) {
            1 => SourceKind::Events,
            2 => SourceKind::TransactionEvents,
            3 => SourceKind::Storage,
            4 => SourceKind::Transactions,
            5 => SourceKind::State,
            6 => SourceKind::Beacon,
            7 => SourceKind::Headers,
            _ => trap(),
        }
    }

    /// EIP-155 id of the chain that is read; 0 for a zkGraph's state.
    #[inline]
    pub fn chain_id(&self) -> u64 {
        input_word(self.start + 2)
    }

    /// Number of the first block.
    #[inline]
    pub fn first_block(&self) -> u64 {
        input_word(self.start + 3)
    }

    /// Number of the last block.
    #[inline]
    pub fn last_block(&self) -> u64 {
        input_word(self.start + 4)
    }

    /// Hash of the last block; for a zkGraph's state its id.
    #[inline]
    pub fn hash(&self) -> Bytes32 {
        bytes32(self.start + 5)
    }

    /// Time of the last block, in seconds since 1970.
    #[inline]
    pub fn timestamp(&self) -> u64 {
        input_word(self.start + 9)
    }

    /// The state of the other zkGraph. Traps if this is another kind of source.
    #[inline]
    pub fn state(&self) -> Bytes {
        if self.kind() != SourceKind::State {
            trap();
        }
        Bytes {
            length: input_word(self.start + SOURCE_WORDS) as u32,
            start: self.start + SOURCE_WORDS + 1,
        }
    }
}

/// A block with events.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    start: u32,
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
    start: u32,
    slots: u32,
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
    start: u32,
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
    start: u32,
    length: u32,
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
    start: u32,
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
    start: u32,
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
    start: u32,
    topics: u32,
    data: Bytes,
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

/// Bytes in the input.
#[derive(Clone, Copy, Debug)]
pub struct Bytes {
    length: u32,
    start: u32,
}

impl Bytes {
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

    /// The ABI word with this index, as a number. Traps if the bytes end before it does.
    #[inline]
    pub fn u256(&self, index: u32) -> U256 {
        self.bytes32(index).to_u256()
    }

    /// The 32 bytes with this index. Traps if the bytes end before them.
    #[inline]
    pub fn bytes32(&self, index: u32) -> Bytes32 {
        if self.length / 32 <= index {
            trap();
        }
        bytes32(self.start + 4 * index)
    }

    /// The eight bytes with this index, read as little-endian, padded with zeros at the end. Traps if the bytes end before them.
    #[inline]
    pub fn word(&self, index: u32) -> u64 {
        if words(self.length) <= index {
            trap();
        }
        input_word(self.start + index)
    }
}

/// Words that bytes take. An input has at most 64 KiB, so nothing overflows, as `div_ceil` would have to take care of.
#[inline]
pub(crate) fn words(bytes: u32) -> u32 {
    bytes.wrapping_add(7) >> 3
}

#[inline]
fn address(start: u32) -> Address {
    Address::from_words([input_word(start), input_word(start + 1), input_word(start + 2)])
}

#[inline]
fn bytes32(start: u32) -> Bytes32 {
    Bytes32::from_words([
        input_word(start),
        input_word(start + 1),
        input_word(start + 2),
        input_word(start + 3),
    ])
}
