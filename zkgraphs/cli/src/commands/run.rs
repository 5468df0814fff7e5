//! `weft run`.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use weft_chain::{Balance, Call, Chain, Job, events::JobOffered};
use weft_ethereum::Ethereum;
use weft_primitives::{JobId, JobStatus, Manifest};

use super::{ProjectArguments, status::job_report};
use crate::{
    amount,
    network::{GraphArguments, NodeArguments, SignerArguments, block_on, submit},
    report::{Report, spinner},
    sources::{BlockName, find_blocks},
};

/// How often the chain is asked how far the job is.
const PAUSE: Duration = Duration::from_secs(1);
/// How long an abandoned offer may take to be included again.
const ABSENCE: Duration = Duration::from_secs(120);

/// Offer a run over blocks of Ethereum, and follow it until it is settled.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    graph: GraphArguments,
    #[command(flatten)]
    node: NodeArguments,
    #[command(flatten)]
    signer: SignerArguments,
    /// Ethereum node that knows the blocks (http://).
    #[arg(long, value_name = "URL", env = "ETHEREUM_RPC")]
    rpc: String,
    /// What to read, one for each source of the manifest: N, latest, M..N for all blocks from M to N, or N:I,J for transactions of
    /// block N.
    #[arg(long, value_name = "BLOCK", required = true)]
    block: Vec<BlockName>,
    /// What the worker gets, in WEFT.
    #[arg(long, default_value = "1", value_parser = amount::parse)]
    fee: Balance,
    /// Slots of Ethereum in which it has to be settled; then the fee comes back. They count while Ethereum finalizes.
    #[arg(long, value_name = "SLOTS", default_value_t = 300)]
    duration: u64,
    /// Offer and return, without waiting.
    #[arg(long)]
    no_wait: bool,
}

/// Runs the command. The stages are told while they happen, on standard error, unless `quiet`.
///
/// # Errors
/// When the blocks are not there, the chain refuses the offer, or the job expires.
pub fn run(arguments: &Arguments, quiet: bool) -> Result<Report> {
    let signer = arguments.signer.signer()?;
    block_on(async {
        let chain = arguments.node.connect().await?;
        let graph = arguments.graph.id(arguments.project.find(), chain.genesis())?;
        let (_, best) = chain.best_block().await?;
        let cursor = chain.graph(best, graph).await?.and_then(|record| record.cursor);
        let manifest = chain.graph_manifest(best, graph).await?;
        let manifest = manifest.with_context(|| format!("there is no zkGraph {graph:?} on this chain"))?;
        let manifest = Manifest::from_bytes(&manifest)?;
        let ethereum = Ethereum::new(&arguments.rpc)?;
        let blocks = find_blocks(&ethereum, &manifest, &arguments.block, cursor).await?;
        let waiting = spinner("offering the run");
        let call = Call::offer(graph, &blocks, arguments.fee, arguments.duration);
        let included = submit(&chain, &call, &signer).await;
        waiting.finish_and_clear();
        let offered: JobOffered = included?.find()?.context("the chain took no offer")?;
        if arguments.no_wait {
            let (_, best) = chain.best_block().await?;
            let job = chain.job(best, offered.job).await?.context("the job is gone")?;
            return Ok(job_report(offered.job, &job)
                .tip(format!("weft status --job {}   see how far it is", offered.job)));
        }
        follow(&chain, offered.job, quiet).await
    })
}

/// Waits until a job is over.
async fn follow(chain: &Chain, id: JobId, quiet: bool) -> Result<Report> {
    let waiting = spinner("");
    let mut told = String::new();
    let mut absent = Duration::ZERO;
    loop {
        let (number, best) = chain.best_block().await?;
        // A block with the offer that was abandoned takes the job with it, until another block has the offer again.
        let Some(job) = chain.job(best, id).await? else {
            absent += PAUSE;
            ensure!(
                absent < ABSENCE,
                "the offer of job {id} is on no block any more; offer the run again"
            );
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        absent = Duration::ZERO;
        let now = chain.clock(best).await?.map_or(0, |clock| clock.now);
        let stage = stage(id, &job);
        if stage != told {
            if !quiet {
                waiting.suspend(|| eprintln!("block {number}: {stage}"));
            }
            told.clone_from(&stage);
        }
        waiting.set_message(format!(
            "{stage}; {} slots left",
            job.deadline.saturating_sub(now)
        ));
        match job.status {
            JobStatus::Open | JobStatus::Locked { .. } if now > job.deadline => {
                waiting.finish_and_clear();
                bail!(
                    "job {id} was not settled by slot {}; its fee comes back once anybody closes it. Is a worker running that \
                     reads this zkGraph's chain?",
                    job.deadline
                );
            }
            JobStatus::Open | JobStatus::Locked { .. } => tokio::time::sleep(PAUSE).await,
            JobStatus::Expired { .. } => {
                waiting.finish_and_clear();
                bail!(
                    "job {id} expired, and its fee came back. Is a worker running that reads this zkGraph's chain?"
                );
            }
            JobStatus::Settled { .. } => {
                waiting.finish_and_clear();
                return Ok(job_report(id, &job));
            }
        }
    }
}

fn stage(id: JobId, job: &Job) -> String {
    match &job.status {
        JobStatus::Open => format!("job {id} is open, waiting for a worker"),
        JobStatus::Locked { worker, .. } => format!("job {id} is locked by {worker}, who proves it"),
        JobStatus::Settled { .. } => format!("job {id} is settled"),
        JobStatus::Expired { .. } => format!("job {id} expired"),
    }
}
