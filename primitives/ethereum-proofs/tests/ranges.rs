//! Ranges of blocks, and blooms that stand for receipts.

mod chain;

use chain::{Block, log, logs, receipt, verify, wanted};
use weft_ethereum_proofs::{BloomFilter, EvidenceError, is_advice};
use weft_primitives::{
    H256, Query, SourceBlock, SourceKind, advice,
    input::Section,
    query::EventFilter,
    source::{BlockEvidence, Content, MAX_RANGE},
};

/// Blocks 100, 101, …; each of `with_events` has an event of contract 1, and all have one of contract 2.
fn blocks(count: u64, with_events: &[u64]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for number in 100..100 + count {
        let mut receipts = vec![receipt(2, 0, vec![log(2, &[9], b"")])];
        if with_events.contains(&number) {
            receipts.push(receipt(2, 1, vec![log(1, &[7], &number.to_be_bytes())]));
        }
        let mut block = Block::new(number, &receipts);
        if let Some(parent) = blocks.last() {
            block.header.parent_hash = parent.header.hash_slow();
        }
        blocks.push(block);
    }
    blocks
}

fn source(blocks: &[Block]) -> SourceBlock {
    SourceBlock {
        first: blocks[0].header.number,
        ..blocks.last().unwrap().source(&[])
    }
}

/// Receipts of those blocks alone that have events of contract 1.
fn evidence(blocks: &[Block]) -> Content {
    let shown = |block: &Block| block.shown((block.receipts.len() > 1).then_some(&block.receipts));
    of(blocks.iter().map(shown).collect())
}

fn of(blocks: Vec<BlockEvidence>) -> Content {
    Content::Events(blocks.try_into().unwrap())
}

fn contract_1() -> Query {
    wanted(SourceKind::Events, &[1])
}

#[test]
fn a_range_shows_its_events_and_leaves_out_blocks_without() {
    let blocks = blocks(20, &[103, 104, 119]);
    let proved = verify(&source(&blocks), &contract_1(), &evidence(&blocks)).unwrap();
    let data: Vec<_> = logs(&proved.content).into_iter().map(|log| log.data).collect();
    assert_eq!(
        data,
        [103u64, 104, 119].map(|number| number.to_be_bytes().to_vec())
    );
    assert_eq!((proved.source.first_block, proved.source.last_block), (100, 119));
    assert_eq!(proved.source.block_hash, blocks[19].hash());
    // Receipts where none are needed are refused: there is one evidence for each range.
    let all = of(blocks
        .iter()
        .map(|block| block.shown(Some(&block.receipts)))
        .collect());
    assert_eq!(
        verify(&source(&blocks), &contract_1(), &all),
        Err(EvidenceError::UnneededReceipts)
    );
}

#[test]
fn no_block_of_a_range_can_be_left_out_doubled_or_swapped() {
    let blocks = blocks(8, &[103]);
    let refuse = |change: fn(&mut Vec<BlockEvidence>), error| {
        let Content::Events(shown) = evidence(&blocks) else {
            unreachable!()
        };
        let mut shown = shown.into_inner();
        change(&mut shown);
        assert_eq!(verify(&source(&blocks), &contract_1(), &of(shown)), Err(error));
    };
    refuse(|shown| drop(shown.remove(3)), EvidenceError::WrongBlockNumber);
    refuse(|shown| drop(shown.pop()), EvidenceError::BrokenRange);
    refuse(|shown| shown.clear(), EvidenceError::BrokenRange);
    refuse(|shown| shown.push(shown[7].clone()), EvidenceError::BrokenRange);
    refuse(
        |shown| shown[3] = shown[4].clone(),
        EvidenceError::WrongBlockNumber,
    );
    refuse(|shown| shown.swap(3, 4), EvidenceError::WrongBlockNumber);
}

#[test]
fn a_block_of_another_branch_is_no_part_of_a_range() {
    let blocks = blocks(8, &[103]);
    let mut forked = blocks.clone();
    forked[3].header.extra_data = b"other".as_slice().into();
    assert_eq!(
        verify(&source(&blocks), &contract_1(), &evidence(&forked)),
        Err(EvidenceError::BrokenRange)
    );
    let mut other_end = blocks.clone();
    other_end[7].header.extra_data = b"other".as_slice().into();
    assert_eq!(
        verify(&source(&blocks), &contract_1(), &evidence(&other_end)),
        Err(EvidenceError::WrongBlockHash)
    );
}

#[test]
fn receipts_can_be_missing_only_where_the_bloom_excludes_the_events() {
    let blocks = blocks(5, &[102]);
    let without = |query: &Query| {
        let shown = blocks.iter().map(|block| block.shown(None)).collect();
        verify(&source(&blocks), query, &of(shown)).map(|proved| proved.event_count())
    };
    assert_eq!(without(&contract_1()), Err(EvidenceError::BloomMatches));
    assert_eq!(
        without(&wanted(SourceKind::Events, &[2])),
        Err(EvidenceError::BloomMatches)
    );
    assert_eq!(
        without(&wanted(SourceKind::Events, &[])),
        Err(EvidenceError::BloomMatches)
    );
    assert_eq!(without(&wanted(SourceKind::Events, &[3])), Ok(0));
}

