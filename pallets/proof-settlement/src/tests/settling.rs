//! What a right proof brings about.

use frame_support::{assert_noop, assert_ok, traits::Hooks};
use pallet_zkgraph_registry::{Registered, States};
use weft_primitives::{H256, JobStatus, Message, Outcome, manifest::StatePolicy};

use super::{
    worker::{OUTPUT, honest, submit, trapped},
    *,
};
use crate::{
    Event, FinishedCount, Jobs, LockedJobs, Snapshots,
    mock::{ENDOWMENT, GENESIS, Outbox},
};

#[test]
fn a_right_proof_pays_the_fee_returns_the_bond_and_ends_the_job() {
    run(|| {
        let (graph, job) = locked_job(StatePolicy::Sequential);
        set_time(4);
        let submission = honest(WORKER, job);
        let statement = submission.statement.digest();
        assert_ok!(submit(WORKER, job, submission));

        assert_eq!(total_balance(WORKER), ENDOWMENT + FEE);
        assert_eq!(total_balance(OWNER), ENDOWMENT - FEE);
        assert_eq!(
            (held(HoldReason::Bond, WORKER), held(HoldReason::Fee, OWNER)),
            (0, 0)
        );
        assert_eq!(
            Jobs::<Test>::get(job).unwrap().status,
            JobStatus::Settled {
                worker: account(WORKER),
                locked_at: 1,
                settled_at: 4,
                outcome: Outcome::Ok,
                statement,
                message: Some(0),
            }
        );
        assert!(!Snapshots::<Test>::contains_key(job));
        assert!(!LockedJobs::<Test>::contains_key(account(WORKER), job));
        System::assert_last_event(
            Event::JobSettled {
                job,
                graph,
                worker: account(WORKER),
                statement,
                message: Some(0),
            }
            .into(),
        );
    });
}

#[test]
fn the_message_in_the_outbox_is_what_the_statement_says() {
    run(|| {
        let (graph, job) = locked_job(StatePolicy::Sequential);
        let submission = honest(WORKER, job);
        let statement = submission.statement.clone();
        assert_ok!(submit(WORKER, job, submission));
        let message = Message {
            weft_genesis: GENESIS,
            nonce: 0,
            graph,
            owner: H256(account(OWNER).into()),
            job,
            statement: statement.digest(),
            sources: statement.sources,
            destination: manifest(StatePolicy::Sequential).destination.unwrap(),
            payload: OUTPUT.to_vec().try_into().unwrap(),
        };
        Outbox::on_finalize(1);
        assert_eq!(Outbox::root(), message.digest());
    });
}

#[test]
fn a_zkgraph_without_destination_settles_without_a_message() {
    run(|| {
        let mut silent = manifest(StatePolicy::Stateless);
        silent.destination = None;
        let job = offer(register(&silent));
        lock(WORKER, job);
        assert_ok!(submit(WORKER, job, honest(WORKER, job)));
        assert_eq!(pallet_outbox::NextNonce::<Test>::get(), 0);
        assert_eq!(total_balance(WORKER), ENDOWMENT + FEE);
    });
}

#[test]
fn a_trapped_run_is_paid_but_moves_nothing_and_sends_nothing() {
    run(|| {
        let (graph, job) = locked_job(StatePolicy::Sequential);
        let submission = trapped(WORKER, job);
        let statement = submission.statement.digest();
        assert_ok!(submit(WORKER, job, submission));
        assert_eq!(total_balance(WORKER), ENDOWMENT + FEE);
        assert!(States::<Test>::get(graph).is_empty());
        assert_eq!(Registered::<Test>::get(graph).unwrap().locked_runs, 0);
        assert_eq!(pallet_outbox::NextNonce::<Test>::get(), 0);
        System::assert_last_event(
            Event::RunTrapped {
                job,
                graph,
                offerer: account(OWNER),
                worker: account(WORKER),
                statement,
            }
            .into(),
        );
        let JobStatus::Settled { outcome, message, .. } = Jobs::<Test>::get(job).unwrap().status else {
            panic!("a trapped run settles");
        };
        assert_eq!((outcome, message), (Outcome::Trapped, None));
    });
}

#[test]
fn a_worker_can_run_its_own_offer() {
    run(|| {
        let job = offer(register(&manifest(StatePolicy::Stateless)));
        lock(OWNER, job);
        assert_ok!(submit(OWNER, job, honest(OWNER, job)));
        assert_eq!(total_balance(OWNER), ENDOWMENT);
        assert_eq!(
            (held(HoldReason::Bond, OWNER), held(HoldReason::Fee, OWNER)),
            (0, 0)
        );
    });
}

#[test]
fn a_run_that_finds_the_outbox_full_settles_in_the_next_block() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Stateless));
        let jobs: Vec<_> = (0..3).map(|_| offer(graph)).collect();
        jobs.iter().for_each(|job| lock(WORKER, *job));
        assert_ok!(submit(WORKER, jobs[0], honest(WORKER, jobs[0])));
        assert_ok!(submit(WORKER, jobs[1], honest(WORKER, jobs[1])));
        let full = pallet_outbox::Error::<Test>::OutboxFull;
        assert_noop!(submit(WORKER, jobs[2], honest(WORKER, jobs[2])), full);
        Outbox::on_finalize(1);
        set_time(2);
        assert_ok!(submit(WORKER, jobs[2], honest(WORKER, jobs[2])));
    });
}

#[test]
fn the_oldest_finished_job_is_forgotten_when_there_are_too_many() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Stateless));
        let jobs: Vec<_> = (0..5).map(|_| offer(graph)).collect();
        for (block, job) in (1..).zip(&jobs) {
            set_time(block);
            lock(WORKER, *job);
            assert_ok!(submit(WORKER, *job, honest(WORKER, *job)));
            Outbox::on_finalize(block);
        }
        let remembered: Vec<_> = jobs
            .iter()
            .filter(|job| Jobs::<Test>::contains_key(job))
            .collect();
        assert_eq!(remembered, [&2, &3, &4]);
        assert_eq!(FinishedCount::<Test>::get(), 5);
    });
}
