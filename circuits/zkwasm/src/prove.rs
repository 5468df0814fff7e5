//! Proving runs.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use ff::Field;
use weft_folding::{
    F, Journal, Part, Progress, ProveError, PublicEntry, Setup, check, keccak256, proof_bytes, prove,
};

use crate::{
    bus::public_entries,
    chunks::{ChunkSizes, Header, single, words_of},
    image::{Image, ImageError, fixed_segment},
    key::{Circuit, VerifyingKey},
    machine::Trace,
    program::Program,
    step::Class,
    tables::{TABLE_LOG, table_row},
    verify::Claim,
    witness::{Kept, Lookups, ScanSource, StepSource},
};

/// Why a run cannot be proved.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The chunk sizes are out of bounds.
    #[error("chunk sizes {0:?} are out of bounds: both are from 4 to 13")]
    ChunkSizes(ChunkSizes),
    /// The run has more steps or cells than fit.
    #[error("a run of {steps} steps does not fit; with these chunk sizes at most {most} do")]
    TooLong {
        /// Steps of the run.
        steps: usize,
        /// Most steps that such chunks hold.
        most: usize,
    },
    /// The trace is not one of the program.
    #[error("the trace executes instructions that the program has not")]
    ForeignTrace,
    /// The run wrote too much.
    #[error("the run wrote {0} words; at most 8,192 (64 KiB) can be proved")]
    Output(usize),
    /// The program is not one that has an image.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The prover refuses.
    #[error(transparent)]
    Prove(#[from] ProveError),
}

/// How many bytes the proof of a run will have: known as soon as the run was executed.
///
/// # Errors
/// [`RunError`] if the run is too long to be proved, or wrote too much.
pub fn proof_size(
    image: &Image,
    program: &Program,
    trace: &Trace,
    sizes: ChunkSizes,
) -> Result<usize, RunError> {
    let circuit = Circuit::get();
    let header = Header::of(program, trace, trace.outcome == 1, sizes)?;
    let steps = circuit.steps.iter().zip(header.steps);
    let parts = steps.map(|(step, layout)| (&step.shape, layout, false)).chain([
        (&circuit.scan, header.scan, false),
        (&circuit.image, single(image.rows_log.into()), true),
        (&circuit.table, single(TABLE_LOG), false),
    ]);
    let body = proof_bytes(parts).map_err(|_| ProveError::Bus("image"))?;
    Ok(header.encode().len() + body)
}

/// Numbers about a proof that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofStats {
    /// STEP chunks.
    pub step_chunks: usize,
    /// SCAN chunks.
    pub scan_chunks: usize,
    /// Constraints over all chunks, without padding to powers of two.
    pub constraints: u64,
    /// Time from the last fold to the proof.
    pub compression: Duration,
}

/// Everything that is proved about a run: witnesses, layouts, the verifier's entries.
struct Prepared<'a> {
    header: Header,
    steps: [StepSource<'a>; 4],
    scan: ScanSource<'a>,
    image: Kept,
    image_fixed: Vec<F>,
    table: Kept,
    table_fixed: Vec<F>,
    entries: Vec<PublicEntry>,
}

impl<'a> Prepared<'a> {
    /// A run of `program`; the image is that of `committed`, which tests make another one.
    fn new(
        claim: &Claim<'_>,
        program: &'a Program,
        committed: &Program,
        trace: &'a Trace,
        sizes: ChunkSizes,
    ) -> Result<Self, RunError> {
        let circuit = Circuit::get();
        let header = Header::of(program, trace, claim.trapped, sizes)?;
        let mut classes: [Vec<u32>; 4] = Default::default();
        for (index, step) in (0..).zip(&trace.steps) {
            let instruction = program.code.get(step.pc as usize);
            let instruction = instruction.ok_or(RunError::ForeignTrace)?;
            classes[Class::of(instruction) as usize].push(index);
        }
        let mut classes = classes.into_iter();
        let steps = std::array::from_fn(|class| StepSource {
            shape: &circuit.steps[class],
            layout: header.steps[class],
            program,
            trace,
            steps: classes.next().unwrap_or_default(),
        });
        let scan = ScanSource {
            columns: &circuit.scan_columns,
            width: circuit.scan.columns(),
            layout: header.scan,
            cells: &trace.cells,
        };
        let lookups = Lookups::new();
        for source in &steps {
            (0..source.layout.chunks).for_each(|chunk| drop(source.fill(chunk, &lookups)));
        }
        (0..header.scan.chunks).for_each(|chunk| drop(scan.fill(chunk, &lookups)));
        let output = if claim.trapped {
            header.discarded.clone()
        } else {
            words_of(claim.output)
        };
        Ok(Self {
            image: Kept(image_witness(circuit, trace, claim.image.rows_log)),
            image_fixed: fixed_segment(committed)?,
            table: Kept(lookups.table(circuit.table.columns(), circuit.table_counts)),
            table_fixed: (0..1 << TABLE_LOG)
                .flat_map(|i| table_row(i).map(F::from))
                .collect(),
            entries: public_entries(
                claim.input,
                &output,
                claim.image.pages,
                claim.trapped.into(),
                claim.steps,
            ),
            header,
            steps,
            scan,
        })
    }

