//! LOAD, STORE, READ_CELL, WRITE_CELL.

use weft_folding::{
    F, power_of_two,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use super::{
    AccessColumns, Class, Core, Executed, StepColumns, fill_number, inverse_of_two_to, number, numbers, one,
    range,
};
use crate::{
    program::{Space, TRAP_PC, flag},
    witness::{Lookups, Row, signed},
};

const ACCESS: u64 = flag::LOAD | flag::STORE;
const CELL: u64 = flag::READ_CELL | flag::WRITE_CELL;
/// The flags of access widths 1, 2, 4 and 8.
const WIDTHS: [u64; 4] = [flag::WIDTH_1, flag::WIDTH_2, flag::WIDTH_4, flag::WIDTH_8];

/// The columns of a block. S is 2^(8·width), p is 2^(8·byte offset in the word).
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    pub(crate) core: Core,
    pub(crate) key: Column,
    pub(crate) old: Column,
    pub(crate) new: Column,
    pub(crate) access: AccessColumns,
    /// The accessed part of the word, what is below, what is above; low·2^64/p and middle·2^64/S; the distance to the
    /// end of memory; B·2^64/S.
    pub(crate) limbs: [[Column; 4]; 7],
    /// Bits of the byte offset in the word.
    pub(crate) shift: [Column; 3],
    /// 2^(8·(s0 + 2·s1)), p, 2^64/p.
    pub(crate) powers: [Column; 3],
    /// The access ends outside memory; crosses into the next word; is not outside; happens.
    pub(crate) outside: Column,
    pub(crate) crossing: Column,
    pub(crate) inside: Column,
    pub(crate) happens: Column,
    /// Signed distances to the end of memory and of the word.
    pub(crate) margins: [Column; 2],
    /// S·high, p·(middle + S·high), low·2^64/p, middle·2^64/S, p·(B − middle), happens·(middle − D's old value).
    pub(crate) parts: [Column; 6],
    /// Low 16 bits of the word index.
    pub(crate) index_low: Column,
    /// What a trap adds to pc + 1.
    pub(crate) trap: Column,
}

impl Columns {
    fn new(block: &mut ShapeBuilder) -> Self {
        let modifiers =
            flag::USE_A | flag::USE_B | flag::WRITE_D | WIDTHS.iter().fold(0, |all, width| all | width);
        let core = Core::new(block, Class::Memory, modifiers, 0, true);
        let on = core.on();
        Self {
            key: block.trace(),
            old: block.trace(),
            new: block.trace(),
            access: AccessColumns::new(block),
            limbs: numbers(block, &on),
            shift: block.traces(),
            powers: block.traces(),
            outside: block.trace(),
            crossing: block.trace(),
            inside: block.trace(),
            happens: block.trace(),
            margins: block.traces(),
            parts: block.traces(),
            index_low: block.trace(),
            trap: block.trace(),
            core,
        }
    }

    /// Σ over the widths w of the instruction of `weight(w)`.
    fn by_width(&self, weight: impl Fn(u64) -> F) -> Linear {
        WIDTHS
            .iter()
            .zip([1, 2, 4, 8])
            .fold(Linear::zero(), |sum, (&flag, width)| {
                sum + self.core.any(flag) * weight(width)
            })
    }

    /// Byte offset in the word.
    fn byte_offset(&self) -> Linear {
        Linear::sum((0..3).map(|i| (self.shift[i], F::from(1 << i))))
    }
}

/// The block and its columns.
pub(crate) fn shape() -> (Shape, StepColumns) {
    let mut block = ShapeBuilder::new("memory");
    let c = Columns::new(&mut block);
    place(&mut block, &c);
    word(&mut block, &c);
    let any = |bits| c.core.any(bits);

    block.zero_if(any(flag::READ_CELL), c.core.result() - c.old);
    let loaded = c.parts[5];
    block.enforce(c.happens, number(&c.limbs[0]) - c.core.d_old, loaded);
    block.zero_if(any(flag::LOAD), c.core.result() - c.core.d_old - loaded);

    let outside = any(ACCESS) - c.inside;
    let mut next = c.core.following();
    block.enforce(outside, Linear::from(TRAP_PC) - next.pc.clone(), c.trap);
    next.pc = next.pc + c.happens + c.trap;
    c.core.step(&mut block, next);
    (block.finish(), StepColumns::Memory(c))
}

