//! Events of blocks and of transactions.

use alloc::vec::Vec;
use alloy_primitives::{Bloom, BloomInput};
use weft_primitives::{
    SourceBlock,
    input::{BlockEntry, HeaderEntry, LogEntry},
    query::EventFilter,
    source::{BlockEvidence, HeaderBytes, TriePaths},
};

use crate::{EvidenceError, Header, ReceiptError, decode_receipt, item_at, items_root};

/// What the bloom filter of a block needs to have so that the block can have an event that is read. Made once for a filter.
///
/// Right only while the header's field 6 is the bloom of all its receipts (Yellow Paper, 4.3.1). Who adds a fork to the light client makes sure
/// of that; EIP-7745 would change it.
pub struct BloomFilter {
    /// One of these, unless there are none; and so for each topic.
    any_of: Vec<Vec<Bloom>>,
}

impl BloomFilter {
    /// For the events of `filter`.
    pub fn new(filter: &EventFilter) -> Self {
        let bloom = |bytes: &[u8]| Bloom::from(BloomInput::Raw(bytes));
        let addresses = filter.addresses.iter().map(|address| bloom(address.as_bytes()));
        let topics = filter
            .topics
            .iter()
            .map(|any_of| any_of.iter().map(|topic| bloom(topic.as_bytes())).collect());
        Self {
            any_of: core::iter::once(addresses.collect()).chain(topics).collect(),
        }
    }

    /// Whether a block with this bloom can have no such event.
    pub fn excludes(&self, bloom: &[u8; 256]) -> bool {
        let bloom = Bloom::from(*bloom);
        let missing =
            |any_of: &Vec<Bloom>| !any_of.is_empty() && !any_of.iter().any(|one| bloom.contains(one));
        self.any_of.iter().any(missing)
    }
}

/// The last header of a range, and its blocks with matching events.
pub(crate) fn of_range(
    block: &SourceBlock,
    filter: &EventFilter,
    evidence: &[BlockEvidence],
) -> Result<(Header, Vec<BlockEntry>), EvidenceError> {
    let headers = headers(block, evidence.iter().map(|shown| &shown.header))?;
    let last = *headers.last().ok_or(EvidenceError::BrokenRange)?;
    let bloom = BloomFilter::new(filter);
    let mut entries = Vec::new();
    for (header, shown) in headers.iter().zip(evidence) {
        let logs = of_block(header, filter, &bloom, shown)?;
        if !logs.is_empty() {
            entries.push(BlockEntry {
                number: header.number,
                timestamp: header.timestamp,
                logs,
            });
        }
    }
    Ok((last, entries))
}

/// The last header of a range, and what the headers say of those of its blocks that may have matching events.
pub(crate) fn headers_of_range(
    block: &SourceBlock,
    filter: &EventFilter,
    evidence: &[HeaderBytes],
) -> Result<(Header, Vec<HeaderEntry>), EvidenceError> {
    let headers = headers(block, evidence.iter())?;
    let last = *headers.last().ok_or(EvidenceError::BrokenRange)?;
    let bloom = BloomFilter::new(filter);
    let entries = headers
        .iter()
        .filter(|header| !bloom.excludes(&header.bloom))
        .map(|header| HeaderEntry {
            number: header.number,
            timestamp: header.timestamp,
            state_root: header.state_root,
            transactions_root: header.transactions_root,
            receipts_root: header.receipts_root,
        });
    Ok((last, entries.collect()))
}

/// The headers of a range: one for each number, each the parent of the next, the last with the hash of the block. First of all, so that
/// everything after is of the chain that the block ends.
fn headers<'a>(
    block: &SourceBlock,
    evidence: impl ExactSizeIterator<Item = &'a HeaderBytes>,
) -> Result<Vec<Header>, EvidenceError> {
    let shown = evidence.len();
    let mut headers: Vec<Header> = Vec::new();
    for (number, bytes) in (block.first..=block.number).zip(evidence) {
        let header = Header::decode(bytes)?;
        if header.number != number {
            return Err(EvidenceError::WrongBlockNumber);
        }
        if headers
            .last()
            .is_some_and(|parent| parent.hash != header.parent_hash)
        {
            return Err(EvidenceError::BrokenRange);
        }
        headers.push(header);
    }
    let last = headers.last().ok_or(EvidenceError::BrokenRange)?;
    if last.number != block.number || headers.len() != shown {
        return Err(EvidenceError::BrokenRange);
    }
    if last.hash != block.hash {
        return Err(EvidenceError::WrongBlockHash);
    }
    Ok(headers)
}

fn of_block(
    header: &Header,
    filter: &EventFilter,
    bloom: &BloomFilter,
    shown: &BlockEvidence,
) -> Result<Vec<LogEntry>, EvidenceError> {
    let mut logs = Vec::new();
    match (&shown.receipts, bloom.excludes(&header.bloom)) {
        (Some(receipts), false) => {
            if items_root(receipts) != header.receipts_root {
                return Err(EvidenceError::WrongReceiptsRoot);
            }
            for (index, receipt) in receipts.iter().enumerate() {
                collect(&mut logs, filter, index as u64, receipt)?;
            }
        }
        (None, true) => {}
        (None, false) => return Err(EvidenceError::BloomMatches),
        (Some(_), true) => return Err(EvidenceError::UnneededReceipts),
    }
    Ok(logs)
}

/// The matching events of the transactions that an offer names, as an entry for their block if there are any.
pub(crate) fn of_transactions(
    header: &Header,
    transactions: &[u32],
    filter: &EventFilter,
    paths: &TriePaths,
) -> Result<Vec<BlockEntry>, EvidenceError> {
    if paths.len() != transactions.len() {
        return Err(EvidenceError::WrongPathCount);
    }
    let mut logs = Vec::new();
    for (index, nodes) in transactions.iter().zip(paths) {
        let receipt = item_at(header.receipts_root, *index, nodes)?;
        collect(&mut logs, filter, u64::from(*index), &receipt)?;
    }
    let entry = BlockEntry {
        number: header.number,
        timestamp: header.timestamp,
        logs,
    };
    Ok(Some(entry)
        .filter(|entry| !entry.logs.is_empty())
        .into_iter()
        .collect())
}

/// Adds the events of one receipt that match.
fn collect(
    logs: &mut Vec<LogEntry>,
    filter: &EventFilter,
    transaction_index: u64,
    receipt: &[u8],
) -> Result<(), ReceiptError> {
    for (log_index, log) in decode_receipt(receipt)?.into_iter().enumerate() {
        let entry = LogEntry {
            address: log.address,
            transaction_index,
            log_index: log_index as u64,
            topics: log.topics,
            data: log.data,
        };
        if filter.matches(&entry) {
            logs.push(entry);
        }
    }
    Ok(())
}
