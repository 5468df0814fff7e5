//! A proof is for one chain, zkGraph, manifest, key, image, job and prover. Every case here has a proof that
//! the proof system would
//! accept for the statement as it stands: it is the statement that is refused.

use frame_support::{assert_noop, assert_ok};
use weft_primitives::{Destination, H256, Statement, Submission, manifest::StatePolicy, statement::context};

use super::{
    worker::{honest, sign, submit},
    *,
};
use crate::Error;

/// Submits an otherwise honest submission with a changed statement and a proof for it.
fn refused_after(change: impl FnOnce(&mut Statement), error: Error<Test>) {
    run(|| {
        let (_, job) = locked_job(StatePolicy::Sequential);
        let mut submission = honest(WORKER, job);
        change(&mut submission.statement);
        sign(job, &mut submission);
        assert_noop!(submit(WORKER, job, submission), error);
        // The job is as it was: the honest submission still settles it.
        assert_ok!(submit(WORKER, job, honest(WORKER, job)));
    });
}

#[test]
fn a_statement_of_another_version_is_refused() {
    refused_after(|statement| statement.version = 2, Error::UnknownVersion);
}

#[test]
fn a_statement_of_another_chain_is_refused() {
    refused_after(
        |statement| statement.weft_genesis = H256::repeat_byte(9),
        Error::WrongGenesis,
    );
}

#[test]
fn a_statement_of_another_zkgraph_is_refused() {
    refused_after(
        |statement| statement.graph = H256::repeat_byte(9),
        Error::WrongGraph,
    );
}

#[test]
fn a_statement_with_another_manifest_is_refused() {
    refused_after(
        |statement| statement.manifest = H256::repeat_byte(9),
        Error::WrongManifest,
    );
}

#[test]
fn a_statement_with_another_proof_system_is_refused() {
    refused_after(|statement| statement.proof_system = 2, Error::WrongProofSystem);
}

#[test]
fn a_statement_with_another_key_is_refused() {
    refused_after(|statement| statement.key = H256::repeat_byte(9), Error::WrongKey);
}

#[test]
fn a_statement_with_another_image_is_refused() {
    refused_after(
        |statement| statement.image = H256::repeat_byte(9),
        Error::WrongImage,
    );
}

#[test]
fn a_statement_for_another_job_of_the_same_prover_is_refused() {
    refused_after(
        |statement| statement.context = context(7, account(WORKER).as_ref()),
        Error::WrongContext,
    );
}

#[test]
fn a_statement_of_another_prover_is_refused() {
    refused_after(
        |statement| statement.context = context(0, account(OTHER).as_ref()),
        Error::WrongContext,
    );
}

#[test]
fn a_statement_with_another_destination_is_refused() {
    refused_after(
        |statement| statement.destination.gas_limit += 1,
        Error::WrongDestination,
    );
    refused_after(
        |statement| statement.destination = Destination::default(),
        Error::WrongDestination,
    );
}

#[test]
fn a_statement_with_too_many_steps_is_refused() {
    refused_after(
        |statement| statement.steps = crate::mock::MAX_STEPS + 1,
        Error::TooManySteps,
    );
    refused_after(
        |statement| statement.steps = crate::mock::MAX_PROVABLE_STEPS + 1,
        Error::TooManySteps,
    );
}

#[test]
fn a_stolen_proof_is_worthless_to_the_thief() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Stateless));
        let (job, own) = (offer(graph), offer(graph));
        lock(WORKER, job);
        lock(OTHER, own);
        let stolen = honest(WORKER, job);
        assert_noop!(submit(OTHER, job, stolen.clone()), Error::<Test>::LockedByAnother);
        assert_noop!(submit(OTHER, own, stolen.clone()), Error::<Test>::WrongContext);

        // With the context made the thief's own, the proof is one for another statement.
        let mut relabelled: Submission = stolen;
        relabelled.statement.context = context(own, account(OTHER).as_ref());
        assert_ok!(submit(OTHER, own, relabelled));
        assert_eq!(held(HoldReason::Bond, OTHER), 0);
        assert_eq!(total_balance(OTHER), crate::mock::ENDOWMENT - FEE);
    });
}

#[test]
fn a_replayed_submission_is_refused() {
    run(|| {
        let (graph, job) = locked_job(StatePolicy::Stateless);
        let submission = honest(WORKER, job);
        assert_ok!(submit(WORKER, job, submission.clone()));
        assert_noop!(
            submit(WORKER, job, submission.clone()),
            Error::<Test>::AlreadySettled
        );

        let again = offer(graph);
        assert_noop!(
            submit(WORKER, again, submission.clone()),
            Error::<Test>::NotLocked
        );
        lock(WORKER, again);
        assert_noop!(submit(WORKER, again, submission), Error::<Test>::WrongContext);
    });
}

#[test]
fn a_submission_for_an_unknown_open_or_late_job_is_refused() {
    run(|| {
        let (graph, job) = locked_job(StatePolicy::Stateless);
        let submission = honest(WORKER, job);
        assert_noop!(submit(WORKER, 99, submission.clone()), Error::<Test>::UnknownJob);
        let open = offer(graph);
        assert_noop!(submit(WORKER, open, submission.clone()), Error::<Test>::NotLocked);
        set_time(2 + DURATION);
        assert_noop!(submit(WORKER, job, submission), Error::<Test>::JobExpired);
    });
}

#[test]
fn what_happens_after_the_lock_does_not_spoil_a_proof() {
    run(|| {
        let (graph, job) = locked_job(StatePolicy::Stateless);
        let submission = honest(WORKER, job);
        let owner = || RuntimeOrigin::signed(account(OWNER));
        let mut other = manifest(StatePolicy::Stateless);
        other.destination = None;
        assert_ok!(Registry::update_manifest(
            owner(),
            graph,
            other.to_bytes().unwrap()
        ));
        let key = b"another key".to_vec().try_into().unwrap();
        assert_ok!(Settlement::set_key(RuntimeOrigin::root(), 1, key));
        assert_ok!(Registry::transfer_ownership(owner(), graph, account(OTHER)));
        assert_ok!(Registry::accept_ownership(
            RuntimeOrigin::signed(account(OTHER)),
            graph
        ));
        assert_ok!(Registry::retire(RuntimeOrigin::signed(account(OTHER)), graph));
        assert_ok!(submit(WORKER, job, submission));
        assert_eq!(pallet_outbox::NextNonce::<Test>::get(), 1);
        assert!(!pallet_zkgraph_registry::Registered::<Test>::contains_key(graph));
    });
}
