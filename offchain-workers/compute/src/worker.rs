//! Which job is next, and its steps.

use std::{collections::BTreeMap, io, path::PathBuf};

use tracing::{debug, info, warn};
use weft_chain::{
    Balance, Call, Chain, Job, QueryError, Signer, SubmitError,
    events::{JobSettled, ProofRefused, RunTrapped},
    queries::RunDetailsError,
};
use weft_ethereum::Ethereum;
use weft_primitives::{GraphId, H256, JobId, JobStatus, ProofError, Submission};

use crate::{
    programs::Programs,
    prover::ProvingQueue,
    run::{RunError, Tools},
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
    /// Whether a worker must stop rather than try again.
    pub fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::Refused { .. } | Self::Events(_) | Self::StartUnreadable(_)
        )
    }
}

/// Proves jobs with the account of `signer`.
pub struct Worker<Q> {
    pub(crate) chain: Chain,
    pub(crate) signer: Signer,
    pub(crate) ethereum: Ethereum,
    chain_id: u64,
    queue: Q,
    programs: Programs,
    work: WorkDirectory,
    pub(crate) config: Config,
    /// Jobs that were looked at and are not for this worker, and why.
    passed_over: BTreeMap<JobId, String>,
    /// Up to which block each index was seen to have nothing to read.
    pub(crate) quiet: BTreeMap<GraphId, u64>,
}

impl<Q: ProvingQueue> Worker<Q> {
    /// A worker that reads `ethereum`, the chain with id `chain_id`.
    pub fn new(
        chain: Chain,
        signer: Signer,
        ethereum: Ethereum,
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
            chain_id,
            queue,
            programs,
            work,
            config,
            passed_over: BTreeMap::new(),
            quiet: BTreeMap::new(),
        }
    }

    pub(crate) fn tools(&self) -> Tools<'_, Q> {
        Tools {
            ethereum: &self.ethereum,
            chain_id: self.chain_id,
            programs: &self.programs,
            queue: &self.queue,
        }
    }

    /// Does what is next: a job that this account has locked, else an open one. It may be dropped at any point.
    pub async fn step(&mut self) -> Result<Step, WorkerError> {
        self.forget_finished().await?;
        let (_, best) = self.chain.best_block().await?;
        for (id, _) in self.chain.locked_jobs(best, &self.signer.account()).await? {
            if !self.passed_over.contains_key(&id) {
                return self.finish(id).await;
            }
        }
        let Some(clock) = self.chain.clock(best).await? else {
            // Without a checkpoint there are no jobs.
            return Ok(Step::Idle);
        };
        for (id, job) in self.chain.open_jobs(best).await? {
            if self.passed_over.contains_key(&id) || !self.takes(clock.now, &job) {
                continue;
            }
            if self.lock(id, best).await? {
                return self.finish(id).await;
            }
        }
        if self.config.triggers
            && let Some(id) = self.trigger(best, clock).await?
        {
            return self.finish(id).await;
        }
        Ok(Step::Idle)
    }

    /// Whether fee and deadline are good enough.
    fn takes(&self, now: u64, job: &Job) -> bool {
        job.fee >= self.config.least_fee && job.deadline >= now.saturating_add(self.config.least_slots)
    }

    /// Locks a job, if it can be proved. Whether it did.
    async fn lock(&mut self, id: JobId, best: H256) -> Result<bool, WorkerError> {
        let details = self.chain.run_details(best, id).await?;
        if !details.manifest.state.is_stateless() && details.graph.locked_runs > 0 {
            debug!(job = id, "another run of the zkGraph is locked");
            return Ok(false);
        }
        let prover = self.signer.account().0;
        let ready = async {
            // First what is likeliest to be missing.
            let ancestries = self.tools().ancestries(&self.chain, best, &details).await?;
            let genesis = self.chain.genesis();
            let run = self.tools().prepare(&details, genesis, &prover).await?;
            Ok((ancestries, run))
        };
        let ancestries = match ready.await {
            Ok((ancestries, run)) => {
                let (steps, fee) = (run.statement.steps, details.job.fee);
                info!(job = id, steps, fee, "taking a job");
                ancestries
            }
            // Other jobs do not have to wait for that.
            Err(reason @ RunError::NotFinal(_)) => {
                debug!(job = id, %reason, "not yet");
                return Ok(false);
            }
            Err(reason) if reason.is_temporary() => return Err(WorkerError::Run { job: id, reason }),
            Err(reason) => {
                self.pass_over(id, &reason);
                return Ok(false);
            }
        };
        let call = Call::lock(id, &ancestries);
        match self.chain.submit(&call, &self.signer).await {
            Ok(place) => {
                info!(job = id, block = ?place.block, "locked");
                Ok(true)
            }
            // Another worker was quicker, or the final block that was named is forgotten.
            Err(error)
                if error.is(SETTLEMENT, "JobNotOpen")
                    || error.is("ZkGraphRegistry", "GraphBusy")
                    || error.is("DataBus", "NotFinal") =>
            {
                debug!(job = id, %error, "not locked");
                Ok(false)
            }
            // It would fail again, and cost a fee each time.
            Err(error @ SubmitError::Failed { .. }) => {
                self.pass_over(id, &error);
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn pass_over(&mut self, id: JobId, reason: &dyn std::fmt::Display) {
        warn!(job = id, %reason, "passing the job over");
        self.passed_over.insert(id, reason.to_string());
    }

    /// Proves and submits a job that this account has locked.
    async fn finish(&mut self, id: JobId) -> Result<Step, WorkerError> {
        let (_, best) = self.chain.best_block().await?;
        let (job, clock) = (self.chain.job(best, id).await?, self.chain.clock(best).await?);
        if job
            .zip(clock)
            .is_some_and(|(job, clock)| clock.now > job.deadline)
        {
            self.pass_over(id, &"its deadline has passed");
            return Ok(Step::Lost(id));
        }
        let submission = match self.proof(id, best).await {
            Ok(submission) => submission,
            Err(WorkerError::Run { reason, .. }) if !reason.is_temporary() => {
                self.pass_over(id, &reason);
                return Ok(Step::Lost(id));
            }
            Err(error) => return Err(error),
        };
        info!(
            job = id,
            bytes = submission.proof.len(),
            evidence = submission.evidence_bytes(),
            "submitting"
        );
        let place = match self
            .chain
            .submit(&Call::submit(id, &submission), &self.signer)
            .await
        {
            Ok(place) => place,
            // The next block has room again.
            Err(error @ SubmitError::Failed { .. }) if !error.is("Outbox", "OutboxFull") => {
                self.pass_over(id, &error);
                return Ok(Step::Lost(id));
            }
            Err(error) => return Err(error.into()),
        };
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
    async fn proof(&self, id: JobId, best: H256) -> Result<Submission, WorkerError> {
        let failed = |reason| WorkerError::Run { job: id, reason };
        let details = self.chain.run_details(best, id).await?;
        let prover = self.signer.account().0;
        let run = self
            .tools()
            .prepare(&details, self.chain.genesis(), &prover)
            .await
            .map_err(failed)?;
        if let Some(submission) = self.work.find(id, run.statement.digest()) {
            info!(job = id, "its proof is finished already");
            return Ok(submission);
        }
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
