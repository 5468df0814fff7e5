//! Blocks, branches, locals, calls, tables, globals and the host.

use weft_zkwasm::translate::{TrapKind, translate_with_functions};

use crate::reference::{module, prove_ready, run};

/// Runs on every one of these single-word inputs, without a trap, and returns the outputs.
fn outputs(fields: &str, inputs: &[u64]) -> Vec<Vec<u64>> {
    inputs
        .iter()
        .map(|&word| {
            let outcome = run(fields, &[word]);
            assert_eq!(outcome.trap, None, "input {word}");
            outcome.output
        })
        .collect()
}

/// The fields of a module whose `$f` takes the first word of the input and gives the output.
fn function(body: &str) -> String {
    format!(
        r#"(func $f (param $n i64) (result i64) (local $i i64) (local $j i64) {body})
           (func (export "run") (call $output_word (call $f (call $input_word (i32.const 0)))))"#
    )
}

#[test]
fn fibonacci_is_computed_by_loop_and_by_recursion() {
    let by_loop = function(
        "(local.set $j (i64.const 1))
         (block $done (loop $next
           (br_if $done (i64.eqz (local.get $n)))
           (local.get $j) (local.set $j (i64.add (local.get $i) (local.get $j))) (local.set $i)
           (local.set $n (i64.sub (local.get $n) (i64.const 1)))
           (br $next)))
         (local.get $i)",
    );
    let by_recursion = function(
        "(if (result i64) (i64.lt_u (local.get $n) (i64.const 2))
           (then (local.get $n))
           (else (i64.add (call $f (i64.sub (local.get $n) (i64.const 1)))
                          (call $f (i64.sub (local.get $n) (i64.const 2))))))",
    );
    for fields in [by_loop, by_recursion] {
        assert_eq!(
            outputs(&fields, &[0, 1, 2, 10, 20]),
            [[0], [1], [1], [55], [6765]]
        );
    }
}

#[test]
fn branches_carry_values_past_other_operands() {
    let fields = function(
        "(i64.const 1000)
         (block (result i64)
           (i64.const 7) (i64.const 8) (local.get $n)
           (br_if 0 (i64.gt_s (local.get $n) (i64.const 5)))
           (drop) (i64.add)
           (br_if 0 (i64.eqz (local.get $n)))
           (i64.const 3) (i64.mul))
         (i64.add)",
    );
    assert_eq!(
        outputs(&fields, &[0, 1, 6, u64::MAX]),
        [[1015], [1045], [1006], [1045]]
    );
}

#[test]
fn a_branch_that_is_not_taken_leaves_the_operands() {
    let fields = function(
        "(i64.const 50) (local.get $n)
         (block (param i64 i64) (result i64)
           (br_if 0 (i64.const 9) (i64.eq (local.get $n) (i64.const 1)))
           (drop) (local.set $n (i64.const 4))
           (i64.add))
         (i64.add (local.get $n))",
    );
    assert_eq!(outputs(&fields, &[0, 1, 2]), [[54], [10], [56]]);
}

#[test]
fn a_pending_local_keeps_the_value_it_had_when_pushed() {
    let fields = function(
        "(local.get $n) (local.get $n)
         (local.set $n (i64.mul (local.get $n) (i64.const 10)))
         (local.get $n)
         (local.tee $n (i64.const 3)) (local.get $n)
         (local.set $n (i64.const 1))
         (i64.shl) (i64.sub) (i64.sub) (i64.add) (i64.add (local.get $n))",
    );
    // n + (n − (10n − (3 << 3))) + 1
    assert_eq!(outputs(&fields, &[1, 7]), [[17], [-31_i64 as u64]]);
    let fields = function(
        "(local.get $n)
         (loop (local.set $n (i64.add (local.get $n) (i64.const 1)))
               (br_if 0 (i64.lt_u (local.get $n) (i64.const 9))))
         (i64.sub (local.get $n))",
    );
    assert_eq!(outputs(&fields, &[2, 20]), [[-7_i64 as u64], [u64::MAX]]);
}

