//! Events of blocks, honest and not.

mod chain;

use chain::{Block, all, from_paths, log, receipt, wanted};
use proptest::prelude::*;
use weft_ethereum_proofs::{EvidenceError, TrieError, prove_receipts, verify_events};
use weft_primitives::{
    H160, H256, SourceBlock, SourceKind,
    input::{self, Input, encode_section},
    keccak256,
};

#[test]
fn all_matching_events_of_a_block_enter_the_input_in_order() {
    let block = Block::with_receipts(20);
    let wanted = wanted(SourceKind::Blocks, &[1]);
    let proved = verify_events(&block.source(&[]), &wanted, &block.all()).unwrap();

    let found: Vec<_> = proved
        .block
        .logs
        .iter()
        .map(|log| log.transaction_index)
        .collect();
    assert_eq!(found, [1, 4, 7, 10, 13, 16, 19]);
    assert!(
        proved
            .block
            .logs
            .iter()
            .all(|log| log.address == H160::repeat_byte(1))
    );
    assert_eq!(proved.block.timestamp, block.header.timestamp);
    assert_eq!(proved.section, encode_section(&proved.block));

    let source = &proved.source;
    assert_eq!((source.kind, source.chain_id), (SourceKind::Blocks, 1));
    assert_eq!((source.first_block, source.last_block), (100, 100));
    assert_eq!(source.block_hash, H256(block.header.hash_slow().0));
    assert_eq!(source.root, keccak256(&proved.section));
    let input = input::decode(&input::encode(b"state", &[proved.section])).unwrap();
    assert_eq!(
        input,
        Input {
            prior_state: b"state".to_vec(),
            blocks: vec![proved.block]
        }
    );
}

#[test]
fn the_events_of_named_transactions_are_shown_by_their_paths() {
    let block = Block::with_receipts(200);
    let transactions = [0, 3, 127, 128, 199];
    let wanted = wanted(SourceKind::Transactions, &[0]);
    let proved = verify_events(&block.source(&transactions), &wanted, &block.paths(&transactions)).unwrap();
    let found: Vec<_> = proved
        .block
        .logs
        .iter()
        .map(|log| log.transaction_index)
        .collect();
    assert_eq!(found, [0, 3]);
    assert_eq!(proved.source.kind, SourceKind::Transactions);
}

#[test]
fn a_log_is_numbered_in_its_transaction() {
    let logs = vec![log(9, &[1], b""), log(1, &[1], b"a"), log(1, &[1], b"b")];
    let block = Block::new(5, &[receipt(2, 0, vec![log(1, &[1], b"c")]), receipt(2, 1, logs)]);
    let proved = verify_events(
        &block.source(&[]),
        &wanted(SourceKind::Blocks, &[1]),
        &block.all(),
    )
    .unwrap();
    let found: Vec<_> = proved
        .block
        .logs
        .iter()
        .map(|log| (log.transaction_index, log.log_index))
        .collect();
    assert_eq!(found, [(0, 0), (1, 1), (1, 2)]);
}

#[test]
fn an_empty_block_has_no_events() {
    let block = Block::with_receipts(0);
    let proved = verify_events(&block.source(&[]), &wanted(SourceKind::Blocks, &[]), &block.all()).unwrap();
    assert_eq!(proved.block.logs, []);
}

#[test]
fn no_receipt_of_a_block_can_be_left_out_added_doubled_or_moved() {
    let block = Block::with_receipts(10);
    let refuse = |change: fn(&mut Vec<Vec<u8>>)| {
        let mut receipts = block.receipts.clone();
        change(&mut receipts);
        let evidence = block.evidence(all(&receipts));
        let result = verify_events(&block.source(&[]), &wanted(SourceKind::Blocks, &[1]), &evidence);
        assert_eq!(result, Err(EvidenceError::WrongReceiptsRoot));
    };
    refuse(|receipts| drop(receipts.pop()));
    refuse(|receipts| drop(receipts.remove(0)));
    refuse(|receipts| receipts.clear());
    refuse(|receipts| receipts.push(receipts[0].clone()));
    refuse(|receipts| receipts.swap(3, 4));
    refuse(|receipts| receipts[3] = receipts[4].clone());
}

