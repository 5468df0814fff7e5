//! Updates that are right are taken, and no other.

use primitive_types::H256;
use weft_bls_host::NativeCrypto;
use weft_light_client::{Fork, Network, Store, Update, UpdateError, store::Progress};
use weft_synthetic_beacon::{
    self as chain, Plan, checkpoint, committee, header, network, sign, tree, update,
};

const FULU: [(Fork, u64); 1] = [(Fork::Fulu, 0)];

fn start(network: &Network, slot: u64) -> Store {
    let (store, _) =
        Store::bootstrap::<NativeCrypto>(network, &checkpoint(network, slot)).expect("it is right");
    store
}

/// Applies at the slot after the signature's.
fn apply(store: &mut Store, network: &Network, update: &Update) -> Result<Progress, UpdateError> {
    store.apply::<NativeCrypto>(network, update.signature_slot + 1, update)
}

/// Sees that an update is refused with this error, and leaves everything as it was.
fn refused(store: &Store, network: &Network, update: &Update, error: UpdateError) {
    let mut changed = store.clone();
    assert_eq!(apply(&mut changed, network, update), Err(error));
    assert_eq!(&changed, store);
}

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

#[test]
fn every_part_that_is_another_is_refused() {
    let network = network(&FULU);
    let mut store = start(&network, 8);
    apply(&mut store, &network, &update(&network, &Plan::new(16))).expect("it is right");
    let plan = Plan::new(24);
    let honest = update(&network, &plan);
    let with = |change: &dyn Fn(&mut Update), error| {
        let mut changed = honest.clone();
        change(&mut changed);
        refused(&store, &network, &changed, error);
    };
    with(&|update| update.attested.slot += 1, UpdateError::UnorderedSlots);
    with(
        &|update| update.attested.proposer_index += 1,
        UpdateError::Signature,
    );
    with(
        &|update| update.attested.parent_root.0[0] ^= 1,
        UpdateError::Signature,
    );
    with(
        &|update| update.attested.body_root.0[0] ^= 1,
        UpdateError::Signature,
    );
    with(
        &|update| update.attested.state_root.0[0] ^= 1,
        UpdateError::FinalityBranch,
    );
    with(&|update| update.finalized.slot -= 1, UpdateError::FinalityBranch);
    with(
        &|update| update.finalized.proposer_index += 1,
        UpdateError::FinalityBranch,
    );
    with(
        &|update| update.finalized.parent_root.0[0] ^= 1,
        UpdateError::FinalityBranch,
    );
    with(
        &|update| update.finalized.state_root.0[0] ^= 1,
        UpdateError::FinalityBranch,
    );
    with(
        &|update| update.finalized.body_root.0[0] ^= 1,
        UpdateError::FinalityBranch,
    );
    for node in 0..honest.finality_branch.len() {
        with(
            &|update| update.finality_branch[node].0[31] ^= 1,
            UpdateError::FinalityBranch,
        );
    }
    with(
        &|update| {
            update.finality_branch.pop();
        },
        UpdateError::FinalityBranch,
    );
    with(
        &|update| update.finality_branch.force_push(H256::zero()),
        UpdateError::FinalityBranch,
    );
    with(
        &|update| {
            let _ = update.finality_branch.try_insert(0, H256::zero());
        },
        UpdateError::FinalityBranch,
    );
    with(&|update| update.signature[20] ^= 1, UpdateError::Signature);
    with(&|update| update.signature = [0; 96], UpdateError::Signature);
    with(
        &|update| {
            // The point at infinity.
            update.signature = [0; 96];
            update.signature[0] = 0xc0;
        },
        UpdateError::Signature,
    );
    with(
        &|update| update.signature_slot += 1000,
        UpdateError::UnknownPeriod,
    );
    with(
        &|update| update.signature_slot = update.attested.slot,
        UpdateError::UnorderedSlots,
    );
    with(&|update| update.participation[0] = 0, UpdateError::Signature);
    with(
        &|update| update.participation = vec![0xff, 0xff, 0x0f, 0].try_into().expect("few"),
        UpdateError::Participation,
    );
    with(
        &|update| {
            update.participation.pop();
        },
        UpdateError::CommitteeSize,
    );
    with(
        &|update| update.participation.force_push(0xff),
        UpdateError::CommitteeSize,
    );
    with(&|update| update.execution = None, UpdateError::ExecutionPresence);
    let execution = |change: &dyn Fn(&mut weft_light_client::ExecutionProof), error| {
        with(
            &|update| update.execution.as_mut().into_iter().for_each(change),
            error,
        );
    };
    execution(&|proof| proof.header[40] ^= 1, UpdateError::ExecutionBranch);
    execution(
        &|proof| {
            proof.header.pop();
        },
        UpdateError::MalformedExecutionHeader,
    );
    execution(
        &|proof| proof.header.force_push(0),
        UpdateError::MalformedExecutionHeader,
    );
    execution(&|proof| proof.branch[3].0[0] ^= 1, UpdateError::ExecutionBranch);
    execution(
        &|proof| {
            proof.branch.pop();
        },
        UpdateError::ExecutionBranch,
    );
    let committees = |change: &dyn Fn(&mut weft_light_client::SyncCommittee), error| {
        with(
            &|update| {
                update
                    .next_committee
                    .as_mut()
                    .into_iter()
                    .for_each(|(committee, _)| change(committee))
            },
            error,
        );
    };
    committees(
        &|committee| committee.keys[5][9] ^= 1,
        UpdateError::NextCommitteeBranch,
    );
    committees(
        &|committee| committee.keys.as_mut().swap(1, 2),
        UpdateError::NextCommitteeBranch,
    );
    committees(
        &|committee| committee.aggregate[9] ^= 1,
        UpdateError::NextCommitteeBranch,
    );
    committees(
        &|committee| {
            committee.keys.pop();
        },
        UpdateError::CommitteeSize,
    );
    with(
        &|update| {
            update
                .next_committee
                .as_mut()
                .into_iter()
                .for_each(|(_, branch)| branch[0].0[0] ^= 1)
        },
        UpdateError::NextCommitteeBranch,
    );
    apply(&mut store.clone(), &network, &honest).expect("unchanged it is right");
}

