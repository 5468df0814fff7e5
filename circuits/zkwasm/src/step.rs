//! The STEP block: one executed instruction. `docs/decisions/zkwasm-proof.md`, section 4, argues why each equation has
//! one solution; `program::flag` says in words what each flag does.

use ff::Field;
use weft_folding::{
    F, power_of_two,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use crate::{
    bus::tag,
    program::{HALTED, Space, TICKS_PER_STEP, TRAP_PC, flag},
};

/// Columns of a read or written cell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccessColumns {
    /// Tick of the previous access.
    pub(crate) last: Column,
    /// Low 16 bits of the time that passed since, less one.
    pub(crate) passed: Column,
}

/// The first-phase columns of a block, by name.
#[derive(Clone, Debug)]
pub(crate) struct StepColumns {
    pub(crate) flags: [Column; flag::COUNT],
    pub(crate) pc: Column,
    pub(crate) fp: Column,
    pub(crate) clock: Column,
    pub(crate) written: Column,
    pub(crate) pages: Column,
    /// Frame offsets of operands and result.
    pub(crate) offsets: [Column; 3],
    pub(crate) imm: Column,
    pub(crate) target: Column,
    /// Values of the frame cells A and B, 0 if not used.
    pub(crate) a: Column,
    pub(crate) b: Column,
    pub(crate) d_old: Column,
    pub(crate) d_new: Column,
    pub(crate) m_key: Column,
    pub(crate) m_old: Column,
    pub(crate) m_new: Column,
    pub(crate) a_access: AccessColumns,
    pub(crate) b_access: AccessColumns,
    pub(crate) m_access: AccessColumns,
    pub(crate) d_access: AccessColumns,
    /// Seven 64-bit numbers in 16-bit limbs; or, for bitwise operations, 8 bytes each of A, B and A & B in the first six.
    pub(crate) limbs: [[Column; 4]; 7],
    /// A·B, B·limbs\[1\], B·limbs\[0\], N·limbs\[1\].
    pub(crate) products: [Column; 4],
    /// 1 if A = B, and the inverse of A − B otherwise.
    pub(crate) equal: Column,
    pub(crate) inverse: Column,
    pub(crate) less: Column,
    /// Bits of the byte offset in a word (or of A / 8 for `POW2`), and of A mod 8 for `POW2`.
    pub(crate) shift: [Column; 6],
    /// 2^(8·(s0 + 2·s1)), 2^(8·s), 2^(64 − 8·s).
    pub(crate) powers: [Column; 3],
    /// 2^(l0 + 2·l1), 2^l, 2^(8·s + l).
    pub(crate) pow2: [Column; 3],
    /// A load or store ends outside memory; crosses into the next word; is not outside; happens.
    pub(crate) outside: Column,
    pub(crate) crossing: Column,
    pub(crate) inside: Column,
    pub(crate) happens: Column,
    /// Signed distances to the end of memory and of the word.
    pub(crate) margins: [Column; 2],
    /// S·high, p·(middle + S·high), low·2^64/p, middle·2^64/S, p·(B − middle), happens·(loaded − D's old value).
    pub(crate) parts: [Column; 6],
    /// Low 16 bits of the word index.
    pub(crate) index_low: Column,
    /// (`JUMP_EQUAL` − `JUMP_NOT_EQUAL`)·equal.
    pub(crate) taken: Column,
    /// What jumps to a fixed target (conditional or halting), jumps to A + target, returns and traps add to pc + 1.
    pub(crate) jumps: [Column; 4],
    /// What calls, returns and halts change in fp.
    pub(crate) frames: [Column; 3],
    /// What resizing and halting change in pages.
    pub(crate) resizes: [Column; 2],
}

