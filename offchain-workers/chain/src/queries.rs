//! zkGraphs, jobs, keys and results, as of a certain block.

use std::collections::BTreeMap;

use codec::Encode;
use weft_primitives::{
    GatewayId, Graph, GraphId, H256, JobId, JobStatus, Manifest, ManifestError, MessageReward, Query,
    RunSnapshot, job::run_terms, keccak256, manifest, state_root,
};

use crate::{AccountId, Balance, BlockNumber, Chain, QueryError};

/// A job of this chain.
pub type Job = weft_primitives::Job<AccountId, Balance, BlockNumber>;
/// A zkGraph of this chain.
pub type ZkGraph = Graph<AccountId, Balance>;
/// A trigger of this chain.
pub type Trigger = weft_primitives::Trigger<AccountId, Balance>;
/// What a job of this chain was locked with.
pub type Snapshot = RunSnapshot<AccountId>;

/// All that a worker needs to know of a run, as of one block.
#[derive(Clone, Debug)]
pub struct RunDetails {
    /// Number of the job.
    pub id: JobId,
    /// The job.
    pub job: Job,
    /// Its zkGraph.
    pub graph: ZkGraph,
    /// The manifest: of the lock if the job is locked, else of now.
    pub manifest: Manifest,
    /// Digest of the manifest's bytes.
    pub manifest_digest: H256,
    /// The program commitment.
    pub image: Vec<u8>,
    /// The proof system.
    pub proof_system: u16,
    /// Digest of the verifying key.
    pub key_digest: H256,
    /// The verifying key.
    pub key: Vec<u8>,
    /// The state that the run starts from; empty for a stateless zkGraph.
    pub prior_state: Vec<u8>,
    /// The states of other zkGraphs that the run reads.
    pub states: BTreeMap<GraphId, Vec<u8>>,
}

/// The details of a run cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum RunDetailsError {
    /// The node does not answer, or something is missing.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The chain has a manifest that this program cannot read.
    #[error("the manifest of the run cannot be read: {0}")]
    Manifest(#[from] ManifestError),
}

impl RunDetails {
    /// The digest of what the run is locked with: of an offered job, or, with the duration of the trigger, of one that is being started.
    pub fn terms(&self, duration: Option<u64>) -> H256 {
        run_terms(
            self.manifest_digest,
            self.key_digest,
            self.job.origin,
            &self.job.fee,
            duration.unwrap_or(self.job.deadline),
            &self.job.blocks,
        )
    }
}

impl Chain {
    /// zkGraphs of an owner, or all, in the order of storage: those after `after`, at most `limit` and 256.
    pub async fn graphs(
        &self,
        at: H256,
        owner: Option<AccountId>,
        after: Option<GraphId>,
        limit: u32,
    ) -> Result<Vec<(GraphId, ZkGraph)>, QueryError> {
        self.runtime_api(at, "WeftApi_graphs", (owner, after, limit))
            .await
    }

    /// A zkGraph.
    pub async fn graph(&self, at: H256, graph: GraphId) -> Result<Option<ZkGraph>, QueryError> {
        self.runtime_api(at, "WeftApi_graph", graph).await
    }

    /// The encoded manifest of a zkGraph.
    pub async fn graph_manifest(&self, at: H256, graph: GraphId) -> Result<Option<Vec<u8>>, QueryError> {
        self.runtime_api(at, "WeftApi_graph_manifest", graph).await
    }

    /// The program commitment of a zkGraph.
    pub async fn graph_image(&self, at: H256, graph: GraphId) -> Result<Option<Vec<u8>>, QueryError> {
        self.runtime_api(at, "WeftApi_graph_image", graph).await
    }

    /// The state of a zkGraph.
    pub async fn graph_state(&self, at: H256, graph: GraphId) -> Result<Option<Vec<u8>>, QueryError> {
        self.runtime_api(at, "WeftApi_graph_state", graph).await
    }

