//! What the AssemblyScript SDK reads and computes: a program that tells all it sees.
//!
//! Needs the npm packages of the example in AssemblyScript, which `scripts/setup` installs.

mod support;

use std::{fs, path::Path};

use support::{block, events, transfer, word, zkgraphs};
use weft_cli::{
    commands::new,
    compile::compile,
    execute::{End, MAX_STEPS, execute, execute_advised},
    manifest_file::Language,
    project::Project,
};
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

/// Adds and compares the two numbers in the state.
const CALCULATOR: &str = r#"
import { beginOutput, input, state, U256 } from "weft-zkgraph/assembly";

export function run(): void {
  let a = new U256();
  let b = new U256();
  let above = new U256();
  input.open();
  state.readU256(0, a);
  state.readU256(1, b);
  above.a = a.isAbove(b) ? 1 : 0;
  a.add(b);
  beginOutput(32, 32);
  a.write();
  above.write();
}
"#;

/// Hashes as many bytes as the first number in the state says, and multiplies and divides the next three.
const HASHER: &str = r#"
import { beginOutput, input, keccak256, poseidon, sha256, state, U256 } from "weft-zkgraph/assembly";

const bytes = memory.data(256, 8);

export function run(): void {
  let length = new U256();
  let a = new U256();
  let b = new U256();
  let m = new U256();
  let result = new U256();
  input.open();
  state.readU256(0, length);
  state.readU256(1, a);
  state.readU256(2, b);
  state.readU256(3, m);
  for (let i: usize = 0; i < 256; i++) store<u8>(bytes + i, <u8>(i * 7 + 3));
  beginOutput(0, 8 * 32);
  keccak256(bytes, <usize>length.a, result);
  result.write();
  sha256(bytes, <usize>length.a, result);
  result.write();
  poseidon(a, b, result);
  result.write();
  result.set(a);
  result.mulMod(b, m);
  result.write();
  result.set(a);
  result.div(m);
  result.write();
  result.set(a);
  result.rem(m);
  result.write();
  m.a = 1;
  m.b = 1;
  m.c = 0;
  m.d = 0;
  m.mul(m);
  m.write();
  a.mul(b);
  a.write();
}
"#;

/// The signer of the four numbers in the state: hash, r, s, and whether y is odd; and two powers.
const RECOVERER: &str = r#"
import { beginOutput, input, recover, state, U256 } from "weft-zkgraph/assembly";

export function run(): void {
  let hash = new U256();
  let r = new U256();
  let s = new U256();
  let odd = new U256();
  let signer = new U256();
  input.open();
  state.readU256(0, hash);
  state.readU256(1, r);
  state.readU256(2, s);
  state.readU256(3, odd);
  beginOutput(0, 3 * 32);
  let found = recover(hash, r, s, <bool>odd.a, signer);
  if (!found) signer.a = signer.b = signer.c = signer.d = 0;
  signer.write();
  signer.set(r);
  signer.addMod(s, hash);
  signer.write();
  r.powMod(s, hash);
  r.write();
}
"#;

/// Advice for [`TELLER`].
const ADVICE: [u64; 2] = [5, 0x1234_5678_9abc];

/// A program in AssemblyScript, compiled.
fn compiled(source: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    new::run(&new::Arguments::new(
        "program",
        Language::AssemblyScript,
        folder.path(),
    ))
    .expect("it is made");
    let root = folder.path().join("program");
    fs::write(root.join("assembly/index.ts"), source).expect("it can be written");
    link_packages(&root);
    let project = Project::find(&root).expect("it is there");
    compile(&project)
        .unwrap_or_else(|error| panic!("it compiles: {error:#}"))
        .wasm
}

fn link_packages(root: &Path) {
    let packages = zkgraphs().join("examples/transfer-volume-assemblyscript/node_modules");
    std::os::unix::fs::symlink(packages, root.join("node_modules")).expect("a link can be made");
}

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

#[test]
fn sums_carry_and_comparisons_start_at_the_top() {
    let wasm = compiled(CALCULATOR);
    const M: u64 = u64::MAX;
    let numbers = [
        [0, 0, 0, 0],
        [0, 0, 0, 1],
        [0, 0, 0, M],
        [0, 0, M, M],
        [0, M, M, M],
        [M, M, M, M],
        [1, 0, 0, 0],
        [0, 0, 1, 0],
        [0, 1, 0, M],
        [M, 0, M, 0],
    ];
    for a in numbers {
        for b in numbers {
            let input = Input {
                prior_state: [word(a), word(b)].concat(),
                sources: vec![],
            };
            let end = execute(&wasm, &input.encode(), MAX_STEPS).expect("it ends").end;
            // In limbs of 64 bits, the highest first, so that arrays compare as numbers do.
            let mut sum = [0; 4];
            let mut carry = 0;
            for i in (0..4).rev() {
                let limb = u128::from(a[i]) + u128::from(b[i]) + carry;
                (sum[i], carry) = (limb as u64, limb >> 64);
            }
            match end {
                End::Returned(output) => {
                    assert_eq!(carry, 0, "{a:?} + {b:?} does not fit");
                    assert_eq!(output.next_state, word(sum), "{a:?} + {b:?}");
                    assert_eq!(output.payload, number((a > b).into()), "{a:?} > {b:?}");
                }
                End::Trapped(_) => assert_eq!(carry, 1, "{a:?} + {b:?} fits"),
            }
        }
    }
}