#[test]
fn locals_start_at_zero_in_every_call() {
    let fields = r#"
        (func $f (param $set i32) (result i64) (local $x i64) (local $y i64) (local $z i64)
          (if (local.get $set) (then (local.set $x (i64.const 5)) (local.set $y (i64.const 6))))
          (block (br_if 0 (local.get $set)) (local.set $z (i64.const 2)))
          (loop (local.set $y (i64.add (local.get $y) (i64.const 1))) (br_if 0 (i64.lt_u (local.get $y) (i64.const 3))))
          (i64.add (i64.mul (local.get $x) (i64.const 100)) (i64.add (local.get $y) (local.get $z))))
        (func (export "run")
          (call $output_word (call $f (i32.const 1)))
          (call $output_word (call $f (i32.const 0)))
          (call $output_word (call $f (i32.const 1))))"#;
    assert_eq!(run(fields, &[]).output, [507, 5, 507]);
}

#[test]
fn branch_tables_reach_every_target() {
    for entries in 0..7 {
        let blocks = "(block ".repeat(entries + 1);
        let targets: String = (0..=entries).map(|k| format!("{k} ")).collect();
        let ends: String = (0..=entries)
            .map(|k| {
                format!(") (local.set $i (i64.add (i64.shl (local.get $i) (i64.const 4)) (i64.const {k})))")
            })
            .collect();
        let fields = function(&format!(
            "{blocks} (br_table {targets} (i32.wrap_i64 (local.get $n))) {ends} (local.get $i)"
        ));
        outputs(&fields, &[0, 1, 2, 3, 4, 5, 6, 7, 0xffff_ffff, 0x1_0000_0001]);
    }
}

#[test]
fn branch_tables_carry_values_to_blocks_loops_and_the_caller() {
    let fields = function(
        "(i64.const 77) (i64.const 5)
         (block (param i64) (result i64)
           (loop (param i64) (result i64)
             (local.set $i (i64.add (local.get $i) (i64.const 1)))
             (local.set $n (i64.sub (local.get $n) (i64.const 1)))
             (block (param i64) (result i64)
               (i64.const 11) (i64.add) (local.get $i) (i64.add)
               (br_table 0 1 2 3 1 0 2 (i32.wrap_i64 (i64.and (local.get $n) (i64.const 7)))))
             (i64.mul (i64.const 3))))
         (i64.add)",
    );
    outputs(&fields, &[1, 2, 3, 4, 5, 6, 7, 8, 20]);
}

#[test]
fn loops_take_parameters() {
    let fields = function(
        "(i64.const 1) (local.get $n)
         (loop $l (param i64 i64) (result i64)
           (local.set $n) (local.set $i)
           (i64.mul (local.get $i) (local.get $n)) (i64.sub (local.get $n) (i64.const 1))
           (br_if $l (i64.gt_u (local.get $n) (i64.const 2)))
           (drop))",
    );
    assert_eq!(outputs(&fields, &[3, 5, 10]), [[6], [120], [3_628_800]]);
}

#[test]
fn several_results_may_be_parameters_in_another_order() {
    let fields = r#"
        (func $rotate (param i64 i64 i64) (result i64 i64 i64) (local.get 2) (local.get 0) (local.get 1))
        (func $more (param i64) (result i64 i64 i64)
          (br_if 0 (i64.const 9) (local.get 0) (i64.const 8) (i64.eqz (local.get 0)))
          (return (local.get 0) (i64.const 1)))
        (func (export "run") (local $a i64) (local $b i64) (local $c i64)
          (call $rotate (i64.const 1) (i64.const 2) (i64.const 3))
          (call $rotate) (local.set $a) (local.set $b) (local.set $c)
          (call $output_word (local.get $a)) (call $output_word (local.get $b)) (call $output_word (local.get $c))
          (call $more (i64.const 0)) (call $output_word) (call $output_word) (call $output_word)
          (call $more (i64.const 4)) (call $output_word) (call $output_word) (call $output_word))"#;
    assert_eq!(run(fields, &[]).output, [1, 3, 2, 8, 0, 9, 1, 4, 8]);
}

