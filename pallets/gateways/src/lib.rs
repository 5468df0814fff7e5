//! # Gateways
//!
//! What gateways on Ethereum did, as their receipts show it. Who delivered a message is paid by those who promised a reward for it; who brought a
//! handover is paid by the chain; validators who signed a commitment for a gateway that disagrees with this chain's MMR are punished.
//! `docs/decisions/receipts.md` has the protocol, with every check in its order.
//!
//! ## Terms
//! - **Sponsor** of a zkGraph: whoever pays for the deliveries of its messages.
//! - **Purse**: what the sponsor has set aside for messages to come, on hold on the own account.
//! - **Reward**: what payers have promised to whoever delivers a certain message at a certain gateway, on hold on their accounts.
//! - **Registered gateway**: one for whose code root answers.
//!
//! ## Where to look
//! `rewards` (promises and payment), `receipts` (reading evidence), `commitments` (lies), `migrations`.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod commitments;
#[cfg(any(test, feature = "runtime-benchmarks"))]
mod evidence;
pub mod migrations;
#[cfg(test)]
mod mock;
mod receipts;
mod rewards;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
pub mod weights;

pub use commitments::{OwnCommitments, ReportError};
pub use pallet::*;
pub use receipts::ReceiptEvidence;
pub use rewards::{Registration, Reward, Sponsor};
pub use weights::WeightInfo;

use frame_support::traits::fungible::Inspect;

/// Accounts of the runtime.
type AccountOf<T> = <T as frame_system::Config>::AccountId;
/// Amounts of the currency of rewards.
pub type BalanceOf<T> = <<T as Config>::Currency as Inspect<AccountOf<T>>>::Balance;
/// A sponsor as this pallet stores it.
pub type SponsorOf<T> = Sponsor<AccountOf<T>, BalanceOf<T>>;
/// A reward as this pallet stores it.
pub type RewardOf<T> = Reward<AccountOf<T>, BalanceOf<T>>;
/// A registered gateway as this pallet stores it.
pub type RegistrationOf<T> = Registration<BalanceOf<T>>;

#[frame_support::pallet]
mod pallet {
    #![allow(missing_docs, reason = "the macros generate items without documentation")]

    use super::{
        BalanceOf, OwnCommitments, ReceiptEvidence, Registration, RegistrationOf, RewardOf, SponsorOf,
        WeightInfo,
    };
    use alloc::boxed::Box;
    use frame_support::{
        pallet_prelude::*,
        traits::fungible::{Mutate, MutateHold},
    };
    use frame_system::pallet_prelude::*;
    use pallet_data_bus::{DataBus, EthereumClock};
    use pallet_outbox::Outbox;
    use sp_runtime::traits::{Convert, Zero};
    use weft_primitives::{GatewayId, GraphId, H256};

