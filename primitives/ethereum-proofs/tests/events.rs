//! Events of blocks, honest and not.

mod chain;

use chain::{Block, log, logs, receipt, verify, wanted};
use proptest::prelude::*;
use weft_ethereum_proofs::{EvidenceError, TrieError, prove_items};
use weft_primitives::{
    H160, H256, SourceBlock, SourceKind,
    input::{self, Input, Section, encode_section},
    keccak256,
    source::Content,
};

#[test]
fn all_matching_events_of_a_block_enter_the_input_in_order() {
    let block = Block::with_receipts(20);
    let wanted = wanted(SourceKind::Events, &[1]);
    let proved = verify(&block.source(&[]), &wanted, &block.all()).unwrap();

    let found: Vec<_> = logs(&proved.content)
        .iter()
        .map(|log| log.transaction_index)
        .collect();
    assert_eq!(found, [1, 4, 7, 10, 13, 16, 19]);
    assert!(
        logs(&proved.content)
            .iter()
            .all(|log| log.address == H160::repeat_byte(1))
    );
    let Section::Events(range, blocks) = &proved.content else {
        panic!("{:?}", proved.content)
    };
    assert_eq!(
        (range.timestamp, blocks[0].timestamp),
        (block.header.timestamp, block.header.timestamp)
    );
    assert_eq!(proved.section, encode_section(&proved.content));
    assert_eq!(proved.event_count(), 7);

    let source = &proved.source;
    assert_eq!((source.kind, source.chain_id), (SourceKind::Events, 1));
    assert_eq!((source.first_block, source.last_block), (100, 100));
    assert_eq!(source.block_hash, H256(block.header.hash_slow().0));
    assert_eq!(source.root, keccak256(&proved.section));
    let input = input::decode(&input::encode(b"state", &[proved.section])).unwrap();
    assert_eq!(
        input,
        Input {
            prior_state: b"state".to_vec(),
            sources: vec![proved.content]
        }
    );
}

#[test]
fn the_events_of_named_transactions_are_shown_by_their_paths() {
    let block = Block::with_receipts(200);
    let transactions = [0, 3, 127, 128, 199];
    let wanted = wanted(SourceKind::TransactionEvents, &[0]);
    let proved = verify(&block.source(&transactions), &wanted, &block.paths(&transactions)).unwrap();
    let found: Vec<_> = logs(&proved.content)
        .iter()
        .map(|log| log.transaction_index)
        .collect();
    assert_eq!(found, [0, 3]);
    assert_eq!(proved.source.kind, SourceKind::TransactionEvents);
}

#[test]
fn a_log_is_numbered_in_its_transaction() {
    let logs = vec![log(9, &[1], b""), log(1, &[1], b"a"), log(1, &[1], b"b")];
    let block = Block::new(5, &[receipt(2, 0, vec![log(1, &[1], b"c")]), receipt(2, 1, logs)]);
    let proved = verify(
        &block.source(&[]),
        &wanted(SourceKind::Events, &[1]),
        &block.all(),
    )
    .unwrap();
    let found: Vec<_> = chain::logs(&proved.content)
        .iter()
        .map(|log| (log.transaction_index, log.log_index))
        .collect();
    assert_eq!(found, [(0, 0), (1, 1), (1, 2)]);
}

#[test]
fn an_empty_block_has_no_events() {
    let block = Block::with_receipts(0);
    let proved = verify(&block.source(&[]), &wanted(SourceKind::Events, &[]), &block.all()).unwrap();
    assert_eq!(logs(&proved.content), []);
}

