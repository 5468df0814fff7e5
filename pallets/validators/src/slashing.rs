//! What is taken from offenders.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    dispatch::DispatchClass,
    traits::{
        Get, Imbalance, OnUnbalanced,
        fungible::{Balanced as _, Mutate, hold::Balanced},
        tokens::{Fortitude, Precision, Preservation},
    },
    weights::Weight,
};
use scale_info::TypeInfo;
use sp_runtime::{Perbill, traits::Saturating, traits::Zero};
use sp_staking::{
    SessionIndex,
    offence::{Offence, OffenceDetails, OffenceError, OffenceSeverity, OnOffenceHandler, ReportOffence},
};

use crate::{
    AccountOf, BalanceOf, BarredUntil, Bonds, Config, CreditOf, Event, HoldReason, Pallet, Slashes,
    WeightInfo,
};

/// What was taken from an account for offences of a session.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Slash<Balance> {
    /// The highest part so far.
    pub part: Perbill,
    /// What the account had on hold at the first report, in plancks; the part is of this.
    pub base: Balance,
}

impl<T: Config> Pallet<T> {
    /// Takes `part` of what the offender has on hold, less what was taken for offences of the same session.
    pub(crate) fn slash(
        who: &AccountOf<T>,
        part: Perbill,
        session: SessionIndex,
        reporters: &[AccountOf<T>],
    ) {
        let mut bond = Bonds::<T>::get(who).unwrap_or_default();
        let mut slash = Slashes::<T>::get(session, who).unwrap_or(Slash {
            part: Perbill::zero(),
            base: bond.total(),
        });
        let taken_before = slash.part.mul_floor(slash.base);
        slash.part = slash.part.max(part);
        let due = slash.part.mul_floor(slash.base).saturating_sub(taken_before);
        // Also a part of zero is written down: who offended earns nothing for that session.
        Slashes::<T>::insert(session, who, slash);
        Self::remove_candidate(who);
        let until = Self::session().saturating_add(T::BondingSessions::get());
        BarredUntil::<T>::insert(who, until);
        pallet_session::Pallet::<T>::report_offence(who.clone(), OffenceSeverity(part));

        let amount = bond.take(due);
        if amount.is_zero() {
            return;
        }
        Self::put_bond(who, bond);
        let (credit, _) = T::BondCurrency::slash(&HoldReason::ValidatorBond.into(), who, amount);
        Self::distribute(credit, reporters);
        Self::deposit_event(Event::Slashed {
            who: who.clone(),
            amount,
            session,
        });
    }

    /// Gives those who reported their part in equal shares, and the rest away.
    fn distribute(mut credit: CreditOf<T>, reporters: &[AccountOf<T>]) {
        let count = BalanceOf::<T>::from(reporters.len() as u32);
        let share = T::ReportersPart::get()
            .mul_floor(credit.peek())
            .checked_div_by(count);
        for reporter in reporters {
            // What cannot be paid out goes the way of the rest.
            if let Err(unpaid) = T::BondCurrency::resolve(reporter, credit.extract(share)) {
                credit.subsume(unpaid);
            }
        }
        T::Slashed::on_unbalanced(credit);
    }
}

/// Division that knows what nobody's share is.
trait CheckedDivBy: Sized {
    /// The quotient; zero for a divisor of zero.
    fn checked_div_by(self, by: Self) -> Self;
}

impl<B: frame_support::traits::tokens::Balance> CheckedDivBy for B {
    fn checked_div_by(self, by: Self) -> Self {
        self.checked_div(&by).unwrap_or_default()
    }
}

impl<T: Config> OnOffenceHandler<AccountOf<T>, AccountOf<T>, Weight> for Pallet<T> {
    fn on_offence(
        offenders: &[OffenceDetails<AccountOf<T>, AccountOf<T>>],
        parts: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        let mut weight = Weight::zero();
        // Offenders of earlier reports of the same offence are among them, with the part that has grown since.
        for (details, part) in offenders.iter().zip(parts) {
            Self::slash(&details.offender, *part, session, &details.reporters);
            let reporters = details.reporters.len() as u32;
            weight.saturating_accrue(<T as Config>::WeightInfo::slash(
                T::MaxCandidates::get(),
                reporters,
            ));
        }
        // `pallet-offences` forgets what is returned, and the weight of a report knows of one offender only.
        frame_system::Pallet::<T>::register_extra_weight_unchecked(weight, DispatchClass::Normal);
        weight
    }
}

/// Reports go through here to `pallet-offences`, so that one that takes nothing is paid for: reports are free of fees, stay in storage for good, and who has nothing left
/// to lose could make any number of them.
impl<T: Config, O: Offence<AccountOf<T>>> ReportOffence<AccountOf<T>, AccountOf<T>, O> for Pallet<T> {
    fn report_offence(reporters: Vec<AccountOf<T>>, offence: O) -> Result<(), OffenceError> {
        let held = |offenders: &[AccountOf<T>]| {
            let bonds = offenders
                .iter()
                .map(|who| Bonds::<T>::get(who).map(|bond| bond.total()));
            bonds.fold(BalanceOf::<T>::zero(), |sum, bond| {
                sum.saturating_add(bond.unwrap_or_default())
            })
        };
        let offenders = offence.offenders();
        let before = held(&offenders);
        <pallet_offences::Pallet<T> as ReportOffence<_, _, O>>::report_offence(reporters.clone(), offence)?;
        if held(&offenders) == before {
            for reporter in &reporters {
                // Whoever has too little pays what there is.
                let _ = T::BondCurrency::burn_from(
                    reporter,
                    T::IdleReportFee::get(),
                    Preservation::Protect,
                    Precision::BestEffort,
                    Fortitude::Polite,
                );
            }
        }
        Ok(())
    }

    fn is_known_offence(offenders: &[AccountOf<T>], slot: &O::Slot) -> bool {
        <pallet_offences::Pallet<T> as ReportOffence<_, _, O>>::is_known_offence(offenders, slot)
    }
}
