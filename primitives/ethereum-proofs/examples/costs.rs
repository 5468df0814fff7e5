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
use weft_beacon_proofs::{BeaconHeader, BeaconHop, BeaconRules, Fork};
use weft_bls_host::NativeCrypto;
use weft_ethereum_proofs::{HISTORY_CONTRACT, anchor_of};
use weft_light_client::Crypto;
use weft_primitives::{
    H160, H256, Query, SourceBlock, SourceKind,
    query::AccountQuery,
    source::{AccountEvidence, Content, FieldEvidence, Hop},
};
use weft_synthetic_beacon::{network, tree};

/// Accounts of the state, and slots of the contract.
const MANY: u64 = 1_000_000;

fn main() {
    println!("{:<58} {:>9} {:>10}", "evidence", "bytes", "checked in");
    events();
    storage();
    ancestry();
    beacon();
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

/// Fields as deep as those of validators, and a hop through the history of the state.
fn beacon() {
    let network = network(&[(Fork::Fulu, 0)]);
    let rules = BeaconRules {
        network: &network,
        sha256: NativeCrypto::sha256,
    };
    let leaves: Vec<(u64, H256)> = (0..32)
        .map(|index| ((((64 + 11) * 2) << 40 | index << 30) * 8 + 2, H256([1; 32])))
        .collect();
    let (state_root, branches) = tree(&leaves);
    let beacon = BeaconHeader {
        slot: 1000,
        state_root,
        ..BeaconHeader::default()
    };
    let sha256 = rules.sha256;
    let pair = |left: H256, right: H256| H256(sha256(&[left.0, right.0].concat()));
    let mut slot = [0; 32];
    slot[..8].copy_from_slice(&1000_u64.to_le_bytes());
    let zero = pair(H256::zero(), H256::zero());
    let top = [H256::zero(), pair(H256(slot), H256::zero()), pair(zero, zero)];
    let mut block = Block::new(100, &[]);
    block.header.blob_gas_used = Some(0);
    block.header.excess_blob_gas = Some(0);
    block.header.parent_beacon_block_root = Some(B256::from(beacon.root(&rules).0));
    for count in [1, 32] {
        let (indices, fields): (Vec<u64>, Vec<FieldEvidence>) = leaves[..count]
            .iter()
            .zip(&branches)
            .map(|((index, node), branch)| {
                let below = index.ilog2();
                let nodes = [&branch[..], &top].concat();
                let field = FieldEvidence {
                    node: *node,
                    branch: nodes.try_into().expect("not too deep"),
                };
                ((11 << below) + (index - (1 << below)), field)
            })
            .unzip();
        let query = Query::Beacon {
            chain_id: 1,
            fork: Fork::Fulu,
            fields: indices.try_into().expect("few"),
        };
        let evidence = Content::Beacon {
            header: block.rlp().try_into().expect("short"),
            beacon,
            fields: fields.try_into().expect("few"),
        };
        let what = format!("{count} fields of validators in the beacon state");
        line(&what, evidence.byte_count(), || {
            weft_ethereum_proofs::verify(&block.source(&[]), &query, &evidence, Some(&rules))
                .expect("it is right");
        });
    }

    let (body_root, payload) = tree(&[(812, block.hash())]);
    let older = BeaconHeader {
        slot: 70,
        body_root,
        ..BeaconHeader::default()
    };
    let index = rules.history_index(1000, 70).expect("its era has ended");
    let (state_root, branch) = tree(&[(index, older.root(&rules))]);
    let hops = [Hop::Beacon(Box::new(BeaconHop {
        newer: BeaconHeader {
            slot: 1000,
            state_root,
            ..BeaconHeader::default()
        },
        slot: 70,
        branch: branch[0].clone().try_into().expect("not too deep"),
        older,
        payload: payload[0].clone().try_into().expect("not too deep"),
        hash: block.hash(),
    }))];
    line(
        "ancestry: any block, by the history of the beacon chain",
        hops[0].byte_count(),
        || {
            anchor_of(block.hash(), &hops, Some(&rules)).expect("it is right");
        },
    );
}
