//! Measures what proving runs costs on this machine.

use std::{
    fs,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use weft_folding::{Journal, Progress};
use weft_zkwasm::{
    Claim, Run, machine, machine::Trace, program::Program, prove_run, translate::translate, verify_run,
    verify_runs,
};

use crate::{execute::MAX_STEPS, image::image_for_run, keys::KeySource};

/// A program to measure with.
#[derive(Clone, Copy, Debug)]
pub struct BenchmarkProgram {
    /// Its name.
    pub name: &'static str,
    /// The module: does its work as often as the first word of the input says.
    pub wasm: &'static [u8],
}

/// The program with this name.
macro_rules! program {
    ($name:literal) => {
        BenchmarkProgram {
            name: $name,
            wasm: include_bytes!(concat!("../benchmarks/modules/", $name, ".wasm")),
        }
    };
}

/// The programs; their sources are in `benchmarks/programs`.
pub const PROGRAMS: [BenchmarkProgram; 5] = [
    program!("fib"),
    program!("sha256"),
    program!("index"),
    program!("sort"),
    program!("matrix"),
];

/// The same work by instructions and by a precompile.
#[derive(Clone, Copy, Debug)]
pub struct Comparison {
    /// What a round of both programs does.
    pub work: &'static str,
    /// By instructions.
    pub instructions: BenchmarkProgram,
    /// By a precompile.
    pub precompile: BenchmarkProgram,
}

/// What precompiles are compared with.
pub const PRECOMPILES: [Comparison; 5] = [
    Comparison {
        work: "keccak256 of 136 bytes",
        instructions: program!("keccak"),
        precompile: program!("keccak_precompile"),
    },
    Comparison {
        work: "SHA-256 of 64 bytes",
        instructions: program!("sha256"),
        precompile: program!("sha256_precompile"),
    },
    Comparison {
        work: "256-bit product modulo a prime",
        instructions: program!("multiply"),
        precompile: program!("multiply_precompile"),
    },
    Comparison {
        work: "Poseidon of two elements",
        instructions: program!("poseidon"),
        precompile: program!("poseidon_precompile"),
    },
    Comparison {
        work: "signer of a message on secp256k1",
        instructions: program!("recover"),
        precompile: program!("recover_precompile"),
    },
];

/// What a round costs one way.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// WebAssembly instructions.
    pub instructions: f64,
    /// Constraints, blocks included that only fill up chunks.
    pub constraints: f64,
    /// Seconds.
    pub proving: f64,
}

/// Times as many rounds of the precompile as of instructions: it is that much cheaper, about.
const MORE_ROUNDS: u64 = 16;

impl Comparison {
    /// What a round costs by instructions and by the precompile, from proofs of about `instructions` instructions and of sixteen times as
    /// many rounds, both with their fixed costs.
    ///
    /// # Errors
    /// As [`measure`].
    pub fn measure(
        self,
        instructions: u64,
        source: &KeySource,
        progress: Progress<'_>,
    ) -> Result<[Round; 2]> {
        let rounds = rounds(&translate(self.instructions.wasm)?, instructions)?;
        let by = |program, rounds: u64| -> Result<Round> {
            let measured = measure_rounds(program, rounds, source, progress)?;
            Ok(Round {
                instructions: measured.instructions as f64 / rounds as f64,
                constraints: measured.constraints as f64 / rounds as f64,
                proving: measured.proving.as_secs_f64() / rounds as f64,
            })
        };
        Ok([
            by(self.instructions, rounds)?,
            by(self.precompile, MORE_ROUNDS * rounds)?,
        ])
    }
}

/// How many proofs are verified as a batch.
const BATCH: usize = 16;

/// How often a proof is verified alone: the median counts.
const REPETITIONS: usize = 5;

/// What a run of a program cost.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The program.
    pub program: &'static str,
    /// WebAssembly instructions executed.
    pub instructions: u64,
    /// Steps of the proved machine.
    pub steps: u64,
    /// Chunks of steps.
    pub chunks: usize,
    /// From the module and its input to the proof: execution, witnesses, commitments, folds, final proof. Keys are there
    /// already, and so is the image.
    pub proving: Duration,
    /// Constraints, without padding.
    pub constraints: u64,
    /// The most memory that the process had, in bytes; 0 where the system does not tell.
    pub peak_memory: u64,
    /// Bytes of the proof.
    pub proof: usize,
    /// The final proof: what comes after folding.
    pub compression: Duration,
    /// Verification on one thread, as a node does it.
    pub verification: Duration,
    /// Verification of a batch of 16 on all threads, per proof.
    pub batched: Duration,
}

impl Measured {
    /// WebAssembly instructions proved in a second.
    pub fn instructions_per_second(&self) -> f64 {
        self.instructions as f64 / self.proving.as_secs_f64()
    }

    /// Constraints for each WebAssembly instruction.
    pub fn constraints_per_instruction(&self) -> f64 {
        self.constraints as f64 / self.instructions as f64
    }

    /// The figures by their names.
    pub fn json(&self) -> Value {
        let mut figures = figures(std::slice::from_ref(self));
        figures["program"] = self.program.into();
        figures["instructions"] = self.instructions.into();
        figures["steps"] = self.steps.into();
        figures["chunks"] = self.chunks.into();
        figures["seconds"] = round(self.proving.as_secs_f64(), 3).into();
        figures
    }
}

