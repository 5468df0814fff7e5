//! How fast the chain goes: the block time and the epoch length, set at genesis and never changed.
//!
//! BABE takes both from the runtime and cannot follow a change. Most runtimes make them constants, and a faster chain for
//! development is then another runtime. Here they are genesis values, so that the development chain, the local test
//! network and production run the same code.
//!
//! A genesis that does not set them has the production values.

#![warn(missing_docs)]

pub use pallet::*;

#[frame_support::pallet]
mod pallet {
    #![allow(missing_docs, reason = "the macro generates items without documentation")]

    use frame_support::{pallet_prelude::*, traits::ConstU64};

    /// Time between blocks in production, in milliseconds.
    const DEFAULT_BLOCK_MILLISECONDS: u64 = 6_000;
    /// Length of an epoch in production, in blocks: four hours.
    const DEFAULT_EPOCH_BLOCKS: u64 = 4 * 60 * 60 * 1_000 / DEFAULT_BLOCK_MILLISECONDS;

    /// The pallet.
    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// Configuration of the pallet: none.
    #[pallet::config]
    pub trait Config: frame_system::Config {}

    /// Time between blocks, in milliseconds.
    #[pallet::storage]
    pub type BlockMilliseconds<T> = StorageValue<_, u64, ValueQuery, ConstU64<DEFAULT_BLOCK_MILLISECONDS>>;

    /// Length of an epoch, which is also a session, in blocks.
    #[pallet::storage]
    pub type EpochBlocks<T> = StorageValue<_, u64, ValueQuery, ConstU64<DEFAULT_EPOCH_BLOCKS>>;

    /// The values that this chain has from its first block.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Time between blocks, in milliseconds.
        pub block_milliseconds: u64,
        /// Length of an epoch, in blocks.
        pub epoch_blocks: u64,
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                block_milliseconds: DEFAULT_BLOCK_MILLISECONDS,
                epoch_blocks: DEFAULT_EPOCH_BLOCKS,
                _config: Default::default(),
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Panics on a cadence that no chain could run at: a wrong genesis must not start.
        fn build(&self) {
            assert!(
                self.block_milliseconds >= 500,
                "blocks must be at least 500 ms apart"
            );
            assert!(
                self.block_milliseconds.is_multiple_of(2),
                "the minimum period is half of the block time"
            );
            assert!(self.epoch_blocks >= 10, "an epoch must have at least 10 blocks");
            BlockMilliseconds::<T>::put(self.block_milliseconds);
            EpochBlocks::<T>::put(self.epoch_blocks);
        }
    }
}

/// The time between blocks, in milliseconds.
pub struct BlockTime;
impl frame_support::traits::Get<u64> for BlockTime {
    fn get() -> u64 {
        BlockMilliseconds::<crate::Runtime>::get()
    }
}

/// The least time between two timestamps, in milliseconds. BABE's slot is twice as long.
pub struct MinimumPeriod;
impl frame_support::traits::Get<u64> for MinimumPeriod {
    fn get() -> u64 {
        BlockTime::get() / 2
    }
}

/// The length of an epoch, in slots.
pub struct EpochDuration;
impl frame_support::traits::Get<u64> for EpochDuration {
    fn get() -> u64 {
        EpochBlocks::<crate::Runtime>::get()
    }
}
