//! Blocks of Ethereum with the receipts of gateways, made up to test and to measure with.

use alloc::{vec, vec::Vec};
use weft_ethereum_proofs::{items_root, prove_items, synthetic};
use weft_primitives::{
    BoundedVec, GatewayId, H160, H256, SourceBlock, input::LogEntry, keccak256, source::Content,
};

use crate::ReceiptEvidence;

/// The number of the block.
const NUMBER: u64 = 100;

/// A log.
pub(crate) fn log(address: H160, topics: Vec<H256>, data: Vec<u8>) -> LogEntry {
    LogEntry {
        address,
        transaction_index: 0,
        log_index: 0,
        topics,
        data,
    }
}

/// The word of a number.
pub(crate) fn word(number: u64) -> H256 {
    let mut word = H256::zero();
    word.0[24..].copy_from_slice(&number.to_be_bytes());
    word
}

/// The log of `Delivered(nonce, relayer)`.
pub(crate) fn delivered(gateway: GatewayId, nonce: u64, relayer: [u8; 32]) -> LogEntry {
    let topic = keccak256(b"Delivered(uint64,bytes32)");
    log(gateway.address, vec![topic, word(nonce), H256(relayer)], vec![])
}

/// What shows the receipts of the last of these transactions, each with these logs.
pub(crate) fn evidence(chain_id: u64, transactions: &[Vec<LogEntry>]) -> ReceiptEvidence {
    let receipts: Vec<Vec<u8>> = transactions.iter().map(|logs| synthetic::receipt(logs)).collect();
    let last = receipts.len() as u32 - 1;
    let header = synthetic::header(H256::zero(), NUMBER, items_root(&receipts), 0);
    let paths = prove_items(&receipts, &[last]).unwrap_or_default();
    let nodes = |path: Vec<Vec<u8>>| {
        path.into_iter()
            .map(BoundedVec::truncate_from)
            .collect::<Vec<_>>()
    };
    let paths: Vec<_> = paths
        .into_iter()
        .map(|path| BoundedVec::truncate_from(nodes(path)))
        .collect();
    ReceiptEvidence {
        block: SourceBlock {
            chain_id,
            first: NUMBER,
            number: NUMBER,
            hash: keccak256(&header),
            transactions: BoundedVec::truncate_from(vec![last]),
        },
        ancestry: Default::default(),
        receipts: Content::TransactionEvents {
            header: BoundedVec::truncate_from(header),
            receipts: BoundedVec::truncate_from(paths),
        },
    }
}
