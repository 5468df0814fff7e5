//! Jumps, calls, returns, the size of memory, output, calls of precompiles, the end of the run.

use ff::Field;
use weft_folding::{
    F, power_of_two,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use super::{Class, Core, Executed, StepColumns, fill_number, number, numbers};
use crate::{
    bus::tag,
    precompiles::call_fields,
    program::{HALTED, Space, flag},
    witness::{Lookups, Row},
};

/// The columns of a block.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    pub(crate) core: Core,
    /// The return address: pc in the lower half, frame size in the upper.
    pub(crate) address: [[Column; 4]; 1],
    /// 1 if A = B, and the inverse of A − B otherwise.
    pub(crate) equal: Column,
    pub(crate) inverse: Column,
    /// (`JUMP_EQUAL` − `JUMP_NOT_EQUAL`)·equal.
    pub(crate) taken: Column,
    /// What jumps to a fixed target (conditional or halting), jumps to A + target and returns add to pc + 1.
    pub(crate) jumps: [Column; 3],
    /// What calls, returns and halts change in fp.
    pub(crate) frames: [Column; 3],
    /// What resizing and halting change in pages.
    pub(crate) resizes: [Column; 2],
}

/// The block and its columns.
pub(crate) fn shape() -> (Shape, StepColumns) {
    let mut block = ShapeBuilder::new("control");
    let modifiers = flag::USE_A | flag::USE_B | flag::WRITE_D | flag::CALL;
    let core = Core::new(&mut block, Class::Control, modifiers, 0, true);
    let on = core.on();
    let c = Columns {
        address: numbers(&mut block, &on),
        equal: block.trace(),
        inverse: block.trace(),
        taken: block.trace(),
        jumps: block.traces(),
        frames: block.traces(),
        resizes: block.traces(),
        core,
    };
    let any = |bits| c.core.any(bits);
    let (a, target) = (c.core.operand_a(), c.core.target());
    let difference = a.clone() - c.core.operand_b();
    block.enforce(difference.clone(), c.inverse, on - c.equal);
    block.enforce(difference, c.equal, Linear::zero());
    let (if_equal, unless_equal) = (any(flag::JUMP_EQUAL), any(flag::JUMP_NOT_EQUAL));
    block.enforce(if_equal - unless_equal.clone(), c.equal, c.taken);
    let taken = unless_equal + c.taken;

    let halt = any(flag::HALT);
    let mut next = c.core.following();
    let following = next.pc.clone();
    let from_here = |to: Linear| to - following.clone();
    let [[pc_low, pc_high, frame_low, frame_high]] = c.address;
    let half = |low: Column, high: Column| Linear::from(low) + Linear::from(high) * power_of_two(16);
    block.zero_if(any(flag::RETURN), a.clone() - number(&c.address[0]));
    block.enforce(taken + halt.clone(), from_here(target.clone()), c.jumps[0]);
    block.enforce(any(flag::JUMP), from_here(a.clone() + target), c.jumps[1]);
    block.enforce(any(flag::RETURN), from_here(half(pc_low, pc_high)), c.jumps[2]);
    block.enforce(any(flag::CALL), c.core.imm, c.frames[0]);
    block.enforce(any(flag::RETURN), half(frame_low, frame_high), c.frames[1]);
    block.enforce(any(flag::HALT), c.core.fp, c.frames[2]);
    block.enforce(any(flag::RESIZE), a.clone() - c.core.pages, c.resizes[0]);
    block.enforce(any(flag::HALT), c.core.pages, c.resizes[1]);

    let link = Linear::from(c.core.pc) + 1 + Linear::from(c.core.imm) * power_of_two(32);
    block.zero_if(any(flag::CALL), c.core.result() - link);
    block.zero_if(any(flag::SIZE), c.core.result() - c.core.pages);
    let word = [(1, c.core.written.into()), (2, a.clone())];
    block.entry(tag::OUTPUT, &word, any(flag::OUTPUT));
    // A call begins at its first word and ends behind its last.
    let first = a + Space::Memory.base();
    let called = any(flag::PRECOMPILE);
    let call = |key: Linear, index: Linear| call_fields(key, c.core.clock.into(), index, c.core.target());
    block.entry(tag::CALL, &call(first.clone(), Linear::zero()), called.clone());
    let words = Linear::from(c.core.imm);
    block.entry(
        tag::CALL,
        &call(first + words.clone(), words),
        Linear::zero() - called,
    );

    next.pc = c
        .jumps
        .iter()
        .fold(following + halt.clone() * F::from(HALTED), |sum, &jump| {
            sum + jump
        });
    let [opened, closed, left] = c.frames;
    next.fp = next.fp + opened - closed - left;
    next.written = next.written + any(flag::OUTPUT);
    // No RESIZE leaves −1 pages: only a halt comes to the end state, whatever a jump's target is computed to be.
    next.pages = next.pages + c.resizes[0] - c.resizes[1] - halt;
    c.core.step(&mut block, next);
    (block.finish(), StepColumns::Control(c))
}

impl Columns {
    pub(super) fn fill(&self, row: &mut Row<'_>, executed: Executed<'_>, lookups: &Lookups) {
        self.core.fill(row, executed, lookups);
        let Executed {
            step, instruction, ..
        } = executed;
        let (a, b) = (executed.a(), executed.b());
        let has = |bits| instruction.any(bits);
        let equal = a == b;
        row.bit(self.equal, equal);
        let difference = F::from(a) - F::from(b);
        row.put(self.inverse, difference.invert().unwrap_or(F::ZERO));
        if equal && has(flag::JUMP_EQUAL | flag::JUMP_NOT_EQUAL) {
            let sign = if has(flag::JUMP_EQUAL) { F::ONE } else { -F::ONE };
            row.put(self.taken, sign);
        }
        let address = if has(flag::RETURN) { a } else { 0 };
        fill_number(row, &self.address[0], address, lookups);

        let following = F::from(step.pc) + F::ONE;
        let mut jump = |i: usize, happens: bool, to: F| {
            if happens {
                row.put(self.jumps[i], to - following);
            }
        };
        let taken = has(flag::JUMP_EQUAL) && equal || has(flag::JUMP_NOT_EQUAL) && !equal;
        let target = F::from(instruction.target);
        jump(0, taken || has(flag::HALT), target);
        jump(1, has(flag::JUMP), F::from(a) + target);
        jump(2, has(flag::RETURN), F::from(a & 0xffff_ffff));
        if has(flag::CALL) {
            row.number(self.frames[0], instruction.imm);
        }
        if has(flag::RETURN) {
            row.number(self.frames[1], a >> 32);
        }
        if has(flag::HALT) {
            row.number(self.frames[2], step.fp);
            row.number(self.resizes[1], step.pages);
        }
        if has(flag::RESIZE) {
            row.put(self.resizes[0], F::from(a) - F::from(step.pages));
        }
    }
}
