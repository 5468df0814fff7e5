//! The chain Weft: connecting, signing, and what its refusals mean.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Error, Result, anyhow};
use serde::{Deserialize, Serialize};
use weft_chain::{Call, Chain, InBlock, Signer, SubmitError};
use weft_primitives::{GraphId, H256};

use crate::{
    input_file::shown,
    manifest_file::parse_hash,
    project::{Project, write_file},
};

/// How long a node may take to answer first.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs what waits for the network.
///
/// # Errors
/// Those of what is run.
pub fn block_on<T>(what: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Runtime::new()
        .context("cannot start the network threads")?
        .block_on(what)
}

/// Which node to ask.
#[derive(Clone, Debug, clap::Args)]
pub struct NodeArguments {
    /// Weft node (ws:// or wss://).
    #[arg(
        long,
        value_name = "URL",
        env = "WEFT_NODE",
        default_value = "ws://127.0.0.1:9944"
    )]
    node: String,
}

impl NodeArguments {
    /// Connects to the node.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn connect(&self) -> Result<Chain> {
        let connected = Chain::connect(&self.node, PATIENCE).await;
        connected.map_err(|error| anyhow!("{error}; start a node, or name one with --node URL"))
    }
}

/// Who signs.
#[derive(Clone, Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct SignerArguments {
    /// File with the secret of the account that signs: words, or 0x and a seed.
    #[arg(long, value_name = "FILE", env = "WEFT_KEY_FILE")]
    key_file: Option<PathBuf>,
    /// A development account that signs, such as //Alice. It shows in the list of processes: never give a real secret here.
    #[arg(long, value_name = "//NAME")]
    account: Option<String>,
}

impl SignerArguments {
    /// The account with its secret.
    ///
    /// # Errors
    /// When there is none.
    pub fn signer(&self) -> Result<Signer> {
        match (&self.key_file, &self.account) {
            (Some(path), _) => Ok(Signer::from_file(path)?),
            (None, Some(uri)) => Ok(Signer::from_uri(uri)?),
            (None, None) => anyhow::bail!("name the account that signs with --key-file FILE"),
        }
    }
}

/// Which zkGraph on the chain.
#[derive(Clone, Debug, clap::Args)]
pub struct GraphArguments {
    /// Id of the zkGraph; if left out, the one that `weft publish` noted in build/.
    #[arg(long, value_name = "ID")]
    pub graph: Option<String>,
}

impl GraphArguments {
    /// The zkGraph's id.
    ///
    /// # Errors
    /// When none is given and none was published from this folder to this chain.
    pub fn id(&self, project: Result<Project>, genesis: H256) -> Result<GraphId> {
        match &self.graph {
            Some(id) => parse_hash(id).context("--graph"),
            None => Published::read(&project?, genesis),
        }
    }
}

/// Where a zkGraph was published.
#[derive(Debug, Serialize, Deserialize)]
pub struct Published {
    /// The chain, by the hash of its genesis block.
    genesis: String,
    /// The zkGraph's id.
    graph: String,
}

impl Published {
    /// Notes it in `build/`.
    ///
    /// # Errors
    /// When that fails.
    pub fn write(project: &Project, genesis: H256, graph: GraphId) -> Result<()> {
        let note = Self {
            genesis: shown(genesis.as_bytes()),
            graph: shown(graph.as_bytes()),
        };
        write_file(&project.published(), &serde_json::to_vec_pretty(&note)?)
    }

    /// The id noted, if it is of this chain.
    ///
    /// # Errors
    /// When it is not, or there is none.
    pub fn read(project: &Project, genesis: H256) -> Result<GraphId> {
        let bytes = std::fs::read(project.published()).context(
            "this zkGraph was not published from here; publish it (weft publish) or name one with --graph ID",
        )?;
        let note: Self = serde_json::from_slice(&bytes)?;
        anyhow::ensure!(
            parse_hash(&note.genesis)? == genesis,
            "this zkGraph was published to another chain; publish it to this one, or name one with --graph ID"
        );
        parse_hash(&note.graph)
    }
}

/// Signs and sends a call, and says what to do when the chain refuses.
///
/// # Errors
/// When it does not succeed.
pub async fn submit(chain: &Chain, call: &Call, signer: &Signer) -> Result<InBlock> {
    chain.submit(call, signer).await.map_err(explained)
}

/// An error of the chain with what to do about it.
fn explained(error: SubmitError) -> Error {
    let advice = match &error {
        SubmitError::Failed { name, .. } => match name.as_str() {
            "FeeTooLow" => "offer more with --fee",
            "DeadlineTooNear" | "DeadlineTooFar" => "choose another --duration",
            "OnlyOwnerOffers" => {
                "sign with the account that owns the zkGraph: only it can offer runs of one that has a state"
            }
            "WrongBlockCount" => "give one --block for each source of the manifest",
            "BlocksDiffer" => "all sources of an index read the same blocks: give them the same --block",
            "ChainNotAllowed" | "ChainNotFollowed" => "this Weft does not read that chain",
            "NoClock" => {
                "this Weft does not follow Ethereum yet: root sets a checkpoint with weft-worker checkpoint"
            }
            "NotAnIndex" => {
                "a trigger needs state = \"index\" in weft.toml: otherwise nobody knows which blocks come next"
            }
            "NothingToSkip" => "the zkGraph is no index, or has read that block already",
            "RewardTooLow" => "a reward or tip is 0.1 WEFT at least",
            "PurseTooSmall" => "deposit more: the purse has to hold one reward",
            "SponsoredByAnother" => {
                "somebody else pays for the deliveries of this zkGraph: only its owner can take over; tip single results with weft reward tip"
            }
            "TooManyPayers" => "others promise more for this result; tip more than the least of them",
            "RewardExpired" => {
                "the time of this reward is over; whoever calls reclaim ends it, and then a new one can be promised"
            }
            "GraphBusy" => "wait until the run that is locked is over",
            "NoKey" => "nobody can prove on this chain until its governance sets a verifying key",
            "NotOwner" => "sign with the account that owns the zkGraph",
            text if text.contains("Funds are unavailable") => "the account has too little WEFT",
            _ => return error.into(),
        },
        SubmitError::Refused { .. } => "has the account enough WEFT for the fee?",
        SubmitError::Waiting => "try again in a few seconds",
        _ => return error.into(),
    };
    anyhow!("{error}; {advice}")
}
