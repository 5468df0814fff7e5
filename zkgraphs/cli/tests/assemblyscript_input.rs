//! What the AssemblyScript SDK reads: a program that tells all it sees.
//!
//! Needs the npm packages of the example in AssemblyScript, which `scripts/setup` installs.

mod support;

use support::{block, compiled, events, transfer, word};
use weft_cli::execute::{End, MAX_STEPS, execute_advised};
use weft_primitives::{
    H160, H256,
    input::{
        AccountEntry, BlockEntry, BlockRange, FieldEntry, HeaderEntry, Input, LogEntry, Section,
        TransactionEntry,
    },
};

/// Writes every field of an input as 32 bytes, in order.
const TELLER: &str = r#"
import {
  account, adviceWord, beginOutput, block, field, header, input, log, source, state, transaction, U256,
} from "weft-zkgraph/assembly";

let count: u32 = 0;
let words = new StaticArray<u64>(4 * 128);

function tell(number: U256): void {
  words[count++] = number.d;
  words[count++] = number.c;
  words[count++] = number.b;
  words[count++] = number.a;
}

let number = new U256();
let small = new U256();

function tellSmall(value: u64): void {
  small.a = value;
  tell(small);
}

function tellEvents(): void {
  while (input.nextBlock()) {
    tellSmall(block.number());
    tellSmall(block.timestamp());
    while (input.nextLog()) {
      log.readAddress(number);
      tell(number);
      tellSmall(log.transactionIndex());
      tellSmall(log.logIndex());
      tellSmall(log.topicCount());
      for (let i: u32 = 0; i < log.topicCount(); i++) {
        log.readTopic(i, number);
        tell(number);
      }
      tellSmall(log.dataLength());
      for (let i: u32 = 0; i < log.dataLength() / 32; i++) {
        log.readData(i, number);
        tell(number);
      }
    }
  }
}

function tellAccounts(): void {
  while (input.nextAccount()) {
    account.readAddress(number);
    tell(number);
    tellSmall(account.nonce());
    account.readBalance(number);
    tell(number);
    account.readCodeHash(number);
    tell(number);
    for (let i: u32 = 0; i < account.slotCount(); i++) {
      account.readSlot(i, number);
      tell(number);
    }
  }
}

function tellHeaders(): void {
  while (input.nextHeader()) {
    tellSmall(header.number());
    tellSmall(header.timestamp());
    header.readStateRoot(number);
    tell(number);
    header.readTransactionsRoot(number);
    tell(number);
    header.readReceiptsRoot(number);
    tell(number);
    tellSmall(adviceWord(1));
  }
}

function tellFields(): void {
  while (input.nextField()) {
    tellSmall(field.index());
    field.readNode(number);
    tell(number);
    for (let place: u32 = 0; place < 4; place++) tellSmall(field.integer(place));
  }
}

function tellTransactions(): void {
  while (input.nextTransaction()) {
    tellSmall(transaction.index());
    transaction.readHash(number);
    tell(number);
    transaction.readSender(number);
    tell(number);
    tellSmall(transaction.isCreation() ? 1 : 0);
    transaction.readTo(number);
    tell(number);
    tellSmall(transaction.nonce());
    transaction.readValue(number);
    tell(number);
    tellSmall(transaction.gasLimit());
    tellSmall(transaction.dataLength());
    tellSmall(transaction.dataWord(0));
  }
}

export function run(): void {
  input.open();
  tellSmall(state.length());
  while (input.nextSource()) {
    tellSmall(source.kind());
    tellSmall(source.chainId());
    tellSmall(source.firstBlock());
    tellSmall(source.lastBlock());
    source.readHash(number);
    tell(number);
    tellSmall(source.timestamp());
    if (source.kind() <= 2) tellEvents();
    else if (source.kind() == 3) tellAccounts();
    else if (source.kind() == 4) tellTransactions();
    else if (source.kind() == 6) tellFields();
    else if (source.kind() == 7) tellHeaders();
    else {
      tellSmall(source.stateLength());
      for (let i: u32 = 0; i < source.stateLength() / 32; i++) {
        source.readState(i, number);
        tell(number);
      }
    }
  }
  beginOutput(0, count * 8);
  for (let i: u32 = 0; i < count; i += 4) {
    number.d = words[i];
    number.c = words[i + 1];
    number.b = words[i + 2];
    number.a = words[i + 3];
    number.write();
  }
}
"#;

/// Advice for [`TELLER`].
const ADVICE: [u64; 2] = [5, 0x1234_5678_9abc];

fn number(value: u64) -> [u8; 32] {
    word([0, 0, 0, value])
}

