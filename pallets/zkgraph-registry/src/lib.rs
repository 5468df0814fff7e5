//! # zkGraph registry
//!
//! A zkGraph is a program over events of Ethereum whose runs are proved. This pallet stores what a run is
//! bound to: the commitment
//! to the program, the manifest, the state; and who may change them.
//!
//! ## Terms
//! - **Image**: keccak256 of the program commitment, fixed for the life of a zkGraph. Another program is
//!   another zkGraph.
//! - **State policy**: whether runs build on one another; fixed too.
//! - **Manifest**: what the zkGraph reads and where its results go ([`weft_primitives::manifest`]). Its owner
//!   can change it; a run is bound to
//!   the one of the moment it was locked.
//! - **State**: bytes that a sequential zkGraph hands from run to run. Only a settled run moves it, through
//!   [`Graphs`].
//! - **Deposit**: held on the owner's account for each byte that the zkGraph may take, and returned when it is
//!   removed.
//!
//! ## Goals
//! - Nobody but a proved run moves a state.
//! - A run that is under way is not spoiled by anything that the owner does: [`Graphs::lock_run`] hands out copies.
//! - Ownership cannot be given to an account that does not want it, nor be lost by a mistyped address.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod errors;
mod graphs;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
pub mod weights;

pub use graphs::{GraphSummary, Graphs, LockedGraph};
pub use pallet::*;
pub use weights::WeightInfo;

use frame_support::{pallet_macros::import_section, traits::fungible::Inspect};
use weft_primitives::Graph;

/// Amounts of the currency that deposits are held in.
pub type BalanceOf<T> = <<T as Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;
/// A zkGraph as this pallet stores it.
pub type GraphOf<T> = Graph<<T as frame_system::Config>::AccountId, BalanceOf<T>>;

#[import_section(errors::errors)]
#[frame_support::pallet]
mod pallet {
    #![allow(missing_docs, reason = "the macros generate items without documentation")]

    use super::{BalanceOf, GraphOf, WeightInfo};
    use codec::Encode;
    use frame_support::{
        pallet_prelude::*,
        traits::{fungible::MutateHold, tokens::Precision},
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::{
        SaturatedConversion,
        traits::{Saturating, Zero},
    };
    use weft_primitives::{
        Graph, GraphId, H256, ImageBytes, Manifest, Program, ProofSystems, StateBytes, keccak256,
        manifest::{self, ManifestBytes, StatePolicy},
        state_root,
    };

    /// Most blocks that an owner skips at once: some five months of Ethereum. A slip of a digit would otherwise end an index.
    const MAX_SKIP: u64 = 1 << 20;

    /// Version of this pallet's storage.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Configuration of the pallet.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// What deposits are held in.
        type Currency: MutateHold<Self::AccountId, Reason: From<HoldReason>>;
        /// The proof systems that runs can be proved with.
        type ProofSystems: ProofSystems;
        /// The deposit of a zkGraph, apart from its bytes.
        #[pallet::constant]
        type BaseDeposit: Get<BalanceOf<Self>>;
        /// The deposit for each byte of program commitment, manifest, URI and state; for the state its largest
        /// size counts.
        #[pallet::constant]
        type ByteDeposit: Get<BalanceOf<Self>>;
        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds funds.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The deposit of a zkGraph.
        Deposit,
    }

    /// zkGraphs by their id.
    #[pallet::storage]
    pub type Registered<T: Config> = CountedStorageMap<_, Identity, GraphId, GraphOf<T>>;

    /// The zkGraphs of each owner.
    #[pallet::storage]
    pub type Owned<T: Config> = StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Identity, GraphId, ()>;

    /// Program commitments.
    #[pallet::storage]
    pub type Images<T> = StorageMap<_, Identity, GraphId, ImageBytes>;

    /// Manifests, encoded.
    #[pallet::storage]
    pub type Manifests<T> = StorageMap<_, Identity, GraphId, ManifestBytes>;

    /// States that are not empty.
    #[pallet::storage]
    pub type States<T> = StorageMap<_, Identity, GraphId, StateBytes, ValueQuery>;

    /// Accounts to which an owner offers a zkGraph.
    #[pallet::storage]
    pub type PendingOwner<T: Config> = StorageMap<_, Identity, GraphId, T::AccountId>;

