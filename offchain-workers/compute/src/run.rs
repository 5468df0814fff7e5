//! A run before it is proved: its evidence, its input, its execution, its statement.
//!
//! Input and statement are made as the chain makes them, by the same crates: `docs/decisions/settlement.md` lists the checks
//! that they will have to pass.

mod error;
mod sources;

use std::{path::PathBuf, sync::Arc};

use weft_beacon::BeaconChain;
use weft_chain::{Job, RunDetails};
use weft_ethereum::Ethereum;
use weft_ethereum_proofs::is_advice;
use weft_primitives::{
    Claim, H256, JobId, MAX_INPUT_BYTES, MAX_OUTPUT_BYTES, MAX_PROOF_BYTES, Outcome, Statement, Submission,
    input, keccak256, output,
    source::{Content, Evidence},
    state_root,
    statement::{STATEMENT_VERSION, context},
    trigger::RunSize,
};
use weft_zkwasm::{
    machine::{Trace, execute, execute_advised},
    program::Program,
    translate::translate,
};

use crate::{
    programs::Programs,
    prover::{ProverError, ProvingQueue, Task},
};

pub use error::RunError;
use sources::Shown;

/// The proof system that this worker proves with.
pub const PROOF_SYSTEM: u16 = 1;
/// Most instructions of a run that the chain takes.
pub const MAX_STEPS: u64 = 1 << 24;

/// What is needed to prepare runs.
pub struct Tools<'a, Q> {
    /// The chain that runs read.
    pub ethereum: &'a Ethereum,
    /// Its beacon chain, if a node of it is known: for fields of it, and for blocks that are far back.
    pub beacon: Option<&'a BeaconChain>,
    /// Its EIP-155 id.
    pub chain_id: u64,
    /// Modules.
    pub programs: &'a Programs,
    /// The prover.
    pub queue: &'a Q,
}

/// A run that only lacks its proof.
pub struct Prepared {
    /// What the proof will show.
    pub statement: Statement,
    /// What is given to the prover.
    pub claim: Claim,
    /// How many events it reads.
    pub events: usize,
    program: Arc<Program>,
    trace: Arc<Trace>,
    /// What shows what its sources held.
    pub evidence: Evidence,
    /// What the program reads beside its input.
    pub advice: Vec<u64>,
    next_state: Vec<u8>,
}

impl<Q: ProvingQueue> Tools<'_, Q> {
    /// Does everything for a run but proving it: fetches evidence and advice, or takes what was `kept`, and checks it, makes the input, executes the
    /// program.
    pub async fn prepare(
        &self,
        details: &RunDetails,
        genesis: H256,
        prover: &[u8; 32],
        kept: Option<(Evidence, Vec<u64>)>,
    ) -> Result<Prepared, RunError> {
        if details.proof_system != PROOF_SYSTEM {
            return Err(RunError::ProofSystem(details.proof_system));
        }
        if details.key != self.queue.key() {
            return Err(RunError::OtherKey(details.key_digest));
        }
        let kept = kept.filter(|(evidence, advice)| {
            let shown = self.verified(details, evidence);
            shown.is_ok_and(|shown| is_advice(advice, &shown.headers))
        });
        let (evidence, kept_advice) = match kept {
            Some((evidence, advice)) => (evidence, Some(advice)),
            None => (self.fetch(details).await?, None),
        };
        let Shown {
            sources,
            sections,
            events,
            headers,
        } = self.verified(details, &evidence)?;
        let input = input::encode(&details.prior_state, &sections);
        if input.len() > MAX_INPUT_BYTES as usize {
            return Err(RunError::InputTooLarge(input.len()));
        }
        let wasm = self.programs.get(&details.graph.program).await?;
        let program = translate(&wasm)?;
        if self.queue.image(&program)? != details.image {
            return Err(RunError::OtherImage);
        }
        // Last, since there may be much of it.
        let advice = match kept_advice {
            Some(advice) => advice,
            None => self.advice(details, &headers).await?,
        };
        let is_advised = details.manifest.is_advised();
        let trace = match is_advised {
            true => execute_advised(&program, &input, &advice, MAX_STEPS)?,
            false => execute(&program, &input, MAX_STEPS)?,
        };
        if is_advised && trace.outcome != 0 {
            return Err(RunError::TrapWithAdvice);
        }
        // Before the lock: a bond is lost for a proof that the chain does not take.
        let proof = self.queue.proof_bytes(&details.image, &program, &trace)?;
        if proof > MAX_PROOF_BYTES as usize {
            return Err(RunError::ProofTooLarge(proof));
        }
        let ended = End::of(&trace, details)?;

        let statement = Statement {
            version: STATEMENT_VERSION,
            weft_genesis: genesis,
            graph: details.job.graph,
            manifest: details.manifest_digest,
            proof_system: details.proof_system,
            key: details.key_digest,
            image: keccak256(&details.image),
            input_digest: keccak256(&input),
            prior_state: state_root(&details.prior_state),
            next_state: state_root(&ended.next_state),
            output: ended
                .payload
                .try_into()
                .map_err(|payload: Vec<u8>| RunError::OutputTooLarge {
                    part: "payload",
                    bytes: payload.len(),
                })?,
            outcome: ended.outcome,
            steps: trace.steps.len() as u64,
            sources: sources
                .try_into()
                .map_err(|_| RunError::DoesNotFit("list of sources"))?,
            destination: details.manifest.destination.clone().unwrap_or_default(),
            context: context(details.id, prover),
        };
        let claim = Claim {
            statement: statement.digest(),
            image: details.image.clone(),
            input,
            output: ended.stream,
            outcome: ended.outcome,
            steps: statement.steps,
            advised: is_advised,
        };
        Ok(Prepared {
            statement,
            claim,
            events,
            program: Arc::new(program),
            trace: Arc::new(trace),
            evidence,
            advice,
            next_state: ended.next_state,
        })
    }

    /// Proves a prepared run, and checks the proof: a wrong one would cost the bond.
    /// What is committed to is kept in the file `journal`.
    pub async fn prove(&self, run: Prepared, journal: PathBuf) -> Result<Submission, RunError> {
        let task = Task {
            claim: run.claim.clone(),
            program: run.program.clone(),
            trace: run.trace.clone(),
            journal: Some(journal.clone()),
        };
        let made = self.queue.prove(task).await;
        let made = made.and_then(|proof| self.queue.verify(&run.claim, &proof).map(|()| proof));
        if let Err(ProverError::Prove(_) | ProverError::Wrong(_)) = &made {
            // Whatever is wrong with it, it is not to be repeated from the journal.
            let _ = std::fs::remove_file(&journal);
        }
        let proof = made?;
        let does_not_fit = |what| move |_| RunError::DoesNotFit(what);
        Ok(Submission {
            statement: run.statement,
            evidence: run.evidence,
            next_state: run.next_state.try_into().map_err(does_not_fit("state"))?,
            proof: proof.try_into().map_err(does_not_fit("proof"))?,
        })
    }
}

