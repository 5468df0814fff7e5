//! Block-structured R1CS shapes.
//!
//! A shape is `2^k` identical, independent blocks. One block's constraints are written with [`ShapeBuilder`]; blocks
//! speak to one another only over the bus ([`ShapeBuilder::entry`]).

mod inspect;

use std::collections::HashMap;

use ff::{Field, PrimeField};

use crate::{
    engine::{F, keccak256},
    matrix::Matrices,
};

pub use inspect::Entry;

/// Number of public values at the head of segment X: 1, γ, α, α², … α⁸ (each times u in a folded instance).
pub const PUBLIC: usize = 10;
/// Highest power of α: the one that multiplies a bus entry's tag.
pub const TAG_POWER: usize = 8;
/// The four segments of z.
pub(crate) const SEGMENTS: usize = 4;

/// A column of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// First-phase witness: committed before the challenges.
    Trace(usize),
    /// Second-phase witness: products with challenges, inverses.
    Bus(usize),
    /// Fixed by the image or by the verifier.
    Fixed(usize),
    /// Public values, see [`PUBLIC`]; `Public(0)` is the constant one.
    Public(usize),
}

impl Column {
    /// The constant one.
    pub const ONE: Self = Self::Public(0);
    const GAMMA: Self = Self::Public(1);

    const fn alpha(power: usize) -> Self {
        Self::Public(1 + power)
    }

    pub(crate) const fn place(self) -> (usize, usize) {
        match self {
            Self::Trace(i) => (0, i),
            Self::Bus(i) => (1, i),
            Self::Fixed(i) => (2, i),
            Self::Public(i) => (3, i),
        }
    }
}

/// A linear combination of columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Linear(pub(crate) Vec<(Column, F)>);

impl Linear {
    /// Zero.
    pub fn zero() -> Self {
        Self::default()
    }

    /// A constant.
    pub fn constant(value: F) -> Self {
        Self(vec![(Column::ONE, value)])
    }

    /// A sum of columns with coefficients.
    pub fn sum(terms: impl IntoIterator<Item = (Column, F)>) -> Self {
        Self(terms.into_iter().collect())
    }

    /// Adds like terms, drops zeros, sorts: one form for one combination.
    pub fn normalize(mut self) -> Self {
        self.0.sort_by_key(|(column, _)| *column);
        let mut out: Vec<(Column, F)> = Vec::with_capacity(self.0.len());
        for (column, value) in self.0 {
            match out.last_mut() {
                Some((last, sum)) if *last == column => *sum += value,
                _ => out.push((column, value)),
            }
        }
        out.retain(|(_, value)| *value != F::ZERO);
        Self(out)
    }
}

impl From<Column> for Linear {
    fn from(column: Column) -> Self {
        Self(vec![(column, F::ONE)])
    }
}

impl From<u64> for Linear {
    fn from(value: u64) -> Self {
        Self::constant(F::from(value))
    }
}

impl<T: Into<Linear>> std::ops::Add<T> for Linear {
    type Output = Self;
    fn add(mut self, other: T) -> Self {
        self.0.extend(other.into().0);
        self
    }
}

impl<T: Into<Linear>> std::ops::Sub<T> for Linear {
    type Output = Self;
    fn sub(self, other: T) -> Self {
        self + other.into() * -F::ONE
    }
}

impl std::ops::Mul<F> for Linear {
    type Output = Self;
    fn mul(mut self, factor: F) -> Self {
        self.0.iter_mut().for_each(|(_, value)| *value *= factor);
        self
    }
}

/// One constraint of a block: a · b = c.
#[derive(Clone, Debug)]
pub(crate) struct Constraint {
    pub(crate) a: Linear,
    pub(crate) b: Linear,
    pub(crate) c: Linear,
}

/// How a second-phase column is computed once the challenges are known.
#[derive(Clone, Debug)]
pub(crate) enum Recipe {
    /// α^power times a combination of first-phase columns.
    Product { power: usize, of: Linear },
    /// multiplicity / (γ − fingerprint).
    Inverse {
        multiplicity: Linear,
        denominator: Linear,
    },
}

/// A shape: the constraints of one block and how its second-phase columns are computed.
#[derive(Clone, Debug)]
pub struct Shape {
    pub(crate) name: &'static str,
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) recipes: Vec<Recipe>,
    pub(crate) log_rows: usize,
    pub(crate) log_columns: usize,
    pub(crate) trace_columns: usize,
    pub(crate) fixed_columns: usize,
    /// Second-phase columns whose sum over all blocks is the chunk's share of the bus.
    pub(crate) summed: Vec<usize>,
    pub(crate) matrices: Matrices,
}

impl Shape {
    /// The shape's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Constraints of one block, without padding.
    pub fn constraints(&self) -> usize {
        self.constraints.len()
    }

    /// Columns of a segment in one block: a power of two.
    pub fn columns(&self) -> usize {
        1 << self.log_columns
    }

    /// Binary logarithm of the longer side of a block: its constraints or the columns of a segment, with padding.
    pub fn log_size(&self) -> usize {
        self.log_rows.max(self.log_columns)
    }

    /// First-phase columns in use.
    pub fn trace_columns(&self) -> usize {
        self.trace_columns
    }

    /// Second-phase columns in use.
    pub fn bus_columns(&self) -> usize {
        self.recipes.len()
    }

