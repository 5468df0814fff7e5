//! Balances, fees, and the ways in which accounts act together or for each other.

use frame_support::{
    parameter_types,
    traits::{ConstU8, ConstU32, InstanceFilter, OnUnbalanced, VariantCountOf, fungible},
    weights::{ConstantMultiplier, IdentityFee},
};
use pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment};
use sp_runtime::{FixedPointNumber, Perquintill, traits::BlakeTwo256, traits::Bounded};

use crate::{
    AccountId, Authorship, Balance, Balances, OriginCaller, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeFreezeReason, RuntimeHoldReason, System, currency,
};

parameter_types! {
    /// An account that holds less ceases to exist.
    pub const ExistentialDeposit: Balance = currency::EXISTENTIAL_DEPOSIT;
    /// Fee of each byte of a transaction, in plancks.
    pub const TransactionByteFee: Balance = 10 * currency::MICROWEFT;
    /// How full blocks can be before fees rise.
    pub const TargetBlockFullness: Perquintill = Perquintill::from_percent(25);
    /// How fast fees follow: at most about 30% in a day of 6 s blocks.
    pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(1, 100_000);
    /// Fees never fall below a tenth of the weight fee.
    pub MinimumMultiplier: Multiplier = Multiplier::saturating_from_rational(1, 10);
    /// Fees may rise without a bound.
    pub MaximumMultiplier: Multiplier = Bounded::max_value();
}

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
    type Balance = Balance;
    type DustRemoval = ();
    type ExistentialDeposit = ExistentialDeposit;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
}

/// Pays fees and tips to the author of the block. They are burned where no author is known.
pub struct PayToAuthor;

impl OnUnbalanced<fungible::Credit<AccountId, Balances>> for PayToAuthor {
    fn on_nonzero_unbalanced(amount: fungible::Credit<AccountId, Balances>) {
        if let Some(author) = Authorship::author() {
            // An author whose account would stay below the existential deposit cannot be paid; dropping the credit burns it.
            let _ = <Balances as fungible::Balanced<_>>::resolve(&author, amount);
        }
    }
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = FungibleAdapter<Balances, PayToAuthor>;
    type WeightToFee = IdentityFee<Balance>;
    type LengthToFee = ConstantMultiplier<Balance, TransactionByteFee>;
    type FeeMultiplierUpdate = TargetedFeeAdjustment<
        Runtime,
        TargetBlockFullness,
        AdjustmentVariable,
        MinimumMultiplier,
        MaximumMultiplier,
    >;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

/// What an account lets a proxy do for it.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    codec::Encode,
    codec::Decode,
    codec::DecodeWithMemTracking,
    codec::MaxEncodedLen,
    scale_info::TypeInfo,
)]
pub enum ProxyType {
    /// Everything.
    #[default]
    Any,
    /// Everything that moves no funds out of the account.
    NonTransfer,
    /// Only the rejection of announced proxy calls.
    CancelProxy,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        match self {
            Self::Any => true,
            // An allow list: a pallet added later is not open to such proxies by accident.
            Self::NonTransfer => matches!(
                call,
                RuntimeCall::System(..)
                    | RuntimeCall::Session(..)
                    | RuntimeCall::Utility(..)
                    | RuntimeCall::Proxy(..)
            ),
            Self::CancelProxy => matches!(
                call,
                RuntimeCall::Proxy(pallet_proxy::Call::reject_announcement { .. }) | RuntimeCall::Utility(..)
            ),
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (_, Self::Any) => false,
            (Self::NonTransfer, _) => true,
            (Self::CancelProxy, other) => *other == Self::CancelProxy,
        }
    }
}

parameter_types! {
    /// Deposit for the first proxy of an account.
    pub const ProxyDepositBase: Balance = currency::deposit(1, 8);
    /// Deposit for each proxy: account, type and delay.
    pub const ProxyDepositFactor: Balance = currency::deposit(0, 33);
    /// Deposit for the first announcement of an account.
    pub const AnnouncementDepositBase: Balance = currency::deposit(1, 8);
    /// Deposit for each announcement: account, hash and height.
    pub const AnnouncementDepositFactor: Balance = currency::deposit(0, 68);
    /// Deposit for a multisig operation.
    pub const MultisigDepositBase: Balance = currency::deposit(1, 88);
    /// Deposit for each approval of a multisig operation.
    pub const MultisigDepositFactor: Balance = currency::deposit(0, 32);
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = ProxyDepositBase;
    type ProxyDepositFactor = ProxyDepositFactor;
    type MaxProxies = ConstU32<32>;
    type MaxPending = ConstU32<32>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = AnnouncementDepositBase;
    type AnnouncementDepositFactor = AnnouncementDepositFactor;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = MultisigDepositBase;
    type DepositFactor = MultisigDepositFactor;
    type MaxSignatories = ConstU32<100>;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
}

/// Only the development and local presets set a key; on other chains nobody can use it.
impl pallet_sudo::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}
