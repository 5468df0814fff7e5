//! Nodes, and what is asked of them.

use std::time::Duration;

use alloy_primitives::B256;
use reqwest::{StatusCode, Url, header};
use serde::de::DeserializeOwned;
use weft_bls_host::NativeCrypto;
use weft_ethereum::{Ethereum, FetchError};
use weft_light_client::{BeaconHeader, Checkpoint, ExecutionProof, Hasher, Network, Update};
use weft_primitives::H256;

use crate::{
    answers::{Bootstrap, Data, Genesis, HeaderEntry, LightClientHeader, RootEntry, Update as Answer},
    convert::{self, ConvertError},
};

/// How long a node may take to answer.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Most bytes of an answer: 128 updates of mainnet have 7 MB.
const MAX_ANSWER: usize = 32 * 1024 * 1024;
/// Most bytes of a state: one of mainnet has 300 MB.
const MAX_STATE: usize = 2 * 1024 * 1024 * 1024;
/// How long a node may take for a state.
const STATE_TIMEOUT: Duration = Duration::from_secs(300);
/// Most updates that are asked for at once (`MAX_REQUEST_LIGHT_CLIENT_UPDATES`).
const MAX_UPDATES: u64 = 128;

/// A question to the beacon nodes was not answered.
#[derive(Debug, thiserror::Error)]
pub enum BeaconError {
    /// Not the address of a node.
    #[error("not an http:// address of a beacon node: {0}")]
    Address(String),
    /// There are no nodes.
    #[error("there is no beacon node to ask: give at least one address")]
    NoNodes,
    /// No node answers.
    #[error("no beacon node answers {path}; the last one: {reason}")]
    NoAnswer {
        /// What was asked.
        path: String,
        /// Why the last node did not.
        reason: String,
    },
    /// No node has what was asked for.
    #[error("no beacon node has {0}")]
    Missing(String),
    /// A node gives another block than the one that was asked for.
    #[error("a beacon node gives another block than the one with the root {0:?}: it lies, or is broken")]
    AnotherBlock(H256),
    /// An answer cannot be used.
    #[error(transparent)]
    Convert(#[from] ConvertError),
    /// The execution node does not give the header of an execution block.
    #[error(transparent)]
    Execution(#[from] FetchError),
}

/// In which form something is asked for.
#[derive(Clone, Copy)]
enum Kind {
    Json,
    /// A serialized block.
    Block,
    /// A serialized state.
    State,
}

impl Kind {
    fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Block | Self::State => "application/octet-stream",
        }
    }

    fn timeout(self) -> Duration {
        match self {
            Self::Json | Self::Block => TIMEOUT,
            Self::State => STATE_TIMEOUT,
        }
    }

    /// Most bytes.
    fn most(self) -> usize {
        match self {
            Self::Json | Self::Block => MAX_ANSWER,
            Self::State => MAX_STATE,
        }
    }
}

/// Why one node did not answer.
enum Failure {
    /// It does not have it.
    Missing,
    /// Anything else.
    Other(String),
}

/// Beacon nodes. They are asked one after the other, until one answers.
#[derive(Clone, Debug)]
pub struct Beacon {
    client: reqwest::Client,
    nodes: Vec<Url>,
}

impl Beacon {
    /// Nodes at these addresses, which are not asked anything yet. The first is preferred.
    ///
    /// # Errors
    /// When one is no address, or there are none.
    pub fn new(addresses: &[impl AsRef<str>]) -> Result<Self, BeaconError> {
        let nodes: Vec<Url> = addresses
            .iter()
            .map(|address| {
                let address = address.as_ref();
                let url: Option<Url> = address.parse().ok();
                url.filter(|url| url.scheme() == "http")
                    .ok_or_else(|| BeaconError::Address(address.into()))
            })
            .collect::<Result<_, _>>()?;
        if nodes.is_empty() {
            return Err(BeaconError::NoNodes);
        }
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .build()
            .map_err(|error| BeaconError::Address(error.to_string()))?;
        Ok(Self { client, nodes })
    }