#[test]
fn too_few_signers_another_network_and_another_committee_are_refused() {
    let network = network(&FULU);
    let store = start(&network, 8);
    // 22 of 32 are two thirds, 21 are not.
    refused(
        &store,
        &network,
        &update(
            &network,
            &Plan {
                signers: 21,
                ..Plan::new(16)
            },
        ),
        UpdateError::Participation,
    );
    apply(
        &mut store.clone(),
        &network,
        &update(
            &network,
            &Plan {
                signers: 22,
                ..Plan::new(16)
            },
        ),
    )
    .expect("it is right");
    let mut other = network.clone();
    other.genesis_validators_root = H256([8; 32]);
    refused(
        &store,
        &network,
        &update(&other, &Plan::new(16)),
        UpdateError::Signature,
    );
    let mut other = network.clone();
    other.forks[0].version = [9; 4];
    refused(
        &store,
        &network,
        &update(&other, &Plan::new(16)),
        UpdateError::Signature,
    );
    // Signed by the committee of the period after.
    let mut forged = update(&network, &Plan::new(16));
    forged.signature_slot += 64;
    sign(&network, &mut forged, 32);
    forged.signature_slot -= 64;
    refused(&store, &network, &forged, UpdateError::Signature);
}

#[test]
fn a_signature_of_the_future_is_refused() {
    let network = network(&FULU);
    let mut store = start(&network, 8);
    let update = update(&network, &Plan::new(16));
    let now = update.signature_slot - 1;
    assert_eq!(
        store.apply::<NativeCrypto>(&network, now, &update),
        Err(UpdateError::FutureSlot)
    );
    store
        .apply::<NativeCrypto>(&network, now + 1, &update)
        .expect("its slot has come");
    assert_eq!(network.slot_at(chain::GENESIS_TIME - 1), None);
    assert_eq!(network.slot_at(chain::GENESIS_TIME + 2 * now + 1), Some(now));
}

#[test]
fn a_next_committee_that_is_not_the_known_one_is_refused_even_if_it_was_signed() {
    let network = network(&FULU);
    let mut store = start(&network, 8);
    apply(&mut store, &network, &update(&network, &Plan::new(16))).expect("it is right");
    let plan = Plan::new(24);
    let mut forged = update(&network, &plan);
    let other = committee(99);
    let (state_root, branches) = tree(&[
        (169, forged.finalized.root::<NativeCrypto>()),
        (87, other.root::<NativeCrypto>()),
    ]);
    forged.attested = header(&network, plan.attested, state_root).0;
    forged.finality_branch = branches[0].clone().try_into().expect("few");
    forged.next_committee = Some((other, branches[1].clone().try_into().expect("few")));
    sign(&network, &mut forged, 32);
    refused(&store, &network, &forged, UpdateError::NextCommittee);
}

#[test]
fn an_update_that_was_signed_over_an_older_state_brings_nothing() {
    let network = network(&FULU);
    let mut store = start(&network, 8);
    apply(&mut store, &network, &update(&network, &Plan::new(24))).expect("it is right");
    for slot in [16, 24] {
        refused(
            &store,
            &network,
            &update(&network, &Plan::new(slot)),
            UpdateError::Irrelevant,
        );
    }
    refused(
        &store,
        &network,
        &update(
            &network,
            &Plan {
                finalized: 0,
                ..Plan::new(16)
            },
        ),
        UpdateError::UnorderedSlots,
    );
}

#[test]
fn a_checkpoint_with_another_committee_or_execution_block_is_refused() {
    let network = network(&FULU);
    let honest = checkpoint(&network, 8);
    let refused = |change: &dyn Fn(&mut weft_light_client::Checkpoint), error| {
        let mut changed = honest.clone();
        change(&mut changed);
        assert_eq!(Store::bootstrap::<NativeCrypto>(&network, &changed), Err(error));
    };
    refused(
        &|checkpoint| checkpoint.committee = committee(1),
        UpdateError::CommitteeBranch,
    );
    refused(
        &|checkpoint| checkpoint.header.state_root.0[0] ^= 1,
        UpdateError::CommitteeBranch,
    );
    refused(
        &|checkpoint| {
            checkpoint.branch.pop();
        },
        UpdateError::CommitteeBranch,
    );
    refused(
        &|checkpoint| {
            checkpoint.committee.keys.pop();
        },
        UpdateError::CommitteeSize,
    );
    refused(
        &|checkpoint| checkpoint.execution = None,
        UpdateError::ExecutionPresence,
    );
    refused(
        &|checkpoint| checkpoint.header.body_root.0[0] ^= 1,
        UpdateError::ExecutionBranch,
    );
    // A key that is none, in a state that says so.
    let malformed = |key: [u8; 48]| {
        let mut changed = honest.clone();
        changed.committee.keys[3] = key;
        let (state_root, branches) = tree(&[(86, changed.committee.root::<NativeCrypto>())]);
        changed.header.state_root = state_root;
        changed.branch = branches[0].clone().try_into().expect("few");
        assert_eq!(
            Store::bootstrap::<NativeCrypto>(&network, &changed),
            Err(UpdateError::MalformedKey)
        );
    };
    let mut infinity = [0; 48];
    infinity[0] = 0xc0;
    [[0; 48], [0xff; 48], infinity].into_iter().for_each(malformed);
}
