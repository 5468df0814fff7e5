//! What must hold of this pallet's storage after every block.

use alloc::collections::BTreeMap;
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::{TryRuntimeError, traits::Saturating};
use weft_primitives::{JobStatus, keccak256};

use crate::{
    AccountOf, BalanceOf, Config, FinishedCount, FinishedJobs, HoldReason, Jobs, Keys, LockedJobs, NextJob,
    OpenJobs, Snapshots, Triggers,
};

/// Amounts by account.
type Amounts<T> = BTreeMap<AccountOf<T>, BalanceOf<T>>;

/// Checks the invariants; the error names the first that is broken.
pub(crate) fn check<T: Config>() -> Result<(), TryRuntimeError> {
    let (mut open, mut locked, mut finished) = (0, 0, 0);
    let (mut fees, mut bonds) = (Amounts::<T>::new(), Amounts::<T>::new());
    for (id, job) in Jobs::<T>::iter() {
        ensure!(
            id < NextJob::<T>::get(),
            "a job has a number that was not given yet"
        );
        match &job.status {
            JobStatus::Open => {
                open += 1;
                ensure!(OpenJobs::<T>::contains_key(id), "an open job is not listed");
                add::<T>(&mut fees, &job.offerer, job.fee);
            }
            JobStatus::Locked { worker, bond, .. } => {
                locked += 1;
                ensure!(
                    LockedJobs::<T>::contains_key(worker, id),
                    "a locked job is not listed"
                );
                ensure!(Snapshots::<T>::contains_key(id), "a locked job has no snapshot");
                add::<T>(&mut fees, &job.offerer, job.fee);
                add::<T>(&mut bonds, worker, *bond);
            }
            JobStatus::Settled { .. } | JobStatus::Expired { .. } => finished += 1,
        }
    }
    ensure!(
        OpenJobs::<T>::iter_keys().count() == open,
        "a job is listed as open and is not"
    );
    ensure!(
        LockedJobs::<T>::iter_keys().count() == locked,
        "a job is listed as locked and is not"
    );
    ensure!(
        Snapshots::<T>::iter_keys().count() == locked,
        "a job has a snapshot and is not locked"
    );
    ensure!(
        FinishedJobs::<T>::iter_keys().count() == finished,
        "a finished job is not numbered"
    );
    ensure!(
        finished as u64 <= FinishedCount::<T>::get(),
        "fewer jobs finished than are remembered"
    );
    let mut bounties = Amounts::<T>::new();
    for trigger in Triggers::<T>::iter_values() {
        add::<T>(&mut bounties, &trigger.sponsor, trigger.bounty);
    }
    for (account, bounty) in bounties {
        let held = T::Currency::balance_on_hold(&HoldReason::Bounty.into(), &account);
        ensure!(held == bounty, "the bounties of an account are not what is held");
    }
    for (account, fee) in fees {
        let held = T::Currency::balance_on_hold(&HoldReason::Fee.into(), &account);
        ensure!(held == fee, "the fees of an account are not what is held");
    }
    for (account, bond) in bonds {
        let held = T::Currency::balance_on_hold(&HoldReason::Bond.into(), &account);
        ensure!(held == bond, "the bonds of an account are not what is held");
    }
    for (digest, key) in Keys::<T>::iter() {
        ensure!(keccak256(&key) == digest, "a key is stored under another digest");
    }
    Ok(())
}

fn add<T: Config>(amounts: &mut Amounts<T>, account: &AccountOf<T>, amount: BalanceOf<T>) {
    let sum = amounts.entry(account.clone()).or_default();
    *sum = sum.saturating_add(amount);
}