    /// A job with its timeline, as long as the chain remembers it.
    pub async fn job(&self, at: H256, job: JobId) -> Result<Option<Job>, QueryError> {
        self.runtime_api(at, "WeftApi_job", job).await
    }

    /// All jobs that can be locked, oldest first.
    pub async fn open_jobs(&self, at: H256) -> Result<Vec<(JobId, Job)>, QueryError> {
        const PAGE: u32 = 256;
        let mut jobs: Vec<(JobId, Job)> = Vec::new();
        loop {
            let after = jobs.last().map(|(id, _)| *id);
            let page: Vec<(JobId, Job)> = self.runtime_api(at, "WeftApi_open_jobs", (after, PAGE)).await?;
            let last = page.is_empty();
            jobs.extend(page);
            if last {
                jobs.sort_by_key(|(id, _)| *id);
                return Ok(jobs);
            }
        }
    }

    /// Jobs that a worker has locked, at most 256, oldest first.
    pub async fn locked_jobs(&self, at: H256, worker: &AccountId) -> Result<Vec<(JobId, Job)>, QueryError> {
        let mut jobs: Vec<(JobId, Job)> = self.runtime_api(at, "WeftApi_locked_jobs", worker).await?;
        jobs.sort_by_key(|(id, _)| *id);
        Ok(jobs)
    }

    /// What a locked job was locked with.
    pub async fn run_snapshot(&self, at: H256, job: JobId) -> Result<Option<Snapshot>, QueryError> {
        self.runtime_api(at, "WeftApi_run_snapshot", job).await
    }

    /// Digest of the verifying key that runs of a proof system are locked with now.
    pub async fn current_key(&self, at: H256, proof_system: u16) -> Result<Option<H256>, QueryError> {
        self.runtime_api(at, "WeftApi_current_key", proof_system).await
    }

    /// The verifying key with this digest.
    pub async fn verifying_key(&self, at: H256, digest: H256) -> Result<Option<Vec<u8>>, QueryError> {
        self.runtime_api(at, "WeftApi_verifying_key", digest).await
    }

    /// The nonce that the next message to Ethereum will have.
    pub async fn next_nonce(&self, at: H256) -> Result<u64, QueryError> {
        self.runtime_api(at, "WeftApi_next_nonce", ()).await
    }

    /// What is promised to whoever delivers a message, at each gateway.
    pub async fn rewards_of(&self, at: H256, nonce: u64) -> Result<Vec<MessageReward<Balance>>, QueryError> {
        self.runtime_api(at, "WeftApi_rewards_of", nonce).await
    }

    /// What is paid to whoever handed a gateway over to a validator set; `None` where nothing is, or it was paid before.
    pub async fn handover_reward(
        &self,
        at: H256,
        gateway: GatewayId,
        set: u64,
    ) -> Result<Option<Balance>, QueryError> {
        self.runtime_api(at, "WeftApi_handover_reward", (gateway, set))
            .await
    }

    /// The trigger of a zkGraph.
    pub async fn trigger(&self, at: H256, graph: GraphId) -> Result<Option<Trigger>, QueryError> {
        self.runtime_api(at, "WeftApi_trigger", graph).await
    }

    /// All triggers.
    pub async fn triggers(&self, at: H256) -> Result<Vec<(GraphId, Trigger)>, QueryError> {
        const PAGE: u32 = 256;
        let mut triggers: Vec<(GraphId, Trigger)> = Vec::new();
        loop {
            let after = triggers.last().map(|(graph, _)| *graph);
            let page: Vec<_> = self.runtime_api(at, "WeftApi_triggers", (after, PAGE)).await?;
            let last = page.len() < PAGE as usize;
            triggers.extend(page);
            if last {
                return Ok(triggers);
            }
        }
    }

    /// All about a run, as of the block `at`: with what the job was locked with if it is locked, else with what it would be locked
    /// with now.
    pub async fn run_details(&self, at: H256, id: JobId) -> Result<RunDetails, RunDetailsError> {
        let job = self.job(at, id).await?;
        let job = job.ok_or_else(|| QueryError::Missing(format!("job {id}")))?;
        self.details_of(at, id, job).await
    }

