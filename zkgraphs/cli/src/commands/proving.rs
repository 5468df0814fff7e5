//! `weft prove` and `weft verify`.

use std::{path::PathBuf, time::Instant};

use anyhow::Result;
use weft_primitives::{keccak256, output};

use super::{KeyArguments, WasmArguments};
use crate::{
    estimate::Estimate,
    execute::{MAX_STEPS, execute_advised},
    image::image,
    input_file::{parse_hex, shown},
    keys::{KeySource, WARNING},
    manifest_file::parse_hash,
    proof::{ProofFile, Proving, ensure_provable},
    report::{Report, grouped, progress_bar, spinner},
    sources::{InputArguments, RunInput},
};

/// Run the program on an input and prove the run. A proof that was interrupted goes on where it was, if nothing changed.
#[derive(Clone, Debug, clap::Args)]
pub struct ProveArguments {
    #[command(flatten)]
    wasm: WasmArguments,
    #[command(flatten)]
    keys: KeyArguments,
    #[command(flatten)]
    input: InputArguments,
    /// Digest of a statement to tie the proof to.
    #[arg(long, value_name = "DIGEST")]
    statement: Option<String>,
    /// Prove with so many processes, each of which folds a segment of the chunks. For several on one machine there is little to
    /// gain: one uses all cores.
    #[arg(long, value_name = "N", default_value_t = 1)]
    processes: usize,
    /// Be the process of this segment: answer what the standard input asks. `weft prove --processes` starts such processes.
    #[arg(long, value_name = "SEGMENT", hide = true)]
    segment: Option<usize>,
    /// Prove nothing: say what time, memory and bytes the proof would take.
    #[arg(long)]
    dry_run: bool,
    /// Where the proof goes; beside the program (NAME.proof.json) if left out.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Verify a proof of a run: recomputes the program's image and the input's digest.
#[derive(Clone, Debug, clap::Args)]
pub struct VerifyArguments {
    #[command(flatten)]
    wasm: WasmArguments,
    #[command(flatten)]
    keys: KeyArguments,
    #[command(flatten)]
    input: InputArguments,
    /// The proof; beside the program (NAME.proof.json) if left out.
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
}

/// Runs `weft prove`.
///
/// # Errors
/// When the run cannot be proved.
pub fn run_prove(arguments: &ProveArguments) -> Result<Report> {
    let source = arguments.keys.source();
    let (wasm, input) = (arguments.wasm.read()?, arguments.input.read(&arguments.wasm)?);
    let statement = arguments
        .statement
        .as_deref()
        .map(parse_hash)
        .transpose()?
        .unwrap_or_default();
    if arguments.dry_run {
        return dry_run(&wasm, &input, &source);
    }
    let path = proof_path(arguments.out.as_ref(), &arguments.wasm)?;
    let proving = Proving {
        wasm: &wasm,
        input: &input.bytes,
        advice: input.advice.as_deref(),
        source: &source,
        statement: statement.0,
        processes: arguments.processes,
        journal: path.with_extension("journal"),
    };
    if let Some(segment) = arguments.segment {
        proving.serve(segment)?;
        return Ok(Report::default());
    }
    let (start, bar) = (Instant::now(), progress_bar("proving"));
    let proved = proving.prove(&|done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let (proved, seconds) = (proved?, start.elapsed().as_secs_f64());
    proved.file.write(&path)?;
    let bytes = proved.file.proof.len() / 2 - 1;
    let report = Report::default()
        .with("Proof", "proof", path.display().to_string())
        .line("Size", format!("{} bytes", grouped(bytes as u64)))
        .json("bytes", bytes)
        .line("Time", format!("{seconds:.1} s"))
        .json("seconds", seconds)
        .with("Outcome", "outcome", outcome(&proved.file))
        .line("WebAssembly instructions", grouped(proved.completed))
        .json("wasmInstructions", proved.completed)
        .line("Machine steps", grouped(proved.file.steps))
        .json("steps", proved.file.steps)
        .line("Constraints", grouped(proved.stats.constraints))
        .json("constraints", proved.stats.constraints)
        .line(
            "Chunks",
            format!(
                "{} of steps, {} of cells",
                proved.stats.step_chunks, proved.stats.scan_chunks
            ),
        )
        .json("stepChunks", proved.stats.step_chunks)
        .json("scanChunks", proved.stats.scan_chunks)
        .with("Key", "key", proved.file.key)
        .tip("weft verify --input FILE    check it, as anybody can");
    Ok(warned(report, &source))
}

/// What the proof would take.
fn dry_run(wasm: &[u8], input: &RunInput, source: &KeySource) -> Result<Report> {
    let execution = execute_advised(wasm, &input.bytes, input.advice.as_deref(), MAX_STEPS)?;
    ensure_provable(&execution, input.advice.as_deref())?;
    let waiting = spinner("measuring this machine");
    let estimate = Estimate::of(wasm, &execution, source);
    waiting.finish_and_clear();
    let estimate = estimate?;
    let steps = execution.trace.steps.len();
    let mebibytes = estimate.memory >> 20;
    Ok(Report::default()
        .line("WebAssembly instructions", grouped(execution.trace.completed))
        .json("wasmInstructions", execution.trace.completed)
        .line("Machine steps", grouped(steps as u64))
        .json("steps", steps)
        .line(
            "Time",
            format!("about {:.0} s on this machine", estimate.time.as_secs_f64()),
        )
        .json("seconds", estimate.time.as_secs_f64())
        .line("Memory", format!("about {} MiB", grouped(mebibytes)))
        .json("memoryBytes", estimate.memory)
        .line("Proof", format!("{} bytes", grouped(estimate.proof as u64)))
        .json("bytes", estimate.proof)
        .tip("weft prove                  prove the run")
        .tip("weft exec --profile         see which functions take the steps"))
}

/// Runs `weft verify`.
///
/// # Errors
/// When the proof does not show the run.
pub fn run_verify(arguments: &VerifyArguments) -> Result<Report> {
    let source = arguments.keys.source();
    let (wasm, input) = (arguments.wasm.read()?, arguments.input.bytes(&arguments.wasm)?);
    let file = ProofFile::read(&proof_path(arguments.proof.as_ref(), &arguments.wasm)?)?;
    let image = image(&wasm, &source)?.image;
    let start = Instant::now();
    file.verify(image, &input, &source)?;
    let seconds = start.elapsed().as_secs_f64();
    let report = Report::default()
        .line("Result", "the proof is valid")
        .json("valid", true)
        .line("Time", format!("{seconds:.2} s"))
        .json("seconds", seconds)
        .with("Outcome", "outcome", outcome(&file))
        .with("Image", "image", shown(&image.digest()))
        .with("Input", "input", shown(keccak256(&input).as_bytes()))
        .with("Key", "key", file.key.as_str());
    let report = match file.trapped {
        true => report,
        false => {
            let output = output::decode(&parse_hex(&file.output)?)?;
            report.with("Payload", "payload", shown(&output.payload)).with(
                "Next state",
                "nextState",
                shown(&output.next_state),
            )
        }
    };
    Ok(warned(report, &source))
}

fn proof_path(given: Option<&PathBuf>, wasm: &WasmArguments) -> Result<PathBuf> {
    match (given, &wasm.wasm) {
        (Some(path), _) => Ok(path.clone()),
        (None, Some(wasm)) => Ok(wasm.with_extension("proof.json")),
        (None, None) => Ok(wasm.project.find()?.proof()),
    }
}

fn outcome(file: &ProofFile) -> &'static str {
    if file.trapped { "trapped" } else { "ok" }
}

fn warned(report: Report, source: &KeySource) -> Report {
    match source.is_development() {
        true => report.warning(WARNING),
        false => report,
    }
}
