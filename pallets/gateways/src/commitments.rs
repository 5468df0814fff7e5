//! Commitments that gateways accepted and that disagree with this chain.

use frame_support::{
    dispatch::DispatchClass, ensure, pallet_prelude::Parameter, traits::Get, weights::Weight,
};
use sp_runtime::DispatchResult;
use weft_primitives::{AcceptedCommitment, GatewayEvent, GatewayId, H256};

use crate::{
    AccountOf, Config, Error, Event, Keysets, NewestSet, PaidHandovers, Pallet, ReceiptEvidence, Registered,
    WeightInfo,
};

/// What this chain signed itself, and who.
pub trait OwnCommitments<AccountId> {
    /// What shows that a root is not the one of a block.
    type Proof: Parameter;

    /// What a report costs beside the reading of receipts.
    fn weight(proof: Option<&Self::Proof>) -> Weight;

    /// Whether this chain is sure that block `number` has another MMR root: either it has not come to that block yet, or `proof` shows it.
    fn is_other_root(number: u32, root: H256, proof: Option<Self::Proof>) -> bool;

    /// Reports those members of a set for signing the root of a block.
    fn report(
        reporter: AccountId,
        set: u64,
        number: u32,
        places: impl Iterator<Item = usize>,
    ) -> Result<(), ReportError>;
}

/// A report was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportError {
    /// Nobody knows who was in the set, or it is too long ago.
    UnknownSet,
    /// All of them were reported for it before.
    Duplicate,
}

impl<T: Config> Pallet<T> {
    /// Keeps the roots over the addresses of the set that is in power from now on and of the one after it, and forgets those that are too old to be
    /// reported or paid for.
    pub fn note_sets(set: u64, keyset: H256, next_keyset: H256) {
        Keysets::<T>::insert(set, keyset);
        Keysets::<T>::insert(set.saturating_add(1), next_keyset);
        NewestSet::<T>::put(set);
        if let Some(old) = set.checked_sub(T::HandoverWindow::get()) {
            Keysets::<T>::remove(old);
            // At most one entry for each gateway that root ever answered for.
            let _ = PaidHandovers::<T>::clear_prefix(old, u32::MAX, None);
        }
        frame_system::Pallet::<T>::register_extra_weight_unchecked(
            T::WeightInfo::note_set(),
            DispatchClass::Mandatory,
        );
    }

    pub(crate) fn do_report(
        reporter: AccountOf<T>,
        gateway: GatewayId,
        evidence: &ReceiptEvidence,
        number: u32,
        proof: Option<<T::Commitments as crate::OwnCommitments<AccountOf<T>>>::Proof>,
    ) -> DispatchResult {
        ensure!(Registered::<T>::contains_key(gateway), Error::<T>::NotRegistered);
        let logs = Self::logs(gateway, evidence, &[GatewayEvent::commitment_topic()])?;
        let accepted = logs.iter().find_map(|log| match GatewayEvent::decode(log) {
            Some(GatewayEvent::NewMmrRoot(accepted)) if accepted.block == number => Some(accepted),
            _ => None,
        });
        let accepted: AcceptedCommitment = accepted.ok_or(Error::<T>::NoSuchCommitment)?;
        let AcceptedCommitment {
            block,
            root,
            set,
            keyset,
            ..
        } = accepted;
        ensure!(Keysets::<T>::get(set) == Some(keyset), Error::<T>::OtherKeyset);
        ensure!(
            T::Commitments::is_other_root(block, root, proof),
            Error::<T>::NotALie
        );
        T::Commitments::report(reporter.clone(), set, block, accepted.signer_places()).map_err(|error| {
            match error {
                ReportError::UnknownSet => Error::<T>::OtherKeyset,
                ReportError::Duplicate => Error::<T>::AlreadyReported,
            }
        })?;
        Self::deposit_event(Event::LieReported {
            gateway,
            set,
            number,
            root,
            reporter,
        });
        Ok(())
    }
}
