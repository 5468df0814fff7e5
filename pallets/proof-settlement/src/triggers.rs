//! Triggers: bounties for runs of an index, which workers start when there is something to read. `docs/decisions/triggers.md` has the
//! rules and why they are so.

use alloc::vec::Vec;
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, tokens::Precision},
};
use pallet_data_bus::{EthereumClock, FinalBlocks};
use pallet_zkgraph_registry::{GraphSummary, Graphs};
use sp_runtime::{DispatchError, DispatchResult, traits::Saturating};
use weft_primitives::{
    GraphId, H256, Query, Trigger,
    source::{Ancestry, SourceBlocks},
    trigger::blocks_of_run,
};

use crate::{AccountOf, BalanceOf, Config, Error, Event, HoldReason, JobOf, Pallet, TriggerOf, Triggers};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_trigger(
        owner: AccountOf<T>,
        graph: GraphId,
        fee: BalanceOf<T>,
        interval: u64,
        duration: u64,
        deposit: BalanceOf<T>,
    ) -> DispatchResult {
        Self::check_terms(fee, duration)?;
        let summary = T::Graphs::summary(graph)?;
        ensure!(summary.owner == owner, Error::<T>::NotOwner);
        ensure!(summary.cursor.is_some(), Error::<T>::NotAnIndex);
        let old = Triggers::<T>::get(graph);
        ensure!(
            old.as_ref().is_none_or(|old| old.sponsor == owner),
            Error::<T>::TriggerOfAnother
        );
        T::Currency::hold(&HoldReason::Bounty.into(), &owner, deposit)?;
        let now = T::Clock::now().ok_or(Error::<T>::NoClock)?;
        let (left, next, runs) = old.map_or((Default::default(), now, 0), |old| {
            (old.bounty, old.next, old.runs)
        });
        let bounty = deposit.saturating_add(left);
        ensure!(bounty >= fee, Error::<T>::BountyTooLow);
        // An interval that was too long does not outlive its correction.
        let next = now.saturating_add(interval).min(next);
        Self::deposit_event(Event::TriggerSet {
            graph,
            sponsor: owner.clone(),
            bounty,
            fee,
        });
        let trigger = Trigger {
            sponsor: owner,
            bounty,
            fee,
            interval,
            duration,
            next,
            paused: false,
            runs,
        };
        Triggers::<T>::insert(graph, trigger);
        Ok(())
    }

    pub(crate) fn do_close_trigger(account: &AccountOf<T>, graph: GraphId) -> DispatchResult {
        let trigger = Triggers::<T>::get(graph).ok_or(Error::<T>::NoTrigger)?;
        let may = || match T::Graphs::summary(graph) {
            Ok(summary) => summary.owner == *account,
            // The zkGraph is retired or gone: no run will start any more.
            Err(_) => true,
        };
        ensure!(trigger.sponsor == *account || may(), Error::<T>::NotOwner);
        T::Currency::release(
            &HoldReason::Bounty.into(),
            &trigger.sponsor,
            trigger.bounty,
            Precision::BestEffort,
        )?;
        Triggers::<T>::remove(graph);
        Self::deposit_event(Event::TriggerClosed {
            graph,
            bounty: trigger.bounty,
        });
        Ok(())
    }

    pub(crate) fn do_trigger(
        worker: AccountOf<T>,
        graph: GraphId,
        (number, hash): (u64, H256),
        ancestry: Ancestry,
        terms: H256,
    ) -> DispatchResult {
        let mut trigger = Triggers::<T>::get(graph).ok_or(Error::<T>::NoTrigger)?;
        let now = T::Clock::now().ok_or(Error::<T>::NoClock)?;
        ensure!(!trigger.paused, Error::<T>::TriggerIsPaused);
        ensure!(now >= trigger.next, Error::<T>::TriggerTooSoon);
        ensure!(trigger.bounty >= trigger.fee, Error::<T>::BountySpent);
        let summary = T::Graphs::summary(graph)?;
        let (blocks, ancestries) = Self::triggered_blocks(&summary, number, hash, ancestry)?;

        let (sponsor, fee) = (trigger.sponsor.clone(), trigger.fee);
        T::Currency::release(&HoldReason::Bounty.into(), &sponsor, fee, Precision::Exact)?;
        T::Currency::hold(&HoldReason::Fee.into(), &sponsor, fee)?;
        let newest = T::FinalBlocks::newest().map_or(0, |anchor| anchor.number);
        let origin = trigger.origin(now, number, newest);
        let duration = trigger.duration;
        let job = Self::open(sponsor, graph, blocks, fee, duration, origin)?;
        trigger.bounty = trigger.bounty.saturating_sub(fee);
        trigger.next = now.saturating_add(trigger.interval);
        trigger.runs = trigger.runs.saturating_add(1);
        Self::deposit_event(Event::Triggered {
            graph,
            job,
            bounty: trigger.bounty,
        });
        Triggers::<T>::insert(graph, trigger);
        Self::do_lock(worker, job, &ancestries, terms, Some(duration))
    }

    /// The blocks that a run of an index reads up to a block, and the ancestry with the source that needs it.
    fn triggered_blocks(
        graph: &GraphSummary<AccountOf<T>>,
        number: u64,
        hash: H256,
        ancestry: Ancestry,
    ) -> Result<(SourceBlocks, Vec<Ancestry>), DispatchError> {
        let cursor = graph.cursor.ok_or(Error::<T>::NotAnIndex)?;
        let sources = &graph.manifest.sources;
        let blocks = blocks_of_run(sources, cursor, number, hash).ok_or(Error::<T>::WrongBlockCount)?;
        let mut ancestry = Some(ancestry);
        let needed = |query: &Query| query.chain_id().and_then(|_| ancestry.take());
        let ancestries = sources.iter().map(needed).map(Option::unwrap_or_default);
        let ancestries = ancestries.collect();
        Ok((blocks, ancestries))
    }

    /// Puts the fee of a triggered job that expired, which is free again, back into the bounty, and lets the next run start at once.
    pub(crate) fn give_back(job: &JobOf<T>) {
        let Some(mut trigger) = Self::trigger_of(job) else {
            return;
        };
        // Should it not be possible to hold the fee again, it stays with the sponsor, and the job is over nevertheless.
        if T::Currency::hold(&HoldReason::Bounty.into(), &trigger.sponsor, job.fee).is_ok() {
            trigger.bounty = trigger.bounty.saturating_add(job.fee);
        }
        trigger.next = T::Clock::now().unwrap_or_default().min(trigger.next);
        Triggers::<T>::insert(job.graph, trigger);
    }

    /// Stops a trigger whose run has trapped: the next one would read the same blocks.
    pub(crate) fn pause(job: &JobOf<T>) {
        if let Some(mut trigger) = Self::trigger_of(job) {
            trigger.paused = true;
            Triggers::<T>::insert(job.graph, trigger);
            Self::deposit_event(Event::TriggerPaused { graph: job.graph });
        }
    }

    /// The trigger that started a job, if it is still there.
    fn trigger_of(job: &JobOf<T>) -> Option<TriggerOf<T>> {
        let trigger = Triggers::<T>::get(job.graph)?;
        (job.origin.is_trigger() && trigger.sponsor == job.offerer).then_some(trigger)
    }

    /// Triggers, those after `after` in storage, at most `limit`.
    pub fn triggers(after: Option<GraphId>, limit: u32) -> Vec<(GraphId, TriggerOf<T>)> {
        let triggers = match after {
            Some(graph) => Triggers::<T>::iter_from(Triggers::<T>::hashed_key_for(graph)),
            None => Triggers::<T>::iter(),
        };
        triggers.take(limit as usize).collect()
    }
}
