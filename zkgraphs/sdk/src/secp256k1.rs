//! The curve of Ethereum's signatures, y² = x³ + 7 over a prime field, by a precompile that adds points.
//!
//! ```
//! use weft_zkgraph::{Bytes32, U256, secp256k1::{Point, Signature}};
//!
//! // The key 1 signs, with the nonce 1: r is the generator's x, and s = hash + r.
//! let hash = Bytes32::from(U256::from(1000));
//! let r = Point::GENERATOR.x();
//! let s = r.add_mod(U256::from(1000), weft_zkgraph::secp256k1::ORDER).unwrap();
//! let signer = Signature { r, s, odd: false }.recover(hash);
//! assert_eq!(signer, Some(Point::GENERATOR));
//! ```

use core::ops::Add;

use crate::{Address, Bytes32, Keccak256, U256, host::secp256k1_add};

/// The order of the field of coordinates, p = 2^256 − 2^32 − 977 (SEC 2, section 2.4.1).
pub const FIELD: U256 = U256::from_limbs([0xffff_fffe_ffff_fc2f, u64::MAX, u64::MAX, u64::MAX]);
/// The number of points, which is the order of scalars (SEC 2, section 2.4.1).
pub const ORDER: U256 = U256::from_limbs([
    0xbfd2_5e8c_d036_4141,
    0xbaae_dce6_af48_a03b,
    0xffff_ffff_ffff_fffe,
    u64::MAX,
]);

/// A point of the curve, or the point at infinity, whose coordinates are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// x, then y, lowest words first.
    words: [u64; 8],
}

impl Point {
    /// The point at infinity, which changes nothing when it is added.
    pub const INFINITY: Self = Self { words: [0; 8] };
    /// The point whose multiples are all points (SEC 2, section 2.4.1).
    pub const GENERATOR: Self = Self {
        words: [
            0x59f2_815b_16f8_1798,
            0x029b_fcdb_2dce_28d9,
            0x55a0_6295_ce87_0b07,
            0x79be_667e_f9dc_bbac,
            0x9c47_d08f_fb10_d4b8,
            0xfd17_b448_a685_5419,
            0x5da4_fbfc_0e11_08a8,
            0x483a_da77_26a3_c465,
        ],
    };

    /// The point with these coordinates; `None` if it is not on the curve.
    pub fn new(x: U256, y: U256) -> Option<Self> {
        let square = y.mul_mod(y, FIELD)?;
        (x < FIELD && y < FIELD && square == cubic(x)?).then(|| Self::from_coordinates(x, y))
    }

    /// The point with this x, and a y that is odd or even; `None` if there is none.
    ///
    /// A square root: some 330 calls of the precompile for products.
    pub fn from_x(x: U256, odd: bool) -> Option<Self> {
        if x >= FIELD {
            return None;
        }
        let square = cubic(x)?;
        // The field's order is 3 modulo 4.
        let y = square.pow_mod(QUARTER, FIELD)?;
        if y.mul_mod(y, FIELD)? != square {
            return None;
        }
        // No point has y = 0: their number is odd.
        let y = if (y.limbs()[0] % 2 == 1) == odd {
            y
        } else {
            FIELD - y
        };
        Some(Self::from_coordinates(x, y))
    }

