//! `weft status`.

use anyhow::{Context, Result};
use serde_json::json;
use weft_chain::{Chain, Job};
use weft_primitives::{GraphId, H256, JobId, JobStatus, Outcome};

use super::ProjectArguments;
use crate::{
    amount,
    input_file::shown,
    network::{GraphArguments, NodeArguments, block_on},
    report::Report,
};

/// Show what the chain knows of the zkGraph, or of a run.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    graph: GraphArguments,
    #[command(flatten)]
    node: NodeArguments,
    /// Show this run instead.
    #[arg(long, value_name = "NUMBER", conflicts_with = "graph")]
    job: Option<JobId>,
}

/// Runs the command.
///
/// # Errors
/// When the node does not answer, or has no such zkGraph or run.
pub fn run(arguments: &Arguments) -> Result<Report> {
    block_on(async {
        let chain = arguments.node.connect().await?;
        let (_, best) = chain.best_block().await?;
        if let Some(id) = arguments.job {
            let job = chain.job(best, id).await?;
            let job = job.with_context(|| format!("there is no job {id}, or it ended too long ago"))?;
            return Ok(job_report(id, &job));
        }
        let graph = arguments.graph.id(arguments.project.find(), chain.genesis())?;
        graph_report(&chain, best, graph).await
    })
}

async fn graph_report(chain: &Chain, at: H256, id: GraphId) -> Result<Report> {
    let graph = chain.graph(at, id).await?;
    let graph = graph.with_context(|| format!("there is no zkGraph {id:?} on this chain"))?;
    let state = chain.graph_state(at, id).await?.unwrap_or_default();
    let mut report = Report::default()
        .with("zkGraph", "graph", shown(id.as_bytes()))
        .with("Owner", "owner", graph.owner.to_string())
        .with("Image", "image", shown(graph.image.as_bytes()))
        .with("Manifest", "manifest", shown(graph.manifest.as_bytes()))
        .with("Module", "module", shown(graph.program.digest.as_bytes()))
        .with(
            "Program",
            "program",
            String::from_utf8_lossy(&graph.program.uri).into_owned(),
        )
        .with("State", "state", shown(&state))
        .with("Settled runs", "settledRuns", graph.settled_runs)
        .with("Locked runs", "lockedRuns", graph.locked_runs);
    if let Some(cursor) = graph.cursor {
        report = report.with("Next block", "cursor", cursor);
    }
    if let Some(trigger) = chain.trigger(at, id).await? {
        report = report.with("Bounty", "bounty", amount::shown(trigger.bounty));
    }
    if graph.retired {
        report = report.line("Retired", "it takes no more runs");
    }
    Ok(report
        .json("retired", graph.retired)
        .tip("weft image --expect IMAGE      check that a module is the registered program"))
}

/// What is known of a job.
pub fn job_report(id: JobId, job: &Job) -> Report {
    let blocks: Vec<_> = job
        .blocks
        .iter()
        .map(|block| {
            json!({
                "chain": block.chain_id,
                "first": block.first,
                "number": block.number,
                "hash": shown(block.hash.as_bytes()),
                "transactions": block.transactions.to_vec(),
            })
        })
        .collect();
    let mut report = Report::default()
        .with("Job", "job", id)
        .with("zkGraph", "graph", shown(job.graph.as_bytes()))
        .json("blocks", blocks);
    for block in &job.blocks {
        let blocks = match block.first == block.number {
            _ if block.chain_id == 0 => "the state of a zkGraph".into(),
            true => format!("block {} of chain {}", block.number, block.chain_id),
            false => format!(
                "blocks {} to {} of chain {}",
                block.first, block.number, block.chain_id
            ),
        };
        report = report.line("Reads", blocks);
    }
    report = report
        .line("Fee", amount::shown(job.fee))
        .json("fee", job.fee.to_string())
        .with("Offered in", "offeredAt", job.offered_at)
        .with("Deadline (slot)", "deadline", job.deadline);
    if job.refused_proofs > 0 {
        report = report.with("Refused proofs", "refusedProofs", job.refused_proofs);
    }
    match &job.status {
        JobStatus::Open => report
            .with("Status", "status", "open")
            .tip("a worker has to lock it: weft-worker compute"),
        JobStatus::Locked {
            worker, locked_at, ..
        } => report
            .with("Status", "status", "locked")
            .with("Worker", "worker", worker.to_string())
            .with("Locked in", "lockedAt", *locked_at),
        JobStatus::Settled {
            worker,
            locked_at,
            settled_at,
            outcome,
            statement,
            message,
        } => {
            let trapped = *outcome == Outcome::Trapped;
            let report = report
                .with("Status", "status", "settled")
                .with("Outcome", "outcome", if trapped { "trapped" } else { "ok" })
                .with("Worker", "worker", worker.to_string())
                .with("Locked in", "lockedAt", *locked_at)
                .with("Settled in", "settledAt", *settled_at)
                .with("Statement", "statement", shown(statement.as_bytes()));
            match message {
                Some(nonce) => report
                    .with("Message", "message", *nonce)
                    .tip("a relayer takes the message to Ethereum: weft-worker relay"),
                None => report,
            }
        }
        JobStatus::Expired { worker, expired_at } => {
            let report =
                report
                    .with("Status", "status", "expired")
                    .with("Closed in", "expiredAt", *expired_at);
            match worker {
                Some(worker) => report.with("Worker", "worker", worker.to_string()),
                None => report,
            }
        }
    }
}
