//! The system pallet: limits of a block, hashing, account data.

use frame_support::{
    derive_impl, parameter_types,
    traits::Contains,
    weights::{
        Weight,
        constants::{RocksDbWeight, WEIGHT_REF_TIME_PER_SECOND},
    },
};
use frame_system::limits;
use sp_runtime::Perbill;

use crate::{
    AccountId, Balance, Block, Hash, Nonce, PalletInfo, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin,
    RuntimeTask, VERSION,
};
use sp_version::RuntimeVersion;

/// The share of a block that ordinary transactions can fill; the rest is for operational ones.
const NORMAL_DISPATCH_RATIO: Perbill = Perbill::from_percent(75);
/// The most that a block can take to execute: a third of the production block time.
const MAXIMUM_BLOCK_WEIGHT: Weight = Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, u64::MAX);
/// The most that a block can have, in bytes.
const MAXIMUM_BLOCK_BYTES: u32 = 5 * 1024 * 1024;

parameter_types! {
    /// How many block hashes the runtime remembers; transactions can be mortal up to this many blocks.
    pub const BlockHashCount: u32 = 2_400;
    /// The version of this runtime.
    pub const Version: RuntimeVersion = VERSION;
    /// Limits on the execution time of blocks and transactions.
    pub BlockWeights: limits::BlockWeights =
        limits::BlockWeights::with_sensible_defaults(MAXIMUM_BLOCK_WEIGHT, NORMAL_DISPATCH_RATIO);
    /// Limits on the size of blocks.
    pub BlockLength: limits::BlockLength = limits::BlockLength::builder()
        .max_length(MAXIMUM_BLOCK_BYTES)
        .modify_max_length_for_class(frame_support::dispatch::DispatchClass::Normal, |max| {
            *max = NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_BYTES
        })
        .build();
    /// The prefix of addresses: 42, as for any Substrate chain without one of its own.
    pub const SS58Prefix: u8 = 42;
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = Block;
    type BaseCallFilter = NotPurgingKeys;
    type BlockWeights = BlockWeights;
    type BlockLength = BlockLength;
    type AccountId = AccountId;
    type Nonce = Nonce;
    type Hash = Hash;
    type BlockHashCount = BlockHashCount;
    type DbWeight = RocksDbWeight;
    type Version = Version;
    type AccountData = pallet_balances::AccountData<Balance>;
    type SS58Prefix = SS58Prefix;
    type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
    type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
    type SingleBlockMigrations = crate::Migrations;
}

/// Everything but purging session keys: a validator without any would leave its place empty, and the only one would stop the chain. Who has withdrawn the whole
/// bond gets the keys' deposit back with it.
pub struct NotPurgingKeys;
impl Contains<RuntimeCall> for NotPurgingKeys {
    fn contains(call: &RuntimeCall) -> bool {
        !matches!(call, RuntimeCall::Session(pallet_session::Call::purge_keys {}))
    }
}

impl crate::cadence::Config for Runtime {}