#[test]
fn no_receipt_of_a_block_can_be_left_out_added_doubled_or_moved() {
    let block = Block::with_receipts(10);
    let refuse = |change: fn(&mut Vec<Vec<u8>>)| {
        let mut receipts = block.receipts.clone();
        change(&mut receipts);
        let evidence = block.with(&receipts);
        let result = verify(&block.source(&[]), &wanted(SourceKind::Events, &[1]), &evidence);
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
    let wanted = wanted(SourceKind::Events, &[1]);
    assert_eq!(
        verify(&block.source(&[]), &wanted, &other.all()),
        Err(EvidenceError::WrongBlockHash)
    );
    let renumbered = SourceBlock {
        first: 99,
        number: 99,
        ..block.source(&[])
    };
    assert_eq!(
        verify(&renumbered, &wanted, &block.all()),
        Err(EvidenceError::WrongBlockNumber)
    );
    let elsewhere = SourceBlock {
        chain_id: 2,
        ..block.source(&[])
    };
    assert_eq!(
        verify(&elsewhere, &wanted, &block.all()),
        Err(EvidenceError::WrongChain)
    );
}

#[test]
fn a_receipts_proof_for_another_block_is_refused() {
    let (block, other) = (Block::with_receipts(30), Block::with_receipts(31));
    let paths = prove_items(&other.receipts, &[2]).unwrap();
    let result = verify(
        &block.source(&[2]),
        &wanted(SourceKind::TransactionEvents, &[]),
        &block.with_paths(paths),
    );
    assert_eq!(result, Err(EvidenceError::InvalidPath(TrieError::WrongPath)));
}

#[test]
fn evidence_of_one_kind_does_not_serve_the_other() {
    let block = Block::with_receipts(5);
    assert_eq!(
        verify(
            &block.source(&[]),
            &wanted(SourceKind::Events, &[]),
            &block.paths(&[])
        ),
        Err(EvidenceError::WrongKind)
    );
    assert_eq!(
        verify(
            &block.source(&[1]),
            &wanted(SourceKind::TransactionEvents, &[]),
            &block.all()
        ),
        Err(EvidenceError::WrongKind)
    );
}

#[test]
fn transactions_are_named_in_rising_order_and_only_where_the_source_wants_them() {
    let block = Block::with_receipts(5);
    let named = wanted(SourceKind::TransactionEvents, &[]);
    for transactions in [vec![], vec![2, 1], vec![1, 1]] {
        assert_eq!(
            verify(&block.source(&transactions), &named, &block.paths(&transactions)),
            Err(EvidenceError::UnorderedTransactions)
        );
    }
    assert_eq!(
        verify(
            &block.source(&[1]),
            &wanted(SourceKind::Events, &[]),
            &block.all()
        ),
        Err(EvidenceError::UnexpectedTransactions)
    );
    assert_eq!(
        verify(&block.source(&[1, 2]), &named, &block.paths(&[1])),
        Err(EvidenceError::WrongPathCount)
    );
}

#[test]
fn evidence_over_the_bound_is_refused_unread() {
    let block = Block::with_receipts(1);
    let receipts = vec![vec![0; 600 * 1024]; 2];
    assert_eq!(
        verify(
            &block.source(&[]),
            &wanted(SourceKind::Events, &[]),
            &block.with(&receipts)
        ),
        Err(EvidenceError::TooLarge)
    );
}

#[test]
fn the_filter_covers_the_transactions_that_an_offer_names() {
    let block = Block::with_receipts(5);
    let named = wanted(SourceKind::TransactionEvents, &[]);
    let filter = |transactions: &[u32]| {
        verify(&block.source(transactions), &named, &block.paths(transactions))
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
        let query = wanted(SourceKind::Events, &[contract]);
        let whole = verify(&block.source(&[]), &query, &block.for_query(&query));
        let named = verify(
            &block.source(&transactions),
            &wanted(SourceKind::TransactionEvents, &[contract]),
            &block.paths(&transactions),
        );
        prop_assert_eq!(logs(&whole.unwrap().content), logs(&named.unwrap().content));
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
        let mut evidence = block.with(&receipts);
        if let Content::Events(blocks) = &mut evidence {
            blocks[0].header = header.try_into().unwrap();
        }
        let result = verify(&block.source(&[]), &wanted(SourceKind::Events, &[]), &evidence);
        prop_assert!(result.is_err());
    }
}
