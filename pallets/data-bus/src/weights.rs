//! Weights of `pallet_data_bus`, measured by `scripts/weights` with `20` steps and `5` repetitions on 2026-11-22:
//! AMD EPYC, 1024 MiB database cache.

#![allow(clippy::unnecessary_cast, reason = "generated")]
#![allow(unused_parens, unused_imports, reason = "generated")]

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::RocksDbWeight},
};

/// Weights of the calls and hooks.
pub trait WeightInfo {
    /// `allow_chain`.
    fn allow_chain() -> Weight;
    /// `forbid_chain`.
    fn forbid_chain() -> Weight;
    /// `reset_light_client`, component `a`.
    fn reset_light_client(a: u32) -> Weight;
    /// `set_forks`.
    fn set_forks() -> Weight;
    /// `submit_update`.
    fn submit_update() -> Weight;
    /// `submit_update_with_committee`.
    fn submit_update_with_committee() -> Weight;
}

/// Weights for a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    // Storage: `DataBus::AllowedChains` (r:0 w:1)
    // Proof: `DataBus::AllowedChains` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    fn allow_chain() -> Weight {
        Weight::from_parts(41_813_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `DataBus::AllowedChains` (r:0 w:1)
    // Proof: `DataBus::AllowedChains` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    fn forbid_chain() -> Weight {
        Weight::from_parts(39_820_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
    fn reset_light_client(a: u32) -> Weight {
        Weight::from_parts(60_000_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(8))
            .saturating_add(T::DbWeight::get().reads_writes(4, 4).saturating_mul(u64::from(a)))
    }
    fn set_forks() -> Weight {
        Weight::from_parts(50_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn submit_update() -> Weight {
        Weight::from_parts(20_000_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    fn submit_update_with_committee() -> Weight {
        Weight::from_parts(80_000_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(11))
    }
}

// For tests: no weight at all.
impl WeightInfo for () {
    fn allow_chain() -> Weight {
        Weight::zero()
    }
    fn forbid_chain() -> Weight {
        Weight::zero()
    }
    fn reset_light_client(_: u32) -> Weight {
        Weight::zero()
    }
    fn set_forks() -> Weight {
        Weight::zero()
    }
    fn submit_update() -> Weight {
        Weight::zero()
    }
    fn submit_update_with_committee() -> Weight {
        Weight::zero()
    }
}
