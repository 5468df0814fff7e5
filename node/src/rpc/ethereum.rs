//! What the chain knows of Ethereum. docs/decisions/light-client.md says how.
//!
//! Each method takes an optional block hash, and answers as of that block; without one, as of the best block.

use std::{marker::PhantomData, sync::Arc};

use jsonrpsee::{
    core::{RpcResult, async_trait},
    proc_macros::rpc,
};
use sc_client_api::HeaderBackend;
use serde::{Deserialize, Serialize};
use sp_api::ProvideRuntimeApi;
use sp_runtime::traits::Block as BlockT;
use weft_light_client::Anchor;
use weft_primitives::H256;
use weft_runtime_api::EthereumApi as EthereumRuntimeApi;

use super::errors::{code, error, runtime_error};

/// How far the chain follows Ethereum.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Followed {
    /// EIP-155 id of the execution chain.
    chain_id: u64,
    /// Slot of the newest final beacon block.
    finalized_slot: u64,
    /// Its sync committee period.
    period: u64,
    /// Whether the committee of the next period is known.
    next_committee_known: bool,
    /// The newest final execution block.
    newest_block: Option<FinalBlock>,
    /// Slots that became final in time: what deadlines are counted in.
    clock: u64,
    /// Whether the clock stands still because finality does not move.
    stalled: bool,
}

/// An execution block that is final.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FinalBlock {
    /// Slot of the beacon block that shows it.
    slot: u64,
    beacon_root: H256,
    number: u64,
    hash: H256,
    parent_hash: H256,
    state_root: H256,
    receipts_root: H256,
    randao: H256,
    timestamp: u64,
}

impl From<Anchor> for FinalBlock {
    fn from(anchor: Anchor) -> Self {
        Self {
            slot: anchor.slot,
            beacon_root: anchor.beacon_root,
            number: anchor.number,
            hash: anchor.hash,
            parent_hash: anchor.parent_hash,
            state_root: anchor.state_root,
            receipts_root: anchor.receipts_root,
            randao: anchor.randao,
            timestamp: anchor.timestamp,
        }
    }
}

/// What the chain knows of Ethereum.
#[rpc(server)]
pub(crate) trait EthereumApi<Hash> {
    /// How far the chain follows Ethereum.
    #[method(name = "weft_ethereum")]
    fn ethereum(&self, at: Option<Hash>) -> RpcResult<Followed>;

    /// The final execution block with this number, if it is one of those that an update showed.
    #[method(name = "weft_finalBlock")]
    fn final_block(&self, number: u64, at: Option<Hash>) -> RpcResult<FinalBlock>;
}

/// Answers [`EthereumApiServer`].
pub(crate) struct Ethereum<Client, Block> {
    client: Arc<Client>,
    _block: PhantomData<Block>,
}

impl<Client, Block> Ethereum<Client, Block> {
    /// Answers from the runtime of `client`.
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self {
            client,
            _block: PhantomData,
        }
    }
}

#[async_trait]
impl<Client, Block> EthereumApiServer<Block::Hash> for Ethereum<Client, Block>
where
    Block: BlockT,
    Client: HeaderBackend<Block> + ProvideRuntimeApi<Block> + Send + Sync + 'static,
    Client::Api: EthereumRuntimeApi<Block>,
{
    fn ethereum(&self, at: Option<Block::Hash>) -> RpcResult<Followed> {
        let at = at.unwrap_or_else(|| self.client.info().best_hash);
        let api = self.client.runtime_api();
        let network = api.ethereum_network(at).map_err(runtime_error)?;
        let header = api.final_header(at).map_err(runtime_error)?;
        let newest = api.newest_anchor(at).map_err(runtime_error)?;
        let clock = api.clock(at).map_err(runtime_error)?;
        let (Some(network), Some((header, next_committee_known)), Some(clock)) = (network, header, clock)
        else {
            return Err(error(
                code::NOT_FOUND,
                "this chain does not follow Ethereum yet: root sets a checkpoint with `weft-worker checkpoint`",
            ));
        };
        Ok(Followed {
            chain_id: network.chain_id,
            finalized_slot: header.slot,
            period: network.preset.period(header.slot),
            next_committee_known,
            newest_block: newest.map(Into::into),
            clock: clock.now,
            stalled: clock.stalled,
        })
    }

    fn final_block(&self, number: u64, at: Option<Block::Hash>) -> RpcResult<FinalBlock> {
        let at = at.unwrap_or_else(|| self.client.info().best_hash);
        let found = self
            .client
            .runtime_api()
            .anchor_by_number(at, number)
            .map_err(runtime_error)?;
        let missing = || {
            let text = format!("no update showed block {number}, or it was forgotten");
            error(code::NOT_FOUND, text)
        };
        Ok(found.ok_or_else(missing)?.into())
    }
}
