//! Chains allowed, and an error for each refusal of evidence.

use alloy_primitives::{Bytes, FixedBytes, U256};
use alloy_rlp::Encodable;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, traits::BadOrigin};
use weft_ethereum_proofs::{HeaderError, TrieError, receipts_root};
use weft_primitives::{SourceKind, keccak256, source::ReceiptEvidence};

use crate::mock::{DataBus as Bus, RuntimeOrigin, Test, new_test_ext};
use crate::*;

/// Header of an empty block 5, in RLP.
fn header() -> Vec<u8> {
    let mut fields = Vec::new();
    let zero = FixedBytes::<32>::ZERO;
    for _ in 0..2 {
        zero.encode(&mut fields);
    }
    FixedBytes::<20>::ZERO.encode(&mut fields);
    for _ in 0..2 {
        zero.encode(&mut fields);
    }
    FixedBytes::<32>::from(receipts_root(&[] as &[Vec<u8>]).0).encode(&mut fields);
    FixedBytes::<256>::ZERO.encode(&mut fields);
    for number in [0_u64, 5, 30_000_000, 0, 1_700_000_000] {
        U256::from(number).encode(&mut fields);
    }
    Bytes::new().encode(&mut fields);
    zero.encode(&mut fields);
    FixedBytes::<8>::ZERO.encode(&mut fields);
    let mut out = Vec::new();
    alloy_rlp::Header {
        list: true,
        payload_length: fields.len(),
    }
    .encode(&mut out);
    out.extend(fields);
    out
}

fn block() -> SourceBlock {
    SourceBlock {
        chain_id: 1,
        number: 5,
        hash: keccak256(&header()),
        transactions: Default::default(),
    }
}

fn wanted() -> EventSource {
    EventSource {
        chain_id: 1,
        kind: SourceKind::Blocks,
        addresses: Default::default(),
        topics: Default::default(),
    }
}

fn evidence() -> BlockEvidence {
    BlockEvidence {
        header: header().try_into().unwrap(),
        receipts: ReceiptEvidence::All(Default::default()),
    }
}

#[test]
fn evidence_for_a_block_of_an_allowed_chain_is_accepted() {
    new_test_ext().execute_with(|| {
        assert_ok!(Bus::check_block(&block(), &wanted()));
        let proved = <Bus as DataBus>::prove(&block(), &wanted(), &evidence()).unwrap();
        assert_eq!(proved.source.block_hash, block().hash);
        assert_eq!(proved.source.root, keccak256(&proved.section));
    });
}

#[test]
fn evidence_that_the_logic_refuses_is_refused_with_its_error() {
    new_test_ext().execute_with(|| {
        let other = SourceBlock { number: 6, ..block() };
        assert_eq!(
            <Bus as DataBus>::prove(&other, &wanted(), &evidence()),
            Err(Error::<Test>::WrongBlockNumber.into())
        );
        let named = SourceBlock {
            transactions: vec![0].try_into().unwrap(),
            ..block()
        };
        assert_noop!(
            Bus::check_block(&named, &wanted()),
            Error::<Test>::UnexpectedTransactions
        );
    });
}

#[test]
fn a_chain_that_is_not_allowed_is_neither_offered_nor_proved() {
    new_test_ext().execute_with(|| {
        assert_ok!(Bus::forbid_chain(RuntimeOrigin::root(), 1));
        assert_noop!(
            Bus::check_block(&block(), &wanted()),
            Error::<Test>::ChainNotAllowed
        );
        assert_eq!(
            <Bus as DataBus>::prove(&block(), &wanted(), &evidence()),
            Err(Error::<Test>::ChainNotAllowed.into())
        );
        assert_ok!(Bus::allow_chain(RuntimeOrigin::root(), 1));
        assert_ok!(Bus::check_block(&block(), &wanted()));
    });
}

#[test]
fn only_root_says_which_chains_are_allowed() {
    new_test_ext().execute_with(|| {
        assert_noop!(Bus::allow_chain(RuntimeOrigin::signed(1), 2), BadOrigin);
        assert_noop!(Bus::forbid_chain(RuntimeOrigin::signed(1), 1), BadOrigin);
    });
}

#[test]
fn every_refusal_has_an_error_of_its_own() {
    let refusals = [
        EvidenceError::TooLarge,
        EvidenceError::WrongChain,
        EvidenceError::WrongKind,
        EvidenceError::MalformedHeader(HeaderError),
        EvidenceError::WrongBlockHash,
        EvidenceError::WrongBlockNumber,
        EvidenceError::WrongReceiptsRoot,
        EvidenceError::WrongPathCount,
        EvidenceError::UnorderedTransactions,
        EvidenceError::UnexpectedTransactions,
        EvidenceError::InvalidPath(TrieError::NoLeaf),
        EvidenceError::InvalidReceipt(ReceiptError::UnknownType(9)),
        EvidenceError::InvalidReceipt(ReceiptError::Malformed),
    ];
    let errors: Vec<DispatchError> = refusals
        .into_iter()
        .map(|refusal| Error::<Test>::from(refusal).into())
        .collect();
    for (index, error) in errors.iter().enumerate() {
        assert!(
            !errors[..index].contains(error),
            "{error:?} stands for two refusals"
        );
    }
}
