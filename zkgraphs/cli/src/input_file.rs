//! Inputs of runs in files: as the bytes that the program reads, or as JSON that a person can write.
//!
//! ```json
//! { "state": "0x",
//!   "sources": [ { "kind": "events", "chain": 1, "first": 100, "last": 100, "hash": "0x…", "timestamp": 1700000000,
//!     "blocks": [ { "number": 100, "timestamp": 1700000000,
//!       "logs": [ { "address": "0x…", "transaction": 0, "log": 0, "topics": ["0x…"], "data": "0x…" } ] } ] } ] }
//! ```
//!
//! Other kinds have `accounts`, `transactions`, `fields`, `headers`, or `graph` and `state`: see [`FileSource`].

mod convert;

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use weft_primitives::{
    MAX_INPUT_BYTES,
    input::{self, Input, Section},
};

/// An input, as JSON has it. Bytes, addresses and hashes are hexadecimal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputFile {
    /// State before the run.
    #[serde(default)]
    pub state: String,
    /// One for each source of the manifest.
    pub sources: Vec<FileSource>,
}

/// What a source held, as JSON has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FileSource {
    /// Events of a range of blocks.
    Events {
        /// The blocks.
        #[serde(flatten)]
        range: FileRange,
        /// Those that have events.
        blocks: Vec<FileBlock>,
    },
    /// Events of certain transactions.
    TransactionEvents {
        /// The block.
        #[serde(flatten)]
        range: FileRange,
        /// The block again, if there are events.
        blocks: Vec<FileBlock>,
    },
    /// Accounts and slots.
    Storage {
        /// The block.
        #[serde(flatten)]
        range: FileRange,
        /// In the order of the manifest.
        accounts: Vec<FileAccount>,
    },
    /// Transactions.
    Transactions {
        /// The block.
        #[serde(flatten)]
        range: FileRange,
        /// In rising order.
        transactions: Vec<FileTransaction>,
    },
    /// Headers of blocks that may have events.
    Headers {
        /// The blocks.
        #[serde(flatten)]
        range: FileRange,
        /// Those of the blocks that may.
        headers: Vec<FileHeader>,
    },
    /// Fields of the beacon block before a block.
    Beacon {
        /// The block.
        #[serde(flatten)]
        range: FileRange,
        /// Each generalized index and its node, 32 bytes, in the order of the manifest.
        fields: Vec<(u64, String)>,
    },
    /// The state of another zkGraph.
    State {
        /// The zkGraph.
        graph: String,
        /// Its state.
        state: String,
    },
}

/// Blocks of a chain, as JSON has them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileRange {
    /// EIP-155 id of the chain.
    pub chain: u64,
    /// Number of the first block.
    pub first: u64,
    /// Number of the last block.
    pub last: u64,
    /// Hash of the last block.
    pub hash: String,
    /// Time of the last block, in seconds since 1970.
    pub timestamp: u64,
}

/// A block, as JSON has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileBlock {
    /// Number of the block.
    pub number: u64,
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
    /// What is not indexed.
    pub data: String,
}

/// What a header says of its block, as JSON has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FileHeader {
    /// Number of the block.
    pub number: u64,
    /// Its time, in seconds since 1970.
    pub timestamp: u64,
    /// Root of the state after it.
    pub state_root: String,
    /// Root of the trie of its transactions.
    pub transactions_root: String,
    /// Root of the trie of its receipts.
    pub receipts_root: String,
}

/// An account, as JSON has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FileAccount {
    /// Its address.
    pub address: String,
    /// Transactions that it sent.
    pub nonce: u64,
    /// In wei, 32 bytes.
    pub balance: String,
    /// keccak256 of its code.
    pub code_hash: String,
    /// Each slot and what it holds, 32 bytes both.
    pub slots: Vec<(String, String)>,
}

/// A transaction, as JSON has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FileTransaction {
    /// Its index in the block.
    pub index: u64,
    /// Its hash.
    pub hash: String,
    /// Who signed it.
    pub sender: String,
    /// Whom it calls; none if it creates a contract.
    pub to: Option<String>,
    /// Its number among those of the sender.
    pub nonce: u64,
    /// In wei, 32 bytes.
    pub value: String,
    /// Most gas that it may use.
    pub gas_limit: u64,
    /// Data of the call.
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

/// Whether a run on this input may read advice: it has headers.
///
/// # Errors
/// When the bytes are no input.
pub fn is_advised(bytes: &[u8]) -> Result<bool> {
    let input = check(bytes)?;
    let has_headers = |source: &Section| matches!(source, Section::Headers(..));
    Ok(input.sources.iter().any(has_headers))
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
