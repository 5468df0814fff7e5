//! Routines that fill and copy memory and cells, shared by all that call them.
//!
//! Each finds its arguments in the cells 0 to 2 of its frame and its return address in cell [`RETURN`]. Memory is
//! checked to its end before the first write, as WebAssembly demands, and moved in words where it can be. Cells are
//! named by key, less [`Space::Global`]'s base; whoever calls has checked their bounds.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    TrapKind,
    function::row,
    memory::width_flag,
    rows::{
        Bulk, Link,
        Operand::{Cell, Const},
        Rows, with_a, with_b,
    },
};
use crate::program::{
    Instruction, Space,
    flag::{self, ADD, AND, DIV, LESS, MUL, POW2, SUB, XOR},
};

/// Where routines find their return address.
pub(super) const RETURN: u32 = 3;

/// Where an index in a space starts among keys less those of globals.
pub(super) const fn relative(space: Space) -> u64 {
    space.base() - Space::Global.base()
}

/// Appends the routines that are linked to, and returns where they start.
pub(super) fn routines(rows: &mut Rows) -> BTreeMap<Bulk, u64> {
    let wanted: BTreeSet<Bulk> = rows
        .links
        .iter()
        .filter_map(|(_, link)| match link {
            Link::Bulk(bulk) => Some(*bulk),
            _ => None,
        })
        .collect();
    let append = |bulk| {
        let start = rows.here();
        match bulk {
            Bulk::FillMemory => fill_memory(rows),
            Bulk::CopyMemory => copy_memory(rows),
            Bulk::InitMemory => init_memory(rows),
            Bulk::FillCells => fill_cells(rows),
            Bulk::CopyCells => copy_cells(rows),
        }
        (bulk, start)
    };
    wanted.into_iter().map(append).collect()
}

/// Loads `width` bytes at `address` plus `offset`, which are in bounds and in one word.
fn load(rows: &mut Rows, width: u64, address: u32, offset: u64, d: u32) {
    let load = row(flag::LOAD | flag::WRITE_D | width_flag(width), offset);
    rows.push(with_a(Instruction { d, ..load }, Some(address)));
    rows.jump(TrapKind::MemoryOutOfBounds.pc()); // Never reached.
}

/// Stores `width` bytes, as [`load`] loads them.
fn store(rows: &mut Rows, width: u64, address: u32, value: u32) {
    let store = row(flag::STORE | width_flag(width), 0);
    rows.push(with_b(with_a(store, Some(address)), Cell(value)));
    rows.jump(TrapKind::MemoryOutOfBounds.pc()); // Never reached.
}

fn read_cell(rows: &mut Rows, key: u32, base: u64, d: u32) {
    let read = row(flag::READ_CELL | flag::WRITE_D, base);
    rows.push(with_a(Instruction { d, ..read }, Some(key)));
}

fn write_cell(rows: &mut Rows, key: u32, value: u32) {
    let write = row(flag::WRITE_CELL, Space::Global.base());
    rows.push(with_b(with_a(write, Some(key)), Cell(value)));
}

fn add(rows: &mut Rows, cell: u32, by: u64) {
    rows.compute(ADD, Some(cell), Const(by), cell);
}

fn subtract(rows: &mut Rows, cell: u32, by: u64) {
    rows.compute(SUB, Some(cell), Const(by), cell);
}

/// Traps if the `length` bytes from `start` on end beyond memory.
fn check_memory(rows: &mut Rows, start: u32, length: u32, [size, end]: [u32; 2]) {
    rows.push(Instruction {
        d: size,
        ..row(flag::SIZE | flag::WRITE_D, 0)
    });
    rows.compute(MUL, Some(size), Const(1 << 16), size);
    rows.compute(ADD, Some(start), Cell(length), end);
    rows.compute(LESS, Some(size), Cell(end), end);
    rows.jump_if(Some(end), Const(0), false, TrapKind::MemoryOutOfBounds.pc());
}

/// Runs `body` until cell `moving` equals cell `end`; not at all if they are equal at first.
fn until_equal(rows: &mut Rows, moving: u32, end: u32, body: impl FnOnce(&mut Rows)) {
    let skip = rows.jump_if(Some(moving), Cell(end), true, 0);
    let again = rows.here();
    body(rows);
    rows.jump_if(Some(moving), Cell(end), false, again);
    rows.patch(skip, rows.here());
}

