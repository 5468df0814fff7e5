//! One block's matrices, and what prover and verifier do with them.

use ff::Field;
use nova_snark::spartan::polys::eq::EqPolynomial;
use rayon::prelude::*;

use crate::{
    engine::F,
    proof::Layout,
    shape::{Constraint, Linear, PUBLIC, SEGMENTS, Shape},
};

/// A sparse matrix with the rows of one block. Column `segment * columns + index`, segment X last.
#[derive(Clone, Debug)]
struct Matrix {
    ends: Vec<u32>,
    entries: Vec<(u32, F)>,
}

impl Matrix {
    fn new<'a>(log_columns: usize, rows: impl Iterator<Item = &'a Linear>) -> Self {
        let mut entries = Vec::new();
        let ends = rows
            .map(|row| {
                entries.extend(row.0.iter().map(|(column, value)| {
                    let (segment, index) = column.place();
                    (((segment << log_columns) + index) as u32, *value)
                }));
                entries.len() as u32
            })
            .collect();
        Self { ends, entries }
    }

    fn rows(&self) -> impl Iterator<Item = &[(u32, F)]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let row = &self.entries[start..end as usize];
            start = end as usize;
            row
        })
    }

    fn multiply(&self, z: &[F], out: &mut [F]) {
        for (row, out) in self.rows().zip(out) {
            *out = row
                .iter()
                .map(|(column, value)| z[*column as usize] * value)
                .sum();
        }
    }

    /// Adds `factor` times the combination of rows with `weights` to `out`, by column.
    fn combine(&self, weights: &[F], factor: F, out: &mut [F]) {
        for (row, weight) in self.rows().zip(weights) {
            let weight = *weight * factor;
            row.iter()
                .for_each(|(column, value)| out[*column as usize] += weight * value);
        }
    }
}

/// The three matrices of a shape.
#[derive(Clone, Debug)]
pub(crate) struct Matrices {
    a: Matrix,
    b: Matrix,
    c: Matrix,
}

/// A witness: the segments of a chunk, block after block, and u.
#[derive(Clone)]
pub(crate) struct Witness {
    pub(crate) trace: Vec<F>,
    pub(crate) bus: Vec<F>,
}

impl Matrices {
    /// The matrices of a block with these constraints, whose segments have `2^log_columns` columns.
    pub(crate) fn new(log_columns: usize, constraints: &[Constraint]) -> Self {
        Self {
            a: Matrix::new(log_columns, constraints.iter().map(|c| &c.a)),
            b: Matrix::new(log_columns, constraints.iter().map(|c| &c.b)),
            c: Matrix::new(log_columns, constraints.iter().map(|c| &c.c)),
        }
    }

    /// Az, Bz and Cz, padded to `2^log_rows` rows a block.
    pub(crate) fn multiply(
        &self,
        shape: &Shape,
        witness: &Witness,
        fixed: &[F],
        public: &[F; PUBLIC],
    ) -> [Vec<F>; 3] {
        let columns = shape.columns();
        let rows = 1 << shape.log_rows;
        let total = witness.trace.len() / columns * rows;
        let mut out = [vec![F::ZERO; total], vec![F::ZERO; total], vec![F::ZERO; total]];
        let [a, b, c] = &mut out;
        a.par_chunks_mut(rows)
            .zip(b.par_chunks_mut(rows))
            .zip(c.par_chunks_mut(rows))
            .enumerate()
            .for_each_init(
                || vec![F::ZERO; 3 * columns + PUBLIC],
                |z, (block, ((a, b), c))| {
                    let at = block * columns..(block + 1) * columns;
                    z[..columns].copy_from_slice(&witness.trace[at.clone()]);
                    z[columns..2 * columns].copy_from_slice(&witness.bus[at.clone()]);
                    if !fixed.is_empty() {
                        z[2 * columns..3 * columns].copy_from_slice(&fixed[at]);
                    }
                    z[3 * columns..].copy_from_slice(public);
                    self.a.multiply(z, a);
                    self.b.multiply(z, b);
                    self.c.multiply(z, c);
                },
            );
        out
    }

