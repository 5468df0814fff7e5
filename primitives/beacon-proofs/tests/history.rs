//! Hops from a beacon block through the history of its state, true ones and forged ones.

use primitive_types::H256;
use weft_beacon_proofs::{
    BeaconBranch, BeaconHeader, BeaconHop, BeaconRules, Fork, ForkStart, HopError, Network, Preset,
};
use weft_bls_host::NativeCrypto;
use weft_light_client::Crypto;
use weft_synthetic_beacon::tree;

const HASH: H256 = H256([0xe1; 32]);

/// Mainnet as it was in 2026.
fn mainnet() -> Network {
    let forks = [
        (Fork::Altair, 74_240),
        (Fork::Bellatrix, 144_896),
        (Fork::Capella, 194_048),
        (Fork::Deneb, 269_568),
        (Fork::Electra, 364_032),
        (Fork::Fulu, 411_392),
    ];
    network(Preset::Mainnet, &forks)
}

fn network(preset: Preset, forks: &[(Fork, u64)]) -> Network {
    let forks: Vec<ForkStart> = forks
        .iter()
        .map(|&(fork, epoch)| ForkStart {
            fork,
            version: [fork as u8, 0, 0, 0],
            epoch,
        })
        .collect();
    Network {
        chain_id: 1,
        preset,
        genesis_time: 1_606_824_023,
        seconds_per_slot: 12,
        genesis_validators_root: H256::zero(),
        forks: forks.try_into().unwrap(),
    }
}

fn rules(network: &Network) -> BeaconRules<'_> {
    BeaconRules {
        network,
        sha256: NativeCrypto::sha256,
    }
}

fn branch(nodes: &[H256]) -> BeaconBranch {
    nodes.to_vec().try_into().unwrap()
}

/// A hop whose older block's root lies at `index` of the newer one's state.
fn hop(newer: u64, slot: u64, older: u64, index: u64, payload: u64) -> BeaconHop {
    let (body_root, nodes) = tree(&[(payload, HASH)]);
    let older = BeaconHeader {
        slot: older,
        body_root,
        ..BeaconHeader::default()
    };
    let network = mainnet();
    let (state_root, history) = tree(&[(index, older.root(&rules(&network)))]);
    let newer = BeaconHeader {
        slot: newer,
        state_root,
        ..BeaconHeader::default()
    };
    BeaconHop {
        newer,
        slot,
        branch: branch(&history[0]),
        older,
        payload: branch(&nodes[0]),
        hash: HASH,
    }
}

/// 2026, in Fulu.
const NOW: u64 = 14_000_000;
/// `historical_summaries` in a state of Electra or Fulu: field 27 of 37.
const SUMMARIES: u64 = 64 + 27;
/// `historical_roots`: field 7.
const ROOTS: u64 = 64 + 7;

/// Of a list of pairs, whose first members are roots of 8,192 roots.
fn place(list: u64, pair: u64, root: u64) -> u64 {
    ((((list * 2) << 24) + pair) * 2) * 8192 + root
}

#[test]
fn blocks_of_every_fork_since_the_merge_are_reached() {
    let network = mainnet();
    // Capella began with era 758.
    let cases = [
        (5_000_000, place(ROOTS, 610, 2880), 412),
        (6_209_535, place(ROOTS, 757, 8191), 412),
        (6_209_536, place(SUMMARIES, 0, 0), 412),
        (9_000_000, place(SUMMARIES, 1098 - 758, 5184), 812),
        (12_000_000, place(SUMMARIES, 1464 - 758, 6912), 812),
        (13_991_935, place(SUMMARIES, 1707 - 758, 8191), 812),
    ];
    for (slot, index, payload) in cases {
        let hop = hop(NOW, slot, slot, index, payload);
        let followed = rules(&network).follow(&hop);
        assert_eq!(
            followed,
            Ok((hop.newer.root(&rules(&network)), HASH)),
            "slot {slot}"
        );
    }
}

#[test]
fn the_place_of_an_empty_slot_shows_the_block_before() {
    let network = mainnet();
    let slot = 9_000_000;
    let index = place(SUMMARIES, 1098 - 758, 5184);
    assert!(
        rules(&network)
            .follow(&hop(NOW, slot, slot - 3, index, 812))
            .is_ok()
    );
    let later = hop(NOW, slot, slot + 1, index, 812);
    assert_eq!(rules(&network).follow(&later), Err(HopError::NotInHistory));
}

#[test]
fn places_are_those_of_the_newer_blocks_fork() {
    let network = mainnet();
    let slot = 6_300_000;
    let pair = slot / 8192 - 758;
    // A state of Deneb has 32 leaves.
    let index = place(32 + 27, pair, slot % 8192);
    assert!(
        rules(&network)
            .follow(&hop(9_000_000, slot, slot, index, 412))
            .is_ok()
    );
    assert_eq!(
        rules(&network).follow(&hop(NOW, slot, slot, index, 412)),
        Err(HopError::NotInHistory)
    );
}