/// Runs `body` until cell `moving` equals cell `end` or is a multiple of 8.
fn until_aligned(rows: &mut Rows, moving: u32, end: u32, scratch: u32, body: impl FnOnce(&mut Rows)) {
    let start = rows.here();
    let ended = rows.jump_if(Some(moving), Cell(end), true, 0);
    rows.compute(AND, Some(moving), Const(7), scratch);
    let aligned = rows.jump_if(Some(scratch), Const(0), true, 0);
    body(rows);
    rows.jump(start);
    rows.patch(ended, rows.here());
    rows.patch(aligned, rows.here());
}

/// Cells 0: address, 1: byte, 2: length.
fn fill_memory(rows: &mut Rows) {
    let [to, byte, end, word, scratch, last] = [0, 1, 2, 4, 5, 6];
    check_memory(rows, to, end, [word, scratch]);
    rows.compute(ADD, Some(to), Cell(end), end);
    rows.compute(AND, Some(byte), Const(0xff), byte);
    rows.compute(MUL, Some(byte), Const(0x0101_0101_0101_0101), word);
    let one = |rows: &mut Rows| {
        store(rows, 1, to, byte);
        add(rows, to, 1);
    };
    until_aligned(rows, to, end, scratch, one);
    // The whole words that are left end at `last`; none are if that is below an address that is not aligned.
    rows.compute(SUB, Some(end), Cell(to), last);
    rows.compute(AND, Some(last), Const(!7), last);
    rows.compute(ADD, Some(to), Cell(last), last);
    until_equal(rows, to, last, |rows| {
        store(rows, 8, to, word);
        add(rows, to, 8);
    });
    until_equal(rows, to, end, one);
    rows.ret(RETURN);
}

/// Cells 0: address of the copy, 1: of the original, 2: length.
fn copy_memory(rows: &mut Rows) {
    let [to, from, length, size, scratch] = [0, 1, 2, 4, 5];
    check_memory(rows, to, length, [size, scratch]);
    check_memory(rows, from, length, [size, scratch]);
    // Upwards, unless the copy starts inside the original.
    rows.compute(LESS, Some(from), Cell(to), scratch);
    let before = rows.jump_if(Some(scratch), Const(0), true, 0);
    rows.compute(ADD, Some(from), Cell(length), scratch);
    rows.compute(LESS, Some(to), Cell(scratch), scratch);
    let beyond = rows.jump_if(Some(scratch), Const(0), true, 0);
    copy_downwards(rows);
    rows.patch(before, rows.here());
    rows.patch(beyond, rows.here());
    copy_upwards(rows);
}

fn copy_upwards(rows: &mut Rows) {
    let [to, from, end, offset, value, last] = [0, 1, 2, 4, 5, 6];
    let [high_scale, low_scale, next, high] = [7, 8, 9, 10];
    rows.compute(ADD, Some(to), Cell(end), end);
    let one = |rows: &mut Rows| {
        load(rows, 1, from, 0, value);
        store(rows, 1, to, value);
        add(rows, from, 1);
        add(rows, to, 1);
    };
    until_aligned(rows, to, end, value, one);
    rows.compute(SUB, Some(end), Cell(to), last);
    rows.compute(AND, Some(last), Const(!7), last);
    rows.compute(ADD, Some(to), Cell(last), last);
    let no_words = rows.jump_if(Some(to), Cell(last), true, 0);
    rows.compute(AND, Some(from), Const(7), offset);
    let shifted = rows.jump_if(Some(offset), Const(0), false, 0);
    until_equal(rows, to, last, |rows| {
        load(rows, 8, from, 0, value);
        store(rows, 8, to, value);
        add(rows, from, 8);
        add(rows, to, 8);
    });
    let words_done = rows.jump(0);

    // Each word of the copy is the high part of one word of the original and the low part of the next.
    rows.patch(shifted, rows.here());
    rows.compute(SUB, Some(from), Cell(offset), from);
    rows.compute(MUL, Some(offset), Const(8), high_scale);
    rows.compute(POW2, Some(high_scale), Const(0), low_scale);
    // 2^(64 − bits), for bits from 8 to 56: 63 − bits is bits with its low six bits flipped.
    rows.compute(XOR, Some(high_scale), Const(63), high_scale);
    rows.compute(POW2, Some(high_scale), Const(0), high_scale);
    rows.compute(MUL, Some(high_scale), Const(2), high_scale);
    load(rows, 8, from, 0, value);
    until_equal(rows, to, last, |rows| {
        rows.compute(DIV, Some(value), Cell(low_scale), value);
        load(rows, 8, from, 8, next);
        rows.compute(MUL, Some(next), Cell(high_scale), high);
        rows.compute(ADD, Some(high), Cell(value), high);
        store(rows, 8, to, high);
        rows.copy(value, Cell(next));
        add(rows, from, 8);
        add(rows, to, 8);
    });
    rows.compute(ADD, Some(from), Cell(offset), from);

    rows.patch(no_words, rows.here());
    rows.patch(words_done, rows.here());
    until_equal(rows, to, end, one);
    rows.ret(RETURN);
}

