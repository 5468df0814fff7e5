//! What always holds in this pallet's storage.

use frame_support::{ensure, traits::fungible::hold::Inspect};
use sp_runtime::{TryRuntimeError, traits::Zero};

use crate::{Bonds, Candidates, Config, HoldReason, Pallet};

/// Checks that
/// - what is on hold for a bond is what the bond says, and no bond is empty;
/// - what is unbonding is ordered and not empty;
/// - candidates are there once, and have a bond.
pub(crate) fn check<T: Config>() -> Result<(), TryRuntimeError> {
    for (who, bond) in Bonds::<T>::iter() {
        let held = T::BondCurrency::balance_on_hold(&HoldReason::ValidatorBond.into(), &who);
        ensure!(held == bond.total(), "a bond is not what is on hold");
        ensure!(!held.is_zero(), "an empty bond is kept");
        let sessions = bond.unbonding.iter().map(|part| part.session);
        ensure!(sessions.is_sorted(), "unbonding amounts are not in order");
        let is_empty = bond.unbonding.iter().any(|part| part.amount.is_zero());
        ensure!(!is_empty, "an empty amount is unbonding");
    }
    let candidates = Candidates::<T>::get();
    for (place, who) in candidates.iter().enumerate() {
        ensure!(
            !candidates.iter().skip(place + 1).any(|other| other == who),
            "a candidate is there twice"
        );
        ensure!(
            !Pallet::<T>::active_bond(who).is_zero(),
            "a candidate has no bond"
        );
    }
    Ok(())
}
