//! What evidence costs, by kind: its bytes, and how long checking it takes natively (the runtime's WebAssembly takes longer; its weights are
//! measured). `cargo run --release -p weft-ethereum-proofs --example costs`
//!
//! Tries are as deep as those of a state with a million accounts and a contract with a million slots.

#[path = "../tests/chain/mod.rs"]
mod chain;
#[path = "../tests/state_trie/mod.rs"]
mod state_trie;

use std::time::Instant;

use alloy_primitives::{B256, U256};
use chain::{Block, log, receipt, trie_path, verify, wanted};
use state_trie::{account, history_slot, trie, trie_with_paths};
use weft_ethereum_proofs::{HISTORY_CONTRACT, anchor_of};
use weft_primitives::{
    H160, H256, Query, SourceBlock, SourceKind,
    query::AccountQuery,
    source::{AccountEvidence, Content, Hop},
};

/// Accounts of the state, and slots of the contract.
const MANY: u64 = 1_000_000;

fn main() {
    println!("{:<58} {:>9} {:>10}", "evidence", "bytes", "checked in");
    events();
    storage();
    ancestry();
}

fn line(what: &str, bytes: usize, check: impl Fn()) {
    check();
    let start = Instant::now();
    let times = 20;
    for _ in 0..times {
        check();
    }
    let micros = start.elapsed().as_micros() / times;
    println!("{what:<58} {bytes:>9} {micros:>7} µs");
}

/// A block of 200 receipts of two logs each: 400 bytes of data together, as a busy block has them.
fn busy() -> Block {
    let receipts: Vec<_> = (0..200)
        .map(|index| {
            receipt(
                2,
                index,
                vec![
                    log((index % 3) as u8, &[1, 2, 3], &[7; 200]),
                    log(3, &[1], &[8; 200]),
                ],
            )
        })
        .collect();
    Block::new(100, &receipts)
}

fn events() {
    let block = busy();
    let query = wanted(SourceKind::Events, &[1]);
    let all = block.all();
    line(
        "all receipts of a block of 200 transactions",
        all.byte_count(),
        || {
            verify(&block.source(&[]), &query, &all).expect("it is right");
        },
    );
    let named = wanted(SourceKind::TransactionEvents, &[1]);
    let path = block.paths(&[100]);
    line("the path to one of its receipts", path.byte_count(), || {
        verify(&block.source(&[100]), &named, &path).expect("it is right");
    });
    let mut quiet: Vec<Block> = Vec::new();
    for number in 0..1024 {
        let mut block = Block::new(number, &[]);
        if let Some(parent) = quiet.last() {
            block.header.parent_hash = parent.header.hash_slow();
        }
        quiet.push(block);
    }
    let range = SourceBlock {
        first: 0,
        ..quiet[1023].source(&[])
    };
    let shown: Vec<_> = quiet.iter().map(|block| block.shown(None)).collect();
    let headers = Content::Events(shown.try_into().expect("1,024 blocks"));
    line(
        "1,024 headers whose blooms exclude the events",
        headers.byte_count(),
        || {
            verify(&range, &query, &headers).expect("it is right");
        },
    );
}

fn storage() {
    let key = |index: u64| U256::from(index).to_be_bytes::<32>().to_vec();
    let slots: Vec<_> = (0..MANY)
        .map(|index| (key(index), alloy_rlp::encode(U256::MAX)))
        .collect();
    let wanted: Vec<Vec<u8>> = (0..32).map(key).collect();
    let wanted_keys: Vec<&[u8]> = wanted.iter().map(Vec::as_slice).collect();
    let (storage_root, slot_paths) = trie_with_paths(&slots, &wanted_keys);
    let address = |index: u64| [&[0; 12][..], &index.to_be_bytes()].concat();
    let accounts: Vec<_> = (0..MANY)
        .map(|index| (address(index), account(1, storage_root)))
        .collect();
    let (state_root, account_path) = trie(&accounts, &address(5));
    let mut block = Block::new(100, &[]);
    block.header.state_root = B256::from(state_root.0);
    for count in [1, 32] {
        let query = Query::Storage {
            chain_id: 1,
            accounts: vec![AccountQuery {
                address: H160::from_slice(&address(5)),
                slots: wanted[..count]
                    .iter()
                    .map(|key| H256::from_slice(key))
                    .collect::<Vec<_>>()
                    .try_into()
                    .expect("few"),
            }]
            .try_into()
            .expect("one"),
        };
        let evidence = Content::Storage {
            header: block.rlp().try_into().expect("short"),
            accounts: vec![AccountEvidence {
                account: trie_path(account_path.clone()),
                slots: slot_paths[..count]
                    .iter()
                    .cloned()
                    .map(trie_path)
                    .collect::<Vec<_>>()
                    .try_into()
                    .expect("few"),
            }]
            .try_into()
            .expect("one"),
        };
        let what = format!("an account and {count} of its slots, of a million each");
        line(&what, evidence.byte_count(), || {
            verify(&block.source(&[]), &query, &evidence).expect("it is right");
        });
    }
}

fn ancestry() {
    let old = Block::new(100, &[]);
    let slots: Vec<_> = (0..8191)
        .map(|number| {
            (
                history_slot(number).0.to_vec(),
                alloy_rlp::encode(old.header.hash_slow()),
            )
        })
        .collect();
    let (storage_root, slot) = trie(&slots, &history_slot(100).0);
    let mut accounts: Vec<_> = (0..MANY)
        .map(|index| {
            (
                [&[0; 12][..], &index.to_be_bytes()].concat(),
                account(1, storage_root),
            )
        })
        .collect();
    accounts.push((HISTORY_CONTRACT.0.to_vec(), account(1, storage_root)));
    let (state_root, path) = trie(&accounts, &HISTORY_CONTRACT.0);
    let mut newer = Block::new(8000, &[]);
    newer.header.state_root = B256::from(state_root.0);
    let hop = Hop::History {
        header: newer.rlp().try_into().expect("short"),
        number: 100,
        account: trie_path(path),
        slot: trie_path(slot),
    };
    let hops = [hop];
    line(
        "ancestry: a block up to 8,191 before an anchor",
        hops[0].byte_count(),
        || {
            anchor_of(old.hash(), &hops, None).expect("it is right");
        },
    );
}
