//! # Validators
//!
//! Who validates Weft, what they have bonded, what they earn and what is taken from those who sign two truths.
//! `docs/decisions/validators.md` has the rules and the reasons.
//!
//! - *bond*: funds on hold here; *active* until asked back, then *unbonding*
//! - *candidate*: who wants to validate
//! - *validator*: who was chosen for a session
//!
//! The pallet chooses validators for `pallet-session`, hears of authors from `pallet-authorship`, says whose a session key was, and hears of offences
//! from `pallet-offences`.
//!
//! # Limits
//! - No nominators: a validator's bond is its own.
//! - Silence is not punished.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod bonds;
mod election;
mod keys;
#[cfg(test)]
mod mock;
mod slashing;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
pub mod weights;

pub use bonds::{Bond, Unbonding};
pub use keys::Ownership;
pub use pallet::*;
pub use slashing::Slash;
pub use weights::WeightInfo;

use frame_support::traits::fungible;

/// Account of a validator.
type AccountOf<T> = <T as frame_system::Config>::AccountId;
/// An amount of the currency that bonds are in.
type BalanceOf<T> = <<T as Config>::BondCurrency as fungible::Inspect<AccountOf<T>>>::Balance;
/// Funds taken out of an account that have not gone anywhere yet.
type CreditOf<T> = fungible::Credit<AccountOf<T>, <T as Config>::BondCurrency>;

#[frame_support::pallet]
mod pallet {
    #![allow(missing_docs, reason = "the macros generate items without documentation")]

    use super::{AccountOf, BalanceOf, Bond, CreditOf, Slash, WeightInfo};
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::{OnUnbalanced, fungible},
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::Perbill;
    use sp_staking::SessionIndex;

    /// Version of this pallet's storage.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Configuration of the pallet.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<RuntimeEvent: From<Event<Self>>>
        + pallet_session::Config<ValidatorId = AccountOf<Self>>
        + pallet_offences::Config<IdentificationTuple = AccountOf<Self>>
    {
        /// What bonds are in.
        type BondCurrency: fungible::hold::Mutate<AccountOf<Self>, Reason: From<HoldReason>>
            + fungible::hold::Balanced<AccountOf<Self>>
            + fungible::Mutate<AccountOf<Self>>;
        /// Who sets the number of validators.
        type LimitsOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// What is taken from offenders and not given to those who reported them.
        type Slashed: OnUnbalanced<CreditOf<Self>>;
        /// Least active bond of a candidate.
        #[pallet::constant]
        type MinimumBond: Get<BalanceOf<Self>>;
        /// For how many sessions after it offences of a session can be reported. A bond stays two sessions longer after it was asked back: who
        /// asks may be chosen for the next session already.
        #[pallet::constant]
        type BondingSessions: Get<SessionIndex>;
        /// Most candidates.
        #[pallet::constant]
        type MaxCandidates: Get<u32>;
        /// Most validators, whatever the limits say.
        #[pallet::constant]
        type MaxValidators: Get<u32>;
        /// Most amounts of an account that are unbonding at a time.
        #[pallet::constant]
        type MaxUnbonding: Get<u32>;
        /// Earned for a block, in plancks.
        #[pallet::constant]
        type BlockReward: Get<BalanceOf<Self>>;
        /// Part of a slash that those get who reported.
        #[pallet::constant]
        type ReportersPart: Get<Perbill>;
        /// What a report costs that takes nothing from anybody, in plancks.
        #[pallet::constant]
        type IdleReportFee: Get<BalanceOf<Self>>;
        /// Weights of calls and hooks.
        type WeightInfo: WeightInfo;
    }

