//! Blocks and states from a beacon node that lies: no panic, and every branch that is made leads to the root.
#![no_main]

use libfuzzer_sys::fuzz_target;
use weft_beacon::tree::{names::index_of, types::Types};
use weft_beacon_proofs::{
    Fork, Preset,
    indices::{depth, is_valid_branch},
};
use weft_bls_host::NativeCrypto;
use weft_light_client::Hasher;
use weft_primitives::H256;

const FORKS: [Fork; 4] = [Fork::Capella, Fork::Deneb, Fork::Electra, Fork::Fulu];

fuzz_target!(|input: (u8, bool, u64, &[u8])| {
    let (fork, state, index, bytes) = input;
    let Some(types) = Types::of(FORKS[usize::from(fork) % 4], Preset::Minimal) else { return };
    let ty = if state { types.state() } else { types.body() };
    if let (Ok(root), Ok(branches)) = (ty.root(bytes), ty.branches(bytes, &[index])) {
        for branch in branches {
            let nodes: Vec<H256> = branch.nodes.into_iter().map(H256).collect();
            let above = depth(index) - nodes.len();
            assert!(is_valid_branch(&Hasher::<NativeCrypto>::NEW, H256(branch.node), &nodes, index >> above, H256(root)));
        }
    }
    if let Ok(name) = std::str::from_utf8(bytes) {
        let _ = index_of(Fork::Fulu, Preset::Mainnet, name);
    }
});
