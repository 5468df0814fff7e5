//! Loads, stores and the size of memory.
//!
//! The machine accesses memory within one aligned 64-bit word. An access that crosses into the next word continues
//! at the following instruction, which leads to a routine shared by all accesses of the same width; one that does
//! not cross skips that instruction.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{MemArg, Operator};

use super::{
    TrapKind,
    arithmetic::Int,
    function::{Body, row},
    rows::{
        Crossing, Link,
        Operand::{self, Cell, Const},
        Rows, with_a, with_b,
    },
};
use crate::program::{Instruction, flag};

/// Instructions that are rarely reached and follow their function.
pub(super) enum Detour {
    /// A memory access that crosses.
    Crossing {
        /// The jump that leads here.
        from: usize,
        crossing: Crossing,
        address: u32,
        /// The value stored, or where the loaded value goes.
        value: Operand,
        /// First of the cells that may be used.
        scratch: u32,
    },
    /// An indirect call that is refused: finds out why.
    RefusedCall {
        /// The jump that leads here.
        from: usize,
        /// The index of the element; 0 without a cell.
        index: Option<u32>,
        /// Holds the element minus `tag`.
        element: u32,
        scratch: u32,
        tag: u64,
        /// The table.
        table: u32,
    },
}

/// What a load does with the value: nothing, or extend its sign.
type Extension = Option<Int>;

impl Body<'_, '_> {
    /// Translates an instruction on memory; false if it is none.
    pub(super) fn memory(&mut self, operator: &Operator) -> bool {
        use Int::{I32, I64};
        match operator {
            Operator::I32Load { memarg } | Operator::I64Load32U { memarg } => self.load(memarg, 4, None),
            Operator::I64Load { memarg } => self.load(memarg, 8, None),
            Operator::I32Load8U { memarg } | Operator::I64Load8U { memarg } => self.load(memarg, 1, None),
            Operator::I32Load16U { memarg } | Operator::I64Load16U { memarg } => self.load(memarg, 2, None),
            Operator::I32Load8S { memarg } => self.load(memarg, 1, Some(I32)),
            Operator::I32Load16S { memarg } => self.load(memarg, 2, Some(I32)),
            Operator::I64Load8S { memarg } => self.load(memarg, 1, Some(I64)),
            Operator::I64Load16S { memarg } => self.load(memarg, 2, Some(I64)),
            Operator::I64Load32S { memarg } => self.load(memarg, 4, Some(I64)),
            Operator::I32Store { memarg } => self.store(memarg, 4, false),
            Operator::I64Store { memarg } => self.store(memarg, 8, false),
            Operator::I32Store8 { memarg } | Operator::I64Store8 { memarg } => self.store(memarg, 1, true),
            Operator::I32Store16 { memarg } | Operator::I64Store16 { memarg } => self.store(memarg, 2, true),
            Operator::I64Store32 { memarg } => self.store(memarg, 4, true),
            Operator::MemorySize { .. } => {
                let d = self.result();
                self.rows.push(Instruction {
                    d,
                    ..row(flag::SIZE | flag::WRITE_D, 0)
                });
            }
            Operator::MemoryGrow { .. } => self.grow(),
            _ => return false,
        }
        true
    }

    /// The operand and offset of an access; a constant address becomes part of the offset if it can.
    fn address(&mut self, operand: Operand, memarg: &MemArg, width: u64) -> (Option<u32>, u64) {
        if let Const(address) = operand {
            let address = address + memarg.offset;
            if address >> 32 == 0 && address % 8 + width <= 8 {
                return (None, address);
            }
        }
        (Some(self.in_cell(operand)), memarg.offset)
    }

    fn load(&mut self, memarg: &MemArg, width: u64, extension: Extension) {
        let operand = self.pop();
        let (a, offset) = self.address(operand, memarg, width);
        let d = self.result();
        let load = row(flag::LOAD | flag::WRITE_D | width_flag(width), offset);
        self.rows.push(with_a(Instruction { d, ..load }, a));
        let crossing = Crossing {
            width,
            store: false,
            offset,
        };
        // On top of the operand stack, the address is where the routine expects it and returns the value.
        let in_place = a == Some(d) && d >= self.first_slot;
        self.if_crossing(a, crossing, Cell(d), in_place);
        if let Some(int) = extension {
            self.extend(int, Cell(d), 1 << (8 * width - 1), d);
        }
    }