    /// Why funds are on hold.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The bond of a validator, active or unbonding.
        ValidatorBond,
    }

    /// How many validators there are.
    #[derive(
        Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
    )]
    pub struct Limits {
        /// With fewer that could be chosen, the set stays as it is.
        pub minimum: u32,
        /// Not more are chosen.
        pub maximum: u32,
    }

    /// Bonds by account.
    #[pallet::storage]
    pub type Bonds<T: Config> =
        CountedStorageMap<_, Blake2_128Concat, AccountOf<T>, Bond<BalanceOf<T>, T::MaxUnbonding>>;

    /// Who wants to validate, in the order in which they came.
    #[pallet::storage]
    pub type Candidates<T: Config> = StorageValue<_, BoundedVec<AccountOf<T>, T::MaxCandidates>, ValueQuery>;

    /// How many validators there are. None: nobody is chosen, and the set of genesis stays.
    #[pallet::storage]
    pub type ValidatorLimits<T> = StorageValue<_, Limits>;

    /// Blocks of the current session, by author.
    #[pallet::storage]
    pub type Authored<T: Config> = StorageMap<_, Twox64Concat, AccountOf<T>, u32, ValueQuery>;

    /// The validators of a session and their keys, from their choice on and as long as offences can be reported. There are at most
    /// `MaxValidators`, and keys have a fixed size.
    #[pallet::storage]
    #[pallet::unbounded]
    pub type Chosen<T: Config> =
        StorageMap<_, Twox64Concat, SessionIndex, Vec<(AccountOf<T>, T::Keys)>, ValueQuery>;

    /// The last session that an account was chosen for.
    #[pallet::storage]
    pub type LastChosen<T: Config> = StorageMap<_, Blake2_128Concat, AccountOf<T>, SessionIndex>;

    /// Who was slashed, and the session from which on it may be a candidate again.
    #[pallet::storage]
    pub type BarredUntil<T: Config> = StorageMap<_, Blake2_128Concat, AccountOf<T>, SessionIndex>;

    /// What was taken from whom for offences of a session; kept as long as they can be reported.
    #[pallet::storage]
    pub type Slashes<T: Config> =
        StorageDoubleMap<_, Twox64Concat, SessionIndex, Twox64Concat, AccountOf<T>, Slash<BalanceOf<T>>>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// More was bonded.
        Bonded {
            /// By whom.
            who: AccountOf<T>,
            /// How much, in plancks.
            amount: BalanceOf<T>,
        },
        /// Part of a bond was asked back.
        Unbonding {
            /// By whom.
            who: AccountOf<T>,
            /// How much, in plancks.
            amount: BalanceOf<T>,
            /// From which session on it can be withdrawn.
            session: SessionIndex,
        },
        /// What had been unbonding long enough was given back.
        Withdrawn {
            /// To whom.
            who: AccountOf<T>,
            /// How much, in plancks.
            amount: BalanceOf<T>,
        },
        /// An account wants to validate.
        CandidateAdded {
            /// Who.
            who: AccountOf<T>,
        },
        /// An account is no candidate any more: by its own wish, displaced by a larger bond, or slashed.
        CandidateRemoved {
            /// Who.
            who: AccountOf<T>,
        },
        /// A validator was paid for its blocks of a session.
        Rewarded {
            /// Who.
            who: AccountOf<T>,
            /// How much, in plancks.
            amount: BalanceOf<T>,
        },
        /// Part of a bond was taken for an offence.
        Slashed {
            /// From whom.
            who: AccountOf<T>,
            /// How much, in plancks.
            amount: BalanceOf<T>,
            /// In which session the offence was.
            session: SessionIndex,
        },
        /// The number of validators has other limits.
        LimitsSet {
            /// The limits.
            limits: Limits,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The account has no bond; call `bond` first.
        NoBond,
        /// The amount is zero, or more than the account's active bond.
        WrongAmount,
        /// A candidate keeps the minimum bond; bond more, or call `chill` first.
        BelowMinimum,
        /// The account has no session keys; make them with `author_rotateKeysWithOwner` and call `session.setKeys` first.
        NoSessionKeys,
        /// The account is a candidate already.
        AlreadyCandidate,
        /// The account is no candidate.
        NotCandidate,
        /// There are as many candidates as there can be, and none has a smaller bond; bond more.
        TooManyCandidates,
        /// The account was slashed not long ago; see `BarredUntil`.
        Barred,
        /// The account was chosen for sessions whose offences can still be reported, and keeps the minimum bond until then.
        KeptForOffences,
        /// Too many amounts are unbonding; call `withdraw`, or wait for the first.
        TooManyUnbonding,
        /// Nothing has been unbonding long enough.
        NothingToWithdraw,
        /// The limits must be at least 1, the minimum at most the maximum, and that at most what the runtime can have.
        WrongLimits,
    }

    /// The bonds and limits of the first block.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Candidates and their bonds, in plancks. Their session keys are in the section of the pallet `Session`.
        pub bonds: Vec<(AccountOf<T>, BalanceOf<T>)>,
        /// Limits of the number of validators. Without them the validators of genesis stay until root sets some.
        pub limits: Option<(u32, u32)>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Panics on a bond that an account cannot have or that is too small, on an account that is there twice, on wrong limits, and on bonds without
        /// limits: a wrong genesis must not start.
        fn build(&self) {
            assert!(
                self.bonds.is_empty() || self.limits.is_some(),
                "a genesis with bonds has limits of the number of validators"
            );
            for (who, amount) in &self.bonds {
                assert!(
                    *amount >= T::MinimumBond::get(),
                    "a bond of genesis is the minimum at least"
                );
                assert!(
                    !Candidates::<T>::get().contains(who),
                    "a candidate of genesis is there once"
                );
                Pallet::<T>::do_bond(who, *amount).expect("an account of genesis has the funds for its bond");
                Candidates::<T>::try_append(who).expect("genesis has no more candidates than there can be");
            }
            if let Some((minimum, maximum)) = self.limits {
                let limits = Limits { minimum, maximum };
                Pallet::<T>::check_limits(limits).expect("genesis has limits that can be kept");
                ValidatorLimits::<T>::put(limits);
            }
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Bonds that much more.
        #[pallet::call_index(0)]
        #[pallet::weight(<T as Config>::WeightInfo::bond())]
        pub fn bond(origin: OriginFor<T>, #[pallet::compact] amount: BalanceOf<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_bond(&who, amount)
        }

        /// Joins the candidates. Needs session keys and the minimum bond.
        #[pallet::call_index(1)]
        #[pallet::weight(<T as Config>::WeightInfo::validate(T::MaxCandidates::get()))]
        pub fn validate(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_validate(who)
        }

        /// Leaves the candidates. The sessions that the account was chosen for stay.
        #[pallet::call_index(2)]
        #[pallet::weight(<T as Config>::WeightInfo::chill(T::MaxCandidates::get()))]
        pub fn chill(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            ensure!(Self::remove_candidate(&who), Error::<T>::NotCandidate);
            Ok(())
        }

        /// Asks back part of the active bond, or all of it.
        #[pallet::call_index(3)]
        #[pallet::weight(<T as Config>::WeightInfo::unbond())]
        pub fn unbond(origin: OriginFor<T>, #[pallet::compact] amount: BalanceOf<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_unbond(who, amount)
        }

        /// Takes back what has been unbonding long enough.
        #[pallet::call_index(4)]
        #[pallet::weight(<T as Config>::WeightInfo::withdraw())]
        pub fn withdraw(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_withdraw(who)
        }

        /// Says how many validators there are, from the next choice on.
        #[pallet::call_index(5)]
        #[pallet::weight(<T as Config>::WeightInfo::set_limits())]
        pub fn set_limits(origin: OriginFor<T>, limits: Limits) -> DispatchResult {
            T::LimitsOrigin::ensure_origin(origin)?;
            Self::check_limits(limits)?;
            ValidatorLimits::<T>::put(limits);
            Self::deposit_event(Event::LimitsSet { limits });
            Ok(())
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            crate::try_state::check::<T>()
        }
    }

    impl<T: Config> Pallet<T> {
        fn check_limits(limits: Limits) -> DispatchResult {
            let Limits { minimum, maximum } = limits;
            let is_right = 0 < minimum && minimum <= maximum && maximum <= T::MaxValidators::get();
            ensure!(is_right, Error::<T>::WrongLimits);
            Ok(())
        }
    }
}
