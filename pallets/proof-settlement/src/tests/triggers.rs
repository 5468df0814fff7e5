//! Triggers: who starts runs, who pays, and how often.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchResult;
use weft_primitives::{H256, Query, manifest::StatePolicy, query::EventFilter, source::Ancestry};

use super::{
    worker::{honest, submit, trapped},
    *,
};
use crate::{Error, Event, Jobs, Triggers, mock::ENDOWMENT};

const INTERVAL: u64 = 8;
const BOUNTY: u64 = 250;

fn set(number: u8, graph: GraphId, deposit: u64) -> DispatchResult {
    Settlement::set_trigger(
        RuntimeOrigin::signed(account(number)),
        graph,
        FEE,
        INTERVAL,
        DURATION,
        deposit,
    )
}

fn close(number: u8, graph: GraphId) -> DispatchResult {
    Settlement::close_trigger(RuntimeOrigin::signed(account(number)), graph)
}

/// An index over the block that all tests read, with a trigger.
fn with_trigger() -> GraphId {
    let graph = register(&manifest(StatePolicy::Index { from: 100 }));
    assert_ok!(set(OWNER, graph, BOUNTY));
    make_final(ethereum::source_block().hash);
    graph
}

fn trigger(worker: u8, graph: GraphId) -> DispatchResult {
    let block = ethereum::source_block();
    start(worker, graph, block.number, block.hash)
}

fn start(worker: u8, graph: GraphId, number: u64, hash: H256) -> DispatchResult {
    let worker = RuntimeOrigin::signed(account(worker));
    Settlement::trigger(worker, graph, number, hash, Box::new(Ancestry::default()))
}

fn bounty(graph: GraphId) -> u64 {
    Triggers::<Test>::get(graph).unwrap().bounty
}

#[test]
fn a_worker_starts_a_run_which_the_bounty_pays() {
    run(|| {
        let graph = with_trigger();
        assert_eq!(held(HoldReason::Bounty, OWNER), BOUNTY);
        let job = NextJob::<Test>::get();
        assert_ok!(trigger(WORKER, graph));
        assert_eq!(held(HoldReason::Bounty, OWNER), BOUNTY - FEE);
        assert_eq!(held(HoldReason::Fee, OWNER), FEE);
        System::assert_has_event(
            Event::Triggered {
                graph,
                job,
                bounty: BOUNTY - FEE,
            }
            .into(),
        );
        let record = Jobs::<Test>::get(job).unwrap();
        assert_eq!((record.blocks[0].first, record.blocks[0].number), (100, 100));
        assert_ok!(submit(WORKER, job, honest(WORKER, job)));
        assert_eq!(total_balance(WORKER), ENDOWMENT + FEE);
        assert_eq!(total_balance(OWNER), ENDOWMENT - FEE);
        assert_eq!(bounty(graph), BOUNTY - FEE);
    });
}

#[test]
fn runs_start_at_the_rate_of_the_trigger_and_while_the_bounty_lasts() {
    run(|| {
        let graph = with_trigger();
        let job = NextJob::<Test>::get();
        assert_ok!(trigger(WORKER, graph));
        assert_ok!(submit(WORKER, job, honest(WORKER, job)));
        assert_noop!(
            start(WORKER, graph, 101, H256([1; 32])),
            Error::<Test>::TriggerTooSoon
        );
        set_time(1 + INTERVAL);
        make_final(H256([1; 32]));
        let job = NextJob::<Test>::get();
        assert_ok!(start(WORKER, graph, 101, H256([1; 32])));
        assert_eq!(Jobs::<Test>::get(job).unwrap().blocks[0].first, 101);
        set_time(2 + INTERVAL + DURATION);
        assert_noop!(
            start(WORKER, graph, 101, H256([1; 32])),
            Error::<Test>::BountySpent
        );
    });
}

#[test]
fn a_run_that_reads_nothing_is_not_taken_unless_it_is_as_long_as_it_can_be() {
    run(|| {
        let mut quiet = manifest(StatePolicy::Index { from: 100 });
        quiet.sources = vec![Query::Events {
            chain_id: CHAIN,
            filter: EventFilter {
                addresses: vec![H160::repeat_byte(0x33)].try_into().unwrap(),
                topics: Default::default(),
            },
        }]
        .try_into()
        .unwrap();
        let graph = register(&quiet);
        assert_ok!(set(OWNER, graph, BOUNTY));
        make_final(ethereum::source_block().hash);
        let job = NextJob::<Test>::get();
        assert_ok!(trigger(WORKER, graph));
        let submission = honest(WORKER, job);
        assert_noop!(submit(WORKER, job, submission), Error::<Test>::NothingHappened);

        let mut record = Jobs::<Test>::get(job).unwrap();
        assert!(!Settlement::has_reason(&record, 0));
        assert!(Settlement::has_reason(&record, 1));
        record.blocks[0].first = 100;
        record.blocks[0].number = 100 + 1022;
        assert!(!Settlement::has_reason(&record, 0));
        record.blocks[0].number = 100 + 1023;
        assert!(Settlement::has_reason(&record, 0));
    });
}

