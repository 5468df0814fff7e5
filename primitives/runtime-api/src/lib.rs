//! What a node can ask the Weft runtime about zkGraphs, jobs and results, and about Ethereum. Asked at a past block, it
//! answers as of that block.

#![cfg_attr(not(feature = "std"), no_std)]
#![allow(missing_docs, reason = "the macro generates items without documentation")]

extern crate alloc;

use alloc::vec::Vec;
use codec::Codec;
use weft_light_client::{Anchor, BeaconHeader, Network, Store};
use weft_primitives::{
    Clock, GatewayId, Graph, GraphId, H256, Job, JobId, MessageReward, RunSnapshot, Trigger,
    outbox::OutboxProof,
};

/// Most entries that one answer holds, whatever limit was asked for.
pub const MAX_PAGE: u32 = 256;

sp_api::decl_runtime_apis! {
    /// zkGraphs, jobs and results.
    pub trait WeftApi<AccountId, Balance, BlockNumber>
    where
        AccountId: Codec,
        Balance: Codec,
        BlockNumber: Codec,
    {
        /// zkGraphs, of one owner or of all, in the order of their ids in storage: those after `after`, at
        /// most `limit` and
        /// [`MAX_PAGE`].
        fn graphs(
            owner: Option<AccountId>,
            after: Option<GraphId>,
            limit: u32,
        ) -> Vec<(GraphId, Graph<AccountId, Balance>)>;

        /// A zkGraph.
        fn graph(graph: GraphId) -> Option<Graph<AccountId, Balance>>;

        /// The encoded manifest of a zkGraph.
        fn graph_manifest(graph: GraphId) -> Option<Vec<u8>>;

        /// The program commitment of a zkGraph.
        fn graph_image(graph: GraphId) -> Option<Vec<u8>>;

        /// The state of a zkGraph.
        fn graph_state(graph: GraphId) -> Option<Vec<u8>>;

        /// A job with its timeline, as long as the chain remembers it.
        fn job(job: JobId) -> Option<Job<AccountId, Balance, BlockNumber>>;

        /// Jobs that can be locked, those after `after`, at most `limit` and [`MAX_PAGE`]; in no particular order.
        fn open_jobs(
            after: Option<JobId>,
            limit: u32,
        ) -> Vec<(JobId, Job<AccountId, Balance, BlockNumber>)>;

        /// Jobs that a worker has locked, at most [`MAX_PAGE`].
        fn locked_jobs(worker: AccountId) -> Vec<(JobId, Job<AccountId, Balance, BlockNumber>)>;

        /// What a locked job was locked with.
        fn run_snapshot(job: JobId) -> Option<RunSnapshot<AccountId>>;

        /// Digest of the verifying key that runs of a proof system are locked with now.
        fn current_key(proof_system: u16) -> Option<H256>;

        /// The verifying key with this digest.
        fn verifying_key(digest: H256) -> Option<Vec<u8>>;

        /// The nonce that the next message will have.
        fn next_nonce() -> u64;

        /// The proof that a message is in the outbox of the block that settled it.
        fn outbox_proof(nonce: u64) -> Option<OutboxProof>;

        /// The messages that a block settled: nonce of the first, and the hash of each; the others' nonces follow. `None` if it settled none.
        fn outbox_of(block: BlockNumber) -> Option<(u64, Vec<H256>)>;

        /// What is promised to whoever delivers a message, at each gateway.
        fn rewards_of(nonce: u64) -> Vec<MessageReward<Balance>>;

        /// What is paid to whoever handed a gateway over to a validator set; `None` where nothing is, or it was paid before.
        fn handover_reward(gateway: GatewayId, set: u64) -> Option<Balance>;

        /// The trigger of a zkGraph.
        fn trigger(graph: GraphId) -> Option<Trigger<AccountId, Balance>>;

        /// Triggers, those after `after` in storage, at most `limit` and [`MAX_PAGE`].
        fn triggers(after: Option<GraphId>, limit: u32) -> Vec<(GraphId, Trigger<AccountId, Balance>)>;
    }

    /// What the chain's light client knows of Ethereum.
    pub trait EthereumApi {
        /// The network that it follows.
        fn ethereum_network() -> Option<Network>;

        /// The slot of the beacon chain at this block's time: an update that is signed later is refused.
        fn current_slot() -> Option<u64>;

        /// The clock of deadlines; `None` before the first checkpoint.
        fn clock() -> Option<Clock>;

        /// The newest final beacon header, and whether the next sync committee is known.
        fn final_header() -> Option<(BeaconHeader, bool)>;

        /// All that the light client knows, committees with their keys: 50 or 100 kB.
        fn light_client() -> Option<Store>;

        /// The newest final execution block.
        fn newest_anchor() -> Option<Anchor>;

        /// The final execution block that the beacon block of a slot showed, while it is remembered.
        fn anchor_by_slot(slot: u64) -> Option<Anchor>;

        /// The final execution block with a number, while it is remembered. Blocks between anchors are proved against the next one.
        fn anchor_by_number(number: u64) -> Option<Anchor>;

        /// The final execution block with a hash, while it is remembered.
        fn anchor_by_hash(hash: H256) -> Option<Anchor>;

        /// The oldest final execution block that is remembered and whose number is not less: what leads to the block with the number.
        fn anchor_at_or_after(number: u64) -> Option<Anchor>;
    }
}
