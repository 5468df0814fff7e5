//! Weights of `pallet_zkgraph_registry`, measured by `scripts/weights` with `20` steps and `5` repetitions on 2026-11-23:
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
    /// `register`, component `m`.
    fn register(m: u32) -> Weight;
    /// `update_manifest`, component `m`.
    fn update_manifest(m: u32) -> Weight;
    /// `transfer_ownership`.
    fn transfer_ownership() -> Weight;
    /// `accept_ownership`.
    fn accept_ownership() -> Weight;
    /// `retire`.
    fn retire() -> Weight;
    /// `skip_blocks`.
    fn skip_blocks() -> Weight;
}

/// Weights for a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    // Storage: `ZkGraphRegistry::NextIndex` (r:1 w:1)
    // Proof: `ZkGraphRegistry::NextIndex` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Registered` (r:1 w:1)
    // Proof: `ZkGraphRegistry::Registered` (`max_values`: None, `max_size`: Some(499), added: 2974, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::CounterForRegistered` (r:1 w:1)
    // Proof: `ZkGraphRegistry::CounterForRegistered` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Manifests` (r:0 w:1)
    // Proof: `ZkGraphRegistry::Manifests` (`max_values`: None, `max_size`: Some(8226), added: 10701, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Images` (r:0 w:1)
    // Proof: `ZkGraphRegistry::Images` (`max_values`: None, `max_size`: Some(546), added: 3021, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Owned` (r:0 w:1)
    // Proof: `ZkGraphRegistry::Owned` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    fn register(m: u32) -> Weight {
        Weight::from_parts(730_445_797, 3964)
            .saturating_add(Weight::from_parts(13_419, 0).saturating_mul(u64::from(m)))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    // Storage: `ZkGraphRegistry::Registered` (r:1 w:1)
    // Proof: `ZkGraphRegistry::Registered` (`max_values`: None, `max_size`: Some(499), added: 2974, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Images` (r:1 w:0)
    // Proof: `ZkGraphRegistry::Images` (`max_values`: None, `max_size`: Some(546), added: 3021, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Manifests` (r:0 w:1)
    // Proof: `ZkGraphRegistry::Manifests` (`max_values`: None, `max_size`: Some(8226), added: 10701, mode: `MaxEncodedLen`)
    fn update_manifest(m: u32) -> Weight {
        Weight::from_parts(769_630_509, 4011)
            .saturating_add(Weight::from_parts(17_685, 0).saturating_mul(u64::from(m)))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    // Storage: `ZkGraphRegistry::Registered` (r:1 w:0)
    // Proof: `ZkGraphRegistry::Registered` (`max_values`: None, `max_size`: Some(499), added: 2974, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::PendingOwner` (r:0 w:1)
    // Proof: `ZkGraphRegistry::PendingOwner` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    fn transfer_ownership() -> Weight {
        Weight::from_parts(170_576_000, 3964)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `ZkGraphRegistry::Registered` (r:1 w:1)
    // Proof: `ZkGraphRegistry::Registered` (`max_values`: None, `max_size`: Some(499), added: 2974, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::PendingOwner` (r:1 w:1)
    // Proof: `ZkGraphRegistry::PendingOwner` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:2 w:2)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Owned` (r:0 w:2)
    // Proof: `ZkGraphRegistry::Owned` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    fn accept_ownership() -> Weight {
        Weight::from_parts(1_115_875_000, 6218)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(8))
    }
    // Storage: `ZkGraphRegistry::Registered` (r:1 w:1)
    // Proof: `ZkGraphRegistry::Registered` (`max_values`: None, `max_size`: Some(499), added: 2974, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::CounterForRegistered` (r:1 w:1)
    // Proof: `ZkGraphRegistry::CounterForRegistered` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Manifests` (r:0 w:1)
    // Proof: `ZkGraphRegistry::Manifests` (`max_values`: None, `max_size`: Some(8226), added: 10701, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::PendingOwner` (r:0 w:1)
    // Proof: `ZkGraphRegistry::PendingOwner` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::States` (r:0 w:1)
    // Proof: `ZkGraphRegistry::States` (`max_values`: None, `max_size`: Some(4130), added: 6605, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Images` (r:0 w:1)
    // Proof: `ZkGraphRegistry::Images` (`max_values`: None, `max_size`: Some(546), added: 3021, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Owned` (r:0 w:1)
    // Proof: `ZkGraphRegistry::Owned` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    fn retire() -> Weight {
        Weight::from_parts(1_007_512_000, 3964)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(9))
    }
    // Storage: `ZkGraphRegistry::Registered` (r:1 w:1)
    // Proof: `ZkGraphRegistry::Registered` (`max_values`: None, `max_size`: Some(499), added: 2974, mode: `MaxEncodedLen`)
    fn skip_blocks() -> Weight {
        Weight::from_parts(217_466_000, 3964)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}

// For tests: no weight at all.
impl WeightInfo for () {
    fn register(_m: u32) -> Weight {
        Weight::zero()
    }
    fn update_manifest(_m: u32) -> Weight {
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
    fn skip_blocks() -> Weight {
        Weight::zero()
    }
}
