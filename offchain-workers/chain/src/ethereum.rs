//! What the chain's light client knows of Ethereum, as of a certain block.

use weft_light_client::{Anchor, BeaconHeader, Network, Store};
use weft_primitives::{Clock, H256};

use crate::{Chain, QueryError};

impl Chain {
    /// The network of Ethereum that the chain follows; `None` before its first checkpoint.
    pub async fn ethereum_network(&self, at: H256) -> Result<Option<Network>, QueryError> {
        self.runtime_api(at, "EthereumApi_ethereum_network", ()).await
    }

    /// The slot of Ethereum's beacon chain at the time of the block `at`.
    pub async fn current_slot(&self, at: H256) -> Result<Option<u64>, QueryError> {
        self.runtime_api(at, "EthereumApi_current_slot", ()).await
    }

    /// The newest final beacon header that the chain knows, and whether it knows the next sync committee.
    pub async fn final_header(&self, at: H256) -> Result<Option<(BeaconHeader, bool)>, QueryError> {
        self.runtime_api(at, "EthereumApi_final_header", ()).await
    }

    /// All that the chain's light client knows.
    pub async fn light_client(&self, at: H256) -> Result<Option<Store>, QueryError> {
        self.runtime_api(at, "EthereumApi_light_client", ()).await
    }

    /// The clock of deadlines; `None` before the first checkpoint.
    pub async fn clock(&self, at: H256) -> Result<Option<Clock>, QueryError> {
        self.runtime_api(at, "EthereumApi_clock", ()).await
    }

    /// The oldest final execution block that the chain remembers and whose number is not less.
    pub async fn anchor_at_or_after(&self, at: H256, number: u64) -> Result<Option<Anchor>, QueryError> {
        self.runtime_api(at, "EthereumApi_anchor_at_or_after", number)
            .await
    }

    /// The newest final execution block that the chain knows.
    pub async fn newest_anchor(&self, at: H256) -> Result<Option<Anchor>, QueryError> {
        self.runtime_api(at, "EthereumApi_newest_anchor", ()).await
    }

    /// The final execution block with a number, if it is an anchor.
    pub async fn anchor_by_number(&self, at: H256, number: u64) -> Result<Option<Anchor>, QueryError> {
        self.runtime_api(at, "EthereumApi_anchor_by_number", number).await
    }
}
