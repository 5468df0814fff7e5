//! Instructions on tables, references and whole ranges of memory.

use wasmparser::Operator;

use super::{
    TrapKind,
    bulk::{RETURN, relative},
    function::{Body, row},
    module::{Segment, first_element},
    rows::{
        Bulk, Link,
        Operand::{self, Cell, Const},
        with_a, with_b,
    },
};
use crate::program::{
    Instruction, Space,
    flag::{self, ADD, EQUAL, LESS},
};

impl Body<'_, '_> {
    /// Translates an instruction on a range of memory; false if it is none.
    pub(super) fn bulk(&mut self, operator: &Operator) -> bool {
        match *operator {
            Operator::MemoryFill { .. } => {
                let arguments = self.three();
                self.call_bulk(Bulk::FillMemory, arguments);
            }
            Operator::MemoryCopy { .. } => {
                let arguments = self.three();
                self.call_bulk(Bulk::CopyMemory, arguments);
            }
            Operator::MemoryInit { data_index, .. } => {
                let segment = self.module.data[data_index as usize];
                let [to, from, length] = self.three();
                self.check_segment(segment, from, length, TrapKind::MemoryOutOfBounds);
                let from = self.intermediate(ADD, from, Const(segment.start));
                self.call_bulk(Bulk::InitMemory, [to, from, length]);
            }
            Operator::DataDrop { data_index } => self.drop_segment(self.module.data[data_index as usize]),
            _ => return false,
        }
        true
    }

    /// Translates an instruction on tables or references; false if it is none.
    pub(super) fn tables(&mut self, operator: &Operator) -> bool {
        match *operator {
            Operator::RefNull { .. } => self.push(Const(0)),
            Operator::RefIsNull => {
                let reference = self.pop();
                let d = self.result();
                self.compute(EQUAL, reference, Const(0), d);
            }
            Operator::RefFunc { function_index } => {
                let d = self.result();
                self.rows.reference(function_index, d);
            }
            Operator::TableSize { table } => {
                let scratch = self.temporary();
                let size = self.table_size(table, scratch);
                let d = self.result();
                self.rows.copy(d, size);
            }
            Operator::TableGet { table } => {
                let index = self.pop();
                let index = Cell(self.in_cell(index));
                self.check_elements(table, index, Const(1));
                let a = self.operand_a(index);
                let d = self.result();
                let read = row(flag::READ_CELL | flag::WRITE_D, first_element(table));
                self.rows.push(with_a(Instruction { d, ..read }, a));
            }
            Operator::TableSet { table } => {
                let (value, index) = (self.pop(), self.pop());
                let index = Cell(self.in_cell(index));
                self.check_elements(table, index, Const(1));
                let a = self.operand_a(index);
                self.rows.push(with_b(
                    with_a(row(flag::WRITE_CELL, first_element(table)), a),
                    value,
                ));
            }
            Operator::TableFill { table } => {
                let [start, value, length] = self.three();
                self.check_elements(table, start, length);
                let start = self.element_key(table, start);
                self.call_bulk(Bulk::FillCells, [start, value, length]);
            }
            Operator::TableCopy { dst_table, src_table } => {
                let [to, from, length] = self.three();
                self.check_elements(dst_table, to, length);
                self.check_elements(src_table, from, length);
                let (to, from) = (self.element_key(dst_table, to), self.element_key(src_table, from));
                self.call_bulk(Bulk::CopyCells, [to, from, length]);
            }
            Operator::TableInit { elem_index, table } => {
                let segment = self.module.elements[elem_index as usize];
                let [to, from, length] = self.three();
                self.check_elements(table, to, length);
                self.check_segment(segment, from, length, TrapKind::TableOutOfBounds);
                let to = self.element_key(table, to);
                let start = relative(Space::Segment) + segment.start;
                let from = self.intermediate(ADD, from, Const(start));
                self.call_bulk(Bulk::CopyCells, [to, from, length]);
            }
            Operator::ElemDrop { elem_index } => {
                self.drop_segment(self.module.elements[elem_index as usize]);
            }
            Operator::TableGrow { table } => self.grow_table(table),
            _ => return false,
        }
        true
    }