impl StepColumns {
    fn new(block: &mut ShapeBuilder) -> Self {
        fn access(block: &mut ShapeBuilder) -> AccessColumns {
            AccessColumns {
                last: block.trace(),
                passed: block.trace(),
            }
        }
        Self {
            flags: block.traces(),
            pc: block.trace(),
            fp: block.trace(),
            clock: block.trace(),
            written: block.trace(),
            pages: block.trace(),
            offsets: block.traces(),
            imm: block.trace(),
            target: block.trace(),
            a: block.trace(),
            b: block.trace(),
            d_old: block.trace(),
            d_new: block.trace(),
            m_key: block.trace(),
            m_old: block.trace(),
            m_new: block.trace(),
            a_access: access(block),
            b_access: access(block),
            m_access: access(block),
            d_access: access(block),
            limbs: std::array::from_fn(|_| block.traces()),
            products: block.traces(),
            equal: block.trace(),
            inverse: block.trace(),
            less: block.trace(),
            shift: block.traces(),
            powers: block.traces(),
            pow2: block.traces(),
            outside: block.trace(),
            crossing: block.trace(),
            inside: block.trace(),
            happens: block.trace(),
            margins: block.traces(),
            parts: block.traces(),
            index_low: block.trace(),
            taken: block.trace(),
            jumps: block.traces(),
            frames: block.traces(),
            resizes: block.traces(),
        }
    }

    /// The sum of the flags in `bits`.
    fn any(&self, bits: u64) -> Linear {
        Linear::sum(
            (0..flag::COUNT)
                .filter(|i| bits >> i & 1 == 1)
                .map(|i| (self.flags[i], F::ONE)),
        )
    }

    /// The `i`-th 64-bit number.
    fn number(&self, i: usize) -> Linear {
        Linear::sum((0..4).map(|j| (self.limbs[i][j], power_of_two(16 * j as u64))))
    }

    /// Limb `i` of the 24 that hold bytes in bitwise operations: 8 of A, 8 of B, 8 of A & B.
    fn byte(&self, operand: usize, i: usize) -> Column {
        self.limbs[2 * operand + i / 4][i % 4]
    }

    fn bytes(&self, operand: usize) -> Linear {
        Linear::sum((0..8).map(|i| (self.byte(operand, i), power_of_two(8 * i as u64))))
    }

    fn operand_a(&self) -> Linear {
        self.a.into()
    }

    fn operand_b(&self) -> Linear {
        Linear::from(self.b) + self.imm
    }

    /// Byte offset in a word.
    fn byte_offset(&self) -> Linear {
        Linear::sum((0..3).map(|i| (self.shift[i], F::from(1 << i))))
    }

    /// Access width in bytes.
    fn width(&self) -> Linear {
        Linear::sum((0..4).map(|i| (self.flags[29 + i], F::from(1 << i))))
    }

    /// Σ over the widths w of 2^(8·w) or 2^(64 − 8·w).
    fn width_power(&self, complement: bool) -> Linear {
        Linear::sum((0..4).map(|i| {
            let bits = 8 << i;
            (
                self.flags[29 + i],
                power_of_two(if complement { 64 - bits } else { bits }),
            )
        }))
    }
}

const ACCESS: u64 = flag::LOAD | flag::STORE;
const CELL: u64 = flag::READ_CELL | flag::WRITE_CELL;
const BITWISE: u64 = flag::AND | flag::OR | flag::XOR;
/// Flags that say what an instruction does: exactly one is set in an instruction of a well-formed program. `CALL`
/// is not among them because it comes with `JUMP`.
pub(crate) const OPERATIONS: u64 = (flag::WIDTH_1 - flag::ADD) & !flag::CALL;

fn one() -> Linear {
    1.into()
}

/// The block and its columns.
pub(crate) fn step_shape() -> (Shape, StepColumns) {
    let mut block = ShapeBuilder::new("step");
    let c = StepColumns::new(&mut block);
    fetch(&mut block, &c);
    operands(&mut block, &c);
    arithmetic(&mut block, &c);
    bitwise(&mut block, &c);
    memory(&mut block, &c);
    results(&mut block, &c);
    control(&mut block, &c);
    (block.finish(), c)
}

/// Flags are boolean, at most one operation is set, and all fields are those of a row of the program.
fn fetch(block: &mut ShapeBuilder, c: &StepColumns) {
    c.flags.iter().for_each(|&column| block.boolean(column));
    let on = c.any(OPERATIONS);
    block.enforce(on.clone(), on.clone() - 1, Linear::zero());
    block.zero_if(one() - on.clone(), c.any(u64::MAX));
    let flags = Linear::sum((0..flag::COUNT).map(|i| (c.flags[i], power_of_two(i as u64))));
    let mut fields = vec![(1, c.pc.into()), (2, flags)];
    fields.extend((0..3).map(|i| (3 + i, c.offsets[i].into())));
    fields.extend([(6, c.imm.into()), (7, c.target.into())]);
    block.entry(tag::FETCH, &fields, on);
    c.limbs
        .iter()
        .flatten()
        .for_each(|&limb| range(block, limb, one()));
}

