//! Attempts to cheat that need to look inside.

mod advice;
mod faults;
mod kernel;
mod known_holes;
mod precompiles;
mod tampering;

use crate::{Image, program::Program, translate::translate};

/// A program that executes every operation of the machine at least once, and traps never.
const EVERYTHING: &str = r#"(module
  (import "weft" "input_len" (func $len (result i32)))
  (import "weft" "input_word" (func $word (param i32) (result i64)))
  (import "weft" "output_word" (func $out (param i64)))
  (import "weft" "multiply_add_modulo" (func $multiply (param i32)))
  (memory 1 3)
  (global $g (mut i64) (i64.const 5))
  (table 2 funcref)
  (elem (i32.const 0) $double $square)
  (type $unary (func (param i64) (result i64)))
  (data (i32.const 16) "some initial bytes")
  (func $double (type $unary) (i64.add (local.get 0) (local.get 0)))
  (func $square (type $unary) (i64.mul (local.get 0) (local.get 0)))
  (func (export "run") (local $x i64) (local $y i32) (local $i i32)
    (local.set $x (call $word (i32.const 0)))
    (local.set $y (i32.wrap_i64 (call $word (i32.const 1))))
    (call $out (i64.sub (i64.const 3) (local.get $x)))
    (call $out (i64.div_u (local.get $x) (i64.const 7)))
    (call $out (i64.rem_u (local.get $x) (i64.const 1000)))
    (call $out (i64.rotl (local.get $x) (i64.extend_i32_u (local.get $y))))
    (call $out (i64.extend_i32_u (i32.rotr (local.get $y) (i32.const 5))))
    (call $out (i64.extend_i32_u (i32.add (local.get $y) (i32.const -1))))
    (call $out (i64.extend_i32_u (i32.mul (local.get $y) (local.get $y))))
    (call $out (i64.extend_i32_u (i32.sub (i32.const 1) (local.get $y))))
    (call $out (i64.and (local.get $x) (i64.const 0xff00ff)))
    (call $out (i64.or (local.get $x) (i64.const 0xff00ff)))
    (call $out (i64.xor (local.get $x) (i64.const 0xff00ff)))
    (call $out (i64.shl (local.get $x) (i64.extend_i32_u (local.get $y))))
    (call $out (i64.shr_s (local.get $x) (i64.const 3)))
    (call $out (i64.extend_i32_u (i64.lt_s (local.get $x) (i64.const 9))))
    (call $out (i64.extend_i32_u (i64.eq (local.get $x) (i64.const 9))))
    (global.set $g (i64.add (global.get $g) (local.get $x)))
    (call $out (global.get $g))
    (i64.store (i32.const 8) (local.get $x))
    (i64.store32 (i32.const 20) (local.get $x))
    (i32.store16 (i32.const 26) (local.get $y))
    (i32.store8 (i32.const 31) (local.get $y))
    (i64.store (i32.const 37) (local.get $x))
    (call $out (i64.load (i32.const 16)))
    (call $out (i64.load32_s (i32.const 20)))
    (call $out (i64.load16_u (i32.const 26)))
    (call $out (i64.load8_s (i32.const 31)))
    (call $out (i64.load (i32.const 35)))
    (call $multiply (i32.const 8))
    (drop (memory.grow (i32.const 1)))
    (call $out (i64.extend_i32_u (memory.size)))
    (loop $again
      (call $out (call_indirect (type $unary) (local.get $x) (i32.and (local.get $i) (i32.const 1))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 2))))
    (block $a (block $b (br_table $b $a (local.get $i))) (call $out (i64.const 77)))
    (call $out (select (local.get $x) (i64.const 1) (local.get $y)))))"#;

/// [`EVERYTHING`] translated, and an input for it.
fn everything() -> (Program, Vec<u8>) {
    let wasm = wat::parse_str(EVERYTHING).expect("the text is valid");
    let program = translate(&wasm).expect("the module is supported");
    let input = [0x9234_5678_9abc_def1u64, 0x8000_0003];
    (
        program,
        input.iter().flat_map(|word| word.to_le_bytes()).collect(),
    )
}

/// An image whose commitment is not looked at: what is checked here needs none.
fn image_without_commitment(program: &Program) -> Image {
    let rows = program.code.len() + program.cells.len();
    let rows_log = rows.next_power_of_two().ilog2() as u8;
    Image {
        commitment: [0; 32],
        rows_log,
        pages: program.pages,
    }
}