/// What [`TELLER`] should say of a source.
fn told(source: &Section, expected: &mut Vec<[u8; 32]>) {
    let head = |kind: u64, range: &BlockRange| {
        let BlockRange {
            chain_id,
            first,
            last,
            hash,
            timestamp,
        } = *range;
        [
            number(kind),
            number(chain_id),
            number(first),
            number(last),
            hash.0,
            number(timestamp),
        ]
    };
    match source {
        Section::Events(range, blocks) => {
            expected.extend(head(1, range));
            told_blocks(blocks, expected);
        }
        Section::TransactionEvents(range, blocks) => {
            expected.extend(head(2, range));
            told_blocks(blocks, expected);
        }
        Section::Storage(range, accounts) => {
            expected.extend(head(3, range));
            for account in accounts {
                expected.extend([
                    H256::from(account.address).0,
                    number(account.nonce),
                    account.balance.0,
                    account.code_hash.0,
                ]);
                expected.extend(account.slots.iter().map(|(_, value)| value.0));
            }
        }
        Section::Transactions(range, transactions) => {
            expected.extend(head(4, range));
            for transaction in transactions {
                let mut word = [0; 8];
                word[..transaction.data.len()].copy_from_slice(&transaction.data);
                expected.extend([
                    number(transaction.index),
                    transaction.hash.0,
                    H256::from(transaction.sender).0,
                    number(transaction.to.is_none().into()),
                    H256::from(transaction.to.unwrap_or_default()).0,
                    number(transaction.nonce),
                    transaction.value.0,
                    number(transaction.gas_limit),
                    number(transaction.data.len() as u64),
                    number(u64::from_le_bytes(word)),
                ]);
            }
        }
        Section::Beacon(range, fields) => {
            expected.extend(head(6, range));
            for field in fields {
                expected.extend([number(field.index), field.node.0]);
                let (words, _) = field.node.0.as_chunks();
                expected.extend(words.iter().map(|word| number(u64::from_le_bytes(*word))));
            }
        }
        Section::Headers(range, headers) => {
            expected.extend(head(7, range));
            for header in headers {
                expected.extend([
                    number(header.number),
                    number(header.timestamp),
                    header.state_root.0,
                    header.transactions_root.0,
                    header.receipts_root.0,
                    number(ADVICE[1]),
                ]);
            }
        }
        Section::State(graph, state) => {
            let range = BlockRange {
                hash: *graph,
                ..BlockRange::default()
            };
            expected.extend(head(5, &range));
            expected.push(number(state.len() as u64));
            expected.extend(state.as_chunks().0);
        }
    }
}

fn told_blocks(blocks: &[BlockEntry], expected: &mut Vec<[u8; 32]>) {
    for block in blocks {
        expected.extend([number(block.number), number(block.timestamp)]);
        for log in &block.logs {
            let topics = log.topics.len() as u64;
            expected.extend([
                H256::from(log.address).0,
                number(log.transaction_index),
                number(log.log_index),
                number(topics),
            ]);
            expected.extend(log.topics.iter().map(|topic| topic.0));
            expected.push(number(log.data.len() as u64));
            expected.extend(log.data.as_chunks().0);
        }
    }
}

#[test]
fn every_field_of_an_input_is_read() {
    let odd = LogEntry {
        address: H160(std::array::from_fn(|i| 0xe0 + i as u8)),
        transaction_index: 1 << 40,
        log_index: 3,
        topics: vec![],
        data: (0..77).collect(),
    };
    let range = BlockRange {
        chain_id: u64::MAX,
        first: 3,
        last: 5,
        hash: H256(word([5, 6, 7, 8])),
        timestamp: 9,
    };
    let second = block(vec![transfer(5, word([1, 2, 3, 4]))]);
    let accounts = vec![
        AccountEntry {
            address: H160(std::array::from_fn(|i| i as u8)),
            nonce: 4,
            balance: H256(word([9, 8, 7, 6])),
            code_hash: H256(word([1, 1, 1, 1])),
            slots: vec![
                (H256(number(5)), H256(word([2, 3, 4, 5]))),
                (H256(number(6)), H256(number(7))),
            ],
        },
        AccountEntry {
            address: H160([7; 20]),
            nonce: 0,
            balance: H256::zero(),
            code_hash: H256::zero(),
            slots: vec![],
        },
    ];
    let transactions = [None, Some(H160([8; 20]))].map(|to| TransactionEntry {
        index: 3,
        hash: H256(word([1, 2, 3, 4])),
        sender: H160(std::array::from_fn(|i| 0xa0 + i as u8)),
        to,
        nonce: 11,
        value: H256(word([0, 1, 0, 0])),
        gas_limit: 21_000,
        data: vec![1, 2, 3],
    });
    let fields = [(1, [3, 0, 0, 0]), (u64::MAX, [1, 2, 3, 4])].map(|(index, node)| FieldEntry {
        index,
        node: H256(word(node)),
    });
    let fields = fields.to_vec();
    let entry = HeaderEntry {
        number: 4,
        timestamp: 1 << 33,
        state_root: H256(word([1, 2, 3, 4])),
        transactions_root: H256(word([5, 6, 7, 8])),
        receipts_root: H256(word([9, 10, 11, 12])),
    };
    let input = Input {
        prior_state: vec![9; 13],
        sources: vec![
            events(vec![block(vec![odd, transfer(0, number(1))])]),
            Section::TransactionEvents(range, vec![second]),
            Section::Storage(range, accounts),
            Section::Transactions(range, transactions.to_vec()),
            Section::State(H256(word([4, 3, 2, 1])), word([6, 6, 6, 6]).to_vec()),
            Section::Beacon(range, fields),
            Section::Headers(range, vec![entry]),
            events(vec![]),
        ],
    };
    let mut expected = vec![number(13)];
    for source in &input.sources {
        told(source, &mut expected);
    }
    let end = execute_advised(&compiled(TELLER), &input.encode(), Some(&ADVICE), MAX_STEPS)
        .expect("it ends")
        .end;
    let End::Returned(output) = end else {
        panic!("it returns: {end:?}")
    };
    assert_eq!(output.payload, expected.concat());
}
