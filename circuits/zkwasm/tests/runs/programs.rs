//! Runs of whole programs, proved and verified.

use crate::prover::{Attempt, setup};
use weft_zkwasm::{
    ChunkSizes, Image,
    program::{HALTED, Instruction, Program, Space, flag},
    proof_size,
    translate::translate,
};

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
        .prove(ChunkSizes {
            step: 5,
            scan: 5,
            segments: 1,
        })
        .expect("an honest run is proved");
    attempt.verify(&proof).expect("and verified");
    let size = proof_size(
        &attempt.image,
        &attempt.program,
        &attempt.trace,
        ChunkSizes {
            step: 5,
            scan: 5,
            segments: 1,
        },
    );
    assert_eq!(
        size.expect("the run is short").bytes,
        proof.len(),
        "known before it is made"
    );
    assert_eq!(Image::decode(&attempt.image.encode()), Some(attempt.image));
    assert!(setup().size() >= 1 << 17);
}

#[test]
fn a_run_without_steps_of_some_classes_is_proved() {
    let wasm = wat::parse_str(
        r#"(module (import "weft" "output_word" (func $out (param i64)))
            (func (export "run") (call $out (i64.const 7))))"#,
    )
    .expect("the text is valid");
    let program = translate(&wasm).expect("the module is supported");
    let attempt = Attempt::run(&program, &[]);
    let proof = attempt
        .prove(ChunkSizes {
            step: 5,
            scan: 5,
            segments: 1,
        })
        .expect("an honest run is proved");
    attempt.verify(&proof).expect("and verified");
}

#[test]
fn a_computed_jump_to_the_end_state_is_no_halt() {
    // Jumps to the first word of the input. The program is well-formed; no translation makes such a jump.
    let row = |flags, target| Instruction {
        flags,
        target,
        ..Instruction::default()
    };
    let program = Program {
        code: vec![
            row(flag::JUMP_EQUAL, 2),
            row(flag::HALT, 1),
            row(flag::READ_CELL | flag::WRITE_D, Space::Input.base() + 1),
            row(flag::JUMP | flag::USE_A, 0),
            row(flag::HALT, 0),
        ],
        completes: vec![0; 5],
        ..Program::default()
    };
    assert_eq!(program.check(), Ok(()));
    // To the halt: a run like any other.
    let mut attempt = Attempt::run(&program, &4u64.to_le_bytes());
    let sizes = ChunkSizes {
        step: 5,
        scan: 5,
        segments: 1,
    };
    attempt.prove(sizes).expect("an honest run is proved");
    // To where a halt goes: one step less, and the same states but for the mark of a halt.
    attempt.input = HALTED.to_le_bytes().to_vec();
    attempt.trace.steps.pop();
    attempt.steps -= 1;
    for step in &mut attempt.trace.steps {
        for access in [&mut step.a, &mut step.m, &mut step.d].into_iter().flatten() {
            let moved = |value: &mut u64| *value = if *value == 4 { HALTED } else { *value };
            moved(&mut access.before);
            moved(&mut access.after);
        }
    }
    for cell in &mut attempt.trace.cells {
        cell.value = if cell.value == 4 { HALTED } else { cell.value };
    }
    assert!(attempt.prove(sizes).is_err());
}
