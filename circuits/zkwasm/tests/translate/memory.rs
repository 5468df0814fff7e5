//! Loads and stores of every width at every alignment, up to the end of memory, and the growth of memory.

use std::fmt::Write;

use weft_zkwasm::translate::TrapKind;

use crate::reference::run;

/// Instruction, bits of its value, width in bytes.
const LOADS: [(&str, u32, u64); 12] = [
    ("i32.load", 32, 4),
    ("i32.load8_s", 32, 1),
    ("i32.load8_u", 32, 1),
    ("i32.load16_s", 32, 2),
    ("i32.load16_u", 32, 2),
    ("i64.load", 64, 8),
    ("i64.load8_s", 64, 1),
    ("i64.load8_u", 64, 1),
    ("i64.load16_s", 64, 2),
    ("i64.load16_u", 64, 2),
    ("i64.load32_s", 64, 4),
    ("i64.load32_u", 64, 4),
];
const STORES: [(&str, u32, u64); 7] = [
    ("i32.store", 32, 4),
    ("i32.store8", 32, 1),
    ("i32.store16", 32, 2),
    ("i64.store", 64, 8),
    ("i64.store8", 64, 1),
    ("i64.store16", 64, 2),
    ("i64.store32", 64, 4),
];
const END: u64 = 1 << 16;
const PATTERN: &str =
    "\\81\\02\\fe\\7f\\80\\aa\\55\\f0\\11\\92\\a3\\34\\c5\\d6\\e7\\78\\89\\9a\\0b\\fc\\7d\\8e\\ff\\00";

