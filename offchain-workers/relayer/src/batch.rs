//! Results of several blocks in one transaction: one proof for all messages of a block, one for all leaves.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::B256;
use weft_chain::finality::{MmrProof, ResultProof};
use weft_ethereum::gateway::abi;
use weft_primitives::H256;

use crate::{
    RelayError,
    leaf::{self, bytes32},
    message::message,
};

/// Results that one block of Weft settled, by their place in its outbox.
pub type Section = BTreeMap<u32, ResultProof>;

/// Results by the block whose MMR leaf carries their outbox.
pub fn sections(proofs: &[ResultProof]) -> BTreeMap<u32, Section> {
    let mut sections = BTreeMap::<_, Section>::new();
    for proof in proofs {
        let section = sections.entry(proof.mmr_block).or_default();
        section.insert(proof.leaf_index, proof.clone());
    }
    sections
}

/// The nodes of an outbox that these of its messages do not give, as the gateway takes them: layer by layer from the bottom, each from the left. They
/// are among the items of the messages' own proofs.
pub fn outbox_items(section: &Section) -> Vec<H256> {
    let Some(leaf_count) = section.values().map(|proof| proof.leaf_count).next() else {
        return Vec::new();
    };
    let mut siblings = BTreeMap::new();
    for (index, proof) in section {
        let (mut place, mut items) = (*index, proof.items.iter());
        for (height, width) in widths(leaf_count).enumerate() {
            if place ^ 1 < width
                && let Some(item) = items.next()
            {
                siblings.insert((height, place ^ 1), *item);
            }
            place /= 2;
        }
    }
    let mut items = Vec::new();
    let mut known: BTreeSet<u32> = section.keys().copied().collect();
    for (height, width) in widths(leaf_count).enumerate() {
        let missing = known
            .iter()
            .map(|place| place ^ 1)
            .filter(|sibling| *sibling < width && !known.contains(sibling));
        items.extend(missing.filter_map(|sibling| siblings.get(&(height, sibling))));
        known = known.iter().map(|place| place / 2).collect();
    }
    items
}

/// Nodes on each layer that has siblings, from the bottom up.
fn widths(leaf_count: u32) -> impl Iterator<Item = u32> {
    let above = |width: &u32| Some(width.div_ceil(2));
    std::iter::successors(Some(leaf_count), above).take_while(|width| *width > 1)
}

/// The argument that shows these results to the gateway. `leaves` are those of the sections' blocks, with the proof for all of them under the
/// root of block `known`.
///
/// # Errors
/// When a message or a leaf cannot be read.
pub fn argument(
    sections: &BTreeMap<u32, Section>,
    leaves: &MmrProof,
    known: u32,
) -> Result<abi::Batch, RelayError> {
    let mut made = Vec::with_capacity(sections.len());
    let places = leaves.proof.leaf_indices.iter().copied();
    for (section, (leaf, place)) in sections.values().zip(leaves.leaves.iter().zip(places)) {
        let messages: Result<Vec<_>, RelayError> = section.values().map(message).collect();
        made.push(abi::Section {
            messages: messages?,
            indices: section.keys().copied().collect(),
            leafCount: section
                .values()
                .map(|proof| proof.leaf_count)
                .next()
                .unwrap_or_default(),
            items: outbox_items(section)
                .into_iter()
                .map(bytes32)
                .collect::<Vec<B256>>(),
            leaf: leaf::leaf(leaf)?,
            leafIndex: place,
        });
    }
    Ok(abi::Batch {
        sections: made,
        leafCount: leaves.proof.leaf_count,
        items: leaves.proof.items.iter().copied().map(bytes32).collect(),
        mmrBlock: known,
    })
}
