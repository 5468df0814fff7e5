//! A run before it is proved: its evidence, its input, its execution, its statement.
//!
//! Input and statement are made as the chain makes them, by the same crates: `docs/decisions/settlement.md` lists the checks
//! that they will have to pass.

use std::{path::PathBuf, sync::Arc};

use tracing::warn;
use weft_beacon::{BeaconChain, ChainError};
use weft_chain::{Chain, Job, QueryError, RunDetails};
use weft_ethereum::{Ethereum, FetchError, FinalBlock, LineageError, LogsError};
use weft_ethereum_proofs::{EvidenceError, HISTORY_WINDOW, Proved, is_advice, verify};
use weft_primitives::{
    Claim, H256, JobId, MAX_INPUT_BYTES, MAX_OUTPUT_BYTES, MAX_PROOF_BYTES, Outcome, Query, Source,
    SourceBlock, Statement, Submission,
    advice::{self, MAX_ADVICE_WORDS},
    input::{self, HeaderEntry, Section},
    keccak256,
    output::{self, OutputError},
    source::{Ancestries, Ancestry, Content, Evidence, Hop, MAX_EVIDENCE_BYTES},
    state_root,
    statement::{STATEMENT_VERSION, context},
    trigger::RunSize,
};
use weft_zkwasm::{
    machine::{ExecuteError, Trace, execute, execute_advised},
    program::Program,
    translate::{TranslateError, translate},
};

use crate::{
    programs::{ProgramError, Programs},
    prover::{ProverError, ProvingQueue, Task},
};

/// The proof system that this worker proves with.
pub const PROOF_SYSTEM: u16 = 1;
/// Most instructions of a run that the chain takes.
pub const MAX_STEPS: u64 = 1 << 24;

