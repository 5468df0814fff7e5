//! The SDK reads what `weft-primitives` writes, and writes what it reads.

use std::cell::RefCell;

use proptest::{collection::vec, prelude::*};
use weft_primitives::{
    H160, H256,
    input::{
        AccountEntry, BlockEntry, BlockRange, FieldEntry, HeaderEntry, Input as Whole, LogEntry, Section,
        TransactionEntry,
    },
    output::{Output, decode},
};
use weft_zkgraph::{Address, Bytes32, Input, SourceKind, U256, output, testing};

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
    (any::<[u64; 2]>(), vec(log(), 1..4)).prop_map(|([number, timestamp], logs)| BlockEntry {
        number,
        timestamp,
        logs,
    })
}

fn hash() -> impl Strategy<Value = H256> {
    any::<[u8; 32]>().prop_map(H256)
}

fn account() -> impl Strategy<Value = AccountEntry> {
    let slots = vec((hash(), hash()), 0..3);
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
    let to = proptest::option::of(any::<[u8; 20]>().prop_map(H160));
    let data = vec(any::<u8>(), 0..70);
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

fn section() -> impl Strategy<Value = Section> {
    let range =
        (any::<[u64; 4]>(), hash()).prop_map(|([chain_id, first, last, timestamp], hash)| BlockRange {
            chain_id,
            first,
            last,
            hash,
            timestamp,
        });
    let field = (any::<u64>(), hash()).prop_map(|(index, node)| FieldEntry { index, node });
    let header = (any::<[u64; 2]>(), hash(), hash(), hash()).prop_map(
        |([number, timestamp], state_root, transactions_root, receipts_root)| HeaderEntry {
            number,
            timestamp,
            state_root,
            transactions_root,
            receipts_root,
        },
    );
    let items = (
        vec(block(), 0..3),
        vec(account(), 0..3),
        vec(transaction(), 0..3),
        vec(field, 0..3),
        vec(header, 0..3),
    );
    (0..7, range, items, vec(any::<u8>(), 0..80)).prop_map(
        |(kind, range, (blocks, accounts, transactions, fields, headers), state)| match kind {
            0 => Section::Events(range, blocks),
            1 => Section::TransactionEvents(range, blocks),
            2 => Section::Storage(range, accounts),
            3 => Section::Transactions(range, transactions),
            4 => Section::Beacon(range, fields),
            5 => Section::Headers(range, headers),
            _ => Section::State(range.hash, state),
        },
    )
}

fn input() -> impl Strategy<Value = Whole> {
    (vec(any::<u8>(), 0..80), vec(section(), 0..4))
        .prop_map(|(prior_state, sources)| Whole { prior_state, sources })
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
    let mut sources = Vec::new();
    while let Some(source) = input.next_source() {
        let range = BlockRange {
            chain_id: source.chain_id(),
            first: source.first_block(),
            last: source.last_block(),
            hash: read_hash(source.hash()),
            timestamp: source.timestamp(),
        };
        sources.push(match source.kind() {
            SourceKind::Events => Section::Events(range, read_blocks(&mut input)),
            SourceKind::TransactionEvents => Section::TransactionEvents(range, read_blocks(&mut input)),
            SourceKind::Storage => Section::Storage(range, read_accounts(&mut input)),
            SourceKind::Transactions => Section::Transactions(range, read_transactions(&mut input)),
            SourceKind::Beacon => Section::Beacon(range, read_fields(&mut input)),
            SourceKind::Headers => Section::Headers(range, read_headers(&mut input)),
            SourceKind::State => Section::State(range.hash, read_bytes(source.state())),
        });
    }
    READ.replace(Some(Whole {
        prior_state: read_bytes(state),
        sources,
    }));
    output::write(&state, &());
}

fn read_hash(hash: Bytes32) -> H256 {
    H256::from_slice(&bytes_of(hash.words().into_iter(), 32))
}

fn read_address(address: Address) -> H160 {
    H160::from_slice(&read_hash(address.to_bytes32()).0[12..])
}

fn read_blocks(input: &mut Input) -> Vec<BlockEntry> {
    let mut blocks = Vec::new();
    while let Some(block) = input.next_block() {
        let mut logs = Vec::new();
        while let Some(log) = input.next_log() {
            logs.push(LogEntry {
                address: read_address(log.address()),
                transaction_index: log.transaction_index(),
                log_index: log.log_index(),
                topics: (0..log.topic_count()).map(|i| read_hash(log.topic(i))).collect(),
                data: read_bytes(log.data()),
            });
        }
        assert_eq!(block.log_count(), logs.len() as u64);
        blocks.push(BlockEntry {
            number: block.number(),
            timestamp: block.timestamp(),
            logs,
        });
    }
    blocks
}

fn read_headers(input: &mut Input) -> Vec<HeaderEntry> {
    let mut headers = Vec::new();
    while let Some(header) = input.next_header() {
        headers.push(HeaderEntry {
            number: header.number(),
            timestamp: header.timestamp(),
            state_root: read_hash(header.state_root()),
            transactions_root: read_hash(header.transactions_root()),
            receipts_root: read_hash(header.receipts_root()),
        });
    }
    headers
}

fn read_fields(input: &mut Input) -> Vec<FieldEntry> {
    let mut fields = Vec::new();
    while let Some(field) = input.next_field() {
        let node = read_hash(field.node());
        let words: Vec<u8> = (0..4)
            .flat_map(|place| field.integer(place).to_le_bytes())
            .collect();
        assert_eq!(words, node.0);
        fields.push(FieldEntry {
            index: field.index(),
            node,
        });
    }
    fields
}

fn read_accounts(input: &mut Input) -> Vec<AccountEntry> {
    let mut accounts = Vec::new();
    while let Some(account) = input.next_account() {
        let slots = (0..account.slot_count()).map(|i| account.slot(i));
        accounts.push(AccountEntry {
            address: read_address(account.address()),
            nonce: account.nonce(),
            balance: read_hash(account.balance().into()),
            code_hash: read_hash(account.code_hash()),
            slots: slots
                .map(|slot| (read_hash(slot.key()), read_hash(slot.value())))
                .collect(),
        });
    }
    accounts
}

fn read_transactions(input: &mut Input) -> Vec<TransactionEntry> {
    let mut transactions = Vec::new();
    while let Some(transaction) = input.next_transaction() {
        transactions.push(TransactionEntry {
            index: transaction.index(),
            hash: read_hash(transaction.hash()),
            sender: read_address(transaction.sender()),
            to: transaction.to().map(read_address),
            nonce: transaction.nonce(),
            value: read_hash(transaction.value().into()),
            gas_limit: transaction.gas_limit(),
            data: read_bytes(transaction.data()),
        });
    }
    transactions
}

/// Counts sources, and the blocks of those that have events, without looking at their logs.
fn count_blocks() {
    let mut input = Input::open();
    let (mut sources, mut blocks) = (0u64, 0u64);
    while let Some(source) = input.next_source() {
        sources += 1;
        if source.kind() == SourceKind::Events {
            while input.next_block().is_some() {
                blocks += 1;
            }
        }
    }
    output::write(&(), &(sources, blocks));
}

proptest! {
    #[test]
    fn every_field_of_an_input_is_read(input in input()) {
        let written = testing::run(&input.encode(), read_everything);
        prop_assert_eq!(READ.take(), Some(input.clone()));
        prop_assert_eq!(decode(&written), Ok(Output { next_state: input.prior_state, payload: vec![] }));
    }

    #[test]
    fn what_is_not_read_is_passed(input in input()) {
        let written = testing::run(&input.encode(), count_blocks);
        let payload = decode(&written).expect("an output").payload;
        let blocks = input.sources.iter().map(|source| match source {
            Section::Events(_, blocks) => blocks.len() as u64,
            _ => 0,
        });
        let sources = input.sources.len() as u64;
        prop_assert_eq!(payload, [word(sources), word(blocks.sum())].concat());
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
    testing::run(&1u64.to_le_bytes(), count_blocks);
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
            sources: vec![],
        }
        .encode(),
        program,
    );
}
