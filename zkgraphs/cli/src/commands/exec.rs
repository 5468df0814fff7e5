//! `weft exec`.

use anyhow::Result;
use serde_json::json;

use super::WasmArguments;
use crate::{
    execute::{End, Execution, MAX_STEPS, execute_advised},
    input_file::shown,
    report::{Report, grouped},
    sources::InputArguments,
};

/// Run the program on an input, without a proof: shows its output and what proving it would cost.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    wasm: WasmArguments,
    #[command(flatten)]
    input: InputArguments,
    /// Show every function and operation, not only the dearest.
    #[arg(long)]
    profile: bool,
}

/// Functions and operations that are shown if not all are.
const SHOWN: usize = 6;

/// Runs the command.
///
/// # Errors
/// When the program cannot be run to an end.
pub fn run(arguments: &Arguments) -> Result<Report> {
    let input = arguments.input.read(&arguments.wasm)?;
    let (wasm, advice) = (arguments.wasm.read()?, input.advice.as_deref());
    let execution = execute_advised(&wasm, &input.bytes, advice, MAX_STEPS)?;
    let mut report = shown_end(Report::default(), &execution)
        .json("inputBytes", input.bytes.len())
        .line("Input", format!("{} bytes", grouped(input.bytes.len() as u64)))
        .line("WebAssembly instructions", grouped(execution.trace.completed))
        .json("wasmInstructions", execution.trace.completed)
        .line("Machine steps", grouped(execution.trace.steps.len() as u64))
        .json("steps", execution.trace.steps.len());
    let most = if arguments.profile { usize::MAX } else { SHOWN };
    for (title, costs) in [
        ("Steps by function", &execution.functions),
        ("Steps by operation", &execution.operations),
    ] {
        report = report.line(title, format!("{:>12} {:>12}", "steps", "instructions"));
        for cost in costs.iter().take(most) {
            let counts = format!("{:>12} {:>12}", grouped(cost.steps), grouped(cost.instructions));
            report = report.line(&format!("  {}", cost.name), counts);
        }
        let left_out = costs.len().saturating_sub(most);
        if left_out > 0 {
            report = report.line("", format!("and {left_out} more; see --profile"));
        }
    }
    report = report
        .json("functions", json!(execution.functions))
        .json("operations", json!(execution.operations));
    Ok(report
        .tip("weft prove --dry-run        see what time, memory and proof this run would take")
        .tip("weft prove --input FILE     prove this run"))
}

fn shown_end(report: Report, execution: &Execution) -> Report {
    match &execution.end {
        End::Returned(output) => {
            let payload = shown(&output.payload);
            let mut report = report.with("Outcome", "outcome", "ok").json("payload", payload);
            for (i, word) in output.payload.chunks(32).enumerate() {
                let label = if i == 0 { "Payload" } else { "" };
                report = report.line(label, shown(word));
            }
            report.with("Next state", "nextState", shown(&output.next_state))
        }
        End::Trapped(reason) => report
            .with("Outcome", "outcome", "trapped")
            .with("Reason", "reason", *reason)
            .tip("a trapped run can be proved too: it settles as failed, without effects"),
    }
}
