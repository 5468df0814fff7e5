//! The input of a run, read where it is needed. Its layout is that of `weft-primitives`, module `input`.
//!
//! The host gives the program only inputs in that layout, so nothing is checked but the version; should a length be wrong
//! nevertheless, reading beyond the end traps.

use crate::{Address, Bytes32, U256, host::input_word, trap};

/// The version of the layout that this crate reads.
const VERSION: u64 = 1;

/// Words of a block before its logs: chain, number, hash (4), timestamp, count.
const BLOCK_WORDS: u32 = 8;
/// Words of a log before its topics: address (3), transaction, log, count.
const LOG_WORDS: u32 = 6;

/// A place in the input, which moves from block to block and from log to log.
///
/// Reading a field costs some five machine instructions, whether it is a number or a word of a topic; what is not read costs
/// nothing, except that finding the next log takes the lengths of this one.
#[derive(Debug)]
pub struct Input {
    /// Word at which the next block or log starts.
    next: u32,
    blocks_left: u32,
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
            blocks_left: input_word(next) as u32,
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

    /// Goes to the next block, past logs of this one that were not read. One for each source of the manifest, in its order.
    #[inline]
    pub fn next_block(&mut self) -> Option<Block> {
        while self.logs_left > 0 {
            self.next_log();
        }
        self.blocks_left = self.blocks_left.checked_sub(1)?;
        let start = self.next;
        self.next += BLOCK_WORDS;
        self.logs_left = input_word(start + 7) as u32;
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
}

/// A block of a chain that is read.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    start: u32,
}

impl Block {
    /// EIP-155 id of the chain.
    #[inline]
    pub fn chain_id(&self) -> u64 {
        input_word(self.start)
    }

    /// Its number.
    #[inline]
    pub fn number(&self) -> u64 {
        input_word(self.start + 1)
    }

    /// Its hash.
    #[inline]
    pub fn hash(&self) -> Bytes32 {
        bytes32(self.start + 2)
    }

    /// Its time, in seconds since 1970.
    #[inline]
    pub fn timestamp(&self) -> u64 {
        input_word(self.start + 6)
    }

    /// How many of its events match the manifest.
    #[inline]
    pub fn log_count(&self) -> u64 {
        input_word(self.start + 7)
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
        let start = self.start;
        Address::from_words([input_word(start), input_word(start + 1), input_word(start + 2)])
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
fn bytes32(start: u32) -> Bytes32 {
    Bytes32::from_words([
        input_word(start),
        input_word(start + 1),
        input_word(start + 2),
        input_word(start + 3),
    ])
}
