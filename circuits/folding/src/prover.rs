//! The prover: commits, draws the bus challenges, folds, proves the fold.

use ff::{BatchInvert, Field};
use nova_snark::{
    errors::NovaError,
    spartan::{polys::multilinear::MultilinearPolynomial, sumcheck::SumcheckProof},
    traits::{commitment::CommitmentEngineTrait, evaluation::EvaluationEngineTrait},
};
use rayon::prelude::*;

use crate::{
    challenge::{Challenges, PublicEntry, sum_entries},
    engine::{CE, Commitment, EE, F, Opening, Transcript, from_label},
    matrix::{Matrices, Witness},
    proof::{Layout, PartProof, Proof, proof_bytes},
    setup::Setup,
    shape::{Column, Linear, Recipe, Shape},
    transcript::{absorb_entries, absorb_layouts, absorb_opening, start},
};

/// Where a shape's first-phase witness comes from. Chunks are asked for more than once, so that none need be kept.
pub trait Trace: Sync {
    /// The first-phase witness of chunk `index`: `2^log_blocks * columns` elements, block after block.
    fn chunk(&self, index: usize) -> Vec<F>;
}

/// One shape's share of what is to be proved.
pub struct Part<'a> {
    /// The shape.
    pub shape: &'a Shape,
    /// Its size.
    pub layout: Layout,
    /// Its first-phase witness.
    pub trace: &'a dyn Trace,
    /// Its fixed segment (`2^log_blocks * columns` elements), or empty. Needs a single chunk.
    pub fixed: &'a [F],
    /// The commitment to the fixed segment, if the verifier does not evaluate it itself.
    pub commitment: Option<Commitment>,
}

