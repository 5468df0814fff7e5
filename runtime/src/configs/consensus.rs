//! Block production (BABE), finality (GRANDPA), and the sessions by which validators rotate their keys.
//!
//! The validators are those of genesis: `pallet_session`'s manager `()` never names another set. Equivocations are
//! not reported: without staking there is nothing to slash, so the report systems are `()` and proofs of key ownership are
//! of a type without values.

use frame_support::traits::{ConstU32, ConstU64};
use sp_core::Void;
use sp_runtime::traits::{ConvertInto, OpaqueKeys};

use crate::{AccountId, Babe, Balances, Runtime, RuntimeEvent, SessionKeys, cadence, currency};

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
    type KeyOwnerProof = Void;
    type EquivocationReportSystem = ();
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Babe>;
    type EventHandler = ();
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Babe;
    type NextSessionRotation = Babe;
    type SessionManager = ();
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = ();
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type KeyDeposit = KeyDeposit;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = MaxAuthorities;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = ConstU64<0>;
    type KeyOwnerProof = Void;
    type EquivocationReportSystem = ();
}