#[test]
fn a_place_outside_the_history_is_none() {
    let network = mainnet();
    let of = |newer, slot| rules(&network).history_index(newer, slot);
    // The era of the newest block has not ended; the one before has.
    let start = NOW / 8192 * 8192;
    assert_eq!(of(NOW, start), None);
    assert!(of(NOW, start - 1).is_some());
    assert_eq!(of(start - 1, start - 1), None);
    assert!(of(start, start - 1).is_some());
    // Far beyond, the place would lie among deposits that wait in the state.
    assert_eq!(of(NOW, u64::MAX), None);
    for slot in [(7 << 38) + 5, 1 << 41] {
        assert_eq!(of(NOW, slot), None, "slot {slot}");
        let index = place(SUMMARIES, slot / 8192 - 758, slot % 8192);
        assert_eq!(
            rules(&network).follow(&hop(NOW, slot, 9_000_000, index, 812)),
            Err(HopError::NoPlace)
        );
    }
    // States before Capella have no summaries; those of Gloas have another form.
    assert_eq!(of(5_000_000, 100), None);
    let gloas = network_with_gloas();
    assert_eq!(rules(&gloas).history_index(NOW, 9_000_000), None);
}

fn network_with_gloas() -> Network {
    network(Preset::Mainnet, &[(Fork::Capella, 0), (Fork::Gloas, 1000)])
}

#[test]
fn a_network_that_began_late_has_summaries_alone() {
    let late = network(Preset::Minimal, &[(Fork::Fulu, 0)]);
    let index = rules(&late).history_index(1000, 130);
    assert_eq!(index, Some((((SUMMARIES * 2) << 24) + 2) * 2 * 64 + 2));
    // One in which Capella began in the middle of an era: that era is the first of the summaries.
    let uneven = network(Preset::Minimal, &[(Fork::Altair, 0), (Fork::Capella, 20)]);
    let summaries = 32 + 27;
    let index = rules(&uneven).history_index(1000, 130);
    assert_eq!(index, Some(((summaries * 2) << 24) * 2 * 64 + 2));
}

#[test]
fn a_hop_with_one_part_changed_is_refused() {
    let network = mainnet();
    let slot = 9_000_000;
    let index = place(SUMMARIES, 1098 - 758, 5184);
    let good = hop(NOW, slot, slot, index, 812);
    let follow = |hop: &BeaconHop| rules(&network).follow(hop);
    assert!(follow(&good).is_ok());
    let with = |change: fn(&mut BeaconHop)| {
        let mut hop = good.clone();
        change(&mut hop);
        follow(&hop)
    };
    assert_eq!(with(|hop| hop.slot += 1), Err(HopError::NotInHistory));
    assert_eq!(with(|hop| hop.slot += 8192), Err(HopError::NotInHistory));
    assert_eq!(with(|hop| hop.older.slot -= 1), Err(HopError::NotInHistory));
    assert_eq!(
        with(|hop| hop.older.body_root = H256([1; 32])),
        Err(HopError::NotInHistory)
    );
    assert_eq!(
        with(|hop| hop.newer.state_root = H256([1; 32])),
        Err(HopError::NotInHistory)
    );
    assert_eq!(
        with(|hop| hop.branch[40] = H256([1; 32])),
        Err(HopError::NotInHistory)
    );
    assert_eq!(with(|hop| _ = hop.branch.pop()), Err(HopError::NotInHistory));
    assert_eq!(
        with(|hop| hop.branch.try_push(H256::zero()).unwrap()),
        Err(HopError::NotInHistory)
    );
    assert_eq!(with(|hop| hop.hash = H256([1; 32])), Err(HopError::OtherPayload));
    assert_eq!(with(|hop| hop.hash = H256::zero()), Err(HopError::NoPayload));
    assert_eq!(with(|hop| _ = hop.payload.pop()), Err(HopError::OtherPayload));
    // The root of the newer block says which block has to be final.
    let root = |hop: &BeaconHop| follow(hop).unwrap().0;
    let mut other = good.clone();
    other.newer.proposer_index = 1;
    assert_ne!(root(&other), root(&good));
}

#[test]
fn blocks_before_execution_blocks_have_none() {
    let network = mainnet();
    let slot = 4_000_000;
    let hop = hop(NOW, slot, slot, place(ROOTS, slot / 8192, slot % 8192), 412);
    assert_eq!(rules(&network).follow(&hop), Err(HopError::NoPayload));
}
