//! A wrong proof costs its submitter; bytes that are no proof are refused; nothing panics.

use frame_support::{assert_noop, assert_ok};
use proptest::prelude::*;
use weft_primitives::{JobStatus, ProofError, manifest::StatePolicy};

use super::{
    worker::{honest, sign, submit, trapped},
    *,
};
use crate::{
    Error, Event, Jobs, OpenJobs, Snapshots,
    mock::{ENDOWMENT, PANICKING_PROOF, UNREADABLE_IMAGE, UNREADABLE_KEY},
};

fn costs_the_bond(proof: Vec<u8>, error: ProofError) {
    run(|| {
        let (graph, job) = locked_job(StatePolicy::Sequential);
        let issued = Balances::total_issuance();
        let mut submission = honest(WORKER, job);
        submission.proof = proof.try_into().unwrap();
        assert_ok!(submit(WORKER, job, submission));

        System::assert_last_event(
            Event::ProofRefused {
                job,
                worker: account(WORKER),
                bond: FEE,
                error,
            }
            .into(),
        );
        assert_eq!(total_balance(WORKER), ENDOWMENT - FEE);
        assert_eq!(held(HoldReason::Bond, WORKER), 0);
        assert_eq!(Balances::total_issuance(), issued - FEE, "the bond is burned");
        assert_eq!(
            held(HoldReason::Fee, OWNER),
            FEE,
            "the fee still waits for a right proof"
        );
        let record = Jobs::<Test>::get(job).unwrap();
        assert_eq!((record.status, record.refused_proofs), (JobStatus::Open, 1));
        assert!(!Snapshots::<Test>::contains_key(job));
        assert_eq!(pallet_outbox::NextNonce::<Test>::get(), 0);

        // Open for an honest worker, the zkGraph not busy any more.
        assert!(OpenJobs::<Test>::contains_key(job));
        lock(OTHER, job);
        assert_ok!(submit(OTHER, job, honest(OTHER, job)));
        assert_eq!(total_balance(OTHER), ENDOWMENT + FEE);
        assert_eq!(
            pallet_zkgraph_registry::Registered::<Test>::get(graph)
                .unwrap()
                .settled_runs,
            1
        );
    });
}

#[test]
fn a_wrong_proof_costs_the_bond_and_opens_the_job_again() {
    costs_the_bond(vec![0; 32], ProofError::Invalid);
}

#[test]
fn a_proof_that_makes_the_verifier_panic_costs_the_bond() {
    costs_the_bond(PANICKING_PROOF.to_vec(), ProofError::Panicked);
}

#[test]
fn bytes_of_any_other_length_are_no_proof_and_change_nothing() {
    run(|| {
        let (_, job) = locked_job(StatePolicy::Stateless);
        for length in (0..200)
            .filter(|length| *length != 32)
            .chain([1023, 1024, 1025, 200_000])
        {
            let mut submission = honest(WORKER, job);
            submission.proof = vec![1; length].try_into().unwrap();
            assert_noop!(submit(WORKER, job, submission), Error::<Test>::MalformedProof);
        }
        assert_ok!(submit(WORKER, job, honest(WORKER, job)));
    });
}

#[test]
fn an_outcome_that_was_not_proved_costs_the_bond() {
    run(|| {
        let (_, job) = locked_job(StatePolicy::Stateless);
        let mut submission = trapped(WORKER, job);
        submission.proof = honest(WORKER, job).proof;
        assert_ok!(submit(WORKER, job, submission));
        assert_eq!(total_balance(WORKER), ENDOWMENT - FEE);
    });
}

#[test]
fn an_output_or_a_count_of_steps_that_was_not_proved_costs_the_bond() {
    for change in [
        (|s| s.output[0] ^= 1) as fn(&mut weft_primitives::Statement),
        |s| s.steps += 1,
    ] {
        run(|| {
            let (_, job) = locked_job(StatePolicy::Stateless);
            let mut submission = honest(WORKER, job);
            change(&mut submission.statement);
            assert_ok!(submit(WORKER, job, submission));
            assert_eq!(total_balance(WORKER), ENDOWMENT - FEE);
        });
    }
}

#[test]
fn a_key_or_commitment_that_cannot_be_read_is_not_the_workers_fault() {
    run(|| {
        let key = UNREADABLE_KEY.to_vec().try_into().unwrap();
        assert_ok!(Settlement::set_key(RuntimeOrigin::root(), 1, key));
        let (_, job) = locked_job(StatePolicy::Stateless);
        assert_noop!(
            submit(WORKER, job, honest(WORKER, job)),
            Error::<Test>::UnusableKey
        );
    });
    run(|| {
        let graph = register_image(&manifest(StatePolicy::Stateless), UNREADABLE_IMAGE);
        let job = offer(graph);
        lock(WORKER, job);
        assert_noop!(
            submit(WORKER, job, honest(WORKER, job)),
            Error::<Test>::UnusableImage
        );
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any bytes in place of any field: a typed error or a slashed bond, never a panic or a payment.
    #[test]
    fn a_hostile_submission_is_never_paid(
        proof in prop::collection::vec(any::<u8>(), 0..100),
        header in prop::collection::vec(any::<u8>(), 0..700),
        state in prop::collection::vec(any::<u8>(), 0..100),
        which in 0_u8..3,
    ) {
        run(|| {
            let (graph, job) = locked_job(StatePolicy::Sequential);
            let mut submission = honest(WORKER, job);
            match which {
                0 => submission.proof = proof.try_into().unwrap(),
                1 => {
                    let receipts = None;
                    let header = header.try_into().unwrap();
                    let block = weft_primitives::source::BlockEvidence { header, receipts };
                    let blocks = vec![block].try_into().unwrap();
                    submission.evidence[0] = weft_primitives::source::Content::Events(blocks);
                    submission.statement.steps = 1;
                },
                _ => {
                    submission.statement.next_state = weft_primitives::state_root(&state);
                    submission.next_state = state.try_into().unwrap();
                    submission.statement.steps = 1;
                },
            }
            let _ = submit(WORKER, job, submission);
            assert!(total_balance(WORKER) <= ENDOWMENT);
            assert!(pallet_zkgraph_registry::States::<Test>::get(graph).is_empty());
        });
    }
}

#[test]
fn signing_again_after_a_change_is_what_makes_a_proof_right() {
    run(|| {
        let (_, job) = locked_job(StatePolicy::Stateless);
        let mut submission = honest(WORKER, job);
        submission.statement.steps += 1;
        sign(job, &mut submission);
        assert_ok!(submit(WORKER, job, submission));
        assert_eq!(total_balance(WORKER), ENDOWMENT + FEE);
    });
}
