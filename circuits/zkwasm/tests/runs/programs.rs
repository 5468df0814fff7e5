//! Runs of whole programs, proved and verified.

use crate::prover::{Attempt, setup};
use weft_zkwasm::{ChunkSizes, Image, proof_size, translate::translate};

const SUM: &str = r#"(module
  (import "weft" "input_len" (func $len (result i32)))
  (import "weft" "input_word" (func $word (param i32) (result i64)))
  (import "weft" "output_word" (func $out (param i64)))
  (memory 1)
  (func (export "run") (local $i i32) (local $sum i64)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $i) (i32.div_u (call $len) (i32.const 8))))
        (local.set $sum (i64.add (local.get $sum) (call $word (local.get $i))))
        (i64.store (i32.shl (local.get $i) (i32.const 3)) (local.get $sum))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))
    (call $out (local.get $sum))
    (call $out (i64.load (i32.const 3)))))"#;

#[test]
fn a_sum_over_the_input_is_proved() {
    let wasm = wat::parse_str(SUM).expect("the text is valid");
    let program = translate(&wasm).expect("the module is supported");
    let input: Vec<u8> = (1..=5u64).flat_map(u64::to_le_bytes).collect();
    let attempt = Attempt::run(&program, &input);
    assert_eq!(attempt.output[0], 15);
    let proof = attempt
        .prove(ChunkSizes { step: 5, scan: 5 })
        .expect("an honest run is proved");
    attempt.verify(&proof).expect("and verified");
    let size = proof_size(
        &attempt.image,
        &attempt.program,
        &attempt.trace,
        ChunkSizes { step: 5, scan: 5 },
    );
    assert_eq!(
        size.expect("the run is short"),
        proof.len(),
        "known before it is made"
    );
    assert_eq!(Image::decode(&attempt.image.encode()), Some(attempt.image));
    assert!(setup().size() >= 1 << 17);
}
