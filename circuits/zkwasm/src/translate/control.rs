//! Blocks, branches and calls.

use wasmparser::{BlockType, BrTable, FuncType, Operator};

use super::{
    TrapKind,
    compare::Condition,
    function::{Body, return_cell, row},
    module::first_element,
    rows::{
        Link,
        Operand::{Cell, Const},
        with_a,
    },
};
use crate::program::{Instruction, flag};

/// Up to this many entries, a `br_table` compares one after the other; beyond, it jumps into a table.
const COMPARED_ENTRIES: usize = 3;

enum Kind {
    Function,
    Block,
    /// With the instruction it starts at.
    Loop(u64),
    /// With the jump to the `else`, until that is reached.
    If(Option<usize>),
}

/// An open block.
pub(super) struct Block {
    kind: Kind,
    /// Height of the operand stack below the block's parameters.
    height: usize,
    params: usize,
    results: usize,
    /// Jumps to its end.
    exits: Vec<usize>,
}

impl Block {
    /// The block that a function's body is.
    pub(super) fn function(results: usize) -> Self {
        Self {
            kind: Kind::Function,
            height: 0,
            params: 0,
            results,
            exits: Vec::new(),
        }
    }

    /// How many operands a branch to it takes.
    fn arity(&self) -> usize {
        if matches!(self.kind, Kind::Loop(_)) {
            self.params
        } else {
            self.results
        }
    }
}

