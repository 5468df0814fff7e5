//! Evidence that is assembled here, before the verifier of the chain.

use alloy_consensus::{Eip658Value, Header, Receipt, ReceiptEnvelope, proofs::calculate_receipt_root};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, B256, Bloom, Bytes, Log};
use weft_ethereum::{
    FetchError,
    evidence::{block_evidence, named},
};
use weft_ethereum_proofs::verify;
use weft_primitives::{H256, Query, SourceBlock, source::Content};

/// A block with as many transactions, of all types, each with one event.
fn block(transactions: usize) -> (Vec<u8>, Vec<Vec<u8>>, H256) {
    let receipts: Vec<ReceiptEnvelope> = (0..transactions).map(receipt).collect();
    let header = Header {
        number: 9,
        logs_bloom: receipts
            .iter()
            .fold(Bloom::ZERO, |bloom, receipt| bloom | *receipt.logs_bloom()),
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
        first: 9,
        number: 9,
        hash,
        transactions,
    }
}

#[test]
fn whole_blocks_of_any_size_are_accepted_by_the_verifier_of_the_chain() {
    let query = Query::Events {
        chain_id: 1337,
        filter: Default::default(),
    };
    for count in [1, 2, 16, 127, 128, 129, 300] {
        let (header, receipts, hash) = block(count);
        let shown = block_evidence(header, Some(receipts)).expect("fits");
        let evidence = Content::Events(vec![shown].try_into().expect("one block"));
        let proved = verify(&source(hash, &[]), &query, &evidence, None).expect("accepted");
        assert_eq!(proved.event_count(), count);
    }
}

#[test]
fn named_transactions_are_accepted_by_the_verifier_of_the_chain() {
    let query = Query::TransactionEvents {
        chain_id: 1337,
        filter: Default::default(),
    };
    let (header, receipts, hash) = block(200);
    let source = source(hash, &[0, 1, 127, 128, 199]);
    let receipts = named(&receipts, &source).expect("they are there").expect("fits");
    assert_eq!(receipts.len(), 5);
    let header = header.try_into().expect("fits");
    let evidence = Content::TransactionEvents { header, receipts };
    let proved = verify(&source, &query, &evidence, None).expect("accepted");
    assert_eq!(proved.event_count(), 5);
}

#[test]
fn a_transaction_that_the_block_does_not_have_is_an_error() {
    let (_, receipts, hash) = block(3);
    let error = named(&receipts, &source(hash, &[3])).expect_err("index 3 of 3");
    assert!(matches!(error, FetchError::NoSuchTransaction { count: 3, .. }));
}

#[test]
fn a_block_with_more_receipts_than_the_chain_takes_does_not_fit() {
    let (header, receipts, _) = block(1);
    let receipts = vec![receipts[0].clone(); 16 * 1024 + 1];
    assert_eq!(block_evidence(header, Some(receipts)), None);
}
