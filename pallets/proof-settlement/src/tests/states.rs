//! The state of a zkGraph moves by settled runs alone.

use frame_support::{assert_noop, assert_ok, traits::Hooks};
use pallet_zkgraph_registry::{Registered, States};
use weft_primitives::{H256, Query, Submission, manifest::StatePolicy, source::Content, state_root};

use super::{
    worker::{STATE_STEP, honest, honest_with, sign, submit, trapped, trapped_with},
    *,
};
use crate::{Error, mock::Outbox};

#[test]
fn each_settled_run_starts_where_the_one_before_ended() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Sequential));
        for runs in 1..=3 {
            set_time(runs as u64);
            let job = offer(graph);
            lock(WORKER, job);
            assert_ok!(submit(WORKER, job, honest(WORKER, job)));
            assert_eq!(States::<Test>::get(graph).into_inner(), vec![STATE_STEP; runs]);
            Outbox::on_finalize(runs as u64);
        }
        let record = Registered::<Test>::get(graph).unwrap();
        assert_eq!(record.state_root, state_root(&[STATE_STEP; 3]));
        assert_eq!((record.settled_runs, record.locked_runs), (3, 0));
    });
}

#[test]
fn a_run_from_an_older_state_is_refused() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Sequential));
        let (first, second) = (offer(graph), offer(graph));
        lock(WORKER, first);
        assert_ok!(submit(WORKER, first, honest(WORKER, first)));
        lock(WORKER, second);
        let mut submission = honest(WORKER, second);
        submission.statement.prior_state = state_root(&[]);
        sign(second, &mut submission);
        assert_noop!(submit(WORKER, second, submission), Error::<Test>::WrongPriorState);
    });
}

#[test]
fn state_bytes_that_are_not_those_of_the_statement_are_refused() {
    run(|| {
        let (_, job) = locked_job(StatePolicy::Sequential);
        let mut other_bytes = honest(WORKER, job);
        other_bytes.next_state = vec![9].try_into().unwrap();
        assert_noop!(submit(WORKER, job, other_bytes), Error::<Test>::WrongNextState);
        let mut other_root = honest(WORKER, job);
        other_root.statement.next_state = H256::zero();
        assert_noop!(submit(WORKER, job, other_root), Error::<Test>::WrongNextState);
    });
}

#[test]
fn a_state_that_the_proof_does_not_show_costs_the_bond_and_does_not_move_the_state() {
    run(|| {
        let (graph, job) = locked_job(StatePolicy::Sequential);
        let mut submission = honest(WORKER, job);
        submission.next_state = vec![9].try_into().unwrap();
        submission.statement.next_state = state_root(&[9]);
        assert_ok!(submit(WORKER, job, submission));
        assert!(States::<Test>::get(graph).is_empty());
        assert_eq!(total_balance(WORKER), crate::mock::ENDOWMENT - FEE);
    });
}

#[test]
fn a_stateless_zkgraph_leaves_no_state() {
    run(|| {
        let (graph, job) = locked_job(StatePolicy::Stateless);
        let mut submission = honest(WORKER, job);
        submission.next_state = vec![9].try_into().unwrap();
        submission.statement.next_state = state_root(&[9]);
        sign(job, &mut submission);
        assert_noop!(submit(WORKER, job, submission), Error::<Test>::StatelessGraph);
        assert_ok!(submit(WORKER, job, honest(WORKER, job)));
        assert!(!States::<Test>::contains_key(graph));
    });
}

#[test]
fn a_trapped_run_can_neither_move_the_state_nor_have_an_output() {
    run(|| {
        let (_, job) = locked_job(StatePolicy::Sequential);
        let mut moving = trapped(WORKER, job);
        moving.next_state = vec![9].try_into().unwrap();
        moving.statement.next_state = state_root(&[9]);
        sign(job, &mut moving);
        assert_noop!(submit(WORKER, job, moving), Error::<Test>::TrappedRunHasEffects);
        let mut speaking = trapped(WORKER, job);
        speaking.statement.output = vec![1].try_into().unwrap();
        sign(job, &mut speaking);
        assert_noop!(submit(WORKER, job, speaking), Error::<Test>::TrappedRunHasEffects);
    });
}

#[test]
fn a_run_whose_program_reads_advice_settles_but_not_as_trapped() {
    run(|| {
        let mut advised = manifest(StatePolicy::Sequential);
        let Some(Query::Events { chain_id, filter }) = advised.sources.pop() else {
            unreachable!()
        };
        advised.sources = vec![Query::Headers { chain_id, filter }].try_into().unwrap();
        let graph = register(&advised);
        let job = offer(graph);
        lock(WORKER, job);
        let evidence = || {
            let Content::Events(blocks) = ethereum::evidence() else {
                unreachable!()
            };
            Content::Headers(vec![blocks[0].header.clone()].try_into().unwrap())
        };
        let trapped = trapped_with(WORKER, job, evidence());
        assert_noop!(submit(WORKER, job, trapped), Error::<Test>::TrapWithAdvice);
        let with_receipts = Submission {
            evidence: vec![ethereum::evidence()].try_into().unwrap(),
            ..honest_with(WORKER, job, evidence())
        };
        assert_noop!(
            submit(WORKER, job, with_receipts),
            pallet_data_bus::Error::<Test>::WrongEvidenceKind
        );
        assert_ok!(submit(WORKER, job, honest_with(WORKER, job, evidence())));
        assert_eq!(States::<Test>::get(graph).to_vec(), [STATE_STEP]);
    });
}
