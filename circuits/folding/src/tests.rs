//! Our folding beside nova-snark's own.

use ff::Field;
use nova_snark::r1cs::{
    R1CSInstance, R1CSShape, R1CSWitness, RelaxedR1CSInstance, RelaxedR1CSWitness, SparseMatrix,
};

use crate::{
    Layout, Part, Setup, Trace, VerifierSetup,
    challenge::Challenges,
    engine::{Commitment, E, F, from_label},
    folding::{Folded, commit, fold},
    journal::Journal,
    second_phase::second_phase,
    shape::{Linear, PUBLIC, Shape, ShapeBuilder},
    transcript::start,
    verifier::combine,
};

const LOG_BLOCKS: usize = 3;

/// y = x², z = x·y, and x, z on the bus.
fn shape() -> Shape {
    let mut block = ShapeBuilder::new("cubes");
    let [x, y, z] = block.traces();
    block.enforce(x, x, y);
    block.enforce(x, Linear::from(y) + 1, Linear::from(z) + x);
    block.entry(1, &[(1, x.into()), (2, z.into())], 1);
    block.finish()
}

struct Cubes;

impl Trace for Cubes {
    fn chunk(&self, index: usize) -> Vec<F> {
        let width = shape().columns();
        (0..1 << LOG_BLOCKS)
            .flat_map(|block| {
                let x = F::from((index * 100 + block) as u64 + 2);
                let mut row = vec![x, x.square(), x.square() * x];
                row.resize(width, F::ZERO);
                row
            })
            .collect()
    }
}

/// The whole shape as nova-snark holds it: segments W0 and W1, then u, then the other public values.
fn nova_shape(shape: &Shape) -> R1CSShape<E> {
    let (rows, columns) = (1 << shape.log_rows, shape.columns());
    let segment = columns << LOG_BLOCKS;
    let matrix = |side: fn(&crate::shape::Constraint) -> &Linear| {
        let mut entries = Vec::new();
        for block in 0..1 << LOG_BLOCKS {
            for (row, constraint) in shape.constraints.iter().enumerate() {
                for (column, value) in &side(constraint).0 {
                    let (place, index) = column.place();
                    let at = if place == 3 {
                        2 * segment + index
                    } else {
                        place * segment + block * columns + index
                    };
                    entries.push((block * rows + row, at, *value));
                }
            }
        }
        entries.sort_by_key(|(row, column, _)| (*row, *column));
        SparseMatrix::new(&entries, rows << LOG_BLOCKS, 2 * segment + PUBLIC)
    };
    R1CSShape::new(
        rows << LOG_BLOCKS,
        2 * segment,
        PUBLIC - 1,
        matrix(|c| &c.a),
        matrix(|c| &c.b),
        matrix(|c| &c.c),
    )
    .expect("the indices are in range")
}

#[test]
fn cross_terms_and_folds_are_those_of_nova() {
    let shape = shape();
    let setup = Setup::development(10).expect("the points are valid");
    let challenges = Challenges::new(from_label(b"alpha"), from_label(b"gamma"));
    let layout = Layout {
        log_blocks: LOG_BLOCKS,
        chunks: 4,
        segments: 1,
    };
    let part = Part {
        shape: &shape,
        layout,
        trace: &Cubes,
        fixed: &[],
        commitment: None,
    };
    let (ours, _) = fold(
        &setup,
        from_label(b"seed"),
        (0, 0),
        &part,
        &challenges,
        &mut Journal::none(),
        &mut || (),
    )
    .expect("the witness is honest");

    let nova = Nova::new(&setup, &part, &challenges);
    let (u, w) = nova.folded(0..4, &ours.weights.chunks[1..], &ours.cross);
    assert_eq!(w.W(), nova.joined(&ours));
    assert_eq!(w.E(), ours.error);
    assert_eq!(u.X(), &challenges.scaled(ours.weights.u())[1..]);
    assert!(ours.error.iter().any(|error| *error != F::ZERO));
}