    async fn ask(&self, node: &Url, path: &str, kind: Kind) -> Result<Vec<u8>, Failure> {
        let other = |error: reqwest::Error| Failure::Other(format!("{node}: {error}"));
        // A node may stand behind a path.
        let url = format!("{}{path}", node.as_str().trim_end_matches('/'));
        let request = self.client.get(url).header(header::ACCEPT, kind.media_type());
        let request = request.timeout(kind.timeout());
        let mut answer = request.send().await.map_err(other)?;
        match answer.status() {
            StatusCode::OK => (),
            StatusCode::NOT_FOUND => return Err(Failure::Missing),
            status => return Err(Failure::Other(format!("{node}: {status}"))),
        }
        let mut bytes = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(other)? {
            bytes.extend_from_slice(&part);
            let most = kind.most();
            if bytes.len() > most {
                return Err(Failure::Other(format!("{node}: more than {most} bytes")));
            }
        }
        Ok(bytes)
    }

    /// Asks one node after the other for JSON.
    async fn get<T: DeserializeOwned>(&self, path: &str, what: &str) -> Result<T, BeaconError> {
        let read = |bytes: Vec<u8>| serde_json::from_slice(&bytes).map_err(|error| error.to_string());
        self.first(path, what, Kind::Json, read).await
    }

    /// Asks one node after the other, until one's answer can be read.
    async fn first<T>(
        &self,
        path: &str,
        what: &str,
        kind: Kind,
        read: impl Fn(Vec<u8>) -> Result<T, String>,
    ) -> Result<T, BeaconError> {
        let mut is_missing = false;
        let mut last_reason = String::new();
        for node in &self.nodes {
            let answer = self.ask(node, path, kind).await;
            let answer = answer
                .and_then(|bytes| read(bytes).map_err(|error| Failure::Other(format!("{node}: {error}"))));
            match answer {
                Ok(answer) => return Ok(answer),
                Err(Failure::Missing) => is_missing = true,
                Err(Failure::Other(reason)) => {
                    tracing::debug!(%reason, path, "a beacon node does not answer");
                    last_reason = reason;
                }
            }
        }
        // That a node says that it does not have it tells more than that another does not answer.
        Err(if is_missing {
            BeaconError::Missing(what.into())
        } else {
            BeaconError::NoAnswer {
                path: path.into(),
                reason: last_reason,
            }
        })
    }

    /// The network that the nodes belong to.
    ///
    /// # Errors
    /// When no node answers, or its configuration is of no use.
    pub async fn network(&self) -> Result<Network, BeaconError> {
        let genesis: Data<Genesis> = self.get("/eth/v1/beacon/genesis", "genesis").await?;
        let spec: Data<serde_json::Value> = self.get("/eth/v1/config/spec", "a configuration").await?;
        Ok(convert::network(&genesis.data, &spec.data)?)
    }