    fn store(&mut self, memarg: &MemArg, width: u64, narrows: bool) {
        let mask = u64::MAX >> (64 - 8 * width);
        let value = self.pop();
        // Where the routine for crossing accesses expects the value.
        let value_slot = self.slot(self.height());
        let value = match value {
            Const(value) => Const(value & mask),
            Cell(_) if narrows => {
                self.compute(flag::AND, value, Const(mask), value_slot);
                Cell(value_slot)
            }
            Cell(_) => value,
        };
        let operand = self.pop();
        let (a, offset) = self.address(operand, memarg, width);
        let store = row(flag::STORE | width_flag(width), offset);
        self.rows.push(with_b(with_a(store, a), value));
        let crossing = Crossing {
            width,
            store: true,
            offset,
        };
        let in_place = a == Some(self.slot(self.height())) && value == Cell(value_slot);
        self.if_crossing(a, crossing, value, in_place);
    }

    /// Appends the instruction that a crossing access continues at.
    fn if_crossing(&mut self, a: Option<u32>, crossing: Crossing, value: Operand, in_place: bool) {
        match a {
            Some(address) if crossing.width > 1 && in_place => {
                let ret = address + 1 + u32::from(crossing.store);
                self.rows.call(Link::Crossing(crossing), address, ret);
            }
            Some(address) if crossing.width > 1 => {
                let from = self.rows.jump(0);
                let scratch = self.temporary();
                self.detours.push(Detour::Crossing {
                    from,
                    crossing,
                    address,
                    value,
                    scratch,
                });
            }
            // Never reached.
            _ => self.trap(TrapKind::MemoryOutOfBounds),
        }
    }

    fn grow(&mut self) {
        let by = self.pop();
        let by = Cell(self.in_cell(by));
        let old = self.temporary();
        self.rows.push(Instruction {
            d: old,
            ..row(flag::SIZE | flag::WRITE_D, 0)
        });
        let new = self.intermediate(flag::ADD, by, Cell(old));
        let allowed = self.below(new, u64::from(self.module.max_pages) + 1);
        let d = self.result();
        let refused = self.rows.jump_if(Some(allowed), Const(0), true, 0);
        let a = self.operand_a(new);
        self.rows.push(with_a(row(flag::RESIZE, 0), a));
        self.rows.copy(d, Cell(old));
        let done = self.rows.jump(0);
        self.rows.patch(refused, self.rows.here());
        self.rows.copy(d, Const(Int::I32.mask()));
        self.rows.patch(done, self.rows.here());
    }

    /// Leaves what happens to a refused indirect call for after the function.
    pub(super) fn detour_refused_call(
        &mut self,
        from: usize,
        index: Option<u32>,
        [element, scratch]: [u32; 2],
        tag: u64,
        table: u32,
    ) {
        self.detours.push(Detour::RefusedCall {
            from,
            index,
            element,
            scratch,
            tag,
            table,
        });
    }

    /// Appends what follows the function.
    pub(super) fn append_detours(&mut self) {
        for detour in std::mem::take(&mut self.detours) {
            let here = self.rows.here();
            match detour {
                Detour::Crossing {
                    from,
                    crossing,
                    address,
                    value,
                    scratch,
                } => {
                    self.rows.patch(from, here);
                    let offset = Const(crossing.offset);
                    self.rows.compute(flag::ADD, Some(address), offset, scratch);
                    if crossing.store {
                        self.rows.copy(scratch + 1, value);
                    }
                    let ret = scratch + 1 + u32::from(crossing.store);
                    self.rows.call(
                        Link::Crossing(Crossing {
                            offset: 0,
                            ..crossing
                        }),
                        scratch,
                        ret,
                    );
                    if let Cell(d) = value
                        && !crossing.store
                    {
                        self.rows.copy(d, Cell(scratch));
                    }
                    self.rows.jump(from as u64 + 1);
                }
                Detour::RefusedCall {
                    from,
                    index,
                    element,
                    scratch,
                    tag,
                    table,
                } => {
                    self.rows.patch(from, here);
                    let size = self.table_size(table, scratch);
                    self.rows.compute(flag::LESS, index, size, scratch);
                    self.rows
                        .jump_if(Some(scratch), Const(0), true, TrapKind::TableOutOfBounds.pc());
                    let null = Const(tag.wrapping_neg());
                    self.rows
                        .jump_if(Some(element), null, true, TrapKind::NullElement.pc());
                    self.rows.jump(TrapKind::CallTypeMismatch.pc());
                }
            }
        }
    }
}

pub(super) fn width_flag(width: u64) -> u64 {
    match width {
        1 => flag::WIDTH_1,
        2 => flag::WIDTH_2,
        4 => flag::WIDTH_4,
        _ => flag::WIDTH_8,
    }
}

