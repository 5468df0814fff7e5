//! The verifier. Total: no input makes it panic, once the proof was decoded for the same parts.

use ff::Field;
use halo2curves::{
    bn256::{G1, G1Affine},
    group::Curve,
};
use nova_snark::{errors::NovaError, provider::traits::DlogGroupExt, spartan::polys::eq::EqPolynomial};

use crate::{
    challenge::{Challenges, PublicEntry, sum_entries},
    engine::{Commitment, F, Transcript},
    folding::{Weights, replay},
    openings::{self, Claim, powers},
    proof::{DecodeError, Layout, PartProof, Proof},
    setup::VerifierSetup,
    shape::Shape,
    transcript::{absorb_entries, absorb_layouts, start},
};

/// A shape's fixed segment, as the verifier knows it.
#[derive(Clone, Copy)]
pub enum Fixed<'a> {
    /// There is none.
    Absent,
    /// Committed to by the image.
    Committed(Commitment),
    /// Evaluated by the verifier at a point of `log_blocks + log_columns` coordinates, most significant first.
    Evaluated(&'a dyn Fn(&[F]) -> F),
}

/// One shape's share of what is to be verified.
pub struct VerifierPart<'a> {
    /// The shape.
    pub shape: &'a Shape,
    /// Its size.
    pub layout: Layout,
    /// Its fixed segment.
    pub fixed: Fixed<'a>,
}