    /// Version of this pallet's storage.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Configuration of the pallet.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// What rewards are paid in.
        type Currency: Mutate<Self::AccountId> + MutateHold<Self::AccountId, Reason: From<HoldReason>>;
        /// The owner of a zkGraph.
        type OwnerOf: Convert<GraphId, Option<Self::AccountId>>;
        /// What the chain believes about Ethereum.
        type DataBus: DataBus;
        /// The clock that rewards stand by.
        type Clock: EthereumClock;
        /// Where messages leave the chain.
        type Outbox: Outbox;
        /// Accounts as gateways name them.
        type AccountOf: Convert<[u8; 32], Self::AccountId>;
        /// What this chain signed itself, and who.
        type Commitments: OwnCommitments<Self::AccountId>;
        /// Who registers gateways.
        type RegisterOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// The least reward and tip. Not below the existential deposit, or it could not be paid to a new account.
        #[pallet::constant]
        type MinimumReward: Get<BalanceOf<Self>>;
        /// For how many of Ethereum's slots a reward stands.
        #[pallet::constant]
        type RewardPeriod: Get<u64>;
        /// Most payers of one reward, the sponsor included.
        #[pallet::constant]
        type MaxPayers: Get<u32>;
        /// How many validator sets before the newest one handovers are paid for.
        #[pallet::constant]
        type HandoverWindow: Get<u64>;
        /// Most events that one claim is paid for.
        #[pallet::constant]
        type MaxEvents: Get<u32>;
        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds funds.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// For deliveries: a sponsor's purse, and rewards that were promised.
        Delivery,
    }

    /// Who pays for the deliveries of each zkGraph.
    #[pallet::storage]
    pub type Sponsors<T: Config> = StorageMap<_, Identity, GraphId, SponsorOf<T>>;

    /// What is promised for each message at a gateway that is not claimed or taken back yet.
    #[pallet::storage]
    pub type Rewards<T: Config> =
        StorageDoubleMap<_, Twox64Concat, u64, Blake2_128Concat, GatewayId, RewardOf<T>>;

    /// The gateways that root answers for.
    #[pallet::storage]
    pub type Registered<T: Config> = StorageMap<_, Blake2_128Concat, GatewayId, RegistrationOf<T>>;

    /// For the newest validator sets the gateways at which their handovers were paid.
    #[pallet::storage]
    pub type PaidHandovers<T> = StorageDoubleMap<_, Twox64Concat, u64, Blake2_128Concat, GatewayId, ()>;

    /// Root over the addresses of the newest validator sets and of the next one, as MMR leaves name them.
    #[pallet::storage]
    pub type Keysets<T> = StorageMap<_, Twox64Concat, u64, H256>;

    /// The id of the validator set in power.
    #[pallet::storage]
    pub type NewestSet<T> = StorageValue<_, u64, ValueQuery>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// Somebody pays for the deliveries of a zkGraph, or pays otherwise than before.
        SponsorSet {
            /// The zkGraph.
            graph: GraphId,
            /// Who pays.
            sponsor: T::AccountId,
            /// The gateway whose deliveries are paid.
            gateway: GatewayId,
            /// The whole purse.
            purse: BalanceOf<T>,
            /// What each message pays from now on.
            reward: BalanceOf<T>,
        },
        /// A purse was emptied by its sponsor, or by the owner of the zkGraph.
        PurseReleased {
            /// The zkGraph.
            graph: GraphId,
            /// Whose it was.
            sponsor: T::AccountId,
            /// What was in it.
            purse: BalanceOf<T>,
        },
        /// A reward was promised or grew.
        RewardPromised {
            /// Nonce of the message.
            nonce: u64,
            /// Where it has to be delivered.
            gateway: GatewayId,
            /// Who promises.
            payer: T::AccountId,
            /// How much more.
            amount: BalanceOf<T>,
        },
        /// A delivery was paid.
        DeliveryPaid {
            /// Nonce of the message.
            nonce: u64,
            /// Where it was delivered.
            gateway: GatewayId,
            /// Who brought it.
            relayer: T::AccountId,
            /// What was paid.
            amount: BalanceOf<T>,
        },
        /// Payers have their promises back: nobody delivered the message, or nobody who wants to be paid.
        RewardReleased {
            /// Nonce of the message.
            nonce: u64,
            /// Where it had to be delivered.
            gateway: GatewayId,
            /// What was promised.
            amount: BalanceOf<T>,
        },
        /// A gateway is registered, or a handover pays otherwise than before.
        GatewayRegistered {
            /// The gateway.
            gateway: GatewayId,
            /// What is minted for a handover.
            handover: BalanceOf<T>,
        },
        /// A gateway is no longer registered.
        GatewayRemoved {
            /// The gateway.
            gateway: GatewayId,
        },
        /// A handover was paid.
        HandoverPaid {
            /// The gateway.
            gateway: GatewayId,
            /// The set that took over.
            set: u64,
            /// Who brought it.
            relayer: T::AccountId,
            /// What was minted.
            amount: BalanceOf<T>,
        },
        /// Validators were reported for a commitment that a gateway accepted and that disagrees with this chain.
        LieReported {
            /// The gateway.
            gateway: GatewayId,
            /// The set that signed.
            set: u64,
            /// The block that was signed.
            number: u32,
            /// The MMR root that was signed.
            root: H256,
            /// Who reported it.
            reporter: T::AccountId,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// There is no such zkGraph.
        UnknownGraph,
        /// Somebody else pays for the deliveries of this zkGraph. Its owner may replace a sponsor, anybody one whose purse is spent; or tip messages.
        SponsoredByAnother,
        /// Rewards and tips have a least amount; see `MinimumReward`.
        RewardTooLow,
        /// The purse holds less than one reward; deposit more.
        PurseTooSmall,
        /// Nobody pays for the deliveries of this zkGraph.
        NoSponsor,
        /// The purse belongs to somebody else.
        NotSponsor,
        /// No message has this nonce yet.
        UnknownMessage,
        /// The reward has as many payers as it can have, none of whom pays less; tip more.
        TooManyPayers,
        /// The time of this reward is over; call `reclaim`, then tip anew.
        RewardExpired,
        /// There is no reward for this message at this gateway: it was paid or taken back, or never promised.
        NoReward,
        /// The reward still stands.
        RewardStands,
        /// None of these events is to be paid: it was paid before, was not promised, or is of another gateway.
        NothingToPay,
        /// Root does not answer for this gateway.
        NotRegistered,
        /// The receipts show no commitment of this gateway for this block.
        NoSuchCommitment,
        /// The set that signed is none of this chain's that can be reported: not yet, not any more, or never. If the gateway was handed over by a lie, report
        /// that one.
        OtherKeyset,
        /// The commitment agrees with this chain, or nothing shows that it does not.
        NotALie,
        /// All who signed it were reported for it before.
        AlreadyReported,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            use frame_support::traits::fungible::Inspect;
            assert!(
                T::MinimumReward::get() >= T::Currency::minimum_balance(),
                "a reward could not be paid to a new account"
            );
            assert!(T::MaxPayers::get() > 0, "nobody could promise anything");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            crate::try_state::check::<T>()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Pays `reward` from now on for each delivery of a zkGraph's messages at a gateway, and adds `deposit` to the purse that it comes from.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::sponsor())]
        pub fn sponsor(
            origin: OriginFor<T>,
            graph: GraphId,
            gateway: GatewayId,
            #[pallet::compact] deposit: BalanceOf<T>,
            #[pallet::compact] reward: BalanceOf<T>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_sponsor(who, graph, gateway, deposit, reward)
        }

        /// Empties the purse of the sender. What was promised stays.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        pub fn withdraw(origin: OriginFor<T>, graph: GraphId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_withdraw(&who, graph)
        }

        /// Promises that much more to whoever delivers a message at a gateway.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::tip())]
        pub fn tip(
            origin: OriginFor<T>,
            #[pallet::compact] nonce: u64,
            gateway: GatewayId,
            #[pallet::compact] amount: BalanceOf<T>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_tip(who, nonce, gateway, amount)
        }

        /// Gives the payers of a reward whose time is over their promises back. Anybody may.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::reclaim())]
        pub fn reclaim(
            origin: OriginFor<T>,
            #[pallet::compact] nonce: u64,
            gateway: GatewayId,
        ) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_reclaim(nonce, gateway)
        }

        /// Has relayers paid for what receipts show: deliveries, and handovers of a registered gateway. Of the gateway's events the first `skip` are passed over, and `most`
        /// are read, up to `MaxEvents`.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::claim(evidence.byte_count(), (*most).min(T::MaxEvents::get())))]
        pub fn claim(
            origin: OriginFor<T>,
            gateway: GatewayId,
            evidence: Box<ReceiptEvidence>,
            skip: u32,
            most: u32,
        ) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_claim(gateway, &evidence, skip, most)
        }

        /// Answers for a gateway, whose code was looked at, and says what a handover pays there: nothing, or a reward at least. It holds for handovers to sets that are to come,
        /// and for those since the gateway was first registered that were not claimed yet.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::register())]
        pub fn register(
            origin: OriginFor<T>,
            gateway: GatewayId,
            #[pallet::compact] handover: BalanceOf<T>,
        ) -> DispatchResult {
            T::RegisterOrigin::ensure_origin(origin)?;
            let is_payable = handover.is_zero() || handover >= T::MinimumReward::get();
            ensure!(is_payable, Error::<T>::RewardTooLow);
            // What was handed over before is nobody's work for this chain.
            let next = NewestSet::<T>::get().saturating_add(1);
            let from = Registered::<T>::get(gateway).map_or(next, |old| old.from);
            Registered::<T>::insert(gateway, Registration { handover, from });
            Self::deposit_event(Event::GatewayRegistered { gateway, handover });
            Ok(())
        }

        /// Answers for a gateway no longer.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::deregister())]
        pub fn deregister(origin: OriginFor<T>, gateway: GatewayId) -> DispatchResult {
            T::RegisterOrigin::ensure_origin(origin)?;
            Registered::<T>::take(gateway).ok_or(Error::<T>::NotRegistered)?;
            Self::deposit_event(Event::GatewayRemoved { gateway });
            Ok(())
        }

        /// Has those punished who signed a commitment for block `number` that a registered gateway accepted and that disagrees with this chain.
        #[pallet::call_index(7)]
        #[pallet::weight(
            T::WeightInfo::claim(evidence.byte_count(), 1).saturating_add(T::Commitments::weight(proof.as_deref()))
        )]
        pub fn report_commitment(
            origin: OriginFor<T>,
            gateway: GatewayId,
            evidence: Box<ReceiptEvidence>,
            number: u32,
            proof: Option<Box<<T::Commitments as OwnCommitments<T::AccountId>>::Proof>>,
        ) -> DispatchResult {
            let reporter = ensure_signed(origin)?;
            Self::do_report(reporter, gateway, &evidence, number, proof.map(|proof| *proof))
        }
    }
}
