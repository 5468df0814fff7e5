//! Bulk memory and reference types.

use crate::reference::run;
use weft_zkwasm::translate::TrapKind;

/// A module body that runs `code` on a memory that starts with the bytes 0, 1, 2, …, and puts its first 16 words out.
fn with_memory(code: &str) -> String {
    format!(
        r#"(memory 1 4)
           (data $passive "some bytes that are copied where they are wanted")
           (func (export "run") (local $i i32)
             (loop $fill
               (i32.store8 (local.get $i) (local.get $i))
               (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 256))))
             {code}
             (local.set $i (i32.const 0))
             (loop $show
               (call $output_word (i64.load (local.get $i)))
               (br_if $show (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 128)))))"#
    )
}

/// Words of memory as bytes.
fn bytes(words: &[u64]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

#[test]
fn every_alignment_and_length_of_a_copy_moves_the_right_bytes() {
    let lengths = [0, 1, 3, 7, 8, 9, 16, 23, 31];
    for (to, from) in [
        (0, 40),
        (3, 40),
        (40, 3),
        (5, 44),
        (44, 5),
        (16, 24),
        (24, 16),
        (9, 12),
        (12, 9),
        (17, 16),
    ] {
        for length in lengths {
            let outcome = run(
                &with_memory(&format!(
                    "(memory.copy (i32.const {to}) (i32.const {from}) (i32.const {length}))"
                )),
                &[],
            );
            let mut expected: Vec<u8> = (0..128).collect();
            expected.copy_within(from..from + length, to);
            assert_eq!(bytes(&outcome.output), expected, "{to} {from} {length}");
        }
    }
}

#[test]
fn every_alignment_and_length_of_a_fill_sets_the_right_bytes() {
    for (start, length) in [
        (0, 0),
        (0, 8),
        (1, 6),
        (1, 7),
        (1, 8),
        (3, 29),
        (8, 16),
        (7, 1),
        (15, 66),
    ] {
        let outcome = run(
            &with_memory(&format!(
                "(memory.fill (i32.const {start}) (i32.const 0x1ee) (i32.const {length}))"
            )),
            &[],
        );
        let mut expected: Vec<u8> = (0..128).collect();
        expected[start..start + length].fill(0xee);
        assert_eq!(bytes(&outcome.output), expected, "{start} {length}");
    }
}

#[test]
fn a_passive_segment_is_copied_until_it_is_dropped() {
    let copy = "(memory.init $passive (i32.const 5) (i32.const 11) (i32.const 30))";
    let outcome = run(&with_memory(copy), &[]);
    assert_eq!(
        &bytes(&outcome.output)[5..35],
        &b"some bytes that are copied where they are wanted"[11..41]
    );
    let dropped = run(&with_memory(&format!("(data.drop $passive) {copy}")), &[]);
    assert_eq!(dropped.trap, Some(TrapKind::MemoryOutOfBounds));
    // Nothing is copied from no segment.
    let nothing = "(data.drop $passive) (memory.init $passive (i32.const 5) (i32.const 0) (i32.const 0))";
    assert_eq!(run(&with_memory(nothing), &[]).trap, None);
}

#[test]
fn what_ends_beyond_memory_or_a_segment_traps_before_anything_is_written() {
    for code in [
        "(memory.fill (i32.const 65530) (i32.const 1) (i32.const 7))",
        "(memory.fill (i32.const -1) (i32.const 1) (i32.const -1))",
        "(memory.copy (i32.const 65530) (i32.const 0) (i32.const 7))",
        "(memory.copy (i32.const 0) (i32.const 65530) (i32.const 7))",
        "(memory.init $passive (i32.const 65530) (i32.const 0) (i32.const 7))",
        "(memory.init $passive (i32.const 0) (i32.const 42) (i32.const 7))",
        "(memory.init $passive (i32.const 0) (i32.const -1) (i32.const 2))",
    ] {
        assert_eq!(
            run(&with_memory(code), &[]).trap,
            Some(TrapKind::MemoryOutOfBounds),
            "{code}"
        );
    }
}

const TABLES: &str = r#"
    (type $number (func (result i64)))
    (func $one (type $number) (i64.const 1))
    (func $two (type $number) (i64.const 2))
    (func $three (type $number) (i64.const 3))
    (table $a 4 funcref)
    (table $b 3 9 funcref)
    (table $c 2 externref)
    (elem (table $a) (i32.const 0) func $one $two)
    (elem $passive func $three $two $one)
    (global $kept (mut funcref) (ref.func $two))
    (func $is_null (param funcref) (result i64) (i64.extend_i32_u (ref.is_null (local.get 0))))
"#;

fn with_tables(code: &str) -> String {
    format!("{TABLES} (func (export \"run\") {code})")
}

#[test]
fn tables_are_read_written_grown_filled_and_copied() {
    let outcome = run(
        &with_tables(
            r#"(table.set $a (i32.const 2) (ref.func $three))
               (call $output_word (call_indirect $a (type $number) (i32.const 2)))
               (call $output_word (call $is_null (table.get $a (i32.const 3))))
               (call $output_word (i64.extend_i32_u (table.grow $b (global.get $kept) (i32.const 4))))
               (call $output_word (i64.extend_i32_u (table.size $b)))
               (call $output_word (call_indirect $b (type $number) (i32.const 6)))
               (call $output_word (i64.extend_i32_u (table.grow $b (ref.null func) (i32.const 3))))
               (table.init $b $passive (i32.const 1) (i32.const 0) (i32.const 3))
               (call $output_word (call_indirect $b (type $number) (i32.const 1)))
               (table.copy $b $b (i32.const 0) (i32.const 1) (i32.const 3))
               (call $output_word (call_indirect $b (type $number) (i32.const 0)))
               (table.copy $a $b (i32.const 1) (i32.const 0) (i32.const 3))
               (call $output_word (call_indirect $a (type $number) (i32.const 3)))
               (table.fill $a (i32.const 0) (ref.null func) (i32.const 4))
               (call $output_word (call $is_null (table.get $a (i32.const 3))))
               (call $output_word (i64.extend_i32_u (table.size $c)))
               (call $output_word (i64.extend_i32_u (ref.is_null (table.get $c (i32.const 1)))))"#,
        ),
        &[],
    );
    let refused = u64::from(u32::MAX);
    assert_eq!(outcome.output, [3, 1, 3, 7, 2, refused, 3, 3, 1, 1, 2, 1]);
}

#[test]
fn what_ends_beyond_a_table_traps() {
    for code in [
        "(drop (table.get $a (i32.const 4)))",
        "(table.set $a (i32.const -1) (ref.null func))",
        "(table.fill $a (i32.const 3) (ref.null func) (i32.const 2))",
        "(table.copy $a $b (i32.const 2) (i32.const 0) (i32.const 3))",
        "(table.copy $a $b (i32.const 0) (i32.const 2) (i32.const 2))",
        "(table.init $a $passive (i32.const 0) (i32.const 2) (i32.const 2))",
        "(elem.drop $passive) (table.init $a $passive (i32.const 0) (i32.const 0) (i32.const 1))",
        "(drop (table.grow $b (ref.null func) (i32.const 1))) (drop (table.get $b (i32.const 4)))",
        "(drop (call_indirect $b (type $number) (i32.const 3)))",
    ] {
        assert_eq!(
            run(&with_tables(code), &[]).trap,
            Some(TrapKind::TableOutOfBounds),
            "{code}"
        );
    }
    let null = "(drop (call_indirect $b (type $number) (i32.const 2)))";
    assert_eq!(run(&with_tables(null), &[]).trap, Some(TrapKind::NullElement));
}