    /// The combination (A + ρB + ρ²C + ρ³V) of one block with the rows weighted by eq(rx): by segment and column,
    /// segment X at the end. V's share is apart, because it is not weighted by the block.
    pub(crate) fn bind_rows(&self, shape: &Shape, local_rx: &[F], rho: F) -> Vec<F> {
        let weights = EqPolynomial::evals_from_points(local_rx);
        let mut out = vec![F::ZERO; 3 * shape.columns() + PUBLIC];
        self.a.combine(&weights, F::ONE, &mut out);
        self.b.combine(&weights, rho, &mut out);
        self.c.combine(&weights, rho * rho, &mut out);
        out
    }

    /// The vector whose product with z the second sum-check proves; `4 * blocks * columns` elements.
    pub(crate) fn inner_vector(&self, shape: &Shape, layout: Layout, rx: &[F], rho: F) -> Vec<F> {
        let columns = shape.columns();
        let length = columns << layout.log_blocks;
        let bound = self.bind_rows(shape, &rx[layout.log_blocks..], rho);
        let blocks = EqPolynomial::evals_from_points(&rx[..layout.log_blocks]);
        let cube = rho * rho * rho;
        let mut out = vec![F::ZERO; SEGMENTS * length];
        for segment in 0..3 {
            let bound = &bound[segment * columns..(segment + 1) * columns];
            out[segment * length..(segment + 1) * length]
                .par_chunks_mut(columns)
                .zip(&blocks)
                .for_each(|(out, weight)| {
                    out.iter_mut()
                        .zip(bound)
                        .for_each(|(out, value)| *out = *weight * value);
                    if segment == 1 {
                        shape.summed.iter().for_each(|&column| out[column] += cube);
                    }
                });
        }
        out[3 * length..3 * length + PUBLIC].copy_from_slice(&bound[3 * columns..]);
        out
    }

    /// The multilinear extension of [`Self::inner_vector`] at `ry`, by the shares of the segments W0, W1, F and X;
    /// X's share is already multiplied by the public values.
    pub(crate) fn evaluate(
        &self,
        shape: &Shape,
        layout: Layout,
        rx: &[F],
        ry: &[F],
        rho: F,
        public: &[F; PUBLIC],
    ) -> InnerValues {
        let columns = shape.columns();
        let (top, rest) = ry.split_at(2);
        let bound = self.bind_rows(shape, &rx[layout.log_blocks..], rho);
        let local = EqPolynomial::evals_from_points(&rest[layout.log_blocks..]);
        let same_block =
            EqPolynomial::new(rx[..layout.log_blocks].to_vec()).evaluate(&rest[..layout.log_blocks]);
        let dot = |range: &[F]| range.iter().zip(&local).map(|(v, e)| *v * e).sum::<F>() * same_block;
        let summed: F = shape.summed.iter().map(|&column| local[column]).sum();
        let segments = EqPolynomial::evals_from_points(top);
        let mut matrix_x = F::ZERO;
        let mut z_x = F::ZERO;
        for (position, value) in public.iter().enumerate() {
            let eq = index_eq(position, rest);
            matrix_x += bound[3 * columns + position] * eq;
            z_x += eq * value;
        }
        let matrix = segments[0] * dot(&bound[..columns])
            + segments[1] * (dot(&bound[columns..2 * columns]) + rho * rho * rho * summed)
            + segments[2] * dot(&bound[2 * columns..3 * columns])
            + segments[3] * matrix_x;
        InnerValues {
            matrix,
            z_public: segments[3] * z_x,
            segments: [segments[0], segments[1], segments[2]],
        }
    }
}

/// What the verifier computes of the second sum-check's last round.
pub(crate) struct InnerValues {
    /// The matrices' combination at the point.
    pub(crate) matrix: F,
    /// Segment X's share of z at the point.
    pub(crate) z_public: F,
    /// Weights of the values of W0, W1 and F.
    pub(crate) segments: [F; 3],
}

/// eq(bits of `index`, `point`), most significant bit first.
fn index_eq(index: usize, point: &[F]) -> F {
    point
        .iter()
        .rev()
        .enumerate()
        .map(|(bit, r)| {
            if bit < usize::BITS as usize && index >> bit & 1 == 1 {
                *r
            } else {
                F::ONE - r
            }
        })
        .product()
}
