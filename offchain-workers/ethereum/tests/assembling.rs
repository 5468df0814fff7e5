//! Evidence that is assembled here, before the verifier of the chain.

use alloy_consensus::{Eip658Value, Header, Receipt, ReceiptEnvelope, proofs::calculate_receipt_root};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, B256, Bytes, Log};
use weft_ethereum::{FetchError, evidence::assemble};
use weft_ethereum_proofs::verify_events;
use weft_primitives::{H256, SourceBlock, SourceKind, manifest::EventSource, source::ReceiptEvidence};

/// A block with as many transactions, of all types, each with one event.
fn block(transactions: usize) -> (Vec<u8>, Vec<Vec<u8>>, H256) {
    let receipts: Vec<ReceiptEnvelope> = (0..transactions).map(receipt).collect();
    let header = Header {
        number: 9,
        receipts_root: calculate_receipt_root(&receipts),
        ..Header::default()
    };
    let encoded = receipts.iter().map(Encodable2718::encoded_2718).collect();
    (alloy_rlp::encode(&header), encoded, H256(header.hash_slow().0))
}

fn receipt(index: usize) -> ReceiptEnvelope {
    let log = Log::new(
        Address::repeat_byte(1),
        vec![B256::repeat_byte(2)],
        Bytes::from(vec![index as u8]),
    );
    let receipt = Receipt {
        status: Eip658Value::Eip658(true),
        cumulative_gas_used: 21_000 * (index as u64 + 1),
        logs: vec![log.expect("one topic")],
    };
    match index % 5 {
        0 => ReceiptEnvelope::Legacy(receipt.with_bloom()),
        1 => ReceiptEnvelope::Eip2930(receipt.with_bloom()),
        2 => ReceiptEnvelope::Eip1559(receipt.with_bloom()),
        3 => ReceiptEnvelope::Eip4844(receipt.with_bloom()),
        _ => ReceiptEnvelope::Eip7702(receipt.with_bloom()),
    }
}

fn source(hash: H256, transactions: &[u32]) -> SourceBlock {
    let transactions = transactions.to_vec().try_into().expect("few");
    SourceBlock {
        chain_id: 1337,
        number: 9,
        hash,
        transactions,
    }
}

fn wanted(kind: SourceKind) -> EventSource {
    EventSource {
        chain_id: 1337,
        kind,
        addresses: Default::default(),
        topics: Default::default(),
    }
}

#[test]
fn whole_blocks_of_any_size_are_accepted_by_the_verifier_of_the_chain() {
    for count in [1, 2, 16, 127, 128, 129, 300] {
        let (header, receipts, hash) = block(count);
        let source = source(hash, &[]);
        let evidence = assemble(header, receipts, &source, SourceKind::Blocks)
            .expect("assembles")
            .expect("fits");
        let proved = verify_events(&source, &wanted(SourceKind::Blocks), &evidence).expect("accepted");
        assert_eq!(proved.block.logs.len(), count);
    }
}

#[test]
fn named_transactions_are_accepted_by_the_verifier_of_the_chain() {
    let (header, receipts, hash) = block(200);
    let source = source(hash, &[0, 1, 127, 128, 199]);
    let kind = SourceKind::Transactions;
    let evidence = assemble(header, receipts, &source, kind)
        .expect("assembles")
        .expect("fits");
    assert!(matches!(&evidence.receipts, ReceiptEvidence::Paths(paths) if paths.len() == 5));
    let proved = verify_events(&source, &wanted(kind), &evidence).expect("accepted");
    let indices: Vec<u64> = proved
        .block
        .logs
        .iter()
        .map(|log| log.transaction_index)
        .collect();
    assert_eq!(indices, [0, 1, 127, 128, 199]);
}

#[test]
fn a_transaction_that_the_block_does_not_have_is_an_error() {
    let (header, receipts, hash) = block(3);
    let error =
        assemble(header, receipts, &source(hash, &[3]), SourceKind::Transactions).expect_err("index 3 of 3");
    assert!(matches!(error, FetchError::NoSuchTransaction { count: 3, .. }));
}

#[test]
fn a_block_with_more_receipts_than_the_chain_takes_does_not_fit() {
    let (header, receipts, hash) = block(1);
    let receipts = vec![receipts[0].clone(); 4097];
    let evidence = assemble(header, receipts, &source(hash, &[]), SourceKind::Blocks).expect("assembles");
    assert_eq!(evidence, None);
}
