//! The light client in storage: checkpoints, updates, anchors.

use frame_support::{assert_noop, assert_ok, dispatch::Pays};
use sp_runtime::{DispatchError, traits::BadOrigin};
use weft_light_client::{Fork, ForkStart, Network as EthereumNetwork, Update, UpdateError};
use weft_primitives::H256;
use weft_synthetic_beacon::{GENESIS_TIME, Plan, checkpoint, network, sign, update};

use crate::{
    mock::{Clock, DataBus as Bus, RuntimeCall, RuntimeOrigin, System, Test, new_test_ext},
    *,
};

fn fulu() -> EthereumNetwork {
    network(&[(Fork::Fulu, 0)])
}

/// A chain that follows the synthetic beacon chain from slot 8, at a time when all of a test's slots have come.
fn started(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        Clock::set_seconds(GENESIS_TIME + 10_000);
        assert_ok!(Bus::reset_light_client(
            RuntimeOrigin::root(),
            fulu(),
            Box::new(checkpoint(&fulu(), 8))
        ));
        test();
        Bus::do_try_state().expect("storage does not contradict itself");
    });
}

fn submit(update: Update) -> frame_support::dispatch::DispatchResultWithPostInfo {
    Bus::submit_update(RuntimeOrigin::signed(1), Box::new(update))
}

fn events() -> Vec<Event<Test>> {
    let events = System::read_events_for_pallet::<Event<Test>>();
    System::reset_events();
    events
}

#[test]
fn an_update_moves_finality_and_anchors_its_execution_block_for_free() {
    started(|| {
        events();
        let done = submit(update(&fulu(), &Plan::new(16))).expect("it is right");
        assert_eq!(done.pays_fee, Pays::No);
        let anchor = Bus::newest().expect("it was anchored");
        assert_eq!((anchor.slot, anchor.number), (16, 16));
        assert_eq!(Bus::by_slot(16), Some(anchor));
        assert_eq!(Bus::by_number(16), Some(anchor));
        assert_eq!(Bus::by_hash(anchor.hash), Some(anchor));
        assert_eq!(Bus::by_number(17), None);
        assert_eq!(
            events(),
            [
                Event::CommitteeLearned { period: 1 },
                Event::Finalized { slot: 16 },
                Event::Anchored {
                    slot: 16,
                    number: 16,
                    hash: anchor.hash
                },
            ]
        );
    });
}

#[test]
fn updates_are_followed_from_period_to_period() {
    started(|| {
        for slot in (16..400).step_by(40) {
            assert_ok!(submit(update(&fulu(), &Plan::new(slot))));
            Bus::do_try_state().expect("storage does not contradict itself");
        }
        assert_eq!(Bus::newest().map(|anchor| anchor.slot), Some(376));
    });
}

#[test]
fn what_is_refused_changes_nothing_and_pays() {
    started(|| {
        assert_ok!(submit(update(&fulu(), &Plan::new(16))));
        let refused = |update: Update, error: Error<Test>| {
            // A refusal leaves the fee as it is: paid.
            assert_noop!(submit(update), error);
        };
        refused(update(&fulu(), &Plan::new(16)), Error::IrrelevantUpdate);
        refused(update(&fulu(), &Plan::new(200)), Error::UnknownPeriod);
        let mut forged = update(&fulu(), &Plan::new(24));
        forged.signature[5] ^= 1;
        refused(forged, Error::InvalidSignature);
        let mut future = update(&fulu(), &Plan::new(24));
        Clock::set_seconds(GENESIS_TIME + 2 * future.signature_slot - 1);
        refused(future.clone(), Error::FutureSlot);
        Clock::set_seconds(GENESIS_TIME - 1);
        refused(future.clone(), Error::BeforeGenesis);
        Clock::set_seconds(GENESIS_TIME + 10_000);
        sign(&fulu(), &mut future, 21);
        refused(future, Error::TooFewSigners);
    });
}

#[test]
fn the_pool_refuses_what_would_bring_nothing() {
    use frame_support::dispatch::GetDispatchInfo;
    use sp_runtime::{
        traits::DispatchTransaction,
        transaction_validity::{InvalidTransaction, TransactionSource},
    };
    let validate = |update: Update| {
        let call = RuntimeCall::from(Call::submit_update {
            update: Box::new(update),
        });
        let info = call.get_dispatch_info();
        CheckUpdate::<Test>::new()
            .validate_only(
                RuntimeOrigin::signed(1),
                &call,
                &info,
                0,
                TransactionSource::External,
                0,
            )
            .map(|_| ())
    };
    started(|| {
        let first = update(&fulu(), &Plan::new(16));
        assert_ok!(validate(first.clone()));
        assert_ok!(submit(first.clone()));
        assert_eq!(validate(first), Err(InvalidTransaction::Stale.into()));
        assert_eq!(
            validate(update(&fulu(), &Plan::new(200))),
            Err(InvalidTransaction::Stale.into())
        );
        // What only a signature shows is seen in the block, and paid for.
        let mut forged = update(&fulu(), &Plan::new(24));
        forged.signature[5] ^= 1;
        assert_ok!(validate(forged));
        Network::<Test>::kill();
        assert_eq!(
            validate(update(&fulu(), &Plan::new(24))),
            Err(InvalidTransaction::Stale.into())
        );
        Network::<Test>::put(fulu());
    });
}

#[test]
fn nothing_is_followed_without_a_checkpoint() {
    new_test_ext().execute_with(|| {
        assert_noop!(
            submit(update(&fulu(), &Plan::new(16))),
            Error::<Test>::NoCheckpoint
        );
        assert_noop!(
            Bus::set_forks(RuntimeOrigin::root(), Default::default()),
            Error::<Test>::NoCheckpoint
        );
        assert_eq!(Bus::newest(), None);
        Bus::do_try_state().expect("storage does not contradict itself");
    });
}

