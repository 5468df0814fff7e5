//! Spartan for a folded instance of a block-structured shape.

use ff::Field;
use nova_snark::spartan::{polys::multilinear::MultilinearPolynomial, sumcheck::SumcheckProof};
use rayon::prelude::*;

use crate::{
    challenge::Challenges,
    engine::{Commitment, E, F, Transcript},
    folding::{Folded, add},
    openings::{Claim, powers},
    proof::PartProof,
    prover::{Part, ProveError},
    second_phase::sum_bus,
    verifier::combine,
};

/// A part's proof without what was sent before folding.
pub(crate) struct Tail {
    cross: Vec<Commitment>,
    outer: SumcheckProof<E>,
    products: [F; 3],
    error: Option<F>,
    inner: SumcheckProof<E>,
    values: Vec<F>,
}

impl Tail {
    /// The whole of it.
    pub(crate) fn with(self, trace: Vec<Commitment>, bus: Vec<Commitment>, sums: Vec<F>) -> PartProof {
        PartProof {
            trace,
            bus,
            sums,
            cross: self.cross,
            outer: self.outer,
            products: self.products,
            error: self.error,
            inner: self.inner,
            values: self.values,
        }
    }
}

/// Spartan for the folded instance. What it leaves to be opened is appended to `claims`, with the vectors.
pub(crate) fn prove_folded(
    transcript: &mut Transcript,
    part: &Part<'_>,
    challenges: &Challenges,
    folded: Folded,
    commitments: &[Commitment],
    claims: &mut Vec<(Claim, Vec<F>)>,
) -> Result<Tail, ProveError> {
    let shape = part.shape;
    let layout = part.layout;
    let u = folded.weights.u();
    let public = challenges.scaled(u);
    let is_folded = layout.chunks > 1;

    let tau = (0..layout.log_blocks + shape.log_rows)
        .map(|_| transcript.challenge(b"tau"))
        .collect::<Result<Vec<_>, _>>()?;
    let [az, bz, cz] = folded.products;
    let right: Vec<F> = cz
        .par_iter()
        .enumerate()
        .map(|(i, c)| u * c + folded.error.get(i).copied().unwrap_or(F::ZERO))
        .collect();
    let (outer, rx, finals) = SumcheckProof::prove_cubic_with_three_inputs(
        &F::ZERO,
        tau,
        &mut MultilinearPolynomial::new(az),
        &mut MultilinearPolynomial::new(bz),
        &mut MultilinearPolynomial::new(right),
        &mut transcript.0,
    )?;
    let products = [
        finals[0],
        finals[1],
        MultilinearPolynomial::evaluate_with(&cz, &rx),
    ];
    let error = is_folded.then(|| MultilinearPolynomial::evaluate_with(&folded.error, &rx));
    transcript.scalars(b"products", &products);
    transcript.scalars(b"error", error.as_slice());

    let rho = transcript.challenge(b"rho")?;
    let sum = sum_bus(shape, &folded.witness.bus);
    let claim = products[0] + rho * products[1] + rho * rho * products[2] + rho * rho * rho * sum;
    let length = folded.witness.trace.len();
    let mut z = Vec::with_capacity(4 * length);
    z.extend_from_slice(&folded.witness.trace);
    z.extend_from_slice(&folded.witness.bus);
    z.extend_from_slice(part.fixed);
    z.resize(3 * length, F::ZERO);
    z.extend_from_slice(&public);
    z.resize(4 * length, F::ZERO);
    let (inner, ry, _) = SumcheckProof::prove_quad_prod(
        &claim,
        layout.log_blocks + shape.log_columns + 2,
        &mut MultilinearPolynomial::new(shape.matrices.inner_vector(shape, layout, &rx, rho)),
        &mut MultilinearPolynomial::new(z),
        &mut transcript.0,
    )?;
    let point = &ry[2..];
    let mut vectors: Vec<&[F]> = vec![&folded.witness.trace, &folded.witness.bus];
    if part.commitment.is_some() {
        vectors.push(part.fixed);
    }
    let values: Vec<F> = vectors
        .iter()
        .map(|vector| MultilinearPolynomial::evaluate_with(vector, point))
        .collect();
    transcript.scalars(b"values", &values);
    let sigma = transcript.challenge(b"sigma")?;
    let weights = powers(sigma, values.len());
    let mut batched = vec![F::ZERO; length];
    vectors
        .iter()
        .zip(&weights)
        .for_each(|(vector, weight)| add(&mut batched, vector, *weight));
    let value = values.iter().zip(&weights).map(|(v, w)| *v * w).sum();
    let opened = Claim {
        commitment: combine(commitments, &weights),
        point: point.to_vec(),
        value,
    };
    claims.push((opened, batched));
    if let Some(value) = error {
        let opened = Claim {
            commitment: combine(&folded.cross, &folded.weights.cross),
            point: rx,
            value,
        };
        claims.push((opened, folded.error));
    }
    Ok(Tail {
        cross: folded.cross,
        outer,
        products,
        error,
        inner,
        values,
    })
}
