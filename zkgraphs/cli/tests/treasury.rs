//! The example `treasury`: several kinds of source in one run, and Solidity's encodings decoded by `alloy-sol-types`.
//!
//! Needs the WebAssembly target of Rust: `scripts/setup` installs it.

mod support;

use support::{example, transfer, word};
use weft_cli::{
    compile::compile,
    execute::{End, Execution, MAX_STEPS, execute},
};
use weft_primitives::{
    H160, H256,
    input::{AccountEntry, BlockEntry, BlockRange, Input, Section, TransactionEntry},
    keccak256,
};

const TREASURY: H160 = H160([0x77; 20]);
const TOKEN: H160 = H160([0x11; 20]);

fn number(value: u64) -> [u8; 32] {
    word([0, 0, 0, value])
}

fn account(address: H160, balance: u64, slots: &[u64]) -> AccountEntry {
    AccountEntry {
        address,
        nonce: 0,
        balance: H256(number(balance)),
        code_hash: H256::zero(),
        slots: slots
            .iter()
            .map(|value| (H256([9; 32]), H256(number(*value))))
            .collect(),
    }
}

fn event(index: u64, to: H160, value: u64) -> weft_primitives::input::LogEntry {
    let mut log = transfer(index, number(value));
    log.topics[2] = H256::from(to);
    log
}

fn transaction(index: u64, called: Option<H160>, data: Vec<u8>) -> TransactionEntry {
    TransactionEntry {
        index,
        hash: H256::zero(),
        sender: H160::zero(),
        to: called,
        nonce: 0,
        value: H256::zero(),
        gas_limit: 0,
        data,
    }
}

/// Calldata of transfer(to, value).
fn calldata(to: H160, value: u64) -> Vec<u8> {
    let selector = keccak256(b"transfer(address,uint256)").0[..4].to_vec();
    [selector, H256::from(to).0.to_vec(), number(value).to_vec()].concat()
}

fn run(wasm: &[u8], sources: Vec<Section>) -> Execution {
    let input = Input {
        prior_state: vec![],
        sources,
    };
    execute(wasm, &input.encode(), MAX_STEPS).expect("the run ends")
}

#[test]
fn storage_events_and_transactions_are_read_in_one_run() {
    let wasm = compile(&example("treasury")).expect("it compiles").wasm;
    let range = BlockRange::default();
    let mut of_another_form = event(3, TREASURY, 1 << 20);
    of_another_form.data.clear();
    let blocks = vec![
        BlockEntry {
            number: 1,
            timestamp: 1,
            logs: vec![event(0, TREASURY, 5), event(1, H160([1; 20]), 1 << 10)],
        },
        BlockEntry {
            number: 9,
            timestamp: 2,
            logs: vec![of_another_form, event(4, TREASURY, 7)],
        },
    ];
    let mut cut = calldata(TREASURY, 1 << 30);
    cut.pop();
    let transactions = vec![
        transaction(0, Some(TOKEN), calldata(TREASURY, 100)),
        transaction(1, Some(TOKEN), calldata(H160([2; 20]), 1 << 11)),
        transaction(2, Some(H160([3; 20])), calldata(TREASURY, 1 << 12)),
        transaction(3, None, calldata(TREASURY, 1 << 13)),
        transaction(4, Some(TOKEN), cut),
        transaction(5, Some(TOKEN), vec![]),
        transaction(6, Some(TOKEN), calldata(TREASURY, 11)),
    ];
    let storage = || {
        Section::Storage(
            range,
            vec![account(TREASURY, 1_000, &[]), account(TOKEN, 0, &[42])],
        )
    };
    let sources = vec![
        storage(),
        Section::Events(range, blocks),
        Section::Transactions(range, transactions),
    ];
    let execution = run(&wasm, sources);
    println!("{} steps", execution.trace.steps.len());
    let End::Returned(output) = execution.end else {
        panic!("it returns: {:?}", execution.end)
    };
    assert_eq!(
        output.payload,
        [number(1_000), number(42), number(12), number(111)].concat()
    );

    let missing = run(&wasm, vec![storage(), Section::Transactions(range, vec![])]);
    assert!(matches!(missing.end, End::Trapped(_)), "other sources");
}