#[test]
fn select_takes_operands_from_every_place() {
    for body in [
        "(select (local.get $n) (i64.const 2) (i32.wrap_i64 (local.get $n)))",
        "(local.set $i (i64.const 4)) (local.set $i (select (local.get $i) (local.get $n) (i64.eqz (local.get $n)))) (local.get $i)",
        "(local.set $i (i64.const 4)) (local.set $i (select (local.get $n) (local.get $i) (i64.eqz (local.get $n)))) (local.get $i)",
        "(select (i64.add (local.get $n) (i64.const 1)) (i64.mul (local.get $n) (i64.const 3)) (i64.eq (local.get $n) (i64.const 1)))",
        "(local.set $n (select (i64.const 5) (i64.const 6) (i64.lt_s (local.get $n) (i64.const 1)))) (local.get $n)",
        "(select (i64.const 5) (i64.const 6) (i32.const 1))",
        "(select (local.get $n) (i64.const 6) (i32.const 0))",
    ] {
        outputs(&function(body), &[0, 1, 2, u64::MAX]);
    }
}

#[test]
fn code_that_cannot_be_reached_is_left_out() {
    for body in [
        "(return (i64.const 1)) (drop) (block (loop (br 1)) (unreachable)) (i64.add (i64.const 2))",
        "(block (result i64) (br 0 (i64.const 3)) (if (result i64) (then (i64.const 1)) (else (i64.const 2))) (br 1))",
        "(if (result i64) (i64.eqz (local.get $n)) (then (return (i64.const 4)) (drop)) (else (i64.const 5)))",
        "(if (result i64) (i64.eqz (local.get $n)) (then (i64.const 4)) (else (return (i64.const 5))))",
        "(if (i64.eqz (local.get $n)) (then (return (i64.const 4)))) (i64.const 6)",
        "(if (i64.eqz (local.get $n)) (then (return (i64.const 4))) (else (return (i64.const 7)))) (i64.const 6)",
        "(block (block (br 1)) (unreachable)) (i64.const 8)",
        "(loop (result i64) (br_if 1 (i64.const 8) (i64.eqz (local.get $n))) (local.set $n (i64.const 0)) (br 0))",
    ] {
        outputs(&function(body), &[0, 1]);
    }
}

const TABLE: &str = r#"
    (type $unary (func (param i64) (result i64)))
    (type $same (func (param i64) (result i64)))
    (type $nothing (func))
    (table 6 6 funcref)
    (elem (i32.const 0) $double $nothing $input_len $square)
    (func $double (type $unary) (i64.mul (local.get 0) (i64.const 2)))
    (func $square (type $same) (i64.mul (local.get 0) (local.get 0)))
    (func $nothing)
    (func (export "run") (local $element i32)
      (local.set $element (i32.wrap_i64 (call $input_word (i32.const 0))))
      (call $output_word (i64.add (i64.const 1) (call_indirect (type $unary) (i64.const 9) (local.get $element)))))
"#;

#[test]
fn indirect_calls_check_the_table_and_the_type() {
    assert_eq!(outputs(TABLE, &[0, 3]), [[19], [82]]);
    for (element, kind) in [
        (1, TrapKind::CallTypeMismatch),
        (2, TrapKind::CallTypeMismatch),
        (4, TrapKind::NullElement),
        (5, TrapKind::NullElement),
        (6, TrapKind::TableOutOfBounds),
        (u32::MAX.into(), TrapKind::TableOutOfBounds),
    ] {
        assert_eq!(run(TABLE, &[element]).trap, Some(kind), "element {element}");
    }
}

