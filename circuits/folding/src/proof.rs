//! Proofs and their wire form.
//!
//! For a given layout every length is a constant, so the wire form has no lengths in it: a proof is the concatenation
//! of compressed points and canonical scalars, 32 bytes each. Decoding checks the total length before anything
//! else, every point to be on the curve and every scalar to be canonical, and leaves nothing over.

use std::ops::Range;

use ff::PrimeField;
use halo2curves::{
    bn256::G1Affine,
    group::{Curve, GroupEncoding, prime::PrimeCurveAffine},
};
use nova_snark::spartan::{polys::univariate::UniPoly, sumcheck::SumcheckProof};

use crate::{
    engine::{Commitment, E, F, Opening},
    openings::Openings,
    shape::Shape,
};

/// The size of one shape's part of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Binary logarithm of the number of blocks in a chunk.
    pub log_blocks: usize,
    /// Number of chunks, at least 1.
    pub chunks: usize,
    /// Into how many segments the chunks are split, each folded apart, by a process of its own if there are several; at
    /// least 1, at most `chunks`.
    pub segments: usize,
}

impl Layout {
    /// The chunks of a segment; none if there is no such segment.
    pub(crate) fn segment(self, number: usize) -> Range<usize> {
        if number >= self.segments {
            return 0..0;
        }
        // In bounds both are at most 2^12.
        let start = |number: usize| self.chunks.saturating_mul(number) / self.segments;
        start(number)..start(number + 1)
    }
}

/// Bytes of a point or a scalar.
pub(crate) const ELEMENT: usize = 32;

/// The largest logarithm of a layout: bounds what a hostile layout can make anybody allocate.
pub(crate) const MAX_LOG_BLOCKS: usize = 20;
/// The largest number of chunks of one shape.
pub const MAX_CHUNKS: usize = 1 << 12;

/// The part of a proof that belongs to one shape.
#[derive(Clone, Debug)]
pub(crate) struct PartProof {
    /// Commitments to the first-phase witnesses, one a chunk.
    pub(crate) trace: Vec<Commitment>,
    /// Commitments to the second-phase witnesses, one a chunk.
    pub(crate) bus: Vec<Commitment>,
    /// Sums of the bus columns, one a chunk.
    pub(crate) sums: Vec<F>,
    /// Commitments to the cross terms, one a fold: those of a segment, and behind it, but for the first, that of its merge.
    pub(crate) cross: Vec<Commitment>,
    /// First sum-check.
    pub(crate) outer: SumcheckProof<E>,
    /// Values of Az, Bz, Cz at the first sum-check's point.
    pub(crate) products: [F; 3],
    /// Value of the error vector there; only if something was folded.
    pub(crate) error: Option<F>,
    /// Second sum-check.
    pub(crate) inner: SumcheckProof<E>,
    /// Values of the committed segments at the second sum-check's point: trace, bus and, if committed, fixed.
    pub(crate) values: Vec<F>,
}

/// A proof for all shapes of a system.
#[derive(Clone, Debug)]
pub struct Proof {
    pub(crate) parts: Vec<PartProof>,
    /// For the values that the parts claim of commitments.
    pub(crate) openings: Openings,
}

/// Why bytes are not a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A layout is outside the bounds, or there is none.
    #[error("a layout is out of bounds, or there is none")]
    Layout,
    /// The length is not the one that the layout implies.
    #[error("{found} bytes where the layout makes {expected}")]
    Length {
        /// Bytes given.
        found: usize,
        /// Bytes that such a proof has.
        expected: usize,
    },
    /// A point is not on the curve or not in canonical form.
    #[error("a point is malformed")]
    Point,
    /// A scalar is not below the field's characteristic.
    #[error("a scalar is not canonical")]
    Scalar,
}

const fn opening_elements(variables: usize) -> usize {
    (variables - 1) + 3 + 3 * variables
}

/// Elements of one part.
fn part_elements(shape: &Shape, layout: Layout, committed: bool) -> usize {
    let folds = layout.chunks - 1;
    let rows = layout.log_blocks + shape.log_rows;
    let columns = layout.log_blocks + shape.log_columns;
    3 * layout.chunks
        + folds
        + 3 * rows
        + 3
        + 2 * (columns + 2)
        + 2
        + usize::from(committed)
        + usize::from(folds > 0)
}

