//! Weights of `pallet_proof_settlement`, measured by `scripts/weights` with `20` steps and `5` repetitions on 2026-11-23:
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
    /// `offer`.
    fn offer() -> Weight;
    /// `lock`, component `a`.
    fn lock(a: u32) -> Weight;
    /// `submit`, component `e`, component `p`.
    fn submit(e: u32, p: u32) -> Weight;
    /// `expire`.
    fn expire() -> Weight;
    /// `set_key`, component `k`.
    fn set_key(k: u32) -> Weight;
    /// `remove_key`.
    fn remove_key() -> Weight;
    /// `set_trigger`.
    fn set_trigger() -> Weight;
    /// `close_trigger`.
    fn close_trigger() -> Weight;
    /// `trigger`, component `a`.
    fn trigger(a: u32) -> Weight;
}

/// Weights for a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    // Storage: `ZkGraphRegistry::Registered` (r:1 w:0)
    // Proof: `ZkGraphRegistry::Registered` (`max_values`: None, `max_size`: Some(499), added: 2974, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Manifests` (r:1 w:0)
    // Proof: `ZkGraphRegistry::Manifests` (`max_values`: None, `max_size`: Some(8226), added: 10701, mode: `MaxEncodedLen`)
    // Storage: `DataBus::AllowedChains` (r:1 w:0)
    // Proof: `DataBus::AllowedChains` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Network` (r:1 w:0)
    // Proof: `DataBus::Network` (`max_values`: Some(1), `max_size`: Some(266), added: 761, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Clock` (r:1 w:0)
    // Proof: `DataBus::Clock` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::NextJob` (r:1 w:1)
    // Proof: `ProofSettlement::NextJob` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::OpenJobs` (r:0 w:1)
    // Proof: `ProofSettlement::OpenJobs` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::Jobs` (r:0 w:1)
    // Proof: `ProofSettlement::Jobs` (`max_values`: None, `max_size`: Some(2709), added: 5184, mode: `MaxEncodedLen`)
    fn offer() -> Weight {
        Weight::from_parts(1_396_035_000, 11691)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    // Storage: `ProofSettlement::Jobs` (r:1 w:1)
    // Proof: `ProofSettlement::Jobs` (`max_values`: None, `max_size`: Some(2709), added: 5184, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Clock` (r:1 w:0)
    // Proof: `DataBus::Clock` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Registered` (r:1 w:1)
    // Proof: `ZkGraphRegistry::Registered` (`max_values`: None, `max_size`: Some(499), added: 2974, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Manifests` (r:1 w:0)
    // Proof: `ZkGraphRegistry::Manifests` (`max_values`: None, `max_size`: Some(8226), added: 10701, mode: `MaxEncodedLen`)
    // Storage: `DataBus::AllowedChains` (r:1 w:0)
    // Proof: `DataBus::AllowedChains` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Network` (r:1 w:0)
    // Proof: `DataBus::Network` (`max_values`: Some(1), `max_size`: Some(266), added: 761, mode: `MaxEncodedLen`)
    // Storage: `DataBus::SlotByHash` (r:1 w:0)
    // Proof: `DataBus::SlotByHash` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Anchors` (r:1 w:0)
    // Proof: `DataBus::Anchors` (`max_values`: None, `max_size`: Some(232), added: 2707, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::CurrentKey` (r:1 w:0)
    // Proof: `ProofSettlement::CurrentKey` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::Keys` (r:1 w:0)
    // Proof: `ProofSettlement::Keys` (`max_values`: None, `max_size`: Some(65572), added: 68047, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Images` (r:1 w:0)
    // Proof: `ZkGraphRegistry::Images` (`max_values`: None, `max_size`: Some(546), added: 3021, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::OpenJobs` (r:0 w:1)
    // Proof: `ProofSettlement::OpenJobs` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::LockedJobs` (r:0 w:1)
    // Proof: `ProofSettlement::LockedJobs` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::Snapshots` (r:0 w:1)
    // Proof: `ProofSettlement::Snapshots` (`max_values`: None, `max_size`: Some(8790), added: 11265, mode: `MaxEncodedLen`)
    fn lock(a: u32) -> Weight {
        Weight::from_parts(1_951_403_396, 69037)
            .saturating_add(Weight::from_parts(11_424, 0).saturating_mul(u64::from(a)))
            .saturating_add(T::DbWeight::get().reads(13))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    // Storage: `ProofSettlement::Jobs` (r:1 w:1)
    // Proof: `ProofSettlement::Jobs` (`max_values`: None, `max_size`: Some(2640), added: 5115, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::Snapshots` (r:1 w:1)
    // Proof: `ProofSettlement::Snapshots` (`max_values`: None, `max_size`: Some(8790), added: 11265, mode: `MaxEncodedLen`)
    // Storage: `System::BlockHash` (r:1 w:0)
    // Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::Keys` (r:1 w:0)
    // Proof: `ProofSettlement::Keys` (`max_values`: None, `max_size`: Some(65572), added: 68047, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::States` (r:1 w:1)
    // Proof: `ZkGraphRegistry::States` (`max_values`: None, `max_size`: Some(4130), added: 6605, mode: `MaxEncodedLen`)
    // Storage: `DataBus::AllowedChains` (r:1 w:0)
    // Proof: `DataBus::AllowedChains` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    // Storage: `Outbox::Pending` (r:1 w:1)
    // Proof: `Outbox::Pending` (`max_values`: Some(1), `max_size`: Some(2050), added: 2545, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:2 w:2)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Registered` (r:1 w:1)
    // Proof: `ZkGraphRegistry::Registered` (`max_values`: None, `max_size`: Some(482), added: 2957, mode: `MaxEncodedLen`)
    // Storage: `Outbox::NextNonce` (r:1 w:1)
    // Proof: `Outbox::NextNonce` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::FinishedCount` (r:1 w:1)
    // Proof: `ProofSettlement::FinishedCount` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Outbox::BlockOf` (r:0 w:1)
    // Proof: `Outbox::BlockOf` (`max_values`: None, `max_size`: Some(20), added: 2495, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::LockedJobs` (r:0 w:1)
    // Proof: `ProofSettlement::LockedJobs` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::FinishedJobs` (r:0 w:1)
    // Proof: `ProofSettlement::FinishedJobs` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
    fn submit(e: u32, p: u32) -> Weight {
        Weight::from_parts(12_421_420_732, 69037)
            .saturating_add(Weight::from_parts(19_165, 0).saturating_mul(u64::from(e)))
            .saturating_add(Weight::from_parts(138_765, 0).saturating_mul(u64::from(p)))
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(14))
    }
    // Storage: `ProofSettlement::Jobs` (r:1 w:1)
    // Proof: `ProofSettlement::Jobs` (`max_values`: None, `max_size`: Some(2709), added: 5184, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Clock` (r:1 w:0)
    // Proof: `DataBus::Clock` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::Snapshots` (r:1 w:1)
    // Proof: `ProofSettlement::Snapshots` (`max_values`: None, `max_size`: Some(8790), added: 11265, mode: `MaxEncodedLen`)
    // Storage: `DataBus::AllowedChains` (r:1 w:0)
    // Proof: `DataBus::AllowedChains` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Network` (r:1 w:0)
    // Proof: `DataBus::Network` (`max_values`: Some(1), `max_size`: Some(266), added: 761, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:2 w:2)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Registered` (r:1 w:1)
    // Proof: `ZkGraphRegistry::Registered` (`max_values`: None, `max_size`: Some(499), added: 2974, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::FinishedCount` (r:1 w:1)
    // Proof: `ProofSettlement::FinishedCount` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::LockedJobs` (r:0 w:1)
    // Proof: `ProofSettlement::LockedJobs` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::FinishedJobs` (r:0 w:1)
    // Proof: `ProofSettlement::FinishedJobs` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
    fn expire() -> Weight {
        Weight::from_parts(1_876_196_000, 12255)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(10))
    }
    // Storage: `ProofSettlement::CurrentKey` (r:0 w:1)
    // Proof: `ProofSettlement::CurrentKey` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::Keys` (r:0 w:1)
    // Proof: `ProofSettlement::Keys` (`max_values`: None, `max_size`: Some(65572), added: 68047, mode: `MaxEncodedLen`)
    fn set_key(k: u32) -> Weight {
        Weight::from_parts(213_194_183, 0)
            .saturating_add(Weight::from_parts(8_063, 0).saturating_mul(u64::from(k)))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `ProofSettlement::Keys` (r:1 w:1)
    // Proof: `ProofSettlement::Keys` (`max_values`: None, `max_size`: Some(65572), added: 68047, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::CurrentKey` (r:1 w:1)
    // Proof: `ProofSettlement::CurrentKey` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
    fn remove_key() -> Weight {
        Weight::from_parts(353_831_000, 69037)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }
    // Storage: `ZkGraphRegistry::Registered` (r:1 w:0)
    // Proof: `ZkGraphRegistry::Registered` (`max_values`: None, `max_size`: Some(499), added: 2974, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Manifests` (r:1 w:0)
    // Proof: `ZkGraphRegistry::Manifests` (`max_values`: None, `max_size`: Some(8226), added: 10701, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::Triggers` (r:1 w:1)
    // Proof: `ProofSettlement::Triggers` (`max_values`: None, `max_size`: Some(129), added: 2604, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
    fn set_trigger() -> Weight {
        Weight::from_parts(870_376_000, 11691)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `ProofSettlement::Triggers` (r:1 w:1)
    // Proof: `ProofSettlement::Triggers` (`max_values`: None, `max_size`: Some(129), added: 2604, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
    fn close_trigger() -> Weight {
        Weight::from_parts(814_542_000, 3604)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `ProofSettlement::Triggers` (r:1 w:1)
    // Proof: `ProofSettlement::Triggers` (`max_values`: None, `max_size`: Some(129), added: 2604, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Clock` (r:1 w:0)
    // Proof: `DataBus::Clock` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Registered` (r:1 w:1)
    // Proof: `ZkGraphRegistry::Registered` (`max_values`: None, `max_size`: Some(499), added: 2974, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Manifests` (r:1 w:0)
    // Proof: `ZkGraphRegistry::Manifests` (`max_values`: None, `max_size`: Some(8226), added: 10701, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:2 w:2)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:2 w:2)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(139), added: 2614, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::NextJob` (r:1 w:1)
    // Proof: `ProofSettlement::NextJob` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `DataBus::AllowedChains` (r:1 w:0)
    // Proof: `DataBus::AllowedChains` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Network` (r:1 w:0)
    // Proof: `DataBus::Network` (`max_values`: Some(1), `max_size`: Some(266), added: 761, mode: `MaxEncodedLen`)
    // Storage: `DataBus::SlotByHash` (r:1 w:0)
    // Proof: `DataBus::SlotByHash` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
    // Storage: `DataBus::Anchors` (r:1 w:0)
    // Proof: `DataBus::Anchors` (`max_values`: None, `max_size`: Some(232), added: 2707, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::CurrentKey` (r:1 w:0)
    // Proof: `ProofSettlement::CurrentKey` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::Keys` (r:1 w:0)
    // Proof: `ProofSettlement::Keys` (`max_values`: None, `max_size`: Some(65572), added: 68047, mode: `MaxEncodedLen`)
    // Storage: `ZkGraphRegistry::Images` (r:1 w:0)
    // Proof: `ZkGraphRegistry::Images` (`max_values`: None, `max_size`: Some(546), added: 3021, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::OpenJobs` (r:0 w:1)
    // Proof: `ProofSettlement::OpenJobs` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::Jobs` (r:0 w:1)
    // Proof: `ProofSettlement::Jobs` (`max_values`: None, `max_size`: Some(2709), added: 5184, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::LockedJobs` (r:0 w:1)
    // Proof: `ProofSettlement::LockedJobs` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    // Storage: `ProofSettlement::Snapshots` (r:0 w:1)
    // Proof: `ProofSettlement::Snapshots` (`max_values`: None, `max_size`: Some(8790), added: 11265, mode: `MaxEncodedLen`)
    fn trigger(a: u32) -> Weight {
        Weight::from_parts(2_418_309_257, 69037)
            .saturating_add(Weight::from_parts(11_609, 0).saturating_mul(u64::from(a)))
            .saturating_add(T::DbWeight::get().reads(16))
            .saturating_add(T::DbWeight::get().writes(11))
    }
}

// For tests: no weight at all.
impl WeightInfo for () {
    fn offer() -> Weight {
        Weight::zero()
    }
    fn lock(_a: u32) -> Weight {
        Weight::zero()
    }
    fn submit(_e: u32, _p: u32) -> Weight {
        Weight::zero()
    }
    fn expire() -> Weight {
        Weight::zero()
    }
    fn set_key(_k: u32) -> Weight {
        Weight::zero()
    }
    fn remove_key() -> Weight {
        Weight::zero()
    }
    fn set_trigger() -> Weight {
        Weight::zero()
    }
    fn close_trigger() -> Weight {
        Weight::zero()
    }
    fn trigger(_a: u32) -> Weight {
        Weight::zero()
    }
}
