//! # Data bus
//!
//! What the chain believes about Ethereum.
//!
//! * **Which blocks are final?** A light client ([`weft_light_client`]) follows Ethereum's finality by updates that anybody may bring,
//!   and anchors the execution block of each. See `docs/decisions/light-client.md`.
//! * **What did a source hold?** Computed from evidence that anybody may bring, by [`weft_ethereum_proofs`], which trusts hashes alone, for
//!   blocks that an anchor leads to. See `docs/decisions/data-bus.md`.
//! * **What time is it?** The slots that became final, without those of stalls. See `docs/decisions/clock.md`.
//!
//! This pallet keeps what they know, says which chains may be asked about, and gives each refusal its error. Other pallets use it through
//! [`DataBus`], [`FinalBlocks`] and [`EthereumClock`].

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod clock;
mod errors;
mod extension;
mod light_client;
#[cfg(test)]
mod mock;
mod sources;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
pub mod weights;

pub use clock::EthereumClock;
pub use extension::CheckUpdate;
pub use light_client::FinalBlocks;
pub use pallet::*;
pub use sources::DataBus;
pub use weights::WeightInfo;

/// Sets the clock, to measure updates of the light client with.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkClock {
    /// Sets the time, in seconds since 1970.
    fn set(seconds: u64);
}

#[frame_support::pallet]
mod pallet {
    #![allow(missing_docs, reason = "the macros generate items without documentation")]

    use super::{WeightInfo, clock::Pace};
    use alloc::{boxed::Box, vec::Vec};
    use frame_support::{pallet_prelude::*, traits::UnixTime};
    use frame_system::pallet_prelude::*;
    use weft_light_client::{
        Anchor, BeaconHeader, Checkpoint, Committee, Crypto, ForkStart, Network as EthereumNetwork, Update,
        network::MAX_FORKS,
    };
    use weft_primitives::H256;