#[test]
fn only_root_sets_checkpoints_and_forks() {
    started(|| {
        let reset =
            Bus::reset_light_client(RuntimeOrigin::signed(1), fulu(), Box::new(checkpoint(&fulu(), 8)));
        assert_noop!(reset, BadOrigin);
        assert_noop!(Bus::set_forks(RuntimeOrigin::signed(1), fulu().forks), BadOrigin);
        assert_noop!(
            Bus::submit_update(RuntimeOrigin::none(), Box::new(update(&fulu(), &Plan::new(16)))),
            BadOrigin
        );
    });
}

#[test]
fn a_checkpoint_forgets_what_was_known_before() {
    started(|| {
        for slot in [16, 24, 32, 40, 48, 56] {
            assert_ok!(submit(update(&fulu(), &Plan::new(slot))));
        }
        let other = EthereumNetwork {
            genesis_validators_root: H256([9; 32]),
            ..fulu()
        };
        assert_ok!(Bus::reset_light_client(
            RuntimeOrigin::root(),
            other.clone(),
            Box::new(checkpoint(&other, 130))
        ));
        assert_eq!(NextCommittee::<Test>::get(), None);
        assert_eq!(Anchors::<Test>::iter().count(), 1);
        assert_eq!(Bus::newest().map(|anchor| anchor.slot), Some(130));
        assert_eq!(Bus::by_number(56), None);
        assert_noop!(
            submit(update(&fulu(), &Plan::new(140))),
            Error::<Test>::InvalidSignature
        );
        assert_ok!(submit(update(&other, &Plan::new(140))));
    });
}

#[test]
fn a_checkpoint_that_is_wrong_changes_nothing() {
    started(|| {
        let mut wrong = checkpoint(&fulu(), 20);
        wrong.header.state_root.0[0] ^= 1;
        assert_noop!(
            Bus::reset_light_client(RuntimeOrigin::root(), fulu(), Box::new(wrong)),
            Error::<Test>::InvalidCommitteeBranch
        );
        let slow = EthereumNetwork {
            seconds_per_slot: 0,
            ..fulu()
        };
        assert_noop!(
            Bus::reset_light_client(RuntimeOrigin::root(), slow, Box::new(checkpoint(&fulu(), 20))),
            Error::<Test>::InvalidNetwork
        );
    });
}

#[test]
fn the_oldest_anchor_makes_room_for_the_newest() {
    started(|| {
        // Room for four, and the checkpoint's is one of them.
        for slot in [16, 24, 32, 40, 48] {
            assert_ok!(submit(update(&fulu(), &Plan::new(slot))));
            Bus::do_try_state().expect("storage does not contradict itself");
        }
        let kept: Vec<bool> = [8, 16, 24, 32, 40, 48]
            .map(|slot| Bus::by_slot(slot).is_some())
            .into();
        assert_eq!(kept, [false, false, true, true, true, true]);
        assert_eq!(
            (Bus::by_number(16), Bus::by_number(24).map(|anchor| anchor.slot)),
            (None, Some(24))
        );
    });
}

#[test]
fn a_fork_is_added_before_it_comes_and_the_past_stays() {
    started(|| {
        assert_ok!(submit(update(&fulu(), &Plan::new(24))));
        let gloas = network(&[(Fork::Fulu, 0), (Fork::Gloas, 5)]);
        assert_ok!(Bus::set_forks(RuntimeOrigin::root(), gloas.forks.clone()));
        // Postponed, then followed through the fork.
        let later = network(&[(Fork::Fulu, 0), (Fork::Gloas, 6)]);
        assert_ok!(Bus::set_forks(RuntimeOrigin::root(), later.forks.clone()));
        for slot in [32, 40, 48, 56] {
            assert_ok!(submit(update(&later, &Plan::new(slot))));
        }
        for changed in [
            network(&[(Fork::Electra, 0), (Fork::Gloas, 6)]),
            network(&[(Fork::Fulu, 0), (Fork::Gloas, 5)]),
            network(&[(Fork::Fulu, 0)]),
        ] {
            assert_noop!(
                Bus::set_forks(RuntimeOrigin::root(), changed.forks),
                Error::<Test>::PastForksChanged
            );
        }
        let unordered = [(Fork::Gloas, 0), (Fork::Fulu, 6)].map(|(fork, epoch)| ForkStart {
            fork,
            version: [0; 4],
            epoch,
        });
        assert_noop!(
            Bus::set_forks(RuntimeOrigin::root(), unordered.to_vec().try_into().unwrap()),
            Error::<Test>::InvalidNetwork
        );
    });
}

#[test]
fn every_refusal_of_an_update_has_an_error_of_its_own() {
    let refusals = [
        UpdateError::CommitteeSize,
        UpdateError::Participation,
        UpdateError::UnorderedSlots,
        UpdateError::FutureSlot,
        UpdateError::UnknownFork,
        UpdateError::UnknownPeriod,
        UpdateError::Irrelevant,
        UpdateError::FinalityBranch,
        UpdateError::NextCommitteeBranch,
        UpdateError::NextCommittee,
        UpdateError::CommitteeBranch,
        UpdateError::ExecutionPresence,
        UpdateError::MalformedExecutionHeader,
        UpdateError::ExecutionBranch,
        UpdateError::Signature,
        UpdateError::MalformedKey,
    ];
    let errors: Vec<DispatchError> = refusals
        .into_iter()
        .map(|refusal| Error::<Test>::from(refusal).into())
        .collect();
    for (index, error) in errors.iter().enumerate() {
        assert!(
            !errors[..index].contains(error),
            "{error:?} stands for two refusals"
        );
    }
}
