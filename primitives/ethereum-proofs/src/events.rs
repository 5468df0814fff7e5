//! Events of blocks and of transactions.

use alloc::vec::Vec;
use alloy_primitives::{Bloom, BloomInput};
use weft_primitives::{
    SourceBlock,
    input::{BlockEntry, LogEntry},
    query::EventFilter,
    source::{BlockEvidence, TriePaths},
};

use crate::{EvidenceError, Header, ReceiptError, decode_receipt, item_at, items_root};

/// Whether a block with this bloom filter can have no event that `filter` asks for.
pub fn bloom_excludes(bloom: &[u8; 256], filter: &EventFilter) -> bool {
    let bloom = Bloom::from(*bloom);
    let has = |bytes: &[u8]| bloom.contains_input(BloomInput::Raw(bytes));
    let no_address =
        !filter.addresses.is_empty() && !filter.addresses.iter().any(|address| has(address.as_bytes()));
    no_address
        || filter
            .topics
            .iter()
            .any(|any_of| !any_of.is_empty() && !any_of.iter().any(|topic| has(topic.as_bytes())))
}

/// The last header of a range, and its blocks with matching events.
pub(crate) fn of_range(
    block: &SourceBlock,
    filter: &EventFilter,
    evidence: &[BlockEvidence],
) -> Result<(Header, Vec<BlockEntry>), EvidenceError> {
    let mut entries = Vec::new();
    let mut last: Option<Header> = None;
    for (number, shown) in (block.first..=block.number).zip(evidence) {
        let header = Header::decode(&shown.header)?;
        if header.number != number {
            return Err(EvidenceError::WrongBlockNumber);
        }
        if last.is_some_and(|parent| parent.hash != header.parent_hash) {
            return Err(EvidenceError::BrokenRange);
        }
        let logs = of_block(&header, filter, shown)?;
        if !logs.is_empty() {
            entries.push(BlockEntry {
                number,
                timestamp: header.timestamp,
                logs,
            });
        }
        last = Some(header);
    }
    let last = last.ok_or(EvidenceError::BrokenRange)?;
    // One header for each number: the last one shown is the last of the range.
    if last.number != block.number || (block.number - block.first) != evidence.len() as u64 - 1 {
        return Err(EvidenceError::BrokenRange);
    }
    if last.hash != block.hash {
        return Err(EvidenceError::WrongBlockHash);
    }
    Ok((last, entries))
}

fn of_block(
    header: &Header,
    filter: &EventFilter,
    shown: &BlockEvidence,
) -> Result<Vec<LogEntry>, EvidenceError> {
    let mut logs = Vec::new();
    match &shown.receipts {
        Some(receipts) => {
            if items_root(receipts) != header.receipts_root {
                return Err(EvidenceError::WrongReceiptsRoot);
            }
            for (index, receipt) in receipts.iter().enumerate() {
                collect(&mut logs, filter, index as u64, receipt)?;
            }
        }
        None if bloom_excludes(&header.bloom, filter) => {}
        None => return Err(EvidenceError::BloomMatches),
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
