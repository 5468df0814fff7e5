//! Weft's own methods: zkGraphs, jobs, and proofs of results. docs/decisions/settlement.md says what they are about.
//!
//! Each takes an optional block hash, and answers as of that block; without one, as of the best block.

use std::{marker::PhantomData, sync::Arc};

use jsonrpsee::{
    core::{RpcResult, async_trait},
    proc_macros::rpc,
};
use sc_client_api::HeaderBackend;
use serde::{Deserialize, Serialize};
use sp_api::ProvideRuntimeApi;
use sp_core::{Bytes, offchain::OffchainStorage};
use sp_runtime::traits::Block as BlockT;
use weft_primitives::{
    Graph, H160, H256, Job, JobStatus, Outcome, Trigger, keccak256, manifest::StatePolicy,
    outbox::message_key,
};
use weft_runtime::{AccountId, Balance, BlockNumber};
use weft_runtime_api::{MAX_PAGE, WeftApi as WeftRuntimeApi};

use super::errors::{code, error, runtime_error};

/// A zkGraph.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ZkGraph {
    id: H256,
    owner: AccountId,
    proof_system: u16,
    image: H256,
    manifest_digest: H256,
    /// SCALE of the manifest.
    manifest: Option<Bytes>,
    program_digest: H256,
    program_uri: String,
    /// `stateless`, `sequential` or `index`.
    policy: String,
    /// For an index the block that the next run starts with.
    cursor: Option<u64>,
    state_root: H256,
    settled_runs: u64,
    locked_runs: u32,
    retired: bool,
    /// In plancks, decimal.
    deposit: String,
}

/// A run with its timeline.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Run {
    id: u64,
    graph: H256,
    offerer: AccountId,
    blocks: Vec<RunBlock>,
    /// In plancks, decimal.
    fee: String,
    /// Slot by the chain's clock (`weft_ethereum`).
    deadline: u64,
    /// Whether the bounty of the zkGraph's trigger pays.
    triggered: bool,
    refused_proofs: u32,
    /// `open`, `locked`, `settled`, `trapped` or `expired`.
    status: String,
    worker: Option<AccountId>,
    offered_at: BlockNumber,
    locked_at: Option<BlockNumber>,
    settled_at: Option<BlockNumber>,
    expired_at: Option<BlockNumber>,
    /// Digest of the statement that was proved.
    statement: Option<H256>,
    /// Nonce of the message in the outbox.
    message: Option<u64>,
}

/// A block of Ethereum that a run reads.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunBlock {
    chain_id: u64,
    /// The first block of a range.
    first: u64,
    /// The last one.
    number: u64,
    hash: H256,
    /// Indices of the transactions that are read; empty for all.
    transactions: Vec<u32>,
}

/// A bounty for runs of an index.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Bounty {
    sponsor: AccountId,
    /// In plancks, decimal.
    bounty: String,
    /// Of each run, in plancks, decimal.
    fee: String,
    /// In slots of Ethereum.
    interval: u64,
    /// In slots of Ethereum.
    duration: u64,
    /// Slot by the chain's clock before which no run starts.
    next: u64,
    paused: bool,
    runs: u64,
}

impl From<Trigger<AccountId, Balance>> for Bounty {
    fn from(trigger: Trigger<AccountId, Balance>) -> Self {
        Self {
            sponsor: trigger.sponsor,
            bounty: trigger.bounty.to_string(),
            fee: trigger.fee.to_string(),
            interval: trigger.interval,
            duration: trigger.duration,
            next: trigger.next,
            paused: trigger.paused,
            runs: trigger.runs,
        }
    }
}

/// A message and the proof that it is in the outbox.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResultProof {
    nonce: u64,
    /// The block of Weft that settled it.
    block: BlockNumber,
    /// The block to give to `mmr_generateProof`: the leaf that it made carries `root`.
    mmr_block: BlockNumber,
    /// ABI encoding of the message.
    message: Bytes,
    /// keccak256 of `message`.
    leaf: H256,
    /// Outbox root of `block`.
    root: H256,
    leaf_index: u32,
    leaf_count: u32,
    /// Siblings from the bottom up.
    items: Vec<H256>,
}

/// What a block settled for Ethereum.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BlockResults {
    /// Nonce of the first message; the others follow without gaps.
    first_nonce: u64,
    /// keccak256 of each message, in order: the leaves of the block's outbox.
    leaves: Vec<H256>,
}

