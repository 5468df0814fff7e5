//! Transaction receipts, EIP-2718.

use alloc::vec::Vec;
use weft_primitives::{H160, H256, input::MAX_TOPICS};

use crate::rlp::{Items, NotRlp};

/// The highest type of transaction known: 1 access list, 2 dynamic fee, 3 blob, 4 set code.
const LAST_TYPE: u8 = 4;
/// Receipts without a type byte are lists, which start here.
const FIRST_LIST_BYTE: u8 = 0xc0;
/// Bytes of a bloom filter.
const BLOOM_BYTES: usize = 256;
/// Most bytes of a receipt's first field: a status, or a state root in receipts before Byzantium.
const STATUS_BYTES: usize = 32;

/// A log in a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptLog {
    /// The contract that emitted it.
    pub address: H160,
    /// At most four.
    pub topics: Vec<H256>,
    /// What is not indexed.
    pub data: Vec<u8>,
}

/// Why bytes are not a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// The type of transaction is not known here. Its receipt may look otherwise, so it cannot be read nor
    /// passed over.
    #[error("unknown receipt type {0}")]
    UnknownType(u8),
    /// Not the RLP of a receipt.
    #[error("not a receipt")]
    Malformed,
}

impl From<NotRlp> for ReceiptError {
    fn from(_: NotRlp) -> Self {
        Self::Malformed
    }
}

/// The logs of the receipt that `bytes` are, in order.
pub fn decode_receipt(bytes: &[u8]) -> Result<Vec<ReceiptLog>, ReceiptError> {
    let list = match bytes.split_first() {
        Some((&first, _)) if first >= FIRST_LIST_BYTE => bytes,
        Some((1..=LAST_TYPE, list)) => list,
        Some((&first, _)) => return Err(ReceiptError::UnknownType(first)),
        None => return Err(ReceiptError::Malformed),
    };
    let mut fields = Items::of_list(list)?;
    if fields.string()?.len() > STATUS_BYTES {
        return Err(ReceiptError::Malformed);
    }
    fields.integer()?; // Gas used so far in the block.
    fields.array::<BLOOM_BYTES>()?;
    let mut entries = fields.list()?;
    if !fields.is_empty() {
        return Err(ReceiptError::Malformed);
    }
    let mut logs = Vec::new();
    while !entries.is_empty() {
        logs.push(decode_log(entries.list()?)?);
    }
    Ok(logs)
}

fn decode_log(mut fields: Items<'_>) -> Result<ReceiptLog, ReceiptError> {
    let address = H160(fields.array()?);
    let mut items = fields.list()?;
    let mut topics = Vec::new();
    while !items.is_empty() {
        if topics.len() == MAX_TOPICS {
            return Err(ReceiptError::Malformed);
        }
        topics.push(H256(items.array()?));
    }
    let data = fields.string()?.to_vec();
    if !fields.is_empty() {
        return Err(ReceiptError::Malformed);
    }
    Ok(ReceiptLog {
        address,
        topics,
        data,
    })
}
