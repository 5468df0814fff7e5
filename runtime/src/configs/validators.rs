//! Validators, their bonds, and what happens to those who offend.

use frame_support::{parameter_types, traits::ConstU32};
use frame_system::{
    EnsureRoot,
    offchain::{CreateBare, CreateTransactionBase},
};
use sp_runtime::Perbill;
use sp_staking::SessionIndex;

use super::consensus::MaxAuthorities;
use crate::{
    AccountId, Balance, Balances, Runtime, RuntimeCall, RuntimeEvent, UncheckedExtrinsic, Validators,
    currency::{MILLIWEFT, WEFT},
};

parameter_types! {
    /// Least bond of a validator.
    pub const MinimumBond: Balance = 10_000 * WEFT;
    /// For how many sessions offences can be reported: 14 days of sessions of four hours. A bond that was asked back stays two longer. Gateways on
    /// Ethereum trust validators for half of that; it must never be lowered.
    pub const BondingSessions: SessionIndex = 84;
    /// Minted for a block.
    pub const BlockReward: Balance = 100 * MILLIWEFT;
    /// What a report costs that takes nothing from anybody: more than the deposit for what it leaves in storage.
    pub const IdleReportFee: Balance = WEFT;
    /// Part of a slash that those get who reported.
    pub const ReportersPart: Perbill = Perbill::from_percent(10);
}

impl pallet_validators::Config for Runtime {
    type BondCurrency = Balances;
    type LimitsOrigin = EnsureRoot<AccountId>;
    // Burned.
    type Slashed = ();
    type MinimumBond = MinimumBond;
    type BondingSessions = BondingSessions;
    type MaxCandidates = ConstU32<200>;
    type MaxValidators = MaxAuthorities;
    type MaxUnbonding = ConstU32<16>;
    type BlockReward = BlockReward;
    type ReportersPart = ReportersPart;
    type IdleReportFee = IdleReportFee;
    type WeightInfo = pallet_validators::weights::SubstrateWeight<Runtime>;
}

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = AccountId;
    type OnOffenceHandler = Validators;
}

// Nodes that see an offence report it in a transaction that nobody signs.
impl<Call> CreateTransactionBase<Call> for Runtime
where
    RuntimeCall: From<Call>,
{
    type Extrinsic = UncheckedExtrinsic;
    type RuntimeCall = RuntimeCall;
}

impl<Call> CreateBare<Call> for Runtime
where
    RuntimeCall: From<Call>,
{
    fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_bare(call)
    }
}
