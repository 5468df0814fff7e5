//! `weft trigger` and `weft skip`.

use anyhow::{Context, Result};
use weft_chain::{Balance, Call, Chain, Trigger};
use weft_primitives::{GraphId, H256};

use super::{ProjectArguments, Signed};
use crate::{
    amount,
    input_file::shown,
    network::{GraphArguments, NodeArguments, block_on, submit},
    report::Report,
};

/// Have workers run an index by themselves when there is something to read.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Command {
    /// Set the terms, and add to the bounty. Only the owner may.
    Set(SetArguments),
    /// End it, and have the rest of the bounty back.
    Close(CloseArguments),
    /// Show it.
    Show(ShowArguments),
}

/// Arguments of `weft trigger set`.
#[derive(Clone, Debug, clap::Args)]
pub struct SetArguments {
    #[command(flatten)]
    signed: Signed,
    /// What each run pays, in WEFT.
    #[arg(long, default_value = "1", value_parser = amount::parse)]
    fee: Balance,
    /// What is added to the bounty, in WEFT.
    #[arg(long, value_parser = amount::parse)]
    deposit: Balance,
    /// Least number of Ethereum's slots between the starts of two runs.
    #[arg(long, value_name = "SLOTS", default_value_t = 32)]
    interval: u64,
    /// Slots of Ethereum that a worker has for a run.
    #[arg(long, value_name = "SLOTS", default_value_t = 300)]
    duration: u64,
}

/// Arguments of `weft trigger close`.
#[derive(Clone, Debug, clap::Args)]
pub struct CloseArguments {
    #[command(flatten)]
    signed: Signed,
}

/// Arguments of `weft trigger show`.
#[derive(Clone, Debug, clap::Args)]
pub struct ShowArguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    graph: GraphArguments,
    #[command(flatten)]
    node: NodeArguments,
}

/// Let an index go on with a later block, where one before it cannot be read. The gap stays visible to everybody.
#[derive(Clone, Debug, clap::Args)]
pub struct SkipArguments {
    #[command(flatten)]
    signed: Signed,
    /// Number of the block that the next run starts with.
    #[arg(long, value_name = "NUMBER")]
    to: u64,
}

/// Runs `weft trigger`.
///
/// # Errors
/// When the chain refuses, or has no such trigger.
pub fn run(command: &Command) -> Result<Report> {
    match command {
        Command::Set(arguments) => {
            let SetArguments {
                fee,
                deposit,
                interval,
                duration,
                ..
            } = *arguments;
            let call = |graph| Call::set_trigger(graph, fee, interval, duration, deposit);
            sent(&arguments.signed, call)
        }
        Command::Close(arguments) => sent(&arguments.signed, Call::close_trigger),
        Command::Show(arguments) => block_on(async {
            let chain = arguments.node.connect().await?;
            let graph = arguments.graph.id(arguments.project.find(), chain.genesis())?;
            let (_, best) = chain.best_block().await?;
            let trigger = trigger(&chain, best, graph).await?;
            Ok(report(
                graph,
                &trigger.context("this zkGraph has no trigger; weft trigger set makes one")?,
            ))
        }),
    }
}

/// Runs `weft skip`.
///
/// # Errors
/// When the chain refuses.
pub fn skip(arguments: &SkipArguments) -> Result<Report> {
    sent(&arguments.signed, |graph| Call::skip_blocks(graph, arguments.to))
}

/// Sends a call that is about a zkGraph, and says how its trigger is then.
fn sent(signed: &Signed, call: impl Fn(GraphId) -> Call) -> Result<Report> {
    let signer = signed.signer()?;
    block_on(async {
        let (chain, graph) = signed.connect().await?;
        submit(&chain, &call(graph), &signer).await?;
        let (_, best) = chain.best_block().await?;
        Ok(match trigger(&chain, best, graph).await? {
            Some(trigger) => report(graph, &trigger),
            None => Report::default().with("zkGraph", "graph", shown(graph.as_bytes())),
        })
    })
}

async fn trigger(chain: &Chain, at: H256, graph: GraphId) -> Result<Option<Trigger>> {
    Ok(chain.trigger(at, graph).await?)
}

fn report(graph: GraphId, trigger: &Trigger) -> Report {
    let report = Report::default()
        .with("zkGraph", "graph", shown(graph.as_bytes()))
        .with("Sponsor", "sponsor", trigger.sponsor.to_string())
        .with("Bounty", "bounty", amount::shown(trigger.bounty))
        .with("Fee of a run", "fee", amount::shown(trigger.fee))
        .with("Slots between runs", "interval", trigger.interval)
        .with("Slots for a run", "duration", trigger.duration)
        .with("Runs", "runs", trigger.runs)
        .json("paused", trigger.paused);
    match trigger.paused {
        true => report.line("Paused", "a run trapped; deal with it, and set the trigger again"),
        false => report,
    }
}
