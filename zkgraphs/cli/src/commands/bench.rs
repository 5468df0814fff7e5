//! `weft bench`.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::KeyArguments;
use crate::{
    bench::{Measured, PRECOMPILES, PROGRAMS, figures, measure},
    report::{Report, grouped, progress_bar},
};

/// Measure what this machine can do.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Command {
    /// Prove runs of five programs and show speed, memory, sizes and verification.
    Zkwasm(Arguments),
    /// Prove hashes, products and signers by instructions and by precompiles, and show what each costs.
    Precompiles(Comparisons),
}

/// Arguments of `weft bench precompiles`.
#[derive(Clone, Debug, clap::Args)]
pub struct Comparisons {
    /// Only this one: keccak, sha256, multiply, poseidon or recover. (By instructions a single Poseidon takes minutes, a single signer
    /// half an hour.)
    #[arg(long, value_name = "NAME")]
    program: Option<String>,
    /// WebAssembly instructions that each program without precompiles executes, about.
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    instructions: u64,
    #[command(flatten)]
    keys: KeyArguments,
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
pub fn run(command: &Command) -> Result<Report> {
    match command {
        Command::Zkwasm(arguments) => programs(arguments),
        Command::Precompiles(arguments) => precompiles(arguments),
    }
}

fn precompiles(arguments: &Comparisons) -> Result<Report> {
    let source = arguments.keys.source();
    let mut report = Report::default();
    let mut all = Vec::new();
    for comparison in PRECOMPILES {
        let name = comparison.instructions.name;
        if arguments
            .program
            .as_deref()
            .is_some_and(|program| program != name)
        {
            continue;
        }
        let bar = progress_bar(comparison.work);
        let measured = comparison.measure(arguments.instructions, &source, &|done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        });
        bar.finish_and_clear();
        let [instructions, precompile] = measured.with_context(|| comparison.work)?;
        let ratio = instructions.proving / precompile.proving;
        report = report.line(
            comparison.work,
            format!(
                "{} constraints and {:.1} ms by {} instructions, {} and {:.2} ms by the precompile: {ratio:.1} times faster",
                grouped(instructions.constraints as u64),
                instructions.proving * 1e3,
                grouped(instructions.instructions as u64),
                grouped(precompile.constraints as u64),
                precompile.proving * 1e3,
            ),
        );
        all.push(json!({
            "work": comparison.work,
            "instructions": instructions.instructions,
            "precompile_instructions": precompile.instructions,
            "instructions_constraints": instructions.constraints,
            "instructions_seconds": instructions.proving,
            "precompile_constraints": precompile.constraints,
            "precompile_seconds": precompile.proving,
            "ratio": ratio,
        }));
    }
    anyhow::ensure!(
        !all.is_empty(),
        "there is no such program; choose one of keccak, sha256, multiply, poseidon and recover"
    );
    Ok(report.json("precompiles", all))
}

fn programs(arguments: &Arguments) -> Result<Report> {
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