/// Where the access is: in one word of memory, in two, or outside; or the cell that is named.
fn place(block: &mut ShapeBuilder, c: &Columns) {
    let (access, on) = (c.core.any(ACCESS), c.core.on());
    let start = c.core.operand_a() + c.core.target();
    let width = c.by_width(F::from);
    let [outside, crossing] = [c.outside, c.crossing].map(Linear::from);
    for column in [c.outside, c.crossing].into_iter().chain(c.shift) {
        block.boolean(column);
    }
    block.enforce(access.clone(), one() - c.outside, c.inside);
    block.enforce(c.inside, one() - c.crossing, c.happens);

    let to_end = Linear::from(c.core.pages) * power_of_two(16) - start.clone() - width.clone();
    block.enforce(one() - outside.clone() * F::from(2), to_end, c.margins[0]);
    let distance = Linear::from(c.margins[0]) - outside - number(&c.limbs[5]);
    block.zero_if(access.clone(), distance);
    let to_word_end = on.clone() * F::from(8) - c.byte_offset() - width;
    block.enforce(one() - crossing.clone() * F::from(2), to_word_end, c.margins[1]);
    range(block, Linear::from(c.margins[1]) - crossing, access.clone());

    let index = Linear::from(c.key) - on.clone() * F::from(Space::Memory.base());
    let address = index.clone() * F::from(8) + c.byte_offset();
    block.zero_if(access.clone(), address - start.clone());
    range(block, c.index_low, access.clone());
    range(block, (index - c.index_low) * inverse_of_two_to(16), access);
    block.zero_if(c.core.any(CELL), start - c.key);

    let select = |first: Linear, bit: Column, bits: u64| {
        let more = Linear::from(bit) * (power_of_two(bits) - F::from(1));
        first + more
    };
    let [s0, s1, s2] = c.shift;
    block.enforce(select(on.clone(), s0, 8), select(one(), s1, 16), c.powers[0]);
    block.enforce(c.powers[0], select(one(), s2, 32), c.powers[1]);
    block.enforce(c.powers[1], c.powers[2], on * power_of_two(64));
}

/// What is in the word before and after.
fn word(block: &mut ShapeBuilder, c: &Columns) {
    let [middle, low, high, low_checked, middle_checked, _, stored_checked] =
        [0, 1, 2, 3, 4, 5, 6].map(|i| number(&c.limbs[i]));
    let [shifted_high, shifted, low_scaled, middle_scaled, change, _] = c.parts;
    let size = c.by_width(|width| power_of_two(8 * width));
    let complement = c.by_width(|width| power_of_two(64 - 8 * width));
    block.enforce(size, high, shifted_high);
    block.enforce(c.powers[1], middle.clone() + shifted_high, shifted);
    block.zero_if(c.happens, Linear::from(c.old) - low.clone() - shifted);
    block.enforce(low, c.powers[2], low_scaled);
    block.zero_if(c.happens, Linear::from(low_scaled) - low_checked);
    block.enforce(middle.clone(), complement.clone(), middle_scaled);
    block.zero_if(c.happens, Linear::from(middle_scaled) - middle_checked);
    block.enforce(c.powers[1], c.core.operand_b() - middle, change);
    // What is stored fits the width: B · 2^64/S is below 2^64. (A load has no B, other operations no width.)
    block.enforce(c.core.operand_b(), complement, stored_checked);

    let any = |bits| c.core.any(bits);
    let unchanged = Linear::from(c.new) - c.old;
    block.zero_if(any(flag::LOAD | flag::READ_CELL), unchanged.clone());
    block.zero_if(any(flag::STORE), unchanged - change);
    block.zero_if(any(flag::WRITE_CELL), Linear::from(c.new) - c.core.operand_b());
    let multiplicity = Linear::from(c.happens) + any(CELL);
    let cell = (c.key.into(), c.old, c.new);
    c.core.access(block, c.access, cell, 2, multiplicity);
}

/// Everything about a load or store.
#[derive(Clone, Copy, Default)]
struct Place {
    outside: bool,
    crossing: bool,
    happens: bool,
    /// Byte offset in the word.
    shift: u64,
    /// Distance to the end of memory, or beyond it less one.
    to_end: u64,
    low: u64,
    middle: u64,
    high: u64,
}