#[test]
fn a_header_of_another_block_number_or_hash_is_refused() {
    let (block, other) = (Block::with_receipts(3), Block::with_receipts(4));
    let wanted = wanted(SourceKind::Blocks, &[1]);
    assert_eq!(
        verify_events(&block.source(&[]), &wanted, &other.all()),
        Err(EvidenceError::WrongBlockHash)
    );
    let renumbered = SourceBlock {
        number: 99,
        ..block.source(&[])
    };
    assert_eq!(
        verify_events(&renumbered, &wanted, &block.all()),
        Err(EvidenceError::WrongBlockNumber)
    );
    let elsewhere = SourceBlock {
        chain_id: 2,
        ..block.source(&[])
    };
    assert_eq!(
        verify_events(&elsewhere, &wanted, &block.all()),
        Err(EvidenceError::WrongChain)
    );
}

#[test]
fn a_receipts_proof_for_another_block_is_refused() {
    let (block, other) = (Block::with_receipts(30), Block::with_receipts(31));
    let paths = prove_receipts(&other.receipts, &[2]).unwrap();
    let result = verify_events(
        &block.source(&[2]),
        &wanted(SourceKind::Transactions, &[]),
        &block.evidence(from_paths(paths)),
    );
    assert_eq!(result, Err(EvidenceError::InvalidPath(TrieError::WrongPath)));
}

#[test]
fn evidence_of_one_kind_does_not_serve_the_other() {
    let block = Block::with_receipts(5);
    assert_eq!(
        verify_events(
            &block.source(&[]),
            &wanted(SourceKind::Blocks, &[]),
            &block.paths(&[])
        ),
        Err(EvidenceError::WrongKind)
    );
    assert_eq!(
        verify_events(
            &block.source(&[1]),
            &wanted(SourceKind::Transactions, &[]),
            &block.all()
        ),
        Err(EvidenceError::WrongKind)
    );
}

#[test]
fn transactions_are_named_in_rising_order_and_only_where_the_source_wants_them() {
    let block = Block::with_receipts(5);
    let named = wanted(SourceKind::Transactions, &[]);
    for transactions in [vec![], vec![2, 1], vec![1, 1]] {
        assert_eq!(
            verify_events(&block.source(&transactions), &named, &block.paths(&transactions)),
            Err(EvidenceError::UnorderedTransactions)
        );
    }
    assert_eq!(
        verify_events(
            &block.source(&[1]),
            &wanted(SourceKind::Blocks, &[]),
            &block.all()
        ),
        Err(EvidenceError::UnexpectedTransactions)
    );
    assert_eq!(
        verify_events(&block.source(&[1, 2]), &named, &block.paths(&[1])),
        Err(EvidenceError::WrongPathCount)
    );
}

#[test]
fn evidence_over_the_bound_is_refused_unread() {
    let block = Block::with_receipts(1);
    let receipts = vec![vec![0; 600 * 1024]; 2];
    assert_eq!(
        verify_events(
            &block.source(&[]),
            &wanted(SourceKind::Blocks, &[]),
            &block.evidence(all(&receipts))
        ),
        Err(EvidenceError::TooLarge)
    );
}

#[test]
fn the_filter_covers_the_transactions_that_an_offer_names() {
    let block = Block::with_receipts(5);
    let named = wanted(SourceKind::Transactions, &[]);
    let filter = |transactions: &[u32]| {
        verify_events(&block.source(transactions), &named, &block.paths(transactions))
            .unwrap()
            .source
            .filter
    };
    assert_ne!(filter(&[1]), filter(&[2]));
    assert_ne!(filter(&[1]), filter(&[1, 2]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Each event is found or not by the same rule, whichever kind of evidence shows it.
    #[test]
    fn both_kinds_of_evidence_show_the_same_events(count in 1_usize..65, contract in 0_u8..4) {
        let block = Block::with_receipts(count);
        let transactions: Vec<u32> = (0..count as u32).collect();
        let whole =
            verify_events(&block.source(&[]), &wanted(SourceKind::Blocks, &[contract]), &block.all());
        let named = verify_events(
            &block.source(&transactions),
            &wanted(SourceKind::Transactions, &[contract]),
            &block.paths(&transactions),
        );
        prop_assert_eq!(whole.unwrap().section, named.unwrap().section);
    }

    #[test]
    fn any_altered_byte_of_the_evidence_is_found(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        flip in 1_u8..,
    ) {
        let block = Block::with_receipts(12);
        let mut receipts = block.receipts.clone();
        let mut header = block.rlp();
        let which = which.index(receipts.len() + 1);
        let bytes = receipts.get_mut(which).unwrap_or(&mut header);
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let mut evidence = block.evidence(all(&receipts));
        evidence.header = header.try_into().unwrap();
        let result = verify_events(&block.source(&[]), &wanted(SourceKind::Blocks, &[]), &evidence);
        prop_assert!(result.is_err());
    }
}
