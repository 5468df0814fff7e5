//! The bus of a run: the tags of its tuples, and the entries that the verifier makes from the claim.

use ff::Field;
use weft_folding::{F, PublicEntry};

use crate::{
    machine::input_cells,
    program::{HALTED, Space, TICKS_PER_STEP},
};

/// Tags. A tuple's components are multiplied by α, α², … in the order given, if nothing else is said; lookups have one bare
/// component.
pub(crate) mod tag {
    /// pc, flags, a, b, d, imm, target: an instruction of the program.
    pub(crate) const FETCH: u64 = 1;
    /// key, value, time: a cell's value and the tick of its last access.
    pub(crate) const CELL: u64 = 2;
    /// pc, fp, clock, written, pages: the state between two steps.
    pub(crate) const CONTROL: u64 = 3;
    /// position, word: a word of the output stream.
    pub(crate) const OUTPUT: u64 = 4;
    /// key: the scan has come to this key.
    pub(crate) const SCAN: u64 = 5;
    /// A number below 2^16.
    pub(crate) const RANGE: u64 = 6;
    /// a + 2^20 · b + 2^40 · (a & b) for bytes a and b.
    pub(crate) const AND: u64 = 7;
    /// key, clock, index, code (at α², α³, α⁶, α⁷): the next word of a call of a precompile.
    pub(crate) const CALL: u64 = 8;
    /// clock, number, slot, value: what a call finds, leaves, or comes to between.
    pub(crate) const LANE: u64 = 9;
    /// 16 digits of a spread number.
    pub(crate) const SPREAD: u64 = 10;
    /// 16 digits of a spread number + 2^48 · the number.
    pub(crate) const PAIR: u64 = 11;
}

/// The key that ends the scan: beyond every space.
pub(crate) const SENTINEL: u64 = 8 << crate::program::SPACE_SHIFT;

/// The verifier's entries: the input's cells, the first and last state, the output, both ends of the scan.
pub(crate) fn public_entries(
    input: &[u8],
    output: &[u64],
    pages: u32,
    outcome: u64,
    steps: u64,
) -> Vec<PublicEntry> {
    let entry = |tag, components: &[u64], remove| PublicEntry {
        tag,
        components: components.iter().map(|&c| F::from(c)).collect(),
        remove,
    };
    let mut entries: Vec<PublicEntry> = input_cells(input)
        .map(|(key, word)| entry(tag::CELL, &[key, word, 0], false))
        .collect();
    let end = [
        HALTED + outcome,
        0,
        TICKS_PER_STEP * (steps + 1),
        output.len() as u64,
    ];
    entries.push(entry(
        tag::CONTROL,
        &[0, 0, TICKS_PER_STEP, 0, pages.into()],
        false,
    ));
    // The end has −1 pages, as no state between two steps has.
    entries.push(PublicEntry {
        components: end.map(F::from).into_iter().chain([-F::ONE]).collect(),
        tag: tag::CONTROL,
        remove: true,
    });
    entries.extend(
        output
            .iter()
            .enumerate()
            .map(|(i, &word)| entry(tag::OUTPUT, &[i as u64, word], true)),
    );
    entries.push(entry(tag::SCAN, &[0], false));
    entries.push(entry(tag::SCAN, &[SENTINEL], true));
    debug_assert!(SENTINEL > Space::Advice.base());
    entries
}