#[test]
fn merges_of_segments_are_those_of_nova() {
    let shape = shape();
    let setup = Setup::development(10).expect("the points are valid");
    let challenges = Challenges::new(from_label(b"alpha"), from_label(b"gamma"));
    let layout = Layout {
        log_blocks: LOG_BLOCKS,
        chunks: 5,
        segments: 2,
    };
    let part = Part {
        shape: &shape,
        layout,
        trace: &Cubes,
        fixed: &[],
        commitment: None,
    };
    let seed = from_label(b"seed");
    let segment = |number| {
        let place = (0, number);
        let (folded, _) = fold(
            &setup,
            seed,
            place,
            &part,
            &challenges,
            &mut Journal::none(),
            &mut || (),
        )
        .expect("the witness is honest");
        assert!(folded.holds());
        folded
    };
    let (mut ours, second) = (segment(0), segment(1));
    let nova = Nova::new(&setup, &part, &challenges);
    let (u1, w1) = nova.folded(0..2, &ours.weights.chunks[1..], &ours.cross);
    let (u2, w2) = nova.folded(2..5, &second.weights.chunks[1..], &second.cross);

    let mut transcript = start(b"merge");
    ours.merge(&setup, &mut transcript, second, &mut Journal::none())
        .expect("nothing is written");
    assert!(ours.holds());
    let (t, t_commitment) = nova
        .shape
        .commit_T_relaxed(&setup.key, &u1, &w1, &u2, &w2, &F::ZERO)
        .expect("the shapes fit");
    assert_eq!(ours.cross.last(), Some(&t_commitment));
    // The first chunk of the second segment weighs as much as the segment.
    let r = ours.weights.chunks[2];
    let u = u1.fold_relaxed(&u2, &t_commitment, &r);
    let w = w1
        .fold_relaxed(&w2, &t, &F::ZERO, &r)
        .expect("the lengths are right");
    assert_eq!(w.W(), nova.joined(&ours));
    assert_eq!(w.E(), ours.error);
    assert_eq!(u.X(), &challenges.scaled(ours.weights.u())[1..]);
    assert_eq!(*u.comm_E(), combine(&ours.cross, &ours.weights.cross));
}

/// The same chunks as nova-snark folds them.
struct Nova<'a> {
    setup: &'a Setup,
    part: &'a Part<'a>,
    challenges: &'a Challenges,
    shape: R1CSShape<E>,
}

impl<'a> Nova<'a> {
    fn new(setup: &'a Setup, part: &'a Part<'a>, challenges: &'a Challenges) -> Self {
        Self {
            setup,
            part,
            challenges,
            shape: nova_shape(part.shape),
        }
    }

    fn instance(&self, index: usize) -> (R1CSInstance<E>, R1CSWitness<E>) {
        let trace = Cubes.chunk(index);
        let bus = second_phase(self.part, self.challenges, &trace).expect("no pole");
        let w = [trace, bus].concat();
        let commitment = commit(self.setup, &w);
        let x = &self.challenges.public[1..];
        (
            R1CSInstance::new(&self.shape, &commitment, x).expect("the length is right"),
            R1CSWitness::new(&self.shape, &w, &mut rand_core::OsRng).expect("the length is right"),
        )
    }

    /// Chunks folded one after the other with these challenges; sees that the cross terms are these.
    fn folded(
        &self,
        mut chunks: std::ops::Range<usize>,
        challenges: &[F],
        cross: &[Commitment],
    ) -> (RelaxedR1CSInstance<E>, RelaxedR1CSWitness<E>) {
        let (u, w) = self.instance(chunks.next().expect("there is a chunk"));
        let mut running_u = RelaxedR1CSInstance::from_r1cs_instance_unchecked(u.comm_W(), u.X());
        let mut running_w = RelaxedR1CSWitness::from_r1cs_witness(&self.shape, &w);
        for (index, (r, cross)) in chunks.zip(challenges.iter().zip(cross)) {
            let (u, w) = self.instance(index);
            let (t, t_commitment) = self
                .shape
                .commit_T(&self.setup.key, &running_u, &running_w, &u, &w, &F::ZERO)
                .expect("the shapes fit");
            assert_eq!(t_commitment, *cross, "cross term of chunk {index}");
            running_u = running_u.fold(&u, &t_commitment, r);
            running_w = running_w
                .fold(&w, &t, &F::ZERO, r)
                .expect("the lengths are right");
        }
        (running_u, running_w)
    }

    fn joined(&self, folded: &Folded) -> Vec<F> {
        [&folded.witness.trace[..], &folded.witness.bus].concat()
    }
}

mod reduction {
    //! Many openings reduced to one, honestly and not.

    use ff::Field;
    use nova_snark::spartan::polys::multilinear::MultilinearPolynomial;

    use crate::{
        Setup, VerifierSetup,
        engine::{F, Transcript},
        folding::commit,
        openings::{Claim, Openings, prove, verify},
    };

