//! A block of Ethereum with two receipts, made with alloy-consensus.

use alloy_consensus::{Eip658Value, Header, Receipt, ReceiptEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, B256, Bloom, Bytes, Log};
use weft_primitives::{
    H160, H256, SourceBlock,
    source::{BlockEvidence, Content, EvidenceBytes},
};

use crate::mock::CHAIN;

/// The contract that the zkGraphs read.
pub(crate) const TOKEN: H160 = H160::repeat_byte(0x70);

fn log(address: H160, data: u8) -> Log {
    let topics = vec![B256::repeat_byte(0xdd)];
    Log::new(Address::from(address.0), topics, Bytes::from(vec![data; 32])).unwrap()
}

/// Receipts in EIP-2718 encoding: one of the token, one of another contract.
pub(crate) fn receipts() -> Vec<Vec<u8>> {
    let receipt = |log: Log, gas| {
        Receipt {
            status: Eip658Value::Eip658(true),
            cumulative_gas_used: gas,
            logs: vec![log],
        }
        .with_bloom()
    };
    let envelopes = [
        ReceiptEnvelope::Eip1559(receipt(log(TOKEN, 1), 21_000)),
        ReceiptEnvelope::Legacy(receipt(log(H160::repeat_byte(9), 2), 42_000)),
    ];
    envelopes.iter().map(Encodable2718::encoded_2718).collect()
}

fn header() -> Header {
    let mut logs_bloom = Bloom::ZERO;
    for log in [log(TOKEN, 1), log(H160::repeat_byte(9), 2)] {
        logs_bloom.accrue_log(&log);
    }
    Header {
        number: 100,
        logs_bloom,
        timestamp: 1_700_000_000,
        receipts_root: B256::from(weft_ethereum_proofs::items_root(&receipts()).0),
        ..Default::default()
    }
}

/// The block, as an offer names it.
pub(crate) fn source_block() -> SourceBlock {
    SourceBlock {
        chain_id: CHAIN,
        first: 100,
        number: 100,
        hash: H256(header().hash_slow().0),
        transactions: Default::default(),
    }
}

/// The evidence for the block, for those who read something that its bloom excludes.
pub(crate) fn without_receipts() -> Content {
    let block = BlockEvidence {
        header: alloy_rlp::encode(header()).try_into().unwrap(),
        receipts: None,
    };
    Content::Events(vec![block].try_into().unwrap())
}

/// The evidence for the block.
pub(crate) fn evidence() -> Content {
    let receipts: Vec<EvidenceBytes> = receipts()
        .into_iter()
        .map(|receipt| receipt.try_into().unwrap())
        .collect();
    let block = BlockEvidence {
        header: alloy_rlp::encode(header()).try_into().unwrap(),
        receipts: Some(receipts.try_into().unwrap()),
    };
    Content::Events(vec![block].try_into().unwrap())
}

/// RLP of a header whose parent is the block.
pub(crate) fn child() -> Vec<u8> {
    alloy_rlp::encode(Header {
        number: 101,
        parent_hash: header().hash_slow(),
        ..Default::default()
    })
}
