//! The input of a run, read where it is needed. Its layout is that of `weft-primitives`, module `input`.
//!
//! The host gives the program only inputs in that layout, so nothing is checked but the version; should a length be wrong
//! nevertheless, reading beyond the end traps.

mod items;

use crate::{Address, Bytes32, U256, host::input_word, trap};

pub use items::{Account, Block, Field, Header, Log, Slot, Transaction};

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
