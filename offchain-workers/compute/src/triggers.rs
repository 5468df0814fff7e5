//! Starting runs of triggers: where there is something to read, and the bounty pays.

use tracing::{debug, info, warn};
use weft_chain::{Call, Job, SubmitError, Trigger, events::Triggered};
use weft_ethereum::FetchError;
use weft_primitives::{
    Clock, GraphId, H256, JobId, JobOrigin, JobStatus, Manifest, Query,
    query::EventFilter,
    source::{MAX_EVIDENCE_BYTES, MAX_RANGE},
    trigger::blocks_of_run,
};

use crate::{
    prover::ProvingQueue,
    run::RunError,
    worker::{Task, Worker, WorkerError, passes},
};

/// How many quiet blocks may be a runful of evidence: fewer are not looked at one by one.
const WORTH_A_LOOK: u64 = 64;

impl<Q: ProvingQueue> Worker<Q> {
    /// Starts and locks a run of a trigger, if there is one to start. The job, if it did.
    pub(crate) async fn trigger(
        &mut self,
        best: H256,
        clock: Clock,
        failure: &mut Option<WorkerError>,
    ) -> Result<Option<JobId>, WorkerError> {
        for (graph, trigger) in self.chain.triggers(best).await? {
            let pays = trigger.fee >= self.config.least_fee && trigger.bounty >= trigger.fee;
            let in_time = clock.now >= trigger.next && trigger.duration >= self.config.least_slots;
            if trigger.paused || !pays || !in_time || self.later.waits(&Task::Trigger(graph)) {
                continue;
            }
            match self.start(best, graph, &trigger, clock.now).await {
                Ok(Some(job)) => return Ok(Some(job)),
                Ok(None) => {}
                Err(error) if error.stops() => return Err(error),
                Err(error) => self.put_off(Task::Trigger(graph), error, failure),
            }
        }
        Ok(None)
    }

    async fn start(
        &mut self,
        best: H256,
        graph: GraphId,
        trigger: &Trigger,
        now: u64,
    ) -> Result<Option<JobId>, WorkerError> {
        let Some(record) = self.chain.graph(best, graph).await? else {
            return Ok(None);
        };
        let (Some(cursor), 0, false) = (record.cursor, record.locked_runs, record.retired) else {
            return Ok(None);
        };
        let Some(newest) = self.chain.newest_anchor(best).await? else {
            return Ok(None);
        };
        if newest.number < cursor || self.quiet.get(&graph) == Some(&newest.number) {
            return Ok(None);
        }
        let manifest = self.chain.graph_manifest(best, graph).await?.unwrap_or_default();
        let Ok(manifest) = Manifest::from_bytes(&manifest) else {
            return Ok(None);
        };
        let mut ends = self.ends(graph, &manifest, cursor, newest.number).await?;
        // As much as one run takes: all of it, or less and less.
        while let Some(end) = ends.last().copied() {
            let origin = trigger.origin(now, end, newest.number);
            let started = self.start_up_to(best, graph, trigger, &manifest, origin, (cursor, end));
            match started.await {
                Err(WorkerError::Trigger { reason, .. }) if reason.is_too_much() && ends.len() > 1 => {
                    debug!(?graph, end, %reason, "too much for one run");
                    // Not by half: what is left has to be as much as can be.
                    ends.truncate(ends.len() * 3 / 4);
                }
                // It is looked at again when there are more blocks.
                Err(WorkerError::Trigger { reason, .. }) if !reason.is_temporary() => {
                    warn!(?graph, first = cursor, last = end, %reason, "cannot start a run of this index");
                    break;
                }
                Ok(None) => break,
                started => return started,
            }
        }
        self.quiet.insert(graph, newest.number);
        Ok(None)
    }

