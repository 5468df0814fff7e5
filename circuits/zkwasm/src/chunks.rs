//! How a run is cut into chunks, and how a proof's head says so.

use std::ops::RangeInclusive;

use weft_folding::{Layout, shape::Shape};

use crate::{
    advice,
    key::Circuit,
    machine::Trace,
    precompiles::{self, OPTIONAL},
    program::Program,
    prove::RunError,
    step::Class,
    tables::TABLE_LOG,
    verify::MAX_PUBLIC_BYTES,
};

/// Bounds of a chunk's blocks (binary logarithm), for the STEP shapes and SCAN.
const LOG_BLOCKS: RangeInclusive<usize> = 4..=13;
/// Numbers of segments.
const SEGMENTS: RangeInclusive<usize> = 1..=64;
/// Most chunks of a STEP shape.
const MAX_STEP_CHUNKS: usize = 1 << 12;
/// Most chunks of WORDS and of the shape of a precompile.
const MAX_PRECOMPILE_CHUNKS: usize = 1 << 12;
/// Most chunks of ADVICE.
const MAX_ADVICE_CHUNKS: usize = 1 << 10;
/// Most chunks of SCAN.
const MAX_SCAN_CHUNKS: usize = 1 << 10;
/// Most steps of a run: more would let times wrap around.
const MAX_STEPS: u64 = 1 << 24;

/// How a run is cut: how large chunks are made, as binary logarithms of their numbers of blocks, and how many processes fold them. Larger chunks make smaller proofs and need
/// more memory and more powers of tau.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkSizes {
    /// Steps of one class a chunk, if they need more than one; a step has 2^7 constraints with padding.
    pub step: usize,
    /// Cells a chunk; a cell has 2^5 constraints.
    pub scan: usize,
    /// Not a logarithm: into how many segments the chunks of a shape are split, each folded by a process of its own; 1 to 64.
    pub segments: usize,
}

impl Default for ChunkSizes {
    /// Fits 2^17 powers of tau.
    fn default() -> Self {
        Self {
            step: 10,
            scan: 11,
            segments: 1,
        }
    }
}

/// Chunks that a run is cut into if there are powers of tau enough: their commitments make the proof longer by 128 bytes each.
const WANTED_CHUNKS: usize = 128;

impl ChunkSizes {
    /// For a run with `2^log_powers` powers of tau: the smallest chunks, which need the least memory, unless there would be more
    /// than 128 of them.
    pub fn for_run(trace: &Trace, log_powers: usize) -> Self {
        let smallest = Self::default();
        let largest = log_powers
            .saturating_sub(STEP_ROWS_LOG)
            .clamp(*LOG_BLOCKS.start(), *LOG_BLOCKS.end());
        let first = smallest.step.min(largest);
        let cells = trace.cells.len() + 1;
        let largest_scan = log_powers.saturating_sub(SCAN_ROWS_LOG);
        let scan = (smallest.scan..largest_scan).find(|scan| cells <= WANTED_CHUNKS << scan);
        let scan = scan.unwrap_or(largest_scan.clamp(*LOG_BLOCKS.start(), *LOG_BLOCKS.end()));
        let smallest = Self { scan, ..smallest };
        let sizes = (first..=largest).map(|step| Self { step, ..smallest });
        let mut few = sizes.filter(|sizes| sizes.chunks(trace) <= WANTED_CHUNKS);
        few.next().unwrap_or(Self {
            step: largest,
            ..smallest
        })
    }

    fn layout(self, log_blocks: usize, chunks: usize) -> Layout {
        layout(log_blocks, chunks, self.segments)
    }

    /// How many chunks of steps and precompiles a run makes, about: classes of steps are not told apart.
    fn chunks(self, trace: &Trace) -> usize {
        let shapes = Circuit::get().precompiles.optional().into_iter();
        let precompiles = shapes
            .zip(precompiles::blocks(&trace.calls))
            .chain([(&Circuit::get().advice.0, advice::words(trace).len())])
            .map(|(shape, blocks)| optional_layout(shape, self, blocks).chunks);
        trace.steps.len().div_ceil(1 << self.step) + precompiles.sum::<usize>()
    }

    /// Binary logarithm of the powers of tau that the STEP and TABLE shapes need.
    pub fn log_powers(self) -> usize {
        (self.step + STEP_ROWS_LOG).max(TABLE_LOG + 1)
    }
}

/// Binary logarithm of the constraints of a SCAN block, with padding.
const SCAN_ROWS_LOG: usize = 5;
/// Binary logarithm of the constraints of a STEP block, with padding.
const STEP_ROWS_LOG: usize = 7;

