//! Weights of `pallet_zkgraph_registry`.
//!
//! Estimates, not yet measured: `weft-node benchmark pallet` replaces this file.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of the calls.
pub trait WeightInfo {
    /// `register` with a manifest of `m` bytes.
    fn register(m: u32) -> Weight;
    /// `update_manifest` with a manifest of `m` bytes.
    fn update_manifest(m: u32) -> Weight;
    /// `transfer_ownership`.
    fn transfer_ownership() -> Weight;
    /// `accept_ownership`.
    fn accept_ownership() -> Weight;
    /// `retire`.
    fn retire() -> Weight;
}

/// Weights for a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn register(m: u32) -> Weight {
        Weight::from_parts(60_000_000 + 20_000 * u64::from(m), 0)
            .saturating_add(T::DbWeight::get().reads_writes(4, 7))
    }
    fn update_manifest(m: u32) -> Weight {
        Weight::from_parts(50_000_000 + 20_000 * u64::from(m), 0)
            .saturating_add(T::DbWeight::get().reads_writes(4, 4))
    }
    fn transfer_ownership() -> Weight {
        Weight::from_parts(20_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }
    fn accept_ownership() -> Weight {
        Weight::from_parts(80_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(6, 8))
    }
    fn retire() -> Weight {
        Weight::from_parts(60_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(3, 9))
    }
}

impl WeightInfo for () {
    fn register(_: u32) -> Weight {
        Weight::zero()
    }
    fn update_manifest(_: u32) -> Weight {
        Weight::zero()
    }
    fn transfer_ownership() -> Weight {
        Weight::zero()
    }
    fn accept_ownership() -> Weight {
        Weight::zero()
    }
    fn retire() -> Weight {
        Weight::zero()
    }
}
