//! Batches: the proof for several messages of an outbox is made of the messages' own proofs.

use binary_merkle_tree::{merkle_proof_raw, merkle_root_raw};
use sp_runtime::traits::Keccak256;
use weft_chain::finality::ResultProof;
use weft_primitives::{H256, keccak256};
use weft_relayer::batch::{outbox_items, sections};

fn leaves(count: u32) -> Vec<H256> {
    (0..count).map(|leaf| keccak256(&leaf.to_le_bytes())).collect()
}

/// The proof of one message, as the node gives it.
fn proof(leaves: &[H256], leaf_index: u32, block: u32) -> ResultProof {
    let single = merkle_proof_raw::<Keccak256, _>(leaves.iter().copied(), leaf_index);
    ResultProof {
        nonce: u64::from(100 * block + leaf_index),
        block,
        mmr_block: block + 1,
        message: Vec::new(),
        leaf: single.leaf,
        root: single.root,
        leaf_index,
        leaf_count: single.number_of_leaves,
        items: single.proof,
    }
}

/// The root that leaves and items lead to, as the gateway computes it; `None` if the items are not used up exactly.
fn fold(mut nodes: Vec<(u32, H256)>, leaf_count: u32, items: &[H256]) -> Option<H256> {
    let (mut items, mut width) = (items.iter(), leaf_count);
    while width > 1 {
        let mut above = Vec::new();
        let mut rest = nodes.into_iter().peekable();
        while let Some((place, node)) = rest.next() {
            let next = rest.next_if(|(other, _)| place % 2 == 0 && *other == place + 1);
            let pair = match next {
                Some((_, sibling)) => Some((node, sibling)),
                None if place % 2 == 1 => Some((*items.next()?, node)),
                None if place + 1 < width => Some((node, *items.next()?)),
                None => None,
            };
            let parent = pair.map_or(node, |(left, right)| keccak256(&[left.0, right.0].concat()));
            above.push((place / 2, parent));
        }
        (nodes, width) = (above, width.div_ceil(2));
    }
    let root = nodes.first().map(|(_, root)| *root);
    root.filter(|_| items.next().is_none())
}

#[test]
fn any_choice_of_messages_is_proved_by_what_their_own_proofs_hold() {
    for count in 1..12 {
        let leaves = leaves(count);
        let root = merkle_root_raw::<Keccak256, _>(leaves.iter().copied());
        for choice in 1_u32..1 << count {
            let chosen: Vec<u32> = (0..count).filter(|place| choice >> place & 1 == 1).collect();
            let proofs: Vec<_> = chosen.iter().map(|place| proof(&leaves, *place, 5)).collect();
            let section = sections(&proofs).remove(&6).expect("one block");
            let nodes = chosen
                .iter()
                .map(|place| (*place, leaves[*place as usize]))
                .collect();
            assert_eq!(
                fold(nodes, count, &outbox_items(&section)),
                Some(root),
                "{chosen:?} of {count}"
            );
        }
    }
}

#[test]
fn messages_are_ordered_by_block_and_by_place_whatever_their_order_was() {
    let leaves = leaves(5);
    let proofs = [(4, 9), (2, 7), (0, 9), (1, 7)].map(|(place, block)| proof(&leaves, place, block));
    let sections = sections(&proofs);
    let places: Vec<(u32, Vec<u32>)> = sections
        .into_iter()
        .map(|(block, section)| (block, section.into_keys().collect()))
        .collect();
    assert_eq!(places, [(8, vec![1, 2]), (10, vec![0, 4])]);
}
