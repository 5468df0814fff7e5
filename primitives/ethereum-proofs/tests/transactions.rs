//! Sources that read transactions, and the state of other zkGraphs.

mod chain;

use alloy_consensus::{
    SignableTransaction, TxEip1559, TxEip2930, TxEip4844, TxEip7702, TxEnvelope, TxLegacy,
    transaction::SignerRecoverable,
};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, B256, Bytes, Signature, TxKind, U256};
use chain::{Block, trie_paths, verify};
use proptest::prelude::*;
use weft_ethereum_proofs::{
    EvidenceError, TransactionError, TrieError, decode_transaction, items_root, prove_items,
};
use weft_primitives::{H160, H256, Query, SourceBlock, input::Section, source::Content, state_root};

/// A signature that somebody can have made: r is a point's coordinate, s is low.
fn signature(seed: u8) -> Signature {
    let r = U256::from_be_bytes(alloy_primitives::keccak256([seed]).0) >> 8;
    let s = U256::from(seed) + U256::ONE;
    Signature::new(r, s, seed.is_multiple_of(2))
}

/// A transaction of each type, signed; seeds whose signature is nobody's are passed over.
fn transactions() -> Vec<TxEnvelope> {
    let to = Address::repeat_byte(7);
    let input = Bytes::from(vec![1, 2, 3]);
    let value = U256::from_limbs([0, 0, 0, 1]);
    let make = |index: u64, signature: Signature| -> TxEnvelope {
        match index {
            0 => TxLegacy {
                chain_id: Some(1),
                nonce: 5,
                gas_limit: 21_000,
                to: TxKind::Call(to),
                value,
                input: input.clone(),
                ..Default::default()
            }
            .into_signed(signature)
            .into(),
            1 => TxEip2930 {
                to: TxKind::Create,
                input: input.clone(),
                ..Default::default()
            }
            .into_signed(signature)
            .into(),
            2 => TxEip1559 {
                nonce: 9,
                to: TxKind::Call(to),
                ..Default::default()
            }
            .into_signed(signature)
            .into(),
            3 => TxEnvelope::Eip4844(
                TxEip4844 {
                    to,
                    blob_versioned_hashes: vec![B256::repeat_byte(1)],
                    ..Default::default()
                }
                .into_signed(signature)
                .convert(),
            ),
            4 => TxEip7702 {
                to,
                ..Default::default()
            }
            .into_signed(signature)
            .into(),
            _ => TxLegacy::default().into_signed(signature).into(),
        }
    };
    (0..6)
        .map(|index| {
            (0..=255)
                .map(|seed| make(index, signature(seed)))
                .find(|transaction| transaction.recover_signer().is_ok())
                .unwrap()
        })
        .collect()
}

fn block(transactions: &[Vec<u8>]) -> Block {
    let mut block = Block::with_receipts(1);
    block.header.transactions_root = B256::from(items_root(transactions).0);
    block
}

const QUERY: Query = Query::Transactions { chain_id: 1 };

fn evidence(block: &Block, paths: Vec<Vec<Vec<u8>>>) -> Content {
    Content::Transactions {
        header: block.rlp().try_into().unwrap(),
        transactions: trie_paths(paths),
    }
}

#[test]
fn transactions_of_every_type_are_read_with_their_senders() {
    let transactions = transactions();
    let encoded: Vec<_> = transactions.iter().map(Encodable2718::encoded_2718).collect();
    let block = block(&encoded);
    let named = [0, 1, 2, 3, 4, 5];
    let paths = prove_items(&encoded, &named).unwrap();
    let proved = verify(&block.source(&named), &QUERY, &evidence(&block, paths)).unwrap();
    let Section::Transactions(_, read) = proved.content else {
        panic!("no transactions")
    };
    for (entry, transaction) in read.iter().zip(&transactions) {
        assert_eq!(entry.hash, H256(transaction.hash().0));
        assert_eq!(
            entry.sender,
            H160(transaction.recover_signer().unwrap().into_array())
        );
    }
    assert_eq!(
        (read[0].nonce, read[0].gas_limit, &read[0].data[..]),
        (5, 21_000, &[1, 2, 3][..])
    );
    assert_eq!(read[0].value, H256(U256::from_limbs([0, 0, 0, 1]).to_be_bytes()));
    assert_eq!((read[0].to, read[1].to), (Some(H160([7; 20])), None));
    assert_eq!((read[2].nonce, read[5].index), (9, 5));
}

