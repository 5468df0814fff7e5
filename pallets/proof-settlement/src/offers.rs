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
use frame_system::pallet_prelude::BlockNumberFor;
use pallet_data_bus::DataBus;
use pallet_zkgraph_registry::{GraphSummary, Graphs};
use sp_runtime::{
    DispatchResult,
    traits::{Saturating, Zero},
};
use weft_primitives::{
    GraphId, Job, JobId, JobStatus, RunSnapshot, manifest::StatePolicy, source::SourceBlocks,
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
        duration: BlockNumberFor<T>,
    ) -> DispatchResult {
        ensure!(fee >= T::MinimumFee::get(), Error::<T>::FeeTooLow);
        ensure!(duration >= T::MinimumDuration::get(), Error::<T>::DeadlineTooNear);
        ensure!(duration <= T::MaximumDuration::get(), Error::<T>::DeadlineTooFar);
        Self::check_run(&offerer, &T::Graphs::summary(graph)?, &blocks)?;

        T::Currency::hold(&HoldReason::Fee.into(), &offerer, fee)?;
        let job = NextJob::<T>::get();
        NextJob::<T>::put(job.saturating_add(1));
        let offered_at = frame_system::Pallet::<T>::block_number();
        let deadline = offered_at.saturating_add(duration);
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
                offered_at,
                deadline,
                refused_proofs: 0,
                status: JobStatus::Open,
            },
        );
        Ok(())
    }

    pub(crate) fn do_lock(worker: AccountOf<T>, id: JobId) -> DispatchResult {
        let mut job = Jobs::<T>::get(id).ok_or(Error::<T>::UnknownJob)?;
        match job.status {
            JobStatus::Open => {}
            JobStatus::Locked { .. } => return Err(Error::<T>::JobNotOpen.into()),
            JobStatus::Settled { .. } => return Err(Error::<T>::AlreadySettled.into()),
            JobStatus::Expired { .. } => return Err(Error::<T>::JobExpired.into()),
        }
        let locked_at = frame_system::Pallet::<T>::block_number();
        ensure!(locked_at <= job.deadline, Error::<T>::JobExpired);
        // The zkGraph may have changed since the offer.
        let summary = T::Graphs::summary(job.graph)?;
        Self::check_run(&job.offerer, &summary, &job.blocks)?;
        let key = CurrentKey::<T>::get(summary.proof_system).ok_or(Error::<T>::NoKey)?;
        ensure!(Keys::<T>::contains_key(key), Error::<T>::NoKey);

        let bond = job.fee.max(T::MinimumBond::get());
        T::Currency::hold(&HoldReason::Bond.into(), &worker, bond)?;
        let graph = T::Graphs::lock_run(job.graph)?;
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
            locked_at,
        };
        Jobs::<T>::insert(id, job);
        Ok(())
    }

    pub(crate) fn do_expire(id: JobId) -> DispatchResult {
        let mut job = Jobs::<T>::get(id).ok_or(Error::<T>::UnknownJob)?;
        let expired_at = frame_system::Pallet::<T>::block_number();
        let worker = match &job.status {
            JobStatus::Open | JobStatus::Locked { .. } if expired_at <= job.deadline => {
                return Err(Error::<T>::DeadlineNotPassed.into());
            }
            JobStatus::Open => {
                OpenJobs::<T>::remove(id);
                None
            }
            JobStatus::Locked { worker, bond, .. } => {
                let (worker, bond) = (worker.clone(), *bond);
                Self::slash_bond(&worker, bond);
                Self::unlock(id, &job, &worker)?;
                Some(worker)
            }
            JobStatus::Settled { .. } => return Err(Error::<T>::AlreadySettled.into()),
            JobStatus::Expired { .. } => return Err(Error::<T>::JobExpired.into()),
        };
        T::Currency::release(
            &HoldReason::Fee.into(),
            &job.offerer,
            job.fee,
            Precision::BestEffort,
        )?;
        Self::deposit_event(Event::JobExpired {
            job: id,
            worker: worker.clone(),
        });
        job.status = JobStatus::Expired { worker, expired_at };
        Self::finish(id, job);
        Ok(())
    }

    /// Whether a run over `blocks` makes sense for the zkGraph as it is now, and may be offered by `offerer`.
    fn check_run(
        offerer: &AccountOf<T>,
        graph: &GraphSummary<AccountOf<T>>,
        blocks: &SourceBlocks,
    ) -> DispatchResult {
        let manifest = &graph.manifest;
        ensure!(
            blocks.len() == manifest.sources.len(),
            Error::<T>::WrongBlockCount
        );
        for (index, (block, source)) in blocks.iter().zip(&manifest.sources).enumerate() {
            T::DataBus::check_block(block, source)?;
            // An event must not enter one input twice.
            let earlier = blocks.iter().zip(&manifest.sources).take(index);
            let rises = earlier
                .filter(|(_, other)| *other == source)
                .all(|(other, _)| other.number < block.number);
            ensure!(rises, Error::<T>::BlocksNotRising);
        }
        // Whether a block exists is only checked by the gateway, on the chain where the result lands. Until
        // this chain follows
        // Ethereum itself, an invented block must not reach further than that.
        if let Some(destination) = &manifest.destination {
            let checkable = manifest
                .sources
                .iter()
                .all(|source| source.chain_id == destination.chain_id);
            ensure!(checkable, Error::<T>::SourceNotCheckable);
        }
        let sequential = manifest.state == StatePolicy::Sequential;
        ensure!(
            !sequential || *offerer == graph.owner,
            Error::<T>::OnlyOwnerOffers
        );
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
