//! The SDK reads what `weft-primitives` writes, and writes what it reads.

use std::cell::RefCell;

use proptest::{collection::vec, prelude::*};
use weft_primitives::{
    H160, H256,
    input::{BlockEntry, Input as Whole, LogEntry},
    output::{Output, decode},
};
use weft_zkgraph::{Address, Bytes32, Input, U256, output, testing};

fn log() -> impl Strategy<Value = LogEntry> {
    (
        any::<[u8; 20]>(),
        any::<u64>(),
        any::<u64>(),
        vec(any::<[u8; 32]>(), 0..=4),
        vec(any::<u8>(), 0..80),
    )
        .prop_map(|(address, transaction_index, log_index, topics, data)| LogEntry {
            address: H160(address),
            transaction_index,
            log_index,
            topics: topics.into_iter().map(H256).collect(),
            data,
        })
}

fn block() -> impl Strategy<Value = BlockEntry> {
    (
        any::<u64>(),
        any::<u64>(),
        any::<[u8; 32]>(),
        any::<u64>(),
        vec(log(), 0..4),
    )
        .prop_map(|(chain_id, number, hash, timestamp, logs)| BlockEntry {
            chain_id,
            number,
            hash: H256(hash),
            timestamp,
            logs,
        })
}

fn input() -> impl Strategy<Value = Whole> {
    (vec(any::<u8>(), 0..80), vec(block(), 0..4))
        .prop_map(|(prior_state, blocks)| Whole { prior_state, blocks })
}

/// The bytes that words hold.
fn bytes_of(words: impl Iterator<Item = u64>, length: u32) -> Vec<u8> {
    let mut bytes: Vec<u8> = words.flat_map(u64::to_le_bytes).collect();
    bytes.truncate(length as usize);
    bytes
}

fn read_bytes(bytes: weft_zkgraph::Bytes) -> Vec<u8> {
    bytes_of((0..bytes.len().div_ceil(8)).map(|i| bytes.word(i)), bytes.len())
}

thread_local! {
    static READ: RefCell<Option<Whole>> = const { RefCell::new(None) };
}

/// Reads everything and writes the state and nothing.
fn read_everything() {
    let mut input = Input::open();
    let state = input.state();
    let mut blocks = Vec::new();
    while let Some(block) = input.next_block() {
        let mut logs = Vec::new();
        while let Some(log) = input.next_log() {
            let topics = (0..log.topic_count()).map(|i| bytes_of(log.topic(i).words().into_iter(), 32));
            let address = bytes_of(log.address().to_bytes32().words().into_iter(), 32);
            logs.push(LogEntry {
                address: H160::from_slice(&address[12..]),
                transaction_index: log.transaction_index(),
                log_index: log.log_index(),
                topics: topics.map(|topic| H256::from_slice(&topic)).collect(),
                data: read_bytes(log.data()),
            });
        }
        assert_eq!(block.log_count(), logs.len() as u64);
        blocks.push(BlockEntry {
            chain_id: block.chain_id(),
            number: block.number(),
            hash: H256::from_slice(&bytes_of(block.hash().words().into_iter(), 32)),
            timestamp: block.timestamp(),
            logs,
        });
    }
    READ.replace(Some(Whole {
        prior_state: read_bytes(state),
        blocks,
    }));
    output::write(&state, &());
}

/// Counts blocks, without looking at their logs.
fn count_blocks() {
    let mut input = Input::open();
    let mut count = 0;
    while input.next_block().is_some() {
        count += 1;
    }
    output::write(&(), &count);
}

proptest! {
    #[test]
    fn every_field_of_an_input_is_read(input in input()) {
        let written = testing::run(&input.encode(), read_everything);
        prop_assert_eq!(READ.take(), Some(input.clone()));
        prop_assert_eq!(decode(&written), Ok(Output { next_state: input.prior_state, payload: vec![] }));
    }

    #[test]
    fn logs_that_are_not_read_are_passed(input in input()) {
        let written = testing::run(&input.encode(), count_blocks);
        let payload = decode(&written).expect("an output").payload;
        prop_assert_eq!(payload, word(input.blocks.len() as u64).to_vec());
    }
}

/// The ABI word of a number.
fn word(number: u64) -> [u8; 32] {
    let mut word = [0; 32];
    word[24..].copy_from_slice(&number.to_be_bytes());
    word
}

const ADDRESS: [u8; 20] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
];

#[test]
fn values_are_written_as_abi_encode_does() {
    fn program() {
        let state = output::Words([1, 2]);
        output::write(
            &state,
            &(
                U256::from(3),
                Address::new(ADDRESS),
                true,
                258u64,
                Bytes32::new([7; 32]),
            ),
        );
    }
    let output = decode(&testing::run(&[], program)).expect("an output");
    assert_eq!(
        output.next_state,
        [1u64.to_le_bytes(), 2u64.to_le_bytes()].concat()
    );
    let mut address = [0; 32];
    address[12..].copy_from_slice(&ADDRESS);
    assert_eq!(
        output.payload,
        [word(3), address, word(1), word(258), [7; 32]].concat()
    );
}

#[test]
fn an_address_is_found_in_a_topic() {
    let mut topic = [0; 32];
    topic[12..].copy_from_slice(&ADDRESS);
    assert_eq!(Bytes32::new(topic).to_address(), Address::new(ADDRESS));
    assert_eq!(Address::new(ADDRESS).to_bytes32(), Bytes32::new(topic));
}

#[test]
#[should_panic = "trapped"]
fn another_version_of_the_input_traps() {
    testing::run(&2u64.to_le_bytes(), count_blocks);
}

#[test]
#[should_panic = "trapped"]
fn a_word_beyond_the_data_traps() {
    fn program() {
        let _ = Input::open().state().u256(0);
    }
    testing::run(
        &Whole {
            prior_state: vec![1; 31],
            blocks: vec![],
        }
        .encode(),
        program,
    );
}
