//! The connection to a node.

use std::{borrow::Cow, time::Duration};

use alloy_json_rpc::{RpcError, RpcRecv, RpcSend};
use alloy_primitives::{Address, B256, Bytes, U64, U128};
use alloy_provider::{Provider, ProviderBuilder, RootProvider};
use alloy_rpc_types_eth::{Header, TransactionReceipt};
use alloy_transport::TransportErrorKind;
use backon::{ExponentialBuilder, Retryable};

/// How long the node may take to answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How often a question is asked again when the connection fails.
const RETRIES: usize = 4;
/// An empty list: some nodes refuse a request without parameters.
const NO_PARAMS: [(); 0] = [];

/// A question to the node was not answered.
#[derive(Debug, thiserror::Error)]
pub enum EthereumError {
    /// Not the address of a node.
    #[error("not an http:// address of an Ethereum node: {0}")]
    Address(String),
    /// The node refused, or the connection failed several times.
    #[error("the Ethereum node does not answer {method}: {source}")]
    Rpc {
        /// The method.
        method: &'static str,
        /// What the client says.
        source: RpcError<TransportErrorKind>,
    },
    /// What was asked for is not there.
    #[error("the Ethereum node has no {0}")]
    Missing(String),
}

impl EthereumError {
    /// What the node said, if it answered with an error.
    pub fn refusal(&self) -> Option<&str> {
        match self {
            Self::Rpc { source, .. } => source.as_error_resp().map(|answer| answer.message.as_ref()),
            _ => None,
        }
    }

    /// The data with which a call reverted, if that is what happened.
    pub fn revert_data(&self) -> Option<Bytes> {
        match self {
            Self::Rpc { source, .. } => source.as_error_resp()?.as_revert_data(),
            _ => None,
        }
    }
}

/// A connection to a node. It is cheap to clone.
#[derive(Clone, Debug)]
pub struct Ethereum {
    provider: RootProvider,
}

impl Ethereum {
    /// The node at `url`, which is not asked anything yet.
    pub fn new(url: &str) -> Result<Self, EthereumError> {
        let address = |reason: String| EthereumError::Address(format!("{url} ({reason})"));
        let parsed: reqwest::Url = url.parse().map_err(|_| address("not a URL".into()))?;
        if parsed.scheme() != "http" {
            return Err(address("another scheme".into()));
        }
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .build()
            .map_err(|error| address(error.to_string()))?;
        Ok(Self {
            provider: ProviderBuilder::default().connect_reqwest(client, parsed),
        })
    }

    /// Asks the node, and asks again if the connection fails.
    pub(crate) async fn request<P: RpcSend, R: RpcRecv>(
        &self,
        method: &'static str,
        params: P,
    ) -> Result<R, EthereumError> {
        let ask = || {
            self.provider
                .raw_request::<P, R>(Cow::Borrowed(method), params.clone())
        };
        ask.retry(ExponentialBuilder::default().with_max_times(RETRIES))
            .when(|error| matches!(error, RpcError::Transport(_)))
            .await
            .map_err(|source| EthereumError::Rpc { method, source })
    }

    /// EIP-155 id of the chain.
    pub async fn chain_id(&self) -> Result<u64, EthereumError> {
        Ok(self.request::<_, U64>("eth_chainId", NO_PARAMS).await?.to())
    }

    /// Number of the newest block.
    pub async fn block_number(&self) -> Result<u64, EthereumError> {
        Ok(self.request::<_, U64>("eth_blockNumber", NO_PARAMS).await?.to())
    }

    /// Header of the newest block.
    pub async fn latest_header(&self) -> Result<Header, EthereumError> {
        self.header("eth_getBlockByNumber", "latest", "newest block".into())
            .await
    }

    /// Header of the block with this number on the canonical chain.
    pub async fn header_at(&self, number: u64) -> Result<Header, EthereumError> {
        self.header(
            "eth_getBlockByNumber",
            U64::from(number),
            format!("block {number}"),
        )
        .await
    }

    pub(crate) async fn header<P: RpcSend>(
        &self,
        method: &'static str,
        block: P,
        what: String,
    ) -> Result<Header, EthereumError> {
        // A block without its transactions is a header with more fields.
        self.request::<_, Option<Header>>(method, (block, false))
            .await?
            .ok_or(EthereumError::Missing(what))
    }

    /// Transactions of an account that are in the chain.
    pub async fn nonce(&self, account: Address) -> Result<u64, EthereumError> {
        Ok(self
            .request::<_, U64>("eth_getTransactionCount", (account, "latest"))
            .await?
            .to())
    }

    /// What the node thinks that block producers want for themselves, in wei a unit of gas.
    pub async fn priority_fee(&self) -> Result<u128, EthereumError> {
        Ok(self
            .request::<_, U128>("eth_maxPriorityFeePerGas", NO_PARAMS)
            .await?
            .to())
    }

    /// The receipt of a transaction, once it is in a block.
    pub async fn receipt(&self, transaction: B256) -> Result<Option<TransactionReceipt>, EthereumError> {
        self.request("eth_getTransactionReceipt", (transaction,)).await
    }

    /// Sends a signed transaction.
    pub async fn send_raw(&self, transaction: &Bytes) -> Result<B256, EthereumError> {
        self.request("eth_sendRawTransaction", (transaction,)).await
    }

    /// Transactions of an account that are in the chain or wait in the node's pool.
    pub async fn pending_nonce(&self, account: Address) -> Result<u64, EthereumError> {
        Ok(self
            .request::<_, U64>("eth_getTransactionCount", (account, "pending"))
            .await?
            .to())
    }

    /// Executes a call without sending it.
    pub async fn call(
        &self,
        from: Address,
        to: Address,
        data: Bytes,
        gas: Option<u64>,
        at: At,
    ) -> Result<Bytes, EthereumError> {
        let request = alloy_rpc_types_eth::TransactionRequest {
            from: Some(from),
            to: Some(to.into()),
            gas,
            input: data.into(),
            ..Default::default()
        };
        if at == At::Pending {
            let answer = self.request("eth_call", (request.clone(), "pending")).await;
            // A node that knows nothing pending says so with an error that is no revert.
            let is_answer = |error: &EthereumError| {
                error.revert_data().is_some() || error.refusal().is_some_and(|text| text.contains("revert"))
            };
            match answer {
                Err(error) if !is_answer(&error) => {}
                answer => return answer,
            }
        }
        match at {
            At::Block(number) => self.request("eth_call", (request, U64::from(number))).await,
            At::Latest | At::Pending => self.request("eth_call", (request, "latest")).await,
        }
    }
}

/// On top of what a call is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The newest block.
    Latest,
    /// What the node would make the next block of, transactions of others included; the newest block where the node does not know.
    Pending,
    /// The block with this number.
    Block(u64),
}
