//! Precompiles: functions of the host that change words of memory in place and are proved by shapes of their own.
//!
//! `docs/decisions/precompiles.md` says what each block takes and leaves on the bus, and why nothing can be chosen.

mod keccak;
mod multiply;
mod poseidon;
mod secp256k1;
mod sha256;
mod spread;
mod words;

use weft_folding::{
    Layout,
    shape::{Column, Linear, Shape, ShapeBuilder},
};

use crate::{
    bus::tag,
    chunks::layout,
    machine::Access,
    witness::{Blocks, Lookups, Row},
};
#[cfg(test)]
pub(crate) use secp256k1::{ORDER as SECP256K1_ORDER, Solution, coordinates};
#[cfg(test)]
pub(crate) use spread::spread;
pub(crate) use spread::{SPREAD_LOG, evaluate_spread, spread_row};

/// A function that changes words of memory in place. Each is total: what it leaves is determined by what it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precompile {
    /// Keccak-f[1600] (FIPS 202) of 25 lanes, lane (x, y) in word 5y + x.
    Keccak,
    /// SHA-256's compression (FIPS 180-4): eight u32 of state in four words, 64 bytes of message in eight; the state
    /// becomes the next one.
    Sha256,
    /// Four words each of a, b, c, m become r, q, c, m with a·b + c = q·m + r, 0 ≤ r < m; of q the low 256 bits. m = 0
    /// stands for 2^256.
    Multiply,
    /// circomlib's Poseidon permutation of three elements of BN254's scalar field, four words each. What is found is
    /// taken modulo the field's order.
    Poseidon,
    /// x1, y1, x2, y2 of four words each become x3, y3, x2, y2: the sum of two points of secp256k1 by the rational formulas,
    /// (0, 0) where they divide by 0.
    Secp256k1Add,
}

/// Slots from here on are what a call leaves; those from 0 are what it finds.
const LEFT: u64 = 768;
/// What the code of a precompile has beside its number, if its words are spread on the bus.
const SPREAD_CODE: u64 = 256;
/// The tick of a step at which its words are accessed.
pub(crate) const CALL_TICK: u64 = 4;

impl Precompile {
    /// Every precompile, in the order of the shapes in a proof.
    pub const ALL: [Self; 5] = [
        Self::Keccak,
        Self::Sha256,
        Self::Multiply,
        Self::Poseidon,
        Self::Secp256k1Add,
    ];

    /// What lanes on the bus name it by.
    pub(crate) const fn number(self) -> u64 {
        self as u64 + 1
    }

    const fn is_spread(self) -> bool {
        matches!(self, Self::Keccak)
    }

    /// What an instruction names it by.
    pub const fn code(self) -> u64 {
        self.number() + if self.is_spread() { SPREAD_CODE } else { 0 }
    }

    /// The precompile with a code.
    pub fn with_code(code: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|precompile| precompile.code() == code)
    }

    /// How many words it finds and leaves.
    pub const fn words(self) -> usize {
        match self {
            Self::Keccak => 25,
            Self::Sha256 | Self::Poseidon => 12,
            Self::Multiply | Self::Secp256k1Add => 16,
        }
    }

    /// The name of the import.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keccak => "keccak_f1600",
            Self::Sha256 => "sha256_compress",
            Self::Multiply => "multiply_add_modulo",
            Self::Poseidon => "poseidon_permute",
            Self::Secp256k1Add => "secp256k1_add",
        }
    }

    /// Blocks that a call needs.
    pub(crate) const fn blocks(self) -> usize {
        match self {
            Self::Keccak => keccak::ROUNDS,
            Self::Sha256 => sha256::QUARTERS,
            Self::Multiply | Self::Poseidon | Self::Secp256k1Add => 1,
        }
    }

    /// Changes the words, which are as many as [`Self::words`] says.
    pub(crate) fn apply(self, words: &mut [u64]) {
        match self {
            Self::Keccak => changed(words, ::keccak::f1600),
            Self::Sha256 => changed(words, sha256::apply),
            Self::Multiply => changed(words, multiply::apply),
            Self::Poseidon => changed(words, poseidon::apply),
            Self::Secp256k1Add => changed(words, secp256k1::apply),
        }
    }
}

fn changed<const N: usize>(words: &mut [u64], f: impl Fn(&mut [u64; N])) {
    debug_assert_eq!(words.len(), N);
    if let Ok(words) = words.try_into() {
        f(words);
    }
}

/// A call that a run made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What was called.
    pub precompile: Precompile,
    /// The clock of its step; its words are accessed four ticks later.
    pub clock: u64,
    /// The words.
    pub words: Vec<Access>,
}

/// The tuple of a call's next word, at powers of α that a STEP block has products with anyway.
pub(crate) fn call_fields(key: Linear, clock: Linear, index: Linear, code: Linear) -> [(usize, Linear); 4] {
    [(2, key), (3, clock), (6, index), (7, code)]
}

