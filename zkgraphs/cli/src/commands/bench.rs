//! `weft bench`.

use anyhow::{Context, Result};
use serde_json::Value;

use super::KeyArguments;
use crate::{
    bench::{Measured, PROGRAMS, figures, measure},
    report::{Report, grouped, progress_bar},
};

/// Measure what this machine can do.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Command {
    /// Prove runs of five programs and show speed, memory, sizes and verification.
    Zkwasm(Arguments),
}

/// Arguments of `weft bench zkwasm`.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// Only this program: fib, sha256, index, sort or matrix.
    #[arg(long, value_name = "NAME")]
    program: Option<String>,
    /// WebAssembly instructions that each program executes, about.
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    instructions: u64,
    #[command(flatten)]
    keys: KeyArguments,
}

/// Runs the command.
///
/// # Errors
/// When there is no such program, or a run cannot be proved.
pub fn run(Command::Zkwasm(arguments): &Command) -> Result<Report> {
    let wanted = |name: &str| arguments.program.as_deref().is_none_or(|program| program == name);
    let programs: Vec<_> = PROGRAMS
        .into_iter()
        .filter(|program| wanted(program.name))
        .collect();
    if programs.is_empty() {
        let names: Vec<&str> = PROGRAMS.iter().map(|program| program.name).collect();
        let given = arguments.program.as_deref().unwrap_or_default();
        anyhow::bail!("there is no program {given}; choose one of {}", names.join(", "));
    }
    let source = arguments.keys.source();
    let mut measured = Vec::new();
    let mut report = Report::default();
    for program in programs {
        let bar = progress_bar(program.name);
        let one = measure(program, arguments.instructions, &source, &|done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        });
        bar.finish_and_clear();
        let one = one.with_context(|| program.name)?;
        report = shown(report, &one);
        measured.push(one);
    }
    if let Value::Object(all) = figures(&measured) {
        for (name, value) in all {
            report = report.with(&name.replace('_', " "), &name, value);
        }
    }
    let each: Vec<Value> = measured.iter().map(Measured::json).collect();
    Ok(report.json("programs", each))
}

fn shown(report: Report, one: &Measured) -> Report {
    report.line(
        one.program,
        format!(
            "{} instructions, {} steps in {} chunks, {:.1} s: {} instr/s, {:.1} constraints/instr",
            grouped(one.instructions),
            grouped(one.steps),
            one.chunks,
            one.proving.as_secs_f64(),
            grouped(one.instructions_per_second() as u64),
            one.constraints_per_instruction(),
        ),
    )
}
