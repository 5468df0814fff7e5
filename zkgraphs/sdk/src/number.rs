//! Unsigned integers of 256 bits, as the EVM has them.

use core::{
    cmp::Ordering,
    ops::{Add, AddAssign, Div, Mul, Rem, Sub, SubAssign},
};

use crate::{OrTrap, host::multiply_add_modulo};

/// An unsigned integer of 256 bits. `+`, `-` and `*` trap when the result does not fit, `/` and `%` when the divisor is 0.
///
/// Products and quotients are made by a precompile.
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

    /// a·b + c = q·m + r: q modulo 2^256, and r. 0 as `m` stands for 2^256.
    #[inline]
    fn multiply_add_divide(a: Self, b: Self, c: Self, m: Self) -> (Self, Self) {
        let mut words = [0; 16];
        for (out, number) in words.chunks_exact_mut(4).zip([a, b, c, m]) {
            out.copy_from_slice(&number.limbs);
        }
        multiply_add_modulo(&mut words);
        let [r0, r1, r2, r3, q0, q1, q2, q3, ..] = words;
        (
            Self::from_limbs([q0, q1, q2, q3]),
            Self::from_limbs([r0, r1, r2, r3]),
        )
    }

    /// The product: its upper and its lower 256 bits.
    #[inline]
    pub fn widening_mul(self, other: Self) -> (Self, Self) {
        Self::multiply_add_divide(self, other, Self::ZERO, Self::ZERO)
    }

    /// The product; `None` if it does not fit.
    #[inline]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let (upper, lower) = self.widening_mul(other);
        upper.is_zero().then_some(lower)
    }

    /// The product modulo 2^256.
    #[inline]
    pub fn wrapping_mul(self, other: Self) -> Self {
        self.widening_mul(other).1
    }

    /// Quotient and remainder; `None` if the divisor is 0.
    #[inline]
    pub fn div_rem(self, divisor: Self) -> Option<(Self, Self)> {
        let divided = || Self::multiply_add_divide(self, Self::from(1), Self::ZERO, divisor);
        (!divisor.is_zero()).then(divided)
    }

    /// self · other modulo `modulus`, however large the product; `None` if the modulus is 0.
    #[inline]
    pub fn mul_mod(self, other: Self, modulus: Self) -> Option<Self> {
        let divided = || Self::multiply_add_divide(self, other, Self::ZERO, modulus).1;
        (!modulus.is_zero()).then(divided)
    }

    /// self + other modulo `modulus`, however large the sum; `None` if the modulus is 0.
    #[inline]
    pub fn add_mod(self, other: Self, modulus: Self) -> Option<Self> {
        let divided = || Self::multiply_add_divide(self, Self::from(1), other, modulus).1;
        (!modulus.is_zero()).then(divided)
    }

    /// self to the power of `exponent` modulo `modulus`; `None` if the modulus is 0.
    ///
    /// A call of the precompile for each bit of the exponent, and for each of its hexadecimal digits that is not 0.
    pub fn pow_mod(self, exponent: Self, modulus: Self) -> Option<Self> {
        if modulus.is_zero() {
            return None;
        }
        // The value, one factor, 0 and the modulus; the value is replaced by the product.
        let mut words = [0; 16];
        words[12..].copy_from_slice(&modulus.limbs);
        let mut powers = [[0; 4]; 16];
        powers[0][0] = 1;
        for i in 1..16 {
            words[..4].copy_from_slice(&powers[i - 1]);
            words[4..8].copy_from_slice(&self.limbs);
            multiply_add_modulo(&mut words);
            powers[i].copy_from_slice(&words[..4]);
        }
        // A 1 modulo 1 is 0.
        words[..4].copy_from_slice(&Self::from(1).mul_mod(Self::from(1), modulus)?.limbs);
        let mut started = false;
        for limb in exponent.limbs.into_iter().rev() {
            for digit in (0..16).rev().map(|i| (limb >> (4 * i)) as usize % 16) {
                if started {
                    for _ in 0..4 {
                        words.copy_within(..4, 4);
                        multiply_add_modulo(&mut words);
                    }
                }
                if digit > 0 {
                    words[4..8].copy_from_slice(&powers[digit]);
                    multiply_add_modulo(&mut words);
                    started = true;
                }
            }
        }
        let [a, b, c, d, ..] = words;
        Some(Self::from_limbs([a, b, c, d]))
    }

    /// self · other / divisor, rounded down, however large the product; `None` if the divisor is 0 or the result does not fit.
    #[inline]
    pub fn mul_div(self, other: Self, divisor: Self) -> Option<Self> {
        // The quotient is below 2^256 exactly if the product's upper half is below the divisor.
        let (upper, _) = self.widening_mul(other);
        let divided = || Self::multiply_add_divide(self, other, Self::ZERO, divisor).0;
        (upper < divisor).then(divided)
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

impl Mul for U256 {
    type Output = Self;

    #[inline]
    fn mul(self, other: Self) -> Self {
        self.checked_mul(other).or_trap()
    }
}

impl Div for U256 {
    type Output = Self;

    #[inline]
    fn div(self, divisor: Self) -> Self {
        self.div_rem(divisor).or_trap().0
    }
}

impl Rem for U256 {
    type Output = Self;

    #[inline]
    fn rem(self, divisor: Self) -> Self {
        self.div_rem(divisor).or_trap().1
    }
}
