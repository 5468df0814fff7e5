//! Faults injected in the executor, with the rest of the trace made consistent: each must be refused.

use std::collections::BTreeSet;

use weft_folding::ProveError;

use super::{everything, image_without_commitment};
use crate::{
    ChunkSizes, Claim, RunError,
    machine::{Effect, Trace, execute, execute_with},
    program::{Program, flag},
    prove::check_against,
};

pub(super) const SIZES: ChunkSizes = ChunkSizes {
    step: 6,
    scan: 6,
    segments: 1,
};

/// Checks the trace against the claim that it makes of itself.
pub(super) fn check(program: &Program, input: &[u8], trace: &Trace) -> Result<(), RunError> {
    check_executed(program, program, input, trace)
}

/// The same for a trace of another program than the one that is committed to.
pub(super) fn check_executed(
    executed: &Program,
    committed: &Program,
    input: &[u8],
    trace: &Trace,
) -> Result<(), RunError> {
    let trapped = trace.outcome == 1;
    let output: Vec<u8> = trace.output.iter().flat_map(|word| word.to_le_bytes()).collect();
    let claim = Claim {
        statement: [0; 32],
        image: image_without_commitment(committed),
        input,
        output: if trapped { &[] } else { &output },
        trapped,
        steps: trace.steps.len() as u64,
        advised: false,
    };
    check_against(&claim, executed, committed, trace, SIZES)
}

/// Ways to change a value: each finds other holes (a carry, a sign, another table row, another multiple of 2^32).
const LIES: [fn(u64) -> u64; 5] = [
    |value| value ^ 1,
    |value| value.wrapping_add(1 << 32),
    |value| value.wrapping_sub(8),
    |value| !value,
    |_| 0,
];

#[test]
fn the_program_that_is_lied_about_executes_every_operation_and_is_satisfied() {
    let (program, input) = everything();
    let trace = execute(&program, &input, 1 << 16).expect("the program ends");
    check(&program, &input, &trace).expect("an honest trace satisfies every constraint");
    let executed = trace
        .steps
        .iter()
        .fold(0, |flags, step| flags | program.code[step.pc as usize].flags);
    let missing: Vec<usize> = (0..flag::COUNT).filter(|i| executed >> i & 1 == 0).collect();
    assert!(missing.is_empty(), "flags never executed: {missing:?}");
}

#[test]
fn every_injected_fault_is_refused() {
    let (program, input) = everything();
    let honest = execute(&program, &input, 1 << 16).expect("the program ends");
    let mut tried = 0;
    let mut sites = BTreeSet::new();
    for (index, step) in honest.steps.iter().enumerate() {
        // One site for each operation and effect is enough; the same equations hold for all others.
        let flags = program.code[step.pc as usize].flags;
        for effect in [
            Effect::A,
            Effect::B,
            Effect::Word,
            Effect::Result,
            Effect::Stored,
            Effect::Next,
            Effect::Frame,
            Effect::Pages,
            Effect::Output,
        ] {
            // Nothing comes after a halt, so its next frame is in no trace.
            let nowhere = flags & flag::HALT != 0 && effect == Effect::Frame;
            if nowhere || !sites.insert((flags, effect as u8)) {
                continue;
            }
            for lie in LIES {
                let mut lied = false;
                let faulty = execute_with(
                    &program,
                    &input,
                    None,
                    honest.steps.len() as u64 + 64,
                    &mut |at, what, value| {
                        if at != index || what != effect {
                            return value;
                        }
                        let changed = lie(value);
                        lied = changed != value;
                        changed
                    },
                );
                // A lie that leads the machine outside the program leaves no trace to prove, and an outcome
                // that is neither success nor trap cannot be claimed.
                let (true, Ok(faulty)) = (lied, faulty) else {
                    continue;
                };
                if faulty.outcome > 1 {
                    continue;
                }
                tried += 1;
                let verdict = check(&program, &input, &faulty);
                assert!(
                    matches!(
                        verdict,
                        Err(RunError::Prove(
                            ProveError::Unsatisfied { .. } | ProveError::Unbalanced
                        ))
                    ),
                    "step {index}, flags {flags:#x}, {effect:?}: {verdict:?}"
                );
            }
        }
    }
    assert!(tried > 300, "only {tried} faults were injected");
}

#[test]
fn claims_that_differ_from_the_trace_are_refused() {
    let (program, input) = everything();
    let honest = execute(&program, &input, 1 << 16).expect("the program ends");
    let refused = |change: &dyn Fn(&mut Trace, &mut Vec<u8>)| {
        let (mut trace, mut input) = (honest.clone(), input.clone());
        change(&mut trace, &mut input);
        assert!(check(&program, &input, &trace).is_err());
    };
    refused(&|trace, _| trace.output[0] ^= 1);
    refused(&|trace, _| trace.output.truncate(3));
    refused(&|trace, _| trace.output.push(0));
    refused(&|trace, _| trace.outcome = 1);
    refused(&|_, input| input[0] ^= 1);
    refused(&|_, input| input.truncate(9));
    refused(&|trace, _| trace.steps.truncate(20));
    refused(&|trace, _| trace.steps.swap(5, 6));
    refused(&|trace, _| {
        trace.steps.remove(7);
    });
    refused(&|trace, _| {
        trace.cells.remove(3);
    });
    refused(&|trace, _| trace.cells.swap(3, 4));
    refused(&|trace, _| trace.cells.insert(4, trace.cells[4]));
    refused(&|trace, _| trace.cells[2].value ^= 1);
    refused(&|trace, _| trace.cells[2].last += 1);
    refused(&|trace, _| trace.cells.iter_mut().for_each(|cell| cell.named = false));
    refused(&|trace, _| trace.cells.iter_mut().for_each(|cell| cell.named = true));
}
