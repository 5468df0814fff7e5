//! The rank of the STEP block's Jacobian at honest witnesses.
//!
//! Inputs of a step are fixed: the fetched row, the state, the values found in cells, and limbs (the page argues over
//! the integers that limbs are unique). If the Jacobian by all other first-phase columns has a kernel, some column
//! can move without any constraint noticing. The only columns that may are those that the step's operation does not use.

use std::collections::BTreeSet;

use ff::Field;
use weft_folding::{F, shape::Column};

use super::everything;
use crate::{
    machine::execute,
    program::flag,
    step::{Class, Executed, StepColumns, StepShape},
    witness::Lookups,
};

/// Columns given to the step from outside, or made unique by range checks.
fn given(shape: &StepShape) -> BTreeSet<Column> {
    let core = shape.core();
    let mut given: BTreeSet<Column> = core.flags.iter().map(|&(_, column)| column).collect();
    given.extend(core.offsets);
    given.extend(core.target);
    given.extend([
        core.pc,
        core.fp,
        core.clock,
        core.written,
        core.pages,
        core.imm,
        core.a,
        core.b,
        core.d_old,
    ]);
    for access in [core.a_access, core.b_access, core.d_access] {
        given.extend([access.last, access.passed]);
    }
    match &shape.columns {
        StepColumns::Arithmetic(c) => given.extend(c.limbs.into_iter().flatten()),
        StepColumns::Bits(c) => {
            given.extend(c.bytes.into_iter().flatten());
            given.extend(c.exponent);
        }
        StepColumns::Memory(c) => {
            given.extend(c.limbs.into_iter().flatten());
            given.extend(c.shift);
            given.extend([c.old, c.access.last, c.access.passed, c.index_low]);
        }
        StepColumns::Control(c) => given.extend(c.address.into_iter().flatten()),
    }
    given
}

/// Columns that an operation leaves free, with the reason.
fn free(shape: &StepShape, flags: u64, equal: bool) -> BTreeSet<Column> {
    let any = |bits: u64| flags & bits != 0;
    let mut free = BTreeSet::new();
    if !any(flag::WRITE_D) {
        free.insert(shape.core().d_new); // Nothing is written.
    }
    match &shape.columns {
        // (A − B)·inverse = 1 − equal: free if A = B, and in no other constraint.
        StepColumns::Arithmetic(c) if equal => {
            free.insert(c.inverse);
        }
        StepColumns::Control(c) if equal => {
            free.insert(c.inverse);
        }
        _ => {}
    }
    free
}

fn position(column: Column) -> usize {
    match column {
        Column::Trace(i) => i,
        _ => usize::MAX,
    }
}

/// Reduces the rows and gives the columns without a pivot: a basis of the kernel's directions.
pub(super) fn without_pivot(mut rows: Vec<Vec<F>>, columns: usize) -> Vec<usize> {
    let mut rank = 0;
    let mut missing = Vec::new();
    for column in 0..columns {
        let Some(pivot) = (rank..rows.len()).find(|&row| rows[row][column] != F::ZERO) else {
            missing.push(column);
            continue;
        };
        rows.swap(rank, pivot);
        let inverse = rows[rank][column].invert().expect("the pivot is not zero");
        rows[rank].iter_mut().for_each(|value| *value *= inverse);
        let pivot = rows[rank].clone();
        for (index, row) in rows.iter_mut().enumerate() {
            let factor = row[column];
            if index != rank && factor != F::ZERO {
                row.iter_mut()
                    .zip(&pivot)
                    .for_each(|(value, pivot)| *value -= factor * pivot);
            }
        }
        rank += 1;
    }
    missing
}

#[test]
fn no_column_that_a_step_uses_can_move() {
    let (program, input) = everything();
    let trace = execute(&program, &input, 1 << 16).expect("the program ends");
    let shapes = Class::ALL.map(StepShape::new);
    let mut seen = BTreeSet::new();
    for (index, step) in trace.steps.iter().enumerate() {
        let row = &program.code[step.pc as usize];
        if !seen.insert((row.flags, step.m.is_some())) {
            continue;
        }
        let shape = &shapes[Class::of(row) as usize];
        let given = given(shape);
        let mut values = vec![F::ZERO; shape.shape.columns()];
        let executed = Executed::new(index, step, row);
        shape.fill(&mut values, executed, &Lookups::none());
        let unknown: Vec<Column> = (0..shape.shape.trace_columns())
            .map(Column::Trace)
            .filter(|column| !given.contains(column))
            .collect();
        let jacobian = shape.shape.jacobian(&values, &unknown);
        let missing: BTreeSet<Column> = without_pivot(jacobian, unknown.len())
            .into_iter()
            .map(|i| unknown[i])
            .collect();
        let allowed = free(shape, row.flags, executed.a() == executed.b());
        let surprising: Vec<usize> = missing.difference(&allowed).map(|&c| position(c)).collect();
        assert!(
            surprising.is_empty(),
            "{}, flags {:#x}: columns {surprising:?} can move",
            shape.shape.name(),
            row.flags
        );
    }
    assert!(seen.len() > 40, "only {} kinds of steps", seen.len());
}

#[test]
fn a_block_that_is_off_is_zero_and_satisfied_and_puts_nothing_on_the_bus() {
    for class in Class::ALL {
        let shape = StepShape::new(class).shape;
        let zeros = vec![F::ZERO; shape.columns()];
        assert_eq!(shape.first_unsatisfied(&zeros), None, "{}", shape.name());
    }
}

#[test]
fn the_sizes_of_the_step_shapes_are_known() {
    let sizes = Class::ALL.map(|class| {
        let shape = StepShape::new(class).shape;
        (shape.constraints(), shape.trace_columns(), shape.bus_columns())
    });
    // Documentation names them; a change of the circuit changes them here first.
    assert_eq!(sizes, [(84, 49, 47), (96, 61, 67), (122, 84, 76), (80, 48, 49)]);
}
