//! A runtime with this pallet, whose sessions have five blocks.

use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU32, ConstU64, Hooks},
};
use frame_system::EnsureRoot;
use sp_core::crypto::key_types::DUMMY;
use sp_runtime::{BuildStorage, Perbill, impl_opaque_keys, testing::UintAuthorityId};
use sp_staking::SessionIndex;

use crate as pallet_validators;

/// An account of this runtime.
pub(crate) type AccountId = u64;
/// Balance of each of the accounts 1 to 20 at genesis.
pub(crate) const ENDOWMENT: u64 = 10_000;
/// Least active bond of a candidate.
pub(crate) const MINIMUM_BOND: u64 = 100;
/// Sessions for which a bond is kept.
pub(crate) const BONDING_SESSIONS: SessionIndex = 6;
/// Most candidates.
pub(crate) const MAX_CANDIDATES: u32 = 6;
/// Most amounts that are unbonding.
pub(crate) const MAX_UNBONDING: u32 = 3;
/// Earned for a block.
pub(crate) const BLOCK_REWARD: u64 = 10;
/// What a report costs that takes nothing.
pub(crate) const IDLE_REPORT_FEE: u64 = 7;
/// Blocks of a session.
const SESSION_BLOCKS: u64 = 5;

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
    pub type Validators = pallet_validators;
    #[runtime::pallet_index(3)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(4)]
    pub type Offences = pallet_offences;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

impl_opaque_keys! {
    pub struct Keys {
        pub dummy: UintAuthorityId,
    }
}

impl From<UintAuthorityId> for Keys {
    fn from(dummy: UintAuthorityId) -> Self {
        Self { dummy }
    }
}

/// Hears of sessions and does nothing.
pub struct NoProtocol;
impl pallet_session::SessionHandler<AccountId> for NoProtocol {
    const KEY_TYPE_IDS: &'static [sp_runtime::KeyTypeId] = &[DUMMY];
    fn on_genesis_session<T: sp_runtime::traits::OpaqueKeys>(_: &[(AccountId, T)]) {}
    fn on_new_session<T: sp_runtime::traits::OpaqueKeys>(
        _: bool,
        _: &[(AccountId, T)],
        _: &[(AccountId, T)],
    ) {
    }
    fn on_disabled(_: u32) {}
}

parameter_types! {
    pub const ReportersPart: Perbill = Perbill::from_percent(10);
}

impl pallet_session::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = sp_runtime::traits::ConvertInto;
    type ShouldEndSession = pallet_session::PeriodicSessions<ConstU64<SESSION_BLOCKS>, ConstU64<0>>;
    type NextSessionRotation = pallet_session::PeriodicSessions<ConstU64<SESSION_BLOCKS>, ConstU64<0>>;
    type SessionManager = Validators;
    type SessionHandler = NoProtocol;
    type Keys = Keys;
    type DisablingStrategy = pallet_session::disabling::UpToLimitWithReEnablingDisablingStrategy;
    type WeightInfo = ();
    type Currency = Balances;
    type KeyDeposit = ConstU64<0>;
}

impl pallet_offences::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = AccountId;
    type OnOffenceHandler = Validators;
}

impl crate::Config for Test {
    type BondCurrency = Balances;
    type LimitsOrigin = EnsureRoot<AccountId>;
    type Slashed = ();
    type MinimumBond = ConstU64<MINIMUM_BOND>;
    type BondingSessions = ConstU32<BONDING_SESSIONS>;
    type MaxCandidates = ConstU32<MAX_CANDIDATES>;
    type MaxValidators = ConstU32<4>;
    type MaxUnbonding = ConstU32<MAX_UNBONDING>;
    type BlockReward = ConstU64<BLOCK_REWARD>;
    type ReportersPart = ReportersPart;
    type IdleReportFee = ConstU64<IDLE_REPORT_FEE>;
    type WeightInfo = ();
}

/// A chain in block 1 whose validators 1 to 4 have bonded 1,000 each. All accounts have session keys but 20.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    genesis_with_bonds((1..=4).map(|who| (who, 1_000)).collect(), Some((2, 4)))
}

/// The same with these bonds and limits.
pub(crate) fn genesis_with_bonds(
    bonds: Vec<(AccountId, u64)>,
    limits: Option<(u32, u32)>,
) -> sp_io::TestExternalities {
    let keys = |who: AccountId| (who, who, Keys::from(UintAuthorityId(who)));
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: (1..=20).map(|who| (who, ENDOWMENT)).collect(),
            ..Default::default()
        },
        validators: pallet_validators::GenesisConfig { bonds, limits },
        session: pallet_session::GenesisConfig {
            keys: (1..=4).map(keys).collect(),
            non_authority_keys: (5..20).map(keys).collect(),
        },
        ..Default::default()
    };
    let mut ext = sp_io::TestExternalities::new(genesis.build_storage().unwrap());
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Ends the current block and starts the next.
pub(crate) fn next_block() {
    let block = System::block_number();
    Session::on_finalize(block);
    crate::try_state::check::<Test>().unwrap();
    System::set_block_number(block + 1);
    System::reset_events();
    Session::on_initialize(block + 1);
}

/// Goes on to the first block of the session `index`.
pub(crate) fn to_session(index: SessionIndex) {
    while Session::current_index() < index {
        next_block();
    }
}

/// Goes on by so many sessions.
pub(crate) fn pass(sessions: SessionIndex) {
    to_session(Session::current_index() + sessions);
}