    /// How many zkGraphs have ever been registered; makes ids unique.
    #[pallet::storage]
    pub type NextIndex<T> = StorageValue<_, u64, ValueQuery>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A zkGraph was registered.
        Registered {
            /// The zkGraph.
            graph: GraphId,
            /// Its owner.
            owner: T::AccountId,
            /// Its image.
            image: H256,
            /// Digest of its manifest.
            manifest: H256,
        },
        /// The manifest of a zkGraph was changed.
        ManifestUpdated {
            /// The zkGraph.
            graph: GraphId,
            /// Digest of the new manifest.
            manifest: H256,
        },
        /// A zkGraph was offered to another account.
        OwnershipOffered {
            /// The zkGraph.
            graph: GraphId,
            /// The account that may accept.
            to: T::AccountId,
        },
        /// A zkGraph has another owner.
        OwnershipTransferred {
            /// The zkGraph.
            graph: GraphId,
            /// Who owned it.
            from: T::AccountId,
            /// Who owns it.
            to: T::AccountId,
        },
        /// A zkGraph takes no more runs.
        Retired {
            /// The zkGraph.
            graph: GraphId,
        },
        /// A retired zkGraph is gone and its deposit returned.
        Removed {
            /// The zkGraph.
            graph: GraphId,
        },
        /// A settled run changed the state of a zkGraph.
        StateMoved {
            /// The zkGraph.
            graph: GraphId,
            /// keccak256 of the state before.
            from: H256,
            /// keccak256 of the state after.
            to: H256,
        },
        /// The owner of an index has left out blocks that could not be read.
        BlocksSkipped {
            /// The zkGraph.
            graph: GraphId,
            /// The first block that is left out.
            first: u64,
            /// The block that the next run starts with.
            next: u64,
        },
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers a zkGraph with an empty state, owned by the sender, who pays the deposit.
        ///
        /// `image` is the program commitment in the encoding of `proof_system`; the chain cannot tell whether
        /// anything can be proved
        /// against it.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register(manifest.len() as u32))]
        pub fn register(
            origin: OriginFor<T>,
            proof_system: u16,
            image: ImageBytes,
            manifest: ManifestBytes,
            program: Program,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            ensure!(
                T::ProofSystems::contains(proof_system),
                Error::<T>::UnknownProofSystem
            );
            ensure!(!image.is_empty(), Error::<T>::EmptyImage);
            ensure!(core::str::from_utf8(&program.uri).is_ok(), Error::<T>::UriNotText);
            let policy = Manifest::from_bytes(&manifest).map_err(Error::<T>::from)?.state;

            let index = NextIndex::<T>::get();
            NextIndex::<T>::put(index.saturating_add(1));
            let id = keccak256(&(b"weft/zkgraph", &owner, index).encode());

            let deposit = Self::deposit_for(&image, &manifest, &program, policy);
            T::Currency::hold(&HoldReason::Deposit.into(), &owner, deposit)?;
            let graph = Graph {
                owner: owner.clone(),
                deposit,
                proof_system,
                image: keccak256(&image),
                manifest: manifest::digest(&manifest),
                policy,
                program,
                state_root: state_root(&[]),
                cursor: policy.start(),
                settled_runs: 0,
                locked_runs: 0,
                retired: false,
            };
            Self::deposit_event(Event::Registered {
                graph: id,
                owner: owner.clone(),
                image: graph.image,
                manifest: graph.manifest,
            });
            Registered::<T>::insert(id, graph);
            Owned::<T>::insert(owner, id, ());
            Images::<T>::insert(id, image);
            Manifests::<T>::insert(id, manifest);
            Ok(())
        }

        /// Replaces the manifest of the sender's zkGraph. Locked runs stay bound to the one that they were
        /// locked with.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::update_manifest(manifest.len() as u32))]
        pub fn update_manifest(
            origin: OriginFor<T>,
            graph: GraphId,
            manifest: ManifestBytes,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            let mut record = Self::owned_by(&owner, graph)?;
            ensure!(!record.retired, Error::<T>::GraphRetired);
            let policy = Manifest::from_bytes(&manifest).map_err(Error::<T>::from)?.state;
            ensure!(policy == record.policy, Error::<T>::StatePolicyFixed);

            let image = Images::<T>::get(graph).unwrap_or_default();
            let deposit = Self::deposit_for(&image, &manifest, &record.program, policy);
            let reason = HoldReason::Deposit.into();
            if deposit > record.deposit {
                T::Currency::hold(&reason, &owner, deposit.saturating_sub(record.deposit))?;
            } else {
                let excess = record.deposit.saturating_sub(deposit);
                T::Currency::release(&reason, &owner, excess, Precision::BestEffort)?;
            }
            record.deposit = deposit;
            record.manifest = manifest::digest(&manifest);
            Self::deposit_event(Event::ManifestUpdated {
                graph,
                manifest: record.manifest,
            });
            Registered::<T>::insert(graph, record);
            Manifests::<T>::insert(graph, manifest);
            Ok(())
        }

        /// Offers the sender's zkGraph to another account, which becomes the owner by
        /// [`Pallet::accept_ownership`]. Offering it to oneself
        /// takes an offer back.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::transfer_ownership())]
        pub fn transfer_ownership(
            origin: OriginFor<T>,
            graph: GraphId,
            new_owner: T::AccountId,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::owned_by(&owner, graph)?;
            if new_owner == owner {
                PendingOwner::<T>::remove(graph);
            } else {
                PendingOwner::<T>::insert(graph, &new_owner);
            }
            Self::deposit_event(Event::OwnershipOffered { graph, to: new_owner });
            Ok(())
        }

