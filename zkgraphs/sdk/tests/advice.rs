//! Receipts read from advice, compared with those that the chain reads; and advice that is false.

use std::{cell::RefCell, panic::catch_unwind};

use alloy_consensus::{Eip658Value, Receipt, ReceiptEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, B256, Bytes, Log};
use proptest::{collection::vec, prelude::*};
use weft_ethereum_proofs::{decode_receipt, items_root};
use weft_primitives::{
    H256, advice,
    input::{BlockRange, HeaderEntry, Input as Whole, Section},
};
use weft_zkgraph::{
    Bytes32, Input,
    advice::{Advice, BloomBits, Receipts},
    output,
    testing::run_advised,
};

/// A receipt with these logs: topics and length of data.
fn receipt(kind: u8, logs: &[(usize, usize)]) -> Vec<u8> {
    let log = |(index, (topics, data)): (usize, &(usize, usize))| {
        let topics = (0..*topics).map(|topic| B256::repeat_byte(topic as u8 + 1));
        let data = (0..*data).map(|at| (at + index) as u8).collect::<Vec<u8>>();
        Log::new(
            Address::repeat_byte(index as u8),
            topics.collect(),
            Bytes::from(data),
        )
        .unwrap()
    };
    let receipt = Receipt {
        status: Eip658Value::Eip658(true),
        cumulative_gas_used: 21_000,
        logs: logs.iter().enumerate().map(log).collect(),
    }
    .with_bloom();
    match kind {
        0 => ReceiptEnvelope::Legacy(receipt),
        1 => ReceiptEnvelope::Eip2930(receipt),
        2 => ReceiptEnvelope::Eip1559(receipt),
        3 => ReceiptEnvelope::Eip4844(receipt),
        _ => ReceiptEnvelope::Eip7702(receipt),
    }
    .encoded_2718()
}

fn input(blocks: &[Vec<Vec<u8>>]) -> Vec<u8> {
    let header = |(number, receipts): (usize, &Vec<Vec<u8>>)| HeaderEntry {
        number: number as u64,
        timestamp: 12 * number as u64,
        state_root: H256([1; 32]),
        transactions_root: H256([2; 32]),
        receipts_root: items_root(receipts),
    };
    Whole {
        prior_state: vec![],
        sources: vec![Section::Headers(
            BlockRange::default(),
            blocks.iter().enumerate().map(header).collect(),
        )],
    }
    .encode()
}

/// What was read of a log: index of the receipt, address, topics, data.
type Read = (usize, Vec<u8>, Vec<Vec<u8>>, Vec<u8>);

thread_local! {
    static READ: RefCell<Vec<Read>> = const { RefCell::new(Vec::new()) };
}

fn bytes(word: Bytes32) -> Vec<u8> {
    word.words().iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn read_everything() {
    let mut input = Input::open();
    let mut advice = Advice::open();
    let mut read: Vec<Read> = Vec::new();
    while input.next_source().is_some() {
        while let Some(header) = input.next_header() {
            let receipts = Receipts::read(&mut advice, header.receipts_root());
            for (index, receipt) in receipts.iter().enumerate() {
                let never = BloomBits::of_topic(Bytes32::new([0xee; 32]));
                assert!(receipt.logs().next().is_some() || !receipt.may_have(&[never]));
                for log in receipt.logs() {
                    assert!(receipt.may_have(&[BloomBits::of_address(log.address())]));
                    for topic in 0..log.topic_count() {
                        assert!(receipt.may_have(&[BloomBits::of_topic(log.topic(topic))]));
                    }
                    let address = bytes(log.address().to_bytes32())[12..].to_vec();
                    let topics = (0..log.topic_count()).map(|topic| bytes(log.topic(topic)));
                    let data = (0..log.data().len()).map(|at| log.data().byte(at));
                    read.push((index, address, topics.collect(), data.collect()));
                    for word in 0..log.data().len() / 32 {
                        let number = bytes(log.data().u256(word).into());
                        let at = 32 * word as usize;
                        assert_eq!(number, read.last().unwrap().3[at..at + 32]);
                    }
                }
            }
        }
    }
    READ.replace(read);
    output::write(&(), &());
}

/// The same by the chain's own reading.
fn expected(blocks: &[Vec<Vec<u8>>]) -> Vec<Read> {
    let mut read = Vec::new();
    for receipts in blocks {
        for (index, receipt) in receipts.iter().enumerate() {
            for log in decode_receipt(receipt).unwrap() {
                let topics = log.topics.iter().map(|topic| topic.0.to_vec()).collect();
                read.push((index, log.address.0.to_vec(), topics, log.data.to_vec()));
            }
        }
    }
    read
}

fn check(blocks: &[Vec<Vec<u8>>]) {
    run_advised(&input(blocks), &advice::encode(blocks), read_everything);
    assert_eq!(READ.take(), expected(blocks));
}

#[test]
fn tries_of_every_form_are_rebuilt() {
    // One leaf, an extension, branches of one and two nibbles, keys of one to three bytes.
    for count in [
        0, 1, 2, 3, 15, 16, 17, 18, 127, 128, 129, 130, 255, 256, 257, 300, 600,
    ] {
        let receipts: Vec<Vec<u8>> = (0..count).map(|index| receipt((index % 5) as u8, &[])).collect();
        check(&[receipts]);
    }
}

#[test]
fn advice_that_is_false_in_any_word_is_refused() {
    let receipts: Vec<Vec<u8>> = (0..5)
        .map(|index| receipt(index, &[(2, 33 + index as usize)]))
        .collect();
    let blocks = [receipts];
    let (input, honest) = (input(&blocks), advice::encode(&blocks));
    std::panic::set_hook(Box::new(|_| {}));
    for at in 0..honest.len() {
        for flip in [1, 1 << 63] {
            let mut words = honest.clone();
            words[at] ^= flip;
            assert!(
                catch_unwind(|| run_advised(&input, &words, read_everything)).is_err(),
                "word {at}, {flip:x}"
            );
        }
    }
    for (words, why) in [
        (honest[..honest.len() - 1].to_vec(), "shorter"),
        (advice::encode(&[blocks[0][..4].to_vec()]), "a receipt less"),
        (
            advice::encode(&[[&blocks[0][..], &blocks[0][..1]].concat()]),
            "a receipt more",
        ),
        (vec![], "none"),
    ] {
        assert!(
            catch_unwind(|| run_advised(&input, &words, read_everything)).is_err(),
            "{why}"
        );
    }
    let _ = std::panic::take_hook();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn receipts_are_read_as_the_chain_reads_them(
        blocks in vec(vec((0_u8..5, vec((0_usize..5, 0_usize..200), 0..4)), 0..20), 0..3),
    ) {
        let blocks: Vec<Vec<Vec<u8>>> = blocks
            .iter()
            .map(|receipts| receipts.iter().map(|(kind, logs)| receipt(*kind, logs)).collect())
            .collect();
        check(&blocks);
    }
}
