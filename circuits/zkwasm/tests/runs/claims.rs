//! A proof serves one claim and no other.

use std::sync::OnceLock;

use crate::prover::{Attempt, key, setup};
use weft_zkwasm::{ChunkSizes, Image, SetupKind, VerifyError, VerifyingKey, translate::translate};

const SIZES: ChunkSizes = ChunkSizes {
    step: 5,
    scan: 5,
    segments: 1,
};

/// Writes the input's words, each plus one, then fails if the first was 0.
const INCREMENT: &str = r#"(module
  (import "weft" "input_len" (func $len (result i32)))
  (import "weft" "input_word" (func $word (param i32) (result i64)))
  (import "weft" "output_word" (func $out (param i64)))
  (memory 1)
  (data (i32.const 0) "\01")
  (func (export "run") (local $i i32)
    (loop $next
      (call $out (i64.add (call $word (local.get $i)) (i64.load8_u (i32.const 0))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.div_u (call $len) (i32.const 8)))))
    (if (i64.eqz (call $word (i32.const 0))) (then unreachable))))"#;

fn attempt(text: &str, words: &[u64]) -> Attempt {
    let wasm = wat::parse_str(text).expect("the text is valid");
    let input: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    Attempt::run(&translate(&wasm).expect("the module is supported"), &input)
}

/// An honest proof of [`INCREMENT`] on 5, 6, 7, made once.
fn honest() -> (Attempt, Vec<u8>) {
    static PROOF: OnceLock<Vec<u8>> = OnceLock::new();
    let attempt = attempt(INCREMENT, &[5, 6, 7]);
    let proof = PROOF.get_or_init(|| attempt.prove(SIZES).expect("an honest run is proved"));
    (attempt, proof.clone())
}

#[test]
fn the_honest_claim_is_accepted_and_says_what_was_computed() {
    let (attempt, proof) = honest();
    assert_eq!(attempt.output, [6, 7, 8]);
    attempt.verify(&proof).expect("an honest proof verifies");
}

#[test]
fn each_field_of_the_claim_changed_alone_is_refused() {
    let (_, proof) = honest();
    let refused = |change: &dyn Fn(&mut Attempt)| {
        let (mut attempt, _) = honest();
        change(&mut attempt);
        assert!(attempt.verify(&proof).is_err());
    };
    refused(&|a| a.statement[0] ^= 1);
    refused(&|a| a.input[0] ^= 1);
    refused(&|a| a.input.push(0));
    refused(&|a| a.input.truncate(16));
    refused(&|a| a.output[1] ^= 1);
    refused(&|a| a.output.push(0));
    refused(&|a| {
        a.output.pop();
    });
    refused(&|a| a.steps += 1);
    refused(&|a| a.steps -= 1);
    refused(&|a| a.steps = 0);
    refused(&|a| a.steps += 1 << 61);
    refused(&|a| a.trapped = true);
    refused(&|a| {
        a.trapped = true;
        a.output.clear();
    });
    refused(&|a| a.image.pages += 1);
    refused(&|a| a.image.rows_log += 1);
    refused(&|a| a.image.commitment[0] ^= 1);
}

#[test]
fn a_proof_for_another_program_is_refused() {
    let (_, proof) = honest();
    // The same instructions, another initial byte.
    let other = attempt(&INCREMENT.replace("\\01", "\\02"), &[5, 6, 7]);
    let (mut claimed, _) = honest();
    claimed.image = other.image;
    assert_ne!(
        Image::new(setup(), &claimed.program).expect("it fits"),
        other.image
    );
    assert!(claimed.verify(&proof).is_err());
}

#[test]
fn a_proof_under_another_key_is_refused() {
    let (attempt, proof) = honest();
    assert!(attempt.verify_under(&key(), &proof).is_ok());
    let ceremony = VerifyingKey::new(setup(), SetupKind::Ceremony).expect("the setup is valid");
    assert_ne!(ceremony.digest(), key().digest());
    assert!(
        attempt.verify_under(&ceremony, &proof).is_err(),
        "the kind of setup is part of the key"
    );
    let mut bytes = key().encode();
    bytes[3] ^= 1;
    assert!(
        VerifyingKey::decode(&bytes).is_none(),
        "another circuit has another key"
    );
}

#[test]
fn a_proof_with_another_chunk_count_or_size_is_refused() {
    let (attempt, proof) = honest();
    // Logarithms of five chunk sizes, five numbers of chunks, the number of words.
    for (at, change) in (0..17).flat_map(|at| [(at, 1u8), (at, 3)]) {
        let mut changed = proof.clone();
        changed[at] ^= change;
        assert!(attempt.verify(&changed).is_err(), "header byte {at}");
    }
}

#[test]
fn a_trap_is_proved_as_a_trap_and_what_it_wrote_is_bound() {
    let attempt = attempt(INCREMENT, &[0, 9]);
    assert!(attempt.trapped && attempt.output.is_empty());
    let proof = attempt.prove(SIZES).expect("a trapped run is proved");
    attempt.verify(&proof).expect("and verified");
    // The header ends with the two words that the run wrote before it trapped.
    for at in 17..33 {
        let mut changed = proof.clone();
        changed[at] ^= 1;
        assert!(attempt.verify(&changed).is_err(), "header byte {at}");
    }
    let mut as_success = self::attempt(INCREMENT, &[0, 9]);
    as_success.trapped = false;
    as_success.output = vec![1, 10];
    assert!(as_success.verify(&proof).is_err());
}

#[test]
fn a_run_that_did_not_trap_is_not_proved_as_a_trap() {
    let (mut attempt, _) = honest();
    attempt.trapped = true;
    attempt.output.clear();
    assert!(attempt.prove(SIZES).is_err());
}

#[test]
fn proofs_cut_short_or_lengthened_and_garbage_are_malformed() {
    let (attempt, proof) = honest();
    let malformed = |bytes: &[u8]| {
        matches!(
            attempt.verify(bytes),
            Err(VerifyError::Header
                | VerifyError::Steps
                | VerifyError::Proof(weft_folding::VerifyError::Malformed(_)))
        )
    };
    for length in 0..proof.len() {
        assert!(malformed(&proof[..length]), "{length} bytes");
    }
    assert!(malformed(&[&proof[..], &[0]].concat()));
    let mut state = 1u64;
    for length in (0..4096).chain([1 << 16, 1 << 18]) {
        let garbage: Vec<u8> = (0..length)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            })
            .collect();
        assert!(attempt.verify(&garbage).is_err(), "{length} bytes of garbage");
    }
}

#[test]
fn every_element_of_a_proof_matters() {
    let (attempt, proof) = honest();
    // Every thirteenth: all of them would take minutes. `weft-folding` tries every element of a small proof.
    for at in (17..proof.len()).step_by(32 * 13) {
        let mut changed = proof.clone();
        changed[at] ^= 1;
        assert!(attempt.verify(&changed).is_err(), "byte {at}");
    }
}
