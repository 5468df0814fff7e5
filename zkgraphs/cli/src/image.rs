//! Images: what a program is registered by. Whoever relies on a zkGraph recomputes its image from the module.

use anyhow::{Context, Result};
use weft_zkwasm::{ChunkSizes, Image, ROWS_LOG, machine::Trace, program::Program, translate::translate};

use crate::keys::{KeySource, Keys, LARGEST, SMALLEST};

/// Binary logarithm of the columns that a row of an image takes, rounded up.
const COLUMNS_LOG: usize = 4;

/// A program with its image and the keys to prove it.
#[derive(Clone, Debug)]
pub struct Imaged {
    /// The translated program.
    pub program: Program,
    /// The commitment to it.
    pub image: Image,
    /// Keys that are large enough for it.
    pub keys: Keys,
}

/// Translates a module and commits to it.
///
/// # Errors
/// When it cannot be proved, is too large, or the keys are too small.
pub fn image(wasm: &[u8], source: &KeySource) -> Result<Imaged> {
    image_for(wasm, source, SMALLEST)
}

/// The same, with keys that suit a run, if a file does not have fewer powers of tau, and how the run is cut
/// into chunks with them.
///
/// # Errors
/// As [`image`].
pub fn image_for_run(wasm: &[u8], source: &KeySource, trace: &Trace) -> Result<(Imaged, ChunkSizes)> {
    let imaged = image_for(wasm, source, ChunkSizes::for_run(trace, LARGEST).log_powers())?;
    let powers = imaged.keys.setup.size().ilog2() as usize;
    Ok((imaged, ChunkSizes::for_run(trace, powers)))
}

fn image_for(wasm: &[u8], source: &KeySource, log_powers: usize) -> Result<Imaged> {
    let program = translate(wasm).context("this module cannot be proved")?;
    let rows = (program.code.len() + program.cells.len())
        .next_power_of_two()
        .ilog2() as usize;
    let needed = (rows.min(*ROWS_LOG.end()) + COLUMNS_LOG).max(SMALLEST);
    // Larger keys make proofs shorter; without them there is a proof too.
    let keys = match source.proving(needed.max(log_powers)) {
        Err(_) if log_powers > needed => source.proving(needed)?,
        keys => keys?,
    };
    let image = Image::new(&keys.setup, &program)?;
    Ok(Imaged { program, image, keys })
}