fn memory() -> String {
    format!(
        "(memory (export \"memory\") 1 3) (data (i32.const 0) \"{PATTERN}{PATTERN}\")
         (data (i32.const {}) \"{PATTERN}\") (global $at (mut i32) (i32.const 0))",
        END - 24
    )
}

fn output(bits: u32, expression: &str) -> String {
    match bits {
        32 => format!("(call $output_word (i64.extend_i32_u {expression}))\n"),
        _ => format!("(call $output_word {expression})\n"),
    }
}

/// Addresses near the start and the end, as (address, offset), whose access of this width is in bounds or not.
fn places(width: u64, inside: bool) -> Vec<(u64, u64)> {
    let mut places: Vec<(u64, u64)> = (0..18)
        .flat_map(|address| [(address, 0), (address, 1), (address, 5), (address, 16)])
        .collect();
    for end in 0..12 {
        places.extend([
            (END - end, 0),
            (END - 12 - end, 12),
            (END - end, 1),
            (3, END - 3 - end),
        ]);
    }
    places.extend([
        (0, END),
        (u64::from(u32::MAX), 0),
        (u64::from(u32::MAX), 0xffff_ffff),
        (1, 0xffff_ffff),
    ]);
    places.retain(|(address, offset)| (address + offset + width <= END) == inside);
    places
}

#[test]
fn loads_agree_at_every_alignment() {
    for (op, bits, width) in LOADS {
        let mut body = String::new();
        for (address, offset) in places(width, true) {
            write!(
                body,
                "(global.set $at (i32.const {address})) (local.set $x (global.get $at))"
            )
            .expect("a string takes it");
            for operand in [
                "(global.get $at)",
                "(local.get $x)",
                &format!("(i32.const {address})"),
            ] {
                let load = format!("({op} offset={offset} {operand})");
                body += &output(bits, &load);
                write!(body, "(local.set $r {load})").expect("a string takes it");
                body += &output(bits, "(local.get $r)");
                // With operands below and above.
                body += &output(
                    bits,
                    &format!("(i{bits}.sub (i{bits}.sub (local.get $r) {load}) {load})"),
                );
            }
            body += &output(bits, "(call $load (local.get $x))").replace("$load", &format!("$load{offset}"));
            if bits == 32 {
                write!(body, "(local.set $x ({op} offset={offset} (local.get $x)))")
                    .expect("a string takes it");
                body += &output(bits, "(local.get $x)");
            }
        }
        let mut offsets: Vec<_> = places(width, true).into_iter().map(|place| place.1).collect();
        offsets.sort_unstable();
        offsets.dedup();
        let functions: String = offsets
            .iter()
            .map(|offset| {
                format!(
                    "(func $load{offset} (param i32) (result i{bits}) ({op} offset={offset} (local.get 0)))"
                )
            })
            .collect();
        let memory = memory();
        let fields =
            format!("{memory} {functions} (func (export \"run\") (local $x i32) (local $r i{bits}) {body})");
        assert_eq!(run(&fields, &[]).trap, None, "{op}");
    }
}

#[test]
fn stores_agree_at_every_alignment() {
    let memory = memory();
    for (op, bits, width) in STORES {
        // Few at a time, so that one store does not hide another's mistake.
        for places in places(width, true).chunks(7) {
            let mut body = String::new();
            for (k, (address, offset)) in places.iter().enumerate() {
                let value = 0x8182_8384_f5f6_f7f8_u64.rotate_left(8 * k as u32) & u64::MAX >> (64 - bits);
                write!(
                    body,
                    "(global.set $at (i32.const {address})) (local.set $x (global.get $at))
                     (global.set $value (i{bits}.const {value})) (local.set $r (global.get $value))"
                )
                .expect("a string takes it");
                for at in [
                    "(global.get $at)",
                    "(local.get $x)",
                    &format!("(i32.const {address})"),
                ] {
                    for value in [
                        "(global.get $value)",
                        "(local.get $r)",
                        &format!("(i{bits}.const {value})"),
                    ] {
                        write!(body, "({op} offset={offset} {at} {value})").expect("a string takes it");
                        // What is there now, through the words that it may touch.
                        let first = (address + offset) / 8 * 8;
                        for word in [first, (first + 8).min(END - 8)] {
                            body += &output(64, &format!("(i64.load (i32.const {word}))"));
                            write!(
                                body,
                                "(i64.store (i32.const {word}) (i64.const 0x1122334455667788))"
                            )
                            .expect("a string takes it");
                        }
                    }
                }
                write!(body, "({op} offset={offset} (local.get $x) (local.get $r))")
                    .expect("a string takes it");
            }
            let fields = format!(
                "{memory} (global $value (mut i{bits}) (i{bits}.const 0))
                 (func (export \"run\") (local $x i32) (local $r i{bits}) {body})"
            );
            assert_eq!(run(&fields, &[]).trap, None, "{op}");
        }
    }
}

#[test]
fn accesses_beyond_the_end_trap_and_change_nothing() {
    let memory = memory();
    let stores = STORES.map(|(op, bits, width)| (op, bits, width, true));
    let loads = LOADS.map(|(op, bits, width)| (op, bits, width, false));
    for (op, bits, width, stores) in stores.into_iter().chain(loads) {
        for (address, offset) in places(width, false) {
            for at in ["(global.get $at)", &format!("(i32.const {address})")] {
                let access = match stores {
                    true => format!("({op} offset={offset} {at} (i{bits}.const -1))"),
                    false => output(bits, &format!("({op} offset={offset} {at})")),
                };
                let fields = format!(
                    "{memory} (func (export \"run\") (global.set $at (i32.const {address})) {access})"
                );
                let outcome = run(&fields, &[]);
                assert_eq!(
                    outcome.trap,
                    Some(TrapKind::MemoryOutOfBounds),
                    "{op} {address} {offset}"
                );
                assert_eq!(outcome.output, []);
            }
        }
    }
}

#[test]
fn memory_grows_to_its_maximum_and_no_further() {
    let grow =
        |by: i64| output(32, &format!("(memory.grow (i32.const {by}))")) + &output(32, "(memory.size)");
    let body: String = [0, 1, 2, -1, 0x7fff_ffff, 1, 0, 1].map(grow).concat();
    let fields = format!(
        "{} (func (export \"run\") (local $by i32) {body}
           (local.set $by (i32.const 0)) (local.set $by (memory.grow (local.get $by)))
           {} (i64.store (i32.const {}) (i64.const 5)))",
        memory(),
        output(32, "(local.get $by)"),
        2 * END + 5
    );
    let outcome = run(&fields, &[]);
    assert_eq!(outcome.trap, None);
    let minus_one = u64::from(u32::MAX);
    assert_eq!(
        outcome.output,
        [
            1, 1, 1, 2, minus_one, 2, minus_one, 2, minus_one, 2, 2, 3, 3, 3, minus_one, 3, 3
        ]
    );
}

#[test]
fn memory_that_has_grown_starts_as_zeros() {
    let fields = format!(
        "{} (func (export \"run\") (drop (memory.grow (i32.const 1))) {} {} (i32.store8 (i32.const {END}) (i32.const 9)))",
        memory(),
        output(64, &format!("(i64.load (i32.const {END}))")),
        output(64, &format!("(i64.load (i32.const {}))", END - 4)),
    );
    let outcome = run(&fields, &[]);
    assert_eq!((outcome.trap, outcome.output), (None, vec![0, 0x00ff_8e7d]));
}

#[test]
fn later_data_segments_win() {
    let fields = format!(
        "(memory (export \"memory\") 1) (data (i32.const 3) \"abcdefgh\") (data (i32.const 5) \"XY\")
         (func (export \"run\") {})",
        output(64, "(i64.load (i32.const 3))")
    );
    assert_eq!(run(&fields, &[]).output, [u64::from_le_bytes(*b"abXYefgh")]);
}
