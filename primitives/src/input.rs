//! The bytes that a run reads: the zkGraph's state, and what its sources held.
//!
//! Everything is little-endian and starts at a multiple of 8 bytes, so that a program can read it word by word:
//! ```text
//! u64 version = 2
//! u64 bytes of state ‖ state, padded
//! u64 sources ‖ sections, one for each source
//! section:     u64 kind ‖ u64 words that follow this one in the section
//!              ‖ u64 chain id ‖ u64 first block ‖ u64 last block ‖ hash of the last block (32) ‖ u64 its timestamp
//!              ‖ u64 items ‖ items, by kind:
//! events (1, 2), those blocks that have any:
//!              u64 number ‖ u64 timestamp ‖ u64 logs ‖ logs
//! log:         address (20), padded ‖ u64 transaction index ‖ u64 log index
//!              ‖ u64 topics ‖ topics (32 each) ‖ u64 bytes of data ‖ data, padded
//! storage (3): address (20), padded ‖ u64 nonce ‖ balance (32) ‖ code hash (32) ‖ u64 slots ‖ slots
//! slot:        its key (32) ‖ what it holds (32)
//! transaction (4):
//!              u64 index ‖ hash (32) ‖ sender (20), padded ‖ u64 1, or 0 for a creation ‖ called address (20), padded
//!              ‖ u64 nonce ‖ value (32) ‖ u64 gas limit ‖ u64 bytes of data ‖ data, padded
//! field (6):   u64 generalized index ‖ node (32)
//! header (7):  u64 number ‖ u64 timestamp ‖ state root (32) ‖ root of transactions (32) ‖ root of receipts (32)
//! state (5), as a single item; chain, blocks and timestamp are 0, and the hash is the zkGraph:
//!              u64 bytes ‖ state, padded
//! ```
//! Padding is zeros, after the bytes. There is one encoding for each input: [`decode`] refuses any other. Numbers of 32 bytes are
//! big-endian, as Ethereum has them.

mod read;
mod write;

use alloc::vec::Vec;
use primitive_types::{H160, H256};

use crate::{GraphId, words::WordsError};

pub use read::decode;
pub use write::{encode, encode_section};

/// The first word of every input.
pub const INPUT_VERSION: u64 = 2;
/// Bytes of a header in a section.
pub const HEADER_ENTRY_BYTES: usize = 2 * 8 + 3 * 32;
/// Most topics that the EVM gives a log.
pub const MAX_TOPICS: usize = 4;

/// What a run reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// State before the run.
    pub prior_state: Vec<u8>,
    /// In the order of the manifest's sources.
    pub sources: Vec<Section>,
}

/// What a source held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Section {
    /// Events of a range of blocks.
    Events(BlockRange, Vec<BlockEntry>),
    /// Events of certain transactions of a block.
    TransactionEvents(BlockRange, Vec<BlockEntry>),
    /// Accounts after a block.
    Storage(BlockRange, Vec<AccountEntry>),
    /// Certain transactions of a block.
    Transactions(BlockRange, Vec<TransactionEntry>),
    /// The state of another zkGraph.
    State(GraphId, Vec<u8>),
    /// Fields of the beacon block before a block.
    Beacon(BlockRange, Vec<FieldEntry>),
    /// Headers of those blocks of a range that may have matching events.
    Headers(BlockRange, Vec<HeaderEntry>),
}

/// Blocks of a chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlockRange {
    /// EIP-155 id of the chain.
    pub chain_id: u64,
    /// Number of the first block.
    pub first: u64,
    /// Number of the last block.
    pub last: u64,
    /// Hash of the last block.
    pub hash: H256,
    /// Time of the last block, in seconds since 1970.
    pub timestamp: u64,
}

/// A block and those of its events that the run asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockEntry {
    /// Number of the block.
    pub number: u64,
    /// Time of the block, in seconds since 1970.
    pub timestamp: u64,
    /// In the order of the block, at least one.
    pub logs: Vec<LogEntry>,
}

/// An event, as the EVM logged it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// The contract that emitted it.
    pub address: H160,
    /// Index of the transaction in its block.
    pub transaction_index: u64,
    /// Index of the log **in its transaction**, which one receipt alone can prove (`eth_getLogs` counts in the
    /// block).
    pub log_index: u64,
    /// At most [`MAX_TOPICS`].
    pub topics: Vec<H256>,
    /// What is not indexed.
    pub data: Vec<u8>,
}

/// An account, and those of its slots that the run asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountEntry {
    /// Its address.
    pub address: H160,
    /// Transactions that it sent, or contracts that it made.
    pub nonce: u64,
    /// In wei.
    pub balance: H256,
    /// keccak256 of its code: that of nothing for an account without code, and zero if there is no such account.
    pub code_hash: H256,
    /// Each slot and what it holds; zero if it holds nothing.
    pub slots: Vec<(H256, H256)>,
}

/// A transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionEntry {
    /// Its index in the block.
    pub index: u64,
    /// Its hash.
    pub hash: H256,
    /// Who signed it.
    pub sender: H160,
    /// Whom it calls; `None` if it creates a contract.
    pub to: Option<H160>,
    /// Its number among those of the sender.
    pub nonce: u64,
    /// In wei.
    pub value: H256,
    /// Most gas that it may use.
    pub gas_limit: u64,
    /// Data of the call, or code that creates the contract.
    pub data: Vec<u8>,
}

/// A node of the tree whose root a beacon block has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldEntry {
    /// Its generalized index.
    pub index: u64,
    /// Of a small field the bytes, of others their root; zero for a part of an item that a list does not have.
    pub node: H256,
}

/// What a header says of its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderEntry {
    /// Number of the block.
    pub number: u64,
    /// Time of the block, in seconds since 1970.
    pub timestamp: u64,
    /// Root of the state after it.
    pub state_root: H256,
    /// Root of the trie of its transactions.
    pub transactions_root: H256,
    /// Root of the trie of its receipts.
    pub receipts_root: H256,
}

/// Why bytes are not an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// The first word is another version.
    #[error("unknown version of the input encoding")]
    UnknownVersion,
    /// A section is of a kind that there is not.
    #[error("unknown kind of source")]
    UnknownKind,
    /// The bytes end too early.
    #[error("the input ends too early")]
    Truncated,
    /// Bytes follow the input.
    #[error("bytes follow the input")]
    TrailingBytes,
    /// A byte of padding is not zero.
    #[error("padding is not zero")]
    Padding,
    /// A log has more than [`MAX_TOPICS`] topics.
    #[error("a log has more than four topics")]
    TooManyTopics,
    /// A section has another length than it says, a block has no events, or a field that must be zero is not.
    #[error("a section contradicts itself")]
    Contradiction,
}

impl From<WordsError> for InputError {
    fn from(error: WordsError) -> Self {
        match error {
            WordsError::Truncated => Self::Truncated,
            WordsError::Padding => Self::Padding,
        }
    }
}

impl Input {
    /// The bytes that a run reads.
    pub fn encode(&self) -> Vec<u8> {
        let sections: Vec<_> = self.sources.iter().map(encode_section).collect();
        encode(&self.prior_state, &sections)
    }
}
