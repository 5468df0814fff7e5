//! Bonds, and who is a candidate.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound, ensure,
    traits::{
        Get,
        fungible::hold::Mutate,
        tokens::{Balance, Precision},
    },
};
use scale_info::TypeInfo;
use sp_runtime::{
    DispatchResult,
    traits::{Saturating, Zero},
};
use sp_staking::SessionIndex;

use crate::{
    AccountOf, BalanceOf, BarredUntil, Bonds, Candidates, Config, Error, Event, HoldReason, LastChosen,
    Pallet,
};

/// An amount on its way back.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Unbonding<Balance> {
    /// How much, in plancks.
    pub amount: Balance,
    /// From which session on it can be withdrawn.
    pub session: SessionIndex,
}

/// What an account has on hold here.
#[derive(
    CloneNoBound,
    DebugNoBound,
    DefaultNoBound,
    PartialEqNoBound,
    EqNoBound,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    MaxEncodedLen,
)]
#[scale_info(skip_type_params(MaxUnbonding))]
pub struct Bond<B, MaxUnbonding>
where
    B: Balance,
    MaxUnbonding: Get<u32>,
{
    /// What counts when validators are chosen, in plancks.
    pub active: B,
    /// What was asked back, the earliest first.
    pub unbonding: BoundedVec<Unbonding<B>, MaxUnbonding>,
}

impl<B: Balance, MaxUnbonding: Get<u32>> Bond<B, MaxUnbonding> {
    /// All that is on hold, in plancks.
    pub fn total(&self) -> B {
        self.unbonding
            .iter()
            .fold(self.active, |sum, part| sum.saturating_add(part.amount))
    }