/// What is promised to whoever delivers a message at a gateway.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryReward {
    /// EIP-155 id of the gateway's chain.
    chain_id: u64,
    /// Address of the gateway.
    gateway: H160,
    /// In plancks, decimal.
    amount: String,
    /// Slot by the chain's clock (`weft_ethereum`) from which the payers may take it back.
    until: u64,
}

/// Weft's own methods.
#[rpc(server)]
pub(crate) trait WeftApi<Hash> {
    /// zkGraphs of `owner`, or all: those after `after`, at most `limit` (256 if not given, and at most).
    #[method(name = "weft_listZkGraphs")]
    fn list_zkgraphs(
        &self,
        owner: Option<AccountId>,
        after: Option<H256>,
        limit: Option<u32>,
        at: Option<Hash>,
    ) -> RpcResult<Vec<ZkGraph>>;

    /// A job with its timeline.
    #[method(name = "weft_job")]
    fn job(&self, job: u64, at: Option<Hash>) -> RpcResult<Run>;

    /// The trigger of a zkGraph.
    #[method(name = "weft_trigger")]
    fn trigger(&self, graph: H256, at: Option<Hash>) -> RpcResult<Bounty>;

    /// The message with this nonce, and the proof that it is in the outbox of the block that settled it. The
    /// proof for any past message can
    /// be had at the best block; `at` need not be given.
    #[method(name = "weft_resultProof")]
    fn result_proof(&self, nonce: u64, at: Option<Hash>) -> RpcResult<ResultProof>;

    /// The messages that a block settled, of any age; `null` if it settled none. `at` need not be given.
    #[method(name = "weft_blockResults")]
    fn block_results(&self, block: BlockNumber, at: Option<Hash>) -> RpcResult<Option<BlockResults>>;

    /// What is promised to whoever delivers the message with this nonce, at each gateway; nothing once it was claimed or taken back.
    #[method(name = "weft_rewards")]
    fn rewards(&self, nonce: u64, at: Option<Hash>) -> RpcResult<Vec<DeliveryReward>>;
}

/// Answers [`WeftApiServer`].
pub(crate) struct Weft<Client, Storage, Block> {
    client: Arc<Client>,
    offchain: Storage,
    _block: PhantomData<Block>,
}

impl<Client, Storage, Block> Weft<Client, Storage, Block> {
    /// Answers from the runtime of `client` and the off-chain database `offchain`.
    pub(crate) fn new(client: Arc<Client>, offchain: Storage) -> Self {
        Self {
            client,
            offchain,
            _block: PhantomData,
        }
    }
}

impl<Client, Storage, Block> Weft<Client, Storage, Block>
where
    Block: BlockT,
    Client: HeaderBackend<Block>,
{
    fn block(&self, at: Option<Block::Hash>) -> Block::Hash {
        at.unwrap_or_else(|| self.client.info().best_hash)
    }
}