/// Why a proof could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The setup has too few powers of tau.
    #[error("shape {shape} needs {needed} powers of tau and the setup has {available}: use a larger setup")]
    SetupTooSmall {
        /// The shape's name.
        shape: &'static str,
        /// Powers needed.
        needed: usize,
        /// Powers there.
        available: usize,
    },
    /// The witness does not satisfy a constraint.
    #[error("shape {shape}: block {block} of chunk {chunk} does not satisfy constraint {constraint}")]
    Unsatisfied {
        /// The shape's name.
        shape: &'static str,
        /// Chunk index.
        chunk: usize,
        /// Block index.
        block: usize,
        /// Constraint index.
        constraint: usize,
    },
    /// Blocks and entries do not balance: the trace is not one of an honest run.
    #[error("the bus does not balance: the trace does not fit the claim")]
    Unbalanced,
    /// The layout or a segment has the wrong size, or γ hit a fingerprint (probability below 2^-200).
    #[error("shape {0}: a size is wrong, or the second-phase witness cannot be computed")]
    Bus(&'static str),
    /// nova-snark refused.
    #[error("nova-snark: {0}")]
    Nova(#[from] NovaError),
}

/// What a prover says about its progress: folded chunks, of how many.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Proves that all parts are satisfied and that the bus balances together with the verifier's entries.
/// `domain` is bound into the transcript: whatever the proof is about.
///
/// # Errors
/// [`ProveError`].
pub fn prove(
    setup: &Setup,
    domain: &[u8],
    parts: &[Part<'_>],
    entries: &[PublicEntry],
    progress: Progress<'_>,
) -> Result<Proof, ProveError> {
    for part in parts {
        proof_bytes([(part.shape, part.layout, part.commitment.is_some())])
            .map_err(|_| ProveError::Bus(part.shape.name))?;
        let rows = 1 << (part.layout.log_blocks + part.shape.log_rows);
        let columns = part.shape.columns() << part.layout.log_blocks;
        let needed = if part.layout.chunks > 1 {
            columns.max(rows)
        } else {
            columns
        };
        if needed > setup.size() {
            let (shape, available) = (part.shape.name, setup.size());
            return Err(ProveError::SetupTooSmall {
                shape,
                needed,
                available,
            });
        }
        if !part.fixed.is_empty() && (part.fixed.len() != columns || part.layout.chunks > 1) {
            return Err(ProveError::Bus(part.shape.name));
        }
    }
    let mut transcript = start(domain);
    absorb_layouts(&mut transcript, parts.iter().map(|part| part.layout));
    absorb_entries(&mut transcript, entries);
    let mut traces = Vec::new();
    for part in parts {
        let commitments: Vec<Commitment> = (0..part.layout.chunks)
            .map(|chunk| commit(setup, &part.trace.chunk(chunk)))
            .collect();
        transcript.commitments(b"trace", &commitments);
        traces.push(commitments);
    }
    let alpha = transcript.challenge(b"alpha")?;
    let gamma = transcript.challenge(b"gamma")?;
    let challenges = Challenges::new(alpha, gamma);
    let mut buses = Vec::new();
    for part in parts {
        let mut commitments = Vec::new();
        let mut sums = Vec::new();
        for chunk in 0..part.layout.chunks {
            let trace = part.trace.chunk(chunk);
            let bus = second_phase(part, &challenges, &trace)?;
            commitments.push(commit(setup, &bus));
            sums.push(sum_bus(part.shape, &bus));
        }
        transcript.commitments(b"bus", &commitments);
        transcript.scalars(b"sums", &sums);
        buses.push((commitments, sums));
    }
    let blocks: F = buses.iter().flat_map(|(_, sums)| sums).sum();
    if sum_entries(&challenges, entries) != Some(-blocks) {
        return Err(ProveError::Unbalanced);
    }
    let total: usize = parts.iter().map(|part| part.layout.chunks).sum();
    let mut done = 0;
    let mut proofs = Vec::new();
    for ((part, trace), (bus, sums)) in parts.iter().zip(traces).zip(buses) {
        let matrices = Matrices::new(part.shape);
        let mut tick = || {
            done += 1;
            progress(done, total);
        };
        let folded = fold(setup, &mut transcript, part, &matrices, &challenges, &mut tick)?;
        let mut commitments = vec![combine(&trace, &folded.weights), combine(&bus, &folded.weights)];
        commitments.extend(part.commitment);
        proofs.push(
            prove_folded(
                setup,
                &mut transcript,
                part,
                &matrices,
                &challenges,
                folded,
                &commitments,
            )?
            .with(trace, bus, sums),
        );
    }
    Ok(Proof { parts: proofs })
}

/// Checks what [`prove`] would prove, without committing to anything: with challenges of its own, every constraint of
/// every block, and that the bus balances. For tests and for provers who want to know before they spend.
///
/// # Errors
/// [`ProveError::Unsatisfied`], [`ProveError::Unbalanced`], or [`ProveError::Bus`] for wrong sizes.
pub fn check(parts: &[Part<'_>], entries: &[PublicEntry]) -> Result<(), ProveError> {
    let challenges = Challenges::new(from_label(b"check alpha"), from_label(b"check gamma"));
    let mut sum = F::ZERO;
    for part in parts {
        let matrices = Matrices::new(part.shape);
        for index in 0..part.layout.chunks {
            let (witness, _) = satisfied(part, &matrices, &challenges, index)?;
            sum += sum_bus(part.shape, &witness.bus);
        }
    }
    if sum_entries(&challenges, entries) == Some(-sum) {
        Ok(())
    } else {
        Err(ProveError::Unbalanced)
    }
}

fn commit(setup: &Setup, vector: &[F]) -> Commitment {
    CE::commit(&setup.key, vector, &F::ZERO)
}

/// Commits to a fixed segment, for an image.
///
/// # Errors
/// [`ProveError::SetupTooSmall`].
pub fn commit_fixed(setup: &Setup, shape: &Shape, fixed: &[F]) -> Result<Commitment, ProveError> {
    if fixed.len() > setup.size() {
        let (shape, needed, available) = (shape.name, fixed.len(), setup.size());
        return Err(ProveError::SetupTooSmall {
            shape,
            needed,
            available,
        });
    }
    Ok(commit(setup, fixed))
}

fn combine(commitments: &[Commitment], weights: &[F]) -> Commitment {
    crate::verifier::combine(commitments, weights)
}

/// The sum of the bus columns of a chunk.
fn sum_bus(shape: &Shape, bus: &[F]) -> F {
    bus.par_chunks(shape.columns())
        .map(|block| shape.summed.iter().map(|&column| block[column]).sum::<F>())
        .sum()
}

/// Computes the second-phase witness of a chunk.
fn second_phase(part: &Part<'_>, challenges: &Challenges, trace: &[F]) -> Result<Vec<F>, ProveError> {
    let shape = part.shape;
    let columns = shape.columns();
    if trace.len() != columns << part.layout.log_blocks {
        return Err(ProveError::Bus(shape.name));
    }
    // Inverting is dear and batches well, so several blocks share one inversion.
    let group = (2048 / shape.recipes.len().max(1)).max(1);
    let mut bus = vec![F::ZERO; trace.len()];
    bus.par_chunks_mut(group * columns)
        .enumerate()
        .try_for_each(|(index, out)| {
            let mut denominators = Vec::new();
            for (i, out) in out.chunks_mut(columns).enumerate() {
                let block = Block::new(part, challenges, trace, index * group + i);
                for (column, recipe) in shape.recipes.iter().enumerate() {
                    match recipe {
                        Recipe::Product { power, of } => {
                            out[column] = challenges.public[1 + power] * block.value(of, out);
                        }
                        Recipe::Inverse { denominator, .. } => {
                            denominators.push(block.value(denominator, out))
                        }
                    }
                }
            }
            if denominators.contains(&F::ZERO) {
                return Err(ProveError::Bus(shape.name));
            }
            denominators.iter_mut().batch_invert();
            let mut inverses = denominators.into_iter();
            for (i, out) in out.chunks_mut(columns).enumerate() {
                let block = Block::new(part, challenges, trace, index * group + i);
                for (column, recipe) in shape.recipes.iter().enumerate() {
                    if let Recipe::Inverse { multiplicity, .. } = recipe {
                        out[column] = inverses.next().unwrap_or(F::ZERO) * block.value(multiplicity, out);
                    }
                }
            }
            Ok(())
        })?;
    Ok(bus)
}

/// What the second phase reads of a block.
struct Block<'a> {
    trace: &'a [F],
    fixed: &'a [F],
    public: &'a [F],
}

impl<'a> Block<'a> {
    fn new(part: &'a Part<'_>, challenges: &'a Challenges, trace: &'a [F], block: usize) -> Self {
        let columns = part.shape.columns();
        let at = block * columns..(block + 1) * columns;
        Self {
            trace: &trace[at.clone()],
            fixed: part.fixed.get(at).unwrap_or(&[]),
            public: &challenges.public,
        }
    }

    fn value(&self, linear: &Linear, bus: &[F]) -> F {
        linear
            .0
            .iter()
            .map(|(column, factor)| {
                *factor
                    * match *column {
                        Column::Trace(i) => self.trace[i],
                        Column::Bus(i) => bus[i],
                        Column::Fixed(i) => self.fixed[i],
                        Column::Public(i) => self.public[i],
                    }
            })
            .sum()
    }
}

/// A folded instance's witness.
struct Folded {
    witness: Witness,
    products: [Vec<F>; 3],
    error: Vec<F>,
    cross: Vec<Commitment>,
    weights: Vec<F>,
}

impl Folded {
    fn u(&self) -> F {
        self.weights.iter().sum()
    }
}

/// A chunk's witness and Az, Bz, Cz, if it satisfies the constraints.
fn satisfied(
    part: &Part<'_>,
    matrices: &Matrices,
    challenges: &Challenges,
    index: usize,
) -> Result<(Witness, [Vec<F>; 3]), ProveError> {
    let shape = part.shape;
    let trace = part.trace.chunk(index);
    let bus = second_phase(part, challenges, &trace)?;
    let witness = Witness { trace, bus };
    let products = matrices.multiply(shape, &witness, part.fixed, &challenges.public);
    let [a, b, c] = &products;
    let bad = a
        .par_iter()
        .zip(b)
        .zip(c)
        .position_first(|((a, b), c)| *a * b != *c);
    match bad {
        None => Ok((witness, products)),
        Some(row) => Err(ProveError::Unsatisfied {
            shape: shape.name,
            chunk: index,
            block: row >> shape.log_rows,
            constraint: row & ((1 << shape.log_rows) - 1),
        }),
    }
}

/// Folds a part's chunks, Nova's way: the running instance is (W, E, u), the next chunk has E = 0 and u = 1.
fn fold(
    setup: &Setup,
    transcript: &mut Transcript,
    part: &Part<'_>,
    matrices: &Matrices,
    challenges: &Challenges,
    tick: &mut dyn FnMut(),
) -> Result<Folded, ProveError> {
    let chunk = |index| satisfied(part, matrices, challenges, index);
    let (witness, products) = chunk(0)?;
    tick();
    let error = if part.layout.chunks > 1 {
        vec![F::ZERO; products[0].len()]
    } else {
        Vec::new()
    };
    let mut running = Folded {
        witness,
        products,
        error,
        cross: Vec::new(),
        weights: vec![F::ONE],
    };
    for index in 1..part.layout.chunks {
        let (witness, products) = chunk(index)?;
        let cross = cross_term(&running.products, running.u(), &products);
        let commitment = commit(setup, &cross);
        transcript.commitments(b"cross", &[commitment]);
        let r = transcript.short_challenge(b"fold")?;
        add(&mut running.witness.trace, &witness.trace, r);
        add(&mut running.witness.bus, &witness.bus, r);
        running
            .products
            .iter_mut()
            .zip(&products)
            .for_each(|(sum, next)| add(sum, next, r));
        add(&mut running.error, &cross, r);
        running.cross.push(commitment);
        running.weights.push(r);
        tick();
    }
    Ok(running)
}

/// Nova's cross term: Az₁∘Bz₂ + Az₂∘Bz₁ − u₁·Cz₂ − Cz₁ (the second instance has u = 1).
pub(crate) fn cross_term(first: &[Vec<F>; 3], u: F, second: &[Vec<F>; 3]) -> Vec<F> {
    let [a1, b1, c1] = first;
    let [a2, b2, c2] = second;
    (0..a1.len())
        .into_par_iter()
        .map(|i| a1[i] * b2[i] + a2[i] * b1[i] - u * c2[i] - c1[i])
        .collect()
}

fn add(sum: &mut [F], next: &[F], factor: F) {
    sum.par_iter_mut()
        .zip(next)
        .for_each(|(sum, next)| *sum += factor * next);
}

/// A part's proof without what was sent before folding.
struct Tail {
    cross: Vec<Commitment>,
    outer: SumcheckProof<crate::engine::E>,
    products: [F; 3],
    error: Option<F>,
    inner: SumcheckProof<crate::engine::E>,
    values: Vec<F>,
    opening: Opening,
    error_opening: Option<Opening>,
}

impl Tail {
    fn with(self, trace: Vec<Commitment>, bus: Vec<Commitment>, sums: Vec<F>) -> PartProof {
        PartProof {
            trace,
            bus,
            sums,
            cross: self.cross,
            outer: self.outer,
            products: self.products,
            error: self.error,
            inner: self.inner,
            values: self.values,
            opening: self.opening,
            error_opening: self.error_opening,
        }
    }
}

/// Spartan for the folded instance.
fn prove_folded(
    setup: &Setup,
    transcript: &mut Transcript,
    part: &Part<'_>,
    matrices: &Matrices,
    challenges: &Challenges,
    folded: Folded,
    commitments: &[Commitment],
) -> Result<Tail, ProveError> {
    let shape = part.shape;
    let layout = part.layout;
    let u = folded.u();
    let public = challenges.scaled(u);
    let is_folded = layout.chunks > 1;

    let tau = (0..layout.log_blocks + shape.log_rows)
        .map(|_| transcript.challenge(b"tau"))
        .collect::<Result<Vec<_>, _>>()?;
    let [az, bz, cz] = folded.products;
    let right: Vec<F> = cz
        .par_iter()
        .enumerate()
        .map(|(i, c)| u * c + folded.error.get(i).copied().unwrap_or(F::ZERO))
        .collect();
    let (outer, rx, claims) = SumcheckProof::prove_cubic_with_three_inputs(
        &F::ZERO,
        tau,
        &mut MultilinearPolynomial::new(az),
        &mut MultilinearPolynomial::new(bz),
        &mut MultilinearPolynomial::new(right),
        &mut transcript.0,
    )?;
    let products = [
        claims[0],
        claims[1],
        MultilinearPolynomial::evaluate_with(&cz, &rx),
    ];
    let error = is_folded.then(|| MultilinearPolynomial::evaluate_with(&folded.error, &rx));
    transcript.scalars(b"products", &products);
    transcript.scalars(b"error", error.as_slice());

    let rho = transcript.challenge(b"rho")?;
    let sum = sum_bus(shape, &folded.witness.bus);
    let claim = products[0] + rho * products[1] + rho * rho * products[2] + rho * rho * rho * sum;
    let length = folded.witness.trace.len();
    let mut z = Vec::with_capacity(4 * length);
    z.extend_from_slice(&folded.witness.trace);
    z.extend_from_slice(&folded.witness.bus);
    z.extend_from_slice(part.fixed);
    z.resize(3 * length, F::ZERO);
    z.extend_from_slice(&public);
    z.resize(4 * length, F::ZERO);
    let (inner, ry, _) = SumcheckProof::prove_quad_prod(
        &claim,
        layout.log_blocks + shape.log_columns + 2,
        &mut MultilinearPolynomial::new(matrices.inner_vector(shape, layout, &rx, rho)),
        &mut MultilinearPolynomial::new(z),
        &mut transcript.0,
    )?;
    let point = &ry[2..];
    let mut vectors: Vec<&[F]> = vec![&folded.witness.trace, &folded.witness.bus];
    if part.commitment.is_some() {
        vectors.push(part.fixed);
    }
    let values: Vec<F> = vectors
        .iter()
        .map(|vector| MultilinearPolynomial::evaluate_with(vector, point))
        .collect();
    transcript.scalars(b"values", &values);
    let sigma = transcript.challenge(b"sigma")?;
    let weights = powers(sigma, values.len());
    let mut batched = vec![F::ZERO; length];
    vectors
        .iter()
        .zip(&weights)
        .for_each(|(vector, weight)| add(&mut batched, vector, *weight));
    let value = values.iter().zip(&weights).map(|(v, w)| *v * w).sum();
    let opening = open(
        setup,
        transcript,
        combine(commitments, &weights),
        &batched,
        point,
        value,
    )?;
    let error_opening = error
        .map(|value| {
            let commitment = combine(&folded.cross, &folded.weights[1..]);
            open(setup, transcript, commitment, &folded.error, &rx, value)
        })
        .transpose()?;
    Ok(Tail {
        cross: folded.cross,
        outer,
        products,
        error,
        inner,
        values,
        opening,
        error_opening,
    })
}

pub(crate) fn powers(base: F, count: usize) -> Vec<F> {
    std::iter::successors(Some(F::ONE), |power| Some(*power * base))
        .take(count)
        .collect()
}

fn open(
    setup: &Setup,
    transcript: &mut Transcript,
    commitment: Commitment,
    vector: &[F],
    point: &[F],
    value: F,
) -> Result<Opening, ProveError> {
    absorb_opening(transcript, &commitment, point, value);
    let (key, _) = EE::setup(&setup.key)?;
    Ok(EE::prove(
        &setup.key,
        &key,
        &mut transcript.0,
        &commitment,
        vector,
        point,
        &value,
    )?)
}
