//! A runtime with this pallet, on which runs can read chain 1, and whose clock is set by tests.

#![allow(unreachable_pub, reason = "types of a public runtime have to be public")]

use core::time::Duration;
use std::cell::Cell;

use frame_support::{
    derive_impl,
    traits::{ConstU32, ConstU64, UnixTime},
};
use frame_system::EnsureRoot;
use sp_runtime::BuildStorage;
use weft_bls_host::NativeCrypto;

use crate as pallet_data_bus;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type DataBus = pallet_data_bus;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
}

impl pallet_data_bus::Config for Test {
    type ChainsOrigin = EnsureRoot<u64>;
    type Crypto = NativeCrypto;
    type Time = Clock;
    type MaxAnchors = ConstU32<4>;
    type StallAfter = ConstU64<24>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkClock = Clock;
}

thread_local! {
    static NOW: Cell<u64> = const { Cell::new(0) };
}

/// A clock that stands still until it is set.
pub struct Clock;

impl Clock {
    /// Sets the time, in seconds since 1970.
    pub(crate) fn set_seconds(now: u64) {
        NOW.set(now);
    }
}

impl UnixTime for Clock {
    fn now() -> Duration {
        Duration::from_secs(NOW.get())
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkClock for Clock {
    fn set(seconds: u64) {
        Self::set_seconds(seconds);
    }
}

/// A fresh chain at block 1.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    pallet_data_bus::GenesisConfig::<Test> {
        chains: vec![1],
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| System::set_block_number(1));
    ext
}
