//! What the pallet that settles runs may do with zkGraphs. No transaction reaches these functions.

use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};
use weft_primitives::{GraphId, H256, ImageBytes, Manifest, StateBytes, manifest::ManifestBytes, state_root};

use crate::{Config, Error, Event, GraphOf, Images, Manifests, Pallet, Registered, States};

/// What an offer has to know of a zkGraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphSummary<AccountId> {
    /// Its owner.
    pub owner: AccountId,
    /// Its manifest.
    pub manifest: Manifest,
    /// Its proof system.
    pub proof_system: u16,
    /// For an index the block that the next run starts with.
    pub cursor: Option<u64>,
    /// Digest of its state.
    pub state_root: H256,
}

/// What a run is bound to when it is locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedGraph<AccountId> {
    /// Its owner.
    pub owner: AccountId,
    /// Its manifest, encoded.
    pub manifest: ManifestBytes,
    /// Its program commitment.
    pub image: ImageBytes,
    /// Its proof system.
    pub proof_system: u16,
}

/// zkGraphs, as the settlement of runs sees them. Implemented by this pallet.
pub trait Graphs<AccountId> {
    /// A zkGraph that takes runs.
    fn summary(graph: GraphId) -> Result<GraphSummary<AccountId>, DispatchError>;

    /// Counts a run of the zkGraph as locked. For a sequential zkGraph it must be the only one.
    fn lock_run(graph: GraphId) -> Result<LockedGraph<AccountId>, DispatchError>;

    /// The state of a zkGraph, empty if it has none.
    fn state(graph: GraphId) -> StateBytes;

    /// Digest of the state of a zkGraph, for another one to read.
    fn state_root(graph: GraphId) -> Result<H256, DispatchError>;

    /// Ends a locked run that was not proved.
    fn unlock_run(graph: GraphId) -> DispatchResult;

    /// Ends a locked run that was proved, and moves the state if there is a next one, and the cursor of an index with it.
    fn settle_run(graph: GraphId, next_state: Option<StateBytes>, cursor: Option<u64>) -> DispatchResult;

    /// Registers a zkGraph with this manifest without any check or deposit, to measure with.
    #[cfg(feature = "runtime-benchmarks")]
    fn register_for_benchmark(owner: AccountId, image: ImageBytes, manifest: ManifestBytes) -> GraphId;
}

impl<T: Config> Pallet<T> {
    fn usable(graph: GraphId) -> Result<(GraphOf<T>, Manifest, ManifestBytes), Error<T>> {
        let record = Registered::<T>::get(graph).ok_or(Error::<T>::UnknownGraph)?;
        ensure!(!record.retired, Error::<T>::GraphRetired);
        let bytes = Manifests::<T>::get(graph).ok_or(Error::<T>::UnknownGraph)?;
        let manifest = Manifest::from_bytes(&bytes)?;
        Ok((record, manifest, bytes))
    }

    fn end_run(graph: GraphId, change: impl FnOnce(&mut GraphOf<T>)) -> DispatchResult {
        let mut record = Registered::<T>::get(graph).ok_or(Error::<T>::UnknownGraph)?;
        record.locked_runs = record.locked_runs.saturating_sub(1);
        change(&mut record);
        Self::store_or_remove(graph, record)
    }
}

impl<T: Config> Graphs<T::AccountId> for Pallet<T> {
    fn summary(graph: GraphId) -> Result<GraphSummary<T::AccountId>, DispatchError> {
        let (record, manifest, _) = Self::usable(graph)?;
        Ok(GraphSummary {
            owner: record.owner,
            manifest,
            proof_system: record.proof_system,
            cursor: record.cursor,
            state_root: record.state_root,
        })
    }

    fn lock_run(graph: GraphId) -> Result<LockedGraph<T::AccountId>, DispatchError> {
        let (mut record, _, manifest) = Self::usable(graph)?;
        let alone = !record.policy.is_stateless();
        ensure!(!alone || record.locked_runs == 0, Error::<T>::GraphBusy);
        record.locked_runs = record.locked_runs.saturating_add(1);
        let locked = LockedGraph {
            owner: record.owner.clone(),
            manifest,
            image: Images::<T>::get(graph).ok_or(Error::<T>::UnknownGraph)?,
            proof_system: record.proof_system,
        };
        Registered::<T>::insert(graph, record);
        Ok(locked)
    }

    fn state(graph: GraphId) -> StateBytes {
        States::<T>::get(graph)
    }

    fn state_root(graph: GraphId) -> Result<H256, DispatchError> {
        let record = Registered::<T>::get(graph).ok_or(Error::<T>::UnknownGraph)?;
        Ok(record.state_root)
    }

    fn unlock_run(graph: GraphId) -> DispatchResult {
        Self::end_run(graph, |_| ())
    }

    fn settle_run(graph: GraphId, next_state: Option<StateBytes>, cursor: Option<u64>) -> DispatchResult {
        Self::end_run(graph, |record| {
            record.settled_runs = record.settled_runs.saturating_add(1);
            let Some(state) = next_state else { return };
            if record.cursor.is_some() {
                record.cursor = record.cursor.max(cursor);
            }
            let (from, to): (H256, H256) = (record.state_root, state_root(&state));
            record.state_root = to;
            if state.is_empty() {
                States::<T>::remove(graph);
            } else {
                States::<T>::insert(graph, state);
            }
            Self::deposit_event(Event::StateMoved { graph, from, to });
        })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn register_for_benchmark(owner: T::AccountId, image: ImageBytes, manifest: ManifestBytes) -> GraphId {
        use weft_primitives::{Graph, Program, keccak256, manifest::StatePolicy};
        let policy =
            Manifest::from_bytes(&manifest).map_or(StatePolicy::Stateless, |manifest| manifest.state);
        let graph = keccak256(&codec::Encode::encode(&(&owner, &image, &manifest)));
        let record = Graph {
            owner: owner.clone(),
            deposit: Default::default(),
            proof_system: 1,
            image: keccak256(&image),
            manifest: keccak256(&manifest),
            policy,
            program: Program {
                digest: H256::zero(),
                uri: Default::default(),
            },
            state_root: state_root(&[]),
            cursor: policy.start(),
            settled_runs: 0,
            locked_runs: 0,
            retired: false,
        };
        Registered::<T>::insert(graph, record);
        crate::Owned::<T>::insert(owner, graph, ());
        Images::<T>::insert(graph, image);
        Manifests::<T>::insert(graph, manifest);
        graph
    }
}
