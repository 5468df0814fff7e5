//! Weft's own pallets: zkGraphs, what the chain believes about Ethereum, the settlement of runs, the outbox.

use frame_support::{
    parameter_types,
    traits::{ConstU32, ConstU64},
};
use frame_system::EnsureRoot;
use sp_runtime::traits::ConvertInto;
use weft_bls_host::HostCrypto;
use weft_proof_host::ZkWasm;

use crate::{
    AccountId, Balance, Balances, DataBus, Gateways, Outbox, Runtime, Timestamp, ZkGraphRegistry,
    currency::{self, MILLIWEFT, WEFT},
};

/// The ways in which runs can be proved. An id is never given to another.
pub type ProofSystems = (ZkWasm,);

parameter_types! {
    /// Deposit of a zkGraph, apart from its bytes: six entries of storage.
    pub const GraphBaseDeposit: Balance = currency::deposit(6, 0);
    /// Deposit for each byte of a zkGraph.
    pub const GraphByteDeposit: Balance = currency::deposit(0, 1);
    /// The least fee of a run: more than the transactions cost that settle it.
    pub const MinimumFee: Balance = 100 * MILLIWEFT;
    /// The least bond of a worker: more than the block space that a wrong proof takes.
    pub const MinimumBond: Balance = WEFT;
    /// The nearest deadline of a run, in slots of Ethereum: twice what the clock moves at once.
    pub const MinimumDuration: u64 = 192;
    /// The farthest: a day.
    pub const MaximumDuration: u64 = 7_200;
    /// The largest run that zkWASM proves.
    pub const MaxSteps: u64 = 1 << 24;
}

impl pallet_zkgraph_registry::Config for Runtime {
    type Currency = Balances;
    type ProofSystems = ProofSystems;
    type BaseDeposit = GraphBaseDeposit;
    type ByteDeposit = GraphByteDeposit;
    type WeightInfo = pallet_zkgraph_registry::weights::SubstrateWeight<Runtime>;
}

impl pallet_data_bus::Config for Runtime {
    type ChainsOrigin = EnsureRoot<AccountId>;
    type Crypto = HostCrypto;
    type Time = Timestamp;
    // At one an epoch: four and a half days.
    type MaxAnchors = ConstU32<1_024>;
    // Three epochs without finality.
    type StallAfter = ConstU64<96>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkClock = BenchmarkClock;
    type WeightInfo = pallet_data_bus::weights::SubstrateWeight<Runtime>;
}

impl pallet_outbox::Config for Runtime {
    type OrderOrigin = EnsureRoot<AccountId>;
    type MaxMessagesPerBlock = ConstU32<64>;
    type OnMessage = Gateways;
    type WeightInfo = pallet_outbox::weights::SubstrateWeight<Runtime>;
}

impl pallet_proof_settlement::Config for Runtime {
    type Currency = Balances;
    type Graphs = ZkGraphRegistry;
    type DataBus = DataBus;
    type Clock = DataBus;
    type FinalBlocks = DataBus;
    type Outbox = Outbox;
    type ProofSystems = ProofSystems;
    type AccountBytes = ConvertInto;
    // Burned: see docs/decisions/settlement.md.
    type Slashed = ();
    type KeyOrigin = EnsureRoot<AccountId>;
    type MinimumFee = MinimumFee;
    type MinimumBond = MinimumBond;
    type MinimumDuration = MinimumDuration;
    type MaximumDuration = MaximumDuration;
    type MaxFinishedJobs = ConstU32<10_000>;
    type MaxSteps = MaxSteps;
    type WeightInfo = pallet_proof_settlement::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ProvedRun;
}

/// Sets the timestamp.
#[cfg(feature = "runtime-benchmarks")]
pub struct BenchmarkClock;

#[cfg(feature = "runtime-benchmarks")]
impl pallet_data_bus::BenchmarkClock for BenchmarkClock {
    fn set(seconds: u64) {
        pallet_timestamp::Now::<Runtime>::put(1_000 * seconds);
    }
}

/// Runs to measure `submit` with: their proofs are made by the node.
#[cfg(feature = "runtime-benchmarks")]
pub struct ProvedRun;

#[cfg(feature = "runtime-benchmarks")]
impl pallet_proof_settlement::BenchmarkHelper<AccountId> for ProvedRun {
    fn run(evidence: u32, proof: u32) -> Option<pallet_proof_settlement::RunParts<AccountId>> {
        use codec::Encode;
        use pallet_proof_settlement::synthetic;
        use weft_proof_host::measured::proof_maker;

        let program = proof_maker::program(&synthetic::output_stream(), proof)?;
        let executed = synthetic::Executed {
            image: program.image.try_into().ok()?,
            key: program.key.try_into().ok()?,
            steps: program.steps,
        };
        let worker = [2; 32];
        Some(synthetic::run(
            AccountId::from([1; 32]),
            AccountId::from(worker),
            worker,
            evidence,
            executed,
            |_, claim| proof_maker::prove(&claim.encode(), proof),
        ))
    }
}
