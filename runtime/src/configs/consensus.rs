//! Block production (BABE), finality (GRANDPA), and the sessions by which validators rotate their keys.
//!
//! Who the validators are is said by `pallet_validators` ([`super::validators`]). Who signs two truths in BABE, GRANDPA or BEEFY is reported with a proof
//! that the key was a validator's in that session.

use frame_support::traits::{ConstU32, Get};
use sp_runtime::traits::{ConvertInto, OpaqueKeys};

use super::validators::BondingSessions;
use crate::{AccountId, Babe, Balances, Runtime, RuntimeEvent, SessionKeys, Validators, cadence, currency};

/// Proof that a key was a validator's in a session.
pub type KeyOwnerProof = pallet_validators::Ownership;

/// How many sets of validators the finality protocols remember by their ids: a little longer than offences can be reported.
pub struct RememberedSets;
impl Get<u64> for RememberedSets {
    fn get() -> u64 {
        u64::from(BondingSessions::get()) + 4
    }
}

/// For how many blocks a report of an offence may wait for its block: as long as offences can be reported.
pub struct ReportLongevity;
impl Get<u64> for ReportLongevity {
    fn get() -> u64 {
        RememberedSets::get().saturating_mul(cadence::EpochDuration::get())
    }
}

/// The most validators that the consensus protocols keep.
pub type MaxAuthorities = ConstU32<100>;

frame_support::parameter_types! {
    /// Held while an account has session keys, so that keys are not registered for nothing.
    pub const KeyDeposit: crate::Balance = currency::deposit(4, 3 * 33);
}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Babe;
    type MinimumPeriod = cadence::MinimumPeriod;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_babe::Config for Runtime {
    type EpochDuration = cadence::EpochDuration;
    type ExpectedBlockTime = cadence::BlockTime;
    type EpochChangeTrigger = pallet_babe::ExternalTrigger;
    type DisabledValidators = crate::Session;
    type WeightInfo = ();
    type MaxAuthorities = MaxAuthorities;
    type MaxNominators = ConstU32<0>;
    type KeyOwnerProof = KeyOwnerProof;
    type EquivocationReportSystem =
        pallet_babe::EquivocationReportSystem<Self, Validators, Validators, ReportLongevity>;
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Babe>;
    type EventHandler = Validators;
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Babe;
    type NextSessionRotation = Babe;
    type SessionManager = Validators;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    // Not more than a third; the worst offenders first.
    type DisablingStrategy = pallet_session::disabling::UpToLimitWithReEnablingDisablingStrategy;
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type KeyDeposit = KeyDeposit;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = MaxAuthorities;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = RememberedSets;
    type KeyOwnerProof = KeyOwnerProof;
    type EquivocationReportSystem =
        pallet_grandpa::EquivocationReportSystem<Self, Validators, Validators, ReportLongevity>;
}