/// `value` is below 2^16, if `multiplicity` is not 0.
fn range(block: &mut ShapeBuilder, value: impl Into<Linear>, multiplicity: Linear) {
    block.entry(tag::RANGE, &[(0, value.into())], multiplicity);
}

/// An access to the cell `key` at `tick` of this step, which happens if `multiplicity` is 1.
fn access(
    block: &mut ShapeBuilder,
    c: &StepColumns,
    columns: AccessColumns,
    (key, old, new): (Linear, Column, Column),
    tick: u64,
    multiplicity: Linear,
) {
    let now = Linear::from(c.clock) + tick;
    let passed = now.clone() - columns.last - 1;
    range(block, columns.passed, one());
    range(block, (passed - columns.passed) * inverse_of_two_to(16), one());
    let cell = |value: Column, time: Linear| [(1, key.clone()), (2, value.into()), (3, time)];
    block.entry(
        tag::CELL,
        &cell(old, columns.last.into()),
        Linear::zero() - multiplicity.clone(),
    );
    block.entry(tag::CELL, &cell(new, now), multiplicity);
}

fn inverse_of_two_to(exponent: u64) -> F {
    power_of_two(exponent).invert().unwrap_or(F::ONE)
}

/// Reads of A and B, 0 if not used; the write of D.
fn operands(block: &mut ShapeBuilder, c: &StepColumns) {
    let frame = |i: usize| Linear::from(c.fp) + c.offsets[i] + Space::Frame.base();
    let (use_a, use_b) = (c.any(flag::USE_A), c.any(flag::USE_B));
    block.zero_if(one() - use_a.clone(), c.a);
    block.zero_if(one() - use_b.clone(), c.b);
    access(block, c, c.a_access, (frame(0), c.a, c.a), 0, use_a);
    access(block, c, c.b_access, (frame(1), c.b, c.b), 1, use_b);
    access(
        block,
        c,
        c.d_access,
        (frame(2), c.d_old, c.d_new),
        3,
        c.any(flag::WRITE_D),
    );
}

/// Addition to rotation, comparisons, powers of two.
fn arithmetic(block: &mut ShapeBuilder, c: &StepColumns) {
    let (a, b) = (c.operand_a(), c.operand_b());
    let (d, q, r) = (c.number(0), c.number(1), c.number(2));
    let [ab, bq, bd, nq] = c.products.map(Linear::from);
    let n = Linear::constant(power_of_two(64)) - c.any(flag::NARROW) * (power_of_two(64) - power_of_two(32));
    block.enforce(a.clone(), b.clone(), ab.clone());
    block.enforce(b.clone(), q.clone(), bq.clone());
    block.enforce(b.clone(), d.clone(), bd.clone());
    block.enforce(n, q.clone(), nq.clone());
    for i in [0, 2] {
        block.zero_if(c.any(flag::NARROW), Linear::from(c.limbs[i][2]) + c.limbs[i][3]);
    }
    block.zero_if(c.any(flag::ADD), a.clone() + b.clone() - d.clone() - nq.clone());
    block.zero_if(c.any(flag::SUB), a.clone() + nq.clone() - b.clone() - d.clone());
    block.zero_if(c.any(flag::MUL), ab.clone() - d.clone() - nq.clone());
    block.zero_if(c.any(flag::ROTL), ab - r.clone() - nq);
    block.zero_if(c.any(flag::ROTL), d.clone() - r.clone() - q.clone());
    block.zero_if(c.any(flag::DIV), a.clone() - bd - q.clone());
    block.zero_if(c.any(flag::DIV), b.clone() - 1 - q - r.clone());
    block.zero_if(c.any(flag::REM), a.clone() - bq - d.clone());
    block.zero_if(c.any(flag::REM), b.clone() - 1 - d - r.clone());

    let difference = a.clone() - b.clone();
    block.enforce(difference.clone(), c.inverse, one() - c.equal);
    block.enforce(difference, c.equal, Linear::zero());
    block.boolean(c.less);
    block.zero_if(
        c.any(flag::LESS),
        a.clone() - b + Linear::from(c.less) * power_of_two(64) - r,
    );

    c.shift.iter().for_each(|&bit| block.boolean(bit));
    let select = |bit: Column, power: u64| one() + Linear::from(bit) * (power_of_two(power) - F::ONE);
    let [s0, s1, s2, l0, l1, l2] = c.shift;
    block.enforce(select(s0, 8), select(s1, 16), c.powers[0]);
    block.enforce(c.powers[0], select(s2, 32), c.powers[1]);
    block.enforce(c.powers[1], c.powers[2], Linear::constant(power_of_two(64)));
    block.enforce(select(l0, 1), select(l1, 2), c.pow2[0]);
    block.enforce(c.pow2[0], select(l2, 4), c.pow2[1]);
    block.enforce(c.pow2[1], c.powers[1], c.pow2[2]);
    let low = Linear::sum([(l0, F::ONE), (l1, F::from(2)), (l2, F::from(4))]);
    block.zero_if(c.any(flag::POW2), a - c.byte_offset() * F::from(8) - low);
}