impl<'w> Body<'_, 'w> {
    /// Translates an instruction of control; false if it is none.
    pub(super) fn control(&mut self, operator: &Operator<'w>) -> bool {
        match operator {
            Operator::Block { blockty } => self.open(*blockty, Kind::Block),
            Operator::Loop { blockty } => {
                self.open(*blockty, Kind::Block);
                let start = self.rows.here();
                if start > self.start {
                    self.rows.settle_count();
                }
                if let Some(block) = self.blocks.last_mut() {
                    block.kind = Kind::Loop(start);
                }
            }
            Operator::If { blockty } => {
                let condition = self.pop_condition();
                self.open_if(condition, *blockty);
            }
            Operator::Else => self.start_else(),
            Operator::End => self.close(),
            Operator::Br { relative_depth } => {
                self.prepare(*relative_depth);
                self.branch(*relative_depth);
                self.live = false;
            }
            Operator::BrIf { relative_depth } => {
                let condition = self.pop_condition();
                self.branch_if(condition, *relative_depth);
            }
            Operator::BrTable { targets } => self.branch_table(targets),
            Operator::Return => {
                let outermost = self.blocks.len() as u32 - 1;
                self.prepare(outermost);
                self.branch(outermost);
                self.live = false;
            }
            Operator::Unreachable => {
                self.trap(TrapKind::Unreachable);
                self.live = false;
            }
            Operator::Call { function_index } => self.call(*function_index),
            Operator::CallIndirect {
                type_index,
                table_index,
            } => self.call_indirect(*type_index, *table_index),
            _ => return false,
        }
        true
    }

    /// Passes over an instruction that cannot be reached.
    pub(super) fn skip(&mut self, operator: &Operator<'w>) {
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => self.skipped += 1,
            Operator::End if self.skipped > 0 => self.skipped -= 1,
            Operator::End => self.close(),
            Operator::Else if self.skipped == 0 => self.start_else(),
            _ => {}
        }
    }

    fn open(&mut self, ty: BlockType, kind: Kind) {
        let (params, results) = match ty {
            BlockType::Empty => (0, 0),
            BlockType::Type(_) => (0, 1),
            BlockType::FuncType(index) => {
                let ty = self.module.type_at(index);
                (ty.params().len(), ty.results().len())
            }
        };
        self.materialise_top(params);
        self.settle();
        let height = self.height() - params;
        self.blocks.push(Block {
            kind,
            height,
            params,
            results,
            exits: Vec::new(),
        });
    }

    /// Opens an `if`.
    pub(super) fn open_if(&mut self, condition: Condition, ty: BlockType) {
        self.open(ty, Kind::Block);
        let jump = self.jump_on(condition.inverted(), 0);
        if let Some(block) = self.blocks.last_mut() {
            block.kind = Kind::If(Some(jump));
        }
    }

    fn start_else(&mut self) {
        let Some(mut block) = self.blocks.pop() else {
            return;
        };
        if self.live {
            self.materialise_top(block.results);
            block.exits.push(self.rows.jump(0));
        }
        if let Kind::If(jump) = &mut block.kind
            && let Some(jump) = jump.take()
        {
            self.rows.patch(jump, self.rows.here());
        }
        self.restart(block.height, block.params);
        self.blocks.push(block);
    }

    fn close(&mut self) {
        let Some(mut block) = self.blocks.pop() else {
            return;
        };
        match block.kind {
            Kind::Function => {
                if self.live {
                    self.blocks.push(block);
                    self.prepare(0);
                    self.branch(0);
                    self.blocks.clear();
                    self.live = false;
                }
                return;
            }
            Kind::If(Some(jump)) => block.exits.push(jump),
            _ => {}
        }
        if self.live {
            self.materialise_top(block.results);
        }
        let here = self.rows.here();
        block.exits.iter().for_each(|&jump| self.rows.patch(jump, here));
        if self.live || !block.exits.is_empty() {
            self.restart(block.height, block.results);
        } else {
            self.shrink(block.height);
        }
    }

    /// Continues reachably with `count` operands in their slots above `height`.
    fn restart(&mut self, height: usize, count: usize) {
        self.shrink(height);
        self.push_slots(count);
        self.live = true;
    }

    fn push_slots(&mut self, count: usize) {
        for _ in 0..count {
            let slot = self.slot(self.height());
            self.push(Cell(slot));
        }
    }

    /// Appends a jump that is taken if the condition holds.
    pub(super) fn jump_on(&mut self, condition: Condition, target: u64) -> usize {
        let Condition { a, b, equal } = condition;
        match (a, b) {
            (Const(a), Const(b)) => self.rows.jump_if(None, Const(u64::from(a != b)), equal, target),
            (Const(_), Cell(b)) => self.rows.jump_if(Some(b), a, equal, target),
            (Cell(a), _) => self.rows.jump_if(Some(a), b, equal, target),
        }
    }

    fn target(&mut self, depth: u32) -> &mut Block {
        let index = self.blocks.len() - 1 - depth as usize;
        &mut self.blocks[index]
    }

    /// Does, on all paths, what a branch may need to have done before it: results that are returned must not
    /// overwrite the parameters that other results are read from.
    fn prepare(&mut self, depth: u32) {
        let block = self.target(depth);
        let (arity, returns) = (block.arity(), matches!(block.kind, Kind::Function));
        if returns && arity > 1 {
            self.materialise_top(arity);
        }
    }

    /// Whether a branch must move operands or return.
    fn needs_code(&mut self, depth: u32) -> bool {
        let block = self.target(depth);
        let (arity, height, returns) = (block.arity(), block.height, matches!(block.kind, Kind::Function));
        let first = self.height() - arity;
        returns
            || (0..arity).any(|k| {
                let slot = self.slot(height + k);
                self.operand(first + k) != Cell(slot)
            })
    }

    /// Appends an unconditional branch and leaves the operand stack as it is.
    fn branch(&mut self, depth: u32) {
        let block = self.target(depth);
        let (arity, height, returns) = (block.arity(), block.height, matches!(block.kind, Kind::Function));
        let first = self.height() - arity;
        for k in 0..arity {
            let to = if returns { k as u32 } else { self.slot(height + k) };
            self.rows.copy(to, self.operand(first + k));
        }
        if returns {
            self.rows.ret(self.own_return_cell());
        } else {
            let jump = self.rows.jump(0);
            self.direct(jump, depth);
        }
    }

    /// Makes a jump go where a branch goes that needs no code.
    fn direct(&mut self, jump: usize, depth: u32) {
        let block = self.target(depth);
        match block.kind {
            Kind::Loop(start) => self.rows.patch(jump, start),
            _ => block.exits.push(jump),
        }
    }

    /// Appends a conditional branch.
    pub(super) fn branch_if(&mut self, condition: Condition, depth: u32) {
        self.prepare(depth);
        let block = self.target(depth);
        let (arity, height, returns) = (block.arity(), block.height, matches!(block.kind, Kind::Function));
        if !returns && height + arity == self.height() {
            // The operands stay where they are: put them there on both paths.
            self.materialise_top(arity);
        }
        if self.needs_code(depth) {
            let skip = self.jump_on(condition.inverted(), 0);
            self.branch(depth);
            self.rows.patch(skip, self.rows.here());
        } else {
            let jump = self.jump_on(condition, 0);
            self.direct(jump, depth);
        }
    }

    fn branch_table(&mut self, table: &BrTable) {
        let index = self.pop();
        // The validator has decoded the targets.
        let targets: Vec<u32> = table.targets().flatten().collect();
        let default = table.default();
        targets
            .iter()
            .chain([&default])
            .for_each(|&depth| self.prepare(depth));
        if targets.len() <= COMPARED_ENTRIES {
            for (entry, &depth) in targets.iter().enumerate() {
                self.branch_if(
                    Condition {
                        a: index,
                        b: Const(entry as u64),
                        equal: true,
                    },
                    depth,
                );
            }
            self.branch(default);
            self.live = false;
            return;
        }
        let index = self.in_cell(index);
        let in_range = self.temporary();
        self.rows
            .compute(flag::LESS, Some(index), Const(targets.len() as u64), in_range);
        let mut pending = Vec::new();
        let jump = self.rows.jump_if(Some(in_range), Const(0), true, 0);
        pending.push((default, jump));
        let first = self.rows.here() + 1;
        self.rows.push(with_a(row(flag::JUMP, first), Some(index)));
        for depth in targets {
            pending.push((depth, self.rows.jump(0)));
        }
        pending.sort_unstable();
        for jumps in pending.chunk_by(|a, b| a.0 == b.0) {
            let depth = jumps[0].0;
            if self.needs_code(depth) {
                let here = self.rows.here();
                jumps.iter().for_each(|&(_, jump)| self.rows.patch(jump, here));
                self.branch(depth);
            } else {
                jumps.iter().for_each(|&(_, jump)| self.direct(jump, depth));
            }
        }
        self.live = false;
    }

    fn call(&mut self, function: u32) {
        if let Some(&host) = self.module.hosts.get(function as usize) {
            let params = self.module.type_of(function).params().len();
            return self.call_host(host, params);
        }
        let ty = self.module.type_of(function);
        let (shift, d) = self.open_frame(ty);
        self.rows.call(Link::Function(function), shift, d);
        self.push_slots(ty.results().len());
    }

    fn call_indirect(&mut self, type_index: u32, table: u32) {
        let index = self.pop();
        let a = self.operand_a(index);
        let [element, is_pc] = [self.temporary(), self.temporary()];
        let ty = self.module.type_at(type_index);
        // Before the element is read, because copying arguments needs no intermediate cells.
        let (shift, d) = self.open_frame(ty);
        let read = row(flag::READ_CELL | flag::WRITE_D, first_element(table));
        self.rows.push(with_a(Instruction { d: element, ..read }, a));
        // An element of the right type minus the type's tag is a pc, below 2^32; any other is not, null and
        // elements beyond the table, which read as null, included: tags are at least 2^32.
        let tag = self.module.type_tag(type_index);
        self.rows.compute(flag::SUB, Some(element), Const(tag), element);
        self.rows
            .compute(flag::LESS, Some(element), Const(1 << 32), is_pc);
        let jump = self.rows.jump_if(Some(is_pc), Const(0), true, 0);
        self.rows.call_cell(element, shift, d);
        self.detour_refused_call(jump, a, [element, is_pc], tag, table);
        self.push_slots(ty.results().len());
    }

    /// Puts the arguments into their slots and pops them. Returns the offset of the callee's frame and the cell
    /// of its return address.
    fn open_frame(&mut self, ty: &FuncType) -> (u32, u32) {
        let (params, results) = (ty.params().len(), ty.results().len());
        self.materialise_top(params);
        let height = self.height() - params;
        self.shrink(height);
        let shift = self.slot(height);
        (shift, shift + return_cell(params, results))
    }
}