    /// Pops three operands; the first that was pushed comes first.
    fn three(&mut self) -> [Operand; 3] {
        let (c, b, a) = (self.pop(), self.pop(), self.pop());
        [a, b, c]
    }

    /// Calls a routine, with a frame above all that is in use.
    fn call_bulk(&mut self, bulk: Bulk, arguments: [Operand; 3]) {
        let frame: [u32; 4] = std::array::from_fn(|_| self.temporary());
        for (cell, argument) in frame.into_iter().zip(arguments) {
            self.rows.copy(cell, argument);
        }
        self.rows.call(Link::Bulk(bulk), frame[0], frame[0] + RETURN);
    }

    /// Reads a size that can change, into `d`, or gives the constant that it is.
    fn size(&mut self, key: Option<u64>, size: u64, d: u32) -> Operand {
        let Some(key) = key else {
            return Const(size);
        };
        let read = row(flag::READ_CELL | flag::WRITE_D, key);
        self.rows.push(Instruction { d, ..read });
        Cell(d)
    }

    /// How many elements a table has; `scratch` may be used.
    pub(super) fn table_size(&mut self, table: u32, scratch: u32) -> Operand {
        let table = &self.module.tables[table as usize];
        self.size(table.size_key, table.size, scratch)
    }

    /// Traps if `start + length > size`. All are below 2^33.
    fn check_range(&mut self, start: Operand, length: Operand, size: Operand, trap: TrapKind) {
        let end = self.intermediate(ADD, start, length);
        let beyond = self.intermediate(LESS, size, end);
        let a = self.operand_a(beyond);
        self.rows.jump_if(a, Const(0), false, trap.pc());
    }

    fn check_elements(&mut self, table: u32, start: Operand, length: Operand) {
        let scratch = self.temporary();
        let size = self.table_size(table, scratch);
        self.check_range(start, length, size, TrapKind::TableOutOfBounds);
    }

    fn check_segment(&mut self, segment: Segment, start: Operand, length: Operand, trap: TrapKind) {
        let scratch = self.temporary();
        let size = self.size(segment.length_key, segment.length, scratch);
        self.check_range(start, length, size, trap);
    }

    fn drop_segment(&mut self, segment: Segment) {
        if let Some(key) = segment.length_key {
            self.rows.push(row(flag::WRITE_CELL, key));
        }
    }

    /// The key of a table's element, as routines on cells take it.
    fn element_key(&mut self, table: u32, index: Operand) -> Operand {
        let first = first_element(table) - Space::Global.base();
        self.intermediate(ADD, index, Const(first))
    }

    fn grow_table(&mut self, table: u32) {
        let (by, value) = (self.pop(), self.pop());
        let by = Cell(self.in_cell(by));
        let declared = &self.module.tables[table as usize];
        let (max, key) = (declared.max, declared.size_key);
        let (old, new) = (self.temporary(), self.temporary());
        let size = self.table_size(table, old);
        self.rows.copy(old, size);
        self.compute(ADD, by, Cell(old), new);
        let allowed = self.below(Cell(new), max + 1);
        let refused = self.rows.jump_if(Some(allowed), Const(0), true, 0);
        if let Some(key) = key {
            self.rows.push(with_b(row(flag::WRITE_CELL, key), Cell(new)));
        }
        let first = self.element_key(table, Cell(old));
        self.call_bulk(Bulk::FillCells, [first, value, by]);
        let done = self.rows.jump(0);
        self.rows.patch(refused, self.rows.here());
        self.rows.copy(old, Const(u64::from(u32::MAX)));
        self.rows.patch(done, self.rows.here());
        let d = self.result();
        self.rows.copy(d, Cell(old));
    }
}
