//! Triggers: who starts runs, who pays, and how often.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchResult;
use weft_primitives::{
    JobOrigin,
    manifest::StatePolicy,
    source::Ancestry,
    trigger::{PATIENCE, RunSize},
};

use super::{
    worker::{honest, honest_with, sign, sign_with, submit, trapped},
    *,
};
use crate::{
    Error, Event, Jobs, Triggers,
    mock::{ENDOWMENT, newest_final},
};

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
    let terms = triggered_terms(graph, number, hash);
    Settlement::trigger(worker, graph, number, hash, Box::new(Ancestry::default()), terms)
}

/// The terms of a run up to this block, as things are.
fn triggered_terms(graph: GraphId, number: u64, hash: H256) -> H256 {
    let record = pallet_zkgraph_registry::Registered::<Test>::get(graph).unwrap();
    let block = weft_primitives::SourceBlock {
        chain_id: CHAIN,
        first: record.cursor.unwrap_or_default(),
        number,
        hash,
        transactions: Default::default(),
    };
    let Some(trigger) = Triggers::<Test>::get(graph) else {
        return H256::zero();
    };
    let now = <crate::mock::DataBus as pallet_data_bus::EthereumClock>::now().unwrap();
    let newest = <crate::mock::DataBus as pallet_data_bus::FinalBlocks>::newest();
    let origin = trigger.origin(now, number, newest.map_or(0, |anchor| anchor.number));
    terms_of(
        graph,
        origin,
        trigger.fee,
        trigger.duration,
        vec![block].try_into().unwrap(),
    )
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
fn a_run_that_reads_nothing_is_not_taken() {
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
        let mut submission = honest_with(WORKER, job, ethereum::without_receipts());
        submission.statement.steps = 10;
        sign_with(job, &mut submission, ethereum::without_receipts());
        assert_noop!(submit(WORKER, job, submission), Error::<Test>::NothingHappened);
    });
}

#[test]
fn a_run_has_reason_by_its_events_or_by_its_size() {
    run(|| {
        let graph = with_trigger();
        let job = NextJob::<Test>::get();
        assert_ok!(trigger(WORKER, graph));
        let mut record = Jobs::<Test>::get(job).unwrap();
        let has_reason = |record: &crate::JobOf<Test>, events, size| {
            let size = RunSize { events, ..size };
            size.is_reason(
                record.origin,
                &record.blocks,
                <<Test as crate::Config>::MaxSteps as frame_support::traits::Get<u64>>::get(),
            )
        };
        let small = RunSize::default();
        assert!(!has_reason(&record, 0, small));
        assert!(has_reason(&record, 1, small));
        let full = [
            RunSize {
                evidence: 512 * 1024,
                ..small
            },
            RunSize {
                input: 32 * 1024,
                ..small
            },
            RunSize { steps: 500, ..small },
        ];
        for size in full {
            assert!(has_reason(&record, 0, size), "{size:?}");
        }
        // One that could have gone on has to be full.
        record.origin = JobOrigin::PartialTrigger;
        assert!(!has_reason(&record, 1, small));
        assert!(has_reason(&record, 1, full[0]));
        record.blocks[0].number = 100 + 1022;
        assert!(!has_reason(&record, 1, small));
        record.blocks[0].number = 100 + 1023;
        assert!(has_reason(&record, 0, small));
        record.origin = JobOrigin::Offer;
        record.blocks[0].number = 100;
        assert!(has_reason(&record, 0, small));
    });
}

