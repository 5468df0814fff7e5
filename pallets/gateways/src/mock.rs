//! A runtime with this pallet and the outbox. The data bus checks evidence in earnest and takes the blocks for final that tests name; what the chain has signed itself is said by tests.

#![allow(unreachable_pub, reason = "types of a public runtime have to be public")]

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
};

use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU32, ConstU64},
    weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_data_bus::{DataBus, EthereumClock};
use sp_runtime::{
    AccountId32, BuildStorage, DispatchError, DispatchResult,
    traits::{Convert, ConvertInto},
};
use weft_ethereum_proofs::{Proved, anchor_of, check_block, verify};
use weft_primitives::{
    GraphId, H256, Query, SourceBlock,
    source::{Ancestry, Content},
};

use crate as pallet_gateways;
use crate::{OwnCommitments, ReportError};

/// Balance of each account at genesis.
pub(crate) const ENDOWMENT: u64 = 1_000_000;
/// The chain that can be read.
pub(crate) const CHAIN: u64 = 1;
/// The least reward.
pub(crate) const LEAST: u64 = 10;
/// Most payers of a reward.
pub(crate) const PAYERS: u32 = 3;
/// For how many slots a reward stands.
pub(crate) const PERIOD: u64 = 50;
/// How many sets are remembered.
pub(crate) const WINDOW: u64 = 4;
/// Most events of a claim.
pub(crate) const EVENTS: u32 = 8;

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
    pub type Outbox = pallet_outbox;
    #[runtime::pallet_index(3)]
    pub type Gateways = pallet_gateways;
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

impl pallet_outbox::Config for Test {
    type OrderOrigin = EnsureRoot<AccountId32>;
    type MaxMessagesPerBlock = ConstU32<64>;
    type OnMessage = Gateways;
    type WeightInfo = ();
}

parameter_types! {
    pub const MinimumReward: u64 = LEAST;
}

impl pallet_gateways::Config for Test {
    type Currency = Balances;
    type OwnerOf = Owners;
    type DataBus = Bus;
    type Clock = Bus;
    type Outbox = Outbox;
    type AccountOf = ConvertInto;
    type Commitments = Signed;
    type RegisterOrigin = EnsureRoot<AccountId32>;
    type MinimumReward = MinimumReward;
    type RewardPeriod = ConstU64<PERIOD>;
    type MaxPayers = ConstU32<PAYERS>;
    type HandoverWindow = ConstU64<WINDOW>;
    type MaxEvents = ConstU32<EVENTS>;
    type WeightInfo = ();
}

/// Account 1 owns every zkGraph but the one that is zero, which there is none of.
pub struct Owners;
impl Convert<GraphId, Option<AccountId32>> for Owners {
    fn convert(graph: GraphId) -> Option<AccountId32> {
        (!graph.is_zero()).then(|| account(1))
    }
}

thread_local! {
    static FINAL: RefCell<BTreeSet<H256>> = const { RefCell::new(BTreeSet::new()) };
    static SLOT: Cell<u64> = const { Cell::new(100) };
    static ROOTS: RefCell<BTreeMap<u32, H256>> = const { RefCell::new(BTreeMap::new()) };
    static REPORTS: RefCell<Vec<Report>> = const { RefCell::new(Vec::new()) };
}

/// Who reported which members of which set for which block.
pub(crate) type Report = (AccountId32, u64, u32, Vec<usize>);

/// What the chain believes about Ethereum.
pub struct Bus;

/// Makes a block final.
pub(crate) fn make_final(block: H256) {
    FINAL.with_borrow_mut(|blocks| blocks.insert(block));
}

/// Sets the clock.
pub(crate) fn set_slot(slot: u64) {
    SLOT.set(slot);
}

impl DataBus for Bus {
    fn check_block(block: &SourceBlock, query: &Query) -> DispatchResult {
        let is_read = query.chain_id() == Some(CHAIN);
        frame_support::ensure!(is_read, DispatchError::Other("another chain"));
        check_block(block, query).map_err(|_| DispatchError::Other("wrong block"))
    }

    fn check_final(block: &SourceBlock, ancestry: &Ancestry) -> DispatchResult {
        let start = anchor_of(block.hash, ancestry, None).map_err(|_| DispatchError::Other("ancestry"))?;
        let is_final = match start {
            weft_ethereum_proofs::Start::Execution(hash) => {
                FINAL.with_borrow(|blocks| blocks.contains(&hash))
            }
            _ => false,
        };
        frame_support::ensure!(is_final, DispatchError::Other("not final"));
        Ok(())
    }

    fn signature_weight(_: &Content) -> Weight {
        Weight::zero()
    }

    fn prove(block: &SourceBlock, query: &Query, evidence: &Content) -> Result<Proved, DispatchError> {
        verify(block, query, evidence, None).map_err(|_| DispatchError::Other("wrong evidence"))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_for_benchmark(_: u64, block: H256) {
        make_final(block);
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_clock_for_benchmark(slot: u64) {
        set_slot(slot);
    }
}

impl EthereumClock for Bus {
    fn now() -> Option<u64> {
        Some(SLOT.get())
    }

    fn is_stalled() -> bool {
        false
    }

    fn longest_step() -> u64 {
        1
    }
}

/// What the chain signed itself.
pub struct Signed;

/// Sets the MMR root of a block.
pub(crate) fn set_root(number: u32, root: H256) {
    ROOTS.with_borrow_mut(|roots| roots.insert(number, root));
}

/// The reports so far.
pub(crate) fn reports() -> Vec<Report> {
    REPORTS.with_borrow(Clone::clone)
}

impl OwnCommitments<AccountId32> for Signed {
    type Proof = ();

    fn weight(_: Option<&()>) -> Weight {
        Weight::zero()
    }

    /// Without a proof nothing is another root.
    fn is_other_root(number: u32, root: H256, proof: Option<()>) -> bool {
        proof.is_some() && ROOTS.with_borrow(|roots| roots.get(&number) != Some(&root))
    }

    fn report(
        reporter: AccountId32,
        set: u64,
        number: u32,
        places: impl Iterator<Item = usize>,
    ) -> Result<(), ReportError> {
        let places: Vec<usize> = places.collect();
        REPORTS.with_borrow_mut(|reports| {
            if reports
                .iter()
                .any(|(_, other, block, _)| (*other, *block) == (set, number))
            {
                return Err(ReportError::Duplicate);
            }
            reports.push((reporter, set, number, places));
            Ok(())
        })
    }
}

/// The account with this number.
pub(crate) fn account(number: u8) -> AccountId32 {
    AccountId32::new([number; 32])
}

/// A fresh chain at block 1, with funds for accounts 1 to 6.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    pallet_balances::GenesisConfig::<Test> {
        balances: (1..=6).map(|number| (account(number), ENDOWMENT)).collect(),
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| {
        System::set_block_number(1);
        FINAL.with_borrow_mut(BTreeSet::clear);
        ROOTS.with_borrow_mut(BTreeMap::clear);
        REPORTS.with_borrow_mut(Vec::clear);
        set_slot(100);
    });
    ext
}

/// Runs a test and checks what always holds.
pub(crate) fn checked(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        crate::try_state::check::<Test>().unwrap();
    });
}
