//! Looks at single blocks, for tests and for whoever doubts a shape.

use ff::Field;

use super::{Column, Constraint, Linear, Recipe, Shape, TAG_POWER};
use crate::engine::F;

/// What a block puts on the bus at one of its entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The tuple's tag.
    pub tag: F,
    /// Components, by power of α.
    pub components: [F; TAG_POWER],
    /// How often.
    pub multiplicity: F,
}

/// The value of a combination of first-phase columns and constants; `None` if there are others in it.
fn known(linear: &Linear, trace: &[F]) -> Option<F> {
    let terms = linear.0.iter().map(|(column, factor)| match *column {
        Column::Trace(i) => Some(trace[i] * factor),
        Column::ONE => Some(*factor),
        _ => None,
    });
    terms.sum()
}

/// The value where all other columns are zero.
fn alone(linear: &Linear, trace: &[F]) -> F {
    let terms = linear.0.iter().map(|(column, factor)| match *column {
        Column::Trace(i) => trace[i] * factor,
        Column::ONE => *factor,
        _ => F::ZERO,
    });
    terms.sum()
}

impl Shape {
    /// The Jacobian of a block's constraints by some first-phase columns, at a first-phase witness: a row for each
    /// constraint that holds first-phase columns only. A kernel is a witness that can move unnoticed.
    pub fn jacobian(&self, trace: &[F], by: &[Column]) -> Vec<Vec<F>> {
        let slope = |linear: &Linear, by: Column| -> F {
            linear
                .0
                .iter()
                .filter(|(column, _)| *column == by)
                .map(|(_, factor)| *factor)
                .sum()
        };
        self.constraints
            .iter()
            .filter_map(|Constraint { a, b, c }| {
                let (va, vb, _) = (known(a, trace)?, known(b, trace)?, known(c, trace)?);
                Some(
                    by.iter()
                        .map(|&x| slope(a, x) * vb + va * slope(b, x) - slope(c, x))
                        .collect(),
                )
            })
            .collect()
    }

    /// What a block with this first-phase witness puts on the bus. For shapes without fixed columns.
    pub fn entries(&self, trace: &[F]) -> Vec<Entry> {
        let value = |linear: &Linear| alone(linear, trace);
        let entry = |multiplicity: &Linear, denominator: &Linear| {
            let mut tag = F::ZERO;
            let mut components = [F::ZERO; TAG_POWER];
            for (column, factor) in &denominator.0 {
                match *column {
                    Column::Public(power) if power == 1 + TAG_POWER => tag -= factor,
                    Column::Public(power) if power > 1 => components[power - 1] -= factor,
                    Column::Bus(i) => {
                        if let Recipe::Product { power, of } = &self.recipes[i] {
                            components[*power] -= value(of) * factor;
                        }
                    }
                    Column::Trace(i) => components[0] -= trace[i] * factor,
                    Column::ONE => components[0] -= factor,
                    _ => {}
                }
            }
            Entry {
                tag,
                components,
                multiplicity: value(multiplicity),
            }
        };
        let inverses = self.recipes.iter().filter_map(|recipe| match recipe {
            Recipe::Inverse {
                multiplicity,
                denominator,
            } => Some(entry(multiplicity, denominator)),
            Recipe::Product { .. } => None,
        });
        inverses.collect()
    }

    /// The first constraint among those without challenges that a block with this first-phase witness breaks. For shapes without fixed columns.
    pub fn first_broken(&self, trace: &[F]) -> Option<usize> {
        let known = |linear: &Linear| known(linear, trace);
        self.constraints.iter().position(|Constraint { a, b, c }| {
            matches!((known(a), known(b), known(c)), (Some(a), Some(b), Some(c)) if a * b != c)
        })
    }

    /// The first constraint that a block breaks whose first-phase columns are `trace` and whose others are zero; for blocks that
    /// are off.
    pub fn first_unsatisfied(&self, trace: &[F]) -> Option<usize> {
        let value = |linear: &Linear| alone(linear, trace);
        self.constraints
            .iter()
            .position(|Constraint { a, b, c }| value(a) * value(b) != value(c))
    }
}
