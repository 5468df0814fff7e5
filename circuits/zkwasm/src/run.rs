//! Proving and verifying runs.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use ff::Field;
use rayon::prelude::*;
use weft_folding::{
    F, Fixed, Journal, Layout, Part, Progress, ProveError, PublicEntry, Setup, VerifierPart, check,
    keccak256, proof_bytes, prove, verify,
};

use crate::{
    bus::public_entries,
    image::{Image, ImageError, fixed_segment},
    key::{Circuit, VerifyingKey},
    machine::Trace,
    program::Program,
    step::Class,
    tables::{TABLE_LOG, evaluate_table, table_row},
    witness::{Kept, Lookups, ScanSource, StepSource},
};

/// Largest input and output, in bytes.
pub const MAX_PUBLIC_BYTES: usize = 64 * 1024;
/// Bounds of a chunk's blocks (binary logarithm), for the STEP shapes and SCAN.
const LOG_BLOCKS: std::ops::RangeInclusive<usize> = 4..=13;
/// Most chunks of a STEP shape.
const MAX_STEP_CHUNKS: usize = 1 << 12;
const MAX_SCAN_CHUNKS: usize = 1 << 10;
/// Most steps of a run: more would let times wrap around.
const MAX_STEPS: u64 = 1 << 24;

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
}

impl Claim<'_> {
    fn digest(&self) -> [u8; 32] {
        let mut bytes = self.statement.to_vec();
        bytes.extend_from_slice(&self.image.encode());
        bytes.extend_from_slice(&keccak256(self.input));
        bytes.extend_from_slice(&keccak256(self.output));
        bytes.push(self.trapped.into());
        bytes.extend_from_slice(&self.steps.to_le_bytes());
        keccak256(&bytes)
    }

    fn domain(&self, key: &VerifyingKey) -> Vec<u8> {
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

/// The head of a proof: sizes, and what a trapped run wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Header {
    /// By class.
    steps: [Layout; 4],
    scan: Layout,
    /// Output words of a trapped run: part of the witness, not of the claim.
    discarded: Vec<u64>,
}

/// Logarithm and number of chunks of five shapes, number of words.
const HEADER_BYTES: usize = 5 * 3 + 2;

/// How many steps of a run are in each class.
fn class_sizes(program: &Program, trace: &Trace) -> [usize; 4] {
    let mut sizes = [0; 4];
    for step in &trace.steps {
        if let Some(instruction) = program.code.get(step.pc as usize) {
            sizes[Class::of(instruction) as usize] += 1;
        }
    }
    sizes
}

impl Header {
    /// The header of a run's proof.
    fn of(program: &Program, trace: &Trace, trapped: bool, sizes: ChunkSizes) -> Result<Self, RunError> {
        // A single chunk is as small as it can be.
        let layout = |log_blocks: usize, blocks: usize| Layout {
            log_blocks: log_blocks
                .min((blocks.max(1).next_power_of_two().ilog2() as usize).max(*LOG_BLOCKS.start())),
            chunks: blocks.div_ceil(1 << log_blocks).max(1),
        };
        if !LOG_BLOCKS.contains(&sizes.step) || !LOG_BLOCKS.contains(&sizes.scan) {
            return Err(RunError::ChunkSizes(sizes));
        }
        let header = Self {
            steps: class_sizes(program, trace).map(|steps| layout(sizes.step, steps)),
            scan: layout(sizes.scan, trace.cells.len() + 1),
            discarded: if trapped { trace.output.clone() } else { Vec::new() },
        };
        let too_many = header.steps.iter().any(|layout| layout.chunks > MAX_STEP_CHUNKS)
            || header.scan.chunks > MAX_SCAN_CHUNKS
            || trace.steps.len() as u64 > MAX_STEPS;
        if too_many {
            return Err(RunError::TooLong {
                steps: trace.steps.len(),
                most: (MAX_STEP_CHUNKS << sizes.step).min(MAX_STEPS as usize),
            });
        }
        if trace.output.len() > MAX_PUBLIC_BYTES / 8 {
            return Err(RunError::Output(trace.output.len()));
        }
        Ok(header)
    }

