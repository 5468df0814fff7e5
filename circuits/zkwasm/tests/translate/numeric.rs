//! Every integer instruction, on edge values and random ones, with its operands and result in every place.

use std::fmt::Write;

use proptest::prelude::*;
use weft_zkwasm::translate::TrapKind;

use crate::reference::run;

const BINARY: [&str; 15] = [
    "add", "sub", "mul", "div_s", "div_u", "rem_s", "rem_u", "and", "or", "xor", "shl", "shr_s", "shr_u",
    "rotl", "rotr",
];
const COMPARING: [&str; 10] = [
    "eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u",
];

fn edges(bits: u32) -> Vec<u64> {
    let mask = u64::MAX >> (64 - bits);
    let sign = 1 << (bits - 1);
    let mut edges = vec![
        0,
        1,
        2,
        3,
        7,
        31,
        32,
        63,
        64,
        0x7f,
        0x80,
        0xff,
        0x8000,
        sign - 1,
        sign,
        sign + 1,
    ];
    edges.extend([mask, mask - 1, mask - 31, 0x0123_4567_89ab_cdef & mask]);
    edges
}

/// Whether a division traps, worked out apart from both implementations.
fn trap(op: &str, bits: u32, a: u64, b: u64) -> Option<TrapKind> {
    let divides = op.starts_with("div") || op.starts_with("rem");
    let overflows = op == "div_s" && a == 1 << (bits - 1) && b == u64::MAX >> (64 - bits);
    match () {
        () if divides && b == 0 => Some(TrapKind::DivisionByZero),
        () if overflows => Some(TrapKind::IntegerOverflow),
        () => None,
    }
}

/// `expression` of type `bits`, put out as a 64-bit word.
fn output(bits: u32, expression: &str) -> String {
    match bits {
        32 => format!("(call $output_word (i64.extend_i32_u {expression}))\n"),
        _ => format!("(call $output_word {expression})\n"),
    }
}

/// Expressions that apply `op` to the values of `$a` and `$b`, with operands in every place.
fn applications(op: &str, bits: u32, a: u64, b: u64) -> Vec<String> {
    let t = format!("i{bits}");
    [
        "({t}.{op} (global.get $a) (global.get $b))",
        "({t}.{op} (local.get $x) (local.get $y))",
        "({t}.{op} (global.get $a) ({t}.const {b}))",
        "({t}.{op} (local.get $x) ({t}.const {b}))",
        "({t}.{op} ({t}.const {a}) (global.get $b))",
        "({t}.{op} ({t}.const {a}) (local.get $y))",
        "({t}.{op} ({t}.const {a}) ({t}.const {b}))",
        "(call $apply (global.get $a) (global.get $b))",
        "(call $apply_swapped (global.get $b) (global.get $a))",
    ]
    .map(|shape| {
        shape
            .replace("{t}", &t)
            .replace("{op}", op)
            .replace("{a}", &a.to_string())
            .replace("{b}", &b.to_string())
    })
    .into()
}

