//! The list of pallets that `weft-node benchmark pallet` can measure.

use alloc::{string::String, vec::Vec};
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList, baseline};
use frame_support::traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys};
use frame_system_benchmarking::{Pallet as SystemBench, extensions::Pallet as SystemExtensionsBench};
use sp_storage::TrackedStorageKey;

use crate::{
    AllPalletsWithSystem, Balances, BeefyMmrLeaf, DataBus, Gateways, Mmr, Multisig, Outbox, ProofSettlement,
    Proxy, Runtime, Sudo, Timestamp, TransactionPayment, Utility, Validators, ZkGraphRegistry,
};
use baseline::Pallet as BaselineBench;
// The macros below look for this trait.

frame_benchmarking::define_benchmarks!(
    [frame_benchmarking, BaselineBench::<Runtime>]
    [frame_system, SystemBench::<Runtime>]
    [frame_system_extensions, SystemExtensionsBench::<Runtime>]
    [pallet_balances, Balances]
    [pallet_beefy_mmr, BeefyMmrLeaf]
    [pallet_mmr, Mmr]
    [pallet_data_bus, DataBus]
    [pallet_gateways, Gateways]
    [pallet_multisig, Multisig]
    [pallet_outbox, Outbox]
    [pallet_proof_settlement, ProofSettlement]
    [pallet_proxy, Proxy]
    [pallet_sudo, Sudo]
    [pallet_timestamp, Timestamp]
    [pallet_transaction_payment, TransactionPayment]
    [pallet_utility, Utility]
    [pallet_validators, Validators]
    [pallet_zkgraph_registry, ZkGraphRegistry]
);

impl frame_system_benchmarking::Config for Runtime {}
impl baseline::Config for Runtime {}
impl pallet_transaction_payment::BenchmarkConfig for Runtime {}

/// The benchmarks there are, and the storage that they may touch.
pub(crate) fn list(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    let mut list = Vec::<BenchmarkList>::new();
    list_benchmarks!(list, extra);
    (list, AllPalletsWithSystem::storage_info())
}

/// Runs the benchmarks that `config` selects.
pub(crate) fn run(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    let whitelist: Vec<TrackedStorageKey> = AllPalletsWithSystem::whitelisted_storage_keys();
    let mut batches = Vec::<BenchmarkBatch>::new();
    let params = (&config, &whitelist);
    add_benchmarks!(params, batches);
    Ok(batches)
}
