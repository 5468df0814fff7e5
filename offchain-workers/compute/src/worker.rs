//! Which job is next, and its steps.

use std::{collections::BTreeMap, io, path::PathBuf};

use tracing::{debug, info, warn};
use weft_beacon::BeaconChain;
use weft_chain::{
    Balance, Call, Chain, Job, QueryError, Signer, SubmitError,
    events::{JobSettled, ProofRefused, RunTrapped},
    queries::RunDetailsError,
};
use weft_ethereum::Ethereum;
use weft_primitives::{GraphId, H256, JobId, JobStatus, ProofError, Statement, Submission};

use crate::{
    later::Later,
    programs::Programs,
    prover::ProvingQueue,
    run::{Prepared, RunError, Tools, fits},
    work::WorkDirectory,
};

const SETTLEMENT: &str = "ProofSettlement";

/// What a worker takes, and where it keeps things.
#[derive(Clone, Debug)]
pub struct Config {
    /// The least fee of a job, in plancks.
    pub least_fee: Balance,
    /// The least number of Ethereum's slots between lock and deadline.
    pub least_slots: u64,
    /// Whether to start runs of triggers.
    pub triggers: bool,
    /// The work directory.
    pub work: PathBuf,
    /// The folder of WebAssembly modules.
    pub programs: PathBuf,
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A job was settled.
    Settled(JobId),
    /// A job that this account had locked cannot be settled any more, or not by this program.
    Lost(JobId),
    /// There is nothing to do now.
    Idle,
}

/// A step could not be done.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The node of Weft does not answer.
    #[error(transparent)]
    Chain(#[from] QueryError),
    /// The details of a job cannot be had.
    #[error(transparent)]
    Details(#[from] RunDetailsError),
    /// A locked job cannot be proved now.
    #[error("job {job} cannot be proved now: {reason}")]
    Run {
        /// The job.
        job: JobId,
        /// Why.
        reason: RunError,
    },
    /// No run of a trigger can be started now.
    #[error("no run of zkGraph {graph:?} can be started now: {reason}")]
    Trigger {
        /// The zkGraph.
        graph: GraphId,
        /// Why.
        reason: RunError,
    },
    /// An event cannot be read: the chain has another runtime.
    #[error("cannot read what starting a run of zkGraph {0:?} did")]
    StartUnreadable(GraphId),
    /// A transaction did not succeed.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// A finished proof could not be kept; it is not submitted before it is.
    #[error("cannot keep the proof of job {job}: {source}")]
    Keep {
        /// The job.
        job: JobId,
        /// The system's error.
        source: io::Error,
    },
    /// An event cannot be read: the chain has another runtime.
    #[error("cannot read what the submission for job {0} did")]
    Events(JobId),
    /// The chain refused a proof that this program holds to be right. The bond is lost, and further ones would be.
    #[error(
        "the chain refused the proof of job {job} ({error}) and {bond} plancks of bond are lost; is this worker's version the node's?"
    )]
    Refused {
        /// The job.
        job: JobId,
        /// What was lost.
        bond: Balance,
        /// What the chain says.
        error: ProofError,
    },
}

impl WorkerError {
    /// Whether a step ends here: the worker must stop, or its own node of Weft does not answer. Everything else is about one job or zkGraph,
    /// and must not keep it from others.
    pub(crate) fn stops(&self) -> bool {
        let away = |error: &QueryError| !matches!(error, QueryError::Missing(_));
        match self {
            Self::Chain(error) | Self::Details(RunDetailsError::Query(error)) => away(error),
            Self::Run {
                reason: RunError::Chain(error),
                ..
            }
            | Self::Trigger {
                reason: RunError::Chain(error),
                ..
            } => away(error),
            other => other.is_fatal(),
        }
    }

    /// Whether a worker must stop rather than try again.
    pub fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::Refused { .. } | Self::Events(_) | Self::StartUnreadable(_)
        )
    }
}

