//! # Data bus
//!
//! Which events does the block of Ethereum with this hash hold? The answer is computed from evidence that
//! anybody may bring, by
//! [`weft_ethereum_proofs`], which trusts hashes alone. This pallet says which chains may be asked about and
//! gives each refusal
//! its error.
//!
//! **Whether a block belongs to the canonical chain is not decided here yet**, but where a result lands: see
//! `docs/decisions/data-bus.md`, which has the protocol.
//!
//! Other pallets use it through [`DataBus`].

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

use alloc::vec::Vec;
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};
use weft_ethereum_proofs::{EvidenceError, ReceiptError, check_transactions, verify_events};
use weft_primitives::{BlockEvidence, Source, SourceBlock, manifest::EventSource};

/// What evidence has shown of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvedSource {
    /// What the statement of the run has to say of this source.
    pub source: Source,
    /// The section of the run's input made from it.
    pub section: Vec<u8>,
}

/// What the chain believes about other chains. Implemented by this pallet.
pub trait DataBus {
    /// Whether a run over `block` could be proved for a source that reads `wanted`, as far as can be said
    /// without evidence.
    fn check_block(block: &SourceBlock, wanted: &EventSource) -> DispatchResult;

    /// The events of `block` that `wanted` reads, as `evidence` shows them.
    fn prove(
        block: &SourceBlock,
        wanted: &EventSource,
        evidence: &BlockEvidence,
    ) -> Result<ProvedSource, DispatchError>;

    /// Lets runs read a chain, to measure with.
    #[cfg(feature = "runtime-benchmarks")]
    fn allow_for_benchmark(chain_id: u64);
}

#[frame_support::pallet]
mod pallet {
    #![allow(missing_docs, reason = "the macros generate items without documentation")]

    use super::WeightInfo;
    use alloc::vec::Vec;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

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
        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// The chains that runs can read, by EIP-155 id.
    #[pallet::storage]
    pub type AllowedChains<T> = StorageMap<_, Twox64Concat, u64, ()>;

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
    }

    /// Why a block or the evidence for it was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// Runs cannot read this chain.
        ChainNotAllowed,
        /// The block is of another chain than the source of the manifest.
        WrongChain,
        /// The offer names transactions, and the source reads whole blocks.
        UnexpectedTransactions,
        /// The transactions that the offer names do not rise, or there are none.
        UnorderedTransactions,
        /// The evidence of a block has more bytes than the bound.
        EvidenceTooLarge,
        /// The evidence is for the other kind of source.
        WrongEvidenceKind,
        /// The header cannot be read.
        MalformedHeader,
        /// The header has another hash than the block.
        WrongBlockHash,
        /// The header has another number than the block.
        WrongBlockNumber,
        /// The receipts are not those of the block: one is missing, added, altered or moved.
        WrongReceiptsRoot,
        /// There are more or fewer paths than transactions named.
        WrongPathCount,
        /// A path does not lead from the header's receipts root to the receipt of its transaction.
        InvalidReceiptProof,
        /// A receipt is of a type that this runtime does not know.
        UnknownReceiptType,
        /// A receipt cannot be read.
        MalformedReceipt,
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
    }
}

impl<T> From<EvidenceError> for Error<T> {
    fn from(error: EvidenceError) -> Self {
        match error {
            EvidenceError::TooLarge => Self::EvidenceTooLarge,
            EvidenceError::WrongChain => Self::WrongChain,
            EvidenceError::WrongKind => Self::WrongEvidenceKind,
            EvidenceError::MalformedHeader(_) => Self::MalformedHeader,
            EvidenceError::WrongBlockHash => Self::WrongBlockHash,
            EvidenceError::WrongBlockNumber => Self::WrongBlockNumber,
            EvidenceError::WrongReceiptsRoot => Self::WrongReceiptsRoot,
            EvidenceError::WrongPathCount => Self::WrongPathCount,
            EvidenceError::UnorderedTransactions => Self::UnorderedTransactions,
            EvidenceError::UnexpectedTransactions => Self::UnexpectedTransactions,
            EvidenceError::InvalidPath(_) => Self::InvalidReceiptProof,
            EvidenceError::InvalidReceipt(ReceiptError::UnknownType(_)) => Self::UnknownReceiptType,
            EvidenceError::InvalidReceipt(ReceiptError::Malformed) => Self::MalformedReceipt,
        }
    }
}

impl<T: Config> DataBus for Pallet<T> {
    fn check_block(block: &SourceBlock, wanted: &EventSource) -> DispatchResult {
        ensure!(
            AllowedChains::<T>::contains_key(wanted.chain_id),
            Error::<T>::ChainNotAllowed
        );
        ensure!(block.chain_id == wanted.chain_id, Error::<T>::WrongChain);
        check_transactions(block, wanted.kind).map_err(Error::<T>::from)?;
        Ok(())
    }

    fn prove(
        block: &SourceBlock,
        wanted: &EventSource,
        evidence: &BlockEvidence,
    ) -> Result<ProvedSource, DispatchError> {
        ensure!(
            AllowedChains::<T>::contains_key(wanted.chain_id),
            Error::<T>::ChainNotAllowed
        );
        let proved = verify_events(block, wanted, evidence).map_err(Error::<T>::from)?;
        Ok(ProvedSource {
            source: proved.source,
            section: proved.section,
        })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn allow_for_benchmark(chain_id: u64) {
        AllowedChains::<T>::insert(chain_id, ());
    }
}
