//! `weft exec`.

use anyhow::Result;
use serde_json::json;

use super::WasmArguments;
use crate::{
    execute::{End, Execution, MAX_STEPS, execute},
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
    /// Show how many steps each function took.
    #[arg(long)]
    profile: bool,
}

/// Runs the command.
///
/// # Errors
/// When the program cannot be run to an end.
pub fn run(arguments: &Arguments) -> Result<Report> {
    let input = arguments.input.read(&arguments.wasm)?;
    let execution = execute(&arguments.wasm.read()?, &input, MAX_STEPS)?;
    let mut report = shown_end(Report::default(), &execution)
        .json("inputBytes", input.len())
        .line("Input", format!("{} bytes", grouped(input.len() as u64)))
        .line("WebAssembly instructions", grouped(execution.trace.completed))
        .json("wasmInstructions", execution.trace.completed)
        .line("Machine steps", grouped(execution.trace.steps.len() as u64))
        .json("steps", execution.trace.steps.len());
    if arguments.profile {
        for (function, steps) in &execution.profile {
            report = report.line(&format!("  {function}"), grouped(*steps));
        }
        report = report.json("profile", json!(execution.profile));
    }
    Ok(report.tip("weft prove --input FILE     prove this run"))
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
