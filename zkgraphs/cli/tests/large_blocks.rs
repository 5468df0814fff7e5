//! The example `large-blocks`: receipts as advice, more of them than fit into an extrinsic.
//!
//! Needs the WebAssembly target of Rust: `scripts/setup` installs it.

mod support;

use std::sync::LazyLock;

use alloy_consensus::{Eip658Value, Receipt, ReceiptEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, B256, Bytes, Log, keccak256};
use support::{development_keys, example, word};
use weft_cli::{
    compile::compile,
    execute::{End, Execution, MAX_STEPS, execute, execute_advised},
    image::image,
    proof::Proving,
};
use weft_ethereum_proofs::items_root;
use weft_primitives::{
    H256, advice,
    input::{BlockRange, HeaderEntry, Input, Section},
    source::MAX_EVIDENCE_BYTES,
};

static WASM: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let compiled = compile(&example("large-blocks"));
    compiled
        .unwrap_or_else(|error| panic!("it compiles: {error:#}"))
        .wasm
});

/// A receipt with a transfer of `amount`, an event of another contract, and so many bytes of data beside them.
fn receipt(amount: u64, data: usize) -> Vec<u8> {
    let topics = vec![
        keccak256("Transfer(address,address,uint256)"),
        B256::repeat_byte(1),
        B256::repeat_byte(2),
    ];
    let transfer = |contract: u8| {
        let amount = Bytes::copy_from_slice(&word([0, 0, 0, amount]));
        Log::new(Address::repeat_byte(contract), topics.clone(), amount).unwrap()
    };
    let noise = Log::new(Address::repeat_byte(3), vec![], Bytes::from(vec![7; data])).unwrap();
    let receipt = Receipt {
        status: Eip658Value::Eip658(true),
        cumulative_gas_used: 21_000,
        logs: vec![transfer(0x22), noise, transfer(0x11)],
    };
    ReceiptEnvelope::Eip1559(receipt.with_bloom()).encoded_2718()
}

/// A block with receipts of `data` bytes beside two transfers each, the input that names it, and the advice.
fn block(receipts: usize, data: usize) -> (Vec<u8>, Vec<u64>, usize) {
    let receipts: Vec<Vec<u8>> = (0..receipts).map(|index| receipt(index as u64, data)).collect();
    let header = HeaderEntry {
        number: 7,
        timestamp: 1_700_000_000,
        state_root: H256([1; 32]),
        transactions_root: H256([2; 32]),
        receipts_root: items_root(&receipts),
    };
    let range = BlockRange {
        chain_id: 1,
        first: 7,
        last: 7,
        hash: H256([9; 32]),
        timestamp: 1_700_000_000,
    };
    let input = Input {
        prior_state: vec![],
        sources: vec![Section::Headers(range, vec![header])],
    };
    let bytes = receipts.iter().map(Vec::len).sum();
    (input.encode(), advice::encode(&[receipts]), bytes)
}

fn run(input: &[u8], advice: &[u64]) -> Execution {
    execute_advised(&WASM, input, Some(advice), MAX_STEPS).expect("the run ends")
}

fn total(end: &End) -> [u8; 32] {
    match end {
        End::Returned(output) => output.next_state.as_slice().try_into().expect("a number"),
        End::Trapped(reason) => panic!("trapped: {reason}"),
    }
}

#[test]
fn a_block_that_no_extrinsic_holds_is_read_within_the_steps_of_a_run() {
    let (input, advice, bytes) = block(300, 3600);
    assert!(bytes > MAX_EVIDENCE_BYTES as usize);
    let execution = run(&input, &advice);
    assert_eq!(total(&execution.end), word([0, 0, 0, 299 * 300 / 2]));
    assert!((execution.trace.steps.len() as u64) < MAX_STEPS);
}

#[test]
fn false_advice_and_none_end_in_a_trap() {
    let (input, advice, _) = block(3, 0);
    assert_eq!(total(&run(&input, &advice).end), word([0, 0, 0, 3]));
    for at in [0, 1, 2, advice.len() / 2, advice.len() - 1] {
        let mut words = advice.clone();
        words[at] ^= 1 << 20;
        assert!(matches!(run(&input, &words).end, End::Trapped(_)), "word {at}");
    }
    let without = execute(&WASM, &input, MAX_STEPS).expect("the run ends");
    assert!(matches!(without.end, End::Trapped(_)));
}

#[test]
fn a_run_with_advice_is_proved_and_its_trap_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = development_keys();
    let (input, advice, _) = block(2, 0);
    let proving = Proving {
        wasm: &WASM,
        input: &input,
        advice: Some(&advice),
        source: &keys,
        statement: [7; 32],
        processes: 1,
        journal: folder.path().join("proof.journal"),
    };
    let proved = proving.prove(&|_, _| ()).expect("an honest run is proved");
    let image = image(&WASM, &keys).expect("the program has one").image;
    proved
        .file
        .verify(image, &input, &keys)
        .expect("the proof is right");
    let (other, _, _) = block(3, 0);
    assert!(proved.file.verify(image, &other, &keys).is_err());

    let mut words = advice.clone();
    words[3] ^= 1;
    let lying = Proving {
        advice: Some(&words),
        ..proving
    };
    let Err(refused) = lying.prove(&|_, _| ()) else {
        panic!("a trap was proved")
    };
    let refused = refused.to_string();
    assert!(refused.contains("advice"), "{refused}");
}

#[test]
#[ignore = "prints what docs/benchmarks.md says of advice"]
fn what_advice_costs() {
    for (receipts, data) in [(1, 0), (10, 0), (200, 0), (200, 4600), (200, 9800), (200, 19_000)] {
        let (input, advice, bytes) = block(receipts, data);
        match execute_advised(&WASM, &input, Some(&advice), MAX_STEPS) {
            Ok(execution) => println!(
                "{receipts} receipts, {bytes} bytes: {} steps, {} calls of Keccak",
                execution.trace.steps.len(),
                execution.trace.calls.len()
            ),
            Err(error) => println!("{receipts} receipts, {bytes} bytes: {error}"),
        }
    }
}
