//! What cannot be translated is refused with an error that says why, and never panics.

use proptest::prelude::*;
use weft_zkwasm::translate::{MAX_LOCALS, MAX_MODULE_BYTES, TranslateError, translate};

use crate::reference::module;

const RUN: &str = r#"(func (export "run"))"#;

fn refusal(text: &str) -> TranslateError {
    let wasm = wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    translate(&wasm).expect_err("it is not supported")
}

#[test]
fn floating_point_is_refused_by_function_and_instruction() {
    let error =
        refusal(r#"(module (func $area (export "run") (drop (f64.mul (f64.const 1) (f64.const 2)))))"#);
    let TranslateError::UnsupportedInstruction {
        function,
        instruction,
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(function, "function 0 (area)");
    assert!(instruction.starts_with("F64Const"), "{instruction}");
    for (text, place) in [
        (
            r#"(module (func $f (param f32)) (func (export "run")))"#,
            "function 0 (f)",
        ),
        (
            r#"(module (func $f (export "run") (local f64)))"#,
            "function 0 (f)",
        ),
        (
            r#"(module (global f32 (f32.const 1)) (func (export "run")))"#,
            "global 0",
        ),
    ] {
        let error = refusal(text);
        assert!(
            matches!(&error, TranslateError::UnsupportedType { place: at, .. } if at == place),
            "{error}"
        );
    }
}

#[test]
fn other_features_are_refused_as_invalid() {
    for fields in [
        "(memory 1) (memory 1)",
        "(func $f (return_call $f))",
        "(func (drop (v128.const i64x2 0 0)))",
        "(memory i64 1)",
    ] {
        let error = refusal(&format!("(module {fields} {RUN})"));
        assert!(
            matches!(error, TranslateError::Invalid { .. }),
            "{fields}: {error}"
        );
    }
    assert!(matches!(
        translate(b"not a module"),
        Err(TranslateError::Invalid { .. })
    ));
    assert!(matches!(
        translate(b""),
        Err(TranslateError::Invalid { .. } | TranslateError::MissingEntry)
    ));
}

#[test]
fn only_the_host_functions_can_be_imported() {
    for import in [
        r#"(import "env" "abort" (func (param i32)))"#,
        r#"(import "weft" "rand" (func (result i32)))"#,
        r#"(import "env" "input_len" (func (result i32)))"#,
        r#"(import "weft" "memory" (memory 1))"#,
    ] {
        let error = refusal(&format!("(module {import} {RUN})"));
        assert!(
            matches!(error, TranslateError::UnknownImport { .. }),
            "{import}: {error}"
        );
    }
    let error = refusal(&format!(
        r#"(module (import "weft" "input_len" (func (result i64))) {RUN})"#
    ));
    assert!(matches!(error, TranslateError::ImportType { .. }), "{error}");
}

#[test]
fn the_entry_must_be_a_function_that_takes_and_returns_nothing() {
    assert_eq!(refusal("(module (func))"), TranslateError::MissingEntry);
    assert_eq!(
        refusal(r#"(module (func (export "run") (param i32)))"#),
        TranslateError::EntryType
    );
    assert_eq!(
        refusal(r#"(module (memory (export "run") 1))"#),
        TranslateError::EntryType
    );
}

#[test]
fn segments_must_fit() {
    let error = refusal(&format!(
        r#"(module (memory 1) (data (i32.const 65535) "ab") {RUN})"#
    ));
    assert_eq!(error, TranslateError::DataOutOfBounds { segment: 0 });
    let error = refusal(&format!(r#"(module (memory 1) (data (i32.const -1) "a") {RUN})"#));
    assert_eq!(error, TranslateError::DataOutOfBounds { segment: 0 });
    let error = refusal(r#"(module (table 1 funcref) (elem (i32.const 1) $f) (func $f (export "run")))"#);
    assert_eq!(error, TranslateError::ElementOutOfBounds { segment: 0 });
}

#[test]
fn large_modules_and_programs_are_refused() {
    assert_eq!(
        translate(&vec![0; MAX_MODULE_BYTES + 1]),
        Err(TranslateError::ModuleTooLarge(MAX_MODULE_BYTES + 1))
    );
    let clz = "(local.set $x (i64.clz (local.get $x)))".repeat(10_000);
    let fields = format!(r#"(func (export "run") (local $x i64) {clz})"#);
    assert_eq!(
        translate(&module(&fields)),
        Err(TranslateError::TooManyInstructions)
    );
    let deep = format!(
        r#"(func (export "run") {} {})"#,
        "(i32.const 1)".repeat(2000),
        "(drop)".repeat(2000)
    );
    assert!(matches!(
        translate(&module(&deep)),
        Err(TranslateError::StackTooDeep { .. })
    ));
}

#[test]
fn the_largest_frame_is_well_formed_and_a_larger_one_is_refused() {
    let function = |locals: u32| {
        let declared = "i64 ".repeat(locals as usize);
        let (params, zeros) = ("i64 ".repeat(1000), "(i64.const 0)".repeat(1000));
        let deep = "(i64.const 1)".repeat(20);
        let drops = "(drop)".repeat(1020);
        let last = 1000 + locals - 1;
        module(&format!(
            r#"(memory 1)
               (func $f (param {params}) (result {params}) (local {declared})
                 {deep} {zeros} (call $f) {drops} (i64.store (i32.const 5) (local.get {last})) {zeros})
               {RUN}"#
        ))
    };
    assert_eq!(
        translate(&function(MAX_LOCALS)).expect("it is supported").check(),
        Ok(())
    );
    let error = translate(&function(MAX_LOCALS + 1)).expect_err("it is too large");
    assert!(matches!(error, TranslateError::TooManyLocals { .. }), "{error}");
}

/// The largest cost for its size that was thought of: deep stacks and nesting, many locals, long tables.
#[test]
fn hostile_modules_are_handled_quickly() {
    let start = std::time::Instant::now();
    let constants = "(i32.const 1)".repeat(1000);
    let blocks = "(block ".repeat(20_000);
    let ends = ")".repeat(20_000);
    let drops = "(drop)".repeat(1000);
    let fields = format!(r#"(func (export "run") {constants} {blocks} {ends} {drops})"#);
    translate(&module(&fields)).expect("it is supported");
    let locals = "i64 ".repeat(MAX_LOCALS as usize);
    let functions = format!("(func (local {locals}))").repeat(100);
    translate(&module(&format!("{functions} {RUN}"))).expect("it is supported");
    let targets = "0 ".repeat(100_000);
    let table = format!(r#"(func (export "run") (block (br_table {targets} (i32.const 1))))"#);
    translate(&module(&table)).expect("it is supported");
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn damaged_modules_never_panic(damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut wasm = module(
            r#"(type $t (func (param i32) (result i64))) (memory 1) (table 2 funcref) (elem (i32.const 0) $f $input_word)
               (data (i32.const 8) "data") (global $g (mut i64) (i64.const 4)) (start $s)
               (func $f (type $t) (block (result i64) (br_table 0 1 (i64.load (local.get 0)) (local.get 0))))
               (func $s (global.set $g (i64.const 3)))
               (func (export "run") (local $x i32)
                 (loop (if (local.get $x) (then (br 1)) (else (drop (call_indirect (type $t) (i32.const 1) (i32.const 0)))))
                       (i64.store offset=3 (local.get $x) (i64.div_s (global.get $g) (i64.const 3)))))"#,
        );
        for (index, byte) in damage {
            let at = index.index(wasm.len());
            wasm[at] = byte;
        }
        let _ = translate(&wasm);
    }
}
