use frame_support::{assert_noop, assert_ok};
use weft_primitives::{JobStatus, manifest::StatePolicy};

use super::{
    worker::{honest, submit},
    *,
};
use crate::{Error, Event, Jobs, OpenJobs, Snapshots, mock::ENDOWMENT};

fn expire(job: JobId) -> sp_runtime::DispatchResult {
    Settlement::expire(RuntimeOrigin::signed(account(OTHER)), job)
}

#[test]
fn an_open_job_expires_and_the_fee_goes_back() {
    run(|| {
        let job = offer(register(&manifest(StatePolicy::Stateless)));
        set_time(2 + DURATION);
        assert_ok!(expire(job));
        assert_eq!(held(HoldReason::Fee, OWNER), 0);
        assert_eq!(total_balance(OWNER), ENDOWMENT);
        assert!(!OpenJobs::<Test>::contains_key(job));
        assert_eq!(
            Jobs::<Test>::get(job).unwrap().status,
            JobStatus::Expired {
                worker: None,
                expired_at: 2 + DURATION
            }
        );
        System::assert_last_event(
            Event::JobExpired {
                job,
                worker: None,
                slashed: 0,
            }
            .into(),
        );
    });
}

#[test]
fn a_locked_job_expires_with_the_bond_slashed_and_the_zkgraph_free_again() {
    run(|| {
        let (graph, job) = locked_job(StatePolicy::Sequential);
        let issued = Balances::total_issuance();
        set_time(2 + DURATION);
        assert_ok!(expire(job));
        assert_eq!(total_balance(WORKER), ENDOWMENT - FEE);
        assert_eq!(total_balance(OWNER), ENDOWMENT);
        assert_eq!(Balances::total_issuance(), issued - FEE);
        assert!(!Snapshots::<Test>::contains_key(job));
        System::assert_last_event(
            Event::JobExpired {
                job,
                worker: Some(account(WORKER)),
                slashed: FEE,
            }
            .into(),
        );
        lock(OTHER, offer(graph));
    });
}

#[test]
fn a_job_does_not_expire_before_its_deadline_nor_twice_nor_after_it_settled() {
    run(|| {
        let (graph, job) = locked_job(StatePolicy::Stateless);
        let late = offer(graph);
        assert_noop!(expire(99), Error::<Test>::UnknownJob);
        set_time(1 + DURATION);
        assert_noop!(expire(job), Error::<Test>::DeadlineNotPassed);
        assert_ok!(submit(WORKER, job, honest(WORKER, job)));
        set_time(2 + DURATION);
        assert_noop!(expire(job), Error::<Test>::AlreadySettled);
        assert_ok!(expire(late));
        assert_noop!(expire(late), Error::<Test>::JobExpired);
    });
}

#[test]
fn a_proof_after_the_job_was_closed_is_refused() {
    run(|| {
        let (_, job) = locked_job(StatePolicy::Stateless);
        let submission = honest(WORKER, job);
        set_time(2 + DURATION);
        assert_ok!(expire(job));
        assert_noop!(submit(WORKER, job, submission), Error::<Test>::JobExpired);
    });
}

#[test]
fn deadlines_stand_still_with_the_clock() {
    run(|| {
        let (_, job) = locked_job(StatePolicy::Stateless);
        System::set_block_number(1_000_000);
        assert_noop!(expire(job), Error::<Test>::DeadlineNotPassed);
        assert_ok!(submit(WORKER, job, honest(WORKER, job)));
    });
}

#[test]
fn a_worker_that_could_not_deliver_because_its_chain_was_forbidden_keeps_its_bond() {
    run(|| {
        let (_, job) = locked_job(StatePolicy::Stateless);
        assert_ok!(crate::mock::DataBus::forbid_chain(
            RuntimeOrigin::root(),
            crate::mock::CHAIN
        ));
        set_time(2 + DURATION);
        assert_ok!(expire(job));
        assert_eq!(total_balance(WORKER), ENDOWMENT);
        assert_eq!(held(HoldReason::Bond, WORKER), 0);
        System::assert_last_event(
            Event::JobExpired {
                job,
                worker: Some(account(WORKER)),
                slashed: 0,
            }
            .into(),
        );
    });
}
