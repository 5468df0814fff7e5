//! Weights of `pallet_validators`, measured by `scripts/weights` with `20` steps and `5` repetitions on 2026-11-23:
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
    /// `bond`.
    fn bond() -> Weight;
    /// `validate`, component `c`.
    fn validate(c: u32) -> Weight;
    /// `chill`, component `c`.
    fn chill(c: u32) -> Weight;
    /// `unbond`.
    fn unbond() -> Weight;
    /// `withdraw`.
    fn withdraw() -> Weight;
    /// `set_limits`.
    fn set_limits() -> Weight;
    /// `choose`, component `c`.
    fn choose(c: u32) -> Weight;
    /// `close`, component `a`, component `s`.
    fn close(a: u32, s: u32) -> Weight;
    /// `disable_offenders`, component `v`.
    fn disable_offenders(v: u32) -> Weight;
    /// `note_author`.
    fn note_author() -> Weight;
    /// `slash`, component `c`, component `r`.
    fn slash(c: u32, r: u32) -> Weight;
}

/// Weights for a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(175), added: 2650, mode: `MaxEncodedLen`)
    // Storage: `Validators::Bonds` (r:1 w:1)
    // Proof: `Validators::Bonds` (`max_values`: None, `max_size`: Some(385), added: 2860, mode: `MaxEncodedLen`)
    fn bond() -> Weight {
        Weight::from_parts(570_596_000, 3850)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Validators::Bonds` (r:201 w:0)
    // Proof: `Validators::Bonds` (`max_values`: None, `max_size`: Some(385), added: 2860, mode: `MaxEncodedLen`)
    // Storage: `Session::NextKeys` (r:1 w:0)
    // Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `Validators::BarredUntil` (r:1 w:0)
    // Proof: `Validators::BarredUntil` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    // Storage: `Validators::Candidates` (r:1 w:1)
    // Proof: `Validators::Candidates` (`max_values`: Some(1), `max_size`: Some(6402), added: 6897, mode: `MaxEncodedLen`)
    fn validate(c: u32) -> Weight {
        Weight::from_parts(254_291_000, 7887)
            .saturating_add(Weight::from_parts(6_531_693, 0).saturating_mul(u64::from(c)))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Validators::Candidates` (r:1 w:1)
    // Proof: `Validators::Candidates` (`max_values`: Some(1), `max_size`: Some(6402), added: 6897, mode: `MaxEncodedLen`)
    fn chill(c: u32) -> Weight {
        Weight::from_parts(172_527_735, 7887)
            .saturating_add(Weight::from_parts(344_722, 0).saturating_mul(u64::from(c)))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Validators::Bonds` (r:1 w:1)
    // Proof: `Validators::Bonds` (`max_values`: None, `max_size`: Some(385), added: 2860, mode: `MaxEncodedLen`)
    // Storage: `Session::CurrentIndex` (r:1 w:0)
    // Proof: `Session::CurrentIndex` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    fn unbond() -> Weight {
        Weight::from_parts(329_254_000, 3850)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Validators::Bonds` (r:1 w:1)
    // Proof: `Validators::Bonds` (`max_values`: None, `max_size`: Some(385), added: 2860, mode: `MaxEncodedLen`)
    // Storage: `Session::CurrentIndex` (r:1 w:0)
    // Proof: `Session::CurrentIndex` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Validators::LastChosen` (r:1 w:0)
    // Proof: `Validators::LastChosen` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(175), added: 2650, mode: `MaxEncodedLen`)
    fn withdraw() -> Weight {
        Weight::from_parts(634_843_000, 3850)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `Validators::ValidatorLimits` (r:0 w:1)
    // Proof: `Validators::ValidatorLimits` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    fn set_limits() -> Weight {
        Weight::from_parts(80_060_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Validators::Candidates` (r:1 w:0)
    // Proof: `Validators::Candidates` (`max_values`: Some(1), `max_size`: Some(6402), added: 6897, mode: `MaxEncodedLen`)
    // Storage: `Session::NextKeys` (r:200 w:0)
    // Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `Validators::ValidatorLimits` (r:1 w:0)
    // Proof: `Validators::ValidatorLimits` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Validators::Bonds` (r:200 w:0)
    // Proof: `Validators::Bonds` (`max_values`: None, `max_size`: Some(385), added: 2860, mode: `MaxEncodedLen`)
    // Storage: `Validators::Chosen` (r:0 w:1)
    // Proof: `Validators::Chosen` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `Validators::LastChosen` (r:0 w:100)
    // Proof: `Validators::LastChosen` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    fn choose(c: u32) -> Weight {
        Weight::from_parts(149_000_000, 7887)
            .saturating_add(Weight::from_parts(85_400_000, 0).saturating_mul(u64::from(c)))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads(2_u64.saturating_mul(u64::from(c))))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes(u64::from(c)))
    }
    // Storage: `Validators::Authored` (r:101 w:100)
    // Proof: `Validators::Authored` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    // Storage: `Validators::Slashes` (r:201 w:100)
    // Proof: `Validators::Slashes` (`max_values`: None, `max_size`: Some(72), added: 2547, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:100 w:100)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Validators::Chosen` (r:0 w:1)
    // Proof: `Validators::Chosen` (`max_values`: None, `max_size`: None, mode: `Measured`)
    fn close(a: u32, s: u32) -> Weight {
        Weight::from_parts(738_048_764, 3537)
            .saturating_add(Weight::from_parts(296_383_557, 0).saturating_mul(u64::from(a)))
            .saturating_add(Weight::from_parts(54_616_023, 0).saturating_mul(u64::from(s)))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads(3_u64.saturating_mul(u64::from(a))))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(u64::from(s))))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes(2_u64.saturating_mul(u64::from(a))))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(u64::from(s))))
    }
    // Storage: `Session::Validators` (r:1 w:0)
    // Proof: `Session::Validators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Validators::Slashes` (r:200 w:0)
    // Proof: `Validators::Slashes` (`max_values`: None, `max_size`: Some(72), added: 2547, mode: `MaxEncodedLen`)
    // Storage: `Session::DisabledValidators` (r:1 w:1)
    // Proof: `Session::DisabledValidators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    fn disable_offenders(v: u32) -> Weight {
        Weight::from_parts(207_275_192, 1815)
            .saturating_add(Weight::from_parts(173_910_046, 0).saturating_mul(u64::from(v)))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads(2_u64.saturating_mul(u64::from(v))))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Validators::Authored` (r:1 w:1)
    // Proof: `Validators::Authored` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    fn note_author() -> Weight {
        Weight::from_parts(77_166_000, 3509)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Validators::Bonds` (r:1 w:1)
    // Proof: `Validators::Bonds` (`max_values`: None, `max_size`: Some(385), added: 2860, mode: `MaxEncodedLen`)
    // Storage: `Validators::Slashes` (r:1 w:1)
    // Proof: `Validators::Slashes` (`max_values`: None, `max_size`: Some(72), added: 2547, mode: `MaxEncodedLen`)
    // Storage: `Validators::Candidates` (r:1 w:1)
    // Proof: `Validators::Candidates` (`max_values`: Some(1), `max_size`: Some(6402), added: 6897, mode: `MaxEncodedLen`)
    // Storage: `Session::CurrentIndex` (r:1 w:0)
    // Proof: `Session::CurrentIndex` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Session::DisabledValidators` (r:1 w:0)
    // Proof: `Session::DisabledValidators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Session::Validators` (r:1 w:0)
    // Proof: `Session::Validators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(175), added: 2650, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:9 w:9)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Validators::BarredUntil` (r:0 w:1)
    // Proof: `Validators::BarredUntil` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    fn slash(c: u32, r: u32) -> Weight {
        Weight::from_parts(460_120_242, 7887)
            .saturating_add(Weight::from_parts(1_309_455, 0).saturating_mul(u64::from(c)))
            .saturating_add(Weight::from_parts(196_985_271, 0).saturating_mul(u64::from(r)))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(u64::from(r))))
            .saturating_add(T::DbWeight::get().writes(6))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(u64::from(r))))
    }
}

// For tests: no weight at all.
impl WeightInfo for () {
    fn bond() -> Weight {
        Weight::zero()
    }
    fn validate(_c: u32) -> Weight {
        Weight::zero()
    }
    fn chill(_c: u32) -> Weight {
        Weight::zero()
    }
    fn unbond() -> Weight {
        Weight::zero()
    }
    fn withdraw() -> Weight {
        Weight::zero()
    }
    fn set_limits() -> Weight {
        Weight::zero()
    }
    fn choose(_c: u32) -> Weight {
        Weight::zero()
    }
    fn close(_a: u32, _s: u32) -> Weight {
        Weight::zero()
    }
    fn disable_offenders(_v: u32) -> Weight {
        Weight::zero()
    }
    fn note_author() -> Weight {
        Weight::zero()
    }
    fn slash(_c: u32, _r: u32) -> Weight {
        Weight::zero()
    }
}
