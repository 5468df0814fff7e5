//! Why evidence is refused.

use weft_primitives::source::{MAX_EVIDENCE_BYTES, MAX_RECEIPT_BYTES};

use crate::{HeaderError, ReceiptError, StateError, TransactionError, TrieError};

/// Why evidence was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// There are more than [`MAX_EVIDENCE_BYTES`]; than [`MAX_RECEIPT_BYTES`] for events of named transactions.
    #[error(
        "the evidence has more than {MAX_EVIDENCE_BYTES} bytes, or {MAX_RECEIPT_BYTES} for events of named transactions"
    )]
    TooLarge,
    /// The block is of another chain than the query.
    #[error("the block is of another chain than the source")]
    WrongChain,
    /// The first block comes after the last, there are too many, or several where the query reads one.
    #[error("the range of blocks is none that the source can read")]
    WrongRange,
    /// The transactions named do not rise, there are none, or too many.
    #[error("the transactions named do not rise, there are none, or too many")]
    UnorderedTransactions,
    /// Transactions are named for a source that reads none by name.
    #[error("transactions are named for a source that reads none by name")]
    UnexpectedTransactions,
    /// The evidence is for another kind of source.
    #[error("the evidence is for another kind of source")]
    WrongKind,
    /// A header cannot be read.
    #[error(transparent)]
    MalformedHeader(#[from] HeaderError),
    /// The last header has another hash than the block.
    #[error("the header has another hash than the block")]
    WrongBlockHash,
    /// A header has another number than the block.
    #[error("the header has another number than the block")]
    WrongBlockNumber,
    /// The headers are not those of the range, each the parent of the next.
    #[error("the headers are not those of the range, each the parent of the next")]
    BrokenRange,
    /// The receipts are not those of the block: one is missing, added, altered or moved.
    #[error("the receipts are not those of the block")]
    WrongReceiptsRoot,
    /// A block comes without receipts, and its bloom filter does not exclude the events that are read.
    #[error("a block comes without receipts, and may have events that are read")]
    BloomMatches,
    /// A block comes with receipts, and its bloom filter excludes the events that are read: with what is not needed a run would look
    /// longer than it is.
    #[error("a block comes with receipts that its bloom filter makes needless")]
    UnneededReceipts,
    /// There are more or fewer paths than what is read.
    #[error("there are more or fewer paths than what is read")]
    WrongPathCount,
    /// A path does not show a receipt or transaction.
    #[error(transparent)]
    InvalidPath(#[from] TrieError),
    /// A receipt is of a type that is not known here, or cannot be read.
    #[error(transparent)]
    InvalidReceipt(#[from] ReceiptError),
    /// A transaction is of a type that is not known here, or cannot be read.
    #[error(transparent)]
    InvalidTransaction(#[from] TransactionError),
    /// A path does not show an account or slot.
    #[error(transparent)]
    InvalidState(#[from] StateError),
    /// The header names no beacon block, or another than the one shown.
    #[error("the header names no beacon block, or another than the one shown")]
    WrongBeaconBlock,
    /// No beacon chain is known that the block belongs to.
    #[error("no beacon chain is known that the block belongs to")]
    NoBeaconChain,
    /// The beacon block is of another fork than the query, whose fields are elsewhere.
    #[error("the beacon block is of another fork than the query")]
    OtherFork,
    /// A branch does not lead from a field to the beacon block.
    #[error("a branch does not lead from a field to the beacon block")]
    WrongField,
    /// The state of a zkGraph is not the one with the digest offered.
    #[error("the state is not the one of the offer")]
    WrongState,
}