    /// Takes up to that much away: from the active part first, then from what was asked back last. What was taken.
    pub(crate) fn take(&mut self, amount: B) -> B {
        let mut left = amount;
        let parts = self.unbonding.iter_mut().rev().map(|part| &mut part.amount);
        for part in core::iter::once(&mut self.active).chain(parts) {
            let taken = left.min(*part);
            *part = part.saturating_sub(taken);
            left = left.saturating_sub(taken);
        }
        self.unbonding.retain(|part| !part.amount.is_zero());
        amount.saturating_sub(left)
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_bond(who: &AccountOf<T>, amount: BalanceOf<T>) -> DispatchResult {
        ensure!(!amount.is_zero(), Error::<T>::WrongAmount);
        T::BondCurrency::hold(&HoldReason::ValidatorBond.into(), who, amount)?;
        Bonds::<T>::mutate(who, |bond| {
            let bond = bond.get_or_insert_default();
            bond.active = bond.active.saturating_add(amount);
        });
        Self::deposit_event(Event::Bonded {
            who: who.clone(),
            amount,
        });
        Ok(())
    }

    pub(crate) fn do_validate(who: AccountOf<T>) -> DispatchResult {
        let bond = Bonds::<T>::get(&who).ok_or(Error::<T>::NoBond)?.active;
        ensure!(bond >= T::MinimumBond::get(), Error::<T>::BelowMinimum);
        ensure!(Self::has_keys(&who), Error::<T>::NoSessionKeys);
        let barred = BarredUntil::<T>::get(&who);
        ensure!(
            barred.is_none_or(|until| until <= Self::session()),
            Error::<T>::Barred
        );
        let mut candidates = Candidates::<T>::get();
        ensure!(!candidates.contains(&who), Error::<T>::AlreadyCandidate);
        let displaced = if candidates.is_full() {
            let least = candidates
                .iter()
                .enumerate()
                // Among equals the one that came last.
                .min_by_key(|(place, other)| (Self::active_bond(other), core::cmp::Reverse(*place)));
            let (place, _) = least
                .filter(|(_, other)| Self::active_bond(other) < bond)
                .ok_or(Error::<T>::TooManyCandidates)?;
            Some(candidates.remove(place))
        } else {
            None
        };
        candidates
            .try_push(who.clone())
            .map_err(|_| Error::<T>::TooManyCandidates)?;
        Candidates::<T>::put(candidates);
        if let Some(who) = displaced {
            Self::deposit_event(Event::CandidateRemoved { who });
        }
        Self::deposit_event(Event::CandidateAdded { who });
        Ok(())
    }

    pub(crate) fn do_unbond(who: AccountOf<T>, amount: BalanceOf<T>) -> DispatchResult {
        let mut bond = Bonds::<T>::get(&who).ok_or(Error::<T>::NoBond)?;
        ensure!(
            !amount.is_zero() && amount <= bond.active,
            Error::<T>::WrongAmount
        );
        bond.active = bond.active.saturating_sub(amount);
        let is_enough = bond.active >= T::MinimumBond::get();
        ensure!(
            is_enough || !Candidates::<T>::get().contains(&who),
            Error::<T>::BelowMinimum
        );
        // It may have been chosen for the next session already, whose offences can be reported until `BondingSessions` after.
        let session = Self::session().saturating_add(Self::kept_sessions());
        match bond.unbonding.last_mut().filter(|last| last.session == session) {
            Some(last) => last.amount = last.amount.saturating_add(amount),
            None => bond
                .unbonding
                .try_push(Unbonding { amount, session })
                .map_err(|_| Error::<T>::TooManyUnbonding)?,
        }
        Bonds::<T>::insert(&who, bond);
        Self::deposit_event(Event::Unbonding { who, amount, session });
        Ok(())
    }

    pub(crate) fn do_withdraw(who: AccountOf<T>) -> DispatchResult {
        let mut bond = Bonds::<T>::get(&who).ok_or(Error::<T>::NoBond)?;
        let before = bond.total();
        let now = Self::session();
        bond.unbonding.retain(|part| part.session > now);
        let amount = before.saturating_sub(bond.total());
        ensure!(!amount.is_zero(), Error::<T>::NothingToWithdraw);
        // Where too few candidates are left, validators stay in power without having asked for it.
        let is_kept = LastChosen::<T>::get(&who)
            .is_some_and(|last| now < last.saturating_add(T::BondingSessions::get()).saturating_add(1));
        ensure!(
            !is_kept || bond.total() >= T::MinimumBond::get(),
            Error::<T>::KeptForOffences
        );
        T::BondCurrency::release(&HoldReason::ValidatorBond.into(), &who, amount, Precision::Exact)?;
        if bond.total().is_zero() {
            LastChosen::<T>::remove(&who);
            // The only way to give keys back: without them a validator could not be chosen, nor stay in power.
            let origin = frame_system::RawOrigin::Signed(who.clone());
            let _ = pallet_session::Pallet::<T>::purge_keys(origin.into());
        }
        Self::put_bond(&who, bond);
        Self::deposit_event(Event::Withdrawn { who, amount });
        Ok(())
    }

    /// For how many sessions a bond stays after it was asked back.
    pub(crate) fn kept_sessions() -> SessionIndex {
        T::BondingSessions::get().saturating_add(2)
    }

    /// Stores a bond, or forgets it when nothing is left.
    pub(crate) fn put_bond(who: &AccountOf<T>, bond: Bond<BalanceOf<T>, T::MaxUnbonding>) {
        if bond.total().is_zero() {
            Bonds::<T>::remove(who);
        } else {
            Bonds::<T>::insert(who, bond);
        }
    }

    /// Takes an account from the candidates, if it is one.
    pub(crate) fn remove_candidate(who: &AccountOf<T>) -> bool {
        let mut candidates = Candidates::<T>::get();
        let Some(place) = candidates.iter().position(|other| other == who) else {
            return false;
        };
        candidates.remove(place);
        Candidates::<T>::put(candidates);
        Self::deposit_event(Event::CandidateRemoved { who: who.clone() });
        true
    }

    /// What of an account's bond counts, in plancks.
    pub(crate) fn active_bond(who: &AccountOf<T>) -> BalanceOf<T> {
        Bonds::<T>::get(who).map(|bond| bond.active).unwrap_or_default()
    }

    /// Whether an account has keys to validate with.
    pub(crate) fn has_keys(who: &AccountOf<T>) -> bool {
        pallet_session::NextKeys::<T>::contains_key(who)
    }

    /// The session under way.
    pub(crate) fn session() -> SessionIndex {
        pallet_session::CurrentIndex::<T>::get()
    }
}
