//! What proving a run will take, before it is proved.

use std::time::Duration;

use anyhow::{Context, Result};
use weft_zkwasm::{ChunkSizes, proof_size};

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
    /// What proving this run of `wasm` will take: measures this machine with two short runs, which takes seconds, and extrapolates by steps.
    ///
    /// # Errors
    /// When the run cannot be proved, or keys cannot be made.
    pub fn of(wasm: &[u8], execution: &Execution, source: &KeySource) -> Result<Self> {
        let steps = execution.trace.steps.len();
        let (imaged, sizes) = image_for_run(wasm, source, steps)?;
        let proof = proof_size(&imaged.image, &execution.program, &execution.trace, sizes)?;
        let index = PROGRAMS
            .into_iter()
            .find(|program| program.name == "index")
            .context("no program to measure with")?;
        let small = measure(index, SMALL, source, &|_, _| ())?;
        let large = measure(index, LARGE, source, &|_, _| ())?;
        let each = (large.proving.as_secs_f64() - small.proving.as_secs_f64()).max(0.0)
            / (large.steps - small.steps).max(1) as f64;
        let more = each * (steps as f64 - small.steps as f64);
        let seconds = (small.proving.as_secs_f64() + more).max(0.0);
        Ok(Self {
            proof,
            time: Duration::from_secs_f64(seconds),
            memory: memory(steps as u64, sizes),
        })
    }
}

/// The trace, the keys, and what the last class of steps is folded in while the others wait for their openings.
fn memory(steps: u64, sizes: ChunkSizes) -> u64 {
    let rows = 1 << (sizes.step + 7);
    let folding = 14 * rows * ELEMENT;
    let waiting = 4 * 3 * rows * ELEMENT;
    steps * STEP_BYTES + (POWER << sizes.log_powers()) + folding + waiting
}
