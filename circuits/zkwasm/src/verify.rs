//! What a proof is about, and the check of it.

use rayon::prelude::*;
use weft_folding::{Fixed, VerifierPart, keccak256, verify};

use crate::{
    bus::public_entries,
    chunks::{Header, single, words_of},
    image::Image,
    key::{Circuit, VerifyingKey},
    precompiles::{SPREAD_LOG, evaluate_spread},
    tables::{TABLE_LOG, evaluate_table},
};

/// Largest input and output, in bytes.
pub const MAX_PUBLIC_BYTES: usize = 64 * 1024;

/// What a proof is about. Everything in it comes from the verifier's side, nothing from the proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// Digest of the statement: bound into the transcript, so that the proof serves no other.
    pub statement: [u8; 32],
    /// The program.
    pub image: Image,
    /// Input bytes, at most [`MAX_PUBLIC_BYTES`].
    pub input: &'a [u8],
    /// Output stream, a multiple of 8 bytes, at most [`MAX_PUBLIC_BYTES`]. Empty for a trapped run: what it wrote
    /// before is not part of the claim.
    pub output: &'a [u8],
    /// Whether the run ended in a trap.
    pub trapped: bool,
    /// Executed instructions of the proved machine.
    pub steps: u64,
    /// Whether the program may read advice, words that its prover chose. Without it they are zeros.
    pub advised: bool,
}

impl Claim<'_> {
    fn digest(&self) -> [u8; 32] {
        let mut bytes = self.statement.to_vec();
        bytes.extend_from_slice(&self.image.encode());
        bytes.extend_from_slice(&keccak256(self.input));
        bytes.extend_from_slice(&keccak256(self.output));
        bytes.push(self.trapped.into());
        bytes.push(self.advised.into());
        bytes.extend_from_slice(&self.steps.to_le_bytes());
        keccak256(&bytes)
    }

    /// What is bound into the transcript.
    pub(crate) fn domain(&self, key: &VerifyingKey) -> Vec<u8> {
        [key.digest(), self.digest()].concat()
    }
}

/// Why a proof was refused.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The claim itself is out of bounds.
    #[error("the claim is out of bounds: {0}")]
    Claim(&'static str),
    /// The claim has more steps than the proof has room for, or none.
    #[error("the claim has more steps than the proof has room for, or none")]
    Steps,
    /// The proof's header is malformed.
    #[error("the proof's header is malformed")]
    Header,
    /// The proof is wrong or malformed.
    #[error(transparent)]
    Proof(#[from] weft_folding::VerifyError),
}

/// Verifies that the run that `claim` describes happened.
///
/// # Errors
/// [`VerifyError`]. Does not panic on any input that is known; hosts guard against unknown ones.
pub fn verify_run(key: &VerifyingKey, claim: &Claim<'_>, proof: &[u8]) -> Result<(), VerifyError> {
    let (header, rest) = Header::decode(proof).ok_or(VerifyError::Header)?;
    if claim.input.len() > MAX_PUBLIC_BYTES || claim.output.len() > MAX_PUBLIC_BYTES {
        return Err(VerifyError::Claim("the input or output is longer than 64 KiB"));
    }
    if !claim.output.len().is_multiple_of(8) {
        return Err(VerifyError::Claim("the output is not a sequence of 64-bit words"));
    }
    if claim.steps == 0 || claim.steps > header.room() {
        return Err(VerifyError::Steps);
    }
    if !header.is_worth(claim.steps) {
        return Err(VerifyError::Header);
    }
    if !crate::image::ROWS_LOG.contains(&usize::from(claim.image.rows_log)) {
        return Err(VerifyError::Claim("the image has too many rows, or too few"));
    }
    if claim.trapped && !claim.output.is_empty() {
        return Err(VerifyError::Claim("a trapped run has no output"));
    }
    if claim.trapped && claim.advised {
        return Err(VerifyError::Claim(
            "a run that may read advice proves no trap: its prover may have brought it about",
        ));
    }
    if !claim.advised && header.advice.chunks > 0 {
        return Err(VerifyError::Header);
    }
    if !claim.trapped && !header.discarded.is_empty() {
        return Err(VerifyError::Header);
    }
    let commitment = claim
        .image
        .point()
        .ok_or(VerifyError::Claim("the image is not a commitment"))?;
    let output = if claim.trapped {
        header.discarded.clone()
    } else {
        words_of(claim.output)
    };
    let entries = public_entries(
        claim.input,
        &output,
        claim.image.pages,
        claim.trapped.into(),
        claim.steps,
    );
    let circuit = Circuit::get();
    let mut parts: Vec<VerifierPart<'_>> = circuit
        .steps
        .iter()
        .zip(header.steps)
        .map(|(step, layout)| VerifierPart {
            shape: &step.shape,
            layout,
            fixed: Fixed::Absent,
        })
        .collect();
    parts.extend([
        VerifierPart {
            shape: &circuit.scan,
            layout: header.scan,
            fixed: Fixed::Absent,
        },
        VerifierPart {
            shape: &circuit.image,
            layout: single(claim.image.rows_log.into()),
            fixed: Fixed::Committed(commitment),
        },
        VerifierPart {
            shape: &circuit.table,
            layout: single(TABLE_LOG),
            fixed: Fixed::Evaluated(&evaluate_table),
        },
    ]);
    if header.has_precompiles() {
        parts.push(VerifierPart {
            shape: &circuit.precompiles.spread.0,
            layout: single(SPREAD_LOG),
            fixed: Fixed::Evaluated(&evaluate_spread),
        });
    }
    let optional = circuit.precompiles.optional().into_iter().zip(header.precompiles);
    let optional = optional.chain([(&circuit.advice.0, header.advice)]);
    let present = optional.filter(|(_, layout)| layout.chunks > 0);
    parts.extend(present.map(|(shape, layout)| VerifierPart {
        shape,
        layout,
        fixed: Fixed::Absent,
    }));
    Ok(verify(&key.setup, &claim.domain(key), &parts, &entries, rest)?)
}

/// Verifies many proofs under one key, on all threads. The verdicts are in the order of the proofs.
pub fn verify_runs(key: &VerifyingKey, proofs: &[(Claim<'_>, &[u8])]) -> Vec<Result<(), VerifyError>> {
    proofs
        .par_iter()
        .map(|(claim, proof)| verify_run(key, claim, proof))
        .collect()
}
