//! # Proof settlement
//!
//! Runs of zkGraphs. Somebody offers a fee for a run over certain blocks of Ethereum, a worker locks the job
//! with a bond, and submits a
//! proof. The pallet believes nobody: it rebuilds what the proof has to show, has it verified, and only then
//! pays the worker, moves the
//! zkGraph's state and passes the result to the outbox. `docs/decisions/settlement.md` has the protocol, with
//! every check in its order.
//!
//! ## Terms
//! - **Job**: a run that was offered. *Open*, then *locked*, then *settled* or *expired*.
//! - **Fee**: held on the offerer's account until the job is over.
//! - **Bond**: held on the worker's account from lock to settlement; slashed for a wrong proof and for none.
//! - **Snapshot**: what the job was locked with; whatever changes later does not spoil the worker's proof.
//! - **Trigger**: a bounty for runs of an index, which workers start by themselves when there is something to read.
//! - **Claim**: what a proof must show, made by this pallet from the statement and what it has checked.
//!
//! ## Where to look
//! `offers` (offer, lock, expire), `triggers`, `submission` (the checks), `settlement` (what follows from a proof), `keys`.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod errors;
mod keys;
#[cfg(test)]
mod mock;
mod offers;
mod settlement;
mod submission;
#[cfg(test)]
mod tests;
mod triggers;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::{BenchmarkHelper, RunParts, synthetic};
pub use pallet::*;
pub use weights::WeightInfo;

use frame_support::{
    pallet_macros::import_section,
    traits::fungible::{Credit, Inspect},
};
use frame_system::pallet_prelude::BlockNumberFor;
use weft_primitives::{Job, JobStatus, RunSnapshot, Trigger};

/// Accounts of the runtime.
type AccountOf<T> = <T as frame_system::Config>::AccountId;
/// Amounts of the currency of fees and bonds.
pub type BalanceOf<T> = <<T as Config>::Currency as Inspect<AccountOf<T>>>::Balance;
/// A slashed bond.
pub type CreditOf<T> = Credit<AccountOf<T>, <T as Config>::Currency>;
/// A job as this pallet stores it.
pub type JobOf<T> = Job<AccountOf<T>, BalanceOf<T>, BlockNumberFor<T>>;
/// How far a job of this pallet is.
pub type JobStatusOf<T> = JobStatus<AccountOf<T>, BalanceOf<T>, BlockNumberFor<T>>;
/// A trigger as this pallet stores it.
pub type TriggerOf<T> = Trigger<AccountOf<T>, BalanceOf<T>>;
/// What a job of this pallet was locked with.
pub type SnapshotOf<T> = RunSnapshot<AccountOf<T>>;

#[import_section(errors::errors)]
#[frame_support::pallet]
mod pallet {
    #![allow(missing_docs, reason = "the macros generate items without documentation")]

    use super::{BalanceOf, CreditOf, JobOf, SnapshotOf, TriggerOf, WeightInfo};
    use alloc::{boxed::Box, vec::Vec};
    use frame_support::{
        pallet_prelude::*,
        traits::{
            OnUnbalanced,
            fungible::{BalancedHold, MutateHold},
        },
    };
    use frame_system::pallet_prelude::*;
    use pallet_data_bus::{DataBus, EthereumClock, FinalBlocks};
    use pallet_outbox::Outbox;
    use pallet_zkgraph_registry::Graphs;
    use sp_runtime::traits::Convert;
    use weft_primitives::{
        GraphId, H256, JobId, KeyBytes, ProofError, ProofSystems, Submission, keccak256,
        source::{Ancestries, Ancestry, Hop, SourceBlocks},
    };

