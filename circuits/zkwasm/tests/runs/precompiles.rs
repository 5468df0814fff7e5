//! Proofs of runs that call precompiles.

use std::sync::OnceLock;

use weft_zkwasm::{ChunkSizes, VerifyError, translate::translate};

use crate::prover::Attempt;

/// Two permutations of Keccak, then one call of each other precompile, on what the first left.
const ALL: &str = r#"(module
  (import "weft" "output_word" (func $out (param i64)))
  (import "weft" "keccak_f1600" (func $keccak (param i32)))
  (import "weft" "sha256_compress" (func $sha256 (param i32)))
  (import "weft" "multiply_add_modulo" (func $multiply (param i32)))
  (import "weft" "poseidon_permute" (func $poseidon (param i32)))
  (import "weft" "secp256k1_add" (func $add (param i32)))
  (memory 1)
  (func (export "run")
    (call $keccak (i32.const 8))
    (call $keccak (i32.const 8))
    (call $sha256 (i32.const 16))
    (call $multiply (i32.const 40))
    (call $poseidon (i32.const 104))
    (call $add (i32.const 72))
    (call $out (i64.load (i32.const 8)))
    (call $out (i64.load (i32.const 16)))
    (call $out (i64.load (i32.const 40)))
    (call $out (i64.load (i32.const 72)))
    (call $out (i64.load (i32.const 136)))))"#;

/// Small enough for several chunks of KECCAK.
const SIZES: ChunkSizes = ChunkSizes {
    step: 8,
    scan: 5,
    segments: 1,
};

fn attempt(text: &str) -> Attempt {
    let wasm = wat::parse_str(text).expect("the text is valid");
    Attempt::run(&translate(&wasm).expect("the module is supported"), &[])
}

fn honest() -> (Attempt, Vec<u8>) {
    static PROOF: OnceLock<Vec<u8>> = OnceLock::new();
    let attempt = attempt(ALL);
    let proof = PROOF.get_or_init(|| attempt.prove(SIZES).expect("an honest run is proved"));
    (attempt, proof.clone())
}

#[test]
fn a_run_that_calls_every_precompile_is_proved_and_verified() {
    let (attempt, proof) = honest();
    assert_eq!(attempt.trace.calls.len(), 6);
    attempt.verify(&proof).expect("an honest proof verifies");
}

#[test]
fn another_output_of_it_is_refused() {
    let (_, proof) = honest();
    for word in 0..5 {
        let mut attempt = attempt(ALL);
        attempt.output[word] ^= 1 << 40;
        assert!(attempt.verify(&proof).is_err());
    }
}

#[test]
fn a_proof_without_one_of_the_shapes_or_with_another_size_is_refused() {
    let (attempt, proof) = honest();
    // The head: twelve logarithms, twelve numbers of chunks, the number of segments, that of words.
    let number = |shape: usize| 12 + 2 * shape;
    for shape in 5..11 {
        assert!(proof[number(shape)] > 0, "shape {shape} is in the proof");
        for chunks in [0, 1, 2, 255] {
            for log in 0..14 {
                let mut changed = proof.clone();
                (changed[shape], changed[number(shape)]) = (log, chunks);
                if changed != proof {
                    assert!(
                        attempt.verify(&changed).is_err(),
                        "shape {shape}: {chunks} of 2^{log}"
                    );
                }
            }
        }
    }
}

#[test]
fn shapes_that_nothing_calls_are_not_in_the_proof_and_cannot_be_asked_for() {
    let text = r#"(module (func (export "run") (drop (i32.const 1))))"#;
    let attempt = attempt(text);
    let proof = attempt.prove(SIZES).expect("an honest run is proved");
    attempt.verify(&proof).expect("an honest proof verifies");
    assert_eq!(proof[5..12], [0; 7]);
    assert_eq!(proof[22..36], [0; 14]);
    for shape in 5..12 {
        // A size without chunks, a precompile without words, more blocks than steps can need.
        for (log, chunks) in [(1, 0), (0, 1), (13, 200)] {
            let mut changed = proof.clone();
            (changed[shape], changed[12 + 2 * shape]) = (log, chunks);
            let verdict = attempt.verify(&changed);
            let refused = match verdict {
                Err(VerifyError::Header) => true,
                Err(_) => shape == 5 && chunks == 1,
                Ok(()) => false,
            };
            assert!(refused, "shape {shape}: {verdict:?}");
        }
    }
}

#[test]
fn a_call_that_traps_is_proved_to_trap_and_changes_nothing() {
    for address in ["4", "65400", "-8", "65536"] {
        let text = ALL.replacen("(i32.const 8)", &format!("(i32.const {address})"), 1);
        let attempt = attempt(&text);
        assert!(attempt.trapped && attempt.trace.calls.is_empty(), "{address}");
        let proof = attempt.prove(SIZES).expect("a trapped run is proved");
        attempt.verify(&proof).expect("an honest proof verifies");
    }
    // The last words of memory are words.
    let text = ALL.replacen("(i32.const 8)", "(i32.const 65336)", 1);
    assert!(!attempt(&text).trapped);
}

#[test]
fn a_precompile_in_a_table_is_called_as_by_its_name() {
    let direct = r#"(module
      (import "weft" "output_word" (func $out (param i64)))
      (import "weft" "poseidon_permute" (func $poseidon (param i32)))
      (memory 1)
      (func (export "run") (call $poseidon (i32.const 80)) (call $out (i64.load (i32.const 80)))))"#;
    let table = direct
        .replace(
            "(memory 1)",
            "(memory 1) (type $call (func (param i32))) (table 1 funcref) (elem (i32.const 0) $poseidon)",
        )
        .replace(
            "(call $poseidon (i32.const 80))",
            "(call_indirect (type $call) (i32.const 80) (i32.const 0))",
        );
    let (direct, table) = (attempt(direct), attempt(&table));
    assert_eq!(
        direct.trace.calls[0].words,
        table.trace.calls[0]
            .words
            .iter()
            .zip(&direct.trace.calls[0].words)
            .map(|(table, direct)| weft_zkwasm::machine::Access {
                last: direct.last,
                ..*table
            })
            .collect::<Vec<_>>()
    );
    assert_eq!(direct.output, table.output);
    let proof = table.prove(SIZES).expect("an honest run is proved");
    table.verify(&proof).expect("an honest proof verifies");
}

#[test]
fn two_provers_prove_a_run_together() {
    let attempt = attempt(ALL);
    let sizes = ChunkSizes { step: 5, ..SIZES };
    let proof = attempt
        .prove_with_another(sizes)
        .expect("an honest run is proved");
    attempt.verify(&proof).expect("an honest proof verifies");
    assert_eq!(proof[36], 2);
    // The same proof said to be of another number of segments.
    for segments in [0, 1, 3, 64, 65] {
        let mut changed = proof.clone();
        changed[36] = segments;
        assert!(attempt.verify(&changed).is_err(), "{segments} segments");
    }
}
