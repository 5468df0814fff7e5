//! What always holds in this pallet's storage.

use alloc::collections::BTreeMap;
use codec::{Decode, Encode};
use frame_support::{ensure, traits::fungible::hold::Inspect};
use sp_runtime::{TryRuntimeError, traits::Saturating};

use crate::{AccountOf, BalanceOf, Config, HoldReason, Keysets, NewestSet, Rewards, Sponsors};

/// Checks that
/// - what is on hold for deliveries is what purses and promises say;
/// - a reward has payers, each once;
/// - the newest set's addresses are known.
pub(crate) fn check<T: Config>() -> Result<(), TryRuntimeError> {
    // Accounts need not be ordered; their bytes are.
    let mut promised = BTreeMap::<alloc::vec::Vec<u8>, BalanceOf<T>>::new();
    let mut add = |who: &AccountOf<T>, amount: BalanceOf<T>| {
        promised
            .entry(who.encode())
            .or_default()
            .saturating_accrue(amount);
    };
    for sponsor in Sponsors::<T>::iter_values() {
        add(&sponsor.account, sponsor.purse);
    }
    for (.., reward) in Rewards::<T>::iter() {
        ensure!(!reward.payers.is_empty(), "a reward has no payer");
        for (place, (payer, amount)) in reward.payers.iter().enumerate() {
            let mut others = reward.payers.iter().skip(place + 1);
            ensure!(others.all(|(other, _)| other != payer), "a payer is there twice");
            add(payer, *amount);
        }
    }
    for (who, amount) in promised {
        let who = AccountOf::<T>::decode(&mut &who[..]).map_err(|_| "an account is not one")?;
        let held = T::Currency::balance_on_hold(&HoldReason::Delivery.into(), &who);
        ensure!(held == amount, "what is on hold is not what was promised");
    }
    let is_known = Keysets::<T>::contains_key(NewestSet::<T>::get());
    ensure!(
        is_known || Keysets::<T>::iter().next().is_none(),
        "the newest validator set is not known"
    );
    Ok(())
}
