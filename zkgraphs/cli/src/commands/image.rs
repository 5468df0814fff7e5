//! `weft image`.

use anyhow::{Result, ensure};
use weft_primitives::keccak256;

use super::{KeyArguments, WasmArguments};
use crate::{
    image::{Imaged, image},
    input_file::shown,
    keys::WARNING,
    report::{Report, grouped, spinner},
};

/// Compute the image of a program: what a zkGraph is registered by, and what whoever relies on one should check.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    wasm: WasmArguments,
    #[command(flatten)]
    keys: KeyArguments,
    /// Digest of the image that the program should have; another is an error.
    #[arg(long, value_name = "DIGEST")]
    expect: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// When the program cannot be proved, or has another image than expected.
pub fn run(arguments: &Arguments) -> Result<Report> {
    let (wasm, source) = (arguments.wasm.read()?, arguments.keys.source());
    let waiting = spinner("committing to the program");
    let imaged = image(&wasm, &source);
    waiting.finish_and_clear();
    let Imaged { image, program, .. } = imaged?;
    let digest = shown(&image.digest());
    if let Some(expected) = &arguments.expect {
        ensure!(
            expected.eq_ignore_ascii_case(&digest),
            "the program has the image {digest}, not {expected}: it is another program, or was compiled differently"
        );
    }
    let report = Report::default()
        .with("Image", "image", digest)
        .with("Commitment", "commitment", shown(&image.encode()))
        .with("Module", "module", shown(keccak256(&wasm).as_bytes()))
        .line(
            "Rows",
            format!(
                "{} of {}",
                grouped((program.code.len() + program.cells.len()) as u64),
                grouped(1 << image.rows_log)
            ),
        )
        .json("rows", program.code.len() + program.cells.len())
        .with("Memory pages", "pages", image.pages);
    Ok(match source.is_development() {
        true => report.warning(WARNING),
        false => report,
    })
}
