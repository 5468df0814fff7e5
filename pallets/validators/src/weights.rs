//! Weights of `pallet_validators`: estimated from those of calls with as many reads and writes, not measured yet. `scripts/weights validators` measures them.

#![allow(clippy::unnecessary_cast, reason = "as generated files have it")]
#![allow(unused_parens, unused_imports, reason = "as generated files have it")]

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
    /// `close`, components `a` and `s`.
    fn close(a: u32, s: u32) -> Weight;
    /// `disable_offenders`, component `v`.
    fn disable_offenders(v: u32) -> Weight;
    /// `note_author`.
    fn note_author() -> Weight;
    /// `slash`, components `c` and `r`.
    fn slash(c: u32, r: u32) -> Weight;
}

/// Weights for a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn bond() -> Weight {
        Weight::from_parts(80000000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn validate(c: u32) -> Weight {
        Weight::from_parts(60000000, 0)
            .saturating_add(Weight::from_parts(200000, 0).saturating_mul(u64::from(c)))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(u64::from(c)))
    }
    fn chill(c: u32) -> Weight {
        Weight::from_parts(30000000, 0)
            .saturating_add(Weight::from_parts(20000, 0).saturating_mul(u64::from(c)))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn unbond() -> Weight {
        Weight::from_parts(50000000, 0)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn withdraw() -> Weight {
        Weight::from_parts(80000000, 0)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    fn set_limits() -> Weight {
        Weight::from_parts(20000000, 0)
            .saturating_add(T::DbWeight::get().reads(0))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn choose(c: u32) -> Weight {
        Weight::from_parts(30000000, 0)
            .saturating_add(Weight::from_parts(3000000, 0).saturating_mul(u64::from(c)))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(0))
            .saturating_add(T::DbWeight::get().reads(2).saturating_mul(u64::from(c)))
    }
    fn close(a: u32, s: u32) -> Weight {
        Weight::from_parts(40000000, 0)
            .saturating_add(Weight::from_parts(60000000, 0).saturating_mul(u64::from(a)))
            .saturating_add(Weight::from_parts(5000000, 0).saturating_mul(u64::from(s)))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().reads(3).saturating_mul(u64::from(a)))
            .saturating_add(T::DbWeight::get().writes(2).saturating_mul(u64::from(a)))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(u64::from(s)))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(u64::from(s)))
    }
    fn disable_offenders(v: u32) -> Weight {
        Weight::from_parts(20_000_000, 0)
            .saturating_add(Weight::from_parts(5_000_000, 0).saturating_mul(u64::from(v)))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads(2).saturating_mul(u64::from(v)))
    }
    fn note_author() -> Weight {
        Weight::from_parts(10000000, 0)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    fn slash(c: u32, r: u32) -> Weight {
        Weight::from_parts(150000000, 0)
            .saturating_add(Weight::from_parts(20000, 0).saturating_mul(u64::from(c)))
            .saturating_add(Weight::from_parts(60000000, 0).saturating_mul(u64::from(r)))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(6))
            .saturating_add(T::DbWeight::get().reads(1).saturating_mul(u64::from(r)))
            .saturating_add(T::DbWeight::get().writes(1).saturating_mul(u64::from(r)))
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
