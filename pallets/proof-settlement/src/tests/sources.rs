//! The sources and the input of a run are what the evidence shows, and nothing else.

use frame_support::{assert_noop, assert_ok};
use weft_primitives::{
    H256, SourceKind, Submission,
    input::{self, Section},
    keccak256,
    manifest::StatePolicy,
    source::{BlockEvidence, Content},
    state_root,
};

use super::{
    worker::{honest, sign, submit},
    *,
};
use crate::Error;

fn refused_after(change: impl FnOnce(&mut Submission), error: impl Into<sp_runtime::DispatchError>) {
    run(|| {
        let (_, job) = locked_job(StatePolicy::Stateless);
        let mut submission = honest(WORKER, job);
        change(&mut submission);
        sign(job, &mut submission);
        assert_noop!(submit(WORKER, job, submission), error);
    });
}

/// The only block of the evidence.
fn block(submission: &mut Submission) -> &mut BlockEvidence {
    match &mut submission.evidence[0] {
        Content::Events(blocks) => blocks.iter_mut().next().unwrap(),
        _ => unreachable!(),
    }
}

#[test]
fn evidence_is_given_for_each_block_once() {
    refused_after(
        |s| s.evidence = Default::default(),
        Error::<Test>::WrongEvidenceCount,
    );
    refused_after(
        |s| {
            let again = s.evidence[0].clone();
            s.evidence.try_push(again).unwrap();
        },
        Error::<Test>::WrongEvidenceCount,
    );
}

#[test]
fn a_receipt_cannot_be_left_out_doubled_or_swapped() {
    use pallet_data_bus::Error::WrongReceiptsRoot;
    let change = |change: fn(&mut Vec<Vec<u8>>)| {
        move |s: &mut Submission| {
            let mut all = ethereum::receipts();
            change(&mut all);
            let all: Vec<_> = all.into_iter().map(|r| r.try_into().unwrap()).collect();
            block(s).receipts = Some(all.try_into().unwrap());
        }
    };
    refused_after(change(|all| drop(all.pop())), WrongReceiptsRoot::<Test>);
    refused_after(change(|all| all.push(all[0].clone())), WrongReceiptsRoot::<Test>);
    refused_after(change(|all| all.swap(0, 1)), WrongReceiptsRoot::<Test>);
    refused_after(change(|all| all[0][300] ^= 1), WrongReceiptsRoot::<Test>);
}

#[test]
fn the_header_of_another_block_is_refused() {
    refused_after(
        |s| {
            let mut header = block(s).header.to_vec();
            *header.last_mut().unwrap() ^= 1;
            block(s).header = header.try_into().unwrap();
        },
        pallet_data_bus::Error::<Test>::WrongBlockHash,
    );
}

#[test]
fn a_source_that_the_evidence_does_not_show_is_refused() {
    let change = |change: fn(&mut weft_primitives::Source)| {
        move |s: &mut Submission| change(&mut s.statement.sources[0])
    };
    refused_after(
        change(|source| source.kind = SourceKind::TransactionEvents),
        Error::<Test>::WrongSources,
    );
    refused_after(change(|source| source.chain_id = 2), Error::<Test>::WrongSources);
    refused_after(
        change(|source| source.first_block -= 1),
        Error::<Test>::WrongSources,
    );
    refused_after(
        change(|source| source.last_block += 1),
        Error::<Test>::WrongSources,
    );
    refused_after(
        change(|source| source.block_hash = H256::zero()),
        Error::<Test>::WrongSources,
    );
    refused_after(
        change(|source| source.filter = H256::zero()),
        Error::<Test>::WrongSources,
    );
    refused_after(
        change(|source| source.root = H256::zero()),
        Error::<Test>::WrongSources,
    );
    refused_after(
        |s| s.statement.sources = Default::default(),
        Error::<Test>::WrongSources,
    );
}

#[test]
fn an_input_that_the_evidence_does_not_give_is_refused() {
    refused_after(
        |s| s.statement.input_digest = keccak256(&input::encode(b"", &[])),
        Error::<Test>::WrongInput,
    );
}

#[test]
fn an_input_without_the_state_is_refused_for_a_sequential_zkgraph() {
    run(|| {
        let (graph, job) = locked_job(StatePolicy::Sequential);
        let stale = honest(WORKER, job).statement.input_digest;
        assert_ok!(submit(WORKER, job, honest(WORKER, job)));
        let next = offer(graph);
        lock(WORKER, next);
        let mut submission = honest(WORKER, next);
        assert_ne!(submission.statement.prior_state, state_root(&[]));
        submission.statement.input_digest = stale;
        sign(next, &mut submission);
        assert_noop!(submit(WORKER, next, submission), Error::<Test>::WrongInput);
    });
}

#[test]
fn only_events_of_the_manifest_enter_the_input() {
    run(|| {
        let (_, job) = locked_job(StatePolicy::Stateless);
        let record = crate::Jobs::<Test>::get(job).unwrap();
        let wanted = &manifest(StatePolicy::Stateless).sources[0];
        let shown =
            weft_ethereum_proofs::verify(&record.blocks[0], wanted, &ethereum::evidence(), None).unwrap();
        let Section::Events(_, blocks) = shown.content else {
            unreachable!()
        };
        let addresses: Vec<_> = blocks[0].logs.iter().map(|log| log.address).collect();
        assert_eq!(addresses, [ethereum::TOKEN]);
        assert_ok!(submit(WORKER, job, honest(WORKER, job)));
    });
}
