//! Who validates a session, and what they earn.

use alloc::vec::Vec;
use core::cmp::Reverse;
use frame_support::traits::{Get, fungible::Mutate};
use frame_system::pallet_prelude::BlockNumberFor;
use pallet_session::historical;
use sp_runtime::traits::Saturating;
use sp_staking::SessionIndex;

use crate::{
    AccountOf, Authored, BalanceOf, Candidates, Config, Event, Limits, Pallet, Slashes, ValidatorLimits,
    WeightInfo,
};

impl<T: Config> Pallet<T> {
    /// The validators of the next session; `None` if the set is to stay.
    pub(crate) fn choose() -> Option<Vec<AccountOf<T>>> {
        let Limits { minimum, maximum } = ValidatorLimits::<T>::get()?;
        let mut eligible: Vec<_> = Candidates::<T>::get()
            .into_iter()
            // Keys can be purged any time, and a validator without any would stop others from finalising.
            .filter(Self::has_keys)
            .map(|who| (Self::active_bond(&who), who))
            .collect();
        let candidates = eligible.len() as u32;
        frame_system::Pallet::<T>::register_extra_weight_unchecked(
            <T as Config>::WeightInfo::choose(candidates),
            frame_support::dispatch::DispatchClass::Mandatory,
        );
        if candidates < minimum {
            return None;
        }
        // Stable: among equals the one that came first.
        eligible.sort_by_key(|(bond, _)| Reverse(*bond));
        let limit = maximum.min(T::MaxValidators::get()) as usize;
        Some(eligible.into_iter().take(limit).map(|(_, who)| who).collect())
    }

    /// Pays the authors of the session that ends, and forgets what can no longer be reported.
    fn close(session: SessionIndex) {
        let mut authors = 0;
        for (who, blocks) in Authored::<T>::drain() {
            authors += 1;
            if Slashes::<T>::contains_key(session, &who) {
                continue;
            }
            let amount = T::BlockReward::get().saturating_mul(BalanceOf::<T>::from(blocks));
            // An account that would stay below the existential deposit cannot be paid.
            if T::BondCurrency::mint_into(&who, amount).is_ok() {
                Self::deposit_event(Event::Rewarded { who, amount });
            }
        }
        let mut forgotten = 0;
        if let Some(old) = session.checked_sub(T::BondingSessions::get()) {
            historical::Pallet::<T>::prune_up_to(old);
            forgotten = Slashes::<T>::drain_prefix(old).count() as u32;
        }
        frame_system::Pallet::<T>::register_extra_weight_unchecked(
            <T as Config>::WeightInfo::close(authors, forgotten),
            frame_support::dispatch::DispatchClass::Mandatory,
        );
    }
}

impl<T: Config> pallet_session::SessionManager<AccountOf<T>> for Pallet<T> {
    fn new_session(_: SessionIndex) -> Option<Vec<AccountOf<T>>> {
        Self::choose()
    }

    fn end_session(session: SessionIndex) {
        Self::close(session);
    }

    fn start_session(_: SessionIndex) {}
}

impl<T: Config<FullIdentification = ()>> historical::SessionManager<AccountOf<T>, ()> for Pallet<T> {
    fn new_session(_: SessionIndex) -> Option<Vec<(AccountOf<T>, ())>> {
        let chosen = Self::choose()?;
        Some(chosen.into_iter().map(|who| (who, ())).collect())
    }

    fn end_session(session: SessionIndex) {
        Self::close(session);
    }

    fn start_session(_: SessionIndex) {}
}

/// Says of every validator that it is one: what can be taken from it is what it has bonded here when the report comes.
pub struct Identified;

impl<AccountId> sp_runtime::traits::Convert<AccountId, Option<()>> for Identified {
    fn convert(_: AccountId) -> Option<()> {
        Some(())
    }
}

impl<T: Config> pallet_authorship::EventHandler<AccountOf<T>, BlockNumberFor<T>> for Pallet<T> {
    fn note_author(author: AccountOf<T>) {
        Authored::<T>::mutate(author, |blocks| *blocks = blocks.saturating_add(1));
        frame_system::Pallet::<T>::register_extra_weight_unchecked(
            <T as Config>::WeightInfo::note_author(),
            frame_support::dispatch::DispatchClass::Mandatory,
        );
    }
}