#[test]
fn a_path_to_another_transaction_is_refused() {
    let encoded: Vec<_> = transactions().iter().map(Encodable2718::encoded_2718).collect();
    let block = block(&encoded);
    let paths = prove_items(&encoded, &[2]).unwrap();
    for (named, expected) in [
        (vec![3], EvidenceError::InvalidPath(TrieError::WrongPath)),
        (vec![2, 3], EvidenceError::WrongPathCount),
        (vec![], EvidenceError::UnorderedTransactions),
        ((0..17).collect(), EvidenceError::UnorderedTransactions),
    ] {
        let result = verify(&block.source(&named), &QUERY, &evidence(&block, paths.clone()));
        assert_eq!(result, Err(expected));
    }
}

#[test]
fn a_receipt_is_not_taken_for_a_transaction() {
    let block = Block::with_receipts(3);
    let paths = prove_items(&block.receipts, &[1]).unwrap();
    let result = verify(&block.source(&[1]), &QUERY, &evidence(&block, paths));
    assert_eq!(result, Err(EvidenceError::InvalidPath(TrieError::WrongPath)));
}

#[test]
fn unknown_types_trailing_bytes_and_impossible_signatures_have_their_errors() {
    let bytes = transactions()[2].encoded_2718();
    assert!(decode_transaction(0, &bytes).is_ok());
    assert_eq!(
        decode_transaction(0, &[&bytes[..], &[0]].concat()),
        Err(TransactionError::Malformed)
    );
    assert!(decode_transaction(0, &[]).is_err());
    assert_eq!(
        decode_transaction(0, &[0x7e, 1]),
        Err(TransactionError::UnknownType(0x7e))
    );
    let legacy = transactions()[0].encoded_2718();
    assert!(
        decode_transaction(0, &[&[0], &legacy[..]].concat()).is_err(),
        "type 0 has no envelope"
    );
    let high = Signature::new(U256::from(1), U256::MAX >> 1, false);
    let malleable: TxEnvelope = TxEip1559::default().into_signed(high).into();
    assert_eq!(
        decode_transaction(0, &malleable.encoded_2718()),
        Err(TransactionError::InvalidSignature)
    );
}

#[test]
fn the_state_of_another_zkgraph_is_the_one_with_the_digest_of_the_offer() {
    let graph = H256([3; 32]);
    let query = Query::State { graph };
    let state = |bytes: &[u8]| Content::State(bytes.to_vec().try_into().unwrap());
    let block = SourceBlock {
        chain_id: 0,
        first: 0,
        number: 0,
        hash: state_root(b"sum"),
        transactions: Default::default(),
    };
    let proved = verify(&block, &query, &state(b"sum")).unwrap();
    assert_eq!(proved.content, Section::State(graph, b"sum".to_vec()));
    assert_eq!(proved.source.filter, graph);
    assert_eq!(
        verify(&block, &query, &state(b"other")),
        Err(EvidenceError::WrongState)
    );
    let elsewhere = SourceBlock {
        chain_id: 1,
        ..block.clone()
    };
    assert_eq!(
        verify(&elsewhere, &query, &state(b"sum")),
        Err(EvidenceError::WrongChain)
    );
    let later = SourceBlock {
        first: 1,
        number: 1,
        ..block
    };
    assert_eq!(
        verify(&later, &query, &state(b"sum")),
        Err(EvidenceError::WrongRange)
    );
}

proptest! {
    #[test]
    fn any_bytes_are_a_transaction_or_an_error(kind in 0_u8..6, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode_transaction(0, &[vec![kind], bytes.clone()].concat());
        let _ = decode_transaction(0, &bytes);
    }

    #[test]
    fn an_altered_transaction_is_another_one_or_none(which in 0_usize..6, at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut bytes = transactions()[which].encoded_2718();
        let before = decode_transaction(0, &bytes).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(after) = decode_transaction(0, &bytes) {
            prop_assert_ne!(after.hash, before.hash);
        }
    }
}
