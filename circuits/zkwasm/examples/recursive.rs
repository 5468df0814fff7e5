//! Measures Nova's recursive form (IVC), to compare with the flat form that `measure` measures:
//! `cargo run --example recursive -p weft-zkwasm [log instructions a step] [steps]`.
//!
//! A step of the recursion proves as many instructions as asked for, with one synthetic block for each. The block is
//! not the machine's: it computes nothing. It has as many constraints and columns as the STEP block, about as many
//! coefficients, the same kinds of constraints (booleans, selected equations, products, products with a power of α,
//! inverses on the bus), and on average as many values that are 0, 1, short, and of full size as a run of `measure`.
//!
//! What flatters the recursive form: the bus's challenges γ and α are taken as given inputs. A real one would have to
//! bind all steps' first-phase witnesses before it drew them, which takes a pass over the run of its own, or commitments
//! inside the circuit. Also left out are the scan of the cells, which the flat form's figures include, and the image.
//! What flatters the flat form: it hides nothing, while Nova's compressed proof does.
//!
//! Compressing is Spartan without preprocessing: its verifier reads the whole shape of a step, so that verifying takes
//! longer the larger a step is. With preprocessing it would not, and compressing would take longer.
//!
//! The setup is the one for development. While it is read, halo2curves prints lines of its own.

use std::{path::Path, sync::Arc, time::Instant};

use ff::{BatchInvert, Field};
use nova_snark::{
    frontend::{ConstraintSystem, LinearCombination, SynthesisError, Variable, num::AllocatedNum},
    nova::{CompressedSNARK, PublicParams, RecursiveSNARK},
    provider::{Bn256EngineKZG, GrumpkinEngine, hyperkzg, ipa_pc},
    spartan::snark::RelaxedR1CSSNARK,
    traits::{Engine, circuit::StepCircuit, snark::RelaxedR1CSSNARKTrait},
};
use rayon::prelude::*;
use weft_folding::{Setup, power_of_two};

type E1 = Bn256EngineKZG;
type E2 = GrumpkinEngine;
type S1 = RelaxedR1CSSNARK<E1, hyperkzg::EvaluationEngine<E1>>;
type S2 = RelaxedR1CSSNARK<E2, ipa_pc::EvaluationEngine<E2>>;
type F = <E1 as Engine>::Scalar;

/// First-phase columns: bits, two words, bits that are no constraint's concern, short numbers, zeros, products.
const TRACE: usize = 128;
const BITS: usize = 42;
/// Bits 0 to 7 are 1, the others 0.
const SET: usize = 8;
const WORD: usize = BITS;
const ONES: usize = WORD + 2;
const SHORT: usize = ONES + 3;
const SHORTS: usize = 9;
const ZERO: usize = SHORT + SHORTS;
const PRODUCT: usize = 96;
/// Second-phase columns: products with powers of α, inverses.
const SCALED: usize = TRACE;
const INVERSE: usize = SCALED + 30;
const COLUMNS: usize = INVERSE + 59;
/// Public values: 1, γ, α, … α⁸.
const ONE: usize = COLUMNS;
const GAMMA: usize = ONE + 1;
const ALPHA: usize = GAMMA + 1;
const POWERS: usize = 8;

/// A linear combination: columns and coefficients.
type Side = Vec<(usize, F)>;

/// The constraints of a block, a · b = c.
fn rows() -> Vec<[Side; 3]> {
    let column = |i: usize| vec![(i, F::ONE)];
    let sum = |columns: &mut dyn Iterator<Item = usize>| columns.map(|i| (i, F::ONE)).collect::<Side>();
    let less_one = |mut side: Side| {
        side.push((ONE, -F::ONE));
        side
    };
    let short = |i: usize| SHORT + i % SHORTS;
    let unset = |i: usize| SET + i % (BITS - SET);
    let mut rows: Vec<[Side; 3]> = (0..BITS)
        .map(|i| [column(i), less_one(column(i)), vec![]])
        .collect();
    let on = sum(&mut (0..1).chain(SET..20));
    rows.push([on.clone(), less_one(on), vec![]]);

    // A product of two words, a word's inverse, products of short numbers, products that are 0.
    rows.push([column(WORD), column(WORD + 1), column(PRODUCT)]);
    rows.push([column(WORD), column(PRODUCT + 1), column(ONE)]);
    rows.extend((2..32).map(|i| {
        let (a, b) = match i {
            ..13 => (i % SET, short(i)),
            13..20 => (short(i), ZERO + i),
            _ => (unset(i), short(i)),
        };
        [column(a), column(b), column(PRODUCT + i)]
    }));
    rows.extend((0..38).map(|i| {
        let selector = sum(&mut (i..i + 3).map(unset));
        [
            selector,
            sum(&mut (0..7).map(|j| WORD + (2 * i + j) % (PRODUCT - WORD))),
            vec![],
        ]
    }));
    rows.extend((0..2).map(|i| [column(i), sum(&mut (0..7).map(|j| ZERO + 7 * i + j)), vec![]]));

    rows.extend((0..30).map(|i| {
        let of = match i {
            ..22 => vec![(short(i), F::ONE), (ZERO + i, power_of_two(16))],
            _ => column(ZERO + i),
        };
        [column(ALPHA + i % POWERS), of, column(SCALED + i)]
    }));
    rows.extend((0..59).map(|i| {
        let mut denominator = vec![(GAMMA, F::ONE), (ALPHA + POWERS - 1, -F::from(1 + i as u64 % 7))];
        denominator.push((WORD + i % (PRODUCT - WORD), -F::ONE));
        denominator.extend([0, 7, 13].map(|j| (SCALED + (i + j) % 30, -F::ONE)));
        let multiplicity = sum(&mut (i..i + 2).map(unset).chain((i < 43).then_some(i % SET)));
        [column(INVERSE + i), denominator, multiplicity]
    }));
    rows
}