#[test]
fn the_fee_of_a_run_that_expired_is_in_the_bounty_again_and_the_next_one_can_start() {
    run(|| {
        let graph = with_trigger();
        let job = NextJob::<Test>::get();
        assert_ok!(trigger(WORKER, graph));
        set_time(2 + DURATION);
        assert_ok!(Settlement::expire(RuntimeOrigin::signed(account(OTHER)), job));
        assert_eq!(bounty(graph), BOUNTY);
        assert_eq!(held(HoldReason::Fee, OWNER), 0);
        assert_eq!(total_balance(WORKER), ENDOWMENT - FEE);
        assert_ok!(trigger(OTHER, graph));
    });
}

#[test]
fn a_run_that_traps_is_paid_once_and_pauses_the_trigger() {
    run(|| {
        let graph = with_trigger();
        let job = NextJob::<Test>::get();
        assert_ok!(trigger(WORKER, graph));
        assert_ok!(submit(WORKER, job, trapped(WORKER, job)));
        System::assert_has_event(Event::TriggerPaused { graph }.into());
        set_time(1 + INTERVAL);
        assert_noop!(trigger(WORKER, graph), Error::<Test>::TriggerIsPaused);
        assert_ok!(set(OWNER, graph, 10));
        assert_eq!(bounty(graph), BOUNTY - FEE + 10);
        assert_ok!(trigger(WORKER, graph));
    });
}

#[test]
fn a_trigger_is_the_owners_and_of_an_index() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Index { from: 100 }));
        assert_noop!(set(OTHER, graph, BOUNTY), Error::<Test>::NotOwner);
        let sequential = register(&manifest(StatePolicy::Sequential));
        assert_noop!(set(OWNER, sequential, BOUNTY), Error::<Test>::NotAnIndex);
        assert!(set(OWNER, graph, 2 * ENDOWMENT).is_err());
        assert_noop!(trigger(WORKER, graph), Error::<Test>::NoTrigger);
        assert_noop!(close(OWNER, graph), Error::<Test>::NoTrigger);
    });
}

#[test]
fn what_is_left_of_a_bounty_goes_back_to_who_paid_it() {
    run(|| {
        let graph = with_trigger();
        assert_noop!(close(OTHER, graph), Error::<Test>::NotOwner);
        assert_ok!(Registry::transfer_ownership(
            RuntimeOrigin::signed(account(OWNER)),
            graph,
            account(OTHER)
        ));
        assert_ok!(Registry::accept_ownership(
            RuntimeOrigin::signed(account(OTHER)),
            graph
        ));
        assert_noop!(set(OTHER, graph, BOUNTY), Error::<Test>::TriggerOfAnother);
        let job = NextJob::<Test>::get();
        assert_ok!(trigger(WORKER, graph));
        assert_ok!(close(OTHER, graph));
        assert_eq!(held(HoldReason::Bounty, OWNER), 0);
        System::assert_last_event(
            Event::TriggerClosed {
                graph,
                bounty: BOUNTY - FEE,
            }
            .into(),
        );
        // The run that was started goes on, and its fee goes back if it expires.
        set_time(2 + DURATION);
        assert_ok!(Settlement::expire(RuntimeOrigin::signed(account(OTHER)), job));
        assert_eq!(held(HoldReason::Fee, OWNER), 0);
        assert_eq!(total_balance(OWNER), ENDOWMENT);
    });
}

#[test]
fn a_run_is_started_over_final_blocks_alone_and_not_beside_another() {
    run(|| {
        let graph = with_trigger();
        assert_noop!(
            start(WORKER, graph, 100, H256([9; 32])),
            pallet_data_bus::Error::<Test>::NotFinal
        );
        assert_noop!(
            start(WORKER, graph, 99, ethereum::source_block().hash),
            pallet_data_bus::Error::<Test>::WrongRange
        );
        assert_ok!(trigger(WORKER, graph));
        set_time(1 + INTERVAL);
        assert_noop!(
            trigger(OTHER, graph),
            pallet_zkgraph_registry::Error::<Test>::GraphBusy
        );
    });
}