    /// Version of this pallet's storage.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Configuration of the pallet.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// What fees and bonds are paid in.
        type Currency: MutateHold<Self::AccountId, Reason: From<HoldReason>> + BalancedHold<Self::AccountId>;
        /// zkGraphs.
        type Graphs: Graphs<Self::AccountId>;
        /// What the chain believes about Ethereum.
        type DataBus: DataBus;
        /// The clock of deadlines.
        type Clock: EthereumClock;
        /// Which blocks of Ethereum are final.
        type FinalBlocks: FinalBlocks;
        /// Where results leave the chain.
        type Outbox: Outbox;
        /// The ways in which runs can be proved.
        type ProofSystems: ProofSystems;
        /// Accounts as statements and messages name them.
        type AccountBytes: Convert<Self::AccountId, [u8; 32]>;
        /// What becomes of slashed bonds.
        type Slashed: OnUnbalanced<CreditOf<Self>>;
        /// Who sets the verifying keys.
        type KeyOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// The least fee of a run.
        #[pallet::constant]
        type MinimumFee: Get<BalanceOf<Self>>;
        /// The least bond of a worker. The bond is the fee, if that is more.
        #[pallet::constant]
        type MinimumBond: Get<BalanceOf<Self>>;
        /// The least number of Ethereum's slots from an offer to its deadline.
        #[pallet::constant]
        type MinimumDuration: Get<u64>;
        /// The largest number of Ethereum's slots from an offer to its deadline.
        #[pallet::constant]
        type MaximumDuration: Get<u64>;
        /// How many finished jobs are remembered.
        #[pallet::constant]
        type MaxFinishedJobs: Get<u32>;
        /// Most instructions of a run.
        #[pallet::constant]
        type MaxSteps: Get<u64>;
        /// Weights of the calls.
        type WeightInfo: WeightInfo;
        /// Real runs to measure with.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: super::BenchmarkHelper<Self::AccountId>;
    }

    /// Why this pallet holds funds.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The fee of a run that was offered.
        Fee,
        /// The bond of a worker that has locked a run.
        Bond,
        /// The bounty of a trigger.
        Bounty,
    }

    /// The number of the next job.
    #[pallet::storage]
    pub type NextJob<T> = StorageValue<_, JobId, ValueQuery>;

    /// Jobs that are not over, and the last [`Config::MaxFinishedJobs`] that are.
    #[pallet::storage]
    pub type Jobs<T: Config> = StorageMap<_, Twox64Concat, JobId, JobOf<T>>;

    /// Jobs that can be locked.
    #[pallet::storage]
    pub type OpenJobs<T> = StorageMap<_, Twox64Concat, JobId, ()>;

    /// Jobs that each worker has locked.
    #[pallet::storage]
    pub type LockedJobs<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, JobId, ()>;

    /// What each locked job was locked with.
    #[pallet::storage]
    pub type Snapshots<T: Config> = StorageMap<_, Twox64Concat, JobId, SnapshotOf<T>>;

    /// Triggers, by zkGraph.
    #[pallet::storage]
    pub type Triggers<T: Config> = StorageMap<_, Identity, GraphId, TriggerOf<T>>;

    /// Finished jobs, numbered in the order in which they finished.
    #[pallet::storage]
    pub type FinishedJobs<T> = StorageMap<_, Twox64Concat, u64, JobId>;

    /// How many jobs have finished.
    #[pallet::storage]
    pub type FinishedCount<T> = StorageValue<_, u64, ValueQuery>;

    /// Verifying keys by their keccak256.
    #[pallet::storage]
    pub type Keys<T> = StorageMap<_, Identity, H256, KeyBytes>;

    /// The key that runs of each proof system are locked with.
    #[pallet::storage]
    pub type CurrentKey<T> = StorageMap<_, Twox64Concat, u16, H256>;

    /// The keys that a chain starts with.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// A verifying key for each proof system.
        pub keys: Vec<(u16, Vec<u8>)>,
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// Panics on a key that does not fit or has no proof system: a wrong genesis must not start.
        fn build(&self) {
            for (proof_system, key) in &self.keys {
                assert!(
                    T::ProofSystems::contains(*proof_system),
                    "a key has no proof system"
                );
                let key: KeyBytes = key.clone().try_into().expect("a key must fit its bound");
                let digest = keccak256(&key);
                Keys::<T>::insert(digest, key);
                CurrentKey::<T>::insert(proof_system, digest);
            }
        }
    }

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A run was offered.
        JobOffered {
            /// The job.
            job: JobId,
            /// The zkGraph to run.
            graph: GraphId,
            /// Who pays.
            offerer: T::AccountId,
            /// What the worker gets.
            fee: BalanceOf<T>,
            /// The last slot, by the chain's clock, at which it can settle.
            deadline: u64,
        },
        /// A worker locked a job.
        JobLocked {
            /// The job.
            job: JobId,
            /// The worker.
            worker: T::AccountId,
            /// What is held on its account.
            bond: BalanceOf<T>,
        },
        /// A run was proved and paid.
        JobSettled {
            /// The job.
            job: JobId,
            /// The zkGraph that ran.
            graph: GraphId,
            /// Who proved it.
            worker: T::AccountId,
            /// Digest of the statement that was proved.
            statement: H256,
            /// Nonce of the message in the outbox, if the zkGraph has a destination.
            message: Option<u64>,
        },
        /// A run was proved to trap: the worker is paid, the state stays, and nothing goes to the outbox.
        RunTrapped {
            /// The job.
            job: JobId,
            /// The zkGraph that ran.
            graph: GraphId,
            /// Who offered the run.
            offerer: T::AccountId,
            /// Who proved it.
            worker: T::AccountId,
            /// Digest of the statement that was proved.
            statement: H256,
        },
        /// A proof was wrong: the worker's bond is slashed and the job open again.
        ProofRefused {
            /// The job.
            job: JobId,
            /// Who submitted the proof.
            worker: T::AccountId,
            /// What was slashed.
            bond: BalanceOf<T>,
            /// What was wrong.
            error: ProofError,
        },
        /// A job passed its deadline: the fee is back with the offerer or in the bounty.
        JobExpired {
            /// The job.
            job: JobId,
            /// The worker that did not deliver, if any.
            worker: Option<T::AccountId>,
            /// What that lost of its bond: nothing, if it could not deliver because a chain was forbidden.
            slashed: BalanceOf<T>,
        },
        /// A zkGraph has a trigger, or its terms were changed.
        TriggerSet {
            /// The zkGraph.
            graph: GraphId,
            /// Who pays.
            sponsor: T::AccountId,
            /// The whole bounty.
            bounty: BalanceOf<T>,
            /// What a run pays.
            fee: BalanceOf<T>,
        },
        /// A worker started a run of a trigger: it is offered and locked.
        Triggered {
            /// The zkGraph.
            graph: GraphId,
            /// The job.
            job: JobId,
            /// What is left of the bounty.
            bounty: BalanceOf<T>,
        },
        /// A run of a trigger trapped, and no other starts until the trigger is set anew.
        TriggerPaused {
            /// The zkGraph.
            graph: GraphId,
        },
        /// A trigger is gone, and what was left of its bounty is free again.
        TriggerClosed {
            /// The zkGraph.
            graph: GraphId,
            /// What was left.
            bounty: BalanceOf<T>,
        },
        /// Runs of a proof system are locked with this key from now on.
        KeySet {
            /// The proof system.
            proof_system: u16,
            /// Digest of the key.
            key: H256,
        },
        /// A key is gone; runs that were locked with it can no longer settle.
        KeyRemoved {
            /// Digest of the key.
            key: H256,
        },
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Offers `fee` for a run of a zkGraph over `blocks`, one for each source of its manifest, to be settled within `duration` slots of
        /// Ethereum. The fee is held until then.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::offer())]
        pub fn offer(
            origin: OriginFor<T>,
            graph: GraphId,
            blocks: SourceBlocks,
            #[pallet::compact] fee: BalanceOf<T>,
            duration: u64,
        ) -> DispatchResult {
            let offerer = ensure_signed(origin)?;
            Self::do_offer(offerer, graph, blocks, fee, duration)
        }

        /// Promises to prove an open job before its deadline. The bond is held until it is settled.
        ///
        /// `ancestries` show that the blocks of the job are final, one for each in order. It is empty for a block that this chain knows to be
        /// final itself, for one that an earlier source reads too, and for the state of a zkGraph.
        ///
        /// `terms` is the digest of what the worker has looked at ([`run_terms`](weft_primitives::job::run_terms), with the job's deadline):
        /// if anything of that has changed, the job is not locked.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::lock(bytes_of(ancestries)))]
        pub fn lock(
            origin: OriginFor<T>,
            job: JobId,
            ancestries: Box<Ancestries>,
            terms: H256,
        ) -> DispatchResult {
            let worker = ensure_signed(origin)?;
            Self::do_lock(worker, job, &ancestries, terms, None)
        }

        /// Submits the proof of a job that the sender has locked.
        ///
        /// The transaction fails, and the job stays locked, if anything but the proof itself is wrong. If the
        /// proof is wrong, the
        /// transaction succeeds with the event `ProofRefused`, because its effects have to stay.
        #[pallet::call_index(2)]
        #[pallet::weight(
            submission.evidence.iter().fold(
                T::WeightInfo::submit(submission.evidence_bytes(), submission.proof.len() as u32)
                    .saturating_add(T::Outbox::hook_weight()),
                |weight, evidence| weight.saturating_add(T::DataBus::signature_weight(evidence)),
            )
        )]
        pub fn submit(origin: OriginFor<T>, job: JobId, submission: Box<Submission>) -> DispatchResult {
            let worker = ensure_signed(origin)?;
            Self::do_submit(worker, job, *submission)
        }

        /// Closes a job whose deadline has passed. Anybody may.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::expire())]
        pub fn expire(origin: OriginFor<T>, job: JobId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_expire(job)
        }

        /// Sets the key that runs of a proof system are locked with from now on. Earlier keys stay, for runs
        /// that are locked with them.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::set_key(key.len() as u32))]
        pub fn set_key(origin: OriginFor<T>, proof_system: u16, key: KeyBytes) -> DispatchResult {
            T::KeyOrigin::ensure_origin(origin)?;
            Self::do_set_key(proof_system, key)
        }

        /// Removes a key, so that no run settles with it any more.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::remove_key())]
        pub fn remove_key(origin: OriginFor<T>, proof_system: u16, key: H256) -> DispatchResult {
            T::KeyOrigin::ensure_origin(origin)?;
            Self::do_remove_key(proof_system, key)
        }

        /// Sets the trigger of the sender's index, and adds `deposit` to its bounty: `fee` is paid for each run, at most one in `interval`
        /// slots of Ethereum, each to be settled within `duration` slots. A paused trigger goes on.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::set_trigger())]
        pub fn set_trigger(
            origin: OriginFor<T>,
            graph: GraphId,
            #[pallet::compact] fee: BalanceOf<T>,
            interval: u64,
            duration: u64,
            #[pallet::compact] deposit: BalanceOf<T>,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_set_trigger(owner, graph, fee, interval, duration, deposit)
        }

        /// Ends a trigger; its sponsor and the zkGraph's owner may, and anybody if the zkGraph is gone. What is left of the bounty is the sponsor's again. Runs that it has
        /// started go on.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::close_trigger())]
        pub fn close_trigger(origin: OriginFor<T>, graph: GraphId) -> DispatchResult {
            let account = ensure_signed(origin)?;
            Self::do_close_trigger(&account, graph)
        }

        /// Starts a run of a zkGraph's trigger and locks it: over all blocks that were not read yet, up to the final block `number` with the
        /// hash `hash`, which `ancestry` shows to be final as in [`Pallet::lock`]. The run has to read an event, and as far as the newest final
        /// blocks, or it has to be as long as a run can be; otherwise it cannot be submitted, and the bond is lost. `terms` are as in
        /// [`Pallet::lock`], with the slots that the trigger gives a run.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::trigger(bytes_of(core::slice::from_ref(ancestry))))]
        pub fn trigger(
            origin: OriginFor<T>,
            graph: GraphId,
            number: u64,
            hash: H256,
            ancestry: Box<Ancestry>,
            terms: H256,
        ) -> DispatchResult {
            let worker = ensure_signed(origin)?;
            Self::do_trigger(worker, graph, (number, hash), *ancestry, terms)
        }
    }

    /// Bytes of ancestries, which the weight is for.
    fn bytes_of(ancestries: &[Ancestry]) -> u32 {
        let bytes: usize = ancestries.iter().flatten().map(Hop::byte_count).sum();
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Panics if the configuration makes no sense.
        fn integrity_test() {
            assert!(T::MinimumDuration::get() <= T::MaximumDuration::get());
            assert!(
                T::MinimumDuration::get() >= 2 * T::Clock::longest_step(),
                "a single step of the clock could pass a deadline"
            );
            assert!(T::MaxFinishedJobs::get() > 0);
            assert!(T::MaxSteps::get() > 0);
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            crate::try_state::check::<T>()
        }
    }
}