/// A module that does everything `body` says with `$a`, `$b`, `$x` and `$y` set.
fn binary_module(op: &str, bits: u32, result: u32, body: &str) -> String {
    format!(
        "(global $a (mut i{bits}) (i{bits}.const 0)) (global $b (mut i{bits}) (i{bits}.const 0))
         (func $apply (param i{bits} i{bits}) (result i{result}) (i{bits}.{op} (local.get 0) (local.get 1)))
         (func $apply_swapped (param i{bits} i{bits}) (result i{result})
           (return (i{bits}.{op} (local.get 1) (local.get 0))))
         (func (export \"run\") (local $x i{bits}) (local $y i{bits}) (local $r i{result}) {body})"
    )
}

fn set_operands(bits: u32, a: u64, b: u64) -> String {
    format!(
        "(global.set $a (i{bits}.const {a})) (global.set $b (i{bits}.const {b}))
         (local.set $x (global.get $a)) (local.set $y (global.get $b))\n"
    )
}

fn check_binary(op: &str, bits: u32, pairs: &[(u64, u64)]) {
    let t = format!("i{bits}");
    let mut body = String::new();
    for &(a, b) in pairs {
        if let Some(kind) = trap(op, bits, a, b) {
            for expression in applications(op, bits, a, b) {
                let body = set_operands(bits, a, b) + &output(bits, &expression);
                assert_eq!(
                    run(&binary_module(op, bits, bits, &body), &[]).trap,
                    Some(kind),
                    "{op} {a} {b}"
                );
            }
            continue;
        }
        body += &set_operands(bits, a, b);
        for expression in applications(op, bits, a, b) {
            body += &output(bits, &expression);
            write!(body, "(local.set $r {expression})").expect("a string takes it");
            body += &output(bits, "(local.get $r)");
        }
        // The result may replace an operand, which may still be on the stack.
        write!(body, "(local.set $x ({t}.{op} (local.get $x) (local.get $y)))").expect("a string takes it");
        body += &output(bits, "(local.get $x)");
        body += &set_operands(bits, a, b);
        body += &output(
            bits,
            &format!("({t}.add (local.get $y) (local.tee $y ({t}.{op} (local.get $x) (local.get $y))))"),
        );
        body += &output(bits, "(local.get $y)");
    }
    let outcome = run(&binary_module(op, bits, bits, &body), &[]);
    assert_eq!(outcome.trap, None);
}

#[test]
fn binary_instructions_agree_on_edge_values() {
    for bits in [32, 64] {
        for op in BINARY {
            for a in edges(bits) {
                let pairs: Vec<_> = edges(bits).into_iter().map(|b| (a, b)).collect();
                check_binary(op, bits, &pairs);
            }
        }
    }
}

fn check_comparing(op: &str, bits: u32, pairs: &[(u64, u64)]) {
    let mut body = String::new();
    for &(a, b) in pairs {
        body += &set_operands(bits, a, b);
        for condition in applications(op, bits, a, b) {
            let word = |yes: u32, no: u32, c: &str| {
                format!("(if (result i32) {c} (then (i32.const {yes})) (else (i32.const {no})))")
            };
            for expression in [
                condition.clone(),
                format!("(i32.eqz {condition})"),
                format!("(i32.eqz (i32.eqz {condition}))"),
                word(5, 6, &condition),
                word(7, 8, &format!("(i32.eqz {condition})")),
                format!("(select (i32.const 9) (i32.const 10) {condition})"),
                format!("(block (result i32) (br_if 0 (i32.const 11) {condition}) (drop) (i32.const 12))"),
                format!("(block (result i32) (i32.const 3) (br_if 0 (i32.const 13) {condition}) (i32.add))"),
            ] {
                body += &output(32, &expression);
            }
        }
    }
    assert_eq!(run(&binary_module(op, bits, 32, &body), &[]).trap, None);
}

#[test]
fn comparisons_agree_on_edge_values_and_in_conditions() {
    for bits in [32, 64] {
        for op in COMPARING {
            for a in edges(bits) {
                let pairs: Vec<_> = edges(bits).into_iter().map(|b| (a, b)).collect();
                check_comparing(op, bits, &pairs);
            }
        }
    }
}

#[test]
fn unary_instructions_agree_on_edge_values() {
    let unary = |bits: u32| match bits {
        32 => vec![
            "i32.clz",
            "i32.ctz",
            "i32.popcnt",
            "i32.extend8_s",
            "i32.extend16_s",
            "i32.eqz",
        ],
        _ => vec![
            "i64.clz",
            "i64.ctz",
            "i64.popcnt",
            "i64.extend8_s",
            "i64.extend16_s",
            "i64.extend32_s",
            "i64.eqz",
            "i32.wrap_i64",
        ],
    };
    for bits in [32, 64] {
        let mut ops = unary(bits);
        if bits == 32 {
            ops.extend(["i64.extend_i32_s", "i64.extend_i32_u"]);
        }
        for op in ops {
            let result = if op.ends_with("eqz") || op.starts_with("i32") {
                32
            } else {
                64
            };
            let mut body = String::new();
            for a in edges(bits).into_iter().chain((0..bits).map(|s| 1 << s)) {
                write!(
                    body,
                    "(global.set $a (i{bits}.const {a})) (local.set $x (global.get $a))"
                )
                .expect("a string takes it");
                for operand in [
                    "(global.get $a)",
                    "(local.get $x)",
                    &format!("(i{bits}.const {a})"),
                ] {
                    body += &output(result, &format!("({op} {operand})"));
                    write!(body, "(local.set $r ({op} {operand}))").expect("a string takes it");
                    body += &output(result, "(local.get $r)");
                }
                body += &output(result, "(call $apply (global.get $a))");
            }
            let fields = format!(
                "(global $a (mut i{bits}) (i{bits}.const 0))
                 (func $apply (param i{bits}) (result i{result}) ({op} (local.get 0)))
                 (func (export \"run\") (local $x i{bits}) (local $r i{result}) {body})"
            );
            assert_eq!(run(&fields, &[]).trap, None, "{op}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn instructions_agree_on_random_values(a: u64, b: u64, shift in 0..64_u32) {
        for bits in [32, 64] {
            let mask = u64::MAX >> (64 - bits);
            let pairs = [(a & mask, b & mask), (a & mask, (b & mask) >> shift), (a & mask, a & mask)];
            BINARY.iter().for_each(|op| check_binary(op, bits, &pairs));
            COMPARING.iter().for_each(|op| check_comparing(op, bits, &pairs));
        }
    }
}
