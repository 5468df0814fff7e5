//! Weights of `pallet_gateways`, measured by `scripts/weights` with `20` steps and `5` repetitions on 2026-11-23:
//! AMD EPYC, 1024 MiB database cache, with a node that was not optimised, which takes about twice as long.

#![allow(clippy::unnecessary_cast, reason = "generated")]
#![allow(unused_parens, unused_imports, reason = "generated")]

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::RocksDbWeight},
};

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
    // Storage: `ZkGraphRegistry::Registered` (r:1 w:0)
    // Proof: `ZkGraphRegistry::Registered` (`max_values`: None, `max_size`: Some(499), added: 2974, mode: `MaxEncodedLen`)
    // Storage: `Gateways::Sponsors` (r:1 w:1)
    // Proof: `Gateways::Sponsors` (`max_values`: None, `max_size`: Some(124), added: 2599, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:2 w:2)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(175), added: 2650, mode: `MaxEncodedLen`)
    fn sponsor() -> Weight {
        Weight::from_parts(932_279_000, 6290)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    // Storage: `Gateways::Sponsors` (r:1 w:1)
    // Proof: `Gateways::Sponsors` (`max_values`: None, `max_size`: Some(124), added: 2599, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(175), added: 2650, mode: `MaxEncodedLen`)
    fn withdraw() -> Weight {
        Weight::from_parts(515_503_000, 3640)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Outbox::NextNonce` (r:1 w:0)
    // Proof: `Outbox::NextNonce` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Gateways::Rewards` (r:1 w:1)
    // Proof: `Gateways::Rewards` (`max_values`: None, `max_size`: Some(837), added: 3312, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Clock` (r:1 w:0)
    // Proof: `DataBus::Clock` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:2 w:2)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(175), added: 2650, mode: `MaxEncodedLen`)
    fn tip() -> Weight {
        Weight::from_parts(1_067_843_000, 6290)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    // Storage: `Gateways::Rewards` (r:1 w:1)
    // Proof: `Gateways::Rewards` (`max_values`: None, `max_size`: Some(837), added: 3312, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Clock` (r:1 w:0)
    // Proof: `DataBus::Clock` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:4 w:4)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:4 w:4)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(175), added: 2650, mode: `MaxEncodedLen`)
    fn reclaim() -> Weight {
        Weight::from_parts(1_640_582_000, 11590)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(9))
    }
    // Storage: `DataBus::AllowedChains` (r:1 w:0)
    // Proof: `DataBus::AllowedChains` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Network` (r:1 w:0)
    // Proof: `DataBus::Network` (`max_values`: Some(1), `max_size`: Some(266), added: 761, mode: `MaxEncodedLen`)
    // Storage: `DataBus::SlotByHash` (r:1 w:0)
    // Proof: `DataBus::SlotByHash` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Anchors` (r:1 w:0)
    // Proof: `DataBus::Anchors` (`max_values`: None, `max_size`: Some(232), added: 2707, mode: `MaxEncodedLen`)
    // Storage: `Gateways::Rewards` (r:64 w:64)
    // Proof: `Gateways::Rewards` (`max_values`: None, `max_size`: Some(837), added: 3312, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:256 w:256)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(175), added: 2650, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:320 w:320)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    fn claim(e: u32, n: u32) -> Weight {
        Weight::from_parts(4_630_000_000, 3697)
            .saturating_add(Weight::from_parts(45_000, 0).saturating_mul(u64::from(e)))
            .saturating_add(Weight::from_parts(1_661_000_000, 903).saturating_mul(u64::from(n)))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().reads(10_u64.saturating_mul(u64::from(n))))
            .saturating_add(T::DbWeight::get().writes(10_u64.saturating_mul(u64::from(n))))
    }
    // Storage: `Gateways::NewestSet` (r:1 w:0)
    // Proof: `Gateways::NewestSet` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Gateways::Registered` (r:1 w:1)
    // Proof: `Gateways::Registered` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    fn register() -> Weight {
        Weight::from_parts(159_739_000, 3533)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Gateways::Registered` (r:1 w:1)
    // Proof: `Gateways::Registered` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    fn deregister() -> Weight {
        Weight::from_parts(153_290_000, 3533)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `ZkGraphRegistry::Registered` (r:1 w:0)
    // Proof: `ZkGraphRegistry::Registered` (`max_values`: None, `max_size`: Some(499), added: 2974, mode: `MaxEncodedLen`)
    // Storage: `Gateways::Sponsors` (r:1 w:1)
    // Proof: `Gateways::Sponsors` (`max_values`: None, `max_size`: Some(124), added: 2599, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Clock` (r:1 w:0)
    // Proof: `DataBus::Clock` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Gateways::Rewards` (r:0 w:1)
    // Proof: `Gateways::Rewards` (`max_values`: None, `max_size`: Some(837), added: 3312, mode: `MaxEncodedLen`)
    fn on_message() -> Weight {
        Weight::from_parts(206_760_000, 3964)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `Gateways::PaidHandovers` (r:4 w:4)
    // Proof: `Gateways::PaidHandovers` (`max_values`: None, `max_size`: Some(60), added: 2535, mode: `MaxEncodedLen`)
    // Storage: `Gateways::Keysets` (r:0 w:3)
    // Proof: `Gateways::Keysets` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    // Storage: `Gateways::NewestSet` (r:0 w:1)
    // Proof: `Gateways::NewestSet` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    fn note_set() -> Weight {
        Weight::from_parts(136_065_000, 11130)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(8))
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
