//! `weft reward`: pay for whoever delivers results.

use alloy_sol_types::SolValue;
use anyhow::{Context, Result};
use weft_chain::{Balance, Call, Chain};
use weft_ethereum::gateway::abi;
use weft_primitives::{GatewayId, GraphId, H160, H256, Manifest};

use super::Signed;
use crate::{
    amount,
    input_file::shown,
    network::{NodeArguments, SignerArguments, block_on, submit},
    report::Report,
};

/// Pay for whoever delivers results to Ethereum.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Command {
    /// Pay for every result of a zkGraph from now on, at the gateway that its manifest names. It counts for runs that its owner, its trigger or the
    /// sponsor wants.
    Sponsor(SponsorArguments),
    /// Stop, and have the rest of the purse back. What was promised stays.
    Withdraw(WithdrawArguments),
    /// Promise more for one result.
    Tip(TipArguments),
    /// Show what is promised for a result.
    Show(ShowArguments),
}

/// Arguments of `weft reward sponsor`.
#[derive(Clone, Debug, clap::Args)]
pub struct SponsorArguments {
    #[command(flatten)]
    signed: Signed,
    /// What each result pays, in WEFT.
    #[arg(long, default_value = "1", value_parser = amount::parse)]
    reward: Balance,
    /// What is added to the purse that it comes from, in WEFT.
    #[arg(long, value_parser = amount::parse)]
    deposit: Balance,
}

/// Arguments of `weft reward withdraw`.
#[derive(Clone, Debug, clap::Args)]
pub struct WithdrawArguments {
    #[command(flatten)]
    signed: Signed,
}

/// Arguments of `weft reward tip`.
#[derive(Clone, Debug, clap::Args)]
pub struct TipArguments {
    /// Number of the message: see `weft status --job`.
    nonce: u64,
    /// How much more, in WEFT.
    #[arg(long, value_parser = amount::parse)]
    amount: Balance,
    #[command(flatten)]
    node: NodeArguments,
    #[command(flatten)]
    signer: SignerArguments,
}

/// Arguments of `weft reward show`.
#[derive(Clone, Debug, clap::Args)]
pub struct ShowArguments {
    /// Number of the message: see `weft status --job`.
    nonce: u64,
    #[command(flatten)]
    node: NodeArguments,
}

/// Runs the command.
///
/// # Errors
/// When the chain refuses, or there is no such zkGraph or message.
pub fn run(command: &Command) -> Result<Report> {
    match command {
        Command::Sponsor(SponsorArguments {
            signed,
            reward,
            deposit,
        }) => block_on(async {
            let (chain, graph) = signed.connect().await?;
            let gateway = gateway_of(&chain, graph).await?;
            let call = Call::sponsor(graph, gateway, *deposit, *reward);
            submit(&chain, &call, &signed.signer()?).await?;
            Ok(Report::default()
                .with("zkGraph", "graph", shown(graph.as_bytes()))
                .with("Gateway", "gateway", shown(gateway.address.as_bytes()))
                .with("Chain id", "chainId", gateway.chain_id)
                .with("A result pays", "reward", amount::shown(*reward))
                .with("Added to the purse", "deposit", amount::shown(*deposit)))
        }),
        Command::Withdraw(WithdrawArguments { signed }) => block_on(async {
            let (chain, graph) = signed.connect().await?;
            submit(&chain, &Call::withdraw_purse(graph), &signed.signer()?).await?;
            Ok(Report::default().with("zkGraph", "graph", shown(graph.as_bytes())))
        }),
        Command::Tip(arguments) => block_on(async {
            let chain = arguments.node.connect().await?;
            let gateway = gateway_of_message(&chain, arguments.nonce).await?;
            let call = Call::tip(arguments.nonce, gateway, arguments.amount);
            submit(&chain, &call, &arguments.signer.signer()?).await?;
            show(&chain, arguments.nonce).await
        }),
        Command::Show(ShowArguments { nonce, node }) => block_on(async {
            let chain = node.connect().await?;
            show(&chain, *nonce).await
        }),
    }
}

/// The gateway that a zkGraph's results go to.
async fn gateway_of(chain: &Chain, graph: GraphId) -> Result<GatewayId> {
    let (_, best) = chain.best_block().await?;
    let manifest = chain.graph_manifest(best, graph).await?;
    let manifest =
        Manifest::from_bytes(&manifest.context("there is no such zkGraph; is it published to this chain?")?)?;
    let destination = manifest.destination;
    let destination = destination.context("this zkGraph has no destination, so nobody delivers anything")?;
    Ok(GatewayId {
        chain_id: destination.chain_id,
        address: destination.gateway,
    })
}

/// The gateway that a message goes to.
async fn gateway_of_message(chain: &Chain, nonce: u64) -> Result<GatewayId> {
    let (_, best) = chain.best_block().await?;
    let result = chain.result_proof(nonce, best).await;
    let result = result.map_err(|error| anyhow::anyhow!("there is no result {nonce}: {error}"))?;
    let destination = abi::Message::abi_decode(&result.message)?.destination;
    Ok(GatewayId {
        chain_id: destination.chainId,
        address: H160(destination.gateway.into_array()),
    })
}

async fn show(chain: &Chain, nonce: u64) -> Result<Report> {
    let (_, best): (_, H256) = chain.best_block().await?;
    let rewards = chain.rewards_of(best, nonce).await?;
    let mut report = Report::default().with("Result", "nonce", nonce);
    for reward in &rewards {
        report = report
            .with("Gateway", "gateway", shown(reward.gateway.address.as_bytes()))
            .with("Promised", "reward", amount::shown(reward.amount))
            .with("Until slot", "until", reward.until);
    }
    Ok(match rewards.is_empty() {
        true => report.line("Promised", "nothing, or it was paid"),
        false => report,
    })
}
