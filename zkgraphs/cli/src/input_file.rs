//! Inputs of runs in files: as the bytes that the program reads, or as JSON that a person can write.
//!
//! ```json
//! { "state": "0x",
//!   "blocks": [ { "chain": 1, "number": 100, "hash": "0x…", "timestamp": 1700000000,
//!     "logs": [ { "address": "0x…", "transaction": 0, "log": 0, "topics": ["0x…"], "data": "0x…" } ] } ] }
//! ```

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use weft_primitives::{
    MAX_INPUT_BYTES,
    input::{self, BlockEntry, Input, LogEntry, MAX_TOPICS},
};

use crate::manifest_file::{parse_address, parse_hash};

/// An input, as JSON has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputFile {
    /// State before the run, hexadecimal.
    #[serde(default)]
    pub state: String,
    /// One for each source of the manifest.
    pub blocks: Vec<FileBlock>,
}

/// A block, as JSON has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileBlock {
    /// EIP-155 id of the chain.
    pub chain: u64,
    /// Number of the block.
    pub number: u64,
    /// Its hash.
    pub hash: String,
    /// Its time, in seconds since 1970.
    pub timestamp: u64,
    /// Its events that match the manifest, in order.
    pub logs: Vec<FileLog>,
}

/// An event, as JSON has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileLog {
    /// The contract that emitted it.
    pub address: String,
    /// Index of its transaction in the block.
    pub transaction: u64,
    /// Index of the log in its transaction.
    pub log: u64,
    /// At most four.
    pub topics: Vec<String>,
    /// Hexadecimal.
    pub data: String,
}

/// The input bytes in a file: JSON if its name ends so, otherwise the bytes themselves.
///
/// # Errors
/// When it cannot be read, is no input, or is larger than the chain allows.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let shown = || format!("in {}", path.display());
    let bytes = match path.extension() {
        Some(extension) if extension == "json" => {
            let file: InputFile = serde_json::from_slice(&bytes).with_context(shown)?;
            file.to_input().with_context(shown)?.encode()
        }
        _ => bytes,
    };
    check(&bytes).with_context(shown)?;
    Ok(bytes)
}

/// Checks that bytes are an input that the chain would make.
///
/// # Errors
/// When they are not.
pub fn check(bytes: &[u8]) -> Result<Input> {
    if bytes.len() > MAX_INPUT_BYTES as usize {
        bail!(
            "the input has {} bytes; a run takes at most {MAX_INPUT_BYTES}",
            bytes.len()
        );
    }
    Ok(input::decode(bytes)?)
}

impl InputFile {
    /// The input that it describes.
    ///
    /// # Errors
    /// When something is not hexadecimal or has the wrong length.
    pub fn to_input(&self) -> Result<Input> {
        let blocks = self.blocks.iter().map(FileBlock::read).collect::<Result<_>>()?;
        Ok(Input {
            prior_state: parse_hex(&self.state).context("state")?,
            blocks,
        })
    }

    /// The description of an input.
    pub fn of(input: &Input) -> Self {
        let log = |log: &LogEntry| FileLog {
            address: shown(log.address.as_bytes()),
            transaction: log.transaction_index,
            log: log.log_index,
            topics: log.topics.iter().map(|topic| shown(topic.as_bytes())).collect(),
            data: shown(&log.data),
        };
        let block = |block: &BlockEntry| FileBlock {
            chain: block.chain_id,
            number: block.number,
            hash: shown(block.hash.as_bytes()),
            timestamp: block.timestamp,
            logs: block.logs.iter().map(log).collect(),
        };
        Self {
            state: shown(&input.prior_state),
            blocks: input.blocks.iter().map(block).collect(),
        }
    }
}

impl FileBlock {
    fn read(&self) -> Result<BlockEntry> {
        Ok(BlockEntry {
            chain_id: self.chain,
            number: self.number,
            hash: parse_hash(&self.hash).context("hash")?,
            timestamp: self.timestamp,
            logs: self.logs.iter().map(FileLog::read).collect::<Result<_>>()?,
        })
    }
}

impl FileLog {
    fn read(&self) -> Result<LogEntry> {
        if self.topics.len() > MAX_TOPICS {
            bail!(
                "a log has {} topics; the EVM gives at most {MAX_TOPICS}",
                self.topics.len()
            );
        }
        Ok(LogEntry {
            address: parse_address(&self.address).context("address")?,
            transaction_index: self.transaction,
            log_index: self.log,
            topics: self
                .topics
                .iter()
                .map(|topic| parse_hash(topic))
                .collect::<Result<_>>()
                .context("topics")?,
            data: parse_hex(&self.data).context("data")?,
        })
    }
}

/// Bytes from hexadecimal digits, with or without `0x`.
///
/// # Errors
/// When they are no such digits.
pub fn parse_hex(text: &str) -> Result<Vec<u8>> {
    hex::decode(text.strip_prefix("0x").unwrap_or(text))
        .with_context(|| format!("{text:?} is not hexadecimal"))
}

/// Hexadecimal digits after `0x`.
pub fn shown(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}