    fn parts(&self, image: &Image) -> Vec<Part<'_>> {
        let circuit = Circuit::get();
        let mut parts: Vec<Part<'_>> = self
            .steps
            .iter()
            .map(|steps| Part {
                shape: &steps.shape.shape,
                layout: steps.layout,
                trace: steps,
                fixed: &[],
                commitment: None,
            })
            .collect();
        parts.extend([
            Part {
                shape: &circuit.scan,
                layout: self.header.scan,
                trace: &self.scan,
                fixed: &[],
                commitment: None,
            },
            Part {
                shape: &circuit.image,
                layout: single(image.rows_log.into()),
                trace: &self.image,
                fixed: &self.image_fixed,
                commitment: image.point(),
            },
            Part {
                shape: &circuit.table,
                layout: single(TABLE_LOG),
                trace: &self.table,
                fixed: &self.table_fixed,
                commitment: None,
            },
        ]);
        parts
    }
}

/// Opens the journal of a proof at `path`: a prover who was stopped goes on with it. See [`Journal`].
///
/// # Errors
/// When the file cannot be read or written.
pub fn open_journal(
    path: &Path,
    key: &VerifyingKey,
    claim: &Claim<'_>,
    sizes: ChunkSizes,
) -> std::io::Result<Journal> {
    let mut subject = claim.domain(key);
    subject.extend_from_slice(&[sizes.step as u8, sizes.scan as u8]);
    Journal::open(path, keccak256(&subject))
}

/// Proves a run that [`crate::machine::execute`] recorded.
///
/// # Errors
/// [`RunError`]: the run is too long, the setup is too small, the trace is not one of `program`, or the journal cannot be
/// written.
#[allow(
    clippy::too_many_arguments,
    reason = "each is another thing, and callers have them all"
)]
pub fn prove_run(
    setup: &Setup,
    key: &VerifyingKey,
    claim: &Claim<'_>,
    program: &Program,
    trace: &Trace,
    sizes: ChunkSizes,
    journal: &mut Journal,
    progress: Progress<'_>,
) -> Result<(Vec<u8>, ProofStats), RunError> {
    let prepared = Prepared::new(claim, program, program, trace, sizes)?;
    let parts = prepared.parts(&claim.image);
    let (proof, compression) = prove(
        setup,
        &claim.domain(key),
        &parts,
        &prepared.entries,
        journal,
        progress,
    )?;
    let constraints = parts
        .iter()
        .map(|part| (part.shape.constraints() * part.layout.chunks) << part.layout.log_blocks)
        .sum::<usize>();
    let stats = ProofStats {
        step_chunks: prepared.header.steps.iter().map(|layout| layout.chunks).sum(),
        scan_chunks: prepared.header.scan.chunks,
        constraints: constraints as u64,
        compression,
    };
    Ok(([prepared.header.encode(), proof.encode()].concat(), stats))
}

/// Checks that a trace satisfies every constraint and fits the claim, without proving it.
///
/// # Errors
/// [`RunError`] as [`prove_run`], but for the setup.
pub fn check_run(
    claim: &Claim<'_>,
    program: &Program,
    trace: &Trace,
    sizes: ChunkSizes,
) -> Result<(), RunError> {
    check_against(claim, program, program, trace, sizes)
}

/// [`check_run`] for a prover who executes another program than the one that is committed to.
pub(crate) fn check_against(
    claim: &Claim<'_>,
    executed: &Program,
    committed: &Program,
    trace: &Trace,
    sizes: ChunkSizes,
) -> Result<(), RunError> {
    let prepared = Prepared::new(claim, executed, committed, trace, sizes)?;
    Ok(check(&prepared.parts(&claim.image), &prepared.entries)?)
}

/// How often each instruction was executed.
fn image_witness(circuit: &Circuit, trace: &Trace, rows_log: u8) -> Vec<F> {
    let width = circuit.image.columns();
    let counts: Vec<AtomicU32> = (0..1usize << rows_log).map(|_| AtomicU32::new(0)).collect();
    for step in &trace.steps {
        if let Some(count) = counts.get(step.pc as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
    let mut out = vec![F::ZERO; width << rows_log];
    for (row, count) in out.chunks_mut(width).zip(counts) {
        crate::witness::Row(row).put(circuit.image_taken, F::from(u64::from(count.into_inner())));
    }
    out
}