/// A step: `blocks` blocks. Its state is the bus's sum, γ and α.
#[derive(Clone)]
struct Step {
    blocks: usize,
    number: u64,
    rows: Arc<Vec<[Side; 3]>>,
}

impl Step {
    /// The columns of a block, then the public values.
    fn values(&self, block: usize, public: &[F]) -> Vec<F> {
        // SplitMix64: numbers that differ from block to block.
        let mut state = self.number << 32 | block as u64;
        let mut next = move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            (mixed ^ mixed >> 31) | 1
        };
        let mut values = vec![F::ZERO; COLUMNS];
        values.extend_from_slice(public);
        values[..SET].fill(F::ONE);
        values[WORD..ONES].fill_with(|| F::from(next()));
        values[ONES..SHORT].fill(F::ONE);
        values[SHORT..ZERO].fill_with(|| F::from(next() >> 48 | 1));
        let sum = |values: &[F], side: &Side| side.iter().map(|(i, factor)| values[*i] * factor).sum::<F>();
        for [a, b, c] in self.rows.iter() {
            if let [(i @ PRODUCT..INVERSE, _)] = c[..] {
                values[i] = sum(&values, a) * sum(&values, b);
            }
        }
        let inverses = &self.rows[self.rows.len() - (COLUMNS - INVERSE)..];
        let mut inverted: Vec<F> = inverses.iter().map(|[_, b, _]| sum(&values, b)).collect();
        inverted.push(values[WORD]);
        inverted.batch_invert();
        values[PRODUCT + 1] = inverted.pop().unwrap_or(F::ZERO);
        for (i, ([_, _, multiplicity], inverse)) in inverses.iter().zip(inverted).enumerate() {
            values[INVERSE + i] = inverse * sum(&values, multiplicity);
        }
        values
    }
}

impl StepCircuit<F> for Step {
    fn arity(&self) -> usize {
        3
    }