impl Place {
    fn of(executed: Executed<'_>) -> Self {
        let width = executed.instruction.width();
        let start = executed.a().wrapping_add(executed.instruction.target);
        let end = executed.step.pages << 16;
        let outside = start.saturating_add(width) > end;
        let shift = start % 8;
        let crossing = shift + width > 8;
        let mut place = Self {
            outside,
            crossing,
            happens: !outside && !crossing,
            shift,
            to_end: if outside {
                (start + width).wrapping_sub(end + 1)
            } else {
                end - start - width
            },
            ..Self::default()
        };
        if let (true, Some(access)) = (place.happens, executed.step.m) {
            let word = u128::from(access.before);
            place.low = (word & ((1 << (8 * shift)) - 1)) as u64;
            place.middle = (word >> (8 * shift) & ((1 << (8 * width)) - 1)) as u64;
            place.high = (word >> (8 * (shift + width))) as u64;
        }
        place
    }
}

impl Columns {
    pub(super) fn fill(&self, row: &mut Row<'_>, executed: Executed<'_>, lookups: &Lookups) {
        self.core.fill(row, executed, lookups);
        self.access
            .fill(row, executed.step.m, executed.clock + 2, lookups);
        let (a, b) = (executed.a(), executed.b());
        let width = executed.instruction.width();
        let is_access = executed.instruction.any(ACCESS);
        let place = match is_access {
            true => Place::of(executed),
            false => Place::default(),
        };
        let scaled = |value: u64, bits: u64| (u128::from(value) << bits) as u64;
        let mut limbs = [place.middle, place.low, place.high, 0, 0, place.to_end, 0];
        if is_access {
            limbs[6] = scaled(b, 64 - 8 * width);
            if place.happens {
                limbs[3] = scaled(place.low, 64 - 8 * place.shift);
                limbs[4] = scaled(place.middle, 64 - 8 * width);
            }
        }
        for (columns, value) in self.limbs.iter().zip(limbs) {
            fill_number(row, columns, value, lookups);
        }
        for (i, &bit) in self.shift.iter().enumerate() {
            row.bit(bit, place.shift >> i & 1 == 1);
        }
        let power = power_of_two(8 * place.shift);
        row.put(self.powers[0], power_of_two(8 * (place.shift & 3)));
        row.put(self.powers[1], power);
        row.put(self.powers[2], power_of_two(64 - 8 * place.shift));
        row.bit(self.outside, place.outside);
        row.bit(self.crossing, place.crossing);
        row.bit(self.inside, is_access && !place.outside);
        row.bit(self.happens, place.happens);

        let start = F::from(a) + F::from(executed.instruction.target);
        let to_end = signed(i128::from(executed.step.pages) << 16) - start - F::from(width);
        let to_word_end = 8 - i128::from(place.shift) - i128::from(width);
        row.put(self.margins[0], if place.outside { -to_end } else { to_end });
        row.put(
            self.margins[1],
            signed(if place.crossing { -to_word_end } else { to_word_end }),
        );
        let address = a.wrapping_add(executed.instruction.target);
        let key = match executed.step.m {
            Some(access) => access.key,
            None => Space::Memory.base() + address / 8,
        };
        row.number(self.key, key);
        if is_access {
            let distance = if place.crossing {
                -to_word_end - 1
            } else {
                to_word_end
            };
            lookups.range(distance as u64);
            let index = key.wrapping_sub(Space::Memory.base());
            row.number(self.index_low, index & 0xffff);
            lookups.range(index & 0xffff);
            lookups.range(index >> 16);
        }

        let weight = |complement: bool| match (is_access, complement) {
            (false, _) => F::from(0),
            (true, false) => power_of_two(8 * width),
            (true, true) => power_of_two(64 - 8 * width),
        };
        let [middle, low, high] = [place.middle, place.low, place.high].map(F::from);
        let shifted_high = weight(false) * high;
        let change = power * (F::from(b) - middle);
        row.put(self.parts[0], shifted_high);
        row.put(self.parts[1], power * (middle + shifted_high));
        row.put(self.parts[2], low * power_of_two(64 - 8 * place.shift));
        row.put(self.parts[3], middle * weight(true));
        row.put(self.parts[4], change);
        if place.happens {
            row.put(self.parts[5], middle - F::from(executed.d().before));
        }
        match executed.step.m {
            Some(access) => {
                row.number(self.old, access.before);
                row.number(self.new, access.after);
            }
            // Nobody looks at the word; but a store changes what nobody looks at.
            None if executed.instruction.any(flag::STORE) => row.put(self.new, change),
            None => {}
        }
        if place.outside {
            row.put(
                self.trap,
                signed(i128::from(TRAP_PC)) - F::from(executed.step.pc) - F::from(1),
            );
        }
    }
}