/// How many claims a part leaves to be opened, and the most coordinates of their points.
fn part_claims(shape: &Shape, layout: Layout) -> (usize, usize) {
    let rows = layout.log_blocks + shape.log_rows;
    let columns = layout.log_blocks + shape.log_columns;
    match layout.chunks {
        1 => (1, columns),
        _ => (2, rows.max(columns)),
    }
}

/// How many claims all parts leave to be opened, and the most coordinates of their points.
fn all_claims<'a>(parts: impl IntoIterator<Item = (&'a Shape, Layout, bool)>) -> (usize, usize) {
    parts
        .into_iter()
        .map(|(shape, layout, _)| part_claims(shape, layout))
        .fold((0, 1), |(count, most), (claims, variables)| {
            (count + claims, most.max(variables))
        })
}

/// Whether a layout is within the bounds.
fn in_bounds(shape: &Shape, layout: Layout) -> bool {
    (1..=MAX_CHUNKS).contains(&layout.chunks)
        && (1..=layout.chunks).contains(&layout.segments)
        && layout.log_blocks <= MAX_LOG_BLOCKS
        && layout.log_blocks + shape.log_columns >= 4
}

/// Bytes of a proof with these parts: shape, layout, and whether its fixed segment is committed.
///
/// # Errors
/// [`DecodeError::Layout`] if a layout is out of bounds.
pub fn proof_bytes<'a>(
    parts: impl IntoIterator<Item = (&'a Shape, Layout, bool)>,
) -> Result<usize, DecodeError> {
    let mut elements = 0;
    let mut seen = Vec::new();
    for (shape, layout, committed) in parts {
        if !in_bounds(shape, layout) {
            return Err(DecodeError::Layout);
        }
        elements += part_elements(shape, layout, committed);
        seen.push((shape, layout, committed));
    }
    if seen.is_empty() {
        return Err(DecodeError::Layout);
    }
    let (claims, variables) = all_claims(seen);
    elements += 2 * variables + claims + opening_elements(variables);
    Ok(elements * ELEMENT)
}

impl Proof {
    /// The wire form.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer(Vec::new());
        for part in &self.parts {
            out.points(&part.trace);
            out.points(&part.bus);
            out.scalars(&part.sums);
            out.points(&part.cross);
            out.sumcheck(&part.outer);
            out.scalars(&part.products);
            out.scalars(part.error.as_slice());
            out.sumcheck(&part.inner);
            out.scalars(&part.values);
        }
        out.sumcheck(&self.openings.reduction);
        out.scalars(&self.openings.values);
        out.opening(&self.openings.opening);
        out.0
    }

    /// Reads the wire form of a proof with these parts.
    ///
    /// # Errors
    /// [`DecodeError`]; never panics.
    pub fn decode(parts: &[(&Shape, Layout, bool)], bytes: &[u8]) -> Result<Self, DecodeError> {
        let expected = proof_bytes(parts.iter().copied())?;
        if bytes.len() != expected {
            return Err(DecodeError::Length {
                found: bytes.len(),
                expected,
            });
        }
        let mut input = Reader(bytes);
        let (claims, variables) = all_claims(parts.iter().copied());
        let parts = parts
            .iter()
            .map(|&(shape, layout, committed)| {
                let folds = layout.chunks - 1;
                let rows = layout.log_blocks + shape.log_rows;
                let columns = layout.log_blocks + shape.log_columns;
                Ok(PartProof {
                    trace: input.points(layout.chunks)?,
                    bus: input.points(layout.chunks)?,
                    sums: input.scalars(layout.chunks)?,
                    cross: input.points(folds)?,
                    outer: input.sumcheck(rows, 3)?,
                    products: [input.scalar()?, input.scalar()?, input.scalar()?],
                    error: if folds > 0 { Some(input.scalar()?) } else { None },
                    inner: input.sumcheck(columns + 2, 2)?,
                    values: input.scalars(2 + usize::from(committed))?,
                })
            })
            .collect::<Result<_, DecodeError>>()?;
        let openings = Openings {
            reduction: input.sumcheck(variables, 2)?,
            values: input.scalars(claims)?,
            opening: input.opening(variables)?,
        };
        Ok(Self { parts, openings })
    }
}

