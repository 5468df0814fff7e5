//! Images: commitments to programs.

use ff::Field;
use weft_folding::{
    Commitment, F, ProveError, Setup, commit_fixed, decode_commitment, encode_commitment, keccak256,
};

use crate::{
    program::{Instruction, Malformed, Program},
    tables::{IMAGE_FIELDS, image_shape},
};

/// Smallest and largest binary logarithm of the number of rows of an image. The largest needs 2^20 powers of tau.
pub const ROWS_LOG: std::ops::RangeInclusive<usize> = 4..=16;

/// Bytes of an encoded image.
pub const IMAGE_BYTES: usize = 37;

/// What a registered program is known by: a commitment to its instructions and initial cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    /// Commitment to the IMAGE shape's fixed segment, compressed.
    pub commitment: [u8; 32],
    /// Binary logarithm of the number of rows.
    pub rows_log: u8,
    /// Initial size of linear memory in 64 KiB pages.
    pub pages: u32,
}

/// Why an image could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The program breaks a rule that the circuit relies on.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The program is too large.
    #[error("the program has {rows} instructions and initialised words; at most {most} fit")]
    TooLarge {
        /// Instructions and named cells.
        rows: usize,
        /// How many are possible.
        most: usize,
    },
    /// The setup is too small, or nova-snark refuses.
    #[error(transparent)]
    Commit(#[from] ProveError),
}

impl Image {
    /// Commits to a program.
    ///
    /// # Errors
    /// [`ImageError`].
    pub fn new(setup: &Setup, program: &Program) -> Result<Self, ImageError> {
        program.check()?;
        let (shape, _) = image_shape();
        let fixed = fixed_segment(program)?;
        let commitment = encode_commitment(&commit_fixed(setup, &shape, &fixed)?);
        Ok(Self {
            commitment,
            rows_log: rows_log(program)? as u8,
            pages: program.pages,
        })
    }

    /// The commitment as a point; `None` if it is none.
    pub(crate) fn point(&self) -> Option<Commitment> {
        decode_commitment(&self.commitment).ok()
    }

    /// Wire form: commitment, logarithm of rows, pages (little-endian).
    pub fn encode(&self) -> [u8; IMAGE_BYTES] {
        let mut out = [0; IMAGE_BYTES];
        out[..32].copy_from_slice(&self.commitment);
        out[32] = self.rows_log;
        out[33..].copy_from_slice(&self.pages.to_le_bytes());
        out
    }

    /// Reads the wire form; `None` if the length or a bound is wrong.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; IMAGE_BYTES] = bytes.try_into().ok()?;
        let image = Self {
            commitment: bytes[..32].try_into().ok()?,
            rows_log: bytes[32],
            pages: u32::from_le_bytes(bytes[33..].try_into().ok()?),
        };
        let in_bounds = ROWS_LOG.contains(&usize::from(image.rows_log)) && image.pages <= 1 << 16;
        (in_bounds && image.point().is_some()).then_some(image)
    }

    /// What statements call the image: keccak256 of the wire form.
    pub fn digest(&self) -> [u8; 32] {
        keccak256(&self.encode())
    }
}

/// Binary logarithm of the number of rows for a program.
fn rows_log(program: &Program) -> Result<usize, ImageError> {
    let rows = program.code.len() + program.cells.len();
    let log = (rows.next_power_of_two().ilog2() as usize).max(*ROWS_LOG.start());
    if log > *ROWS_LOG.end() {
        return Err(ImageError::TooLarge {
            rows,
            most: 1 << ROWS_LOG.end(),
        });
    }
    Ok(log)
}

/// The fixed segment of the IMAGE shape: instructions, then cells, then padding.
pub(crate) fn fixed_segment(program: &Program) -> Result<Vec<F>, ImageError> {
    let (shape, _) = image_shape();
    let width = shape.columns();
    let mut out = vec![F::ZERO; width << rows_log(program)?];
    let instructions = program.code.iter().enumerate().map(|(pc, instruction)| {
        let Instruction {
            flags,
            a,
            b,
            d,
            imm,
            target,
        } = *instruction;
        [1, 0, pc as u64, flags, a.into(), b.into(), d.into(), imm, target]
    });
    let cells = program
        .cells
        .iter()
        .map(|&(key, value)| [0, 1, key, value, 0, 0, 0, 0, 0]);
    for (row, fields) in out.chunks_mut(width).zip(instructions.chain(cells)) {
        let fields: [u64; IMAGE_FIELDS] = fields;
        row.iter_mut()
            .zip(fields)
            .for_each(|(out, field)| *out = F::from(field));
    }
    Ok(out)
}
