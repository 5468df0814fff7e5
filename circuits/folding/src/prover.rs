//! The prover: commits, draws the bus challenges, folds, proves the fold.

use std::time::{Duration, Instant};

use ff::{Field, PrimeField};
use nova_snark::errors::NovaError;

use crate::{
    challenge::{Challenges, PublicEntry, sum_entries},
    engine::{Commitment, F, from_label},
    folding::{commit, satisfied},
    journal::Journal,
    openings,
    proof::{Layout, Proof, proof_bytes},
    second_phase::sum_bus,
    segment::{Buses, Channel, Remote, Segment},
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
    /// Another process that proves a segment is gone, or failed.
    #[error("another process that folds a part of this proof: {0}")]
    Channel(std::io::Error),
    /// What was asked of a segment is wrong.
    #[error("{0}")]
    Segment(&'static str),
    /// What another process answered is wrong.
    #[error("the process that proves segment {0} is broken: {1}")]
    Wrong(usize, &'static str),
    /// The journal cannot be written, or is damaged.
    #[error("the journal of this proof: {0}")]
    Journal(#[from] std::io::Error),
}

/// What a prover says about its progress: what is done, of how much; two commitments and a fold for each chunk.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Proves that all parts are satisfied and that the bus balances together with the verifier's entries.
/// `domain` is bound into the transcript: whatever the proof is about. What `journal` knows is not committed to again. Segments but the first are
/// proved by other processes: the one behind `channels[i]` has segment i + 1. Tells beside the proof how long everything but committing
/// and folding took.
///
/// # Errors
/// [`ProveError`].
pub fn prove(
    setup: &Setup,
    domain: &[u8],
    parts: &[Part<'_>],
    entries: &[PublicEntry],
    channels: &mut [&mut dyn Channel],
    journal: &mut Journal,
    progress: Progress<'_>,
) -> Result<(Proof, Duration), ProveError> {
    let mut own = Segment::new(setup, parts, 0, journal)?;
    if parts.iter().any(|part| part.layout.segments > 1 + channels.len()) {
        return Err(ProveError::Segment(
            "there are more segments than processes to prove them",
        ));
    }
    let mut transcript = start(domain);
    absorb_layouts(
        &mut transcript,
        parts
            .iter()
            .map(|part| (part.shape, part.layout, part.commitment)),
    );
    absorb_entries(&mut transcript, entries);
    let mut others: Vec<Remote<'_>> = (1..)
        .zip(channels)
        .map(|(number, channel)| Remote::new(setup, parts, number, *channel))
        .collect();

    let chunks: usize = parts.iter().map(|part| part.layout.chunks).sum();
    let mut done = 0;
    let mut tick = || {
        done += 1;
        progress(done, 3 * chunks);
    };
    let traces = together(&mut others, |other| other.traces(), || own.traces(&mut tick))?;
    let traces = by_part(traces);
    for commitments in &traces {
        transcript.commitments(b"trace", commitments);
    }
    let alpha = transcript.challenge(b"alpha")?;
    let gamma = transcript.challenge(b"gamma")?;
    let challenges = Challenges::new(alpha, gamma);
    let of_own = challenges.clone();
    done = chunks;
    let mut tick = || {
        done += 1;
        progress(done, 3 * chunks);
    };
    let asked = together(
        &mut others,
        |other| other.buses(alpha, gamma),
        || own.buses(of_own, &mut tick),
    )?;
    done = 2 * chunks;
    let (commitments, sums): (Vec<_>, Vec<_>) = asked
        .into_iter()
        .map(|segment| segment.into_iter().unzip())
        .unzip();
    let buses: Vec<Buses> = by_part(commitments).into_iter().zip(by_part(sums)).collect();
    for (commitments, sums) in &buses {
        transcript.commitments(b"bus", commitments);
        transcript.scalars(b"sums", sums);
    }
    let blocks: F = buses.iter().flat_map(|(_, sums)| sums).sum();
    if sum_entries(&challenges, entries) != Some(-blocks) {
        return Err(ProveError::Unbalanced);
    }
    let seed = transcript.challenge(b"seed")?;

    let mut proofs = Vec::new();
    let mut claims = Vec::new();
    let mut compression = Duration::ZERO;
    for ((number, part), (trace, (bus, sums))) in parts.iter().enumerate().zip(traces.into_iter().zip(buses))
    {
        let mut tick = || {
            done += 1;
            progress(done, 3 * chunks);
        };
        let others = &mut others[..part.layout.segments - 1];
        let folded = together(
            others,
            |other| other.fold(seed, number, &challenges),
            || own.fold(seed, number, &mut tick),
        )?;
        done += part.layout.chunks - part.layout.segment(0).len();
        for (_, end) in &folded {
            transcript.scalars(b"segment", &[*end]);
        }
        if folded.len() > 1 {
            let ends = folded.iter().flat_map(|(_, end)| end.to_repr().as_ref().to_vec());
            own.journal().context(&ends.collect::<Vec<u8>>())?;
        }
        let mut segments = folded.into_iter().map(|(folded, _)| folded);
        let mut folded = segments.next().ok_or(ProveError::Bus(part.shape.name))?;
        for other in segments {
            folded.merge(setup, &mut transcript, other, own.journal())?;
        }
        let start = Instant::now();
        let weights = &folded.weights.chunks;
        let mut commitments = vec![combine(&trace, weights), combine(&bus, weights)];
        commitments.extend(part.commitment);
        proofs.push(
            prove_folded(
                &mut transcript,
                part,
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

/// Whether all sizes are in bounds and the setup is large enough.
pub(crate) fn check_sizes(setup: &Setup, parts: &[Part<'_>]) -> Result<(), ProveError> {
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
    Ok(())
}

/// What this process and the others answer, this one first; all of them work at the same time.
fn together<T: Send>(
    others: &mut [Remote<'_>],
    ask: impl Fn(&mut Remote<'_>) -> Result<T, ProveError> + Sync,
    own: impl FnOnce() -> Result<T, ProveError>,
) -> Result<Vec<T>, ProveError> {
    std::thread::scope(|scope| {
        let asked: Vec<_> = others
            .iter_mut()
            .map(|other| scope.spawn(|| ask(other)))
            .collect();
        let own = own();
        let answers = asked.into_iter().map(|thread| {
            let gone = Err(ProveError::Segment(
                "a thread that waited for another process panicked",
            ));
            thread.join().unwrap_or(gone)
        });
        std::iter::once(own).chain(answers).collect()
    })
}

/// Lists by segment and part as lists by part: segments are in the order of their chunks.
fn by_part<T>(segments: Vec<Vec<Vec<T>>>) -> Vec<Vec<T>> {
    let mut parts: Vec<Vec<T>> = Vec::new();
    for segment in segments {
        parts.resize_with(segment.len().max(parts.len()), Vec::new);
        parts
            .iter_mut()
            .zip(segment)
            .for_each(|(part, chunks)| part.extend(chunks));
    }
    parts
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
        for index in 0..part.layout.chunks {
            let (witness, _) = satisfied(part, &challenges, index)?;
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