#[test]
fn hashes_and_products_are_those_of_the_rust_sdk() {
    use weft_zkgraph::{U256, keccak256, poseidon, sha256};
    let wasm = compiled(HASHER);
    let bytes: Vec<u8> = (0..256u32).map(|i| (i * 7 + 3) as u8).collect();
    let limbs = |number: [u64; 4]| U256::from_limbs([number[3], number[2], number[1], number[0]]);
    let shown = |number: U256| {
        let [a, b, c, d] = number.limbs();
        word([d, c, b, a])
    };
    const M: u64 = u64::MAX;
    let numbers = [
        ([0, 0, M, 5], [0, 0, 0, 9], [0, 0, 1, 7]),
        ([0, 0, 3, M], [0, 0, M, 2], [M, 1, 2, 3]),
    ];
    for length in [0, 1, 7, 8, 55, 56, 63, 64, 120, 135, 136, 137, 200, 256] {
        for (a, b, m) in numbers {
            let input = Input {
                prior_state: [number(length as u64), word(a), word(b), word(m)].concat(),
                sources: vec![],
            };
            let end = execute(&wasm, &input.encode(), MAX_STEPS).expect("it ends").end;
            let End::Returned(output) = end else {
                panic!("it returns: {end:?}")
            };
            let (a, b, m) = (limbs(a), limbs(b), limbs(m));
            let (quotient, remainder) = a.div_rem(m).expect("m is not 0");
            let expected = [
                shown(keccak256(&bytes[..length]).to_u256()),
                shown(sha256(&bytes[..length]).to_u256()),
                shown(poseidon(a, b)),
                shown(a.mul_mod(b, m).expect("m is not 0")),
                shown(quotient),
                shown(remainder),
                word([0, 1, 2, 1]),
                shown(a * b),
            ];
            assert_eq!(output.payload, expected.concat(), "{length} bytes");
        }
    }
    let overflow = Input {
        prior_state: [number(0), word([M; 4]), word([M; 4]), word([0, 0, 0, 1])].concat(),
        sources: vec![],
    };
    let end = execute(&wasm, &overflow.encode(), MAX_STEPS)
        .expect("it ends")
        .end;
    assert!(matches!(end, End::Trapped(_)), "a product that does not fit");
}

#[test]
fn signers_and_powers_are_those_of_the_rust_sdk() {
    use weft_zkgraph::{
        Bytes32, U256,
        secp256k1::{ORDER, Point, Signature},
    };
    let wasm = compiled(RECOVERER);
    let g = Point::GENERATOR;
    let shown = |number: U256| {
        let [a, b, c, d] = number.limbs();
        word([d, c, b, a])
    };
    let hash = U256::from_limbs([1, 2, 3, u64::MAX]);
    let cases = [
        (hash, g.x(), U256::from(77), false, true),
        (hash, g.x(), ORDER - U256::from(77), true, true),
        // The key would be infinity; no point has this x; numbers that are too large.
        (U256::from(77), g.x(), U256::from(77), false, false),
        (hash, U256::from(5), U256::from(1), false, false),
        (hash, ORDER, U256::from(1), false, false),
        (hash, U256::from(1), U256::MAX, false, false),
        (U256::from(1), U256::from(1), U256::from(3), true, true),
    ];
    for (hash, r, s, odd, found) in cases {
        let input = Input {
            prior_state: [shown(hash), shown(r), shown(s), number(odd.into())].concat(),
            sources: vec![],
        };
        let end = execute(&wasm, &input.encode(), MAX_STEPS).expect("it ends").end;
        let End::Returned(output) = end else {
            panic!("it returns: {end:?}")
        };
        let key = Signature { r, s, odd }.recover(Bytes32::from(hash));
        assert_eq!(key.is_some(), found);
        let signer = key.map_or(U256::ZERO, |key| key.address().to_bytes32().to_u256());
        let numbers = [
            signer,
            r.add_mod(s, hash).expect("not 0"),
            r.pow_mod(s, hash).expect("not 0"),
        ];
        assert_eq!(output.payload, numbers.map(shown).concat());
    }
}