fn round(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

/// The figures of all measurements together: all instructions by all the time, the mean of the constraints, and of everything else
/// the largest.
pub fn figures(measured: &[Measured]) -> Value {
    let instructions: u64 = measured.iter().map(|one| one.instructions).sum();
    let seconds: f64 = measured.iter().map(|one| one.proving.as_secs_f64()).sum();
    let constraints: f64 = measured.iter().map(Measured::constraints_per_instruction).sum();
    let longest = |time: fn(&Measured) -> Duration| {
        let longest = measured.iter().map(time).max().unwrap_or_default();
        longest.as_secs_f64()
    };
    json!({
        "instructions_per_second": round(instructions as f64 / seconds, 1),
        "constraints_per_instruction": round(constraints / measured.len().max(1) as f64, 2),
        "peak_memory_bytes": measured.iter().map(|one| one.peak_memory).max(),
        "proof_bytes": measured.iter().map(|one| one.proof).max(),
        "compress_seconds": round(longest(|one| one.compression), 3),
        "verify_ms": round(longest(|one| one.verification) * 1e3, 2),
        "verify_batched_ms": round(longest(|one| one.batched) * 1e3, 2),
    })
}

/// Proves a run of about `instructions` WebAssembly instructions and verifies the proof.
///
/// # Errors
/// When there are too many instructions for the largest proof, or keys cannot be made.
pub fn measure(
    program: BenchmarkProgram,
    instructions: u64,
    source: &KeySource,
    progress: Progress<'_>,
) -> Result<Measured> {
    let rounds = rounds(&translate(program.wasm)?, instructions)?;
    measure_rounds(program, rounds, source, progress)
}

/// The same for a number of rounds.
fn measure_rounds(
    program: BenchmarkProgram,
    rounds: u64,
    source: &KeySource,
    progress: Progress<'_>,
) -> Result<Measured> {
    let translated = translate(program.wasm)?;
    let input = rounds.to_le_bytes();
    let trace = run(&translated, rounds)?;
    let steps = trace.steps.len();
    let (imaged, sizes) = image_for_run(program.wasm, source, &trace)?;
    drop(trace);
    let (setup, key) = (&imaged.keys.setup, &imaged.keys.key);

    forget_peak_memory();
    let start = Instant::now();
    let translated = translate(program.wasm)?;
    let trace = run(&translated, rounds)?;
    let output: Vec<u8> = trace.output.iter().flat_map(|word| word.to_le_bytes()).collect();
    let claim = Claim {
        statement: [0; 32],
        image: imaged.image,
        input: &input,
        output: &output,
        trapped: false,
        steps: steps as u64,
        advised: false,
    };
    let (proof, stats) = prove_run(
        setup,
        key,
        Run {
            claim: &claim,
            program: &translated,
            trace: &trace,
            sizes,
        },
        &mut [],
        &mut Journal::none(),
        progress,
    )?;
    let proving = start.elapsed();
    let peak_memory = peak_memory().unwrap_or_default();

    let alone = rayon_core::ThreadPoolBuilder::new().num_threads(1).build()?;
    let mut times = Vec::new();
    for _ in 0..REPETITIONS {
        let start = Instant::now();
        alone.install(|| verify_run(key, &claim, &proof))?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let batch = vec![(claim, &proof[..]); BATCH];
    let start = Instant::now();
    let verdicts = verify_runs(key, &batch);
    let batched = start.elapsed() / BATCH as u32;
    verdicts.into_iter().collect::<Result<(), _>>()?;
    Ok(Measured {
        program: program.name,
        instructions: trace.completed,
        steps: steps as u64,
        chunks: stats.step_chunks,
        proving,
        constraints: stats.constraints,
        peak_memory,
        proof: proof.len(),
        compression: stats.compression,
        verification: times[REPETITIONS / 2],
        batched,
    })
}

fn run(program: &Program, rounds: u64) -> Result<Trace> {
    let trace = machine::execute(program, &rounds.to_le_bytes(), MAX_STEPS)
        .map_err(|error| anyhow!("{error}; ask for fewer with --instructions"))?;
    anyhow::ensure!(trace.outcome == 0, "the benchmark program trapped");
    Ok(trace)
}

/// How many rounds take about this many instructions.
fn rounds(program: &Program, instructions: u64) -> Result<u64> {
    // Compilers unroll loops: only many rounds tell what one costs. Where one is all, that need not be known.
    let one = run(program, 1)?.completed;
    if one >= instructions {
        return Ok(1);
    }
    let many = run(program, 65)?.completed;
    let each = (many - one) / 64;
    Ok(1 + instructions.saturating_sub(one).div_ceil(each.max(1)))
}

/// Makes [`peak_memory`] start anew, where the system can.
fn forget_peak_memory() {
    // Without it the figure is that of the whole process, which is not less.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The most memory that this process had, in bytes.
fn peak_memory() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next());
    Ok(1024 * kibibytes.context("no peak memory")?.parse::<u64>()?)
}
