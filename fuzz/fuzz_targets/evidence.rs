//! Evidence and ancestries from a stranger: no panic, and nothing is found for a block whose hash nobody knows the preimage of.
#![no_main]

use codec::Decode;
use libfuzzer_sys::fuzz_target;
use weft_beacon_proofs::{BeaconRules, Fork, ForkStart, Network, Preset};
use weft_bls_host::NativeCrypto;
use weft_ethereum_proofs::{anchor_of, decode_transaction, verify};
use weft_light_client::Crypto;
use weft_primitives::{
    H256, Query, SourceBlock,
    source::{Ancestry, Content},
};

/// Mainnet as it was in 2026.
fn network() -> Network {
    let forks = [
        (Fork::Altair, 74_240),
        (Fork::Bellatrix, 144_896),
        (Fork::Capella, 194_048),
        (Fork::Deneb, 269_568),
        (Fork::Electra, 364_032),
        (Fork::Fulu, 411_392),
    ];
    let forks = forks.map(|(fork, epoch)| ForkStart {
        fork,
        version: [fork as u8, 0, 0, 0],
        epoch,
    });
    Network {
        chain_id: 1,
        preset: Preset::Mainnet,
        genesis_time: 1_606_824_023,
        seconds_per_slot: 12,
        genesis_validators_root: H256::zero(),
        forks: forks.to_vec().try_into().expect("few"),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let rules = BeaconRules {
        network: &network(),
        sha256: NativeCrypto::sha256,
    };
    let _ = decode_transaction(0, bytes);
    let input = &mut &bytes[..];
    if let Ok((query, mut block, content)) = <(Query, SourceBlock, Content)>::decode(input) {
        let unknown = H256::repeat_byte(0x5a);
        block.hash = unknown;
        assert!(verify(&block, &query, &content, Some(&rules)).is_err());
    }
    if let Ok(ancestry) = Ancestry::decode(&mut &bytes[..])
        && !ancestry.is_empty()
    {
        let _ = anchor_of(H256::zero(), &ancestry, Some(&rules));
    }
});
