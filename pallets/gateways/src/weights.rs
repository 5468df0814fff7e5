//! Weights of `pallet_gateways`. Estimated, not measured yet.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of the calls and hooks.
pub trait WeightInfo {
    /// `sponsor`.
    fn sponsor() -> Weight;
    /// `withdraw`.
    fn withdraw() -> Weight;
    /// `tip`.
    fn tip() -> Weight;
    /// `reclaim`.
    fn reclaim() -> Weight;
    /// `claim`, component `e`, component `n`.
    fn claim(e: u32, n: u32) -> Weight;
    /// `register`.
    fn register() -> Weight;
    /// `deregister`.
    fn deregister() -> Weight;
    /// `on_message`.
    fn on_message() -> Weight;
    /// `note_set`.
    fn note_set() -> Weight;
}

/// Weights for a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn sponsor() -> Weight {
        Weight::from_parts(120_000_000, 4_000).saturating_add(T::DbWeight::get().reads_writes(4, 5))
    }
    fn withdraw() -> Weight {
        Weight::from_parts(80_000_000, 4_000).saturating_add(T::DbWeight::get().reads_writes(2, 2))
    }
    fn tip() -> Weight {
        Weight::from_parts(100_000_000, 4_000).saturating_add(T::DbWeight::get().reads_writes(3, 2))
    }
    fn reclaim() -> Weight {
        Weight::from_parts(400_000_000, 4_000).saturating_add(T::DbWeight::get().reads_writes(9, 9))
    }
    fn claim(e: u32, n: u32) -> Weight {
        Weight::from_parts(500_000_000, 70_000)
            .saturating_add(Weight::from_parts(20_000, 0).saturating_mul(u64::from(e)))
            .saturating_add(Weight::from_parts(600_000_000, 3_000).saturating_mul(u64::from(n)))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(
                T::DbWeight::get()
                    .reads_writes(10, 10)
                    .saturating_mul(u64::from(n)),
            )
    }
    fn register() -> Weight {
        Weight::from_parts(20_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(0, 1))
    }
    fn deregister() -> Weight {
        Weight::from_parts(20_000_000, 4_000).saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }
    fn on_message() -> Weight {
        Weight::from_parts(50_000_000, 4_000).saturating_add(T::DbWeight::get().reads_writes(1, 2))
    }
    fn note_set() -> Weight {
        Weight::from_parts(50_000_000, 4_000).saturating_add(T::DbWeight::get().reads_writes(4, 8))
    }
}

// For tests: no weight at all.
impl WeightInfo for () {
    fn sponsor() -> Weight {
        Weight::zero()
    }
    fn withdraw() -> Weight {
        Weight::zero()
    }
    fn tip() -> Weight {
        Weight::zero()
    }
    fn reclaim() -> Weight {
        Weight::zero()
    }
    fn claim(_e: u32, _n: u32) -> Weight {
        Weight::zero()
    }
    fn register() -> Weight {
        Weight::zero()
    }
    fn deregister() -> Weight {
        Weight::zero()
    }
    fn on_message() -> Weight {
        Weight::zero()
    }
    fn note_set() -> Weight {
        Weight::zero()
    }
}