/// Whether a statement is that of a job as it is locked now, by this prover: whatever was made for it is of use.
pub(crate) fn fits(statement: &Statement, details: &RunDetails, prover: &[u8; 32]) -> bool {
    let same_blocks = statement.sources.len() == details.job.blocks.len()
        && statement
            .sources
            .iter()
            .zip(&details.job.blocks)
            .all(|(source, block)| {
                let read = (
                    source.chain_id,
                    source.first_block,
                    source.last_block,
                    source.block_hash,
                );
                read == (block.chain_id, block.first, block.number, block.hash)
            });
    same_blocks
        && statement.graph == details.job.graph
        && statement.manifest == details.manifest_digest
        && statement.key == details.key_digest
        && statement.image == keccak256(&details.image)
        && statement.prior_state == state_root(&details.prior_state)
        && statement.context == context(details.id, prover)
}

impl Prepared {
    /// The same run for another job, or one that has its number only now.
    pub fn for_job(mut self, job: JobId, prover: &[u8; 32]) -> Self {
        self.statement.context = context(job, prover);
        self.claim.statement = self.statement.digest();
        self
    }

    /// Whether the chain would take the run although a trigger started it (`docs/decisions/triggers.md`).
    pub fn has_reason(&self, job: &Job) -> bool {
        let size = RunSize {
            events: self.events,
            evidence: self.evidence.iter().map(Content::byte_count).sum(),
            input: self.claim.input.len(),
            steps: self.statement.steps,
        };
        size.is_reason(job.origin, &job.blocks, MAX_STEPS)
    }
}

/// How a run ended, as the chain will see it.
struct End {
    outcome: Outcome,
    next_state: Vec<u8>,
    payload: Vec<u8>,
    /// The output stream of the claim.
    stream: Vec<u8>,
}

impl End {
    fn of(trace: &Trace, details: &RunDetails) -> Result<Self, RunError> {
        if trace.outcome != 0 {
            // What it wrote before it trapped is no part of the claim, and the state stays.
            return Ok(Self {
                outcome: Outcome::Trapped,
                next_state: details.prior_state.clone(),
                payload: Vec::new(),
                stream: Vec::new(),
            });
        }
        let stream: Vec<u8> = trace.output.iter().flat_map(|word| word.to_le_bytes()).collect();
        let too_large = |part, bytes| Err(RunError::OutputTooLarge { part, bytes });
        if stream.len() > MAX_OUTPUT_BYTES as usize {
            return too_large("output", stream.len());
        }
        let output = output::decode(&stream)?;
        if output.next_state.len() > weft_primitives::MAX_STATE_BYTES as usize {
            return too_large("state", output.next_state.len());
        }
        let stateless = details.manifest.state == weft_primitives::manifest::StatePolicy::Stateless;
        if stateless && !output.next_state.is_empty() {
            return Err(RunError::Stateless);
        }
        Ok(Self {
            outcome: Outcome::Ok,
            next_state: output.next_state,
            payload: output.payload,
            stream,
        })
    }
}
