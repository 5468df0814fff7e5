//! Unsigned integers of 256 bits, as the EVM has them.

use core::{
    cmp::Ordering,
    ops::{Add, AddAssign, Sub, SubAssign},
};

use crate::OrTrap;

/// An unsigned integer of 256 bits. `+` and `-` trap when the result does not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct U256 {
    /// 64 bits each, the lowest first.
    limbs: [u64; 4],
}

impl U256 {
    /// 0.
    pub const ZERO: Self = Self { limbs: [0; 4] };
    /// 2^256 − 1.
    pub const MAX: Self = Self { limbs: [u64::MAX; 4] };

    /// The number with these limbs of 64 bits, the lowest first.
    pub const fn from_limbs(limbs: [u64; 4]) -> Self {
        Self { limbs }
    }

    /// Its limbs of 64 bits, the lowest first.
    pub const fn limbs(self) -> [u64; 4] {
        self.limbs
    }

    /// Whether it is 0.
    pub const fn is_zero(self) -> bool {
        let [a, b, c, d] = self.limbs;
        a | b | c | d == 0
    }

    /// The sum; `None` if it does not fit.
    #[inline]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (self.limbs, other.limbs);
        let (c0, carry) = a0.overflowing_add(b0);
        let (c1, carry) = add(a1, b1, carry);
        // Most amounts have fewer than 128 bits.
        if b2 | b3 | carry as u64 == 0 {
            return Some(Self {
                limbs: [c0, c1, a2, a3],
            });
        }
        let (c2, carry) = add(a2, b2, carry);
        let (c3, carry) = add(a3, b3, carry);
        if carry {
            None
        } else {
            Some(Self {
                limbs: [c0, c1, c2, c3],
            })
        }
    }

    /// The difference; `None` if it is negative.
    #[inline]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (self.limbs, other.limbs);
        let (c0, borrow) = a0.overflowing_sub(b0);
        let (c1, borrow) = subtract(a1, b1, borrow);
        let (c2, borrow) = subtract(a2, b2, borrow);
        let (c3, borrow) = subtract(a3, b3, borrow);
        if borrow {
            None
        } else {
            Some(Self {
                limbs: [c0, c1, c2, c3],
            })
        }
    }

    /// From the words of its big-endian bytes, each read as little-endian: how the input holds it.
    #[inline]
    pub(crate) const fn from_words([a, b, c, d]: [u64; 4]) -> Self {
        Self {
            limbs: [swap(d), swap(c), swap(b), swap(a)],
        }
    }

    /// Inverse of [`Self::from_words`].
    #[inline]
    pub(crate) const fn to_words(self) -> [u64; 4] {
        let [a, b, c, d] = self.limbs;
        [swap(d), swap(c), swap(b), swap(a)]
    }
}

#[inline]
const fn add(a: u64, b: u64, carry: bool) -> (u64, bool) {
    let (sum, over) = a.overflowing_add(b);
    let (sum, carried) = sum.overflowing_add(carry as u64);
    (sum, over | carried)
}

#[inline]
const fn subtract(a: u64, b: u64, borrow: bool) -> (u64, bool) {
    let (difference, under) = a.overflowing_sub(b);
    let (difference, borrowed) = difference.overflowing_sub(borrow as u64);
    (difference, under | borrowed)
}

/// The bytes of a word in reverse order.
///
/// WebAssembly has no instruction for it, and `u64::swap_bytes` becomes some twenty of them. This takes eleven: bytes are
/// swapped in pairs, then pairs in fours, then the halves. With h = the odd bytes moved down, swapping neighbours is
/// (x − 256·h)·256 + h = 256·x − 65535·h; written so, the compiler does not see that it is `swap_bytes`.
/// Most words of amounts are 0 and need nothing.
#[inline]
pub(crate) const fn swap(x: u64) -> u64 {
    if x == 0 {
        return 0;
    }
    let odd = (x >> 8) & 0x00ff_00ff_00ff_00ff;
    let x = (x << 8).wrapping_sub(odd.wrapping_mul(0xffff));
    let odd = (x >> 16) & 0x0000_ffff_0000_ffff;
    let x = (x << 16).wrapping_sub(odd.wrapping_mul(0xffff_ffff));
    x.rotate_left(32)
}

impl From<u64> for U256 {
    #[inline]
    fn from(value: u64) -> Self {
        Self {
            limbs: [value, 0, 0, 0],
        }
    }
}

impl Ord for U256 {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        if self < other {
            Ordering::Less
        } else if self == other {
            Ordering::Equal
        } else {
            Ordering::Greater
        }
    }
}

impl PartialOrd for U256 {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    // Written out, because a comparison is one instruction and an `Ordering` is many.
    #[inline]
    fn lt(&self, other: &Self) -> bool {
        let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (self.limbs, other.limbs);
        if a3 != b3 {
            a3 < b3
        } else if a2 != b2 {
            a2 < b2
        } else if a1 != b1 {
            a1 < b1
        } else {
            a0 < b0
        }
    }

    #[inline]
    fn gt(&self, other: &Self) -> bool {
        other < self
    }

    #[inline]
    fn le(&self, other: &Self) -> bool {
        !other.lt(self)
    }

    #[inline]
    fn ge(&self, other: &Self) -> bool {
        !self.lt(other)
    }
}

impl Add for U256 {
    type Output = Self;

    #[inline]
    fn add(self, other: Self) -> Self {
        self.checked_add(other).or_trap()
    }
}

impl AddAssign for U256 {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for U256 {
    type Output = Self;

    #[inline]
    fn sub(self, other: Self) -> Self {
        self.checked_sub(other).or_trap()
    }
}

impl SubAssign for U256 {
    #[inline]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}
