//! Offering, locking and closing jobs, and what a node can ask about them.

use alloc::vec::Vec;
use frame_support::{
    ensure,
    traits::{
        Get, OnUnbalanced,
        fungible::{BalancedHold, MutateHold},
        tokens::Precision,
    },
};
use pallet_data_bus::{DataBus, EthereumClock};
use pallet_zkgraph_registry::{GraphSummary, Graphs};
use sp_runtime::{DispatchError, DispatchResult, traits::Zero};
use weft_primitives::{
    GraphId, H256, Job, JobId, JobOrigin, JobStatus, Manifest, Query, RunSnapshot, SourceBlock,
    job::run_terms,
    manifest,
    source::{Ancestry, SourceBlocks},
};

use crate::{
    AccountOf, BalanceOf, Config, CurrentKey, Error, Event, FinishedCount, FinishedJobs, HoldReason, JobOf,
    Jobs, Keys, LockedJobs, NextJob, OpenJobs, Pallet, Snapshots,
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_offer(
        offerer: AccountOf<T>,
        graph: GraphId,
        blocks: SourceBlocks,
        fee: BalanceOf<T>,
        duration: u64,
    ) -> DispatchResult {
        Self::check_terms(fee, duration)?;
        let summary = T::Graphs::summary(graph)?;
        let by_owner = summary.owner == offerer;
        ensure!(
            by_owner || summary.manifest.state.is_stateless(),
            Error::<T>::OnlyOwnerOffers
        );
        Self::check_run(&summary, &blocks)?;
        T::Currency::hold(&HoldReason::Fee.into(), &offerer, fee)?;
        Self::open(offerer, graph, blocks, fee, duration, JobOrigin::Offer)?;
        Ok(())
    }

    /// Whether fee and duration are within their bounds.
    pub(crate) fn check_terms(fee: BalanceOf<T>, duration: u64) -> DispatchResult {
        ensure!(fee >= T::MinimumFee::get(), Error::<T>::FeeTooLow);
        ensure!(duration >= T::MinimumDuration::get(), Error::<T>::DeadlineTooNear);
        ensure!(duration <= T::MaximumDuration::get(), Error::<T>::DeadlineTooFar);
        Ok(())
    }

    /// Stores a new job, whose fee is held already.
    pub(crate) fn open(
        offerer: AccountOf<T>,
        graph: GraphId,
        blocks: SourceBlocks,
        fee: BalanceOf<T>,
        duration: u64,
        origin: JobOrigin,
    ) -> Result<JobId, DispatchError> {
        let now = T::Clock::now().ok_or(Error::<T>::NoClock)?;
        let job = NextJob::<T>::get();
        NextJob::<T>::put(job.saturating_add(1));
        let deadline = now.saturating_add(duration);
        Self::deposit_event(Event::JobOffered {
            job,
            graph,
            offerer: offerer.clone(),
            fee,
            deadline,
        });
        OpenJobs::<T>::insert(job, ());
        Jobs::<T>::insert(
            job,
            Job {
                graph,
                offerer,
                blocks,
                fee,
                offered_at: frame_system::Pallet::<T>::block_number(),
                deadline,
                origin,
                refused_proofs: 0,
                status: JobStatus::Open,
            },
        );
        Ok(job)
    }

    /// `slots` is the deadline of an offered run, and the duration of one that is being triggered: what its worker could know.
    pub(crate) fn do_lock(
        worker: AccountOf<T>,
        id: JobId,
        ancestries: &[Ancestry],
        terms: H256,
        slots: Option<u64>,
    ) -> DispatchResult {
        let mut job = Jobs::<T>::get(id).ok_or(Error::<T>::UnknownJob)?;
        match job.status {
            JobStatus::Open => {}
            JobStatus::Locked { .. } => return Err(Error::<T>::JobNotOpen.into()),
            JobStatus::Settled { .. } => return Err(Error::<T>::AlreadySettled.into()),
            JobStatus::Expired { .. } => return Err(Error::<T>::JobExpired.into()),
        }
        ensure!(!Self::is_late(&job)?, Error::<T>::JobExpired);
        // The zkGraph may have changed since the offer.
        let summary = T::Graphs::summary(job.graph)?;
        let by_owner = job.origin.is_trigger() || summary.owner == job.offerer;
        ensure!(
            by_owner || summary.manifest.state.is_stateless(),
            Error::<T>::OnlyOwnerOffers
        );
        Self::check_run(&summary, &job.blocks)?;
        Self::settle_blocks(&summary, &mut job.blocks, ancestries)?;
        let key = CurrentKey::<T>::get(summary.proof_system).ok_or(Error::<T>::NoKey)?;
        ensure!(Keys::<T>::contains_key(key), Error::<T>::NoKey);

        let bond = job.fee.max(T::MinimumBond::get());
        T::Currency::hold(&HoldReason::Bond.into(), &worker, bond)?;
        let graph = T::Graphs::lock_run(job.graph)?;
        let slots = slots.unwrap_or(job.deadline);
        let found = run_terms(
            manifest::digest(&graph.manifest),
            key,
            job.origin,
            &job.fee,
            slots,
            &job.blocks,
        );
        ensure!(found == terms, Error::<T>::TermsChanged);
        let snapshot = RunSnapshot {
            owner: graph.owner,
            manifest: graph.manifest,
            image: graph.image,
            proof_system: graph.proof_system,
            key,
        };
        Snapshots::<T>::insert(id, snapshot);
        OpenJobs::<T>::remove(id);
        LockedJobs::<T>::insert(&worker, id, ());
        Self::deposit_event(Event::JobLocked {
            job: id,
            worker: worker.clone(),
            bond,
        });
        job.status = JobStatus::Locked {
            worker,
            bond,
            locked_at: frame_system::Pallet::<T>::block_number(),
        };
        Jobs::<T>::insert(id, job);
        Ok(())
    }

    pub(crate) fn do_expire(id: JobId) -> DispatchResult {
        let mut job = Jobs::<T>::get(id).ok_or(Error::<T>::UnknownJob)?;
        let mut slashed = BalanceOf::<T>::zero();
        let worker = match &job.status {
            JobStatus::Settled { .. } => return Err(Error::<T>::AlreadySettled.into()),
            JobStatus::Expired { .. } => return Err(Error::<T>::JobExpired.into()),
            _ if !Self::is_late(&job)? => return Err(Error::<T>::DeadlineNotPassed.into()),
            JobStatus::Open => {
                OpenJobs::<T>::remove(id);
                None
            }
            JobStatus::Locked { worker, bond, .. } => {
                let (worker, bond) = (worker.clone(), *bond);
                if Self::is_provable(id, &job) {
                    Self::slash_bond(&worker, bond);
                    slashed = bond;
                } else {
                    T::Currency::release(&HoldReason::Bond.into(), &worker, bond, Precision::BestEffort)?;
                }
                Self::unlock(id, &job, &worker)?;
                Some(worker)
            }
        };
        T::Currency::release(
            &HoldReason::Fee.into(),
            &job.offerer,
            job.fee,
            Precision::BestEffort,
        )?;
        if job.origin.is_trigger() {
            Self::give_back(&job);
        }
        Self::deposit_event(Event::JobExpired {
            job: id,
            worker: worker.clone(),
            slashed,
        });
        let expired_at = frame_system::Pallet::<T>::block_number();
        job.status = JobStatus::Expired { worker, expired_at };
        Self::finish(id, job);
        Ok(())
    }

    /// Whether a job's deadline has passed. The clock stands still while finality does not move.
    pub(crate) fn is_late(job: &JobOf<T>) -> Result<bool, Error<T>> {
        let now = T::Clock::now().ok_or(Error::<T>::NoClock)?;
        Ok(now > job.deadline)
    }

    /// Whether the chain would still take evidence for the blocks of a locked job: no chain that it reads was forbidden since.
    fn is_provable(id: JobId, job: &JobOf<T>) -> bool {
        let manifest = Snapshots::<T>::get(id).map(|snapshot| Manifest::from_bytes(&snapshot.manifest));
        let Some(Ok(manifest)) = manifest else {
            return true;
        };
        let mut sources = job.blocks.iter().zip(&manifest.sources);
        sources.all(|(block, query)| T::DataBus::check_block(block, query).is_ok())
    }

    /// Whether a run over `blocks` makes sense for the zkGraph as it is now.
    fn check_run(graph: &GraphSummary<AccountOf<T>>, blocks: &SourceBlocks) -> DispatchResult {
        let sources = &graph.manifest.sources;
        ensure!(blocks.len() == sources.len(), Error::<T>::WrongBlockCount);
        for (index, (block, query)) in blocks.iter().zip(sources).enumerate() {
            T::DataBus::check_block(block, query)?;
            // An event must not enter one input twice.
            let earlier = blocks.iter().zip(sources).take(index);
            let rises = earlier
                .filter(|(_, other)| *other == query)
                .all(|(other, _)| matches!(query, Query::State { .. }) || other.number < block.first);
            ensure!(rises, Error::<T>::BlocksNotRising);
        }
        if graph.cursor.is_some() {
            let read = || {
                blocks
                    .iter()
                    .zip(sources)
                    .filter(|(_, query)| query.chain_id().is_some())
            };
            let same = |first: &SourceBlock, block: &SourceBlock, query: &Query| {
                let starts = !query.is_range() || block.first == first.first;
                starts && (block.number, block.hash) == (first.number, first.hash)
            };
            let mut ranges = read().filter(|(_, query)| query.is_range());
            let (first, _) = ranges.next().ok_or(Error::<T>::BlocksDiffer)?;
            let alike = read().all(|(block, query)| same(first, block, query));
            ensure!(alike, Error::<T>::BlocksDiffer);
        }
        Ok(())
    }

    /// Makes sure that the blocks of a run are final, and for an index the next ones; fixes which states of zkGraphs it reads.
    fn settle_blocks(
        graph: &GraphSummary<AccountOf<T>>,
        blocks: &mut SourceBlocks,
        ancestries: &[Ancestry],
    ) -> DispatchResult {
        ensure!(ancestries.len() == blocks.len(), Error::<T>::WrongAncestryCount);
        let mut known = Vec::new();
        for ((block, query), ancestry) in blocks.iter_mut().zip(&graph.manifest.sources).zip(ancestries) {
            if let Query::State { graph } = query {
                block.hash = T::Graphs::state_root(*graph)?;
                continue;
            }
            if let (true, Some(cursor)) = (query.is_range(), graph.cursor) {
                ensure!(block.first == cursor, Error::<T>::NotAtCursor);
            }
            if !known.contains(&block.hash) {
                T::DataBus::check_final(block, ancestry)?;
                known.push(block.hash);
            }
        }
        Ok(())
    }

    /// Takes a bond for good.
    pub(crate) fn slash_bond(worker: &AccountOf<T>, bond: BalanceOf<T>) {
        let (slashed, missing) = T::Currency::slash(&HoldReason::Bond.into(), worker, bond);
        debug_assert!(missing.is_zero(), "a bond is held until its job is over");
        T::Slashed::on_unbalanced(slashed);
    }

    /// Undoes what locking wrote, but for the job itself and the bond.
    pub(crate) fn unlock(id: JobId, job: &JobOf<T>, worker: &AccountOf<T>) -> DispatchResult {
        Snapshots::<T>::remove(id);
        LockedJobs::<T>::remove(worker, id);
        T::Graphs::unlock_run(job.graph)
    }

    /// Stores a job that is over, and forgets the oldest one that no longer fits.
    pub(crate) fn finish(id: JobId, job: JobOf<T>) {
        Jobs::<T>::insert(id, job);
        let count = FinishedCount::<T>::get();
        FinishedJobs::<T>::insert(count, id);
        FinishedCount::<T>::put(count.saturating_add(1));
        let oldest = count.checked_sub(T::MaxFinishedJobs::get().into());
        if let Some(forgotten) = oldest.and_then(FinishedJobs::<T>::take) {
            Jobs::<T>::remove(forgotten);
        }
    }

    /// Jobs that can be locked, those after `after` in storage, at most `limit`.
    pub fn open_jobs(after: Option<JobId>, limit: u32) -> Vec<(JobId, JobOf<T>)> {
        let ids = match after {
            Some(job) => OpenJobs::<T>::iter_keys_from(OpenJobs::<T>::hashed_key_for(job)),
            None => OpenJobs::<T>::iter_keys(),
        };
        ids.take(limit as usize)
            .filter_map(|id| Some((id, Jobs::<T>::get(id)?)))
            .collect()
    }

    /// Jobs that a worker has locked, at most `limit`.
    pub fn locked_jobs(worker: &AccountOf<T>, limit: u32) -> Vec<(JobId, JobOf<T>)> {
        LockedJobs::<T>::iter_key_prefix(worker)
            .take(limit as usize)
            .filter_map(|id| Some((id, Jobs::<T>::get(id)?)))
            .collect()
    }
}
