//! `weft compile`.

use anyhow::Result;
use weft_primitives::keccak256;

use super::ProjectArguments;
use crate::{
    compile::compile,
    input_file::shown,
    report::{Report, grouped, spinner},
};

/// Compile the zkGraph to WebAssembly and check that it can be proved.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
}

/// Runs the command.
///
/// # Errors
/// When compiling fails.
pub fn run(arguments: &Arguments) -> Result<Report> {
    let project = arguments.project.find()?;
    let waiting = spinner(format!("compiling {}", project.file.name));
    let compiled = compile(&project);
    waiting.finish_and_clear();
    let compiled = compiled?;
    Ok(Report::default()
        .with("Program", "program", compiled.path.display().to_string())
        .line("Size", format!("{} bytes", grouped(compiled.wasm.len() as u64)))
        .json("bytes", compiled.wasm.len())
        .with("Digest", "digest", shown(keccak256(&compiled.wasm).as_bytes()))
        .line(
            "Machine instructions",
            grouped(compiled.machine_instructions as u64),
        )
        .json("machineInstructions", compiled.machine_instructions)
        .tip("weft exec --input FILE      run it on an input")
        .tip("weft image                  compute what it is registered by"))
}
