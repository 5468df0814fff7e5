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
    program::{TICKS_PER_STEP, flag},
    step::{StepColumns, step_shape},
    witness::{Lookups, fill_step},
};

/// Columns given to the step from outside, or made unique by range checks.
fn given(c: &StepColumns) -> BTreeSet<Column> {
    let mut given: BTreeSet<Column> = c.flags.into_iter().chain(c.offsets).chain(c.shift).collect();
    given.extend(c.limbs.into_iter().flatten());
    given.extend([
        c.pc, c.fp, c.clock, c.written, c.pages, c.imm, c.target, c.a, c.b, c.d_old, c.m_old,
    ]);
    for access in [c.a_access, c.b_access, c.m_access, c.d_access] {
        given.extend([access.last, access.passed]);
    }
    given.insert(c.index_low);
    given
}

/// Columns that an operation leaves free, with the reason.
fn free(c: &StepColumns, flags: u64) -> BTreeSet<Column> {
    let any = |bits: u64| flags & bits != 0;
    let access = any(flag::LOAD | flag::STORE);
    let cell = any(flag::READ_CELL | flag::WRITE_CELL);
    let mut free = BTreeSet::new();
    if !any(flag::WRITE_D) {
        free.insert(c.d_new); // Nothing is written.
    }
    if !access && !cell {
        free.extend([c.m_key, c.m_new]); // No cell is accessed.
    }
    free
}

/// Columns that are the solution of a product with zero, so that they are free where the other factor vanishes.
fn inverse_of_zero(c: &StepColumns) -> Column {
    c.inverse // (A − B)·inverse = 1 − equal: free if A = B, and in no other constraint.
}

fn position(column: Column) -> usize {
    match column {
        Column::Trace(i) => i,
        _ => usize::MAX,
    }
}

/// Reduces the rows and gives the columns without a pivot: a basis of the kernel's directions.
fn without_pivot(mut rows: Vec<Vec<F>>, columns: usize) -> Vec<usize> {
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
    let (shape, c) = step_shape();
    let given = given(&c);
    let mut seen = BTreeSet::new();
    for (index, step) in trace.steps.iter().enumerate() {
        let row = &program.code[step.pc as usize];
        if !seen.insert((row.flags, step.m.is_some())) {
            continue;
        }
        let mut values = vec![F::ZERO; shape.columns()];
        let clock = TICKS_PER_STEP * (index as u64 + 1);
        fill_step(&mut values, &c, Some((step, row, clock)), &Lookups::new());
        let unknown: Vec<Column> = (0..shape.trace_columns())
            .map(Column::Trace)
            .filter(|column| !given.contains(column))
            .collect();
        let jacobian = shape.jacobian(&values, &unknown);
        let missing: BTreeSet<Column> = without_pivot(jacobian, unknown.len())
            .into_iter()
            .map(|i| unknown[i])
            .collect();
        let mut allowed = free(&c, row.flags);
        if step.a.map_or(0, |a| a.before) == step.b.map_or(row.imm, |b| b.before) {
            allowed.insert(inverse_of_zero(&c));
        }
        let surprising: Vec<usize> = missing.difference(&allowed).map(|&c| position(c)).collect();
        assert!(
            surprising.is_empty(),
            "flags {:#x}: columns {surprising:?} can move",
            row.flags
        );
    }
    assert!(seen.len() > 40, "only {} kinds of steps", seen.len());
}