    fn synthesize<CS: ConstraintSystem<F>>(
        &self,
        cs: &mut CS,
        z: &[AllocatedNum<F>],
    ) -> Result<Vec<AllocatedNum<F>>, SynthesisError> {
        let [before, gamma, alpha] = z else {
            return Err(SynthesisError::Unsatisfiable("a state is three numbers".into()));
        };
        let mut powers = vec![alpha.clone()];
        while let (Some(last), true) = (powers.last(), powers.len() < POWERS) {
            let power = last.mul(cs.namespace(|| "power"), alpha)?;
            powers.push(power);
        }
        let public_variables: Vec<Variable> = std::iter::once(CS::one())
            .chain(
                std::iter::once(gamma)
                    .chain(&powers)
                    .map(AllocatedNum::get_variable),
            )
            .collect();
        let public: Option<Vec<F>> = std::iter::once(Some(F::ONE))
            .chain(std::iter::once(gamma).chain(&powers).map(AllocatedNum::get_value))
            .collect();
        let values: Option<Vec<Vec<F>>> = public.map(|public| {
            (0..self.blocks)
                .into_par_iter()
                .map(|block| self.values(block, &public))
                .collect()
        });

        let mut sum = before.get_value();
        let mut inverses = Vec::with_capacity(self.blocks * (COLUMNS - INVERSE));
        for block in 0..self.blocks {
            let values = values.as_ref().map(|values| &values[block]);
            let mut variables = (0..COLUMNS)
                .map(|i| {
                    let value = || {
                        values
                            .map(|values| values[i])
                            .ok_or(SynthesisError::AssignmentMissing)
                    };
                    cs.alloc(|| "column", value)
                })
                .collect::<Result<Vec<_>, _>>()?;
            inverses.extend_from_slice(&variables[INVERSE..]);
            if let (Some(sum), Some(values)) = (&mut sum, values) {
                *sum += values[INVERSE..COLUMNS].iter().sum::<F>();
            }
            variables.extend_from_slice(&public_variables);
            let side = |side: &Side, combination: LinearCombination<F>| {
                side.iter()
                    .fold(combination, |sum, (i, factor)| sum + (*factor, variables[*i]))
            };
            for [a, b, c] in self.rows.iter() {
                cs.enforce(|| "row", |lc| side(a, lc), |lc| side(b, lc), |lc| side(c, lc));
            }
        }
        let after = AllocatedNum::alloc(cs.namespace(|| "sum"), || {
            sum.ok_or(SynthesisError::AssignmentMissing)
        })?;
        cs.enforce(
            || "sum",
            |lc| {
                inverses
                    .iter()
                    .fold(lc + before.get_variable(), |sum, &inverse| sum + inverse)
            },
            |lc| lc + CS::one(),
            |lc| lc + after.get_variable(),
        );
        Ok(vec![after, gamma.clone(), alpha.clone()])
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let log_blocks: usize = arguments.next().map_or(Ok(10), |text| text.parse())?;
    let steps: usize = arguments.next().map_or(Ok(8), |text| text.parse())?;
    if log_blocks > 16 || steps < 3 {
        return Err("at most 2^16 instructions a step and at least 3 steps".into());
    }
    let directory = std::env::temp_dir().join(format!("weft-recursive-{}", std::process::id()));
    std::fs::create_dir(&directory)?;
    let result = measure(1 << log_blocks, steps, &directory);
    std::fs::remove_dir_all(&directory)?;
    result
}

fn measure(blocks: usize, steps: usize, directory: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let time = |name: &str, since: Instant| println!("{name:20} {:8.3} s", since.elapsed().as_secs_f64());
    let rows = Arc::new(rows());
    let step = |number| Step {
        blocks,
        number,
        rows: rows.clone(),
    };

    let start = Instant::now();
    // The columns of all blocks and the recursion's own, about 10 000.
    let log_size = (blocks * COLUMNS + (1 << 14)).next_power_of_two().ilog2() as usize;
    // nova-snark looks for a file of this name in the directory.
    Setup::development(log_size)?.save(&directory.join(format!("ppot_pruned_{log_size:02}.ptau")))?;
    let parameters = PublicParams::<E1, E2, Step>::setup_with_ptau_dir(
        &step(0),
        &*S1::ck_floor(),
        &*S2::ck_floor(),
        directory,
    )?;
    let (prover_key, verifier_key) = CompressedSNARK::<_, _, _, S1, S2>::setup(&parameters)?;
    time("setup", start);
    let key_length = bincode::serde::encode_to_vec(&verifier_key, bincode::config::legacy())?.len();
    println!("verifying key        {key_length} bytes");
    let (first, second) = parameters.num_constraints();
    println!(
        "constraints: {} a block, {first} a step, of them {} the recursion's; {second} on the other curve",
        rows.len(),
        first - blocks * rows.len()
    );
    let (first, second) = parameters.num_variables();
    println!("variables: {COLUMNS} a block, {first} a step; {second} on the other curve");

    // As good as random: full-size challenges.
    let challenge = |seed: u64| F::from(seed).invert().unwrap_or(F::ONE);
    let state = [F::ZERO, challenge(0x00c0_ffee), challenge(0x5eed)];
    let start = Instant::now();
    let mut proof = RecursiveSNARK::new(&parameters, &step(0), &state)?;
    proof.prove_step(&parameters, &step(0))?;
    time("first step", start);
    let rest = Instant::now();
    for number in 1..steps {
        let start = Instant::now();
        proof.prove_step(&parameters, &step(number as u64))?;
        time("step", start);
    }
    let each = rest.elapsed().as_secs_f64() / (steps - 1) as f64;
    let compress = Instant::now();
    let compressed = CompressedSNARK::<_, _, _, S1, S2>::prove(&parameters, &prover_key, &proof)?;
    time("compress", compress);
    let elapsed = start.elapsed().as_secs_f64();
    let bytes = bincode::serde::encode_to_vec(&compressed, bincode::config::legacy())?.len();
    println!(
        "{each:.3} s a step, {:.0} instructions/s without compressing",
        blocks as f64 / each
    );
    println!(
        "{} instructions in {elapsed:.3} s: {:.0} instructions/s, {bytes} bytes",
        blocks * steps,
        (blocks * steps) as f64 / elapsed
    );
    for _ in 0..3 {
        let start = Instant::now();
        compressed.verify(&verifier_key, steps, &state)?;
        time("verify", start);
    }
    Ok(())
}
