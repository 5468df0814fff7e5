//! The second-phase witness: products with α and inverses, once the bus challenges are known.

use ff::{BatchInvert, Field};
use rayon::prelude::*;

use crate::{
    challenge::Challenges,
    engine::F,
    prover::{Part, ProveError},
    shape::{Column, Linear, Recipe, Shape},
};

/// The sum of the bus columns of a chunk.
pub(crate) fn sum_bus(shape: &Shape, bus: &[F]) -> F {
    bus.par_chunks(shape.columns())
        .map(|block| shape.summed.iter().map(|&column| block[column]).sum::<F>())
        .sum()
}

/// Computes the second-phase witness of a chunk.
pub(crate) fn second_phase(
    part: &Part<'_>,
    challenges: &Challenges,
    trace: &[F],
) -> Result<Vec<F>, ProveError> {
    let shape = part.shape;
    let columns = shape.columns();
    if trace.len() != columns << part.layout.log_blocks {
        return Err(ProveError::Bus(shape.name));
    }
    // Inverting is dear and batches well, so several blocks share one inversion.
    let group = (2048 / shape.recipes.len().max(1)).max(1);
    let mut bus = vec![F::ZERO; trace.len()];
    bus.par_chunks_mut(group * columns)
        .enumerate()
        .try_for_each(|(index, out)| {
            let mut denominators = Vec::new();
            for (i, out) in out.chunks_mut(columns).enumerate() {
                let block = Block::new(part, challenges, trace, index * group + i);
                for (column, recipe) in shape.recipes.iter().enumerate() {
                    match recipe {
                        Recipe::Product { power, of } => {
                            out[column] = challenges.public[1 + power] * block.value(of, out);
                        }
                        Recipe::Inverse { denominator, .. } => {
                            denominators.push(block.value(denominator, out))
                        }
                    }
                }
            }
            if denominators.contains(&F::ZERO) {
                return Err(ProveError::Bus(shape.name));
            }
            denominators.iter_mut().batch_invert();
            let mut inverses = denominators.into_iter();
            for (i, out) in out.chunks_mut(columns).enumerate() {
                let block = Block::new(part, challenges, trace, index * group + i);
                for (column, recipe) in shape.recipes.iter().enumerate() {
                    if let Recipe::Inverse { multiplicity, .. } = recipe {
                        out[column] = inverses.next().unwrap_or(F::ZERO) * block.value(multiplicity, out);
                    }
                }
            }
            Ok(())
        })?;
    Ok(bus)
}

/// What the second phase reads of a block.
struct Block<'a> {
    trace: &'a [F],
    fixed: &'a [F],
    public: &'a [F],
}

impl<'a> Block<'a> {
    fn new(part: &'a Part<'_>, challenges: &'a Challenges, trace: &'a [F], block: usize) -> Self {
        let columns = part.shape.columns();
        let at = block * columns..(block + 1) * columns;
        Self {
            trace: &trace[at.clone()],
            fixed: part.fixed.get(at).unwrap_or(&[]),
            public: &challenges.public,
        }
    }

    fn value(&self, linear: &Linear, bus: &[F]) -> F {
        linear
            .0
            .iter()
            .map(|(column, factor)| {
                *factor
                    * match *column {
                        Column::Trace(i) => self.trace[i],
                        Column::Bus(i) => bus[i],
                        Column::Fixed(i) => self.fixed[i],
                        Column::Public(i) => self.public[i],
                    }
            })
            .sum()
    }
}