/// AND, OR, XOR: bytes of A, B and A & B, looked up together.
fn bitwise(block: &mut ShapeBuilder, c: &StepColumns) {
    block.zero_if(c.any(BITWISE), c.operand_a() - c.bytes(0));
    block.zero_if(c.any(BITWISE), c.operand_b() - c.bytes(1));
    for i in 0..8 {
        let packed = Linear::from(c.byte(0, i))
            + Linear::from(c.byte(1, i)) * power_of_two(20)
            + Linear::from(c.byte(2, i)) * power_of_two(40);
        block.entry(tag::AND, &[(0, packed)], c.any(BITWISE));
    }
}

/// Loads, stores, and plain accesses to cells of other spaces.
fn memory(block: &mut ShapeBuilder, c: &StepColumns) {
    let access_flags = c.any(ACCESS);
    let start = c.operand_a() + c.target;
    let (middle, low, high) = (c.number(0), c.number(1), c.number(2));
    let [outside, crossing] = [c.outside, c.crossing].map(Linear::from);
    [c.outside, c.crossing]
        .into_iter()
        .for_each(|column| block.boolean(column));
    block.enforce(access_flags.clone(), one() - c.outside, c.inside);
    block.enforce(c.inside, one() - c.crossing, c.happens);

    let to_end = Linear::from(c.pages) * power_of_two(16) - start.clone() - c.width();
    block.enforce(one() - outside.clone() * F::from(2), to_end, c.margins[0]);
    block.zero_if(
        access_flags.clone(),
        Linear::from(c.margins[0]) - outside - c.number(5),
    );
    let to_word_end = Linear::from(8) - c.byte_offset() - c.width();
    block.enforce(one() - crossing.clone() * F::from(2), to_word_end, c.margins[1]);
    range(block, Linear::from(c.margins[1]) - crossing, access_flags.clone());

    let index = Linear::from(c.m_key) - Space::Memory.base();
    block.zero_if(
        access_flags.clone(),
        index.clone() * F::from(8) + c.byte_offset() - start.clone(),
    );
    range(block, c.index_low, access_flags.clone());
    range(block, (index - c.index_low) * inverse_of_two_to(16), access_flags);
    block.zero_if(c.any(CELL), start - c.m_key);

    let [shifted_high, shifted, low_scaled, middle_scaled, change, _] = c.parts;
    block.enforce(c.width_power(false), high, shifted_high);
    block.enforce(c.powers[1], middle.clone() + shifted_high, shifted);
    block.zero_if(c.happens, Linear::from(c.m_old) - low.clone() - shifted);
    block.enforce(low, c.powers[2], low_scaled);
    block.zero_if(c.happens, Linear::from(low_scaled) - c.number(3));
    block.enforce(middle.clone(), c.width_power(true), middle_scaled);
    block.zero_if(c.happens, Linear::from(middle_scaled) - c.number(4));
    block.enforce(c.powers[1], c.operand_b() - middle, change);
    // What is stored fits the width: B · 2^64/S is below 2^64. (A load has no B, other operations no width.)
    block.enforce(c.operand_b(), c.width_power(true), c.number(6));

    block.zero_if(
        c.any(flag::LOAD | flag::READ_CELL),
        Linear::from(c.m_new) - c.m_old,
    );
    block.zero_if(c.any(flag::STORE), Linear::from(c.m_new) - c.m_old - change);
    block.zero_if(c.any(flag::WRITE_CELL), Linear::from(c.m_new) - c.operand_b());
    let multiplicity = Linear::from(c.happens) + c.any(CELL);
    access(
        block,
        c,
        c.m_access,
        (c.m_key.into(), c.m_old, c.m_new),
        2,
        multiplicity,
    );
}