#[test]
fn host_functions_can_be_called_through_the_table() {
    let fields = r#"
        (type $len (func (result i32))) (type $word (func (param i32) (result i64))) (type $out (func (param i64)))
        (table 3 funcref) (elem (i32.const 0) $input_len $input_word $output_word)
        (func (export "run") (local $i i32)
          (loop $next
            (call_indirect (type $out) (call_indirect (type $word) (local.get $i) (i32.const 1)) (i32.const 2))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $next (i32.le_u (i32.mul (local.get $i) (i32.const 8)) (call_indirect (type $len) (i32.const 0))))))"#;
    let outcome = run(fields, &[3, 1, 4]);
    assert_eq!(
        (outcome.output, outcome.trap),
        (vec![3, 1, 4], Some(TrapKind::InputOutOfBounds))
    );
}

#[test]
fn the_input_ends_where_its_bytes_end() {
    let fields = r#"(func (export "run")
        (call $output_word (i64.extend_i32_u (call $input_len)))
        (call $output_word (call $input_word (i32.const 0)))
        (call $output_word (call $input_word (i32.const 1))))"#;
    for length in 0..18_u8 {
        let input: Vec<u8> = (1..=length).collect();
        let outcome = crate::reference::compare(&module(fields), &input).expect("no limit is reached");
        assert_eq!(outcome.trap, (length <= 8).then_some(TrapKind::InputOutOfBounds));
    }
    let far = r#"(func (export "run") (call $output_word (call $input_word (i32.const -1))))"#;
    assert_eq!(run(far, &[1]).trap, Some(TrapKind::InputOutOfBounds));
}

#[test]
fn the_start_function_runs_first_and_globals_keep_their_values() {
    let fields = r#"
        (global $a (export "a") (mut i64) (i64.const -5)) (global $b (export "b") i32 (i32.const 7))
        (global $c (export "c") (mut i32) (i32.const 9)) (global $d (mut i32) (i32.const 0))
        (start $start)
        (func $start (global.set $c (i32.add (global.get $c) (global.get $b))))
        (func (export "run")
          (call $output_word (global.get $a)) (call $output_word (i64.extend_i32_u (global.get $c)))
          (global.set $a (i64.const 0)) (global.set $d (i32.const 3)))"#;
    assert_eq!(run(fields, &[]).output, [-5_i64 as u64, 16]);
    let trapping = r#"(start $start) (func $start (unreachable)) (func (export "run"))"#;
    assert_eq!(run(trapping, &[]).trap, Some(TrapKind::Unreachable));
}

#[test]
fn every_webassembly_instruction_is_counted_once() {
    let wasm = module(
        r#"(func (export "run") (local $i i64)
             (local.set $i (i64.const 10))
             (nop)
             (loop $next
               (local.set $i (i64.sub (local.get $i) (i64.const 1)))
               (br_if $next (i64.ne (local.get $i) (i64.const 0))))
             (call $output_word (i64.const 1)))"#,
    );
    let (_, trace) = prove_ready(&wasm, &[]);
    // const, set, nop, loop; ten times get, const, sub, set, get, const, ne, br_if; const, call.
    assert_eq!(trace.completed, 4 + 10 * 8 + 2);
    assert!(trace.steps.len() < 30, "{} steps", trace.steps.len());
}

#[test]
fn translation_tells_which_instructions_belong_to_which_function() {
    let wasm = module(r#"(func $helper (nop)) (func $main (export "run") (call $helper))"#);
    let translation = translate_with_functions(&wasm).expect("it is supported");
    let names: Vec<_> = translation
        .functions
        .iter()
        .map(|f| (f.index, f.name.as_deref()))
        .collect();
    assert_eq!(names, [(3, Some("helper")), (4, Some("main"))]);
    assert_eq!(
        translation.functions[0].code.end,
        translation.functions[1].code.start
    );
}
