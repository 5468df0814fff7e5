//! The connection to a node.

use std::{sync::Arc, time::Duration};

use codec::{DecodeAll, Encode};
use subxt::{
    OnlineClient, SubstrateConfig,
    backend::LegacyBackend,
    config::RpcConfigFor,
    rpcs::{
        Error as RpcError, LegacyRpcMethods, RpcClient,
        client::{ReconnectingRpcClient, RpcParams},
    },
};
use weft_primitives::H256;

use crate::{AccountId, BlockNumber};

/// The node could not be reached, or is not what was expected.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// There is no connection within the time given.
    #[error("no Weft node answers at {url} within {} s", waited.as_secs())]
    TimedOut {
        /// Where.
        url: String,
        /// How long it was tried.
        waited: Duration,
    },
    /// The node cannot be connected to.
    #[error("cannot connect to the Weft node at {url}: {reason}")]
    Refused {
        /// Where.
        url: String,
        /// What was wrong.
        reason: String,
    },
}

/// A question to the node was not answered.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The node refused, or the connection failed.
    #[error("the node does not answer {method}: {source}")]
    Rpc {
        /// The method of the node.
        method: String,
        /// What the client says.
        source: RpcError,
    },
    /// The answer is not what it should be: the node runs another runtime.
    #[error("the answer to {method} cannot be decoded ({source}); is the node's runtime of another version?")]
    Decode {
        /// The method of the node or of the runtime.
        method: String,
        /// What the codec says.
        source: codec::Error,
    },
    /// What was asked for is not there.
    #[error("there is no {0}")]
    Missing(String),
}

impl QueryError {
    pub(crate) fn rpc(method: impl Into<String>) -> impl FnOnce(RpcError) -> Self {
        move |source| Self::Rpc {
            method: method.into(),
            source,
        }
    }

    /// The node's error code, if it answered with an error.
    pub fn code(&self) -> Option<i32> {
        match self {
            Self::Rpc {
                source: RpcError::User(error),
                ..
            } => Some(error.code),
            _ => None,
        }
    }
}

/// A connection to a node. It is cheap to clone, and made anew when it breaks.
#[derive(Clone, Debug)]
pub struct Chain {
    pub(crate) rpc: RpcClient,
    pub(crate) methods: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>,
    pub(crate) client: OnlineClient<SubstrateConfig>,
}

impl Chain {
    /// Connects to the node at `url` (`ws://` or `wss://`), trying for as long as `patience`. Nodes answer both kinds of request at
    /// one port, so `http://` is understood as `ws://`.
    pub async fn connect(url: &str, patience: Duration) -> Result<Self, ConnectError> {
        let timed_out = |_| ConnectError::TimedOut {
            url: url.into(),
            waited: patience,
        };
        tokio::time::timeout(patience, Self::connect_once(url))
            .await
            .map_err(timed_out)?
    }

    async fn connect_once(url: &str) -> Result<Self, ConnectError> {
        let refused = |reason: String| ConnectError::Refused {
            url: url.into(),
            reason,
        };
        let connection = ReconnectingRpcClient::builder()
            .build(url)
            .await
            .map_err(|error| refused(error.to_string()))?;
        let rpc = RpcClient::new(connection);
        // The methods that every Substrate node has, rather than the newer ones: they know the best block.
        let backend = LegacyBackend::builder().build(rpc.clone());
        let client = OnlineClient::from_backend(Arc::new(backend))
            .await
            .map_err(|error| refused(error.to_string()))?;
        Ok(Self {
            methods: LegacyRpcMethods::new(rpc.clone()),
            rpc,
            client,
        })
    }

    /// Hash of Weft's genesis block.
    pub fn genesis(&self) -> H256 {
        self.client.genesis_hash()
    }

    /// Number and hash of the best block.
    pub async fn best_block(&self) -> Result<(BlockNumber, H256), QueryError> {
        self.numbered(None).await
    }

    /// Number and hash of the last block that GRANDPA finalised.
    pub async fn final_block(&self) -> Result<(BlockNumber, H256), QueryError> {
        let method = "chain_getFinalizedHead";
        let hash = self
            .methods
            .chain_get_finalized_head()
            .await
            .map_err(QueryError::rpc(method))?;
        self.numbered(Some(hash)).await
    }

    /// The hash of the block with this number on the best chain.
    pub async fn block_hash(&self, number: BlockNumber) -> Result<H256, QueryError> {
        let method = "chain_getBlockHash";
        self.request::<Option<H256>>(method, |params| params.push(number))
            .await?
            .ok_or_else(|| QueryError::Missing(format!("block {number}")))
    }

    async fn numbered(&self, hash: Option<H256>) -> Result<(BlockNumber, H256), QueryError> {
        let method = "chain_getHeader";
        let header = self
            .methods
            .chain_get_header(hash)
            .await
            .map_err(QueryError::rpc(method))?;
        let header = header.ok_or_else(|| QueryError::Missing("header of that block".into()))?;
        let number = header.number as BlockNumber;
        let hash = match hash {
            Some(hash) => hash,
            None => self.block_hash(number).await?,
        };
        Ok((number, hash))
    }

    /// How many transactions of an account are in the chain that ends at the block `at`.
    pub async fn nonce(&self, at: H256, account: &AccountId) -> Result<u32, QueryError> {
        self.runtime_api(at, "AccountNonceApi_account_nonce", account)
            .await
    }

    /// Asks the runtime of the block `at`.
    pub(crate) async fn runtime_api<T: DecodeAll>(
        &self,
        at: H256,
        method: &str,
        arguments: impl Encode,
    ) -> Result<T, QueryError> {
        let arguments = arguments.encode();
        let bytes = self
            .methods
            .state_call(method, Some(&arguments), Some(at))
            .await
            .map_err(QueryError::rpc(method))?;
        decode(method, &bytes)
    }

    /// Asks the node.
    pub(crate) async fn request<T: serde::de::DeserializeOwned>(
        &self,
        method: &str,
        arguments: impl FnOnce(&mut RpcParams) -> Result<(), RpcError>,
    ) -> Result<T, QueryError> {
        let mut params = RpcParams::new();
        arguments(&mut params).map_err(QueryError::rpc(method))?;
        self.rpc
            .request(method, params)
            .await
            .map_err(QueryError::rpc(method))
    }
}

/// The value that `bytes` encode, all of them.
pub(crate) fn decode<T: DecodeAll>(method: &str, bytes: &[u8]) -> Result<T, QueryError> {
    T::decode_all(&mut &bytes[..]).map_err(|source| QueryError::Decode {
        method: method.into(),
        source,
    })
}
