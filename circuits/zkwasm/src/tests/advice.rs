//! Words that the prover chooses: one value each, and no other cell can be started by them.

use ff::{Field, PrimeField};
use weft_folding::{F, ProveError, power_of_two};

use super::{
    faults::check,
    tampering::{lies, says, small},
};
use crate::{
    RunError,
    advice::{self, words},
    bus::tag,
    key::Circuit,
    machine::{Effect, FinalCell, Trace, execute, execute_advised, execute_with},
    program::{Program, Space},
    translate::translate,
    witness::{Lookups, Row},
};

/// Reads words 3, 0, 3 again and the last that there is, and writes them; fails if word 1 is 9.
const READER: &str = r#"(module
  (import "weft" "advice_word" (func $word (param i32) (result i64)))
  (import "weft" "output_word" (func $out (param i64)))
  (memory 1)
  (func (export "run")
    (call $out (call $word (i32.const 3)))
    (call $out (call $word (i32.const 0)))
    (call $out (call $word (i32.const 3)))
    (call $out (call $word (i32.const -1)))
    (i64.store (i32.const 0) (call $word (i32.const 0)))
    (call $out (i64.load (i32.const 0)))
    (if (i64.eq (call $word (i32.const 1)) (i64.const 9)) (then unreachable))))"#;

fn reader() -> Program {
    let wasm = wat::parse_str(READER).expect("the text is valid");
    translate(&wasm).expect("the module is supported")
}

const ADVICE: [u64; 5] = [u64::MAX, 2, 3, 0x1234_5678_9abc_def0, 5];

fn trace() -> Trace {
    execute_advised(&reader(), &[], &ADVICE, 1 << 12).expect("the program ends")
}

fn refused(trace: &Trace) -> bool {
    matches!(
        check(&reader(), &[], trace),
        Err(RunError::Prove(
            ProveError::Unsatisfied { .. } | ProveError::Unbalanced
        ))
    )
}

#[test]
fn words_are_read_as_they_were_given_and_zeros_after_them() {
    let trace = trace();
    assert_eq!(trace.output, [ADVICE[3], ADVICE[0], ADVICE[3], 0, ADVICE[0]]);
    check(&reader(), &[], &trace).expect("an honest trace satisfies every constraint");
    // Only what was read is proved.
    let indices: Vec<u64> = words(&trace)
        .iter()
        .map(|cell| cell.key - Space::Advice.base())
        .collect();
    assert_eq!(indices, [0, 1, 3, 0xffff_ffff]);
    assert!(reader().reads_advice());
    let without = execute(&reader(), &[], 1 << 12).expect("the program ends");
    assert_eq!(without.output, [0; 5]);
    check(&reader(), &[], &without).expect("without advice they are cells like others");
    assert!(words(&without).is_empty());
}

#[test]
fn a_trap_that_advice_brings_about_is_a_run_too() {
    let trapped = execute_advised(&reader(), &[], &[0, 9], 1 << 12).expect("the program ends");
    assert_eq!(trapped.outcome, 1);
    check(&reader(), &[], &trapped).expect("it is honest");
}

#[test]
fn a_word_does_not_change_between_two_reads() {
    let honest = trace();
    let mut tried = 0;
    for index in 0..honest.steps.len() {
        for lie in [1, 1 << 40, u64::MAX] {
            let mut lied = false;
            let trace = execute_with(
                &reader(),
                &[],
                Some(&ADVICE),
                1 << 12,
                &mut |at, effect, value| {
                    let is_here = at == index && effect == Effect::Word;
                    lied |= is_here;
                    if is_here { value ^ lie } else { value }
                },
            );
            if let Some(trace) = trace.ok().filter(|_| lied) {
                tried += 1;
                assert!(refused(&trace), "step {index}");
            }
        }
    }
    assert!(tried >= 15, "only {tried}");
}

#[test]
fn a_word_has_one_start() {
    let place = |trace: &Trace| {
        trace
            .cells
            .partition_point(|cell| cell.key < Space::Advice.base())
    };
    // The scan's own start beside that of ADVICE.
    let mut twice = trace();
    let at = place(&twice);
    twice.cells[at].named = false;
    assert!(refused(&twice));
    // The same word listed twice.
    let mut doubled = trace();
    let cell = doubled.cells[at];
    doubled.cells.insert(at, FinalCell { last: 0, ..cell });
    assert!(refused(&doubled));
    // A word that is not listed, one that was never read, and one that ends with another value.
    let mut missing = trace();
    missing.cells.remove(at);
    assert!(refused(&missing));
    let mut other = trace();
    other.cells[at].value ^= 1;
    assert!(refused(&other));
}

#[test]
fn no_cell_of_another_space_is_started_as_advice() {
    let honest = trace();
    for (index, cell) in honest.cells.iter().enumerate().filter(|(_, cell)| !cell.named) {
        let mut trace = honest.clone();
        trace.cells[index].named = true;
        assert!(refused(&trace), "cell {:x}", cell.key);
    }
}

#[test]
fn whatever_a_block_holds_it_starts_at_most_one_word_below_2_to_the_32() {
    let (shape, columns) = &Circuit::get().advice;
    let block = |index: u64, value: u64| {
        let mut block = vec![F::ZERO; shape.columns()];
        advice::fill(columns, &mut Row(&mut block), index, value, &Lookups::none());
        block
    };
    let mut blocks = vec![block(0, 0), block(u32::MAX.into(), u64::MAX), block(77, 88)];
    // Keys of other spaces, if a limb could be any element.
    for space in [
        Space::Frame,
        Space::Memory,
        Space::Global,
        Space::Table,
        Space::Input,
    ] {
        let mut forged = block(0, 1);
        let away = F::from(space.base()) - F::from(Space::Advice.base());
        Row(&mut forged).put(columns.index[0], away);
        assert_eq!(says(shape, &forged), None, "{space:?}");
        let mut forged = block(0, 1);
        let away = away * power_of_two(16).invert().expect("it is not 0");
        Row(&mut forged).put(columns.index[1], away);
        assert_eq!(says(shape, &forged), None, "{space:?}");
    }
    let mut started = 0;
    for honest in std::mem::take(&mut blocks) {
        for column in 0..shape.trace_columns() {
            for lie in lies(honest[column]).into_iter().chain([F::ZERO, F::from(2)]) {
                let mut block = honest.clone();
                block[column] = lie;
                let Some(said) = says(shape, &block) else { continue };
                for (tuple, multiplicity) in said {
                    let number = |at: usize| {
                        let repr = F::from_repr(tuple[at].into()).expect("a number");
                        small(repr).expect("below 2^64")
                    };
                    assert_eq!(multiplicity, F::ONE);
                    // Tag, the bare component, key, value, time.
                    assert_eq!((number(0), number(1), number(4)), (tag::CELL, 0, 0));
                    let end = Space::Advice.base() + (1 << 32);
                    assert!((Space::Advice.base()..end).contains(&number(2)));
                    started += 1;
                }
            }
        }
    }
    assert!(started > 20, "only {started} blocks started a word");
}

#[test]
fn the_shape_has_the_size_that_the_documentation_names() {
    let shape = &Circuit::get().advice.0;
    let size = (shape.constraints(), shape.trace_columns(), shape.bus_columns());
    assert_eq!(size, (10, 7, 9));
}
