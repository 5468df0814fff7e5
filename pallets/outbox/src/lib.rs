//! # Outbox
//!
//! Results on their way to Ethereum. The messages of a block are the leaves of a binary Merkle tree, whose
//! root the *next* block's MMR leaf
//! carries and BEEFY validators sign; a contract on Ethereum checks a message against it.
//! `docs/decisions/settlement.md` has the protocol,
//! [`weft_primitives::outbox`] the form of a proof.
//!
//! The state holds the hash of every message, by block: a proof for any past message can be made at the head.
//! The messages
//! themselves go to the off-chain database of nodes that index, under their own hash
//! ([`weft_primitives::outbox::message_key`]), so
//! that forks cannot overwrite each other's and readers can check what they get.
//!
//! Other pallets append through [`Outbox`]. Root orders gateways by the only transaction there is.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

use frame_support::{ensure, traits::Get, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{
    DispatchError, DispatchResult, SaturatedConversion,
    traits::{Keccak256, Zero},
};
use weft_primitives::{
    H160, H256, Message, Order, keccak256,
    outbox::{OutboxProof, message_key},
};

/// Where settled results leave the chain. Implemented by this pallet.
pub trait Outbox {
    /// Refuses if this block takes no more messages.
    fn ensure_room() -> Result<(), DispatchError>;

    /// Appends the message that `make` makes of its nonce, and returns the nonce. `offerer` is whoever wanted the run that it comes from; zero for nobody.
    fn append(offerer: H256, make: impl FnOnce(u64) -> Message) -> Result<u64, DispatchError>;

    /// What a message costs those who hear of it, beside the appending itself.
    fn hook_weight() -> Weight;

    /// The nonce that the next message gets.
    fn next_nonce() -> u64;
}

/// Hears of each message that is appended.
pub trait OnMessage {
    /// A message is in the outbox. It comes from a run that `offerer` wanted; zero for nobody.
    fn on_message(offerer: H256, message: &Message);

    /// What that costs at most.
    fn weight() -> Weight;
}

impl OnMessage for () {
    fn on_message(_: H256, _: &Message) {}

    fn weight() -> Weight {
        Weight::zero()
    }
}

#[frame_support::pallet]
mod pallet {
    #![allow(missing_docs, reason = "the macros generate items without documentation")]

    use super::WeightInfo;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use weft_primitives::{GraphId, H160, H256, JobId, Order};

    /// Version of this pallet's storage.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Configuration of the pallet.
    #[pallet::config]
    pub trait Config: frame_system::Config<Hash = H256, RuntimeEvent: From<Event<Self>>> {
        /// Who orders gateways.
        type OrderOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Most messages of a block.
        #[pallet::constant]
        type MaxMessagesPerBlock: Get<u32>;
        /// Hears of each message.
        type OnMessage: super::OnMessage;
        /// Weights of the call and the hooks.
        type WeightInfo: WeightInfo;
    }

    /// The messages of a block.
    #[derive(
        CloneNoBound,
        DebugNoBound,
        PartialEqNoBound,
        EqNoBound,
        Encode,
        Decode,
        DecodeWithMemTracking,
        TypeInfo,
        MaxEncodedLen,
    )]
    #[scale_info(skip_type_params(MaxMessages))]
    pub struct BlockMessages<MaxMessages: Get<u32>> {
        /// Nonce of the first; the others follow without gaps.
        pub first_nonce: u64,
        /// Hashes of the messages, in order.
        pub leaves: BoundedVec<H256, MaxMessages>,
    }

    /// The nonce that the next message gets.
    #[pallet::storage]
    pub type NextNonce<T> = StorageValue<_, u64, ValueQuery>;

    /// Hashes of the messages of this block so far.
    #[pallet::storage]
    pub type Pending<T: Config> = StorageValue<_, BoundedVec<H256, T::MaxMessagesPerBlock>, ValueQuery>;

    /// Root of the messages of the last finished block; zero if it had none.
    #[pallet::storage]
    pub type Root<T> = StorageValue<_, H256, ValueQuery>;

    /// Messages of each block that had any.
    #[pallet::storage]
    pub type Blocks<T: Config> =
        StorageMap<_, Twox64Concat, BlockNumberFor<T>, BlockMessages<T::MaxMessagesPerBlock>>;

    /// The block of each message, by nonce.
    #[pallet::storage]
    pub type BlockOf<T: Config> = StorageMap<_, Twox64Concat, u64, BlockNumberFor<T>>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A message was appended.
        MessageAppended {
            /// Its number.
            nonce: u64,
            /// Its hash: keccak256 of its ABI encoding.
            leaf: H256,
            /// The zkGraph that it comes from.
            graph: GraphId,
            /// The run that it comes from.
            job: JobId,
        },
    }

    /// Why a message was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// This block takes no more messages; the next one does.
        OutboxFull,
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Sends an order to the gateway at an address of a chain, as Weft's root.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::order().saturating_add(<T::OnMessage as super::OnMessage>::weight()))]
        pub fn order(origin: OriginFor<T>, chain_id: u64, gateway: H160, order: Order) -> DispatchResult {
            T::OrderOrigin::ensure_origin(origin)?;
            Self::append_order(chain_id, gateway, order)
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Reserves the weight of [`Hooks::on_finalize`].
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            T::WeightInfo::on_finalize(T::MaxMessagesPerBlock::get())
        }

        /// Fixes the root, which the next block puts into its MMR leaf before anything else can write here.
        fn on_finalize(block: BlockNumberFor<T>) {
            Self::close_block(block);
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            crate::try_state::check::<T>()
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Root of the messages of the last finished block; zero if it had none.
    ///
    /// Read while a block is initialised, this is the root of its parent.
    pub fn root() -> H256 {
        Root::<T>::get()
    }

    /// The proof that a message is in the outbox of the block that settled it.
    ///
    /// `None` for a nonce that was not used yet, and for a message of the block that is being executed.
    pub fn proof(nonce: u64) -> Option<OutboxProof> {
        let block = BlockOf::<T>::get(nonce)?;
        let messages = Blocks::<T>::get(block)?;
        let leaf_index = u32::try_from(nonce.checked_sub(messages.first_nonce)?).ok()?;
        let leaf = *messages.leaves.get(leaf_index as usize)?;
        let proof = binary_merkle_tree::merkle_proof_raw::<Keccak256, _>(messages.leaves, leaf_index);
        Some(OutboxProof {
            block: block.saturated_into(),
            root: proof.root,
            leaf,
            leaf_index,
            leaf_count: proof.number_of_leaves,
            items: proof.proof,
        })
    }

    fn append_order(chain_id: u64, gateway: H160, order: Order) -> DispatchResult {
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
        <Self as Outbox>::append(H256::zero(), |nonce| {
            order.message(genesis, nonce, chain_id, gateway)
        })?;
        Ok(())
    }

    fn close_block(block: BlockNumberFor<T>) {
        let leaves = Pending::<T>::take();
        Root::<T>::put(binary_merkle_tree::merkle_root_raw::<Keccak256, _>(
            leaves.iter().copied(),
        ));
        if leaves.is_empty() {
            return;
        }
        let first_nonce = NextNonce::<T>::get().saturating_sub(leaves.len() as u64);
        Blocks::<T>::insert(block, BlockMessages { first_nonce, leaves });
    }
}

