//! Weights of `pallet_outbox`, measured by `scripts/weights` with `20` steps and `5` repetitions on 2026-11-23:
//! AMD EPYC, 1024 MiB database cache. `order` with a node that was not optimised, which takes about twice as long.

#![allow(clippy::unnecessary_cast, reason = "generated")]
#![allow(unused_parens, unused_imports, reason = "generated")]

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::RocksDbWeight},
};

/// Weights of the calls and hooks.
pub trait WeightInfo {
    /// `on_finalize`, component `m`.
    fn on_finalize(m: u32) -> Weight;
    /// `order`.
    fn order() -> Weight;
}

/// Weights for a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    // Storage: `Outbox::Pending` (r:1 w:1)
    // Proof: `Outbox::Pending` (`max_values`: Some(1), `max_size`: Some(2050), added: 2545, mode: `MaxEncodedLen`)
    // Storage: `Outbox::NextNonce` (r:1 w:0)
    // Proof: `Outbox::NextNonce` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Outbox::Root` (r:0 w:1)
    // Proof: `Outbox::Root` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    // Storage: `Outbox::Blocks` (r:0 w:1)
    // Proof: `Outbox::Blocks` (`max_values`: None, `max_size`: Some(2070), added: 4545, mode: `MaxEncodedLen`)
    fn on_finalize(m: u32) -> Weight {
        Weight::from_parts(46_255_813, 3535)
            .saturating_add(Weight::from_parts(1_729_650, 0).saturating_mul(u64::from(m)))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `System::BlockHash` (r:1 w:0)
    // Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    // Storage: `Outbox::NextNonce` (r:1 w:1)
    // Proof: `Outbox::NextNonce` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Outbox::Pending` (r:1 w:1)
    // Proof: `Outbox::Pending` (`max_values`: Some(1), `max_size`: Some(2050), added: 2545, mode: `MaxEncodedLen`)
    // Storage: `Gateways::Sponsors` (r:1 w:0)
    // Proof: `Gateways::Sponsors` (`max_values`: None, `max_size`: Some(124), added: 2599, mode: `MaxEncodedLen`)
    // Storage: `Outbox::BlockOf` (r:0 w:1)
    // Proof: `Outbox::BlockOf` (`max_values`: None, `max_size`: Some(20), added: 2495, mode: `MaxEncodedLen`)
    fn order() -> Weight {
        Weight::from_parts(271_958_000, 3589)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
}

// For tests: no weight at all.
impl WeightInfo for () {
    fn on_finalize(_m: u32) -> Weight {
        Weight::zero()
    }
    fn order() -> Weight {
        Weight::zero()
    }
}