#[async_trait]
impl<Client, Storage, Block> WeftApiServer<Block::Hash> for Weft<Client, Storage, Block>
where
    Block: BlockT,
    Client: HeaderBackend<Block> + ProvideRuntimeApi<Block> + Send + Sync + 'static,
    Client::Api: WeftRuntimeApi<Block, AccountId, Balance, BlockNumber>,
    Storage: OffchainStorage + 'static,
{
    fn list_zkgraphs(
        &self,
        owner: Option<AccountId>,
        after: Option<H256>,
        limit: Option<u32>,
        at: Option<Block::Hash>,
    ) -> RpcResult<Vec<ZkGraph>> {
        let (api, at) = (self.client.runtime_api(), self.block(at));
        let graphs = api
            .graphs(at, owner, after, limit.unwrap_or(MAX_PAGE))
            .map_err(runtime_error)?;
        graphs
            .into_iter()
            .map(|(id, graph)| {
                let manifest = api.graph_manifest(at, id).map_err(runtime_error)?;
                Ok(ZkGraph::new(id, graph, manifest))
            })
            .collect()
    }

    fn job(&self, job: u64, at: Option<Block::Hash>) -> RpcResult<Run> {
        let record = self
            .client
            .runtime_api()
            .job(self.block(at), job)
            .map_err(runtime_error)?
            .ok_or_else(|| {
                error(
                    code::NOT_FOUND,
                    format!("job {job} is not known, or was forgotten"),
                )
            })?;
        Ok(Run::new(job, record))
    }

    fn trigger(&self, graph: H256, at: Option<Block::Hash>) -> RpcResult<Bounty> {
        let api = self.client.runtime_api();
        let found = api.trigger(self.block(at), graph).map_err(runtime_error)?;
        let missing = || error(code::NOT_FOUND, format!("zkGraph {graph:?} has no trigger"));
        Ok(found.ok_or_else(missing)?.into())
    }

    fn result_proof(&self, nonce: u64, at: Option<Block::Hash>) -> RpcResult<ResultProof> {
        let proof = self
            .client
            .runtime_api()
            .outbox_proof(self.block(at), nonce)
            .map_err(runtime_error)?
            .ok_or_else(|| error(code::NOT_FOUND, format!("there is no message {nonce} yet")))?;
        let message = self
            .offchain
            .get(sp_core::offchain::STORAGE_PREFIX, &message_key(proof.leaf))
            .filter(|message| keccak256(message) == proof.leaf)
            .ok_or_else(|| {
                let text = format!(
                    "this node does not have message {nonce}: ask one that executed block {}",
                    proof.block
                );
                error(code::MESSAGE_MISSING, text)
            })?;
        Ok(ResultProof {
            nonce,
            block: proof.block,
            mmr_block: proof.block.saturating_add(1),
            message: message.into(),
            leaf: proof.leaf,
            root: proof.root,
            leaf_index: proof.leaf_index,
            leaf_count: proof.leaf_count,
            items: proof.items,
        })
    }

    fn block_results(&self, block: BlockNumber, at: Option<Block::Hash>) -> RpcResult<Option<BlockResults>> {
        let api = self.client.runtime_api();
        let found = api.outbox_of(self.block(at), block).map_err(runtime_error)?;
        Ok(found.map(|(first_nonce, leaves)| BlockResults { first_nonce, leaves }))
    }

    fn rewards(&self, nonce: u64, at: Option<Block::Hash>) -> RpcResult<Vec<DeliveryReward>> {
        let api = self.client.runtime_api();
        let found = api.rewards_of(self.block(at), nonce).map_err(runtime_error)?;
        let rewards = found.into_iter().map(|reward| DeliveryReward {
            chain_id: reward.gateway.chain_id,
            gateway: reward.gateway.address,
            amount: reward.amount.to_string(),
            until: reward.until,
        });
        Ok(rewards.collect())
    }
}

impl ZkGraph {
    fn new(id: H256, graph: Graph<AccountId, Balance>, manifest: Option<Vec<u8>>) -> Self {
        Self {
            id,
            owner: graph.owner,
            proof_system: graph.proof_system,
            image: graph.image,
            manifest_digest: graph.manifest,
            manifest: manifest.map(Bytes),
            program_digest: graph.program.digest,
            program_uri: String::from_utf8_lossy(&graph.program.uri).into_owned(),
            policy: match graph.policy {
                StatePolicy::Stateless => "stateless",
                StatePolicy::Sequential => "sequential",
                StatePolicy::Index { .. } => "index",
            }
            .into(),
            cursor: graph.cursor,
            state_root: graph.state_root,
            settled_runs: graph.settled_runs,
            locked_runs: graph.locked_runs,
            retired: graph.retired,
            deposit: graph.deposit.to_string(),
        }
    }
}

impl Run {
    fn new(id: u64, job: Job<AccountId, Balance, BlockNumber>) -> Self {
        let blocks = job
            .blocks
            .into_iter()
            .map(|block| RunBlock {
                chain_id: block.chain_id,
                first: block.first,
                number: block.number,
                hash: block.hash,
                transactions: block.transactions.into_inner(),
            })
            .collect();
        let mut run = Self {
            id,
            graph: job.graph,
            offerer: job.offerer,
            blocks,
            fee: job.fee.to_string(),
            deadline: job.deadline,
            triggered: job.origin.is_trigger(),
            refused_proofs: job.refused_proofs,
            status: "open".into(),
            worker: None,
            offered_at: job.offered_at,
            locked_at: None,
            settled_at: None,
            expired_at: None,
            statement: None,
            message: None,
        };
        match job.status {
            JobStatus::Open => {}
            JobStatus::Locked {
                worker, locked_at, ..
            } => {
                run.status = "locked".into();
                run.worker = Some(worker);
                run.locked_at = Some(locked_at);
            }
            JobStatus::Settled {
                worker,
                locked_at,
                settled_at,
                outcome,
                statement,
                message,
            } => {
                run.status = if outcome == Outcome::Ok {
                    "settled"
                } else {
                    "trapped"
                }
                .into();
                run.worker = Some(worker);
                run.locked_at = Some(locked_at);
                run.settled_at = Some(settled_at);
                run.statement = Some(statement);
                run.message = message;
            }
            JobStatus::Expired { worker, expired_at } => {
                run.status = "expired".into();
                run.worker = worker;
                run.expired_at = Some(expired_at);
            }
        }
        run
    }
}
