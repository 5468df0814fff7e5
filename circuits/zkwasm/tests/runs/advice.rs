//! Runs that read words that their prover chose.

use crate::prover::Attempt;
use weft_folding::ProveError;
use weft_zkwasm::{ChunkSizes, RunError, VerifyError, program::Program, translate::translate};

const SIZES: ChunkSizes = ChunkSizes {
    step: 5,
    scan: 5,
    segments: 1,
};

/// Writes the sum of as many words of advice as the input says; fails if it is 0.
const SUM: &str = r#"(module
  (import "weft" "input_word" (func $input (param i32) (result i64)))
  (import "weft" "advice_word" (func $word (param i32) (result i64)))
  (import "weft" "output_word" (func $out (param i64)))
  (func (export "run") (local $i i32) (local $sum i64)
    (loop $next
      (local.set $sum (i64.add (local.get $sum) (call $word (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.wrap_i64 (call $input (i32.const 0))))))
    (call $out (local.get $sum))
    (if (i64.eqz (local.get $sum)) (then unreachable))))"#;

fn program() -> Program {
    translate(&wat::parse_str(SUM).expect("the text is valid")).expect("the module is supported")
}

fn input(words: u64) -> Vec<u8> {
    words.to_le_bytes().to_vec()
}

#[test]
fn a_run_with_advice_is_proved_and_verified() {
    // More words than a chunk of cells has.
    let advice: Vec<u64> = (0..100).map(|word| word << 40 | word).collect();
    let attempt = Attempt::run_advised(&program(), &input(100), &advice);
    let proof = attempt.prove(SIZES).expect("an honest run is proved");
    attempt.verify(&proof).expect("an honest proof verifies");
    assert_eq!(attempt.output, [advice.iter().sum()]);
    let proof = attempt
        .prove_with_another(SIZES)
        .expect("two provers prove it too");
    attempt.verify(&proof).expect("their proof verifies");
}

#[test]
fn a_proof_with_advice_serves_no_claim_without_it_and_the_reverse() {
    let mut attempt = Attempt::run_advised(&program(), &input(2), &[3, 4]);
    let proof = attempt.prove(SIZES).expect("an honest run is proved");
    attempt.advised = false;
    assert!(matches!(attempt.verify(&proof), Err(VerifyError::Header)));

    // Without advice words are zeros, so that this run traps, and its claim says so.
    let mut attempt = Attempt::run(&program(), &input(2));
    assert!(attempt.trapped);
    let proof = attempt.prove(SIZES).expect("an honest run is proved");
    attempt.verify(&proof).expect("an honest proof verifies");
    attempt.advised = true;
    assert!(matches!(attempt.verify(&proof), Err(VerifyError::Claim(_))));
}

#[test]
fn a_prover_cannot_claim_advice_that_the_verifier_does_not_grant() {
    // The trace of a run with advice, claimed to be one without: the prover makes whatever proof he likes.
    let mut attempt = Attempt::run_advised(&program(), &input(2), &[3, 4]);
    attempt.advised = false;
    let proof = attempt
        .prove(SIZES)
        .expect("the trace satisfies every constraint");
    assert!(matches!(attempt.verify(&proof), Err(VerifyError::Header)));
    // The same without the cells' starts.
    for cell in attempt.trace.cells.iter_mut().filter(|cell| cell.key >> 40 == 7) {
        cell.named = false;
    }
    let refused = attempt.prove(SIZES);
    assert!(
        matches!(refused, Err(RunError::Prove(ProveError::Unbalanced))),
        "{refused:?}"
    );
}

#[test]
fn a_trap_that_advice_brought_about_is_not_accepted() {
    let attempt = Attempt::run_advised(&program(), &input(2), &[0, 0]);
    assert!(attempt.trapped);
    let proof = attempt.prove(SIZES).expect("the trace is right");
    assert!(matches!(attempt.verify(&proof), Err(VerifyError::Claim(_))));
}

#[test]
fn the_head_says_how_much_advice_there_is_and_nothing_else_fits() {
    let attempt = Attempt::run_advised(&program(), &input(2), &[3, 4]);
    let proof = attempt.prove(SIZES).expect("an honest run is proved");
    // Logarithms of five shapes, six of precompiles, ADVICE; then two bytes each for their chunks.
    let (log, chunks) = (11, 12 + 2 * 11);
    for (at, value) in [
        (log, 0),
        (log, 2),
        (log, 14),
        (chunks, 0),
        (chunks, 2),
        (chunks + 1, 255),
    ] {
        let mut forged = proof.clone();
        assert_ne!(forged[at], value, "byte {at}");
        forged[at] = value;
        assert!(attempt.verify(&forged).is_err(), "byte {at}: {value}");
    }
}
