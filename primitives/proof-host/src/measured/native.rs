//! The host's side.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use codec::DecodeAll;
use weft_folding::{Journal, Setup};
use weft_primitives::{Claim, MAX_INPUT_BYTES, Outcome, keccak256};
use weft_zkwasm::{
    ChunkSizes, Image, Precompile, Run, SetupKind, VerifyingKey,
    machine::execute,
    program::{Instruction, Program, flag},
    proof_size, prove_run,
};

use super::MeasuredProgram;

/// The development setup, as large as the default chunks need.
static SETUP: LazyLock<Option<Setup>> = LazyLock::new(|| Setup::development(17).ok());

/// Proofs that were made, by the digest of claim and size: a benchmark repeats its measurements.
static PROOFS: LazyLock<Mutex<HashMap<[u8; 32], Vec<u8>>>> = LazyLock::new(Mutex::default);

/// The cell that is counted down; cell 0 holds the word that is put out.
const COUNTER: u32 = 1;

/// No measured run is longer.
const MOST_STEPS: u64 = 1 << 20;

/// A cell that stays 0.
const ZERO: u32 = 2;

/// A program that calls every precompile, so that its proofs have all shapes, puts `output` out and counts down from `rounds`.
fn counting(output: &[u64], rounds: u64) -> Program {
    let row = |flags, d, imm, target| Instruction {
        flags,
        d,
        imm,
        target,
        ..Instruction::default()
    };
    let constant = |cell, value| row(flag::ADD | flag::WRITE_D, cell, value, 0);
    let mut code = vec![row(flag::JUMP, 0, 0, 2), row(flag::HALT, 0, 0, 1)];
    code.extend(Precompile::ALL.map(|precompile| Instruction {
        a: ZERO,
        ..row(
            flag::PRECOMPILE | flag::USE_A,
            0,
            precompile.words() as u64,
            precompile.code(),
        )
    }));
    let mut last = None;
    for &word in output {
        if last != Some(word) {
            code.push(constant(0, word));
            last = Some(word);
        }
        code.push(row(flag::OUTPUT | flag::USE_A, 0, 0, 0));
    }
    code.push(constant(COUNTER, rounds));
    let again = code.len() as u64;
    code.push(Instruction {
        a: COUNTER,
        ..row(flag::SUB | flag::USE_A | flag::WRITE_D, COUNTER, 1, 0)
    });
    code.push(Instruction {
        a: COUNTER,
        ..row(flag::JUMP_NOT_EQUAL | flag::USE_A, 0, 0, again)
    });
    code.push(row(flag::HALT, 0, 0, 0));
    Program {
        completes: vec![0; code.len()],
        code,
        pages: 1,
        ..Program::default()
    }
}

/// A program and how its runs are cut into chunks.
struct Plan {
    program: Program,
    image: Image,
    sizes: ChunkSizes,
    steps: u64,
}

/// What program to run, so that its proof has at most `most` bytes whatever the input is.
fn plan(output: &[u8], most: usize) -> Option<Plan> {
    let longest_input = vec![0; MAX_INPUT_BYTES as usize];
    let setup = SETUP.as_ref()?;
    let (words, _) = output.as_chunks();
    let words: Vec<u64> = words.iter().map(|word| u64::from_le_bytes(*word)).collect();
    // The smallest chunks make the most of them in the fewest steps.
    (4..=10).find_map(|step| {
        let sizes = ChunkSizes {
            step,
            ..ChunkSizes::default()
        };
        let attempt = |rounds| {
            let program = counting(&words, rounds);
            let trace = execute(&program, &longest_input, MOST_STEPS).ok()?;
            let image = Image::new(setup, &program).ok()?;
            let size = proof_size(&image, &program, &trace, sizes).ok()?.bytes;
            let plan = Plan {
                program,
                image,
                sizes,
                steps: trace.steps.len() as u64,
            };
            (size <= most).then_some((size, plan))
        };
        let rounds_a_chunk = 1 << (step - 1);
        let (shortest, plan) = attempt(1)?;
        let Some((longer, _)) = attempt(1 + rounds_a_chunk) else {
            return Some(plan);
        };
        let chunks = (most - shortest) / (longer - shortest).max(1);
        let full = attempt(1 + chunks as u64 * rounds_a_chunk).map(|(_, plan)| plan);
        full.or(Some(plan))
    })
}

fn key() -> Option<VerifyingKey> {
    VerifyingKey::new(SETUP.as_ref()?, SetupKind::Development)
}

pub(super) fn program(output: &[u8], proof_bytes: u32) -> Option<MeasuredProgram> {
    let plan = plan(output, proof_bytes as usize)?;
    Some(MeasuredProgram {
        image: plan.image.encode().to_vec(),
        key: key()?.encode().to_vec(),
        steps: plan.steps,
    })
}

pub(super) fn prove(claim: &[u8], proof_bytes: u32) -> Option<Vec<u8>> {
    let known = |digest| {
        let proofs = PROOFS.lock().unwrap_or_else(PoisonError::into_inner);
        proofs.get(&digest).cloned()
    };
    let digest = keccak256(&[claim, &proof_bytes.to_le_bytes()[..]].concat()).0;
    if let Some(proof) = known(digest) {
        return Some(proof);
    }
    let claim = Claim::decode_all(&mut &claim[..]).ok()?;
    let plan = plan(&claim.output, proof_bytes as usize)?;
    let trace = execute(&plan.program, &claim.input, MOST_STEPS).ok()?;
    let run = weft_zkwasm::Claim {
        statement: claim.statement.0,
        image: plan.image,
        input: &claim.input,
        output: &claim.output,
        trapped: claim.outcome == Outcome::Trapped,
        steps: claim.steps,
        advised: claim.advised,
    };
    let setup = SETUP.as_ref()?;
    let (proof, _) = prove_run(
        setup,
        &key()?,
        Run {
            claim: &run,
            program: &plan.program,
            trace: &trace,
            sizes: plan.sizes,
        },
        &mut [],
        &mut Journal::none(),
        &|_, _| (),
    )
    .ok()?;
    PROOFS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(digest, proof.clone());
    Some(proof)
}

#[cfg(test)]
mod tests {
    use codec::Encode;

    use super::*;

    #[test]
    fn a_measured_proof_is_nearly_as_long_as_asked_for_and_valid() {
        let output = [7_u64.to_le_bytes(), 8_u64.to_le_bytes()].concat();
        for most in [24 * 1024, 32 * 1024] {
            let program = program(&output, most).expect("such a proof can be made");
            let claim = Claim {
                statement: weft_primitives::H256::repeat_byte(1),
                image: program.image,
                input: vec![1; 32],
                output: output.clone(),
                outcome: Outcome::Ok,
                steps: program.steps,
                advised: false,
            }
            .encode();
            let proof = prove(&claim, most).expect("the run is that of the program");
            assert!(proof.len() > most as usize - 1024 && proof.len() <= most as usize);
            let verdict = crate::native::zkwasm_verify(&program.key, &claim, &proof);
            assert_eq!(verdict, weft_primitives::ProofError::VALID);
        }
    }

    #[test]
    fn a_proof_shorter_than_any_is_not_promised() {
        assert!(program(&[], 1_000).is_none());
    }
}