fn copy_downwards(rows: &mut Rows) {
    let [to, from, length, to_end, from_end, scratch, value, first] = [0, 1, 2, 4, 5, 6, 7, 8];
    rows.compute(ADD, Some(to), Cell(length), to_end);
    rows.compute(ADD, Some(from), Cell(length), from_end);
    let one = |rows: &mut Rows| {
        subtract(rows, to_end, 1);
        subtract(rows, from_end, 1);
        load(rows, 1, from_end, 0, value);
        store(rows, 1, to_end, value);
    };
    // Words can be moved if both are as far from a word's start.
    rows.compute(XOR, Some(to_end), Cell(from_end), scratch);
    rows.compute(AND, Some(scratch), Const(7), scratch);
    let bytes_only = rows.jump_if(Some(scratch), Const(0), false, 0);
    until_aligned(rows, to_end, to, scratch, one);
    // All words above the first aligned address; none if the end is not aligned, because then nothing is left.
    let nothing_left = rows.jump_if(Some(to_end), Cell(to), true, 0);
    rows.compute(ADD, Some(to), Const(7), first);
    rows.compute(AND, Some(first), Const(!7), first);
    until_equal(rows, to_end, first, |rows| {
        subtract(rows, to_end, 8);
        subtract(rows, from_end, 8);
        load(rows, 8, from_end, 0, value);
        store(rows, 8, to_end, value);
    });
    rows.patch(bytes_only, rows.here());
    rows.patch(nothing_left, rows.here());
    until_equal(rows, to_end, to, one);
    rows.ret(RETURN);
}

/// Cells 0: address, 1: first byte among those of all segments, 2: length.
fn init_memory(rows: &mut Rows) {
    let [to, from, end, value, scratch] = [0, 1, 2, 4, 5];
    check_memory(rows, to, end, [value, scratch]);
    rows.compute(ADD, Some(to), Cell(end), end);
    until_equal(rows, to, end, |rows| {
        rows.compute(DIV, Some(from), Const(8), value);
        read_cell(rows, value, Space::Segment.base(), value);
        rows.compute(AND, Some(from), Const(7), scratch);
        rows.compute(MUL, Some(scratch), Const(8), scratch);
        rows.compute(POW2, Some(scratch), Const(0), scratch);
        rows.compute(DIV, Some(value), Cell(scratch), value);
        rows.compute(AND, Some(value), Const(0xff), value);
        store(rows, 1, to, value);
        add(rows, from, 1);
        add(rows, to, 1);
    });
    rows.ret(RETURN);
}

/// Cells 0: first key, 1: value, 2: how many.
fn fill_cells(rows: &mut Rows) {
    let [to, value, end] = [0, 1, 2];
    rows.compute(ADD, Some(to), Cell(end), end);
    until_equal(rows, to, end, |rows| {
        write_cell(rows, to, value);
        add(rows, to, 1);
    });
    rows.ret(RETURN);
}

/// Cells 0: first key of the copy, 1: of the original, 2: how many.
fn copy_cells(rows: &mut Rows) {
    let [to, from, length, to_end, from_end, value] = [0, 1, 2, 4, 5, 6];
    rows.compute(LESS, Some(from), Cell(to), value);
    let downwards = rows.jump_if(Some(value), Const(0), false, 0);
    rows.compute(ADD, Some(to), Cell(length), to_end);
    until_equal(rows, to, to_end, |rows| {
        read_cell(rows, from, Space::Global.base(), value);
        write_cell(rows, to, value);
        add(rows, from, 1);
        add(rows, to, 1);
    });
    rows.ret(RETURN);

    rows.patch(downwards, rows.here());
    rows.compute(ADD, Some(to), Cell(length), to_end);
    rows.compute(ADD, Some(from), Cell(length), from_end);
    until_equal(rows, to_end, to, |rows| {
        subtract(rows, to_end, 1);
        subtract(rows, from_end, 1);
        read_cell(rows, from_end, Space::Global.base(), value);
        write_cell(rows, to_end, value);
    });
    rows.ret(RETURN);
}
