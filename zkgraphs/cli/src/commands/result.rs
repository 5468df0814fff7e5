//! `weft result`: settled results on their way to Ethereum.

use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;
use anyhow::{Context, Result, anyhow, ensure};
use weft_chain::{BlockNumber, Chain};
use weft_ethereum::{Ethereum, Gateway};
use weft_primitives::H256;
use weft_relayer::message::delivery;

use crate::{
    input_file::shown,
    network::{NodeArguments, block_on},
    report::Report,
};

/// Settled results on their way to Ethereum.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Command {
    /// Print the transaction that delivers a result, or with which a contract verifies it itself.
    Proof(ProofArguments),
}

/// Which result, and under which root.
#[derive(Clone, Debug, clap::Args)]
pub struct ProofArguments {
    /// Number of the message: see `weft status --job`.
    nonce: u64,
    #[command(flatten)]
    node: NodeArguments,
    /// Prove it under the root of this block of Weft. The gateway must have accepted a commitment at that block. By default the newest that
    /// BEEFY signed, or with --gateway the newest that the gateway accepted.
    #[arg(long, value_name = "NUMBER")]
    commitment: Option<BlockNumber>,
    /// Ask this gateway on Ethereum which commitment it accepted last.
    #[arg(
        long,
        value_name = "ADDRESS",
        requires = "ethereum",
        conflicts_with = "commitment"
    )]
    gateway: Option<Address>,
    /// The node of Ethereum (JSON-RPC over http) to ask.
    #[arg(long, value_name = "URL", env = "WEFT_ETHEREUM")]
    ethereum: Option<String>,
    /// Account on Weft that is to be paid for the delivery, as 0x and 64 digits. By default nobody is.
    #[arg(long, value_name = "0xACCOUNT", default_value_t = B256::ZERO)]
    relayer: B256,
}

/// Runs the command.
///
/// # Errors
/// When a node does not answer, or there is no such result under that root.
pub fn run(command: &Command) -> Result<Report> {
    let Command::Proof(arguments) = command;
    block_on(async {
        let chain = arguments.node.connect().await?;
        proof(&chain, arguments).await
    })
}

async fn proof(chain: &Chain, arguments: &ProofArguments) -> Result<Report> {
    let nonce = arguments.nonce;
    let signed = chain.beefy_head().await?;
    let (head, head_hash) = signed.context("BEEFY has signed no block yet; try again in a minute")?;
    let known = match (arguments.commitment, arguments.gateway, &arguments.ethereum) {
        (Some(block), ..) => block,
        (None, Some(address), Some(url)) => accepted(url, address).await?,
        _ => head,
    };
    ensure!(
        known <= head,
        "block {known} is not signed yet as far as this node knows; the newest that is is {head}"
    );
    // As of the best block: the proof is the same, and that block's state is there.
    let (_, best) = chain.best_block().await?;
    let result = chain.result_proof(nonce, best).await;
    let result = result.map_err(|error| anyhow!("there is no result {nonce}: {error}"))?;
    ensure!(
        result.mmr_block <= known,
        "result {nonce} was settled in block {}, after the commitment at block {known}; wait for one at block {} or later",
        result.block,
        result.mmr_block
    );
    let call = delivery(chain, &result, known, head_hash, arguments.relayer).await?;
    let gateway = call.message.destination.gateway;
    let report = Report::default()
        .with("Result", "nonce", nonce)
        .with("Settled in block", "block", result.block)
        .with("Proved under block", "commitment", known)
        .with("Hash", "hash", shown(H256::as_bytes(&result.leaf)))
        .with("Gateway", "gateway", gateway.to_string())
        .with("Chain id", "chainId", call.message.destination.chainId)
        .with("Calldata", "calldata", shown(&call.abi_encode()));
    Ok(report.tip("cast send GATEWAY CALLDATA      deliver it; anybody may"))
}

/// The newest commitment that a gateway accepted.
async fn accepted(url: &str, address: Address) -> Result<BlockNumber> {
    let ethereum = Ethereum::new(url).map_err(|error| anyhow!("{error}"))?;
    let latest = Gateway::new(ethereum, address).latest_block().await?;
    ensure!(
        latest > 0,
        "the gateway {address} has accepted no commitment yet; start a relayer: weft-worker relay --gateway {address}"
    );
    Ok(latest)
}