#[test]
fn a_bloom_excludes_what_no_address_or_no_topic_alternative_can_match() {
    let block = Block::new(1, &[receipt(2, 0, vec![log(1, &[7, 8], b"")])]);
    let bloom = block.header.logs_bloom.0.0;
    let excludes = |addresses: &[u8], topics: &[&[u8]]| {
        let Query::Events { mut filter, .. } = wanted(SourceKind::Events, addresses) else {
            unreachable!()
        };
        let any_of =
            |any_of: &&[u8]| -> Vec<H256> { any_of.iter().map(|topic| H256([*topic; 32])).collect() };
        filter.topics = topics
            .iter()
            .map(|topic| any_of(topic).try_into().unwrap())
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        BloomFilter::new(&filter).excludes(&bloom)
    };
    assert!(!excludes(&[1], &[&[7], &[8]]));
    assert!(!excludes(&[3, 1], &[&[], &[5, 8]]));
    assert!(!excludes(&[], &[]));
    assert!(excludes(&[3], &[]));
    assert!(excludes(&[1], &[&[5]]));
    assert!(excludes(&[], &[&[7], &[5, 6]]));
    assert!(!BloomFilter::new(&EventFilter::default()).excludes(&[0xff; 256]));
}

#[test]
fn a_range_has_at_least_one_block_and_at_most_the_bound() {
    let blocks = blocks(2, &[]);
    let with = |first, number| {
        let block = SourceBlock {
            first,
            number,
            ..source(&blocks)
        };
        verify(&block, &contract_1(), &evidence(&blocks)).unwrap_err()
    };
    assert_eq!(with(102, 101), EvidenceError::WrongRange);
    assert_eq!(with(0, u64::from(MAX_RANGE)), EvidenceError::WrongRange);
    assert_eq!(with(0, u64::from(MAX_RANGE) - 1), EvidenceError::WrongBlockNumber);
    assert_eq!(with(0, u64::MAX), EvidenceError::WrongRange);
    let named = wanted(SourceKind::TransactionEvents, &[]);
    let block = SourceBlock {
        transactions: vec![0].try_into().unwrap(),
        ..source(&blocks)
    };
    assert_eq!(
        verify(&block, &named, &blocks[1].paths(&[0])),
        Err(EvidenceError::WrongRange)
    );
}

#[test]
fn headers_are_those_of_blocks_that_may_have_events_and_none_is_left_out() {
    let blocks = blocks(20, &[103, 104, 119]);
    let query = match contract_1() {
        Query::Events { chain_id, filter } => Query::Headers { chain_id, filter },
        _ => unreachable!("it reads events"),
    };
    let headers = |blocks: &[Block]| {
        let headers = blocks.iter().map(|block| block.rlp().try_into().unwrap());
        Content::Headers(headers.collect::<Vec<_>>().try_into().unwrap())
    };
    let proved = verify(&source(&blocks), &query, &headers(&blocks)).unwrap();
    let Section::Headers(range, entries) = proved.content else {
        panic!("no headers")
    };
    assert_eq!(
        (range.first, range.last, range.hash),
        (100, 119, blocks[19].hash())
    );
    let numbers: Vec<u64> = entries.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, [103, 104, 119]);
    assert_eq!(entries[0].receipts_root.0, blocks[3].header.receipts_root.0);
    assert_eq!(entries[2].state_root.0, blocks[19].header.state_root.0);

    let mut without = blocks.clone();
    without.remove(4);
    let mut swapped = blocks.clone();
    swapped.swap(3, 4);
    for (shown, error) in [
        (&without[..], EvidenceError::WrongBlockNumber),
        (&swapped[..], EvidenceError::WrongBlockNumber),
        (&blocks[..19], EvidenceError::BrokenRange),
        (&[][..], EvidenceError::BrokenRange),
    ] {
        assert_eq!(verify(&source(&blocks), &query, &headers(shown)), Err(error));
    }
    assert_eq!(
        verify(&source(&blocks), &query, &evidence(&blocks)),
        Err(EvidenceError::WrongKind)
    );

    // What the worker hands the program: the receipts of these blocks, and only they.
    let receipts: Vec<Vec<Vec<u8>>> = [3, 4, 19].map(|at: usize| blocks[at].receipts.clone()).to_vec();
    let words = advice::encode(&receipts);
    assert!(is_advice(&words, &entries));
    assert!(!is_advice(&words, &entries[..2]));
    assert!(!is_advice(&words[1..], &entries));
    let mut other = words;
    other[5] ^= 1;
    assert!(!is_advice(&other, &entries));
    assert!(is_advice(&[], &[]));
}
