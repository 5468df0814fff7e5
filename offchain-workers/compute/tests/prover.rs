//! The prover in this process.

use std::sync::{Arc, OnceLock};

use weft_compute::prover::{LocalProver, Powers, ProverError, ProvingQueue, Task};
use weft_primitives::{Claim, H256, Outcome};
use weft_zkwasm::{machine::execute, translate::translate};

/// Writes twice its first input word; traps if there is none.
const DOUBLE: &str = r#"(module
  (import "weft" "input_len" (func $len (result i32)))
  (import "weft" "input_word" (func $word (param i32) (result i64)))
  (import "weft" "output_word" (func $out (param i64)))
  (func (export "run")
    (if (i32.eqz (call $len)) (then unreachable))
    (call $out (i64.shl (call $word (i32.const 0)) (i64.const 1)))))"#;

fn prover() -> &'static LocalProver {
    static PROVER: OnceLock<LocalProver> = OnceLock::new();
    PROVER.get_or_init(|| LocalProver::new(&Powers::Development, 17).expect("powers of tau"))
}

fn task(input: &[u8]) -> Task {
    let wasm = wat::parse_str(DOUBLE).expect("the text is valid");
    let program = translate(&wasm).expect("the module is supported");
    let trace = execute(&program, input, 1000).expect("the program ends");
    let trapped = trace.outcome == 1;
    let output = if trapped {
        Vec::new()
    } else {
        trace.output.iter().flat_map(|it| it.to_le_bytes()).collect()
    };
    let claim = Claim {
        statement: H256::repeat_byte(7),
        image: prover().image(&program).expect("the program fits"),
        input: input.to_vec(),
        output,
        outcome: if trapped { Outcome::Trapped } else { Outcome::Ok },
        steps: trace.steps.len() as u64,
        advised: false,
    };
    Task {
        claim,
        program: Arc::new(program),
        trace: Arc::new(trace),
        journal: None,
    }
}

#[tokio::test]
async fn a_proof_shows_its_claim_and_no_other() {
    let task = task(&21u64.to_le_bytes());
    let claim = task.claim.clone();
    assert_eq!(claim.output, 42u64.to_le_bytes());
    let proof = prover().prove(task).await.expect("proved");
    prover().verify(&claim, &proof).expect("right");
    let others = [
        Claim {
            statement: H256::zero(),
            ..claim.clone()
        },
        Claim {
            output: 43u64.to_le_bytes().to_vec(),
            ..claim.clone()
        },
        Claim {
            input: 22u64.to_le_bytes().to_vec(),
            ..claim.clone()
        },
        Claim {
            outcome: Outcome::Trapped,
            output: Vec::new(),
            ..claim
        },
    ];
    for other in others {
        assert!(
            matches!(prover().verify(&other, &proof), Err(ProverError::Wrong(_))),
            "{other:?}"
        );
    }
}

#[tokio::test]
async fn a_trap_is_proved_too() {
    let task = task(&[]);
    let claim = task.claim.clone();
    assert_eq!(claim.outcome, Outcome::Trapped);
    let proof = prover().prove(task).await.expect("proved");
    prover().verify(&claim, &proof).expect("right");
}

#[tokio::test]
async fn an_image_that_is_none_is_an_error_and_no_panic() {
    let mut task = task(&21u64.to_le_bytes());
    task.claim.image = vec![0; 3];
    assert!(matches!(
        prover().prove(task).await,
        Err(ProverError::MalformedImage)
    ));
}

#[test]
fn a_missing_file_of_powers_says_where_it_was_looked_for() {
    let error = LocalProver::new(&Powers::File("/nowhere/powers.ptau".into()), 17).expect_err("no file");
    assert!(error.to_string().contains("/nowhere/powers.ptau"), "{error}");
}