    fn from_coordinates(x: U256, y: U256) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (x.limbs(), y.limbs());
        Self {
            words: [a, b, c, d, e, f, g, h],
        }
    }

    /// x; 0 at infinity.
    pub const fn x(self) -> U256 {
        let [a, b, c, d, ..] = self.words;
        U256::from_limbs([a, b, c, d])
    }

    /// y; 0 at infinity.
    pub const fn y(self) -> U256 {
        let [.., a, b, c, d] = self.words;
        U256::from_limbs([a, b, c, d])
    }

    /// Whether it is the point at infinity.
    pub const fn is_infinity(self) -> bool {
        // On the curve y is not 0.
        self.y().is_zero()
    }

    /// a·self + b·other, which costs little more than either.
    ///
    /// 256 doublings and up to 140 additions, each a call of the precompile.
    pub fn mul_add(self, a: U256, other: Self, b: U256) -> Self {
        // i·self + j·other in place 4i + j.
        let mut table = [Self::INFINITY; 16];
        for i in 0..16 {
            table[i] = match i {
                0 => Self::INFINITY,
                1..4 => table[i - 1] + other,
                _ => table[i - 4] + self,
            };
        }
        let mut sum = Sum::from(Self::INFINITY);
        let limbs = a.limbs().into_iter().zip(b.limbs());
        for (a, b) in limbs.rev() {
            for shift in (0..64).step_by(2).rev() {
                sum.double();
                sum.double();
                let index = (a >> shift & 3) << 2 | b >> shift & 3;
                if index > 0 {
                    sum.add(&table[index as usize]);
                }
            }
        }
        sum.point()
    }

    /// The address of the account whose public key it is: the last 20 bytes of keccak256 of its coordinates. Infinity is
    /// nobody's key, and what this gives for it nobody's address.
    pub fn address(self) -> Address {
        let hash = Keccak256::new()
            .bytes32(self.x().into())
            .bytes32(self.y().into())
            .finish();
        hash.to_address()
    }
}

impl Add for Point {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let mut sum = Sum::from(self);
        sum.add(&other);
        sum.point()
    }
}

/// (p + 1)/4: the exponent of a square root.
const QUARTER: U256 = U256::from_limbs([0xffff_ffff_bfff_ff0c, u64::MAX, u64::MAX, 0x3fff_ffff_ffff_ffff]);
/// n − 2: the exponent of an inverse.
const INVERSE: U256 = U256::from_limbs([
    0xbfd2_5e8c_d036_413f,
    0xbaae_dce6_af48_a03b,
    0xffff_ffff_ffff_fffe,
    u64::MAX,
]);

/// x³ + 7.
fn cubic(x: U256) -> Option<U256> {
    x.mul_mod(x, FIELD)?
        .mul_mod(x, FIELD)?
        .add_mod(U256::from(7), FIELD)
}

/// A sum of points in the place where the precompile makes it.
struct Sum {
    words: [u64; 16],
}

impl From<Point> for Sum {
    fn from(point: Point) -> Self {
        let mut words = [0; 16];
        words[..8].copy_from_slice(&point.words);
        Self { words }
    }
}

impl Sum {
    /// Adds another point.
    fn add(&mut self, other: &Point) {
        let [_, _, _, _, a, b, c, d, ..] = self.words;
        if a | b | c | d == 0 {
            self.words[..8].copy_from_slice(&other.words);
        } else if !other.is_infinity() {
            self.words[8..].copy_from_slice(&other.words);
            secp256k1_add(&mut self.words);
        }
    }

    /// Doubles it. The precompile leaves infinity as it is.
    fn double(&mut self) {
        self.words.copy_within(..8, 8);
        secp256k1_add(&mut self.words);
    }

    fn point(&self) -> Point {
        let [a, b, c, d, e, f, g, h, ..] = self.words;
        Point {
            words: [a, b, c, d, e, f, g, h],
        }
    }
}

/// A signature by ECDSA, as Ethereum's transactions have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The x of the nonce's point.
    pub r: U256,
    /// The other half. The curve takes s and n − s alike; Ethereum's transactions may only have the smaller one (EIP-2).
    pub s: U256,
    /// Whether the y of the nonce's point is odd: v is 28, not 27.
    pub odd: bool,
}

impl Signature {
    /// The public key that signed `hash`: what Ethereum's `ecrecover` takes the address of. `None` where that gives none: r or s is 0
    /// or too large, or no point has the x.
    ///
    /// Some 1,060 calls of precompiles.
    pub fn recover(self, hash: Bytes32) -> Option<Point> {
        let Self { r, s, odd } = self;
        if r.is_zero() || s.is_zero() || r >= ORDER || s >= ORDER {
            return None;
        }
        let nonce = Point::from_x(r, odd)?;
        let inverse = r.pow_mod(INVERSE, ORDER)?;
        let message = hash.to_u256() % ORDER;
        // key = (s·nonce − message·generator)/r.
        let a = (ORDER - message).mul_mod(inverse, ORDER)?;
        let b = s.mul_mod(inverse, ORDER)?;
        let key = Point::GENERATOR.mul_add(a, nonce, b);
        (!key.is_infinity()).then_some(key)
    }
}
