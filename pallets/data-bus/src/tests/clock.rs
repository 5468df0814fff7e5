//! The clock: what it counts, and when it stands still.

use frame_support::{assert_ok, traits::Hooks};
use weft_light_client::Fork;
use weft_synthetic_beacon::{GENESIS_TIME, Plan, checkpoint, network, update};

use crate::{
    mock::{Clock as LocalTime, DataBus as Bus, RuntimeOrigin, System, Test, new_test_ext},
    *,
};

/// Seconds of a slot of the synthetic chain.
const SLOT: u64 = 2;

fn fulu() -> weft_light_client::Network {
    network(&[(Fork::Fulu, 0)])
}

/// A chain that follows the synthetic beacon chain from slot 8, at slot 1,000 by its own clock.
fn started(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        local_slot(1_000);
        assert_ok!(Bus::reset_light_client(
            RuntimeOrigin::root(),
            fulu(),
            Box::new(checkpoint(&fulu(), 8))
        ));
        test();
        Bus::do_try_state().expect("storage does not contradict itself");
    });
}

fn local_slot(slot: u64) {
    LocalTime::set_seconds(GENESIS_TIME + SLOT * slot);
}

/// Makes a slot final.
fn finalize(slot: u64) {
    assert_ok!(Bus::submit_update(
        RuntimeOrigin::signed(1),
        Box::new(update(&fulu(), &Plan::new(slot)))
    ));
}

fn now() -> u64 {
    <Bus as EthereumClock>::now().expect("there is a checkpoint")
}

fn watch() -> Vec<Event<Test>> {
    System::reset_events();
    Bus::on_initialize(2);
    System::read_events_for_pallet::<Event<Test>>()
}

#[test]
fn without_a_checkpoint_there_is_no_time() {
    new_test_ext().execute_with(|| {
        assert_eq!(<Bus as EthereumClock>::now(), None);
        assert_eq!(watch(), []);
    });
}

#[test]
fn the_clock_starts_with_the_checkpoint_and_counts_slots_that_become_final() {
    started(|| {
        assert_eq!(now(), 8);
        local_slot(1_008);
        finalize(16);
        assert_eq!(now(), 16);
        local_slot(1_024);
        finalize(32);
        assert_eq!(now(), 32);
    });
}

#[test]
fn slots_of_a_stall_are_not_counted_however_finality_comes_back() {
    for steps in [vec![56], vec![24, 32, 40, 48, 56]] {
        started(|| {
            finalize(16);
            assert_eq!(now(), 16);
            // Finality is away for 500 slots, of which 24 count.
            local_slot(1_500);
            for slot in steps {
                finalize(slot);
            }
            assert_eq!(now(), 16 + 24);
            // Afterwards it goes on as before.
            local_slot(1_516);
            finalize(72);
            assert_eq!(now(), 16 + 24 + 16);
        });
    }
}

#[test]
fn finality_that_runs_ahead_of_time_is_not_counted() {
    started(|| {
        // All in one moment: what a stall may bring and no more.
        for slot in [16, 56, 96, 136] {
            finalize(slot);
        }
        assert_eq!(now(), 8 + 24);
    });
}

#[test]
fn parts_of_a_slot_are_not_lost() {
    started(|| {
        // Use up what the start allows.
        finalize(40);
        let before = now();
        for step in 1..=8 {
            LocalTime::set_seconds(GENESIS_TIME + SLOT * 1_000 + 3 * step);
            finalize(40 + step);
        }
        // 24 seconds are 12 slots, and 8 became final.
        assert_eq!(now(), before + 8);
    });
}

#[test]
fn a_stall_is_said_once_and_so_is_its_end() {
    started(|| {
        finalize(16);
        local_slot(1_024);
        assert_eq!(watch(), []);
        local_slot(1_025);
        assert_eq!(watch(), [Event::Stalled { slot: 16 }]);
        assert!(<Bus as EthereumClock>::is_stalled());
        local_slot(1_100);
        assert_eq!(watch(), []);
        System::reset_events();
        finalize(56);
        let events = System::read_events_for_pallet::<Event<Test>>();
        assert!(events.contains(&Event::Resumed { slot: 56, frozen: 16 }));
        assert!(!<Bus as EthereumClock>::is_stalled());
        assert_eq!(watch(), []);
    });
}

#[test]
fn a_new_checkpoint_neither_turns_the_clock_back_nor_sets_it_ahead() {
    started(|| {
        finalize(24);
        for slot in [8, 400] {
            assert_ok!(Bus::reset_light_client(
                RuntimeOrigin::root(),
                fulu(),
                Box::new(checkpoint(&fulu(), slot))
            ));
            assert_eq!(now(), 24);
        }
    });
}
