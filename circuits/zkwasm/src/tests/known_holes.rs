//! The holes that were found in another zkWASM by folding, each as an attempt to use it here.

use weft_folding::ProveError;

use super::{
    everything,
    faults::{check, check_executed},
};
use crate::{
    RunError,
    machine::{Effect, Trace, execute, execute_with},
    program::{Program, flag},
    translate::translate,
};

/// Whether an attempt fails where it should: in a constraint or on the bus.
fn refused(verdict: &Result<(), RunError>) -> bool {
    matches!(
        verdict,
        Err(RunError::Prove(
            ProveError::Unsatisfied { .. } | ProveError::Unbalanced
        ))
    )
}

fn module(text: &str) -> Program {
    let wasm = wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    translate(&wasm).expect("the module is supported")
}

/// Runs the program with `effect` changed by `lie` wherever `at` says; `None` if that changes nothing or leaves no trace.
fn lying(
    program: &Program,
    input: &[u8],
    effect: Effect,
    at: impl Fn(usize) -> bool,
    lie: fn(u64) -> u64,
) -> Option<Trace> {
    let mut lied = false;
    let trace = execute_with(program, input, None, 1 << 14, &mut |index, what, value| {
        if what != effect || !at(index) {
            return value;
        }
        lied |= lie(value) != value;
        lie(value)
    });
    trace.ok().filter(|trace| lied && trace.outcome <= 1)
}

/// Asserts that `effect` cannot be changed at any step whose instruction has one of `flags`; returns how many were tried.
fn no_lie_passes(program: &Program, input: &[u8], flags: u64, effect: Effect, lie: fn(u64) -> u64) -> u32 {
    let honest = execute(program, input, 1 << 14).expect("the program ends");
    check(program, input, &honest).expect("an honest run satisfies the constraints");
    let mut tried = 0;
    for (index, step) in honest.steps.iter().enumerate() {
        let row = &program.code[step.pc as usize];
        if !row.any(flags) {
            continue;
        }
        if let Some(trace) = lying(program, input, effect, |at| at == index, lie) {
            tried += 1;
            let verdict = check(program, input, &trace);
            assert!(refused(&verdict), "step {index} {row:?} {effect:?}: {verdict:?}");
        }
    }
    tried
}

#[test]
fn hole_1_the_program_is_bound_with_every_opcode_operand_and_immediate() {
    let (committed, input) = everything();
    let honest = execute(&committed, &input, 1 << 16).expect("the program ends");
    let mut tried = 0;
    for pc in (0..committed.code.len()).step_by(3) {
        for field in 0..6 {
            let mut executed = committed.clone();
            let row = &mut executed.code[pc];
            match field {
                0 if row.any(flag::ADD) => row.flags ^= flag::ADD | flag::SUB,
                1 => row.a ^= 1,
                2 => row.b ^= 1,
                3 => row.d ^= 1,
                4 if !row.any(flag::USE_B) => row.imm ^= 1,
                5 if row.any(flag::LOAD | flag::STORE | flag::JUMP | flag::READ_CELL) => row.target ^= 8,
                _ => continue,
            }
            let Ok(trace) = execute(&executed, &input, 1 << 12) else {
                continue;
            };
            let runs = trace.steps.iter().any(|step| step.pc == pc as u64);
            if !runs || trace.outcome > 1 {
                continue;
            }
            // The prover fills blocks with the fields that he executed, and they are not on the image's side of the bus.
            let verdict = check_executed(&executed, &committed, &input, &trace);
            assert!(refused(&verdict), "instruction {pc}, field {field}: {verdict:?}");
            tried += 1;
        }
    }
    assert!(tried > 50, "only {tried} programs");
    check_executed(&committed, &committed, &input, &honest).expect("the program itself passes");
}

#[test]
fn hole_2_addresses_and_results_of_loads_are_constrained() {
    let program = module(
        r#"(module (import "weft" "output_word" (func $out (param i64))) (memory 1)
            (data (i32.const 8) "abcdefgh") (data (i32.const 800) "ABCDEFGH")
            (func (export "run") (local $i i32)
              (local.set $i (i32.const 8))
              (call $out (i64.load (local.get $i)))
              (call $out (i64.load32_u offset=2 (local.get $i)))
              (call $out (i64.load16_u offset=4 (local.get $i)))
              (call $out (i64.load8_u offset=7 (local.get $i)))))"#,
    );
    for effect in [Effect::Word, Effect::Result] {
        for lie in [|value| value ^ 1, |value: u64| value.rotate_left(9)] {
            assert!(no_lie_passes(&program, &[], flag::LOAD, effect, lie) >= 4);
        }
    }
    // The word of another address, with the rest of the run as it follows from it.
    let mut other = program.clone();
    let loads = other.code.iter_mut().filter(|row| row.any(flag::LOAD));
    loads.for_each(|row| row.target += 792);
    let trace = execute(&other, &[], 1 << 12).expect("the program ends");
    for executed in [&program, &other] {
        let verdict = check_executed(executed, &program, &[], &trace);
        assert!(refused(&verdict), "{verdict:?}");
    }
}