    /// Vectors of 16, 64 and 32 elements.
    fn vectors() -> Vec<Vec<F>> {
        [4, 6, 5]
            .iter()
            .map(|&log| (0..1u64 << log).map(|i| F::from(i * i + 3 * log + 1)).collect())
            .collect()
    }

    fn claims(setup: &Setup, vectors: &[Vec<F>]) -> Vec<Claim> {
        vectors
            .iter()
            .map(|vector| {
                let point: Vec<F> = (0..u64::from(vector.len().ilog2()))
                    .map(|i| F::from(7 * i + 5))
                    .collect();
                Claim {
                    commitment: commit(setup, vector),
                    value: MultilinearPolynomial::evaluate_with(vector, &point),
                    point,
                }
            })
            .collect()
    }

    fn accepted(setup: &Setup, claims: &[Claim], proof: &Openings) -> bool {
        let key = VerifierSetup::new(&setup.tau_h()).expect("tau·H is valid");
        verify(&key, &mut Transcript::new(b"reduction"), claims, proof).is_ok()
    }

    fn proof(setup: &Setup, claims: &[Claim], vectors: &[Vec<F>]) -> Openings {
        prove(setup, &mut Transcript::new(b"reduction"), claims, vectors).expect("the sizes fit")
    }

    #[test]
    fn true_claims_about_vectors_of_different_lengths_are_accepted() {
        let setup = Setup::development(8).expect("the points are valid");
        let vectors = vectors();
        let claims = claims(&setup, &vectors);
        assert!(accepted(&setup, &claims, &proof(&setup, &claims, &vectors)));
    }

    #[test]
    fn a_false_value_point_or_commitment_of_any_claim_is_refused() {
        let setup = Setup::development(8).expect("the points are valid");
        let vectors = vectors();
        let honest = proof(&setup, &claims(&setup, &vectors), &vectors);
        for index in 0..vectors.len() {
            let changes: [fn(&Setup, &mut Claim); 3] = [
                |_, claim| claim.value += F::ONE,
                |_, claim| claim.point[1] += F::ONE,
                |setup, claim| claim.commitment = commit(setup, &[F::from(9)]),
            ];
            for change in changes {
                let mut claims = claims(&setup, &vectors);
                change(&setup, &mut claims[index]);
                assert!(
                    !accepted(&setup, &claims, &honest),
                    "the honest proof, claim {index}"
                );
                // And a prover who believes the false claim.
                assert!(
                    !accepted(&setup, &claims, &proof(&setup, &claims, &vectors)),
                    "claim {index}"
                );
            }
        }
    }

    #[test]
    fn every_value_of_the_proof_matters() {
        let setup = Setup::development(8).expect("the points are valid");
        let vectors = vectors();
        let claims = claims(&setup, &vectors);
        let honest = proof(&setup, &claims, &vectors);
        for index in 0..vectors.len() {
            let mut changed = honest.clone();
            changed.values[index] += F::ONE;
            assert!(!accepted(&setup, &claims, &changed));
        }
        let mut swapped = honest.clone();
        swapped.values.swap(0, 2);
        assert!(!accepted(&setup, &claims, &swapped));
    }

    #[test]
    fn a_commitment_to_more_than_the_claim_has_room_for_is_refused() {
        let setup = Setup::development(8).expect("the points are valid");
        let vectors = vectors();
        for index in [0, 2] {
            let mut claims = claims(&setup, &vectors);
            let mut longer = vectors[index].clone();
            longer.resize(64, F::from(5));
            claims[index].commitment = commit(&setup, &longer);
            assert!(!accepted(&setup, &claims, &proof(&setup, &claims, &vectors)));
        }
    }
}

#[test]
fn keys_that_are_no_points_are_refused_and_do_not_panic() {
    let good = Setup::development(1).expect("the points are valid").tau_h();
    assert!(VerifierSetup::new(&good).is_some());
    // Found by fuzzing: both coordinates beyond the field.
    assert!(VerifierSetup::new(&[0x95; 64]).is_none());
    assert!(VerifierSetup::new(&[0xff; 64]).is_none());
    assert!(VerifierSetup::new(&[0; 64]).is_none());
    for at in 0..64 {
        for change in [1, 0x3f, 0x40, 0x80, 0xff] {
            let mut changed = good;
            changed[at] ^= change;
            // Another point, or none: never the same, never a panic.
            if let Some(setup) = VerifierSetup::new(&changed) {
                assert_ne!(
                    format!("{:?}", setup.key),
                    format!("{:?}", VerifierSetup::new(&good).map(|it| it.key))
                );
            }
        }
    }
}
