//! Updates and checkpoints that are not right are refused, and leave everything as it was.

use primitive_types::H256;
use weft_bls_host::NativeCrypto;
use weft_light_client::{Hasher, Store, Update, UpdateError};
use weft_synthetic_beacon::{
    self as chain, Plan, checkpoint, committee, header, network, sign, tree, update,
};

use crate::{FULU, apply, refused, start};

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
        (169, forged.finalized.root(&Hasher::<NativeCrypto>::NEW)),
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