#[test]
fn a_run_that_stops_before_the_newest_final_block_is_known_as_partial() {
    run(|| {
        let graph = with_trigger();
        newest_final(100 + 128);
        let job = NextJob::<Test>::get();
        assert_ok!(trigger(WORKER, graph));
        assert_eq!(Jobs::<Test>::get(job).unwrap().origin, JobOrigin::Trigger);
        assert_ok!(submit(WORKER, job, honest(WORKER, job)));

        let other = register(&manifest(StatePolicy::Index { from: 100 }));
        assert_ok!(set(OWNER, other, BOUNTY));
        newest_final(100 + 129);
        let job = NextJob::<Test>::get();
        assert_ok!(trigger(WORKER, other));
        assert_eq!(Jobs::<Test>::get(job).unwrap().origin, JobOrigin::PartialTrigger);
        let mut small = honest(WORKER, job);
        small.statement.steps = 10;
        sign(job, &mut small);
        assert_noop!(submit(WORKER, job, small), Error::<Test>::NothingHappened);
    });
}

#[test]
fn a_trigger_that_has_waited_for_long_takes_a_part_of_what_there_is() {
    run(|| {
        let graph = with_trigger();
        newest_final(10_000);
        let now = 1 + PATIENCE;
        set_time(now - 1);
        assert_eq!(
            Triggers::<Test>::get(graph).unwrap().origin(now - 1, 100, 10_000),
            JobOrigin::PartialTrigger
        );
        set_time(now);
        let job = NextJob::<Test>::get();
        assert_ok!(trigger(WORKER, graph));
        assert_eq!(Jobs::<Test>::get(job).unwrap().origin, JobOrigin::Trigger);
        let mut small = honest(WORKER, job);
        small.statement.steps = 10;
        sign(job, &mut small);
        assert_ok!(submit(WORKER, job, small));
    });
}

#[test]
fn a_worker_locks_what_it_has_looked_at_and_nothing_else() {
    run(|| {
        let graph = with_trigger();
        let block = ethereum::source_block();
        let terms = triggered_terms(graph, block.number, block.hash);
        let with = |terms| {
            let worker = RuntimeOrigin::signed(account(WORKER));
            Settlement::trigger(worker, graph, block.number, block.hash, Box::default(), terms)
        };
        assert_noop!(with(H256::zero()), Error::<Test>::TermsChanged);
        // The owner changes what is read after the worker has looked.
        let mut changed = manifest(StatePolicy::Index { from: 100 });
        changed.name = b"other".to_vec().try_into().unwrap();
        assert_ok!(Registry::update_manifest(
            RuntimeOrigin::signed(account(OWNER)),
            graph,
            changed.to_bytes().unwrap()
        ));
        assert_noop!(with(terms), Error::<Test>::TermsChanged);
        // Or how long it may take.
        let terms = triggered_terms(graph, block.number, block.hash);
        assert_ok!(Settlement::set_trigger(
            RuntimeOrigin::signed(account(OWNER)),
            graph,
            FEE,
            INTERVAL,
            DURATION + 1,
            0
        ));
        assert_noop!(with(terms), Error::<Test>::TermsChanged);
        // Or newer blocks become final, so that the run would be a part only.
        let terms = triggered_terms(graph, block.number, block.hash);
        newest_final(5_000);
        assert_noop!(with(terms), Error::<Test>::TermsChanged);
        // Or leaves blocks out.
        let terms = triggered_terms(graph, block.number, block.hash);
        assert_ok!(Registry::skip_blocks(
            RuntimeOrigin::signed(account(OWNER)),
            graph,
            101
        ));
        assert!(with(terms).is_err());
    });
}

#[test]
fn a_bounty_pays_at_least_one_run_and_a_trigger_of_nothing_can_be_closed_by_anybody() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Index { from: 100 }));
        assert_noop!(set(OWNER, graph, FEE - 1), Error::<Test>::BountyTooLow);
        assert_ok!(set(OWNER, graph, FEE));
        assert_noop!(close(OTHER, graph), Error::<Test>::NotOwner);
        assert_ok!(Registry::retire(RuntimeOrigin::signed(account(OWNER)), graph));
        assert_ok!(close(OTHER, graph));
        assert_eq!(held(HoldReason::Bounty, OWNER), 0);
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
