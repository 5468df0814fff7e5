//! Weights of `pallet_data_bus`.
//!
//! Estimates, not yet measured: `weft-node benchmark pallet` replaces this file.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of the calls.
pub trait WeightInfo {
    /// `allow_chain`.
    fn allow_chain() -> Weight;
    /// `forbid_chain`.
    fn forbid_chain() -> Weight;
}

/// Weights for a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn allow_chain() -> Weight {
        Weight::from_parts(10_000_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
    fn forbid_chain() -> Weight {
        Weight::from_parts(10_000_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
}

impl WeightInfo for () {
    fn allow_chain() -> Weight {
        Weight::zero()
    }
    fn forbid_chain() -> Weight {
        Weight::zero()
    }
}
