//! Weights of `pallet_proof_settlement`.
//!
//! Estimates, not yet measured: `weft-node benchmark pallet` replaces this file.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::WEIGHT_REF_TIME_PER_MILLIS},
};

/// Weights of the calls.
pub trait WeightInfo {
    /// `offer`.
    fn offer() -> Weight;
    /// `lock`.
    fn lock() -> Weight;
    /// `submit` with `e` bytes of evidence and a proof of `p` bytes.
    fn submit(e: u32, p: u32) -> Weight;
    /// `expire`.
    fn expire() -> Weight;
    /// `set_key` with a key of `k` bytes.
    fn set_key(k: u32) -> Weight;
    /// `remove_key`.
    fn remove_key() -> Weight;
}

/// Weights for a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn offer() -> Weight {
        Weight::from_parts(80_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(6, 5))
    }
    fn lock() -> Weight {
        Weight::from_parts(120_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(10, 8))
    }
    fn submit(e: u32, p: u32) -> Weight {
        Weight::from_parts(100 * WEIGHT_REF_TIME_PER_MILLIS, 0)
            .saturating_add(Weight::from_parts(
                40_000 * u64::from(e) + 4_000_000 * u64::from(p),
                0,
            ))
            .saturating_add(T::DbWeight::get().reads_writes(18, 18))
    }
    fn expire() -> Weight {
        Weight::from_parts(120_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(8, 12))
    }
    fn set_key(k: u32) -> Weight {
        Weight::from_parts(20_000_000 + 10_000 * u64::from(k), 0).saturating_add(T::DbWeight::get().writes(2))
    }
    fn remove_key() -> Weight {
        Weight::from_parts(20_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(2, 2))
    }
}

impl WeightInfo for () {
    fn offer() -> Weight {
        Weight::zero()
    }
    fn lock() -> Weight {
        Weight::zero()
    }
    fn submit(_: u32, _: u32) -> Weight {
        Weight::zero()
    }
    fn expire() -> Weight {
        Weight::zero()
    }
    fn set_key(_: u32) -> Weight {
        Weight::zero()
    }
    fn remove_key() -> Weight {
        Weight::zero()
    }
}