/// A run that cannot be proved, or not now.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The zkGraph wants another proof system.
    #[error("the run is to be proved with proof system {0}, which this worker does not have")]
    ProofSystem(u16),
    /// The chain has another verifying key than this worker's powers of tau.
    #[error("the chain's verifying key {0:?} is not that of this worker's powers of tau")]
    OtherKey(H256),
    /// The node of Weft does not answer.
    #[error(transparent)]
    Chain(#[from] QueryError),
    /// A block is not final yet, as far as Weft knows.
    #[error("Weft does not know yet that block {0} is final")]
    NotFinal(u64),
    /// Nothing shows that a block is final.
    #[error(transparent)]
    Lineage(#[from] LineageError),
    /// A source is on another chain than the worker's Ethereum.
    #[error("the run reads chain {0}, and this worker only reads chain {1}")]
    OtherChain(u64, u64),
    /// The evidence cannot be had.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The beacon chain cannot be read.
    #[error(transparent)]
    Beacon(#[from] ChainError),
    /// There is no beacon node to read from.
    #[error("the run reads the beacon chain, and this worker has no beacon node: give it one with --beacon")]
    NoBeacon,
    /// The chain would not accept the evidence.
    #[error("the chain would not accept the evidence: {0}")]
    Evidence(#[from] EvidenceError),
    /// The node contradicts itself.
    #[error(transparent)]
    Logs(#[from] LogsError),
    /// The evidence of all blocks is larger than the chain takes.
    #[error("the evidence has {0} bytes, and the chain takes {MAX_EVIDENCE_BYTES}")]
    TooMuchEvidence(usize),
    /// There are too many events.
    #[error("the input has {0} bytes, and {MAX_INPUT_BYTES} can be proved")]
    InputTooLarge(usize),
    /// The program cannot be had.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The program cannot be proved.
    #[error("the program cannot be proved: {0}")]
    Translate(#[from] TranslateError),
    /// The program is not the one that was registered.
    #[error("the program has another commitment than the zkGraph")]
    OtherImage,
    /// The program did not end.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// The program trapped, and the chain would not believe that.
    #[error(
        "the program trapped, which proves nothing of a program that reads advice: its prover may have brought it about"
    )]
    TrapWithAdvice,
    /// There are more receipts than a proof has room for.
    #[error("the receipts of the blocks have {0} words, and a run can read {MAX_ADVICE_WORDS}")]
    TooMuchAdvice(usize),
    /// The node's receipts are not those of the blocks.
    #[error("the Ethereum node gives other receipts than those of the blocks")]
    WrongAdvice,
    /// The program's output is not what the chain expects.
    #[error("the program's output cannot be read: {0}")]
    Output(#[from] OutputError),
    /// A part of the output has more bytes than the chain takes.
    #[error("the {part} has {bytes} bytes, more than the chain takes")]
    OutputTooLarge {
        /// Which part.
        part: &'static str,
        /// Its size.
        bytes: usize,
    },
    /// The proof would have more bytes than the chain takes.
    #[error("the proof would have {0} bytes, and the chain takes {MAX_PROOF_BYTES}: the run is too long")]
    ProofTooLarge(usize),
    /// A stateless program left a state.
    #[error("the zkGraph is stateless, and its program left a state")]
    Stateless,
    /// The prover refuses.
    #[error(transparent)]
    Prover(#[from] ProverError),
    /// A part of the submission does not fit.
    #[error("the {0} does not fit into a submission")]
    DoesNotFit(&'static str),
}

impl RunError {
    /// Whether a run over fewer blocks might do.
    pub fn is_too_much(&self) -> bool {
        matches!(
            self,
            Self::Fetch(FetchError::TooLarge(_))
                | Self::TooMuchEvidence(_)
                | Self::TooMuchAdvice(_)
                | Self::InputTooLarge(_)
                | Self::ProofTooLarge(_)
                | Self::Execute(ExecuteError::StepLimit(_))
        )
    }

    /// Whether the reason may go away by itself: a node, or a server, did not answer, or a block is not final yet.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Chain(_)
                | Self::WrongAdvice
                | Self::NotFinal(_)
                | Self::Fetch(FetchError::Ethereum(_))
                | Self::Beacon(ChainError::Beacon(_) | ChainError::Execution(FetchError::Ethereum(_)))
                | Self::Lineage(LineageError::Fetch(FetchError::Ethereum(_)))
                | Self::Logs(LogsError::Ethereum(_))
                | Self::Program(ProgramError::Unreadable { .. })
        )
    }
}

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

    /// Fetches the evidence for each source of a job, and compares events with what the node lists.
    async fn fetch(&self, details: &RunDetails) -> Result<Evidence, RunError> {
        let mut evidence = Evidence::new();
        for (block, query) in details.job.blocks.iter().zip(&details.manifest.sources) {
            let shown = match query {
                Query::State { graph } => {
                    let state = details.states.get(graph).cloned().unwrap_or_default();
                    let state = state.try_into().map_err(|_| RunError::DoesNotFit("state"))?;
                    Content::State(state)
                }
                _ if block.chain_id != self.chain_id => {
                    return Err(RunError::OtherChain(block.chain_id, self.chain_id));
                }
                Query::Beacon { fork, fields, .. } => {
                    let beacon = self.beacon.ok_or(RunError::NoBeacon)?;
                    beacon.evidence(self.ethereum, block, *fork, fields).await?
                }
                _ => self.ethereum.evidence(block, query).await?,
            };
            let proved = self.verify(block, query, &shown)?;
            self.ethereum.confirm_logs(block, query, &proved.content).await?;
            evidence
                .try_push(shown)
                .map_err(|_| RunError::DoesNotFit("evidence"))?;
        }
        Ok(evidence)
    }

    /// Fetches the receipts of the blocks whose headers a job reads.
    async fn advice(&self, details: &RunDetails, headers: &[HeaderEntry]) -> Result<Vec<u64>, RunError> {
        let mut blocks = Vec::new();
        for (block, query) in details.job.blocks.iter().zip(&details.manifest.sources) {
            if let Query::Headers { filter, .. } = query {
                blocks.extend(self.ethereum.advice(block, filter).await?);
            }
        }
        let words = advice::encode(&blocks);
        if words.len() > MAX_ADVICE_WORDS {
            return Err(RunError::TooMuchAdvice(words.len()));
        }
        match is_advice(&words, headers) {
            true => Ok(words),
            false => Err(RunError::WrongAdvice),
        }
    }

    /// What shows that the blocks of a job are final, as of the block `at` of Weft: one for each, empty where none is needed.
    pub async fn ancestries(
        &self,
        chain: &Chain,
        at: H256,
        details: &RunDetails,
    ) -> Result<Ancestries, RunError> {
        let mut known = Vec::new();
        let mut ancestries = Ancestries::new();
        for (block, query) in details.job.blocks.iter().zip(&details.manifest.sources) {
            let mut ancestry = Ancestry::default();
            if query.chain_id().is_some() && !known.contains(&block.hash) {
                ancestry = self.ancestry(chain, at, block).await?;
                known.push(block.hash);
            }
            ancestries
                .try_push(ancestry)
                .map_err(|_| RunError::DoesNotFit("list of ancestries"))?;
        }
        Ok(ancestries)
    }

    /// What shows that a block is final.
    pub async fn ancestry(&self, chain: &Chain, at: H256, block: &SourceBlock) -> Result<Ancestry, RunError> {
        let near = chain.anchor_at_or_after(at, block.number).await?;
        let newest = chain.newest_anchor(at).await?;
        let (Some(near), Some(newest)) = (near, newest) else {
            return Err(RunError::NotFinal(block.number));
        };
        let known = |anchor: weft_light_client::Anchor| FinalBlock {
            number: anchor.number,
            hash: anchor.hash,
        };
        let is_far = near.number.saturating_sub(block.number) > HISTORY_WINDOW;
        if let Some(beacon) = self.beacon.filter(|_| is_far) {
            match self.long_hop(beacon, &newest, block).await {
                Ok(ancestry) => return Ok(ancestry),
                Err(error) => {
                    warn!(%error, block = block.number, "not shown by the history of the beacon chain")
                }
            }
        }
        Ok(self.ethereum.ancestry(block, known(near), known(newest)).await?)
    }

    /// What leads from an anchor to a block of another era.
    async fn long_hop(
        &self,
        beacon: &BeaconChain,
        newest: &weft_light_client::Anchor,
        block: &SourceBlock,
    ) -> Result<Ancestry, RunError> {
        let (_, header) = self.ethereum.checked_header(block.hash).await?;
        let hop = beacon.hop(newest, block.hash, header.timestamp).await?;
        let hops = vec![Hop::Beacon(Box::new(hop))];
        hops.try_into().map_err(|_| RunError::DoesNotFit("ancestry"))
    }

    /// What evidence shows of a source, if it does.
    fn verify(
        &self,
        block: &SourceBlock,
        query: &Query,
        evidence: &Content,
    ) -> Result<Proved, EvidenceError> {
        let rules = self.beacon.map(BeaconChain::rules);
        verify(block, query, evidence, rules.as_ref())
    }

    /// What evidence shows of the sources of a job, if it does.
    fn verified(&self, details: &RunDetails, evidence: &Evidence) -> Result<Shown, RunError> {
        let mut shown = Shown {
            sources: Vec::new(),
            sections: Vec::new(),
            events: 0,
            headers: Vec::new(),
        };
        if evidence.len() != details.job.blocks.len() {
            return Err(EvidenceError::WrongKind.into());
        }
        let sources = details.job.blocks.iter().zip(&details.manifest.sources);
        for ((block, query), content) in sources.zip(evidence) {
            let proved = self.verify(block, query, content)?;
            shown.events += proved.event_count();
            shown.sources.push(proved.source);
            shown.sections.push(proved.section);
            if let Section::Headers(_, headers) = proved.content {
                shown.headers.extend(headers);
            }
        }
        let bytes = evidence.iter().map(Content::byte_count).sum::<usize>();
        if bytes > MAX_EVIDENCE_BYTES as usize {
            return Err(RunError::TooMuchEvidence(bytes));
        }
        Ok(shown)
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

/// What evidence shows.
struct Shown {
    sources: Vec<Source>,
    sections: Vec<Vec<u8>>,
    events: usize,
    /// Blocks whose receipts are advice.
    headers: Vec<HeaderEntry>,
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