/// What D becomes, by operation.
fn results(block: &mut ShapeBuilder, c: &StepColumns) {
    let d = || Linear::from(c.d_new);
    let both = || c.operand_a() + c.operand_b();
    let and = || c.bytes(2);
    let computed = flag::ADD | flag::SUB | flag::MUL | flag::DIV | flag::REM | flag::ROTL;
    block.zero_if(c.any(computed), d() - c.number(0));
    block.zero_if(c.any(flag::AND), d() - and());
    block.zero_if(c.any(flag::OR), d() - both() + and());
    block.zero_if(c.any(flag::XOR), d() - both() + and() * F::from(2));
    block.zero_if(c.any(flag::LESS), d() - c.less);
    block.zero_if(c.any(flag::EQUAL), d() - c.equal);
    block.zero_if(c.any(flag::POW2), d() - c.pow2[2]);
    block.zero_if(
        c.any(flag::CALL),
        d() - c.pc - 1 - Linear::from(c.imm) * power_of_two(32),
    );
    block.zero_if(c.any(flag::READ_CELL), d() - c.m_old);
    block.zero_if(c.any(flag::SIZE), d() - c.pages);
    let loaded = c.parts[5];
    block.enforce(c.happens, c.number(0) - c.d_old, loaded);
    block.zero_if(c.any(flag::LOAD), d() - c.d_old - loaded);
}

/// The state before and after.
fn control(block: &mut ShapeBuilder, c: &StepColumns) {
    block.enforce(
        c.any(flag::JUMP_EQUAL) - c.any(flag::JUMP_NOT_EQUAL),
        c.equal,
        c.taken,
    );
    let taken = c.any(flag::JUMP_NOT_EQUAL) + c.taken;
    let halt = c.any(flag::HALT);
    let following = Linear::from(c.pc) + 1;
    let from_here = |to: Linear| to - following.clone();
    let return_pc = Linear::from(c.limbs[0][0]) + Linear::from(c.limbs[0][1]) * power_of_two(16);
    let return_frame = Linear::from(c.limbs[0][2]) + Linear::from(c.limbs[0][3]) * power_of_two(16);
    let trap = c.any(ACCESS) - c.inside;
    block.zero_if(c.any(flag::RETURN), c.operand_a() - c.number(0));
    block.enforce(taken + halt.clone(), from_here(c.target.into()), c.jumps[0]);
    block.enforce(c.any(flag::JUMP), from_here(c.operand_a() + c.target), c.jumps[1]);
    block.enforce(c.any(flag::RETURN), from_here(return_pc), c.jumps[2]);
    block.enforce(trap, from_here(TRAP_PC.into()), c.jumps[3]);
    block.enforce(c.any(flag::CALL), c.imm, c.frames[0]);
    block.enforce(c.any(flag::RETURN), return_frame, c.frames[1]);
    block.enforce(c.any(flag::HALT), c.fp, c.frames[2]);
    block.enforce(c.any(flag::RESIZE), c.operand_a() - c.pages, c.resizes[0]);
    block.enforce(c.any(flag::HALT), c.pages, c.resizes[1]);

    let on = c.any(OPERATIONS);
    let next_pc = c
        .jumps
        .iter()
        .fold(following + c.happens + halt * F::from(HALTED), |sum, &jump| {
            sum + jump
        });
    let next_fp = Linear::from(c.fp) + c.frames[0] - c.frames[1] - c.frames[2];
    let next_pages = Linear::from(c.pages) + c.resizes[0] - c.resizes[1];
    let state = |pc, fp, clock, written, pages| [(1, pc), (2, fp), (3, clock), (4, written), (5, pages)];
    let now = state(
        c.pc.into(),
        c.fp.into(),
        c.clock.into(),
        c.written.into(),
        c.pages.into(),
    );
    let next = state(
        next_pc,
        next_fp,
        Linear::from(c.clock) + TICKS_PER_STEP,
        Linear::from(c.written) + c.any(flag::OUTPUT),
        next_pages,
    );
    block.entry(tag::CONTROL, &now, Linear::zero() - on.clone());
    block.entry(tag::CONTROL, &next, on);
    block.entry(
        tag::OUTPUT,
        &[(1, c.written.into()), (2, c.operand_a())],
        c.any(flag::OUTPUT),
    );
}