        /// Makes the sender the owner of a zkGraph that was offered to it. The deposit is held on the sender's
        /// account from here on.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::accept_ownership())]
        pub fn accept_ownership(origin: OriginFor<T>, graph: GraphId) -> DispatchResult {
            let new_owner = ensure_signed(origin)?;
            let mut record = Registered::<T>::get(graph).ok_or(Error::<T>::UnknownGraph)?;
            ensure!(
                PendingOwner::<T>::get(graph).as_ref() == Some(&new_owner),
                Error::<T>::NotOffered
            );
            // The old owner's run must not move the state under the new one.
            ensure!(
                record.policy == StatePolicy::Stateless || record.locked_runs == 0,
                Error::<T>::GraphBusy
            );

            let reason = HoldReason::Deposit.into();
            T::Currency::hold(&reason, &new_owner, record.deposit)?;
            T::Currency::release(&reason, &record.owner, record.deposit, Precision::BestEffort)?;
            PendingOwner::<T>::remove(graph);
            Owned::<T>::remove(&record.owner, graph);
            Owned::<T>::insert(&new_owner, graph, ());
            Self::deposit_event(Event::OwnershipTransferred {
                graph,
                from: record.owner,
                to: new_owner.clone(),
            });
            record.owner = new_owner;
            Registered::<T>::insert(graph, record);
            Ok(())
        }

        /// Ends the sender's zkGraph: no run of it can be offered or locked any more. It is removed, and its
        /// deposit returned, at once or
        /// when its last locked run ends.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::retire())]
        pub fn retire(origin: OriginFor<T>, graph: GraphId) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            let mut record = Self::owned_by(&owner, graph)?;
            ensure!(!record.retired, Error::<T>::GraphRetired);
            record.retired = true;
            Self::deposit_event(Event::Retired { graph });
            Self::store_or_remove(graph, record)
        }

        /// Lets the sender's index go on with the block `next`, for the case that a block before it cannot be read: it has more events than
        /// a run can take, or is no longer within reach. Everybody sees the gap, in this call's event and in the blocks that the statements of
        /// runs name.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::skip_blocks())]
        pub fn skip_blocks(origin: OriginFor<T>, graph: GraphId, next: u64) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            let mut record = Self::owned_by(&owner, graph)?;
            ensure!(record.locked_runs == 0, Error::<T>::GraphBusy);
            let first = record.cursor.ok_or(Error::<T>::NothingToSkip)?;
            ensure!(next > first, Error::<T>::NothingToSkip);
            ensure!(next - first <= MAX_SKIP, Error::<T>::SkipTooFar);
            record.cursor = Some(next);
            Registered::<T>::insert(graph, record);
            Self::deposit_event(Event::BlocksSkipped { graph, first, next });
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        /// What is held for a zkGraph with these parts.
        pub fn deposit_for(
            image: &ImageBytes,
            manifest: &ManifestBytes,
            program: &Program,
            policy: StatePolicy,
        ) -> BalanceOf<T> {
            let state = match policy {
                StatePolicy::Stateless => 0,
                StatePolicy::Sequential | StatePolicy::Index { .. } => {
                    weft_primitives::MAX_STATE_BYTES as usize
                }
            };
            let bytes = image.len() + manifest.len() + program.uri.len() + state;
            let bytes: BalanceOf<T> = bytes.saturated_into::<u32>().into();
            T::BaseDeposit::get().saturating_add(T::ByteDeposit::get().saturating_mul(bytes))
        }

        /// The zkGraph, if `owner` owns it.
        fn owned_by(owner: &T::AccountId, graph: GraphId) -> Result<GraphOf<T>, Error<T>> {
            let record = Registered::<T>::get(graph).ok_or(Error::<T>::UnknownGraph)?;
            if record.owner == *owner {
                Ok(record)
            } else {
                Err(Error::<T>::NotOwner)
            }
        }

        /// Stores a changed zkGraph, or removes it if it is retired and idle.
        pub(crate) fn store_or_remove(graph: GraphId, record: GraphOf<T>) -> DispatchResult {
            if !record.retired || !record.locked_runs.is_zero() {
                Registered::<T>::insert(graph, record);
                return Ok(());
            }
            let reason = HoldReason::Deposit.into();
            T::Currency::release(&reason, &record.owner, record.deposit, Precision::BestEffort)?;
            Registered::<T>::remove(graph);
            Owned::<T>::remove(&record.owner, graph);
            Images::<T>::remove(graph);
            Manifests::<T>::remove(graph);
            States::<T>::remove(graph);
            PendingOwner::<T>::remove(graph);
            Self::deposit_event(Event::Removed { graph });
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
}
