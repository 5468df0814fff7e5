//! Our folding beside nova-snark's own.

use ff::Field;
use nova_snark::r1cs::{
    R1CSInstance, R1CSShape, R1CSWitness, RelaxedR1CSInstance, RelaxedR1CSWitness, SparseMatrix,
};

use crate::{
    Layout, Part, Setup, Trace,
    challenge::Challenges,
    engine::{E, F, from_label},
    folding::{commit, fold},
    matrix::Matrices,
    second_phase::second_phase,
    shape::{Linear, PUBLIC, Shape, ShapeBuilder},
    transcript::start,
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
    };
    let part = Part {
        shape: &shape,
        layout,
        trace: &Cubes,
        fixed: &[],
        commitment: None,
    };
    let ours = fold(
        &setup,
        &mut start(b"test"),
        &part,
        &Matrices::new(&shape),
        &challenges,
        &mut || (),
    )
    .expect("the witness is honest");

    let theirs = nova_shape(&shape);
    let instance = |index: usize| {
        let trace = Cubes.chunk(index);
        let bus = second_phase(&part, &challenges, &trace).expect("no pole");
        let w = [trace, bus].concat();
        let commitment = commit(&setup, &w);
        let x = &challenges.public[1..];
        (
            R1CSInstance::new(&theirs, &commitment, x).expect("the length is right"),
            R1CSWitness::new(&theirs, &w, &mut rand_core::OsRng).expect("the length is right"),
        )
    };
    let (u, w) = instance(0);
    let mut running_u = RelaxedR1CSInstance::from_r1cs_instance_unchecked(u.comm_W(), u.X());
    let mut running_w = RelaxedR1CSWitness::from_r1cs_witness(&theirs, &w);
    for index in 1..4 {
        let (u, w) = instance(index);
        let (t, t_commitment) = theirs
            .commit_T(&setup.key, &running_u, &running_w, &u, &w, &F::ZERO)
            .expect("the shapes fit");
        assert_eq!(t_commitment, ours.cross[index - 1], "cross term {index}");
        let r = ours.weights[index];
        running_u = running_u.fold(&u, &t_commitment, &r);
        running_w = running_w
            .fold(&w, &t, &F::ZERO, &r)
            .expect("the lengths are right");
    }
    assert_eq!(
        running_w.W(),
        [&ours.witness.trace[..], &ours.witness.bus].concat()
    );
    assert_eq!(running_w.E(), ours.error);
    assert!(ours.error.iter().any(|error| *error != F::ZERO));
}
