//! Transactions of a block.

use alloc::vec::Vec;
use alloy_consensus::{EthereumTxEnvelope, Transaction, TxEip4844, transaction::SignerRecoverable};
use alloy_eips::eip2718::Decodable2718;
use weft_primitives::{
    H160, H256,
    input::TransactionEntry,
    source::{TriePath, TriePaths},
};

use crate::{EvidenceError, Header, item_at};

/// Why bytes are not a transaction that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransactionError {
    /// The type of transaction is not known here.
    #[error("unknown transaction type {0}")]
    UnknownType(u8),
    /// Not the encoding of a transaction.
    #[error("not a transaction")]
    Malformed,
    /// No account can have made the signature.
    #[error("the signature of a transaction is none")]
    InvalidSignature,
}

/// The transaction with this index that `bytes` encode (EIP-2718, types 0 to 4), and who signed it.
///
/// # Errors
/// When they encode none, or one of another type.
pub fn decode_transaction(index: u64, bytes: &[u8]) -> Result<TransactionEntry, TransactionError> {
    // A list has no type; every other first byte is one.
    match bytes.first() {
        Some(kind @ (0 | 5..0xc0)) => return Err(TransactionError::UnknownType(*kind)),
        Some(_) => {}
        None => return Err(TransactionError::Malformed),
    }
    let rest = &mut &bytes[..];
    let transaction =
        EthereumTxEnvelope::<TxEip4844>::decode_2718(rest).map_err(|_| TransactionError::Malformed)?;
    if !rest.is_empty() {
        return Err(TransactionError::Malformed);
    }
    let sender = transaction
        .recover_signer()
        .map_err(|_| TransactionError::InvalidSignature)?;
    Ok(TransactionEntry {
        index,
        hash: H256(alloy_primitives::keccak256(bytes).0),
        sender: H160(sender.into_array()),
        to: transaction.to().map(|to| H160(to.into_array())),
        nonce: transaction.nonce(),
        value: H256(transaction.value().to_be_bytes()),
        gas_limit: transaction.gas_limit(),
        data: transaction.input().to_vec(),
    })
}

/// The transactions that an offer names.
pub(crate) fn of_block(
    header: &Header,
    transactions: &[u32],
    paths: &TriePaths,
) -> Result<Vec<TransactionEntry>, EvidenceError> {
    if paths.len() != transactions.len() {
        return Err(EvidenceError::WrongPathCount);
    }
    let entry = |(index, nodes): (&u32, &TriePath)| {
        let bytes = item_at(header.transactions_root, *index, nodes)?;
        Ok(decode_transaction(u64::from(*index), &bytes)?)
    };
    transactions.iter().zip(paths).map(entry).collect()
}
