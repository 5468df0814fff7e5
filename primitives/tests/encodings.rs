//! Inputs and outputs of runs: one encoding for each, aligned, and total decoders.

use proptest::prelude::*;
use weft_primitives::{
    H160, H256,
    input::{
        self, AccountEntry, BlockEntry, BlockRange, FieldEntry, HeaderEntry, Input, InputError, LogEntry,
        Section, TransactionEntry,
    },
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

fn hash() -> impl Strategy<Value = H256> {
    any::<[u8; 32]>().prop_map(H256)
}

fn block() -> impl Strategy<Value = BlockEntry> {
    let logs = prop::collection::vec(log(), 1..4);
    (any::<u64>(), any::<u64>(), logs).prop_map(|(number, timestamp, logs)| BlockEntry {
        number,
        timestamp,
        logs,
    })
}

fn account() -> impl Strategy<Value = AccountEntry> {
    let slots = prop::collection::vec((hash(), hash()), 0..3);
    (any::<[u8; 20]>(), any::<u64>(), hash(), hash(), slots).prop_map(
        |(address, nonce, balance, code_hash, slots)| AccountEntry {
            address: H160(address),
            nonce,
            balance,
            code_hash,
            slots,
        },
    )
}

fn transaction() -> impl Strategy<Value = TransactionEntry> {
    let to = prop::option::of(any::<[u8; 20]>().prop_map(H160));
    let data = prop::collection::vec(any::<u8>(), 0..70);
    (any::<[u64; 3]>(), hash(), any::<[u8; 20]>(), to, hash(), data).prop_map(
        |([index, nonce, gas_limit], hash, sender, to, value, data)| TransactionEntry {
            index,
            hash,
            sender: H160(sender),
            to,
            nonce,
            value,
            gas_limit,
            data,
        },
    )
}

fn header() -> impl Strategy<Value = HeaderEntry> {
    (any::<[u64; 2]>(), hash(), hash(), hash()).prop_map(
        |([number, timestamp], state_root, transactions_root, receipts_root)| HeaderEntry {
            number,
            timestamp,
            state_root,
            transactions_root,
            receipts_root,
        },
    )
}

fn field() -> impl Strategy<Value = FieldEntry> {
    (any::<u64>(), hash()).prop_map(|(index, node)| FieldEntry { index, node })
}

fn range() -> impl Strategy<Value = BlockRange> {
    (any::<[u64; 4]>(), hash()).prop_map(|([chain_id, first, last, timestamp], hash)| BlockRange {
        chain_id,
        first,
        last,
        hash,
        timestamp,
    })
}

fn section() -> impl Strategy<Value = Section> {
    prop_oneof![
        (range(), prop::collection::vec(block(), 0..3))
            .prop_map(|(range, blocks)| Section::Events(range, blocks)),
        (range(), prop::collection::vec(block(), 0..3))
            .prop_map(|(range, blocks)| Section::TransactionEvents(range, blocks)),
        (range(), prop::collection::vec(account(), 0..3))
            .prop_map(|(range, accounts)| Section::Storage(range, accounts)),
        (range(), prop::collection::vec(transaction(), 0..3))
            .prop_map(|(range, transactions)| Section::Transactions(range, transactions)),
        (hash(), prop::collection::vec(any::<u8>(), 0..50))
            .prop_map(|(graph, state)| Section::State(graph, state)),
        (range(), prop::collection::vec(field(), 0..3))
            .prop_map(|(range, fields)| Section::Beacon(range, fields)),
        (range(), prop::collection::vec(header(), 0..3))
            .prop_map(|(range, headers)| Section::Headers(range, headers)),
    ]
}

fn input() -> impl Strategy<Value = Input> {
    (
        prop::collection::vec(any::<u8>(), 0..50),
        prop::collection::vec(section(), 0..4),
    )
        .prop_map(|(prior_state, sources)| Input { prior_state, sources })
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
        sources: vec![Section::Events(
            BlockRange {
                chain_id: 1,
                first: 2,
                last: 3,
                hash: H256([3; 32]),
                timestamp: 4,
            },
            vec![BlockEntry {
                number: 12,
                timestamp: 13,
                logs: vec![LogEntry {
                    address: H160([5; 20]),
                    transaction_index: 6,
                    log_index: 7,
                    topics: vec![H256([8; 32])],
                    data: vec![10, 11],
                }],
            }],
        )],
    };
    let word = |word: u64| word.to_le_bytes().to_vec();
    let expected = [
        word(2),
        word(1),
        vec![9, 0, 0, 0, 0, 0, 0, 0],
        word(1),
        word(1),
        word(24), // words that follow
        word(1),
        word(2),
        word(3),
        vec![3; 32],
        word(4),
        word(1),
        word(12),
        word(13),
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
        sources: vec![],
    }
    .encode();
    let with = |change: fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        change(&mut bytes);
        input::decode(&bytes).unwrap_err()
    };
    assert_eq!(with(|bytes| bytes[0] = 1), InputError::UnknownVersion);
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
    let of = |logs| {
        let block = BlockEntry {
            number: 1,
            timestamp: 0,
            logs,
        };
        Input {
            prior_state: vec![],
            sources: vec![Section::Events(BlockRange::default(), vec![block])],
        }
        .encode()
    };
    assert_eq!(input::decode(&of(vec![log])), Err(InputError::TooManyTopics));
    assert_eq!(input::decode(&of(vec![])), Err(InputError::Contradiction));

    let state = Input {
        prior_state: vec![],
        sources: vec![Section::State(H256([1; 32]), vec![1, 2])],
    }
    .encode();
    let with = |at: usize, word: u64| {
        let mut bytes = state.clone();
        bytes[8 * at..8 * at + 8].copy_from_slice(&word.to_le_bytes());
        input::decode(&bytes)
    };
    assert!(with(3, 5).is_ok());
    assert_eq!(with(3, 8), Err(InputError::UnknownKind));
    assert_eq!(with(4, 10), Err(InputError::Contradiction), "another length");
    assert_eq!(with(5, 1), Err(InputError::Contradiction), "a chain");
    assert_eq!(with(13, 2), Err(InputError::Contradiction), "two states");
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
