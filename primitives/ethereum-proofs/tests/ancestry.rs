//! From a final block down to the one that a run reads.

mod chain;

use alloy_primitives::B256;
use chain::{Block, trie_path};
use weft_ethereum_proofs::{AncestryError, HISTORY_CONTRACT, HistoryError, Start, StateError, TrieError};
use weft_primitives::{
    H256,
    source::{HeaderBytes, Hop},
};

mod state_trie;
use state_trie::{account, history_slot, trie};

/// Blocks 1000, 1001, …, each the parent of the next.
fn chain(count: usize) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for index in 0..count {
        let mut block = Block::with_receipts(2);
        block.header.number = 1000 + index as u64;
        if let Some(parent) = blocks.last() {
            block.header.parent_hash = parent.header.hash_slow();
        }
        blocks.push(block);
    }
    blocks
}

fn header(block: &Block) -> HeaderBytes {
    block.rlp().try_into().unwrap()
}

/// The execution block that has to be final.
fn anchor_of(block: H256, hops: &[Hop]) -> Result<H256, AncestryError> {
    match weft_ethereum_proofs::anchor_of(block, hops, None)? {
        Start::Execution(hash) => Ok(hash),
        Start::Beacon { .. } => unreachable!("no hop starts at a beacon block"),
    }
}

/// From the last of these blocks down to the parent of the first.
fn parents(blocks: &[Block]) -> Hop {
    let headers: Vec<_> = blocks.iter().rev().map(header).collect();
    Hop::Parents(headers.try_into().unwrap())
}

/// A block with this number whose state keeps the hash of `old`, and the hop from it.
fn with_history(number: u64, old: &Block) -> (Block, Hop) {
    let slot = history_slot(old.header.number);
    let (storage_root, slot_path) = trie(
        &[(slot.0.to_vec(), alloy_rlp::encode(old.header.hash_slow()))],
        &slot.0,
    );
    let (state_root, account_path) = trie(
        &[(HISTORY_CONTRACT.0.to_vec(), account(1, storage_root))],
        &HISTORY_CONTRACT.0,
    );
    let mut block = Block::with_receipts(1);
    block.header.number = number;
    block.header.state_root = B256::from(state_root.0);
    let hop = Hop::History {
        header: header(&block),
        number: old.header.number,
        account: trie_path(account_path),
        slot: trie_path(slot_path),
    };
    (block, hop)
}

#[test]
fn a_block_without_ancestry_has_to_be_final_itself() {
    assert_eq!(anchor_of(H256([5; 32]), &[]), Ok(H256([5; 32])));
}

#[test]
fn parents_lead_to_the_block_before_the_last_header() {
    let blocks = chain(6);
    assert_eq!(
        anchor_of(blocks[0].hash(), &[parents(&blocks[1..])]),
        Ok(blocks[5].hash())
    );
    assert_eq!(
        anchor_of(blocks[1].hash(), &[parents(&blocks[1..])]),
        Err(AncestryError::OtherBlock)
    );
}

#[test]
fn parents_cannot_have_gaps_or_be_none() {
    let blocks = chain(6);
    let with_gap = [blocks[1].clone(), blocks[3].clone()];
    assert_eq!(
        anchor_of(blocks[0].hash(), &[parents(&with_gap)]),
        Err(AncestryError::Broken)
    );
    assert_eq!(
        anchor_of(blocks[0].hash(), &[parents(&[])]),
        Err(AncestryError::Broken)
    );
    let garbage = Hop::Parents(vec![vec![1, 2, 3].try_into().unwrap()].try_into().unwrap());
    assert!(matches!(
        anchor_of(blocks[0].hash(), &[garbage]),
        Err(AncestryError::MalformedHeader(_))
    ));
}

#[test]
fn the_history_leads_to_a_block_at_most_8191_before() {
    let old = chain(1).remove(0);
    for newer in [1001, 1500, 1000 + 8191] {
        let (block, hop) = with_history(newer, &old);
        assert_eq!(anchor_of(old.hash(), &[hop]), Ok(block.hash()));
    }
    for newer in [999, 1000, 1000 + 8192] {
        let (_, hop) = with_history(newer, &old);
        assert_eq!(
            anchor_of(old.hash(), &[hop]),
            Err(AncestryError::History(HistoryError::OutOfWindow))
        );
    }
}

#[test]
fn the_history_of_another_state_is_refused() {
    let old = chain(1).remove(0);
    let (_, hop) = with_history(1500, &old);
    let mut other = Block::with_receipts(1);
    other.header.number = 1500;
    let Hop::History {
        number,
        account,
        slot,
        ..
    } = hop
    else {
        unreachable!()
    };
    let forged = Hop::History {
        header: header(&other),
        number,
        account,
        slot,
    };
    let path = HistoryError::State(StateError::Path(TrieError::WrongPath));
    assert_eq!(
        anchor_of(old.hash(), &[forged]),
        Err(AncestryError::History(path))
    );
}

#[test]
fn hops_follow_each_other_and_only_then() {
    let blocks = chain(4);
    let (middle, history) = with_history(1700, &blocks[3]);
    let mut above = Block::with_receipts(1);
    above.header.number = 1701;
    above.header.parent_hash = middle.header.hash_slow();
    let down = [parents(&[above.clone()]), history.clone(), parents(&blocks[1..])];
    assert_eq!(anchor_of(blocks[0].hash(), &down), Ok(above.hash()));
    let skipping = [parents(&[above.clone()]), parents(&blocks[1..])];
    assert_eq!(anchor_of(blocks[0].hash(), &skipping), Err(AncestryError::Broken));
    let turned = [history, parents(&[above]), parents(&blocks[1..])];
    assert_eq!(anchor_of(blocks[0].hash(), &turned), Err(AncestryError::Broken));
}

#[test]
fn an_ancestry_over_the_bound_is_refused_unread() {
    let large: Vec<HeaderBytes> = vec![vec![0; 2048].try_into().unwrap(); 129];
    let hop = Hop::Parents(large.try_into().unwrap());
    assert_eq!(anchor_of(H256::zero(), &[hop]), Err(AncestryError::TooLarge));
}
