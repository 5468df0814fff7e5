//! The prover: commits, draws the bus challenges, folds, proves the fold.

use std::time::{Duration, Instant};

use ff::Field;
use nova_snark::errors::NovaError;

use crate::{
    challenge::{Challenges, PublicEntry, sum_entries},
    engine::{Commitment, F, from_label},
    folding::{commit, fold, satisfied},
    journal::Journal,
    openings,
    proof::{Layout, Proof, proof_bytes},
    second_phase::{second_phase, sum_bus},
    setup::Setup,
    shape::Shape,
    spartan::prove_folded,
    transcript::{absorb_entries, absorb_layouts, start},
    verifier::combine,
};

/// Where a shape's first-phase witness comes from. Chunks are asked for more than once, so that none need be kept.
pub trait Trace: Sync {
    /// The first-phase witness of chunk `index`: `2^log_blocks * columns` elements, block after block.
    fn chunk(&self, index: usize) -> Vec<F>;
}

/// One shape's share of what is to be proved.
pub struct Part<'a> {
    /// The shape.
    pub shape: &'a Shape,
    /// Its size.
    pub layout: Layout,
    /// Its first-phase witness.
    pub trace: &'a dyn Trace,
    /// Its fixed segment (`2^log_blocks * columns` elements), or empty. Needs a single chunk.
    pub fixed: &'a [F],
    /// The commitment to the fixed segment, if the verifier does not evaluate it itself.
    pub commitment: Option<Commitment>,
}

