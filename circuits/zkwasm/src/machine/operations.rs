//! What single instructions compute.

use crate::program::{Instruction, SPACE_SHIFT, Space, flag};

/// A key that instructions may name directly: of a global, a table element, a word of the input, of a segment or of advice.
pub(super) fn cell_key(key: u64) -> Result<u64, &'static str> {
    let spaces = Space::Global.base()..Space::Advice.base() + (1 << SPACE_SHIFT);
    if spaces.contains(&key) {
        Ok(key)
    } else {
        Err("a cell outside the spaces")
    }
}

/// The result of an arithmetic, bitwise or comparing instruction.
pub(super) fn compute(row: &Instruction, a: u64, b: u64) -> Result<u64, &'static str> {
    let narrow = row.any(flag::NARROW);
    if narrow && (a >> 32 != 0 || b >> 32 != 0) {
        return Err("narrow operation on a wide value");
    }
    let wrap = |value: u64| if narrow { value & 0xffff_ffff } else { value };
    Ok(match () {
        () if row.any(flag::ADD) => wrap(a.wrapping_add(b)),
        () if row.any(flag::SUB) => wrap(a.wrapping_sub(b)),
        () if row.any(flag::MUL) => wrap(a.wrapping_mul(b)),
        () if row.any(flag::DIV) => a.checked_div(b).ok_or("division by zero")?,
        () if row.any(flag::REM) => a.checked_rem(b).ok_or("division by zero")?,
        () if row.any(flag::ROTL) => {
            let product = u128::from(a) * u128::from(b);
            let width = if narrow { 32 } else { 64 };
            let rotated = wrap(product as u64).checked_add((product >> width) as u64);
            rotated
                .filter(|&rotated| wrap(rotated) == rotated)
                .ok_or("rotation by no power of two")?
        }
        () if row.any(flag::AND) => a & b,
        () if row.any(flag::OR) => a | b,
        () if row.any(flag::XOR) => a ^ b,
        () if row.any(flag::LESS) => u64::from(a < b),
        () if row.any(flag::EQUAL) => u64::from(a == b),
        () if row.any(flag::POW2) && a < 64 => 1 << a,
        () => return Err("no defined result"),
    })
}

/// Where a memory access lands.
pub(super) enum Place {
    /// Beyond the end of memory.
    Outside,
    /// In two words.
    Crossing,
    /// In one word, at a bit offset.
    Word { index: u64, shift: u64 },
}

pub(super) fn locate(base: u64, offset: u64, width: u64, pages: u64) -> Place {
    let start = base.saturating_add(offset);
    if start.saturating_add(width) > pages << 16 {
        Place::Outside
    } else if start % 8 + width > 8 {
        Place::Crossing
    } else {
        Place::Word {
            index: start / 8,
            shift: start % 8 * 8,
        }
    }
}
