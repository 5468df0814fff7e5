//! The example `large-blocks`: receipts as advice, more of them than fit into an extrinsic.
//!
//! Needs the WebAssembly target of Rust: `scripts/setup` installs it.

mod receipts;
mod support;

use std::sync::LazyLock;

use receipts::block;
use support::{development_keys, example, word};
use weft_cli::{
    compile::compile,
    execute::{End, Execution, MAX_STEPS, execute, execute_advised},
    image::image,
    proof::Proving,
};
use weft_primitives::source::MAX_EVIDENCE_BYTES;

static WASM: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let compiled = compile(&example("large-blocks"));
    compiled
        .unwrap_or_else(|error| panic!("it compiles: {error:#}"))
        .wasm
});

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
