//! A runtime with settlement, registry, data bus and outbox, and a proof system whose proof is a digest of key
//! and claim: every
//! binding can be tested, and no other proof is accepted.

#![allow(unreachable_pub, reason = "types of a public runtime have to be public")]

use codec::Encode;
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU32, ConstU64},
};
use frame_system::EnsureRoot;
use sp_runtime::{AccountId32, BuildStorage};
use weft_primitives::{Claim, H256, ProofError, ProofSystem, keccak256};

use crate as pallet_proof_settlement;

/// Balance of each account at genesis.
pub(crate) const ENDOWMENT: u64 = 1_000_000;
/// The chain that runs read.
pub(crate) const CHAIN: u64 = 1;
/// The verifying key at genesis.
pub(crate) const KEY: &[u8] = b"key";
/// A key that the proof system cannot read.
pub(crate) const UNREADABLE_KEY: &[u8] = b"unreadable";
/// A program commitment that the proof system cannot read.
pub(crate) const UNREADABLE_IMAGE: &[u8] = b"unreadable";
/// A proof that makes the verifier panic.
pub(crate) const PANICKING_PROOF: [u8; 32] = [0xff; 32];
/// Hash of the genesis block.
pub(crate) const GENESIS: H256 = H256::repeat_byte(0x47);
/// Most steps that the runtime takes.
pub(crate) const MAX_STEPS: u64 = 1000;
/// Most steps that the proof system takes.
pub(crate) const MAX_PROVABLE_STEPS: u64 = 900;

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
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Registry = pallet_zkgraph_registry;
    #[runtime::pallet_index(3)]
    pub type DataBus = pallet_data_bus;
    #[runtime::pallet_index(4)]
    pub type Outbox = pallet_outbox;
    #[runtime::pallet_index(5)]
    pub type Settlement = pallet_proof_settlement;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId32;
    type Lookup = sp_runtime::traits::IdentityLookup<AccountId32>;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

/// Accepts a proof that is the digest of key and claim.
pub struct DigestProofs;

/// The only proof that [`DigestProofs`] accepts.
pub(crate) fn prove(key: &[u8], claim: &Claim) -> Vec<u8> {
    keccak256(&(key, claim).encode()).as_bytes().to_vec()
}

impl ProofSystem for DigestProofs {
    const ID: u16 = 1;

    fn verify(key: &[u8], claim: &Claim, proof: &[u8]) -> Result<(), ProofError> {
        if key == UNREADABLE_KEY {
            return Err(ProofError::MalformedKey);
        }
        if claim.image == UNREADABLE_IMAGE {
            return Err(ProofError::MalformedImage);
        }
        if claim.steps > MAX_PROVABLE_STEPS {
            return Err(ProofError::TooManySteps);
        }
        if proof.len() != 32 {
            return Err(ProofError::MalformedProof);
        }
        if proof == PANICKING_PROOF {
            return Err(ProofError::Panicked);
        }
        if proof == prove(key, claim) {
            Ok(())
        } else {
            Err(ProofError::Invalid)
        }
    }

    fn max_proof_bytes() -> u32 {
        1024
    }
}

parameter_types! {
    pub const MinimumFee: u64 = 10;
    pub const MinimumBond: u64 = 50;
    pub const MaxFinishedJobs: u32 = 3;
}

impl pallet_zkgraph_registry::Config for Test {
    type Currency = Balances;
    type ProofSystems = (DigestProofs,);
    type BaseDeposit = ConstU64<10>;
    type ByteDeposit = ConstU64<1>;
    type WeightInfo = ();
}

impl pallet_data_bus::Config for Test {
    type ChainsOrigin = EnsureRoot<AccountId32>;
    type Crypto = weft_bls_host::NativeCrypto;
    type Time = NoTime;
    type MaxAnchors = ConstU32<4>;
    type StallAfter = ConstU64<2>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkClock = NoTime;
}

/// A clock that stands still: no light client runs here.
pub struct NoTime;

impl frame_support::traits::UnixTime for NoTime {
    fn now() -> core::time::Duration {
        core::time::Duration::ZERO
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_data_bus::BenchmarkClock for NoTime {
    fn set(_: u64) {}
}

impl pallet_outbox::Config for Test {
    type OrderOrigin = EnsureRoot<AccountId32>;
    type MaxMessagesPerBlock = ConstU32<2>;
    type OnMessage = ();
    type WeightInfo = ();
}

impl pallet_proof_settlement::Config for Test {
    type Currency = Balances;
    type Graphs = Registry;
    type DataBus = DataBus;
    type Clock = DataBus;
    type FinalBlocks = DataBus;
    type Outbox = Outbox;
    type ProofSystems = (DigestProofs,);
    type AccountBytes = sp_runtime::traits::ConvertInto;
    type Slashed = ();
    type KeyOrigin = EnsureRoot<AccountId32>;
    type MinimumFee = MinimumFee;
    type MinimumBond = MinimumBond;
    type MinimumDuration = ConstU64<5>;
    type MaximumDuration = ConstU64<100>;
    type MaxFinishedJobs = MaxFinishedJobs;
    type MaxSteps = ConstU64<MAX_STEPS>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarking::mock_run::MockRun;
}

/// The account with this number.
pub(crate) fn account(number: u8) -> AccountId32 {
    AccountId32::new([number; 32])
}

/// A fresh chain at block 1, with funds for accounts 1 to 5.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    pallet_balances::GenesisConfig::<Test> {
        balances: (1..=5).map(|number| (account(number), ENDOWMENT)).collect(),
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    pallet_data_bus::GenesisConfig::<Test> {
        chains: vec![CHAIN],
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    pallet_proof_settlement::GenesisConfig::<Test> {
        keys: vec![(1, KEY.to_vec())],
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| {
        frame_system::BlockHash::<Test>::insert(0, GENESIS);
        set_time(1);
        let mut network = weft_synthetic_beacon::network(&[(weft_light_client::Fork::Fulu, 0)]);
        network.chain_id = CHAIN;
        pallet_data_bus::Network::<Test>::put(network);
    });
    ext
}

/// Sets the block and the clock of deadlines.
pub(crate) fn set_time(now: u64) {
    System::set_block_number(now);
    pallet_data_bus::Clock::<Test>::put(now);
}

/// Makes a block of Ethereum final.
pub(crate) fn make_final(hash: H256) {
    let anchor = weft_light_client::Anchor {
        slot: 1,
        beacon_root: H256::zero(),
        number: 1,
        hash,
        parent_hash: H256::zero(),
        state_root: H256::zero(),
        receipts_root: H256::zero(),
        randao: H256::zero(),
        timestamp: 1,
    };
    pallet_data_bus::Anchors::<Test>::insert(anchor.slot, anchor);
    pallet_data_bus::SlotByHash::<Test>::insert(hash, anchor.slot);
}

/// Makes a block with this number the newest final one.
pub(crate) fn newest_final(number: u64) {
    let anchor = weft_light_client::Anchor {
        slot: number,
        beacon_root: H256::zero(),
        number,
        hash: H256::from_low_u64_be(number),
        parent_hash: H256::zero(),
        state_root: H256::zero(),
        receipts_root: H256::zero(),
        randao: H256::zero(),
        timestamp: 1,
    };
    pallet_data_bus::Anchors::<Test>::insert(anchor.slot, anchor);
    pallet_data_bus::AnchorSlots::<Test>::insert(0, anchor.slot);
    pallet_data_bus::AnchorCount::<Test>::put(1);
}

/// Runs `test` on a fresh chain and checks the invariants of the pallet after it.
pub(crate) fn run(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        crate::try_state::check::<Test>().unwrap();
    });
}
