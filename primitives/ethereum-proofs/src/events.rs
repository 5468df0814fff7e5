//! From a block hash to the events of the block that a zkGraph reads.

use alloc::vec::Vec;
use weft_primitives::{
    BlockEvidence, Source, SourceBlock, SourceKind,
    input::{BlockEntry, LogEntry, encode_section},
    keccak256,
    manifest::EventSource,
    source::{MAX_EVIDENCE_BYTES, ReceiptEvidence},
};

use crate::{Header, HeaderError, ReceiptError, TrieError, decode_receipt, receipt_at, receipts_root};

/// Events of a block that the evidence has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvedEvents {
    /// What the statement of the run has to say of this source.
    pub source: Source,
    /// The section of the run's input: [`encode_section`] of `block`.
    pub section: Vec<u8>,
    /// The block and its events that match.
    pub block: BlockEntry,
}

/// Why evidence was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// There are more than [`MAX_EVIDENCE_BYTES`].
    #[error("the evidence has more than {MAX_EVIDENCE_BYTES} bytes")]
    TooLarge,
    /// The block is of another chain than the source.
    #[error("the block is of another chain than the source")]
    WrongChain,
    /// The evidence is for the other kind of source.
    #[error("the evidence is for the other kind of source")]
    WrongKind,
    /// The header cannot be read.
    #[error(transparent)]
    MalformedHeader(#[from] HeaderError),
    /// The header has another hash than the block.
    #[error("the header has another hash than the block")]
    WrongBlockHash,
    /// The header has another number than the block.
    #[error("the header has another number than the block")]
    WrongBlockNumber,
    /// The receipts are not those of the block: one is missing, added, altered or moved.
    #[error("the receipts are not those of the block")]
    WrongReceiptsRoot,
    /// There are more or fewer paths than transactions named.
    #[error("there are more or fewer paths than transactions named")]
    WrongPathCount,
    /// The transactions named do not rise, or there are none.
    #[error("the transactions named do not rise, or there are none")]
    UnorderedTransactions,
    /// Transactions are named for a source that reads whole blocks.
    #[error("transactions are named for a source that reads whole blocks")]
    UnexpectedTransactions,
    /// A path does not show a receipt.
    #[error(transparent)]
    InvalidPath(#[from] TrieError),
    /// A receipt is of a type that is not known here, or cannot be read.
    #[error(transparent)]
    InvalidReceipt(#[from] ReceiptError),
}

/// The events of `block` that `wanted` reads, as `evidence` shows them.
///
/// For [`SourceKind::Blocks`] no matching event of the block is missing; for [`SourceKind::Transactions`] none
/// of the named
/// transactions. The cost is linear in the bytes of evidence.
pub fn verify_events(
    block: &SourceBlock,
    wanted: &EventSource,
    evidence: &BlockEvidence,
) -> Result<ProvedEvents, EvidenceError> {
    if evidence.byte_count() > MAX_EVIDENCE_BYTES as usize {
        return Err(EvidenceError::TooLarge);
    }
    if block.chain_id != wanted.chain_id {
        return Err(EvidenceError::WrongChain);
    }
    check_transactions(block, wanted.kind)?;

    let header = Header::decode(&evidence.header)?;
    if header.hash != block.hash {
        return Err(EvidenceError::WrongBlockHash);
    }
    if header.number != block.number {
        return Err(EvidenceError::WrongBlockNumber);
    }

    let mut logs = Vec::new();
    match (wanted.kind, &evidence.receipts) {
        (SourceKind::Blocks, ReceiptEvidence::All(receipts)) => {
            if receipts_root(receipts) != header.receipts_root {
                return Err(EvidenceError::WrongReceiptsRoot);
            }
            for (index, receipt) in receipts.iter().enumerate() {
                collect(&mut logs, wanted, index as u64, receipt)?;
            }
        }
        (SourceKind::Transactions, ReceiptEvidence::Paths(paths)) => {
            if paths.len() != block.transactions.len() {
                return Err(EvidenceError::WrongPathCount);
            }
            for (index, nodes) in block.transactions.iter().zip(paths) {
                let receipt = receipt_at(header.receipts_root, *index, nodes)?;
                collect(&mut logs, wanted, u64::from(*index), &receipt)?;
            }
        }
        _ => return Err(EvidenceError::WrongKind),
    }

    let entry = BlockEntry {
        chain_id: block.chain_id,
        number: header.number,
        hash: header.hash,
        timestamp: header.timestamp,
        logs,
    };
    let section = encode_section(&entry);
    let source = Source {
        kind: wanted.kind,
        chain_id: block.chain_id,
        first_block: header.number,
        last_block: header.number,
        block_hash: header.hash,
        filter: wanted.filter(block),
        root: keccak256(&section),
    };
    Ok(ProvedEvents {
        source,
        section,
        block: entry,
    })
}

/// Whether `block` names transactions as a source of this kind needs them. The offer of a run is checked by this too.
pub fn check_transactions(block: &SourceBlock, kind: SourceKind) -> Result<(), EvidenceError> {
    match kind {
        SourceKind::Blocks if !block.transactions.is_empty() => Err(EvidenceError::UnexpectedTransactions),
        SourceKind::Transactions
            if block.transactions.is_empty() || !block.transactions.is_sorted_by(|a, b| a < b) =>
        {
            Err(EvidenceError::UnorderedTransactions)
        }
        _ => Ok(()),
    }
}

/// Adds the events of one receipt that match.
fn collect(
    logs: &mut Vec<LogEntry>,
    wanted: &EventSource,
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
        if wanted.matches(&entry) {
            logs.push(entry);
        }
    }
    Ok(())
}
