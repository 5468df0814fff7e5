//! Proving runs.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use ff::Field;
use weft_folding::{
    Channel, F, Journal, Layout, Part, Progress, ProveError, PublicEntry, Segment, Setup, check, keccak256,
    proof_bytes, prove, shape::Shape,
};

use crate::{
    advice,
    bus::public_entries,
    chunks::{ChunkSizes, Header, single, words_of},
    image::{Image, ImageError, fixed_segment},
    key::{Circuit, VerifyingKey},
    machine::Trace,
    precompiles::{OPTIONAL, SPREAD_LOG, spread_row},
    program::Program,
    step::Class,
    tables::{TABLE_LOG, table_row},
    verify::Claim,
    witness::{Blocks, Kept, Lookups, ScanSource, StepSource},
};

/// Why a run cannot be proved.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The chunk sizes are out of bounds.
    #[error("chunk sizes {0:?} are out of bounds: sizes are from 4 to 13, segments from 1 to 64")]
    ChunkSizes(ChunkSizes),
    /// The run has more steps, calls of precompiles or cells than fit.
    #[error(
        "a run of {steps} steps with {calls} calls of precompiles does not fit; with these chunk sizes at most {most_steps} \
         steps do, {most_words} words of calls and {most_rounds} rounds of Keccak: use larger chunks or make it cheaper"
    )]
    TooLong {
        /// Steps of the run.
        steps: usize,
        /// Calls of precompiles.
        calls: usize,
        /// Most steps of each class that such chunks hold.
        most_steps: usize,
        /// Most words of calls.
        most_words: usize,
        /// Most rounds of Keccak, 24 a call.
        most_rounds: usize,
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

/// What a proof of a run will be: known as soon as the run was executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofSize {
    /// Bytes of the proof.
    pub bytes: usize,
    /// Constraints over all chunks, without padding to powers of two.
    pub constraints: u64,
}

/// The size of the proof of a run.
///
/// # Errors
/// [`RunError`] if the run is too long to be proved, or wrote too much.
pub fn proof_size(
    image: &Image,
    program: &Program,
    trace: &Trace,
    sizes: ChunkSizes,
) -> Result<ProofSize, RunError> {
    let circuit = Circuit::get();
    let header = Header::of(program, trace, trace.outcome == 1, sizes)?;
    let steps = circuit.steps.iter().map(|step| &step.shape).zip(header.steps);
    let spread = header
        .has_precompiles()
        .then_some((&circuit.precompiles.spread.0, single(SPREAD_LOG)));
    let optional = circuit.precompiles.optional().into_iter().zip(header.precompiles);
    let advice = [(&circuit.advice.0, header.advice)];
    let open = steps
        .chain([(&circuit.scan, header.scan), (&circuit.table, single(TABLE_LOG))])
        .chain(spread)
        .chain(optional.chain(advice).filter(|(_, layout)| layout.chunks > 0))
        .map(|(shape, layout)| (shape, layout, false));
    let committed = (&circuit.image, single(image.rows_log.into()), true);
    let parts: Vec<_> = open.chain([committed]).collect();
    let body = proof_bytes(parts.iter().copied()).map_err(|_| ProveError::Bus("image"))?;
    Ok(ProofSize {
        bytes: header.encode().len() + body,
        constraints: constraints(parts.into_iter().map(|(shape, layout, _)| (shape, layout))),
    })
}