/// A commitment's wire form.
pub fn encode_commitment(commitment: &Commitment) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(commitment.into_inner().to_affine().to_bytes().as_ref());
    out
}

/// Reads a commitment.
///
/// # Errors
/// [`DecodeError::Point`] if it is not the canonical form of a point on the curve.
pub fn decode_commitment(bytes: &[u8; 32]) -> Result<Commitment, DecodeError> {
    let mut repr = <G1Affine as GroupEncoding>::Repr::default();
    repr.as_mut().copy_from_slice(bytes);
    let point = Option::<G1Affine>::from(G1Affine::from_bytes(&repr)).ok_or(DecodeError::Point)?;
    if point.to_bytes().as_ref() != bytes {
        return Err(DecodeError::Point);
    }
    Ok(Commitment::new(point.to_curve()))
}

/// Writes points and scalars.
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    pub(crate) fn points(&mut self, points: &[Commitment]) {
        points
            .iter()
            .for_each(|point| self.0.extend_from_slice(&encode_commitment(point)));
    }

    pub(crate) fn scalars(&mut self, scalars: &[F]) {
        scalars
            .iter()
            .for_each(|scalar| self.0.extend_from_slice(scalar.to_repr().as_ref()));
    }

    /// Round polynomials, each without its linear coefficient.
    fn sumcheck(&mut self, proof: &SumcheckProof<E>) {
        for round in proof.compressed_polys() {
            let coefficients = round.decompress(&F::zero()).coeffs;
            self.scalars(&coefficients[..1]);
            self.scalars(&coefficients[2..]);
        }
    }

    fn opening(&mut self, opening: &Opening) {
        self.points(opening.com());
        self.points(opening.w());
        opening.v().iter().for_each(|values| self.scalars(values));
    }
}

/// Reads points and scalars.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl Reader<'_> {
    fn element(&mut self) -> Result<[u8; ELEMENT], DecodeError> {
        let (head, tail) = self.0.split_first_chunk().ok_or(DecodeError::Length {
            found: 0,
            expected: ELEMENT,
        })?;
        self.0 = tail;
        Ok(*head)
    }

    fn point(&mut self) -> Result<Commitment, DecodeError> {
        decode_commitment(&self.element()?)
    }

    pub(crate) fn points(&mut self, count: usize) -> Result<Vec<Commitment>, DecodeError> {
        (0..count).map(|_| self.point()).collect()
    }

    pub(crate) fn scalar(&mut self) -> Result<F, DecodeError> {
        let mut repr = <F as PrimeField>::Repr::default();
        repr.as_mut().copy_from_slice(&self.element()?);
        Option::from(F::from_repr(repr)).ok_or(DecodeError::Scalar)
    }

    pub(crate) fn scalars(&mut self, count: usize) -> Result<Vec<F>, DecodeError> {
        (0..count).map(|_| self.scalar()).collect()
    }

    fn sumcheck(&mut self, rounds: usize, degree: usize) -> Result<SumcheckProof<E>, DecodeError> {
        let polynomials = (0..rounds)
            .map(|_| {
                let mut coeffs = vec![self.scalar()?, F::zero()];
                coeffs.extend(self.scalars(degree - 1)?);
                Ok(UniPoly { coeffs }.compress())
            })
            .collect::<Result<_, DecodeError>>()?;
        Ok(SumcheckProof::new(polynomials))
    }

    fn opening(&mut self, variables: usize) -> Result<Opening, DecodeError> {
        let com = self.points(variables - 1)?;
        let w = [self.point()?, self.point()?, self.point()?];
        let v = (0..variables)
            .map(|_| Ok([self.scalar()?, self.scalar()?, self.scalar()?]))
            .collect::<Result<_, DecodeError>>()?;
        Ok(Opening::new(com, w, v))
    }
}
