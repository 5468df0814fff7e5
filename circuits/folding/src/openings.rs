//! Many claims about committed vectors, reduced to one opening.
//!
//! A sum-check (nova-snark's batched one) reduces claims P_i(x_i) = e_i, with vectors of different lengths, to claims about
//! all P_i at one random point r; a random combination of these is opened by HyperKZG. A shorter vector counts as padded with
//! zeros, so its share of the combination is Π(1 − r_j) · P_i(r's last coordinates), j over the coordinates it lacks.

use ff::Field;
use nova_snark::{
    errors::NovaError,
    spartan::{
        polys::{eq::EqPolynomial, multilinear::MultilinearPolynomial},
        sumcheck::SumcheckProof,
    },
    traits::evaluation::EvaluationEngineTrait,
};

use crate::{
    engine::{Commitment, E, EE, F, Opening, Transcript},
    folding::add,
    setup::{Setup, VerifierSetup},
    transcript::absorb_opening,
    verifier::combine,
};

/// The claim that the vector behind a commitment, as a multilinear polynomial, has a value at a point.
pub(crate) struct Claim {
    pub(crate) commitment: Commitment,
    pub(crate) point: Vec<F>,
    pub(crate) value: F,
}

/// The proof of a list of claims.
#[derive(Clone, Debug)]
pub(crate) struct Openings {
    /// The sum-check over all claims.
    pub(crate) reduction: SumcheckProof<E>,
    /// The vectors' values at its point, in the order of the claims.
    pub(crate) values: Vec<F>,
    /// The opening of their combination.
    pub(crate) opening: Opening,
}

/// 1, base, base², …
pub(crate) fn powers(base: F, count: usize) -> Vec<F> {
    std::iter::successors(Some(F::ONE), |power| Some(*power * base))
        .take(count)
        .collect()
}

fn absorb(transcript: &mut Transcript, claims: &[Claim]) -> Result<Vec<F>, NovaError> {
    transcript.number(b"claims", claims.len() as u64);
    for claim in claims {
        absorb_opening(transcript, &claim.commitment, &claim.point, claim.value);
    }
    Ok(powers(transcript.challenge(b"claims weight")?, claims.len()))
}

/// The single claim about the combination with `weights`, at `point`.
fn joined(claims: &[Claim], values: &[F], weights: &[F], point: Vec<F>) -> Claim {
    let commitments: Vec<Commitment> = claims.iter().map(|claim| claim.commitment).collect();
    let shares = claims
        .iter()
        .zip(values)
        .zip(weights)
        .map(|((claim, value), weight)| {
            let missing = &point[..point.len() - claim.point.len()];
            let padding: F = missing.iter().map(|r| F::ONE - r).product();
            padding * value * weight
        });
    Claim {
        value: shares.sum(),
        commitment: combine(&commitments, weights),
        point,
    }
}

/// Proves claims about `vectors`, whose lengths are 2 to the number of coordinates of their points.
pub(crate) fn prove(
    setup: &Setup,
    transcript: &mut Transcript,
    claims: &[Claim],
    vectors: &[Vec<F>],
) -> Result<Openings, NovaError> {
    let coefficients = absorb(transcript, claims)?;
    let (reduction, point, values) = SumcheckProof::prove_batch_eval(
        &claims.iter().map(|claim| claim.value).collect::<Vec<_>>(),
        &claims.iter().map(|claim| claim.point.len()).collect::<Vec<_>>(),
        vectors.iter().cloned().map(MultilinearPolynomial::new).collect(),
        claims.iter().map(|claim| claim.point.clone()).collect(),
        &coefficients,
        &mut transcript.0,
    )?;
    transcript.scalars(b"values at the point", &values);
    let weights = powers(transcript.challenge(b"values weight")?, claims.len());
    let claim = joined(claims, &values, &weights, point);
    let mut vector = vec![F::ZERO; 1 << claim.point.len()];
    for (part, weight) in vectors.iter().zip(&weights) {
        add(&mut vector[..part.len()], part, *weight);
    }
    absorb_opening(transcript, &claim.commitment, &claim.point, claim.value);
    let (key, _) = EE::setup(&setup.key)?;
    let opening = EE::prove(
        &setup.key,
        &key,
        &mut transcript.0,
        &claim.commitment,
        &vector,
        &claim.point,
        &claim.value,
    )?;
    Ok(Openings {
        reduction,
        values,
        opening,
    })
}

/// Verifies claims. There is at least one.
pub(crate) fn verify(
    setup: &VerifierSetup,
    transcript: &mut Transcript,
    claims: &[Claim],
    proof: &Openings,
) -> Result<(), NovaError> {
    let coefficients = absorb(transcript, claims)?;
    let sizes: Vec<usize> = claims.iter().map(|claim| claim.point.len()).collect();
    let values: Vec<F> = claims.iter().map(|claim| claim.value).collect();
    let (last, point) = proof
        .reduction
        .verify_batch(&values, &sizes, &coefficients, 2, &mut transcript.0)?;
    let expected: F = claims
        .iter()
        .zip(&proof.values)
        .zip(&coefficients)
        .map(|((claim, value), coefficient)| {
            let own = point[point.len() - claim.point.len()..].to_vec();
            EqPolynomial::new(own).evaluate(&claim.point) * value * coefficient
        })
        .sum();
    if last != expected || proof.values.len() != claims.len() {
        return Err(NovaError::InvalidSumcheckProof);
    }
    transcript.scalars(b"values at the point", &proof.values);
    let weights = powers(transcript.challenge(b"values weight")?, claims.len());
    let claim = joined(claims, &proof.values, &weights, point);
    absorb_opening(transcript, &claim.commitment, &claim.point, claim.value);
    EE::verify(
        &setup.key,
        &mut transcript.0,
        &claim.commitment,
        &claim.point,
        &claim.value,
        &proof.opening,
    )
}