    /// Digest of everything that the verifier evaluates of this shape.
    pub fn digest(&self) -> [u8; 32] {
        let mut bytes = self.name.as_bytes().to_vec();
        let mut number = |n: usize| bytes.extend_from_slice(&(n as u64).to_le_bytes());
        number(self.log_rows);
        number(self.log_columns);
        number(self.fixed_columns);
        number(self.summed.len());
        self.summed.iter().for_each(|&column| number(column));
        number(self.constraints.len());
        for constraint in &self.constraints {
            for side in [&constraint.a, &constraint.b, &constraint.c] {
                bytes.extend_from_slice(&(side.0.len() as u64).to_le_bytes());
                for (column, value) in &side.0 {
                    let (segment, index) = column.place();
                    bytes.push(segment as u8);
                    bytes.extend_from_slice(&(index as u64).to_le_bytes());
                    bytes.extend_from_slice(value.to_repr().as_ref());
                }
            }
        }
        keccak256(&bytes)
    }
}

/// A power of α and the combination that it multiplies: equal products share a column.
type ProductKey = (usize, Vec<(Column, Vec<u8>)>);

/// Writes one block's constraints.
#[derive(Debug)]
pub struct ShapeBuilder {
    name: &'static str,
    constraints: Vec<Constraint>,
    recipes: Vec<Recipe>,
    products: HashMap<ProductKey, Column>,
    summed: Vec<usize>,
    trace_columns: usize,
    fixed_columns: usize,
}

impl ShapeBuilder {
    /// An empty block.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            constraints: Vec::new(),
            recipes: Vec::new(),
            products: HashMap::new(),
            summed: Vec::new(),
            trace_columns: 0,
            fixed_columns: 0,
        }
    }

    /// A new first-phase column.
    pub fn trace(&mut self) -> Column {
        self.trace_columns += 1;
        Column::Trace(self.trace_columns - 1)
    }

    /// `N` new first-phase columns.
    pub fn traces<const N: usize>(&mut self) -> [Column; N] {
        std::array::from_fn(|_| self.trace())
    }

    /// A new fixed column.
    pub fn fixed(&mut self) -> Column {
        self.fixed_columns += 1;
        Column::Fixed(self.fixed_columns - 1)
    }

    /// Enforces a · b = c.
    pub fn enforce(&mut self, a: impl Into<Linear>, b: impl Into<Linear>, c: impl Into<Linear>) {
        self.constraints.push(Constraint {
            a: a.into().normalize(),
            b: b.into().normalize(),
            c: c.into().normalize(),
        });
    }

    /// Enforces that `value` is 0 where `selector` is not.
    pub fn zero_if(&mut self, selector: impl Into<Linear>, value: impl Into<Linear>) {
        self.enforce(selector, value, Linear::zero());
    }

    /// Enforces that `column` is 0 or 1.
    pub fn boolean(&mut self, column: Column) {
        self.enforce(column, Linear::from(column) - 1, Linear::zero());
    }

    /// Puts the tuple `components` with `tag` on the bus, `multiplicity` times. A component is a power of α, 0 to 7,
    /// and a combination of first-phase and fixed columns. Every tag must always use the same powers.
    pub fn entry(&mut self, tag: u64, components: &[(usize, Linear)], multiplicity: impl Into<Linear>) {
        let mut denominator =
            Linear::from(Column::GAMMA) - Linear::from(Column::alpha(TAG_POWER)) * F::from(tag);
        for (power, value) in components {
            debug_assert!(*power < TAG_POWER);
            denominator = match power {
                0 => denominator - value.clone(),
                _ => denominator - self.product(*power, value.clone()),
            };
        }
        let multiplicity = multiplicity.into().normalize();
        let denominator = denominator.normalize();
        let inverse = self.recipe(Recipe::Inverse {
            multiplicity: multiplicity.clone(),
            denominator: denominator.clone(),
        });
        self.summed.push(inverse.place().1);
        self.enforce(inverse, denominator, multiplicity);
    }

    /// α^power · value, as a combination: constants need no constraint, other terms one together.
    fn product(&mut self, power: usize, value: Linear) -> Linear {
        let (constants, rest): (Vec<_>, Vec<_>) = value
            .normalize()
            .0
            .into_iter()
            .partition(|(column, _)| *column == Column::ONE);
        let mut out = Linear(
            constants
                .into_iter()
                .map(|(_, v)| (Column::alpha(power), v))
                .collect(),
        );
        if !rest.is_empty() {
            let key = (
                power,
                rest.iter()
                    .map(|(c, v)| (*c, v.to_repr().as_ref().to_vec()))
                    .collect(),
            );
            let column = match self.products.get(&key) {
                Some(column) => *column,
                None => {
                    let of = Linear(rest);
                    let column = self.recipe(Recipe::Product {
                        power,
                        of: of.clone(),
                    });
                    self.enforce(Column::alpha(power), of, column);
                    self.products.insert(key, column);
                    column
                }
            };
            out = out + column;
        }
        out
    }

    fn recipe(&mut self, recipe: Recipe) -> Column {
        self.recipes.push(recipe);
        Column::Bus(self.recipes.len() - 1)
    }

    /// The finished shape.
    pub fn finish(self) -> Shape {
        let columns = self
            .trace_columns
            .max(self.recipes.len())
            .max(self.fixed_columns)
            .max(1);
        let log_columns = columns.next_power_of_two().ilog2() as usize;
        Shape {
            name: self.name,
            log_rows: self.constraints.len().next_power_of_two().ilog2() as usize,
            log_columns,
            matrices: Matrices::new(log_columns, &self.constraints),
            constraints: self.constraints,
            recipes: self.recipes,
            trace_columns: self.trace_columns,
            fixed_columns: self.fixed_columns,
            summed: self.summed,
        }
    }
}
