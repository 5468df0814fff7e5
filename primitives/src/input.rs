//! The bytes that a run reads: the zkGraph's state and the events of its sources.
//!
//! Everything is little-endian and starts at a multiple of 8 bytes, so that a program can read it word by word:
//! ```text
//! u64 version = 1
//! u64 bytes of state ‖ state, padded
//! u64 blocks ‖ sections, one for each block
//! section: u64 chain id ‖ u64 number ‖ hash (32) ‖ u64 timestamp ‖ u64 logs ‖ logs
//! log:     address (20), padded ‖ u64 transaction index ‖ u64 log index
//!          ‖ u64 topics ‖ topics (32 each) ‖ u64 bytes of data ‖ data, padded
//! ```
//! Padding is zeros, after the bytes. There is one encoding for each input: [`decode`] refuses any other.

use alloc::vec::Vec;
use primitive_types::{H160, H256};

use crate::words::{Reader, WordsError, push_padded, push_word};

/// The first word of every input.
pub const INPUT_VERSION: u64 = 1;

/// Most topics that the EVM gives a log.
pub const MAX_TOPICS: usize = 4;

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

/// A block and those of its events that the run asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockEntry {
    /// EIP-155 id of the chain.
    pub chain_id: u64,
    /// Number of the block.
    pub number: u64,
    /// Hash of the block.
    pub hash: H256,
    /// Time of the block, in seconds since 1970.
    pub timestamp: u64,
    /// In the order of the block.
    pub logs: Vec<LogEntry>,
}

/// What a run reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// State before the run.
    pub prior_state: Vec<u8>,
    /// In the order of the manifest's sources.
    pub blocks: Vec<BlockEntry>,
}

/// Why bytes are not an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// The first word is another version.
    #[error("unknown version of the input encoding")]
    UnknownVersion,
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
}

impl From<WordsError> for InputError {
    fn from(error: WordsError) -> Self {
        match error {
            WordsError::Truncated => Self::Truncated,
            WordsError::Padding => Self::Padding,
        }
    }
}

/// The section of one block. Its keccak256 is the `root` of the block's source.
pub fn encode_section(block: &BlockEntry) -> Vec<u8> {
    let mut out = Vec::new();
    push_word(&mut out, block.chain_id);
    push_word(&mut out, block.number);
    out.extend_from_slice(block.hash.as_bytes());
    push_word(&mut out, block.timestamp);
    push_word(&mut out, block.logs.len() as u64);
    for log in &block.logs {
        push_padded(&mut out, log.address.as_bytes());
        push_word(&mut out, log.transaction_index);
        push_word(&mut out, log.log_index);
        push_word(&mut out, log.topics.len() as u64);
        for topic in &log.topics {
            out.extend_from_slice(topic.as_bytes());
        }
        push_word(&mut out, log.data.len() as u64);
        push_padded(&mut out, &log.data);
    }
    out
}

/// The input made of a state and of sections that [`encode_section`] made.
pub fn encode(prior_state: &[u8], sections: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    push_word(&mut out, INPUT_VERSION);
    push_word(&mut out, prior_state.len() as u64);
    push_padded(&mut out, prior_state);
    push_word(&mut out, sections.len() as u64);
    for section in sections {
        out.extend_from_slice(section);
    }
    out
}

impl Input {
    /// The bytes that a run reads.
    pub fn encode(&self) -> Vec<u8> {
        let sections: Vec<_> = self.blocks.iter().map(encode_section).collect();
        encode(&self.prior_state, &sections)
    }
}

/// The input that `bytes` encode.
pub fn decode(bytes: &[u8]) -> Result<Input, InputError> {
    let reader = &mut Reader(bytes);
    if reader.word()? != INPUT_VERSION {
        return Err(InputError::UnknownVersion);
    }
    let length = reader.count()?;
    let prior_state = reader.padded(length)?.to_vec();
    let count = reader.count()?;
    let blocks = (0..count)
        .map(|_| decode_section(reader))
        .collect::<Result<_, _>>()?;
    if !reader.0.is_empty() {
        return Err(InputError::TrailingBytes);
    }
    Ok(Input { prior_state, blocks })
}

fn decode_section(reader: &mut Reader<'_>) -> Result<BlockEntry, InputError> {
    let chain_id = reader.word()?;
    let number = reader.word()?;
    let hash = H256(reader.array()?);
    let timestamp = reader.word()?;
    let count = reader.count()?;
    let logs = (0..count).map(|_| decode_log(reader)).collect::<Result<_, _>>()?;
    Ok(BlockEntry {
        chain_id,
        number,
        hash,
        timestamp,
        logs,
    })
}

fn decode_log(reader: &mut Reader<'_>) -> Result<LogEntry, InputError> {
    let address = H160::from_slice(reader.padded(20)?);
    let transaction_index = reader.word()?;
    let log_index = reader.word()?;
    let count = reader.count()?;
    if count > MAX_TOPICS {
        return Err(InputError::TooManyTopics);
    }
    let topics = (0..count)
        .map(|_| Ok(H256(reader.array()?)))
        .collect::<Result<_, WordsError>>()?;
    let length = reader.count()?;
    let data = reader.padded(length)?.to_vec();
    Ok(LogEntry {
        address,
        transaction_index,
        log_index,
        topics,
        data,
    })
}