impl<T: Config> Outbox for Pallet<T> {
    fn ensure_room() -> Result<(), DispatchError> {
        let used = Pending::<T>::decode_len().unwrap_or_default();
        ensure!(
            used < T::MaxMessagesPerBlock::get() as usize,
            Error::<T>::OutboxFull
        );
        Ok(())
    }

    fn append(offerer: H256, make: impl FnOnce(u64) -> Message) -> Result<u64, DispatchError> {
        let nonce = NextNonce::<T>::get();
        let message = make(nonce);
        let bytes = message.abi_encode();
        let leaf = keccak256(&bytes);
        Pending::<T>::try_append(leaf).map_err(|_| Error::<T>::OutboxFull)?;
        NextNonce::<T>::put(nonce.saturating_add(1));
        BlockOf::<T>::insert(nonce, frame_system::Pallet::<T>::block_number());
        sp_io::offchain_index::set(&message_key(leaf), &bytes);
        Self::deposit_event(Event::MessageAppended {
            nonce,
            leaf,
            graph: message.graph,
            job: message.job,
        });
        T::OnMessage::on_message(offerer, &message);
        Ok(nonce)
    }

    fn hook_weight() -> Weight {
        T::OnMessage::weight()
    }

    fn next_nonce() -> u64 {
        NextNonce::<T>::get()
    }
}
