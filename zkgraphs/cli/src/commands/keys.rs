//! `weft keys`.

use anyhow::Result;

use super::KeyArguments;
use crate::{
    input_file::shown,
    keys::{KeySource, LARGEST, SMALLEST, WARNING},
    report::{Report, spinner},
};

/// Make development keys, or show what a key is called on the chain.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Command {
    /// Make development keys, if they are not there yet, and show them.
    Make {
        /// Powers of tau, as a binary logarithm: 17 for programs of up to 8,192 rows, 20 for the largest.
        #[arg(long, default_value_t = SMALLEST, value_parser = size)]
        size: usize,
    },
    /// Show the digest of the verifying key, and the key itself, as the chain wants it.
    Show(KeyArguments),
}

/// A number of powers that proving can use.
fn size(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(size) if (SMALLEST..=LARGEST).contains(&size) => Ok(size),
        _ => Err(format!("a number from {SMALLEST} to {LARGEST}")),
    }
}

/// Runs the command.
///
/// # Errors
/// When the keys cannot be made or read.
pub fn run(command: &Command) -> Result<Report> {
    let mut report = Report::default();
    let source = match command {
        Command::Make { size } => {
            let source = KeySource::of(None);
            let waiting = spinner(format!("making development keys, 2^{size} powers of tau"));
            let made = source.proving(*size);
            waiting.finish_and_clear();
            made?;
            report = report.json("size", *size);
            if let Some(path) = source.cached(*size) {
                report = report.with("Kept in", "file", path.display().to_string());
            }
            source
        }
        Command::Show(arguments) => arguments.source(),
    };
    let key = source.verifying()?;
    let kind = format!("{:?}", key.kind()).to_lowercase();
    report = report
        .with("Digest", "digest", shown(&key.digest()))
        .with("Kind", "kind", kind.as_str())
        .with("Verifying key", "key", shown(&key.encode()));
    Ok(match kind.as_str() {
        "development" => report.warning(WARNING),
        _ => report,
    })
}
