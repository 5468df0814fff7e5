//! Verifying keys.

use frame_support::ensure;
use sp_runtime::DispatchResult;
use weft_primitives::{H256, KeyBytes, ProofSystems, keccak256};

use crate::{Config, CurrentKey, Error, Event, Keys, Pallet};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_key(proof_system: u16, key: KeyBytes) -> DispatchResult {
        ensure!(
            T::ProofSystems::contains(proof_system),
            Error::<T>::UnknownProofSystem
        );
        let digest = keccak256(&key);
        Keys::<T>::insert(digest, key);
        CurrentKey::<T>::insert(proof_system, digest);
        Self::deposit_event(Event::KeySet {
            proof_system,
            key: digest,
        });
        Ok(())
    }

    pub(crate) fn do_remove_key(proof_system: u16, key: H256) -> DispatchResult {
        ensure!(Keys::<T>::contains_key(key), Error::<T>::UnknownKey);
        Keys::<T>::remove(key);
        if CurrentKey::<T>::get(proof_system) == Some(key) {
            CurrentKey::<T>::remove(proof_system);
        }
        Self::deposit_event(Event::KeyRemoved { key });
        Ok(())
    }
}