    /// Each of the nodes alone, the preferred one first.
    pub fn each(&self) -> impl Iterator<Item = Self> + '_ {
        self.nodes.iter().map(|node| Self {
            client: self.client.clone(),
            nodes: vec![node.clone()],
        })
    }

    /// The root of the newest final block.
    ///
    /// # Errors
    /// When no node answers.
    pub async fn finalized_root(&self) -> Result<H256, BeaconError> {
        let path = "/eth/v1/beacon/headers/finalized";
        let entry: Data<HeaderEntry> = self.get(path, "a final block").await?;
        Ok(H256(entry.data.root.0))
    }

    /// The header of the block with a root.
    ///
    /// # Errors
    /// When no node has it.
    pub(crate) async fn header(&self, root: H256) -> Result<BeaconHeader, BeaconError> {
        let path = format!("/eth/v1/beacon/headers/{}", B256::from(root.0));
        let entry: Data<HeaderEntry> = self.get(&path, &format!("the block {root:?}")).await?;
        Ok(convert::header(&entry.data.header.message))
    }

    /// The root of the block of a slot; `None` if the slot has none.
    ///
    /// # Errors
    /// When no node answers.
    pub(crate) async fn block_root(&self, slot: u64) -> Result<Option<H256>, BeaconError> {
        let path = format!("/eth/v1/beacon/blocks/{slot}/root");
        match self.get::<Data<RootEntry>>(&path, "a block").await {
            Ok(entry) => Ok(Some(H256(entry.data.root.0))),
            Err(BeaconError::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The signed block with a root, serialized.
    ///
    /// # Errors
    /// When no node has it.
    pub(crate) async fn block(&self, root: H256) -> Result<Vec<u8>, BeaconError> {
        let path = format!("/eth/v2/beacon/blocks/{}", B256::from(root.0));
        self.first(&path, &format!("the block {root:?}"), Kind::Block, Ok)
            .await
    }

    /// The state with a root, serialized.
    ///
    /// # Errors
    /// When no node has it.
    pub(crate) async fn state(&self, root: H256) -> Result<Vec<u8>, BeaconError> {
        let path = format!("/eth/v2/debug/beacon/states/{}", B256::from(root.0));
        let what = format!("the state {root:?}, or shows states at all (most keep only the newest)");
        self.first(&path, &what, Kind::State, Ok).await
    }

    /// The execution block that a header stands for, with its header from the execution node.
    async fn execution(
        &self,
        network: &Network,
        header: &LightClientHeader,
        ethereum: &Ethereum,
    ) -> Result<Option<ExecutionProof>, BeaconError> {
        // An update without finality has zeros for its finalized header.
        let block = match header.beacon.slot {
            0 => None,
            _ => convert::execution_block(network, header)?,
        };
        let Some((hash, branch)) = block else {
            return Ok(None);
        };
        let (header, _) = ethereum.checked_header(hash).await?;
        let header = header
            .try_into()
            .map_err(|_| ConvertError::TooLong("execution header"))?;
        Ok(Some(ExecutionProof { header, branch }))
    }

    /// A checkpoint at the block with this root.
    ///
    /// # Errors
    /// When no node has it, or what it gives is another block, or the execution node does not give its block.
    pub async fn checkpoint(
        &self,
        network: &Network,
        root: H256,
        ethereum: &Ethereum,
    ) -> Result<Checkpoint, BeaconError> {
        let path = format!("/eth/v1/beacon/light_client/bootstrap/{}", B256::from(root.0));
        let bootstrap: Data<Bootstrap> = self.get(&path, "a checkpoint at this block").await?;
        let execution = self.execution(network, &bootstrap.data.header, ethereum).await?;
        let checkpoint = convert::checkpoint(network, &bootstrap.data, execution)?;
        if checkpoint.header.root(&Hasher::<NativeCrypto>::NEW) != root {
            return Err(BeaconError::AnotherBlock(root));
        }
        Ok(checkpoint)
    }

    /// The best updates of periods from `period` on: fewer than `count` if there are no more yet, or if some cannot be used.
    ///
    /// # Errors
    /// When no node answers.
    pub async fn updates(
        &self,
        network: &Network,
        period: u64,
        count: u64,
        ethereum: &Ethereum,
    ) -> Result<Vec<Update>, BeaconError> {
        let count = count.min(MAX_UPDATES);
        let path = format!("/eth/v1/beacon/light_client/updates?start_period={period}&count={count}");
        let answers: Vec<Data<Answer>> = self.get(&path, "updates").await?;
        let mut updates = Vec::new();
        for answer in answers.into_iter().take(count as usize) {
            match self.convert(network, &answer.data, ethereum).await {
                Ok(update) => updates.push(update),
                Err(error) => tracing::debug!(%error, "an update cannot be used"),
            }
        }
        Ok(updates)
    }

    /// The newest update of finality, without a committee; `None` before the first.
    ///
    /// # Errors
    /// As for [`Self::updates`].
    pub async fn finality_update(
        &self,
        network: &Network,
        ethereum: &Ethereum,
    ) -> Result<Option<Update>, BeaconError> {
        let path = "/eth/v1/beacon/light_client/finality_update";
        match self.get::<Data<Answer>>(path, "an update of finality").await {
            Ok(answer) => Ok(Some(self.convert(network, &answer.data, ethereum).await?)),
            Err(BeaconError::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn convert(
        &self,
        network: &Network,
        answer: &Answer,
        ethereum: &Ethereum,
    ) -> Result<Update, BeaconError> {
        let execution = self
            .execution(network, &answer.finalized_header, ethereum)
            .await?;
        Ok(convert::update(network, answer, execution)?)
    }
}
