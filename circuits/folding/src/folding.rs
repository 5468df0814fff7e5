//! Folding: Nova's scheme, outside any circuit.
//!
//! The chunks of a shape are split into segments. In a segment the running instance takes one chunk after the other (which has E = 0 and u =
//! 1); then the segments' instances are merged, one after the other, both relaxed.

use ff::Field;
use nova_snark::{errors::NovaError, traits::commitment::CommitmentEngineTrait};
use rayon::prelude::*;

use crate::{
    challenge::Challenges,
    engine::{CE, Commitment, F, Transcript},
    journal::Journal,
    matrix::Witness,
    proof::Layout,
    prover::{Part, ProveError},
    second_phase::second_phase,
    setup::Setup,
    transcript::fork,
};

/// Commits to a vector, without blinding.
pub(crate) fn commit(setup: &Setup, vector: &[F]) -> Commitment {
    CE::commit(&setup.key, vector, &F::ZERO)
}

/// What a folded instance is made of, as the verifier repeats it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Weights {
    /// Of the chunks; the first is 1.
    pub(crate) chunks: Vec<F>,
    /// Of the cross terms, in the order of the proof: the error vector is their sum.
    pub(crate) cross: Vec<F>,
}

impl Weights {
    fn one() -> Self {
        Self {
            chunks: vec![F::ONE],
            cross: Vec::new(),
        }
    }

    /// Σ of the chunks' weights.
    pub(crate) fn u(&self) -> F {
        self.chunks.iter().sum()
    }

    fn chunk(&mut self, r: F) {
        self.chunks.push(r);
        self.cross.push(r);
    }

    /// The merge of two instances: E = E₁ + r·T + r²·E₂.
    fn merge(&mut self, other: &Self, r: F) {
        self.chunks.extend(other.chunks.iter().map(|weight| r * weight));
        self.cross.extend(other.cross.iter().map(|weight| r * r * weight));
        self.cross.push(r);
    }
}

/// Draws what a segment's fold was made with, and the challenge that stands for all that it absorbed.
pub(crate) fn replay_segment(
    seed: F,
    (part, segment): (usize, usize),
    cross: &[Commitment],
) -> Result<(Weights, F), NovaError> {
    let mut transcript = fork(seed, part, segment);
    let mut weights = Weights::one();
    for commitment in cross {
        weights.chunk(draw(&mut transcript, commitment)?);
    }
    Ok((weights, transcript.challenge(b"end")?))
}

/// Draws what a part's fold was made with: of the segments, then of their merges.
pub(crate) fn replay(
    transcript: &mut Transcript,
    seed: F,
    part: usize,
    layout: Layout,
    cross: &[Commitment],
) -> Result<Weights, NovaError> {
    let wrong = NovaError::ProofVerifyError {
        reason: "a number of cross terms that the layout does not make".into(),
    };
    let mut rest = cross;
    let mut take = |count: usize| {
        let taken = rest.split_at_checked(count).ok_or(wrong.clone())?;
        rest = taken.1;
        Ok::<_, NovaError>(taken.0)
    };
    let mut segments = Vec::new();
    for number in 0..layout.segments {
        let folds = layout.segment(number).len().saturating_sub(1);
        let (weights, end) = replay_segment(seed, (part, number), take(folds)?)?;
        transcript.scalars(b"segment", &[end]);
        segments.push((weights, take(usize::from(number > 0))?));
    }
    if !rest.is_empty() {
        return Err(wrong);
    }
    let mut segments = segments.into_iter();
    let (mut running, _) = segments.next().ok_or(wrong)?;
    for (weights, merge) in segments {
        for commitment in merge {
            running.merge(&weights, draw(transcript, commitment)?);
        }
    }
    Ok(running)
}

fn draw(transcript: &mut Transcript, cross: &Commitment) -> Result<F, NovaError> {
    transcript.commitments(b"cross", &[*cross]);
    transcript.short_challenge(b"fold")
}

/// A folded instance's witness.
pub(crate) struct Folded {
    pub(crate) witness: Witness,
    pub(crate) products: [Vec<F>; 3],
    /// Empty if nothing was folded.
    pub(crate) error: Vec<F>,
    pub(crate) cross: Vec<Commitment>,
    pub(crate) weights: Weights,
}

