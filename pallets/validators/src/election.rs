//! Who validates a session, and what they earn.

use alloc::vec::Vec;
use core::cmp::Reverse;
use frame_support::{
    dispatch::DispatchClass,
    traits::{Get, fungible::Mutate},
};
use frame_system::pallet_prelude::BlockNumberFor;
use pallet_session::{NextKeys, SessionManager};
use sp_runtime::{Perbill, traits::Saturating};
use sp_staking::{SessionIndex, offence::OffenceSeverity};

use crate::{
    AccountOf, Authored, BalanceOf, Candidates, Chosen, Config, Event, LastChosen, Pallet, Slashes,
    ValidatorLimits, WeightInfo,
};

impl<T: Config> Pallet<T> {
    /// Chooses the validators of a session and keeps who they are and which keys they have. `None` where nobody with keys is left.
    pub(crate) fn choose(session: SessionIndex) -> Option<Vec<AccountOf<T>>> {
        let candidates = Candidates::<T>::get();
        frame_system::Pallet::<T>::register_extra_weight_unchecked(
            <T as Config>::WeightInfo::choose(candidates.len() as u32),
            DispatchClass::Mandatory,
        );
        let with_keys = |who: AccountOf<T>| NextKeys::<T>::get(&who).map(|keys| (who, keys));
        let mut eligible: Vec<_> = candidates.into_iter().filter_map(with_keys).collect();
        let limits = ValidatorLimits::<T>::get();
        let chosen = match limits.filter(|limits| eligible.len() >= limits.minimum as usize) {
            Some(limits) => {
                // Stable: among equals the one that came first.
                eligible.sort_by_cached_key(|(who, _)| Reverse(Self::active_bond(who)));
                eligible.truncate(limits.maximum.min(T::MaxValidators::get()) as usize);
                eligible
            }
            // The set stays as it is, as a new choice: with the keys that its members have now.
            None => pallet_session::Validators::<T>::get()
                .into_iter()
                .filter_map(with_keys)
                .collect(),
        };
        if chosen.is_empty() {
            return None;
        }
        for (who, _) in &chosen {
            LastChosen::<T>::insert(who, session);
        }
        let accounts = chosen.iter().map(|(who, _)| who.clone()).collect();
        Chosen::<T>::insert(session, chosen);
        Some(accounts)
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
        // In the next session those of `BondingSessions` before it can still be reported.
        if let Some(old) = session.checked_sub(T::BondingSessions::get()) {
            Chosen::<T>::remove(old);
            forgotten = Slashes::<T>::drain_prefix(old).count() as u32;
        }
        frame_system::Pallet::<T>::register_extra_weight_unchecked(
            <T as Config>::WeightInfo::close(authors, forgotten),
            DispatchClass::Mandatory,
        );
    }

    /// Disables those who offended when they had been chosen already: `pallet-session` forgets whom it disabled when a session ends.
    fn disable_offenders(session: SessionIndex) {
        let validators = pallet_session::Validators::<T>::get();
        frame_system::Pallet::<T>::register_extra_weight_unchecked(
            <T as Config>::WeightInfo::disable_offenders(validators.len() as u32),
            DispatchClass::Mandatory,
        );
        for who in validators {
            // Chosen one session ahead; a report may come a session late.
            let recent = (session.saturating_sub(2)..session).filter_map(|old| Slashes::<T>::get(old, &who));
            let worst: Option<Perbill> = recent.map(|slash| slash.part).max();
            if let Some(part) = worst {
                pallet_session::Pallet::<T>::report_offence(who, OffenceSeverity(part));
            }
        }
    }
}

impl<T: Config> SessionManager<AccountOf<T>> for Pallet<T> {
    fn new_session(session: SessionIndex) -> Option<Vec<AccountOf<T>>> {
        Self::choose(session)
    }

    fn end_session(session: SessionIndex) {
        Self::close(session);
    }

    fn start_session(session: SessionIndex) {
        Self::disable_offenders(session);
    }
}

impl<T: Config> pallet_authorship::EventHandler<AccountOf<T>, BlockNumberFor<T>> for Pallet<T> {
    fn note_author(author: AccountOf<T>) {
        Authored::<T>::mutate(author, |blocks| *blocks = blocks.saturating_add(1));
        frame_system::Pallet::<T>::register_extra_weight_unchecked(
            <T as Config>::WeightInfo::note_author(),
            DispatchClass::Mandatory,
        );
    }
}
