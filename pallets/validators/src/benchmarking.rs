//! Benchmarks of calls and hooks.

use alloc::vec::Vec;
use codec::Decode;
use frame_benchmarking::v2::*;
use frame_support::{
    pallet_prelude::*,
    traits::{EnsureOrigin, fungible::Mutate},
};
use frame_system::RawOrigin;
use pallet_authorship::EventHandler;
use pallet_session::SessionManager;
use sp_runtime::{Perbill, traits::TrailingZeroInput};
use sp_staking::SessionIndex;

use crate::{
    AccountOf, Authored, BalanceOf, Bonds, Call, Candidates, Config, Limits, Pallet, Slash, Slashes,
    Unbonding, ValidatorLimits,
};

/// An account with funds, session keys and `bonds` times the least bond.
fn candidate<T: Config>(index: u32, bonds: u32) -> AccountOf<T> {
    let who: AccountOf<T> = account("candidate", index, 0);
    let bond = T::MinimumBond::get() * bonds.into();
    T::BondCurrency::set_balance(&who, bond * 4_u32.into());
    // Any bytes are keys here: nobody signs with them.
    let seed = (b"keys", index);
    let keys = seed.using_encoded(|seed| T::Keys::decode(&mut TrailingZeroInput::new(seed)));
    pallet_session::NextKeys::<T>::insert(&who, keys.expect("zeros without end"));
    Pallet::<T>::do_bond(&who, bond).expect("there are funds");
    who
}

/// That many candidates.
fn candidates<T: Config>(count: u32) -> Vec<AccountOf<T>> {
    let list: Vec<_> = (0..count).map(|index| candidate::<T>(index, 2)).collect();
    Candidates::<T>::put(BoundedVec::truncate_from(list.clone()));
    list
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn bond() {
        let who = candidate::<T>(0, 2);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), T::MinimumBond::get());
        assert_eq!(
            Pallet::<T>::active_bond(&who),
            T::MinimumBond::get() * 3_u32.into()
        );
    }

    #[benchmark]
    fn validate(c: Linear<1, { T::MaxCandidates::get() }>) {
        candidates::<T>(c);
        let who = candidate::<T>(c, 3);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));
        assert!(Candidates::<T>::get().contains(&who));
    }

    #[benchmark]
    fn chill(c: Linear<1, { T::MaxCandidates::get() }>) {
        let who = candidates::<T>(c).pop().expect("at least one");
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));
        assert!(!Candidates::<T>::get().contains(&who));
    }

    #[benchmark]
    fn unbond() {
        let who = candidates::<T>(T::MaxCandidates::get())
            .pop()
            .expect("at least one");
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), T::MinimumBond::get());
        assert_eq!(Pallet::<T>::active_bond(&who), T::MinimumBond::get());
    }

    #[benchmark]
    fn withdraw() {
        let who = candidate::<T>(0, 2);
        let part = Unbonding {
            amount: T::MinimumBond::get() / T::MaxUnbonding::get().into(),
            session: 0,
        };
        Bonds::<T>::mutate(&who, |held| {
            let held = held.as_mut().expect("there is a bond");
            for _ in 0..T::MaxUnbonding::get() {
                held.active -= part.amount;
                held.unbonding.try_push(part).expect("there is room");
            }
        });
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));
        assert!(Bonds::<T>::get(&who).is_some_and(|held| held.unbonding.is_empty()));
    }

    #[benchmark]
    fn set_limits() -> Result<(), BenchmarkError> {
        let origin = T::LimitsOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let limits = Limits {
            minimum: 1,
            maximum: T::MaxValidators::get(),
        };
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, limits);
        assert_eq!(ValidatorLimits::<T>::get(), Some(limits));
        Ok(())
    }

    /// Of candidates who are all chosen: beyond that each costs less.
    #[benchmark]
    fn choose(c: Linear<1, { T::MaxValidators::get() }>) {
        candidates::<T>(c);
        ValidatorLimits::<T>::put(Limits {
            minimum: 1,
            maximum: T::MaxValidators::get(),
        });
        let chosen;
        #[block]
        {
            chosen = Pallet::<T>::choose(9);
        }
        let count = chosen.map(|list| list.len() as u32);
        assert_eq!(count, Some(c));
    }

    #[benchmark]
    fn close(a: Linear<0, { T::MaxValidators::get() }>, s: Linear<0, { T::MaxValidators::get() }>) {
        let old: SessionIndex = 7;
        for index in 0..a {
            Authored::<T>::insert(candidate::<T>(index, 2), 3);
        }
        for index in 0..s {
            let record = Slash {
                part: Perbill::one(),
                base: BalanceOf::<T>::default(),
            };
            Slashes::<T>::insert(old, account::<AccountOf<T>>("offender", index, 0), record);
        }
        #[block]
        {
            <Pallet<T> as SessionManager<AccountOf<T>>>::end_session(old + T::BondingSessions::get());
        }
        assert_eq!(Authored::<T>::iter().count() + Slashes::<T>::iter().count(), 0);
    }

    #[benchmark]
    fn disable_offenders(v: Linear<0, { T::MaxValidators::get() }>) {
        let list: Vec<_> = (0..v).map(|index| candidate::<T>(index, 2)).collect();
        for who in &list {
            let record = Slash {
                part: Perbill::one(),
                base: BalanceOf::<T>::default(),
            };
            Slashes::<T>::insert(6, who, record);
        }
        pallet_session::Validators::<T>::put(list);
        #[block]
        {
            <Pallet<T> as SessionManager<AccountOf<T>>>::start_session(7);
        }
        let limit = v.saturating_sub(1) / 3;
        assert_eq!(
            pallet_session::Pallet::<T>::disabled_validators().len() as u32,
            limit
        );
    }

    #[benchmark]
    fn note_author() {
        let who = candidate::<T>(0, 2);
        Authored::<T>::insert(&who, 3);
        #[block]
        {
            <Pallet<T> as EventHandler<_, _>>::note_author(who.clone());
        }
        assert_eq!(Authored::<T>::get(who), 4);
    }

    #[benchmark]
    fn slash(c: Linear<1, { T::MaxCandidates::get() }>, r: Linear<0, 8>) {
        let who = candidates::<T>(c).pop().expect("at least one");
        let reporters: Vec<AccountOf<T>> = (0..r).map(|index| account("reporter", index, 0)).collect();
        #[block]
        {
            Pallet::<T>::slash(&who, Perbill::from_percent(50), 0, &reporters);
        }
        assert_eq!(Pallet::<T>::active_bond(&who), T::MinimumBond::get());
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