/// Appends the routines for crossing accesses that are linked to, and returns where they start.
pub(super) fn crossings(rows: &mut Rows) -> BTreeMap<Crossing, u64> {
    let wanted: BTreeSet<Crossing> = rows
        .links
        .iter()
        .filter_map(|(_, link)| match link {
            Link::Crossing(crossing) => Some(*crossing),
            _ => None,
        })
        .collect();
    let mut starts = BTreeMap::new();
    for crossing in wanted {
        let plain = Crossing {
            offset: 0,
            ..crossing
        };
        starts.entry(plain).or_insert_with(|| {
            let start = rows.here();
            match plain.store {
                true => crossing_store(rows, plain.width),
                false => crossing_load(rows, plain.width),
            }
            start
        });
        if crossing.offset > 0 {
            starts.insert(crossing, rows.here());
            rows.compute(flag::ADD, Some(0), Const(crossing.offset), 0);
            rows.jump(starts[&plain]);
        }
    }
    starts
}

/// Cells 0: address, then the first word's address. `[bits, power]`: 8 · (address mod 8) and 2 to that power.
fn split_address(rows: &mut Rows, [bits, power]: [u32; 2]) {
    rows.compute(flag::AND, Some(0), Const(7), bits);
    rows.compute(flag::SUB, Some(0), Cell(bits), 0);
    rows.compute(flag::MUL, Some(bits), Const(8), bits);
    rows.compute(flag::POW2, Some(bits), Const(0), power);
}

/// Loads the word at cell 0 plus `offset`, which is aligned and in bounds.
fn load_word(rows: &mut Rows, offset: u64, d: u32) {
    let load = row(flag::LOAD | flag::WRITE_D | flag::WIDTH_8, offset);
    rows.push(with_a(Instruction { d, ..load }, Some(0)));
    rows.jump(TrapKind::MemoryOutOfBounds.pc());
}

/// Stores a word, as [`load_word`] loads one.
fn store_word(rows: &mut Rows, offset: u64, value: u32) {
    let store = row(flag::STORE | flag::WIDTH_8, offset);
    rows.push(with_b(with_a(store, Some(0)), Cell(value)));
    rows.jump(TrapKind::MemoryOutOfBounds.pc());
}

/// Half of 2^(64 − bits), which may not fit itself, from bits in 8 to 56: 63 − bits is bits with its low six bits
/// flipped.
fn half_complement(rows: &mut Rows, bits: u32) {
    rows.compute(flag::XOR, Some(bits), Const(63), bits);
    rows.compute(flag::POW2, Some(bits), Const(0), bits);
}

/// Frame: 0 the address, then the value; 1 the return address.
fn crossing_load(rows: &mut Rows, width: u64) {
    let [bits, power, low, high] = [2, 3, 4, 5];
    split_address(rows, [bits, power]);
    load_word(rows, 0, low);
    load_word(rows, 8, high);
    rows.compute(flag::DIV, Some(low), Cell(power), low);
    half_complement(rows, bits);
    rows.compute(flag::MUL, Some(high), Cell(bits), high);
    rows.compute(flag::MUL, Some(high), Const(2), high);
    rows.compute(flag::OR, Some(low), Cell(high), 0);
    if width < 8 {
        rows.compute(flag::AND, Some(0), Const(u64::MAX >> (64 - 8 * width)), 0);
    }
    rows.ret(1);
}

/// Frame: 0 the address, 1 the value, 2 the return address.
fn crossing_store(rows: &mut Rows, width: u64) {
    let [bits, power, low, high, part] = [3, 4, 5, 6, 7];
    split_address(rows, [bits, power]);
    // The first word keeps its low bits.
    load_word(rows, 0, low);
    rows.compute(flag::REM, Some(low), Cell(power), low);
    rows.compute(flag::MUL, Some(1), Cell(power), part);
    rows.compute(flag::OR, Some(low), Cell(part), low);
    store_word(rows, 0, low);
    // The second keeps its high bits, from bits + 8 · width − 64 on.
    load_word(rows, 8, high);
    rows.compute(flag::ADD, Some(bits), Const((8 * width).wrapping_sub(64)), part);
    rows.compute(flag::POW2, Some(part), Const(0), part);
    rows.compute(flag::DIV, Some(high), Cell(part), high);
    rows.compute(flag::MUL, Some(high), Cell(part), high);
    half_complement(rows, bits);
    rows.compute(flag::DIV, Some(1), Cell(bits), part);
    rows.compute(flag::DIV, Some(part), Const(2), part);
    rows.compute(flag::OR, Some(high), Cell(part), high);
    store_word(rows, 8, high);
    rows.ret(2);
}
