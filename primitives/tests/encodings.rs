//! Inputs and outputs of runs: one encoding for each, aligned, and total decoders.

use proptest::prelude::*;
use weft_primitives::{
    H160, H256,
    input::{self, BlockEntry, Input, InputError, LogEntry},
    output::{self, Output, OutputError},
};

fn log() -> impl Strategy<Value = LogEntry> {
    let data = prop::collection::vec(any::<u8>(), 0..70);
    let topics = prop::collection::vec(any::<[u8; 32]>().prop_map(H256), 0..5);
    (any::<[u8; 20]>(), any::<u64>(), any::<u64>(), topics, data).prop_map(
        |(address, transaction_index, log_index, topics, data)| LogEntry {
            address: H160(address),
            transaction_index,
            log_index,
            topics,
            data,
        },
    )
}

fn block() -> impl Strategy<Value = BlockEntry> {
    let logs = prop::collection::vec(log(), 0..4);
    (any::<u64>(), any::<u64>(), any::<[u8; 32]>(), any::<u64>(), logs).prop_map(
        |(chain_id, number, hash, timestamp, logs)| BlockEntry {
            chain_id,
            number,
            hash: H256(hash),
            timestamp,
            logs,
        },
    )
}

fn input() -> impl Strategy<Value = Input> {
    (
        prop::collection::vec(any::<u8>(), 0..50),
        prop::collection::vec(block(), 0..4),
    )
        .prop_map(|(prior_state, blocks)| Input { prior_state, blocks })
}

proptest! {
    #[test]
    fn an_input_is_read_as_it_was_written_and_is_aligned(input in input()) {
        let bytes = input.encode();
        prop_assert_eq!(bytes.len() % 8, 0);
        prop_assert_eq!(input::decode(&bytes), Ok(input));
    }

    #[test]
    fn an_input_has_no_second_encoding(input in input(), at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut bytes = input.encode();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(other) = input::decode(&bytes) {
            prop_assert_ne!(&other, &input);
            prop_assert_eq!(other.encode(), bytes);
        }
    }

    #[test]
    fn a_shortened_input_is_refused(input in input(), cut in any::<prop::sample::Index>()) {
        let bytes = input.encode();
        prop_assert!(input::decode(&bytes[..cut.index(bytes.len())]).is_err());
    }

    #[test]
    fn any_bytes_are_an_input_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = input::decode(&bytes);
        let _ = output::decode(&bytes);
    }

    #[test]
    fn an_output_is_read_as_it_was_written_and_is_aligned(
        next_state in prop::collection::vec(any::<u8>(), 0..50),
        payload in prop::collection::vec(any::<u8>(), 0..50),
    ) {
        let bytes = output::encode(&next_state, &payload);
        prop_assert_eq!(bytes.len() % 8, 0);
        prop_assert_eq!(output::decode(&bytes), Ok(Output { next_state, payload }));
    }
}

#[test]
fn the_input_of_one_log_has_the_documented_bytes() {
    let input = Input {
        prior_state: vec![9],
        blocks: vec![BlockEntry {
            chain_id: 1,
            number: 2,
            hash: H256([3; 32]),
            timestamp: 4,
            logs: vec![LogEntry {
                address: H160([5; 20]),
                transaction_index: 6,
                log_index: 7,
                topics: vec![H256([8; 32])],
                data: vec![10, 11],
            }],
        }],
    };
    let word = |word: u64| word.to_le_bytes().to_vec();
    let expected = [
        word(1),
        word(1),
        vec![9, 0, 0, 0, 0, 0, 0, 0],
        word(1),
        word(1),
        word(2),
        vec![3; 32],
        word(4),
        word(1),
        [vec![5; 20], vec![0; 4]].concat(),
        word(6),
        word(7),
        word(1),
        vec![8; 32],
        word(2),
        vec![10, 11, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    assert_eq!(input.encode(), expected);
}

#[test]
fn each_way_an_input_can_be_wrong_has_its_own_error() {
    let good = Input {
        prior_state: vec![1],
        blocks: vec![],
    }
    .encode();
    let with = |change: fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        change(&mut bytes);
        input::decode(&bytes).unwrap_err()
    };
    assert_eq!(with(|bytes| bytes[0] = 2), InputError::UnknownVersion);
    assert_eq!(with(|bytes| bytes[17] = 1), InputError::Padding);
    assert_eq!(with(|bytes| bytes.push(0)), InputError::TrailingBytes);
    assert_eq!(with(|bytes| bytes[24] = 1), InputError::Truncated);
    assert_eq!(with(|bytes| bytes[15] = 255), InputError::Truncated);

    let log = LogEntry {
        address: H160::zero(),
        transaction_index: 0,
        log_index: 0,
        topics: vec![H256::zero(); 5],
        data: vec![],
    };
    let block = BlockEntry {
        chain_id: 1,
        number: 1,
        hash: H256::zero(),
        timestamp: 0,
        logs: vec![log],
    };
    let five_topics = Input {
        prior_state: vec![],
        blocks: vec![block],
    }
    .encode();
    assert_eq!(input::decode(&five_topics), Err(InputError::TooManyTopics));
}

#[test]
fn each_way_an_output_can_be_wrong_has_its_own_error() {
    let good = output::encode(&[1], &[2]);
    assert_eq!(output::decode(&good[..24]), Err(OutputError::Truncated));
    assert_eq!(
        output::decode(&[good.clone(), vec![0; 8]].concat()),
        Err(OutputError::TrailingBytes)
    );
    let mut padding = good;
    padding[17] = 1;
    assert_eq!(output::decode(&padding), Err(OutputError::Padding));
}