fn constraints<'a>(parts: impl Iterator<Item = (&'a Shape, Layout)>) -> u64 {
    parts
        .map(|(shape, layout)| ((shape.constraints() * layout.chunks) << layout.log_blocks) as u64)
        .sum()
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
    spread: Kept,
    spread_fixed: Vec<F>,
    precompiles: [Blocks<'a>; OPTIONAL],
    advice: Blocks<'a>,
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
        let precompiles = circuit.precompiles.witnesses(&trace.calls, header.precompiles);
        let advice = advice::blocks(trace, header.advice);
        for source in precompiles.iter().chain([&advice]) {
            (0..source.layout.chunks).for_each(|chunk| drop(source.fill(chunk, &lookups)));
        }
        let (spread, spread_counts) = &circuit.precompiles.spread;
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
            spread: Kept(lookups.spread_table(spread.columns(), *spread_counts)),
            spread_fixed: (0..1 << SPREAD_LOG)
                .flat_map(|i| spread_row(i).map(F::from))
                .collect(),
            precompiles,
            advice,
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
        if self.header.has_precompiles() {
            parts.push(Part {
                shape: &circuit.precompiles.spread.0,
                layout: single(SPREAD_LOG),
                trace: &self.spread,
                fixed: &self.spread_fixed,
                commitment: None,
            });
        }
        let optional = self.precompiles.iter().chain([&self.advice]);
        let present = optional.filter(|blocks| blocks.layout.chunks > 0);
        parts.extend(present.map(|blocks| Part {
            shape: blocks.shape,
            layout: blocks.layout,
            trace: blocks,
            fixed: &[],
            commitment: None,
        }));
        parts
    }
}

/// A run that is to be proved: what is claimed of it, and what shows it.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The claim.
    pub claim: &'a Claim<'a>,
    /// The program.
    pub program: &'a Program,
    /// What [`crate::machine::execute`] recorded.
    pub trace: &'a Trace,
    /// How it is cut.
    pub sizes: ChunkSizes,
}

impl<'a> Run<'a> {
    fn prepared(&self) -> Result<Prepared<'a>, RunError> {
        Prepared::new(self.claim, self.program, self.program, self.trace, self.sizes)
    }
}

/// Opens the journal of a prover's segment of a proof at `path` (0, if there is one prover): who was stopped goes on with it. See
/// [`Journal`].
///
/// # Errors
/// When the file cannot be read or written.
pub fn open_journal(
    path: &Path,
    key: &VerifyingKey,
    run: Run<'_>,
    segment: usize,
) -> std::io::Result<Journal> {
    let Run {
        claim, trace, sizes, ..
    } = run;
    let mut subject = claim.domain(key);
    // A claim does not say which advice it was made with.
    let words = advice::words(trace).iter();
    let words: Vec<u8> = words.flat_map(|word| word.value.to_le_bytes()).collect();
    subject.extend_from_slice(&keccak256(&words));
    subject.extend_from_slice(&[
        sizes.step as u8,
        sizes.scan as u8,
        sizes.segments as u8,
        segment as u8,
    ]);
    Journal::open(path, keccak256(&subject))
}

/// Proves a run. With more than one segment, the process behind `channels[i]` proves segment i + 1 by [`with_segment`].
///
/// # Errors
/// [`RunError`]: the run is too long, the setup is too small, the trace is not one of the program, another process failed, or the journal cannot be
/// written.
pub fn prove_run(
    setup: &Setup,
    key: &VerifyingKey,
    run: Run<'_>,
    channels: &mut [&mut dyn Channel],
    journal: &mut Journal,
    progress: Progress<'_>,
) -> Result<(Vec<u8>, ProofStats), RunError> {
    let prepared = run.prepared()?;
    let parts = prepared.parts(&run.claim.image);
    let (proof, compression) = prove(
        setup,
        &run.claim.domain(key),
        &parts,
        &prepared.entries,
        channels,
        journal,
        progress,
    )?;
    let stats = ProofStats {
        step_chunks: prepared.header.steps.iter().map(|layout| layout.chunks).sum(),
        scan_chunks: prepared.header.scan.chunks,
        constraints: constraints(parts.iter().map(|part| (part.shape, part.layout))),
        compression,
    };
    Ok(([prepared.header.encode(), proof.encode()].concat(), stats))
}

/// Lets `serve` answer for segment `number` of a run that another process proves by [`prove_run`].
///
/// # Errors
/// [`RunError`] as [`prove_run`].
pub fn with_segment<T>(
    setup: &Setup,
    run: Run<'_>,
    number: usize,
    journal: &mut Journal,
    serve: impl FnOnce(&mut Segment<'_>) -> T,
) -> Result<T, RunError> {
    let prepared = run.prepared()?;
    let parts = prepared.parts(&run.claim.image);
    Ok(serve(&mut Segment::new(setup, &parts, number, journal)?))
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