/// Puts a lane of a call on the bus.
fn lane(
    block: &mut ShapeBuilder,
    clock: Column,
    number: impl Into<Linear>,
    slot: impl Into<Linear>,
    value: impl Into<Linear>,
    multiplicity: impl Into<Linear>,
) {
    let fields = [
        (1, clock.into()),
        (2, number.into()),
        (3, slot.into()),
        (4, value.into()),
    ];
    block.entry(tag::LANE, &fields, multiplicity);
}

/// What a call finds.
fn found<const N: usize>(call: &Call) -> [u64; N] {
    std::array::from_fn(|i| call.words.get(i).map_or(0, |access| access.before))
}

/// The shapes of all precompiles.
#[derive(Clone, Debug)]
pub(crate) struct Shapes {
    /// One word of a call.
    pub(crate) words: (Shape, words::Columns),
    /// The table of spread numbers.
    pub(crate) spread: (Shape, [Column; 2]),
    keccak: (Shape, keccak::Columns),
    sha256: (Shape, sha256::Columns),
    pub(crate) multiply: (Shape, multiply::Columns),
    pub(crate) poseidon: (Shape, poseidon::Columns),
    pub(crate) secp256k1: (Shape, secp256k1::Columns),
}

impl Shapes {
    pub(crate) fn new() -> Self {
        Self {
            words: words::shape(),
            spread: spread::spread_shape(),
            keccak: keccak::shape(),
            sha256: sha256::shape(),
            multiply: multiply::shape(),
            poseidon: poseidon::shape(),
            secp256k1: secp256k1::shape(),
        }
    }

    /// The shape of a precompile.
    pub(crate) fn of(&self, precompile: Precompile) -> &Shape {
        match precompile {
            Precompile::Keccak => &self.keccak.0,
            Precompile::Sha256 => &self.sha256.0,
            Precompile::Multiply => &self.multiply.0,
            Precompile::Poseidon => &self.poseidon.0,
            Precompile::Secp256k1Add => &self.secp256k1.0,
        }
    }

    /// The shapes of which a proof may have any number of chunks, or none: WORDS, then those of all precompiles.
    pub(crate) fn optional(&self) -> [&Shape; OPTIONAL] {
        let [a, b, c, d, e] = Precompile::ALL.map(|precompile| self.of(precompile));
        [&self.words.0, a, b, c, d, e]
    }

    /// The witnesses of [`Self::optional`].
    pub(crate) fn witnesses<'a>(
        &'a self,
        calls: &'a [Call],
        layouts: [Layout; OPTIONAL],
    ) -> [Blocks<'a>; OPTIONAL] {
        let mut layouts = layouts.into_iter();
        let mut next = || layouts.next().unwrap_or(layout(0, 0, 0));
        let words: Vec<(&Call, usize)> = calls
            .iter()
            .flat_map(|call| (0..call.words.len()).map(move |word| (call, word)))
            .collect();
        let (shape, columns) = &self.words;
        let words = Blocks {
            shape,
            layout: next(),
            count: words.len(),
            fill: Box::new(move |row, block, lookups| {
                let (call, word) = words[block];
                columns.fill(row, call, word, lookups);
            }),
        };
        let [a, b, c, d, e] = Precompile::ALL.map(|precompile| {
            let calls: Vec<&Call> = calls
                .iter()
                .filter(|call| call.precompile == precompile)
                .collect();
            let each = precompile.blocks();
            Blocks {
                shape: self.of(precompile),
                layout: next(),
                count: calls.len() * each,
                fill: Box::new(move |row, block, lookups| {
                    self.fill(row, calls[block / each], block % each, lookups);
                }),
            }
        });
        [words, a, b, c, d, e]
    }

    fn fill(&self, row: &mut Row<'_>, call: &Call, block: usize, lookups: &Lookups) {
        match call.precompile {
            Precompile::Keccak => self.keccak.1.fill(row, call, block, lookups),
            Precompile::Sha256 => self.sha256.1.fill(row, call, block, lookups),
            Precompile::Multiply => self.multiply.1.fill(row, call, lookups),
            Precompile::Poseidon => self.poseidon.1.fill(row, call, lookups),
            Precompile::Secp256k1Add => self.secp256k1.1.fill(row, call, lookups),
        }
    }
}

/// How many shapes [`Shapes::optional`] gives.
pub(crate) const OPTIONAL: usize = 1 + Precompile::ALL.len();

/// How many blocks of [`Shapes::optional`] the calls need.
pub(crate) fn blocks(calls: &[Call]) -> [usize; OPTIONAL] {
    let mut blocks = [0; OPTIONAL];
    for call in calls {
        blocks[0] += call.words.len();
        blocks[call.precompile.number() as usize] += call.precompile.blocks();
    }
    blocks
}

/// The most blocks of [`Shapes::optional`] that one step can need.
pub(crate) fn most_blocks() -> [usize; OPTIONAL] {
    let [a, b, c, d, e] = Precompile::ALL.map(Precompile::blocks);
    let words = Precompile::ALL.map(Precompile::words).into_iter().max();
    [words.unwrap_or(0), a, b, c, d, e]
}
