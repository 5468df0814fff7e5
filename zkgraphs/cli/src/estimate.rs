//! What proving a run will take, before it is proved.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context, Result};
use weft_zkwasm::{
    ChunkSizes,
    machine::{Access, Trace},
    proof_size,
};

use crate::{
    bench::{PROGRAMS, measure},
    execute::Execution,
    image::image_for_run,
    keys::KeySource,
};

/// What a proof will take.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// Bytes of the proof: exact.
    pub proof: usize,
    /// Time to make it on this machine, as it is now.
    pub time: Duration,
    /// Memory that the prover will have at its peak, in bytes.
    pub memory: u64,
}

/// Sizes of the two runs that this machine's speed is taken from, in WebAssembly instructions.
const SMALL: u64 = 10_000;
const LARGE: u64 = 60_000;

/// Bytes that a step takes in a trace.
const STEP_BYTES: u64 = 208;
/// Bytes of a number of the field, and of a power of tau.
const ELEMENT: u64 = 32;
const POWER: u64 = 64;

impl Estimate {
    /// What proving this run of `wasm` will take: measures this machine with two short runs, which takes seconds, and extrapolates by constraints.
    ///
    /// # Errors
    /// When the run cannot be proved, or keys cannot be made.
    pub fn of(wasm: &[u8], execution: &Execution, source: &KeySource) -> Result<Self> {
        let (imaged, sizes) = image_for_run(wasm, source, &execution.trace)?;
        let proof = proof_size(&imaged.image, &execution.program, &execution.trace, sizes)?;
        let index = PROGRAMS
            .into_iter()
            .find(|program| program.name == "index")
            .context("no program to measure with")?;
        let small = measure(index, SMALL, source, &|_, _| ())?;
        let large = measure(index, LARGE, source, &|_, _| ())?;
        let each = (large.proving.as_secs_f64() - small.proving.as_secs_f64()).max(0.0)
            / (large.constraints - small.constraints).max(1) as f64;
        let more = each * (proof.constraints as f64 - small.constraints as f64);
        let seconds = (small.proving.as_secs_f64() + more).max(0.0);
        Ok(Self {
            proof: proof.bytes,
            time: Duration::from_secs_f64(seconds),
            memory: memory(&execution.trace, sizes),
        })
    }
}

/// The trace, the keys, and what the last shape is folded in while the others wait for their openings.
fn memory(trace: &Trace, sizes: ChunkSizes) -> u64 {
    let called: BTreeSet<_> = trace.calls.iter().map(|call| call.precompile).collect();
    // Four classes of steps; words and each precompile, if there are any.
    let shapes = 4 + called.len() as u64 + u64::from(!called.is_empty());
    let words: usize = trace.calls.iter().map(|call| call.words.len()).sum();
    let traced = trace.steps.len() as u64 * STEP_BYTES + (words * size_of::<Access>()) as u64;
    let rows = 1 << (sizes.step + 7);
    let (folding, waiting) = (14 * rows * ELEMENT, 3 * shapes * rows * ELEMENT);
    traced + (POWER << sizes.log_powers()) + folding + waiting
}