    /// The blocks at whose end a run has something to read, rising. None, if there is nothing, and not so much of it that it has to be read
    /// all the same.
    async fn ends(
        &self,
        graph: GraphId,
        manifest: &Manifest,
        first: u64,
        newest: u64,
    ) -> Result<Vec<u64>, WorkerError> {
        let failed = |reason: FetchError| WorkerError::Trigger {
            graph,
            reason: reason.into(),
        };
        let filters: Vec<&EventFilter> = manifest.sources.iter().filter_map(Query::events).collect();
        let headers: Vec<&EventFilter> = manifest.sources.iter().filter_map(Query::headers).collect();
        let last = newest.min(first.saturating_add(u64::from(MAX_RANGE) - 1));
        let mut ends = Vec::new();
        for filter in &filters {
            let blocks = self.ethereum.blocks_with_events(filter, first, last).await;
            ends.extend(blocks.map_err(|error| failed(error.into()))?);
        }
        if ends.is_empty() && last.saturating_sub(first) < WORTH_A_LOOK {
            return Ok(ends);
        }
        // What else is read takes its part.
        let most = MAX_EVIDENCE_BYTES as usize / 16 * 15;
        let reach = self
            .ethereum
            .reach(&filters, &headers, first, last, most)
            .await
            .map_err(failed)?;
        ends.retain(|end| *end <= reach);
        ends.sort_unstable();
        ends.dedup();
        match ends.last_mut() {
            // What is quiet after the last event is read with it.
            Some(end) => *end = reach,
            None if reach < newest => ends.push(reach),
            None => {}
        }
        Ok(ends)
    }

    async fn start_up_to(
        &mut self,
        best: H256,
        graph: GraphId,
        trigger: &Trigger,
        manifest: &Manifest,
        origin: JobOrigin,
        (first, number): (u64, u64),
    ) -> Result<Option<JobId>, WorkerError> {
        let failed = |reason| WorkerError::Trigger { graph, reason };
        let header = self.ethereum.header_at(number).await;
        let header = header.map_err(|error| failed(RunError::Fetch(error.into())))?;
        let hash = H256(header.hash.0);
        let job = Job {
            graph,
            offerer: trigger.sponsor,
            blocks: blocks_of_run(&manifest.sources, first, number, hash).unwrap_or_default(),
            fee: trigger.fee,
            offered_at: 0,
            deadline: 0,
            origin,
            refused_proofs: 0,
            status: JobStatus::Open,
        };
        // The job has no number yet, which a proof needs and a trial does not.
        let details = self.chain.details_of(best, 0, job).await?;
        let prover = self.signer.account().0;
        let tools = self.tools();
        let ancestries = tools
            .ancestries(&self.chain, best, &details)
            .await
            .map_err(failed)?;
        let genesis = self.chain.genesis();
        let run = tools
            .prepare(&details, genesis, &prover, None)
            .await
            .map_err(failed)?;
        if !run.has_reason(&details.job) {
            return Ok(None);
        }
        let ancestry = ancestries.into_iter().find(|ancestry| !ancestry.is_empty());
        let (events, steps) = (run.events, run.statement.steps);
        info!(?graph, first, last = number, events, steps, "starting a run");
        let terms = details.terms(Some(trigger.duration));
        let call = Call::trigger(graph, number, hash, &ancestry.unwrap_or_default(), terms);
        match self.chain.submit(&call, &self.signer).await {
            Ok(place) => {
                let unreadable = |_| WorkerError::StartUnreadable(graph);
                let started: Option<Triggered> = place.find().map_err(unreadable)?;
                let job = started.ok_or(WorkerError::StartUnreadable(graph))?.job;
                info!(job, block = ?place.block, "started and locked");
                self.keep(job, run.for_job(job, &prover));
                Ok(Some(job))
            }
            // It would fail again, and cost a fee each time, unless it passes: then it waits a little.
            Err(error @ SubmitError::Failed { .. }) if !passes(&error) => {
                warn!(?graph, %error, "not started");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }
}