/// The head of a proof: sizes, and what a trapped run wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// By class.
    pub(crate) steps: [Layout; 4],
    pub(crate) scan: Layout,
    /// WORDS and the shapes of the precompiles: no chunks if there are none in the proof.
    pub(crate) precompiles: [Layout; OPTIONAL],
    /// Advice: no chunks if the run reads none.
    pub(crate) advice: Layout,
    /// The most segments that a shape has.
    pub(crate) segments: usize,
    /// Output words of a trapped run: part of the witness, not of the claim.
    pub(crate) discarded: Vec<u64>,
}

/// Shapes whose sizes are in the head.
const SIZED: usize = 5 + OPTIONAL + 1;
/// Logarithm and number of chunks of these shapes, number of segments, number of words.
const HEADER_BYTES: usize = SIZED * 3 + 1 + 2;

/// Binary logarithm of the fewest blocks of a chunk that is folded: as large as the smallest chunk of steps.
fn smallest_folded(shape: &Shape) -> usize {
    (LOG_BLOCKS.start() + STEP_ROWS_LOG).saturating_sub(shape.log_size())
}

/// The layout of a shape that a proof need not have: chunks as large as those of steps, or one as small as it can be.
fn optional_layout(shape: &Shape, sizes: ChunkSizes, blocks: usize) -> Layout {
    if blocks == 0 {
        return sizes.layout(0, 0);
    }
    let largest = (sizes.step + STEP_ROWS_LOG).saturating_sub(shape.log_size());
    let log_blocks = largest
        .min(blocks.next_power_of_two().ilog2() as usize)
        .min(*LOG_BLOCKS.end());
    sizes.layout(log_blocks, blocks.div_ceil(1 << log_blocks))
}

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
    pub(crate) fn of(
        program: &Program,
        trace: &Trace,
        trapped: bool,
        sizes: ChunkSizes,
    ) -> Result<Self, RunError> {
        // A single chunk is as small as it can be.
        let layout = |log_blocks: usize, blocks: usize| {
            sizes.layout(
                log_blocks.min((blocks.max(1).next_power_of_two().ilog2() as usize).max(*LOG_BLOCKS.start())),
                blocks.div_ceil(1 << log_blocks).max(1),
            )
        };
        let in_bounds = LOG_BLOCKS.contains(&sizes.step) && LOG_BLOCKS.contains(&sizes.scan);
        if !in_bounds || !SEGMENTS.contains(&sizes.segments) {
            return Err(RunError::ChunkSizes(sizes));
        }
        let blocks = precompiles::blocks(&trace.calls);
        let shapes = Circuit::get().precompiles.optional();
        let mut header = Self {
            steps: class_sizes(program, trace).map(|steps| layout(sizes.step, steps)),
            scan: layout(sizes.scan, trace.cells.len() + 1),
            precompiles: std::array::from_fn(|i| optional_layout(shapes[i], sizes, blocks[i])),
            advice: optional_layout(&Circuit::get().advice.0, sizes, advice::words(trace).len()),
            segments: sizes.segments,
            discarded: if trapped { trace.output.clone() } else { Vec::new() },
        };
        header.segments = header.most_segments();
        let too_many = header
            .layouts()
            .any(|(layout, chunks)| layout.chunks > *chunks.end())
            || trace.steps.len() as u64 > MAX_STEPS;
        if too_many {
            return Err(RunError::TooLong {
                steps: trace.steps.len(),
                calls: trace.calls.len(),
                most_steps: (MAX_STEP_CHUNKS << sizes.step).min(MAX_STEPS as usize),
                most_words: MAX_PRECOMPILE_CHUNKS << header.precompiles[0].log_blocks,
                most_rounds: MAX_PRECOMPILE_CHUNKS << header.precompiles[1].log_blocks,
            });
        }
        if trace.output.len() > MAX_PUBLIC_BYTES / 8 {
            return Err(RunError::Output(trace.output.len()));
        }
        Ok(header)
    }

    /// Layouts with the chunks that they may have.
    fn layouts(&self) -> impl Iterator<Item = (Layout, RangeInclusive<usize>)> + '_ {
        let steps = self.steps.iter().map(|&layout| (layout, 1..=MAX_STEP_CHUNKS));
        let precompiles = self.precompiles.iter();
        steps
            .chain([(self.scan, 1..=MAX_SCAN_CHUNKS)])
            .chain(precompiles.map(|&layout| (layout, 0..=MAX_PRECOMPILE_CHUNKS)))
            .chain([(self.advice, 0..=MAX_ADVICE_CHUNKS)])
    }

    fn most_segments(&self) -> usize {
        let segments = self.layouts().map(|(layout, _)| layout.segments);
        segments.max().unwrap_or(1)
    }

    /// Whether there are precompiles in the proof, and the table of spread numbers with them.
    pub(crate) fn has_precompiles(&self) -> bool {
        self.precompiles[0].chunks > 0
    }

    /// Whether the proof asks for no more work than a claim of `steps` steps is worth: but for the last, chunks are full.
    pub(crate) fn is_worth(&self, steps: u64) -> bool {
        let full = |layout: &Layout| (layout.chunks.saturating_sub(1) as u64) << layout.log_blocks;
        let each = precompiles::most_blocks().map(|blocks| blocks as u64);
        // A step reads at most one word of advice.
        self.steps
            .iter()
            .chain([&self.advice])
            .all(|layout| full(layout) < steps)
            && self
                .precompiles
                .iter()
                .zip(each)
                .all(|(layout, each)| full(layout) < each * steps)
    }

    /// Steps that there is room for.
    pub(crate) fn room(&self) -> u64 {
        let room: u64 = self
            .steps
            .iter()
            .map(|layout| (layout.chunks as u64) << layout.log_blocks)
            .sum();
        room.min(MAX_STEPS)
    }

    /// Wire form: the binary logarithms of the chunks' sizes (a byte each, in the order of the shapes), their numbers (two bytes each,
    /// little-endian), the number of segments (a byte), that of words (two bytes), the words.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out: Vec<u8> = self
            .layouts()
            .map(|(layout, _)| layout.log_blocks as u8)
            .collect();
        for (layout, _) in self.layouts() {
            out.extend_from_slice(&(layout.chunks as u16).to_le_bytes());
        }
        out.push(self.segments as u8);
        out.extend_from_slice(&(self.discarded.len() as u16).to_le_bytes());
        self.discarded
            .iter()
            .for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
        out
    }

    /// Reads and bounds the header; the rest of the proof follows.
    pub(crate) fn decode(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (head, rest) = bytes.split_first_chunk::<HEADER_BYTES>()?;
        let number = |at: usize| usize::from(u16::from_le_bytes([head[at], head[at + 1]]));
        let segments = usize::from(head[HEADER_BYTES - 3]);
        let layout = |shape: usize| layout(head[shape].into(), number(SIZED + 2 * shape), segments);
        let words = number(HEADER_BYTES - 2);
        let mut header = Self {
            steps: std::array::from_fn(layout),
            scan: layout(4),
            precompiles: std::array::from_fn(|i| layout(5 + i)),
            advice: layout(5 + OPTIONAL),
            segments,
            discarded: Vec::new(),
        };
        let circuit = Circuit::get();
        let precompiles = circuit.precompiles.optional().into_iter().zip(header.precompiles);
        let precompiles = precompiles.map(|(shape, layout)| (shape, layout, header.has_precompiles()));
        let mut optional = precompiles.chain([(&circuit.advice.0, header.advice, true)]);
        let in_bounds = words <= MAX_PUBLIC_BYTES / 8
            && segments == header.most_segments()
            && SEGMENTS.contains(&segments)
            && header
                .layouts()
                .all(|(layout, chunks)| chunks.contains(&layout.chunks))
            && header
                .layouts()
                .take(5)
                .all(|(layout, _)| LOG_BLOCKS.contains(&layout.log_blocks))
            && optional.all(|(shape, layout, is_possible)| match layout.chunks {
                0 => layout.log_blocks == 0,
                1 => is_possible && layout.log_blocks <= *LOG_BLOCKS.end(),
                // As small as steps can be in chunks that are folded.
                _ => {
                    is_possible
                        && smallest_folded(shape) <= layout.log_blocks
                        && layout.log_blocks <= *LOG_BLOCKS.end()
                }
            });
        let (discarded, rest) = in_bounds.then(|| rest.split_at_checked(8 * words)).flatten()?;
        header.discarded = words_of(discarded);
        Some((header, rest))
    }
}

pub(crate) fn words_of(bytes: &[u8]) -> Vec<u64> {
    let (words, _) = bytes.as_chunks();
    words.iter().map(|word| u64::from_le_bytes(*word)).collect()
}

/// The layout of a shape with one chunk.
pub(crate) fn single(log_blocks: usize) -> Layout {
    layout(log_blocks, 1, 1)
}

/// A layout with as many segments as are wanted, and no more than there are chunks.
pub(crate) fn layout(log_blocks: usize, chunks: usize, segments: usize) -> Layout {
    Layout {
        log_blocks,
        chunks,
        segments: segments.min(chunks),
    }
}