    /// All about the run that a job would be, whether the chain has it or not.
    pub async fn details_of(&self, at: H256, id: JobId, mut job: Job) -> Result<RunDetails, RunDetailsError> {
        let missing = |what: String| move || QueryError::Missing(what);
        let graph_id = job.graph;
        let graph = self.graph(at, graph_id).await?;
        let graph = graph.ok_or_else(missing(format!("zkGraph {graph_id:?}")))?;
        let (manifest_bytes, image, proof_system, key_digest) = match &job.status {
            JobStatus::Locked { .. } => {
                let snapshot = self.run_snapshot(at, id).await?;
                let snapshot = snapshot.ok_or_else(missing(format!("snapshot of job {id}")))?;
                (
                    snapshot.manifest.into_inner(),
                    snapshot.image.into_inner(),
                    snapshot.proof_system,
                    snapshot.key,
                )
            }
            _ => {
                let manifest = self.graph_manifest(at, graph_id).await?;
                let image = self.graph_image(at, graph_id).await?;
                let key = self.current_key(at, graph.proof_system).await?;
                (
                    manifest.ok_or_else(missing(format!("manifest of zkGraph {graph_id:?}")))?,
                    image.ok_or_else(missing(format!("image of zkGraph {graph_id:?}")))?,
                    graph.proof_system,
                    key.ok_or_else(missing(format!("key of proof system {}", graph.proof_system)))?,
                )
            }
        };
        let manifest = Manifest::from_bytes(&manifest_bytes)?;
        let key = self.verifying_key(at, key_digest).await?;
        let key = key.ok_or_else(missing(format!("verifying key {key_digest:?}")))?;
        let prior_state = match manifest.state.is_stateless() {
            true => Vec::new(),
            false => self.graph_state(at, graph_id).await?.unwrap_or_default(),
        };
        let states = self.states_read(at, &manifest, &mut job).await?;
        Ok(RunDetails {
            id,
            job,
            graph,
            manifest,
            manifest_digest: manifest::digest(&manifest_bytes),
            image,
            proof_system,
            key_digest,
            key,
            prior_state,
            states,
        })
    }

    /// The states of other zkGraphs that a job reads: those of its lock, or those of now, which are then put into the job.
    async fn states_read(
        &self,
        at: H256,
        manifest: &Manifest,
        job: &mut Job,
    ) -> Result<BTreeMap<GraphId, Vec<u8>>, QueryError> {
        let locked_at = match &job.status {
            JobStatus::Locked { locked_at, .. } => Some(*locked_at),
            _ => None,
        };
        let mut states = BTreeMap::new();
        for (block, query) in job.blocks.iter_mut().zip(&manifest.sources) {
            let Query::State { graph } = query else { continue };
            let missing =
                || QueryError::Missing(format!("state of zkGraph {graph:?} at the time of the lock"));
            let state = match locked_at {
                None => {
                    let unknown = || QueryError::Missing(format!("zkGraph {graph:?}"));
                    let state = self.graph_state(at, *graph).await?.ok_or_else(unknown)?;
                    block.hash = state_root(&state);
                    state
                }
                // It may have moved since: in a later block, or in the block of the lock, after it.
                Some(number) => {
                    let mut found = self.graph_state(at, *graph).await?;
                    for number in [number, number.saturating_sub(1)] {
                        if found
                            .as_ref()
                            .is_some_and(|state| state_root(state) == block.hash)
                        {
                            break;
                        }
                        let then = self.block_hash(number).await?;
                        found = self.graph_state(then, *graph).await?;
                    }
                    found
                        .filter(|state| state_root(state) == block.hash)
                        .ok_or_else(missing)?
                }
            };
            states.insert(*graph, state);
        }
        Ok(states)
    }
}

/// The id that the next zkGraph of `owner` gets when `index` have been registered before.
pub fn graph_id(owner: &AccountId, index: u64) -> GraphId {
    keccak256(&(b"weft/zkgraph", owner, index).encode())
}