/// A chunk's witness and Az, Bz, Cz, if it satisfies the constraints.
pub(crate) fn satisfied(
    part: &Part<'_>,
    challenges: &Challenges,
    index: usize,
) -> Result<(Witness, [Vec<F>; 3]), ProveError> {
    let shape = part.shape;
    let trace = part.trace.chunk(index);
    let bus = second_phase(part, challenges, &trace)?;
    let witness = Witness { trace, bus };
    let products = shape
        .matrices
        .multiply(shape, &witness, part.fixed, &challenges.public);
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

/// Folds the chunks of a segment, which is that of `place`: part and segment. With the challenge that ends its transcript.
pub(crate) fn fold(
    setup: &Setup,
    seed: F,
    place: (usize, usize),
    part: &Part<'_>,
    challenges: &Challenges,
    journal: &mut Journal,
    tick: &mut dyn FnMut(),
) -> Result<(Folded, F), ProveError> {
    let mut transcript = fork(seed, place.0, place.1);
    let mut chunks = part.layout.segment(place.1);
    let first = chunks.next().ok_or(ProveError::Bus(part.shape.name))?;
    let (witness, products) = satisfied(part, challenges, first)?;
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
        weights: Weights::one(),
    };
    for index in chunks {
        let (witness, products) = satisfied(part, challenges, index)?;
        let cross = cross_term((&running.products, running.weights.u()), (&products, F::ONE));
        let commitment = journal.commitment(|| Ok::<_, ProveError>(commit(setup, &cross)))?;
        let r = draw(&mut transcript, &commitment)?;
        running.add(&witness, &products, r);
        add(&mut running.error, &cross, r);
        running.cross.push(commitment);
        running.weights.chunk(r);
        tick();
    }
    Ok((running, transcript.challenge(b"end")?))
}

impl Folded {
    fn add(&mut self, witness: &Witness, products: &[Vec<F>; 3], r: F) {
        add(&mut self.witness.trace, &witness.trace, r);
        add(&mut self.witness.bus, &witness.bus, r);
        self.products
            .iter_mut()
            .zip(products)
            .for_each(|(sum, next)| add(sum, next, r));
    }

    /// Merges another segment's instance into this one.
    pub(crate) fn merge(
        &mut self,
        setup: &Setup,
        transcript: &mut Transcript,
        other: Self,
        journal: &mut Journal,
    ) -> Result<(), ProveError> {
        let cross = cross_term(
            (&self.products, self.weights.u()),
            (&other.products, other.weights.u()),
        );
        let commitment = journal.commitment(|| Ok::<_, ProveError>(commit(setup, &cross)))?;
        let r = draw(transcript, &commitment)?;
        self.add(&other.witness, &other.products, r);
        add(&mut self.error, &cross, r);
        add(&mut self.error, &other.error, r * r);
        self.cross.extend(other.cross);
        self.cross.push(commitment);
        self.weights.merge(&other.weights, r);
        Ok(())
    }

    /// Whether the instance that another process folded holds.
    pub(crate) fn holds(&self) -> bool {
        let [a, b, c] = &self.products;
        let u = self.weights.u();
        a.par_iter()
            .zip(b)
            .zip(c)
            .zip(&self.error)
            .all(|(((a, b), c), error)| *a * b == u * c + error)
    }
}

/// Nova's cross term of two relaxed instances: Az₁∘Bz₂ + Az₂∘Bz₁ − u₁·Cz₂ − u₂·Cz₁.
fn cross_term((first, u1): (&[Vec<F>; 3], F), (second, u2): (&[Vec<F>; 3], F)) -> Vec<F> {
    let [a1, b1, c1] = first;
    let [a2, b2, c2] = second;
    let is_one = u2 == F::ONE;
    (0..a1.len())
        .into_par_iter()
        .map(|i| {
            let other = if is_one { c1[i] } else { u2 * c1[i] };
            a1[i] * b2[i] + a2[i] * b1[i] - u1 * c2[i] - other
        })
        .collect()
}

/// sum += factor · next.
pub(crate) fn add(sum: &mut [F], next: &[F], factor: F) {
    sum.par_iter_mut()
        .zip(next)
        .for_each(|(sum, next)| *sum += factor * next);
}
