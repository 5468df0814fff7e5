//! Weights of `pallet_outbox`.
//!
//! Estimates, not yet measured: `weft-node benchmark pallet` replaces this file.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of the hooks.
pub trait WeightInfo {
    /// `on_finalize` of a block with `m` messages.
    fn on_finalize(m: u32) -> Weight;
}

/// Weights for a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn on_finalize(m: u32) -> Weight {
        Weight::from_parts(10_000_000 + 5_000_000 * u64::from(m), 0)
            .saturating_add(T::DbWeight::get().reads_writes(2, 3))
    }
}

impl WeightInfo for () {
    fn on_finalize(_: u32) -> Weight {
        Weight::zero()
    }
}