/// Something that a worker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Task {
    /// Lock or prove a job.
    Job(JobId),
    /// Start a run of a zkGraph's trigger.
    Trigger(GraphId),
}

/// Whether a refusal is over soon: another worker was quicker, the final block that was named is forgotten, or something has changed since
/// it was looked at.
pub(crate) fn passes(error: &SubmitError) -> bool {
    let settlement = ["JobNotOpen", "NotAtCursor", "TermsChanged", "TriggerTooSoon"];
    settlement.iter().any(|name| error.is(SETTLEMENT, name))
        || error.is("ZkGraphRegistry", "GraphBusy")
        || error.is("DataBus", "NotFinal")
}

/// Proves jobs with the account of `signer`.
pub struct Worker<Q> {
    pub(crate) chain: Chain,
    pub(crate) signer: Signer,
    pub(crate) ethereum: Ethereum,
    beacon: Option<BeaconChain>,
    chain_id: u64,
    queue: Q,
    programs: Programs,
    work: WorkDirectory,
    pub(crate) config: Config,
    /// Jobs that were looked at and are not for this worker, and why. The zkGraph too: after a reorganisation another job may have the number.
    passed_over: BTreeMap<(JobId, GraphId), String>,
    /// What is tried again later.
    pub(crate) later: Later<Task>,
    /// The run that was locked last, until it is proved.
    prepared: Option<(JobId, Prepared)>,
    /// Up to which block each index was seen to have nothing to read.
    pub(crate) quiet: BTreeMap<GraphId, u64>,
}

impl<Q: ProvingQueue> Worker<Q> {
    /// A worker that reads `ethereum`, the chain with id `chain_id`, and `beacon`, its beacon chain.
    pub fn new(
        chain: Chain,
        signer: Signer,
        ethereum: Ethereum,
        beacon: Option<BeaconChain>,
        chain_id: u64,
        queue: Q,
        config: Config,
    ) -> Self {
        let work = WorkDirectory::new(&config.work, chain.genesis(), &signer.account().0);
        let programs = Programs::new(&config.programs);
        Self {
            chain,
            signer,
            ethereum,
            beacon,
            chain_id,
            queue,
            programs,
            work,
            config,
            passed_over: BTreeMap::new(),
            later: Later::new(),
            prepared: None,
            quiet: BTreeMap::new(),
        }
    }

