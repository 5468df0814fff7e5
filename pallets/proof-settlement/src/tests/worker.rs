//! A worker that knows what anybody can read from the chain and from Ethereum.

use codec::Encode;
use weft_ethereum_proofs::verify;
use weft_primitives::{
    Claim, JobId, Manifest, Outcome, StateBytes, Statement, Submission, input, keccak256, output,
    source::Content,
    state_root,
    statement::{STATEMENT_VERSION, context},
};

use super::ethereum;
use crate::{
    Jobs, Keys, Snapshots,
    mock::{GENESIS, RuntimeOrigin, Settlement, Test, account, prove},
};
use frame_support::dispatch::DispatchResult;
use pallet_zkgraph_registry::States;

/// What the tests' program appends to its state.
pub(crate) const STATE_STEP: u8 = 7;
/// What the tests' program outputs.
pub(crate) const OUTPUT: [u8; 4] = [1, 2, 3, 4];

/// The claim of a submission, as the chain would make it for an honest statement with this evidence for each block.
fn claim(job: JobId, submission: &Submission, evidence: &Content) -> Claim {
    let statement = &submission.statement;
    let snapshot = Snapshots::<Test>::get(job).unwrap();
    let record = Jobs::<Test>::get(job).unwrap();
    let manifest = Manifest::from_bytes(&snapshot.manifest).unwrap();
    let sections: Vec<Vec<u8>> = record
        .blocks
        .iter()
        .zip(&manifest.sources)
        .map(|(block, wanted)| verify(block, wanted, evidence, None).unwrap().section)
        .collect();
    let output = match statement.outcome {
        Outcome::Ok => output::encode(&submission.next_state, &statement.output),
        Outcome::Trapped => vec![],
    };
    Claim {
        statement: statement.digest(),
        image: snapshot.image.to_vec(),
        input: input::encode(&States::<Test>::get(record.graph), &sections),
        output,
        outcome: statement.outcome,
        steps: statement.steps,
        advised: manifest.is_advised(),
    }
}

/// The proof that a submission needs, as it stands.
pub(crate) fn sign(job: JobId, submission: &mut Submission) {
    sign_with(job, submission, ethereum::evidence());
}

pub(crate) fn sign_with(job: JobId, submission: &mut Submission, evidence: Content) {
    let key = Keys::<Test>::get(Snapshots::<Test>::get(job).unwrap().key).unwrap_or_default();
    submission.proof = prove(&key, &claim(job, submission, &evidence))
        .try_into()
        .unwrap();
}

/// An honest submission for a job that `worker` has locked.
pub(crate) fn honest(worker: u8, job: JobId) -> Submission {
    honest_with(worker, job, ethereum::evidence())
}

/// The same with this evidence for each block.
pub(crate) fn honest_with(worker: u8, job: JobId, evidence: Content) -> Submission {
    let record = Jobs::<Test>::get(job).unwrap();
    let snapshot = Snapshots::<Test>::get(job).unwrap();
    let manifest = Manifest::from_bytes(&snapshot.manifest).unwrap();
    let prior: Vec<u8> = States::<Test>::get(record.graph).into_inner();
    let next: StateBytes = match manifest.state {
        weft_primitives::manifest::StatePolicy::Stateless => vec![],
        _ => [prior.clone(), vec![STATE_STEP]].concat(),
    }
    .try_into()
    .unwrap();
    let (mut sources, mut sections) = (vec![], vec![]);
    for (block, wanted) in record.blocks.iter().zip(&manifest.sources) {
        let proved = verify(block, wanted, &evidence, None).unwrap();
        sources.push(proved.source);
        sections.push(proved.section);
    }
    let statement = Statement {
        version: STATEMENT_VERSION,
        weft_genesis: GENESIS,
        graph: record.graph,
        manifest: keccak256(&snapshot.manifest),
        proof_system: 1,
        key: snapshot.key,
        image: keccak256(&snapshot.image),
        input_digest: keccak256(&input::encode(&prior, &sections)),
        prior_state: state_root(&prior),
        next_state: state_root(&next),
        output: OUTPUT.to_vec().try_into().unwrap(),
        outcome: Outcome::Ok,
        steps: 500,
        sources: sources.try_into().unwrap(),
        destination: manifest.destination.unwrap_or_default(),
        context: context(job, account(worker).as_ref()),
    };
    let mut submission = Submission {
        statement,
        evidence: vec![evidence.clone(); record.blocks.len()].try_into().unwrap(),
        next_state: next,
        proof: Default::default(),
    };
    sign_with(job, &mut submission, evidence);
    submission
}

/// An honest submission of a run that trapped.
pub(crate) fn trapped(worker: u8, job: JobId) -> Submission {
    trapped_with(worker, job, ethereum::evidence())
}

/// The same with this evidence for each block.
pub(crate) fn trapped_with(worker: u8, job: JobId, evidence: Content) -> Submission {
    let mut submission = honest_with(worker, job, evidence.clone());
    let graph = submission.statement.graph;
    submission.next_state = States::<Test>::get(graph);
    submission.statement.next_state = submission.statement.prior_state;
    submission.statement.output = Default::default();
    submission.statement.outcome = Outcome::Trapped;
    sign_with(job, &mut submission, evidence);
    submission
}

/// Submits as `worker`.
pub(crate) fn submit(worker: u8, job: JobId, submission: Submission) -> DispatchResult {
    // What is submitted must survive the wire.
    let bytes = submission.encode();
    let submission = codec::DecodeAll::decode_all(&mut &bytes[..]).unwrap();
    Settlement::submit(RuntimeOrigin::signed(account(worker)), job, Box::new(submission))
}