    /// Version of this pallet's storage.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Configuration of the pallet.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who may say which chains runs can read.
        type ChainsOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Hashes, keys and signatures of the beacon chain.
        type Crypto: Crypto;
        /// The clock, by which a signature of a slot in the future is seen.
        type Time: UnixTime;
        /// How many final execution blocks are remembered; not 0. A change moves places of the ring, so it comes with a migration, or
        /// with a new checkpoint.
        #[pallet::constant]
        type MaxAnchors: Get<u32>;
        /// After how many slots without progress of finality the clock stands still; also the most that it counts at once.
        #[pallet::constant]
        type StallAfter: Get<u64>;
        /// Weights of the calls.
        type WeightInfo: WeightInfo;
        /// Sets the clock, to measure with.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkClock: super::BenchmarkClock;
    }

    /// The chains that runs can read, by EIP-155 id.
    #[pallet::storage]
    pub type AllowedChains<T> = StorageMap<_, Twox64Concat, u64, ()>;

    /// The network of Ethereum that the light client follows.
    #[pallet::storage]
    pub type Network<T> = StorageValue<_, EthereumNetwork>;

    /// The newest final beacon header. `None` until there is a checkpoint.
    #[pallet::storage]
    pub type Finalized<T> = StorageValue<_, BeaconHeader>;

    /// The sync committee of the period of [`Finalized`].
    #[pallet::storage]
    pub type CurrentCommittee<T> = StorageValue<_, Committee>;

    /// The sync committee of the period after, if it is known.
    #[pallet::storage]
    pub type NextCommittee<T> = StorageValue<_, Committee>;

    /// Execution blocks that are final, by the slot of the beacon block that showed them.
    #[pallet::storage]
    pub type Anchors<T> = StorageMap<_, Twox64Concat, u64, Anchor>;

    /// The slots of [`Anchors`], the newest in place [`AnchorCount`] − 1 modulo [`Config::MaxAnchors`].
    #[pallet::storage]
    pub type AnchorSlots<T> = StorageMap<_, Twox64Concat, u32, u64>;

    /// How many execution blocks were anchored since the checkpoint.
    #[pallet::storage]
    pub type AnchorCount<T> = StorageValue<_, u64, ValueQuery>;

    /// The newest slot in [`Anchors`] that shows the execution block with this number.
    #[pallet::storage]
    pub type SlotByNumber<T> = StorageMap<_, Twox64Concat, u64, u64>;

    /// The newest slot in [`Anchors`] that shows the execution block with this hash.
    #[pallet::storage]
    pub type SlotByHash<T> = StorageMap<_, Identity, H256, u64>;

    /// Slots that became final, without those of stalls. `None` before the first checkpoint.
    #[pallet::storage]
    pub type Clock<T> = StorageValue<_, u64>;

    /// When finality last moved, and what the clock may still count.
    #[pallet::storage]
    pub type Progress<T> = StorageValue<_, Pace>;

    /// Whether finality has not moved for [`Config::StallAfter`] slots.
    #[pallet::storage]
    pub type Stalled<T> = StorageValue<_, bool, ValueQuery>;

    /// The chains that runs can read from the first block.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// EIP-155 ids.
        pub chains: Vec<u64>,
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for chain in &self.chains {
                AllowedChains::<T>::insert(chain, ());
            }
        }
    }

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// Runs can read a chain from now on.
        ChainAllowed {
            /// EIP-155 id.
            chain_id: u64,
        },
        /// Runs can no longer read a chain.
        ChainForbidden {
            /// EIP-155 id.
            chain_id: u64,
        },
        /// The light client starts anew from a checkpoint.
        LightClientReset {
            /// Slot of the checkpoint.
            slot: u64,
        },
        /// The schedule of forks was replaced.
        ForksSet,
        /// A beacon block is final.
        Finalized {
            /// Its slot.
            slot: u64,
        },
        /// An execution block is final, and can be referred to.
        Anchored {
            /// Slot of the beacon block that shows it.
            slot: u64,
            /// Its number.
            number: u64,
            /// Its hash.
            hash: H256,
        },
        /// The next sync committee is known.
        CommitteeLearned {
            /// Its period.
            period: u64,
        },
        /// Finality has not moved for long: deadlines stand still.
        Stalled {
            /// The newest slot that is final.
            slot: u64,
        },
        /// Finality moves again after a stall, and deadlines with it.
        Resumed {
            /// The newest slot that is final.
            slot: u64,
            /// Slots that this update made final and that the clock leaves out. More may follow, if finality comes back step by step.
            frozen: u64,
        },
    }

    /// Why a block or the evidence for it was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// Runs cannot read this chain.
        ChainNotAllowed,
        /// The light client does not follow this chain, or has no checkpoint yet.
        ChainNotFollowed,
        /// The block is of another chain than the source of the manifest.
        WrongChain,
        /// The first block comes after the last, there are too many, or several for a source that reads one.
        WrongRange,
        /// The offer names transactions, and the source reads none by name.
        UnexpectedTransactions,
        /// The transactions that the offer names do not rise, there are none, or too many.
        UnorderedTransactions,
        /// Neither is the block one that this chain knows to be final, nor does its ancestry start at one. Wait until it is final, or show
        /// how a newer final block leads to it.
        NotFinal,
        /// The ancestry of a block has more bytes than the bound.
        AncestryTooLarge,
        /// A header of the ancestry cannot be read.
        MalformedAncestor,
        /// A header of the ancestry does not continue what comes before.
        BrokenAncestry,
        /// The paths do not show a block in the history that Ethereum keeps (EIP-2935).
        InvalidHistory,
        /// A hop from a beacon block is not the first, or its branches do not lead from the block through the history of its state to an
        /// execution block.
        InvalidBeaconHistory,
        /// The ancestry leads to another block.
        AncestryOfOtherBlock,
        /// The evidence of a block has more bytes than the bound.
        EvidenceTooLarge,
        /// The evidence is for another kind of source.
        WrongEvidenceKind,
        /// The header cannot be read.
        MalformedHeader,
        /// The header has another hash than the block.
        WrongBlockHash,
        /// The header has another number than the block.
        WrongBlockNumber,
        /// The receipts are not those of the block: one is missing, added, altered or moved.
        WrongReceiptsRoot,
        /// The headers are not those of the range, each the parent of the next.
        BrokenRange,
        /// A block comes without receipts, and its bloom filter does not exclude the events that are read.
        BloomMatches,
        /// A block comes with receipts, and its bloom filter excludes the events that are read.
        UnneededReceipts,
        /// There are more or fewer paths than what is read.
        WrongPathCount,
        /// A path does not lead from the header's root to the receipt or transaction.
        InvalidPath,
        /// A path does not show an account or slot.
        InvalidStateProof,
        /// The state is not the one that the zkGraph had when the run was locked.
        WrongState,
        /// The header names no beacon block, or another than the one shown.
        WrongBeaconBlock,
        /// The light client follows another chain than the one whose beacon blocks are read, or none.
        NoBeaconChain,
        /// The beacon block is of another fork than the one that the manifest names, so its fields are elsewhere. Publish a manifest for
        /// this fork.
        OtherBeaconFork,
        /// A branch does not lead from a field to the beacon block.
        InvalidBeaconField,
        /// A transaction is of a type that this runtime does not know.
        UnknownTransactionType,
        /// A transaction cannot be read.
        MalformedTransaction,
        /// No account can have made the signature of a transaction.
        InvalidTransactionSignature,
        /// A receipt is of a type that this runtime does not know.
        UnknownReceiptType,
        /// A receipt cannot be read.
        MalformedReceipt,
        /// The light client has no checkpoint yet: root sets one with `reset_light_client`.
        NoCheckpoint,
        /// The network's forks do not rise, there are none, or a slot takes no time.
        InvalidNetwork,
        /// The new schedule differs from the old one up to the epoch that is final.
        PastForksChanged,
        /// The clock is before the genesis of the beacon chain.
        BeforeGenesis,
        /// A committee or participation has not as many members as the network's preset says.
        WrongCommitteeSize,
        /// Fewer than two thirds of the committee signed.
        TooFewSigners,
        /// The update's slots do not rise from finalized to attested to signature.
        UnorderedSlots,
        /// The signature is of a slot in the future.
        FutureSlot,
        /// The schedule has no fork at one of the slots.
        UnknownFork,
        /// The committee that signed is not known: updates of the periods between are missing.
        UnknownPeriod,
        /// Nothing in the update is newer than what is known.
        IrrelevantUpdate,
        /// The finality branch does not lead to the attested state.
        InvalidFinalityBranch,
        /// The branch of the next committee does not lead to the attested state.
        InvalidNextCommitteeBranch,
        /// The next committee is not the one that is known.
        WrongNextCommittee,
        /// The branch of the committee does not lead to the checkpoint's state.
        InvalidCommitteeBranch,
        /// An execution block is missing, or there is one before Capella.
        WrongExecutionPresence,
        /// The header of the execution block cannot be read.
        MalformedExecutionHeader,
        /// The branch of the execution block does not lead to the beacon block's body.
        InvalidExecutionBranch,
        /// The committee's signature is wrong.
        InvalidSignature,
        /// A key of the committee is not a key.
        MalformedCommitteeKey,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(T::MaxAnchors::get() > 0, "the ring of anchors has no place");
            assert!(T::StallAfter::get() > 0, "the clock would never move");
        }

        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::watch();
            // Network, progress, final header, flag, time; the flag.
            T::DbWeight::get().reads_writes(5, 1)
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Lets runs read a chain.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::allow_chain())]
        pub fn allow_chain(origin: OriginFor<T>, chain_id: u64) -> DispatchResult {
            T::ChainsOrigin::ensure_origin(origin)?;
            AllowedChains::<T>::insert(chain_id, ());
            Self::deposit_event(Event::ChainAllowed { chain_id });
            Ok(())
        }

        /// Ends reading a chain, also for runs that are already locked.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::forbid_chain())]
        pub fn forbid_chain(origin: OriginFor<T>, chain_id: u64) -> DispatchResult {
            T::ChainsOrigin::ensure_origin(origin)?;
            AllowedChains::<T>::remove(chain_id);
            Self::deposit_event(Event::ChainForbidden { chain_id });
            Ok(())
        }

        /// Starts the light client from a checkpoint that is trusted. What it knew is forgotten.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::reset_light_client(T::MaxAnchors::get()))]
        pub fn reset_light_client(
            origin: OriginFor<T>,
            network: EthereumNetwork,
            checkpoint: Box<Checkpoint>,
        ) -> DispatchResult {
            T::ChainsOrigin::ensure_origin(origin)?;
            Self::reset(network, &checkpoint)
        }

        /// Replaces the schedule of forks. What it says up to the epoch that is final must stay.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::set_forks())]
        pub fn set_forks(
            origin: OriginFor<T>,
            forks: BoundedVec<ForkStart, ConstU32<MAX_FORKS>>,
        ) -> DispatchResult {
            T::ChainsOrigin::ensure_origin(origin)?;
            Self::replace_forks(forks)
        }

        /// Brings an update of the light client. It costs no fee if it moves finality or brings an unknown committee.
        #[pallet::call_index(4)]
        // Where a period begins the committees move up, and where a stall ends that is noted, which the recorded updates do not.
        #[pallet::weight(T::DbWeight::get().writes(3).saturating_add(if update.next_committee.is_some() {
            T::WeightInfo::submit_update_with_committee()
        } else {
            T::WeightInfo::submit_update()
        }))]
        pub fn submit_update(origin: OriginFor<T>, update: Box<Update>) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Self::apply_update(&update)?;
            Ok(Pays::No.into())
        }
    }
}