/// Why a proof could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The setup has too few powers of tau.
    #[error("shape {shape} needs {needed} powers of tau and the setup has {available}: use a larger setup")]
    SetupTooSmall {
        /// The shape's name.
        shape: &'static str,
        /// Powers needed.
        needed: usize,
        /// Powers there.
        available: usize,
    },
    /// The witness does not satisfy a constraint.
    #[error("shape {shape}: block {block} of chunk {chunk} does not satisfy constraint {constraint}")]
    Unsatisfied {
        /// The shape's name.
        shape: &'static str,
        /// Chunk index.
        chunk: usize,
        /// Block index.
        block: usize,
        /// Constraint index.
        constraint: usize,
    },
    /// Blocks and entries do not balance: the trace is not one of an honest run.
    #[error("the bus does not balance: the trace does not fit the claim")]
    Unbalanced,
    /// The layout or a segment has the wrong size, or γ hit a fingerprint (probability below 2^-200).
    #[error("shape {0}: a size is wrong, or the second-phase witness cannot be computed")]
    Bus(&'static str),
    /// nova-snark refused.
    #[error("nova-snark: {0}")]
    Nova(#[from] NovaError),
    /// The journal cannot be written, or is damaged.
    #[error("the journal of this proof: {0}")]
    Journal(#[from] std::io::Error),
}

/// What a prover says about its progress: folded chunks, of how many.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Proves that all parts are satisfied and that the bus balances together with the verifier's entries.
/// `domain` is bound into the transcript: whatever the proof is about. What `journal` knows is not committed to again. Tells beside the proof how long everything but committing
/// and folding took.
///
/// # Errors
/// [`ProveError`].
pub fn prove(
    setup: &Setup,
    domain: &[u8],
    parts: &[Part<'_>],
    entries: &[PublicEntry],
    journal: &mut Journal,
    progress: Progress<'_>,
) -> Result<(Proof, Duration), ProveError> {
    if parts.is_empty() {
        return Err(ProveError::Bus("none"));
    }
    for part in parts {
        proof_bytes([(part.shape, part.layout, part.commitment.is_some())])
            .map_err(|_| ProveError::Bus(part.shape.name))?;
        let rows = 1 << (part.layout.log_blocks + part.shape.log_rows);
        let columns = part.shape.columns() << part.layout.log_blocks;
        let needed = if part.layout.chunks > 1 {
            columns.max(rows)
        } else {
            columns
        };
        if needed > setup.size() {
            let (shape, available) = (part.shape.name, setup.size());
            return Err(ProveError::SetupTooSmall {
                shape,
                needed,
                available,
            });
        }
        if !part.fixed.is_empty() && (part.fixed.len() != columns || part.layout.chunks > 1) {
            return Err(ProveError::Bus(part.shape.name));
        }
    }
    let mut transcript = start(domain);
    absorb_layouts(
        &mut transcript,
        parts
            .iter()
            .map(|part| (part.shape, part.layout, part.commitment)),
    );
    absorb_entries(&mut transcript, entries);
    let mut traces = Vec::new();
    for part in parts {
        let commitments = (0..part.layout.chunks)
            .map(|chunk| journal.commitment(|| Ok(commit(setup, &part.trace.chunk(chunk)))))
            .collect::<Result<Vec<Commitment>, ProveError>>()?;
        transcript.commitments(b"trace", &commitments);
        traces.push(commitments);
    }
    let alpha = transcript.challenge(b"alpha")?;
    let gamma = transcript.challenge(b"gamma")?;
    let challenges = Challenges::new(alpha, gamma);
    let mut buses = Vec::new();
    for part in parts {
        let mut commitments = Vec::new();
        let mut sums = Vec::new();
        for chunk in 0..part.layout.chunks {
            let mut bus = Vec::new();
            commitments.push(journal.commitment(|| {
                bus = second_phase(part, &challenges, &part.trace.chunk(chunk))?;
                Ok::<_, ProveError>(commit(setup, &bus))
            })?);
            sums.push(journal.scalar(|| {
                if bus.is_empty() {
                    // Stopped between the two.
                    bus = second_phase(part, &challenges, &part.trace.chunk(chunk))?;
                }
                Ok::<_, ProveError>(sum_bus(part.shape, &bus))
            })?);
        }
        transcript.commitments(b"bus", &commitments);
        transcript.scalars(b"sums", &sums);
        buses.push((commitments, sums));
    }
    let blocks: F = buses.iter().flat_map(|(_, sums)| sums).sum();
    if sum_entries(&challenges, entries) != Some(-blocks) {
        return Err(ProveError::Unbalanced);
    }
    let total: usize = parts.iter().map(|part| part.layout.chunks).sum();
    let mut done = 0;
    let mut proofs = Vec::new();
    let mut claims = Vec::new();
    let mut compression = Duration::ZERO;
    for ((part, trace), (bus, sums)) in parts.iter().zip(traces).zip(buses) {
        let matrices = &part.shape.matrices;
        let mut tick = || {
            done += 1;
            progress(done, total);
        };
        let folded = fold(
            setup,
            &mut transcript,
            part,
            matrices,
            &challenges,
            journal,
            &mut tick,
        )?;
        let start = Instant::now();
        let mut commitments = vec![combine(&trace, &folded.weights), combine(&bus, &folded.weights)];
        commitments.extend(part.commitment);
        proofs.push(
            prove_folded(
                &mut transcript,
                part,
                matrices,
                &challenges,
                folded,
                &commitments,
                &mut claims,
            )?
            .with(trace, bus, sums),
        );
        compression += start.elapsed();
    }
    let start = Instant::now();
    let (claims, vectors): (Vec<_>, Vec<_>) = claims.into_iter().unzip();
    let proof = Proof {
        parts: proofs,
        openings: openings::prove(setup, &mut transcript, &claims, &vectors)?,
    };
    Ok((proof, compression + start.elapsed()))
}

/// Checks what [`prove`] would prove, without committing to anything: with challenges of its own, every constraint of
/// every block, and that the bus balances. For tests and for provers who want to know before they spend.
///
/// # Errors
/// [`ProveError::Unsatisfied`], [`ProveError::Unbalanced`], or [`ProveError::Bus`] for wrong sizes.
pub fn check(parts: &[Part<'_>], entries: &[PublicEntry]) -> Result<(), ProveError> {
    let challenges = Challenges::new(from_label(b"check alpha"), from_label(b"check gamma"));
    let mut sum = F::ZERO;
    for part in parts {
        let matrices = &part.shape.matrices;
        for index in 0..part.layout.chunks {
            let (witness, _) = satisfied(part, matrices, &challenges, index)?;
            sum += sum_bus(part.shape, &witness.bus);
        }
    }
    if sum_entries(&challenges, entries) == Some(-sum) {
        Ok(())
    } else {
        Err(ProveError::Unbalanced)
    }
}

/// Commits to a fixed segment, for an image.
///
/// # Errors
/// [`ProveError::SetupTooSmall`].
pub fn commit_fixed(setup: &Setup, shape: &Shape, fixed: &[F]) -> Result<Commitment, ProveError> {
    if fixed.len() > setup.size() {
        let (shape, needed, available) = (shape.name, fixed.len(), setup.size());
        return Err(ProveError::SetupTooSmall {
            shape,
            needed,
            available,
        });
    }
    Ok(commit(setup, fixed))
}