#[test]
fn hole_3_results_of_all_unary_and_binary_instructions_are_constrained() {
    let unary = ["clz", "ctz", "popcnt", "eqz", "extend8_s", "extend16_s"];
    let binary = [
        "add", "sub", "mul", "div_u", "div_s", "rem_u", "rem_s", "and", "or", "xor", "shl", "shr_u", "shr_s",
        "rotl", "rotr", "eq", "ne", "lt_u", "lt_s", "gt_u", "gt_s", "le_u", "le_s", "ge_u", "ge_s",
    ];
    let comparing = |name: &str| ["eq", "ne", "lt", "gt", "le", "ge"].contains(&&name[..2]);
    let mut tried = 0;
    for (int, wrap, show) in [("i32", "i32.wrap_i64", "i64.extend_i32_u"), ("i64", "", "")] {
        for name in unary.into_iter().chain(binary) {
            let word = |index: u32| match wrap {
                "" => format!("(call $word (i32.const {index}))"),
                _ => format!("({wrap} (call $word (i32.const {index})))"),
            };
            let arguments = match unary.contains(&name) {
                true => word(0),
                false => word(0) + &word(1),
            };
            let result = format!("({int}.{name} {arguments})");
            let shown = match (show, comparing(name)) {
                ("", false) => result,
                _ => format!("(i64.extend_i32_u {result})"),
            };
            let program = module(&format!(
                r#"(module (import "weft" "input_word" (func $word (param i32) (result i64)))
                    (import "weft" "output_word" (func $out (param i64)))
                    (func (export "run") (call $out {shown})))"#
            ));
            let input = [0x8765_4321_f234_5678_u64, 13].map(u64::to_le_bytes).concat();
            let all = !(flag::CALL | flag::READ_CELL);
            tried += no_lie_passes(&program, &input, all, Effect::Result, |value| value ^ 1);
        }
    }
    assert!(tried > 200, "only {tried} lies");
}

#[test]
fn hole_4_host_calls_and_the_targets_of_calls_are_constrained() {
    let (program, input) = everything();
    // What the host gives and takes.
    assert!(no_lie_passes(&program, &input, flag::READ_CELL, Effect::Word, |word| word ^ 1) > 3);
    assert!(no_lie_passes(&program, &input, flag::OUTPUT, Effect::Output, |word| word ^ 1) > 3);
    // Where a call goes, what it returns to, and which frame it opens: only lies that stay in the program leave a trace.
    for effect in [Effect::Next, Effect::Frame] {
        for lie in [|value| value + 1, |value: u64| value.saturating_sub(1)] {
            no_lie_passes(&program, &input, flag::CALL | flag::RETURN, effect, lie);
        }
    }
    assert!(no_lie_passes(&program, &input, flag::CALL, Effect::Result, |link| link + 1) > 0);
}

#[test]
fn hole_5_the_next_instruction_is_the_next_one() {
    let (program, input) = everything();
    let straight = !(flag::JUMP | flag::JUMP_EQUAL | flag::JUMP_NOT_EQUAL | flag::RETURN | flag::HALT);
    let tried = no_lie_passes(&program, &input, straight, Effect::Next, |pc| pc + 1);
    assert!(tried > 20, "only {tried} skipped instructions leave a trace");
}

// Hole 6, a verifier that ignores what it is asked: `tests/runs/claims.rs` changes every field of a claim.

#[test]
fn hole_7_memory_init_and_data_drop_are_there_and_constrained() {
    let program = module(
        r#"(module (import "weft" "output_word" (func $out (param i64))) (memory 1)
            (data $passive "0123456789")
            (func (export "run")
              (memory.init $passive (i32.const 3) (i32.const 1) (i32.const 9))
              (call $out (i64.load (i32.const 3)))
              (data.drop $passive)
              (memory.init $passive (i32.const 0) (i32.const 0) (i32.const 1))))"#,
    );
    let honest = execute(&program, &[], 1 << 12).expect("the program ends");
    assert_eq!(
        (honest.outcome, &honest.output[..]),
        (1, &[u64::from_le_bytes(*b"12345678")][..])
    );
    // A segment's bytes, its length (dropped or not), and the bytes that arrive in memory.
    for (flags, effect) in [
        (flag::READ_CELL, Effect::Word),
        (flag::WRITE_CELL, Effect::Stored),
        (flag::STORE, Effect::Stored),
    ] {
        assert!(
            no_lie_passes(&program, &[], flags, effect, |value| value ^ 1) > 0,
            "{effect:?}"
        );
    }
}