    pub(crate) fn tools(&self) -> Tools<'_, Q> {
        Tools {
            ethereum: &self.ethereum,
            beacon: self.beacon.as_ref(),
            chain_id: self.chain_id,
            programs: &self.programs,
            queue: &self.queue,
        }
    }

    /// Does what is next: a job that this account has locked, else an open one, else a run of a trigger. It may be dropped at any point.
    ///
    /// # Errors
    /// When Weft's node does not answer; or when nothing was done, and something could not be: that is tried again later.
    pub async fn step(&mut self) -> Result<Step, WorkerError> {
        self.forget_finished().await?;
        let (_, best) = self.chain.best_block().await?;
        let mut failure = None;
        for (id, _) in self.chain.locked_jobs(best, &self.signer.account()).await? {
            if self.later.waits(&Task::Job(id)) {
                continue;
            }
            match self.finish(id).await {
                Err(error) if !error.stops() => self.put_off(Task::Job(id), error, &mut failure),
                done => return done,
            }
        }
        let clock = self.chain.clock(best).await?;
        // Without a checkpoint there are no jobs, and while deadlines stand still nobody knows for how long.
        let Some(clock) = clock.filter(|clock| !clock.stalled) else {
            return failure.map_or(Ok(Step::Idle), Err);
        };
        for (id, job) in self.chain.open_jobs(best).await? {
            let passed_over = self.passed_over.contains_key(&(id, job.graph));
            if passed_over || self.later.waits(&Task::Job(id)) || !self.takes(clock.now, &job) {
                continue;
            }
            match self.lock(id, best).await {
                Ok(true) => return self.finish(id).await,
                Ok(false) => {}
                Err(error) if error.stops() => return Err(error),
                Err(error) => self.put_off(Task::Job(id), error, &mut failure),
            }
        }
        if self.config.triggers
            && let Some(id) = self.trigger(best, clock, &mut failure).await?
        {
            return self.finish(id).await;
        }
        failure.map_or(Ok(Step::Idle), Err)
    }

    /// Has a task wait. The first failure of a step is what the step says, if it does nothing else.
    pub(crate) fn put_off(&mut self, task: Task, error: WorkerError, failure: &mut Option<WorkerError>) {
        let times = self.later.put(task);
        debug!(?task, times, %error, "put off");
        failure.get_or_insert(error);
    }

    /// Whether fee and deadline are good enough.
    fn takes(&self, now: u64, job: &Job) -> bool {
        job.fee >= self.config.least_fee && job.deadline >= now.saturating_add(self.config.least_slots)
    }

    /// Locks a job, if it can be proved. Whether it did.
    async fn lock(&mut self, id: JobId, best: H256) -> Result<bool, WorkerError> {
        let details = self.chain.run_details(best, id).await?;
        let graph = details.job.graph;
        if !details.manifest.state.is_stateless() && details.graph.locked_runs > 0 {
            debug!(job = id, "another run of the zkGraph is locked");
            return Ok(false);
        }
        let first = details.job.blocks.iter().zip(&details.manifest.sources);
        let mut first = first.filter(|(_, query)| query.is_range());
        if let (Some(cursor), Some((block, _))) = (details.graph.cursor, first.next())
            && block.first != cursor
        {
            debug!(job = id, cursor, "not the next blocks of the index");
            return Ok(false);
        }
        let prover = self.signer.account().0;
        let ready = async {
            // First what is likeliest to be missing.
            let ancestries = self.tools().ancestries(&self.chain, best, &details).await?;
            let genesis = self.chain.genesis();
            let run = self.tools().prepare(&details, genesis, &prover, None).await?;
            Ok((ancestries, run))
        };
        let (ancestries, run) = match ready.await {
            Ok((_, run)) if !run.has_reason(&details.job) => {
                self.pass_over(
                    id,
                    graph,
                    &"the chain would find that the trigger had no reason to start it",
                );
                return Ok(false);
            }
            Ok(ready) => ready,
            // Other jobs do not have to wait for that.
            Err(reason @ RunError::NotFinal(_)) => {
                debug!(job = id, %reason, "not yet");
                return Ok(false);
            }
            Err(reason) if reason.is_temporary() => return Err(WorkerError::Run { job: id, reason }),
            Err(reason) => {
                self.pass_over(id, graph, &reason);
                return Ok(false);
            }
        };
        info!(
            job = id,
            steps = run.statement.steps,
            fee = details.job.fee,
            "taking a job"
        );
        let call = Call::lock(id, &ancestries, details.terms(None));
        match self.chain.submit(&call, &self.signer).await {
            Ok(place) => {
                info!(job = id, block = ?place.block, "locked");
                self.keep(id, run);
                Ok(true)
            }
            Err(error) if passes(&error) => {
                debug!(job = id, %error, "not locked");
                Ok(false)
            }
            // It would fail again, and cost a fee each time.
            Err(error @ SubmitError::Failed { .. }) => {
                self.pass_over(id, graph, &error);
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps what a locked job is proved with, here and on the disk: nodes forget states.
    pub(crate) fn keep(&mut self, id: JobId, run: Prepared) {
        if let Err(error) = self.work.keep_evidence(id, &run.evidence, &run.advice) {
            warn!(job = id, %error, "cannot keep the evidence; after a restart it has to be fetched again");
        }
        self.prepared = Some((id, run));
    }

    fn pass_over(&mut self, id: JobId, graph: GraphId, reason: &dyn std::fmt::Display) {
        warn!(job = id, %reason, "passing the job over");
        self.passed_over.insert((id, graph), reason.to_string());
    }

    /// Proves and submits a job that this account has locked.
    async fn finish(&mut self, id: JobId) -> Result<Step, WorkerError> {
        let (_, best) = self.chain.best_block().await?;
        let (job, clock) = (self.chain.job(best, id).await?, self.chain.clock(best).await?);
        let account = self.signer.account();
        let ours = |job: &Job| matches!(&job.status, JobStatus::Locked { worker, .. } if *worker == account);
        let Some(job) = job.filter(ours) else {
            debug!(job = id, "not locked by this account any more");
            return Ok(Step::Lost(id));
        };
        if clock.is_some_and(|clock| clock.now > job.deadline) {
            warn!(job = id, "its deadline has passed");
            // It stays locked by this account until somebody has it expire, and must not keep the worker from other jobs until then.
            self.later.put(Task::Job(id));
            return Ok(Step::Lost(id));
        }
        let submission = self.proof(id, best).await?;
        info!(
            job = id,
            bytes = submission.proof.len(),
            evidence = submission.evidence_bytes(),
            "submitting"
        );
        let place = self
            .chain
            .submit(&Call::submit(id, &submission), &self.signer)
            .await?;
        self.later.done(&Task::Job(id));
        let unreadable = |_| WorkerError::Events(id);
        if let Some(refused) = place.find::<ProofRefused>().map_err(unreadable)? {
            return Err(WorkerError::Refused {
                job: id,
                bond: refused.bond,
                error: refused.error,
            });
        }
        if let Some(settled) = place.find::<JobSettled>().map_err(unreadable)? {
            info!(job = id, block = ?place.block, statement = ?settled.statement, message = settled.message, "settled");
        } else if place.find::<RunTrapped>().map_err(unreadable)?.is_some() {
            info!(job = id, block = ?place.block, "settled: the program trapped");
        } else {
            return Err(WorkerError::Events(id));
        }
        Ok(Step::Settled(id))
    }

    /// The proof of a locked job: the finished one, or a new one, which is kept before it is handed out.
    async fn proof(&mut self, id: JobId, best: H256) -> Result<Submission, WorkerError> {
        let failed = |reason| WorkerError::Run { job: id, reason };
        let details = self.chain.run_details(best, id).await?;
        let prover = self.signer.account().0;
        let wanted = |statement: &Statement| fits(statement, &details, &prover);
        if let Some(submission) = self.work.find(id, wanted) {
            info!(job = id, "its proof is finished already");
            return Ok(submission);
        }
        let prepared = self
            .prepared
            .take()
            .filter(|(job, run)| *job == id && wanted(&run.statement));
        let run = match prepared {
            Some((_, run)) => run,
            None => {
                let (genesis, kept) = (self.chain.genesis(), self.work.evidence(id));
                let run = self.tools().prepare(&details, genesis, &prover, kept).await;
                run.map_err(failed)?
            }
        };
        info!(
            job = id,
            steps = run.statement.steps,
            input = run.claim.input.len(),
            "proving"
        );
        let submission = self
            .tools()
            .prove(run, self.work.journal(id))
            .await
            .map_err(failed)?;
        self.work
            .keep(id, &submission)
            .map_err(|source| WorkerError::Keep { job: id, source })?;
        Ok(submission)
    }

    /// Removes proofs of jobs that are finally over.
    async fn forget_finished(&self) -> Result<(), WorkerError> {
        let jobs = self.work.jobs();
        if jobs.is_empty() {
            return Ok(());
        }
        let (_, last) = self.chain.final_block().await?;
        for id in jobs {
            match self.chain.job(last, id).await?.map(|job| job.status) {
                // Open: as of the final block it may not be locked yet, or it may be locked again.
                Some(JobStatus::Open | JobStatus::Locked { .. }) | None => {}
                Some(JobStatus::Settled { .. } | JobStatus::Expired { .. }) => self.work.forget(id),
            }
        }
        Ok(())
    }
}
