//! Folding: Nova's scheme, outside any circuit.

use ff::Field;
use nova_snark::traits::commitment::CommitmentEngineTrait;
use rayon::prelude::*;

use crate::{
    challenge::Challenges,
    engine::{CE, Commitment, F, Transcript},
    journal::Journal,
    matrix::{Matrices, Witness},
    prover::{Part, ProveError},
    second_phase::second_phase,
    setup::Setup,
};

/// Commits to a vector, without blinding.
pub(crate) fn commit(setup: &Setup, vector: &[F]) -> Commitment {
    CE::commit(&setup.key, vector, &F::ZERO)
}

/// A folded instance's witness.
pub(crate) struct Folded {
    pub(crate) witness: Witness,
    pub(crate) products: [Vec<F>; 3],
    pub(crate) error: Vec<F>,
    pub(crate) cross: Vec<Commitment>,
    /// 1 and the folding challenges.
    pub(crate) weights: Vec<F>,
}

impl Folded {
    /// Σ of the weights.
    pub(crate) fn u(&self) -> F {
        self.weights.iter().sum()
    }
}

/// A chunk's witness and Az, Bz, Cz, if it satisfies the constraints.
pub(crate) fn satisfied(
    part: &Part<'_>,
    matrices: &Matrices,
    challenges: &Challenges,
    index: usize,
) -> Result<(Witness, [Vec<F>; 3]), ProveError> {
    let shape = part.shape;
    let trace = part.trace.chunk(index);
    let bus = second_phase(part, challenges, &trace)?;
    let witness = Witness { trace, bus };
    let products = matrices.multiply(shape, &witness, part.fixed, &challenges.public);
    let [a, b, c] = &products;
    let bad = a
        .par_iter()
        .zip(b)
        .zip(c)
        .position_first(|((a, b), c)| *a * b != *c);
    match bad {
        None => Ok((witness, products)),
        Some(row) => Err(ProveError::Unsatisfied {
            shape: shape.name,
            chunk: index,
            block: row >> shape.log_rows,
            constraint: row & ((1 << shape.log_rows) - 1),
        }),
    }
}

/// Folds a part's chunks, Nova's way: the running instance is (W, E, u), the next chunk has E = 0 and u = 1.
pub(crate) fn fold(
    setup: &Setup,
    transcript: &mut Transcript,
    part: &Part<'_>,
    matrices: &Matrices,
    challenges: &Challenges,
    journal: &mut Journal,
    tick: &mut dyn FnMut(),
) -> Result<Folded, ProveError> {
    let chunk = |index| satisfied(part, matrices, challenges, index);
    let (witness, products) = chunk(0)?;
    tick();
    let error = if part.layout.chunks > 1 {
        vec![F::ZERO; products[0].len()]
    } else {
        Vec::new()
    };
    let mut running = Folded {
        witness,
        products,
        error,
        cross: Vec::new(),
        weights: vec![F::ONE],
    };
    for index in 1..part.layout.chunks {
        let (witness, products) = chunk(index)?;
        let cross = cross_term(&running.products, running.u(), &products);
        let commitment = journal.commitment(|| Ok::<_, ProveError>(commit(setup, &cross)))?;
        transcript.commitments(b"cross", &[commitment]);
        let r = transcript.short_challenge(b"fold")?;
        add(&mut running.witness.trace, &witness.trace, r);
        add(&mut running.witness.bus, &witness.bus, r);
        running
            .products
            .iter_mut()
            .zip(&products)
            .for_each(|(sum, next)| add(sum, next, r));
        add(&mut running.error, &cross, r);
        running.cross.push(commitment);
        running.weights.push(r);
        tick();
    }
    Ok(running)
}

/// Nova's cross term: Az₁∘Bz₂ + Az₂∘Bz₁ − u₁·Cz₂ − Cz₁ (the second instance has u = 1).
fn cross_term(first: &[Vec<F>; 3], u: F, second: &[Vec<F>; 3]) -> Vec<F> {
    let [a1, b1, c1] = first;
    let [a2, b2, c2] = second;
    (0..a1.len())
        .into_par_iter()
        .map(|i| a1[i] * b2[i] + a2[i] * b1[i] - u * c2[i] - c1[i])
        .collect()
}

/// sum += factor · next.
pub(crate) fn add(sum: &mut [F], next: &[F], factor: F) {
    sum.par_iter_mut()
        .zip(next)
        .for_each(|(sum, next)| *sum += factor * next);
}
