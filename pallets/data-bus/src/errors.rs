//! The error of each refusal.

use weft_ethereum_proofs::{AncestryError, EvidenceError, ReceiptError, TransactionError};
use weft_light_client::UpdateError;

use crate::Error;

impl<T> From<UpdateError> for Error<T> {
    fn from(error: UpdateError) -> Self {
        match error {
            UpdateError::CommitteeSize => Self::WrongCommitteeSize,
            UpdateError::Participation => Self::TooFewSigners,
            UpdateError::UnorderedSlots => Self::UnorderedSlots,
            UpdateError::FutureSlot => Self::FutureSlot,
            UpdateError::UnknownFork => Self::UnknownFork,
            UpdateError::UnknownPeriod => Self::UnknownPeriod,
            UpdateError::Irrelevant => Self::IrrelevantUpdate,
            UpdateError::FinalityBranch => Self::InvalidFinalityBranch,
            UpdateError::NextCommitteeBranch => Self::InvalidNextCommitteeBranch,
            UpdateError::NextCommittee => Self::WrongNextCommittee,
            UpdateError::CommitteeBranch => Self::InvalidCommitteeBranch,
            UpdateError::ExecutionPresence => Self::WrongExecutionPresence,
            UpdateError::MalformedExecutionHeader => Self::MalformedExecutionHeader,
            UpdateError::ExecutionBranch => Self::InvalidExecutionBranch,
            UpdateError::Signature => Self::InvalidSignature,
            UpdateError::MalformedKey => Self::MalformedCommitteeKey,
        }
    }
}

impl<T> From<EvidenceError> for Error<T> {
    fn from(error: EvidenceError) -> Self {
        match error {
            EvidenceError::TooLarge => Self::EvidenceTooLarge,
            EvidenceError::WrongChain => Self::WrongChain,
            EvidenceError::WrongRange => Self::WrongRange,
            EvidenceError::WrongKind => Self::WrongEvidenceKind,
            EvidenceError::MalformedHeader(_) => Self::MalformedHeader,
            EvidenceError::WrongBlockHash => Self::WrongBlockHash,
            EvidenceError::WrongBlockNumber => Self::WrongBlockNumber,
            EvidenceError::BrokenRange => Self::BrokenRange,
            EvidenceError::WrongReceiptsRoot => Self::WrongReceiptsRoot,
            EvidenceError::BloomMatches => Self::BloomMatches,
            EvidenceError::UnneededReceipts => Self::UnneededReceipts,
            EvidenceError::WrongPathCount => Self::WrongPathCount,
            EvidenceError::UnorderedTransactions => Self::UnorderedTransactions,
            EvidenceError::UnexpectedTransactions => Self::UnexpectedTransactions,
            EvidenceError::InvalidPath(_) => Self::InvalidPath,
            EvidenceError::InvalidReceipt(ReceiptError::UnknownType(_)) => Self::UnknownReceiptType,
            EvidenceError::InvalidReceipt(ReceiptError::Malformed) => Self::MalformedReceipt,
            EvidenceError::InvalidTransaction(TransactionError::UnknownType(_)) => {
                Self::UnknownTransactionType
            }
            EvidenceError::InvalidTransaction(TransactionError::Malformed) => Self::MalformedTransaction,
            EvidenceError::InvalidTransaction(TransactionError::InvalidSignature) => {
                Self::InvalidTransactionSignature
            }
            EvidenceError::InvalidState(_) => Self::InvalidStateProof,
            EvidenceError::WrongState => Self::WrongState,
            EvidenceError::WrongBeaconBlock => Self::WrongBeaconBlock,
            EvidenceError::NoBeaconChain => Self::NoBeaconChain,
            EvidenceError::OtherFork => Self::OtherBeaconFork,
            EvidenceError::WrongField => Self::InvalidBeaconField,
        }
    }
}

impl<T> From<AncestryError> for Error<T> {
    fn from(error: AncestryError) -> Self {
        match error {
            AncestryError::TooLarge => Self::AncestryTooLarge,
            AncestryError::MalformedHeader(_) => Self::MalformedAncestor,
            AncestryError::Broken => Self::BrokenAncestry,
            AncestryError::History(_) => Self::InvalidHistory,
            AncestryError::Beacon(_) | AncestryError::MisplacedBeacon => Self::InvalidBeaconHistory,
            AncestryError::OtherBlock => Self::AncestryOfOtherBlock,
        }
    }
}