    /// Layouts with the most chunks that they may have.
    fn layouts(&self) -> impl Iterator<Item = (Layout, usize)> + '_ {
        let steps = self.steps.iter().map(|&layout| (layout, MAX_STEP_CHUNKS));
        steps.chain([(self.scan, MAX_SCAN_CHUNKS)])
    }

    /// Steps that there is room for.
    fn room(&self) -> u64 {
        let room: u64 = self
            .steps
            .iter()
            .map(|layout| (layout.chunks as u64) << layout.log_blocks)
            .sum();
        room.min(MAX_STEPS)
    }

    /// Wire form: the binary logarithms of the chunks' sizes (a byte each, in the order of the shapes), their numbers and the
    /// number of words (two bytes each, little-endian), the words.
    fn encode(&self) -> Vec<u8> {
        let mut out: Vec<u8> = self
            .layouts()
            .map(|(layout, _)| layout.log_blocks as u8)
            .collect();
        for (layout, _) in self.layouts() {
            out.extend_from_slice(&(layout.chunks as u16).to_le_bytes());
        }
        out.extend_from_slice(&(self.discarded.len() as u16).to_le_bytes());
        self.discarded
            .iter()
            .for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
        out
    }

    /// Reads and bounds the header; the rest of the proof follows.
    fn decode(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (head, rest) = bytes.split_first_chunk::<HEADER_BYTES>()?;
        let number = |at: usize| usize::from(u16::from_le_bytes([head[at], head[at + 1]]));
        let layout = |shape: usize| Layout {
            log_blocks: head[shape].into(),
            chunks: number(5 + 2 * shape),
        };
        let words = number(HEADER_BYTES - 2);
        let mut header = Self {
            steps: std::array::from_fn(layout),
            scan: layout(4),
            discarded: Vec::new(),
        };
        let in_bounds = words <= MAX_PUBLIC_BYTES / 8
            && header.layouts().all(|(layout, most)| {
                LOG_BLOCKS.contains(&layout.log_blocks) && (1..=most).contains(&layout.chunks)
            });
        let (discarded, rest) = in_bounds.then(|| rest.split_at_checked(8 * words)).flatten()?;
        header.discarded = words_of(discarded);
        Some((header, rest))
    }
}

fn words_of(bytes: &[u8]) -> Vec<u64> {
    let (words, _) = bytes.as_chunks();
    words.iter().map(|word| u64::from_le_bytes(*word)).collect()
}

/// The layout of a shape with one chunk.
fn single(log_blocks: usize) -> Layout {
    Layout {
        log_blocks,
        chunks: 1,
    }
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
        return Err(VerifyError::Claim(
            "more steps than the proof has room for, or none",
        ));
    }
    // Every chunk of steps but the last of its class is full, or the proof asks for more work than the claim is worth.
    let idle = |layout: &Layout| ((layout.chunks as u64 - 1) << layout.log_blocks) >= claim.steps;
    if header.steps.iter().any(idle) {
        return Err(VerifyError::Header);
    }
    if !crate::image::ROWS_LOG.contains(&usize::from(claim.image.rows_log)) {
        return Err(VerifyError::Claim("the image has too many rows, or too few"));
    }
    if claim.trapped && !claim.output.is_empty() {
        return Err(VerifyError::Claim("a trapped run has no output"));
    }
    if !claim.trapped && !header.discarded.is_empty() {
        return Err(VerifyError::Header);
    }
    let commitment = claim
        .image
        .point()
        .ok_or(VerifyError::Claim("the image is not a commitment"))?;
    let output = if claim.trapped {
        header.discarded
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
    Ok(verify(&key.setup, &claim.domain(key), &parts, &entries, rest)?)
}

/// Verifies many proofs under one key, on all threads. The verdicts are in the order of the proofs.
pub fn verify_runs(key: &VerifyingKey, proofs: &[(Claim<'_>, &[u8])]) -> Vec<Result<(), VerifyError>> {
    proofs
        .par_iter()
        .map(|(claim, proof)| verify_run(key, claim, proof))
        .collect()
}

/// How large chunks are made, binary logarithms of their numbers of blocks. Larger chunks make smaller proofs and need
/// more memory and more powers of tau.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkSizes {
    /// Steps of one class a chunk, if they need more than one; a step has 2^7 constraints with padding.
    pub step: usize,
    /// Cells a chunk; a cell has 2^5 constraints.
    pub scan: usize,
}

impl Default for ChunkSizes {
    /// Fits 2^17 powers of tau.
    fn default() -> Self {
        Self { step: 10, scan: 11 }
    }
}

/// Chunks that a run is cut into if there are powers of tau enough: their commitments make the proof longer by 128 bytes each.
const WANTED_CHUNKS: usize = 128;

impl ChunkSizes {
    /// For a run of `steps` steps, with `2^log_powers` powers of tau: the smallest chunks, which need the least memory, unless
    /// there would be more than 128 of them.
    pub fn for_run(steps: usize, log_powers: usize) -> Self {
        let smallest = Self::default();
        let largest = log_powers
            .saturating_sub(STEP_ROWS_LOG)
            .clamp(*LOG_BLOCKS.start(), *LOG_BLOCKS.end());
        let wanted = steps.div_ceil(WANTED_CHUNKS).next_power_of_two().ilog2() as usize;
        Self {
            step: wanted.clamp(smallest.step.min(largest), largest),
            scan: smallest.scan,
        }
    }

    /// Binary logarithm of the powers of tau that the STEP and TABLE shapes need.
    pub fn log_powers(self) -> usize {
        (self.step + STEP_ROWS_LOG).max(TABLE_LOG + 1)
    }
}

/// Binary logarithm of the constraints of a STEP block, with padding.
const STEP_ROWS_LOG: usize = 7;

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
