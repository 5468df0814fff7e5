//! Changes of this pallet's storage when the runtime is upgraded.

use core::marker::PhantomData;
use frame_support::{
    traits::{Get, OnRuntimeUpgrade},
    weights::Weight,
};
use weft_primitives::H256;

use crate::{Config, Keysets, Pallet};

/// The validator sets that are in power when the pallet comes to a chain.
pub trait CurrentSets {
    /// Id of the set in power, root over its addresses, and root over those of the next set.
    fn current() -> (u64, H256, H256);
}

/// Notes the validator sets where they are not known, as on a chain that the pallet comes to; otherwise that is done when a session begins, and until then nobody could
/// be paid for a handover or reported.
///
/// It asks for the sets and not for the version of the storage: FRAME gives a pallet that is new its newest version before migrations run.
pub struct NoteSets<T, Sets>(PhantomData<(T, Sets)>);

impl<T: Config, Sets: CurrentSets> OnRuntimeUpgrade for NoteSets<T, Sets> {
    fn on_runtime_upgrade() -> Weight {
        let (set, keyset, next) = Sets::current();
        if Keysets::<T>::contains_key(set) {
            return T::DbWeight::get().reads(3);
        }
        Pallet::<T>::note_sets(set, keyset, next);
        T::DbWeight::get().reads_writes(6, 6)
    }

    #[cfg(feature = "try-runtime")]
    fn post_upgrade(_: alloc::vec::Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
        let (set, keyset, next) = Sets::current();
        let known = |set| Keysets::<T>::get(set);
        frame_support::ensure!(known(set) == Some(keyset), "the set in power is not known");
        frame_support::ensure!(known(set + 1) == Some(next), "the next set is not known");
        frame_support::ensure!(crate::NewestSet::<T>::get() == set, "another set is in power");
        Ok(())
    }
}