/// Why a proof is refused.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The bytes are not a proof of this layout.
    #[error("malformed proof: {0}")]
    Malformed(#[from] DecodeError),
    /// A shape with a fixed segment has more than one chunk.
    #[error("shape {0} must have one chunk")]
    Chunks(&'static str),
    /// The bus does not balance.
    #[error("the bus does not balance")]
    Bus,
    /// A sum-check of a shape fails.
    #[error("shape {0}: a sum-check fails")]
    Sumcheck(&'static str),
    /// nova-snark refuses.
    #[error("shape {0}: {1}")]
    Nova(&'static str, NovaError),
    /// The committed vectors do not have the values that the shapes need.
    #[error("opening of the commitments: {0}")]
    Openings(NovaError),
}

/// Verifies the wire form of a proof: all parts are satisfied, and the bus balances together with `entries`.
///
/// # Errors
/// [`VerifyError`].
pub fn verify(
    setup: &VerifierSetup,
    domain: &[u8],
    parts: &[VerifierPart<'_>],
    entries: &[PublicEntry],
    proof: &[u8],
) -> Result<(), VerifyError> {
    let sizes: Vec<_> = parts
        .iter()
        .map(|part| (part.shape, part.layout, matches!(part.fixed, Fixed::Committed(_))))
        .collect();
    if let Some(part) = parts
        .iter()
        .find(|p| p.layout.chunks > 1 && !matches!(p.fixed, Fixed::Absent))
    {
        return Err(VerifyError::Chunks(part.shape.name));
    }
    let proof = Proof::decode(&sizes, proof)?;
    let nova = |error| VerifyError::Nova("transcript", error);

    let mut transcript = start(domain);
    let committed = |part: &VerifierPart<'_>| match part.fixed {
        Fixed::Committed(commitment) => Some(commitment),
        _ => None,
    };
    absorb_layouts(
        &mut transcript,
        parts
            .iter()
            .map(|part| (part.shape, part.layout, committed(part))),
    );
    absorb_entries(&mut transcript, entries);
    proof
        .parts
        .iter()
        .for_each(|part| transcript.commitments(b"trace", &part.trace));
    let alpha = transcript.challenge(b"alpha").map_err(nova)?;
    let gamma = transcript.challenge(b"gamma").map_err(nova)?;
    let challenges = Challenges::new(alpha, gamma);
    for part in &proof.parts {
        transcript.commitments(b"bus", &part.bus);
        transcript.scalars(b"sums", &part.sums);
    }
    let blocks: F = proof.parts.iter().flat_map(|part| &part.sums).sum();
    if sum_entries(&challenges, entries) != Some(-blocks) {
        return Err(VerifyError::Bus);
    }
    let seed = transcript.challenge(b"seed").map_err(nova)?;
    let mut claims = Vec::new();
    for (number, (part, proof)) in parts.iter().zip(&proof.parts).enumerate() {
        let weights = replay(&mut transcript, seed, number, part.layout, &proof.cross).map_err(nova)?;
        verify_part(&mut transcript, part, &challenges, proof, &weights, &mut claims)?;
    }
    openings::verify(setup, &mut transcript, &claims, &proof.openings).map_err(VerifyError::Openings)
}

/// Verifies Spartan's proof of the instance folded with these weights, but for what is to be opened: that is appended to `claims`.
fn verify_part(
    transcript: &mut Transcript,
    part: &VerifierPart<'_>,
    challenges: &Challenges,
    proof: &PartProof,
    weights: &Weights,
    claims: &mut Vec<Claim>,
) -> Result<(), VerifyError> {
    let shape = part.shape;
    let layout = part.layout;
    let nova = |error| VerifyError::Nova(shape.name, error);

    let u = weights.u();
    let sum: F = proof.sums.iter().zip(&weights.chunks).map(|(s, w)| *s * w).sum();
    let public = challenges.scaled(u);

    let rows = layout.log_blocks + shape.log_rows;
    let tau = (0..rows)
        .map(|_| transcript.challenge(b"tau"))
        .collect::<Result<Vec<_>, _>>()
        .map_err(nova)?;
    let (last, rx) = proof
        .outer
        .verify(F::ZERO, rows, 3, &mut transcript.0)
        .map_err(nova)?;
    let [a, b, c] = proof.products;
    let error = proof.error.unwrap_or(F::ZERO);
    if last != EqPolynomial::new(tau).evaluate(&rx) * (a * b - u * c - error) {
        return Err(VerifyError::Sumcheck(shape.name));
    }
    transcript.scalars(b"products", &proof.products);
    transcript.scalars(b"error", proof.error.as_slice());

    let rho = transcript.challenge(b"rho").map_err(nova)?;
    let claim = a + rho * b + rho * rho * c + rho * rho * rho * sum;
    let rounds = layout.log_blocks + shape.log_columns + 2;
    let (last, ry) = proof
        .inner
        .verify(claim, rounds, 2, &mut transcript.0)
        .map_err(nova)?;
    let point = &ry[2..];
    let mut commitments = vec![
        combine(&proof.trace, &weights.chunks),
        combine(&proof.bus, &weights.chunks),
    ];
    let fixed = match part.fixed {
        Fixed::Absent => F::ZERO,
        Fixed::Committed(commitment) => {
            commitments.push(commitment);
            proof.values.get(2).copied().unwrap_or(F::ZERO)
        }
        Fixed::Evaluated(evaluate) => evaluate(point),
    };
    let inner = shape.matrices.evaluate(shape, layout, &rx, &ry, rho, &public);
    let [weight_trace, weight_bus, weight_fixed] = inner.segments;
    let z =
        weight_trace * proof.values[0] + weight_bus * proof.values[1] + weight_fixed * fixed + inner.z_public;
    if last != inner.matrix * z {
        return Err(VerifyError::Sumcheck(shape.name));
    }
    transcript.scalars(b"values", &proof.values);
    let sigma = transcript.challenge(b"sigma").map_err(nova)?;
    let batch = powers(sigma, proof.values.len());
    let value = proof.values.iter().zip(&batch).map(|(v, w)| *v * w).sum();
    claims.push(Claim {
        commitment: combine(&commitments, &batch),
        point: point.to_vec(),
        value,
    });
    if let Some(value) = proof.error {
        claims.push(Claim {
            commitment: combine(&proof.cross, &weights.cross),
            point: rx,
            value,
        });
    }
    Ok(())
}

/// Σ weight · commitment, by one multi-scalar multiplication.
pub(crate) fn combine(commitments: &[Commitment], weights: &[F]) -> Commitment {
    let points: Vec<G1> = commitments
        .iter()
        .map(|commitment| commitment.into_inner())
        .collect();
    let mut affine = vec![G1Affine::default(); points.len()];
    G1::batch_normalize(&points, &mut affine);
    Commitment::new(<G1 as DlogGroupExt>::vartime_multiscalar_mul(weights, &affine))
}
