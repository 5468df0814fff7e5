//! Updates that are right are taken, over periods and forks.

use primitive_types::H256;
use weft_bls_host::NativeCrypto;
use weft_light_client::{Fork, UpdateError, store::Progress};
use weft_synthetic_beacon::{self as chain, Plan, committee, network, update};

use crate::{FULU, apply, refused, start};

#[test]
fn finality_is_followed_over_many_periods() {
    let network = network(&FULU);
    let mut store = start(&network, 8);
    for slot in (16..640).step_by(24) {
        let progress = apply(&mut store, &network, &update(&network, &Plan::new(slot))).expect("it is right");
        let anchor = progress.anchor.expect("there is an execution block");
        assert_eq!((anchor.slot, anchor.number), (slot, slot));
        assert_eq!(
            anchor.hash,
            H256(alloy_primitives::keccak256(chain::execution_header(slot)).0)
        );
        assert_eq!(
            (anchor.state_root, anchor.receipts_root),
            (H256([0x51; 32]), H256([0x52; 32]))
        );
        assert_eq!(
            (anchor.randao, anchor.parent_hash),
            (H256([0x53; 32]), H256([0x54; 32]))
        );
        assert_eq!(anchor.timestamp, chain::GENESIS_TIME + slot);
        assert_eq!(store.finalized.slot, slot);
        assert_eq!(store.current.root, committee(slot / 64).root::<NativeCrypto>());
    }
}

#[test]
fn every_fork_and_every_step_from_one_to_the_next_is_followed() {
    use Fork::{Altair, Bellatrix, Capella, Deneb, Electra, Fulu, Gloas};
    let forks = [Altair, Bellatrix, Capella, Deneb, Electra, Fulu, Gloas];
    // A fork every third epoch: headers, states and signatures of one update are of different forks now and then.
    let schedule: Vec<(Fork, u64)> = (0..)
        .step_by(3)
        .zip(forks)
        .map(|(epoch, fork)| (fork, epoch))
        .collect();
    let network = network(&schedule);
    let mut store = start(&network, 1);
    for slot in 2..220 {
        let progress = apply(&mut store, &network, &update(&network, &Plan::new(slot))).expect("it is right");
        assert_eq!(progress.anchor.is_some(), slot >= 6 * 8, "slot {slot}");
        assert_eq!(progress.slots, 1);
    }
}

#[test]
fn a_committee_is_learned_from_an_update_that_brings_nothing_else() {
    let network = network(&FULU);
    let mut store = start(&network, 8);
    let mut plan = Plan::new(16);
    plan.with_committee = false;
    let progress = apply(&mut store, &network, &update(&network, &plan)).expect("it is right");
    assert!(!progress.learned_committee && store.next.is_none());
    // The same finalized header, later, with the committee.
    plan = Plan {
        attested: 40,
        signature: 41,
        with_committee: true,
        ..plan
    };
    let again = update(&network, &plan);
    let progress = apply(&mut store, &network, &again).expect("it is right");
    assert_eq!(
        progress,
        Progress {
            anchor: None,
            slots: 0,
            learned_committee: true
        }
    );
    assert_eq!(
        store.next.as_ref().map(|next| next.root),
        Some(committee(1).root::<NativeCrypto>())
    );
    refused(&store, &network, &again, UpdateError::Irrelevant);
}

#[test]
fn a_period_without_its_committee_cannot_be_skipped() {
    let network = network(&FULU);
    let mut store = start(&network, 8);
    refused(
        &store,
        &network,
        &update(&network, &Plan::new(70)),
        UpdateError::UnknownPeriod,
    );
    apply(&mut store, &network, &update(&network, &Plan::new(16))).expect("it is right");
    refused(
        &store,
        &network,
        &update(&network, &Plan::new(130)),
        UpdateError::UnknownPeriod,
    );
    // Into the next period without the committee after it: that comes later.
    let plan = Plan {
        with_committee: false,
        ..Plan::new(70)
    };
    apply(&mut store, &network, &update(&network, &plan)).expect("the committee of its signature is known");
    assert!(store.next.is_none());
    refused(
        &store,
        &network,
        &update(&network, &Plan::new(130)),
        UpdateError::UnknownPeriod,
    );
    apply(&mut store, &network, &update(&network, &Plan::new(71))).expect("it is right");
    apply(&mut store, &network, &update(&network, &Plan::new(130))).expect("it is right");
    // And never backwards.
    refused(
        &store,
        &network,
        &update(&network, &Plan::new(100)),
        UpdateError::UnknownPeriod,
    );
}

#[test]
fn a_header_attested_in_the_period_after_the_finalized_one_brings_no_committee() {
    let network = network(&FULU);
    let mut store = start(&network, 8);
    apply(&mut store, &network, &update(&network, &Plan::new(16))).expect("it is right");
    // Finalized in period 0, attested and signed in period 1.
    let across = update(
        &network,
        &Plan {
            attested: 70,
            signature: 71,
            ..Plan::new(56)
        },
    );
    let progress = apply(&mut store, &network, &across).expect("it is right");
    assert!(!progress.learned_committee);
    assert_eq!(
        store.next.as_ref().map(|next| next.root),
        Some(committee(1).root::<NativeCrypto>())
    );
    assert_eq!(store.current.root, committee(0).root::<NativeCrypto>());
}
