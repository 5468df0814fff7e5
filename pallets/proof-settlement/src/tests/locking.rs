use frame_support::{assert_noop, assert_ok};
use weft_primitives::{JobStatus, manifest::StatePolicy};

use super::*;
use crate::{Error, Jobs, OpenJobs, Snapshots};

#[test]
fn a_lock_holds_the_larger_of_fee_and_least_bond() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Stateless));
        let job = offer(graph);
        lock(WORKER, job);
        assert_eq!(held(HoldReason::Bond, WORKER), FEE);
        assert!(!OpenJobs::<Test>::contains_key(job));
        let record = Jobs::<Test>::get(job).unwrap();
        assert_eq!(
            record.status,
            JobStatus::Locked {
                worker: account(WORKER),
                bond: FEE,
                locked_at: 1
            }
        );
        assert_eq!(Settlement::locked_jobs(&account(WORKER), 10), vec![(job, record)]);

        let blocks = vec![ethereum::source_block()].try_into().unwrap();
        let cheap = NextJob::<Test>::get();
        assert_ok!(Settlement::offer(
            RuntimeOrigin::signed(account(OTHER)),
            graph,
            blocks,
            10,
            20
        ));
        lock(OTHER, cheap);
        assert_eq!(held(HoldReason::Bond, OTHER), 50);
    });
}

#[test]
fn a_job_is_locked_by_one_worker() {
    run(|| {
        let (_, job) = locked_job(StatePolicy::Stateless);
        assert_noop!(try_lock(OTHER, job), Error::<Test>::JobNotOpen);
        assert_noop!(try_lock(WORKER, job), Error::<Test>::JobNotOpen);
        assert_noop!(try_lock(WORKER, 99), Error::<Test>::UnknownJob);
    });
}

#[test]
fn a_sequential_zkgraph_has_one_locked_run_at_a_time() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Sequential));
        let (first, second) = (offer(graph), offer(graph));
        lock(WORKER, first);
        assert_noop!(
            try_lock(OTHER, second),
            pallet_zkgraph_registry::Error::<Test>::GraphBusy
        );
        let submission = worker::honest(WORKER, first);
        assert_ok!(worker::submit(WORKER, first, submission));
        lock(OTHER, second);
    });
}

#[test]
fn a_worker_without_the_bond_cannot_lock() {
    run(|| {
        let job = offer(register(&manifest(StatePolicy::Stateless)));
        assert!(try_lock(77, job).is_err());
        assert!(OpenJobs::<Test>::contains_key(job));
        assert!(!Snapshots::<Test>::contains_key(job));
    });
}

#[test]
fn a_job_can_be_locked_up_to_its_deadline_and_not_after() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Stateless));
        let (early, late) = (offer(graph), offer(graph));
        set_time(1 + DURATION);
        lock(WORKER, early);
        set_time(2 + DURATION);
        assert_noop!(try_lock(WORKER, late), Error::<Test>::JobExpired);
    });
}

#[test]
fn a_job_whose_zkgraph_changed_since_the_offer_is_checked_again() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Stateless));
        let job = offer(graph);
        make_final(ethereum::source_block().hash);
        let mut two_sources = manifest(StatePolicy::Stateless);
        let source = two_sources.sources[0].clone();
        two_sources.sources.try_push(source).unwrap();
        assert_ok!(Registry::update_manifest(
            RuntimeOrigin::signed(account(OWNER)),
            graph,
            two_sources.to_bytes().unwrap()
        ));
        assert_noop!(try_lock(WORKER, job), Error::<Test>::WrongBlockCount);
        assert_ok!(Registry::retire(RuntimeOrigin::signed(account(OWNER)), graph));
        assert_noop!(
            try_lock(WORKER, job),
            pallet_zkgraph_registry::Error::<Test>::UnknownGraph
        );
    });
}

#[test]
fn a_job_that_is_over_cannot_be_locked() {
    run(|| {
        let (_, job) = locked_job(StatePolicy::Stateless);
        assert_ok!(worker::submit(WORKER, job, worker::honest(WORKER, job)));
        assert_noop!(try_lock(OTHER, job), Error::<Test>::AlreadySettled);
    });
}
