//! Weights of `pallet_data_bus`, measured by `scripts/weights` with `20` steps and `5` repetitions on 2026-11-23:
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
    /// `recover_sender`.
    fn recover_sender() -> Weight;
}

/// Weights for a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    // Storage: `DataBus::AllowedChains` (r:0 w:1)
    // Proof: `DataBus::AllowedChains` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    fn allow_chain() -> Weight {
        Weight::from_parts(152_649_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `DataBus::AllowedChains` (r:0 w:1)
    // Proof: `DataBus::AllowedChains` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    fn forbid_chain() -> Weight {
        Weight::from_parts(112_649_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `DataBus::AnchorCount` (r:1 w:1)
    // Proof: `DataBus::AnchorCount` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `DataBus::AnchorSlots` (r:1024 w:1024)
    // Proof: `DataBus::AnchorSlots` (`max_values`: None, `max_size`: Some(20), added: 2495, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Anchors` (r:1024 w:1024)
    // Proof: `DataBus::Anchors` (`max_values`: None, `max_size`: Some(232), added: 2707, mode: `MaxEncodedLen`)
    // Storage: `DataBus::SlotByNumber` (r:1024 w:1024)
    // Proof: `DataBus::SlotByNumber` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
    // Storage: `DataBus::SlotByHash` (r:1024 w:1025)
    // Proof: `DataBus::SlotByHash` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Clock` (r:1 w:1)
    // Proof: `DataBus::Clock` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Finalized` (r:0 w:1)
    // Proof: `DataBus::Finalized` (`max_values`: Some(1), `max_size`: Some(112), added: 607, mode: `MaxEncodedLen`)
    // Storage: `DataBus::CurrentCommittee` (r:0 w:1)
    // Proof: `DataBus::CurrentCommittee` (`max_values`: Some(1), `max_size`: Some(49188), added: 49683, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Stalled` (r:0 w:1)
    // Proof: `DataBus::Stalled` (`max_values`: Some(1), `max_size`: Some(1), added: 496, mode: `MaxEncodedLen`)
    // Storage: `DataBus::NextCommittee` (r:0 w:1)
    // Proof: `DataBus::NextCommittee` (`max_values`: Some(1), `max_size`: Some(49188), added: 49683, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Progress` (r:0 w:1)
    // Proof: `DataBus::Progress` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Network` (r:0 w:1)
    // Proof: `DataBus::Network` (`max_values`: Some(1), `max_size`: Some(266), added: 761, mode: `MaxEncodedLen`)
    fn reset_light_client(a: u32) -> Weight {
        Weight::from_parts(28_792_180_000, 1493)
            .saturating_add(Weight::from_parts(271_279_860, 0).saturating_mul(u64::from(a)))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads(4_u64.saturating_mul(u64::from(a))))
            .saturating_add(T::DbWeight::get().writes(10))
            .saturating_add(T::DbWeight::get().writes(4_u64.saturating_mul(u64::from(a))))
    }
    // Storage: `DataBus::Network` (r:1 w:1)
    // Proof: `DataBus::Network` (`max_values`: Some(1), `max_size`: Some(266), added: 761, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Finalized` (r:1 w:0)
    // Proof: `DataBus::Finalized` (`max_values`: Some(1), `max_size`: Some(112), added: 607, mode: `MaxEncodedLen`)
    fn set_forks() -> Weight {
        Weight::from_parts(330_326_000, 1751)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `DataBus::Network` (r:1 w:0)
    // Proof: `DataBus::Network` (`max_values`: Some(1), `max_size`: Some(266), added: 761, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Finalized` (r:1 w:1)
    // Proof: `DataBus::Finalized` (`max_values`: Some(1), `max_size`: Some(112), added: 607, mode: `MaxEncodedLen`)
    // Storage: `DataBus::CurrentCommittee` (r:1 w:0)
    // Proof: `DataBus::CurrentCommittee` (`max_values`: Some(1), `max_size`: Some(49188), added: 49683, mode: `MaxEncodedLen`)
    // Storage: `DataBus::NextCommittee` (r:1 w:0)
    // Proof: `DataBus::NextCommittee` (`max_values`: Some(1), `max_size`: Some(49188), added: 49683, mode: `MaxEncodedLen`)
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Progress` (r:1 w:1)
    // Proof: `DataBus::Progress` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Clock` (r:1 w:1)
    // Proof: `DataBus::Clock` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Stalled` (r:1 w:0)
    // Proof: `DataBus::Stalled` (`max_values`: Some(1), `max_size`: Some(1), added: 496, mode: `MaxEncodedLen`)
    // Storage: `DataBus::AnchorCount` (r:1 w:1)
    // Proof: `DataBus::AnchorCount` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `DataBus::AnchorSlots` (r:1 w:1)
    // Proof: `DataBus::AnchorSlots` (`max_values`: None, `max_size`: Some(20), added: 2495, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Anchors` (r:1 w:2)
    // Proof: `DataBus::Anchors` (`max_values`: None, `max_size`: Some(232), added: 2707, mode: `MaxEncodedLen`)
    // Storage: `DataBus::SlotByNumber` (r:1 w:2)
    // Proof: `DataBus::SlotByNumber` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
    // Storage: `DataBus::SlotByHash` (r:1 w:2)
    // Proof: `DataBus::SlotByHash` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
    fn submit_update() -> Weight {
        Weight::from_parts(4_008_005_000, 50673)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(11))
    }
    // Storage: `DataBus::Network` (r:1 w:0)
    // Proof: `DataBus::Network` (`max_values`: Some(1), `max_size`: Some(266), added: 761, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Finalized` (r:1 w:1)
    // Proof: `DataBus::Finalized` (`max_values`: Some(1), `max_size`: Some(112), added: 607, mode: `MaxEncodedLen`)
    // Storage: `DataBus::CurrentCommittee` (r:1 w:0)
    // Proof: `DataBus::CurrentCommittee` (`max_values`: Some(1), `max_size`: Some(49188), added: 49683, mode: `MaxEncodedLen`)
    // Storage: `DataBus::NextCommittee` (r:1 w:1)
    // Proof: `DataBus::NextCommittee` (`max_values`: Some(1), `max_size`: Some(49188), added: 49683, mode: `MaxEncodedLen`)
    // Storage: `Timestamp::Now` (r:1 w:0)
    // Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Progress` (r:1 w:1)
    // Proof: `DataBus::Progress` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Clock` (r:1 w:1)
    // Proof: `DataBus::Clock` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Stalled` (r:1 w:0)
    // Proof: `DataBus::Stalled` (`max_values`: Some(1), `max_size`: Some(1), added: 496, mode: `MaxEncodedLen`)
    // Storage: `DataBus::AnchorCount` (r:1 w:1)
    // Proof: `DataBus::AnchorCount` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `DataBus::AnchorSlots` (r:1 w:1)
    // Proof: `DataBus::AnchorSlots` (`max_values`: None, `max_size`: Some(20), added: 2495, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Anchors` (r:1 w:2)
    // Proof: `DataBus::Anchors` (`max_values`: None, `max_size`: Some(232), added: 2707, mode: `MaxEncodedLen`)
    // Storage: `DataBus::SlotByNumber` (r:1 w:2)
    // Proof: `DataBus::SlotByNumber` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
    // Storage: `DataBus::SlotByHash` (r:1 w:2)
    // Proof: `DataBus::SlotByHash` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
    fn submit_update_with_committee() -> Weight {
        Weight::from_parts(43_380_814_000, 50673)
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(12))
    }
    fn recover_sender() -> Weight {
        Weight::from_parts(756_295_000, 0)
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
    fn reset_light_client(_a: u32) -> Weight {
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
    fn recover_sender() -> Weight {
        Weight::zero()
    }
}
