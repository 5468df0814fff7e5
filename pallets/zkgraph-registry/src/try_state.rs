//! What must hold of this pallet's storage after every block.

use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::{TryRuntimeError, traits::Saturating};
use weft_primitives::{Manifest, keccak256, state_root};

use crate::{BalanceOf, Config, HoldReason, Images, Manifests, Owned, PendingOwner, Registered, States};

/// Checks the invariants; the error names the first that is broken.
pub(crate) fn check<T: Config>() -> Result<(), TryRuntimeError> {
    for (id, graph) in Registered::<T>::iter() {
        let image = Images::<T>::get(id).ok_or("a zkGraph has no program commitment")?;
        ensure!(
            keccak256(&image) == graph.image,
            "an image is not the digest of its commitment"
        );
        let manifest = Manifests::<T>::get(id).ok_or("a zkGraph has no manifest")?;
        ensure!(
            keccak256(&manifest) == graph.manifest,
            "a manifest has another digest"
        );
        let policy = Manifest::from_bytes(&manifest)
            .map_err(|_| "a manifest is not valid")?
            .state;
        ensure!(policy == graph.policy, "a manifest has another state policy");
        ensure!(
            !policy.is_stateless() || !States::<T>::contains_key(id),
            "a stateless zkGraph has a state"
        );
        ensure!(
            policy.is_stateless() || graph.locked_runs <= 1,
            "a sequential zkGraph has two locked runs"
        );
        ensure!(
            graph.cursor.is_some() == policy.start().is_some() && graph.cursor >= policy.start(),
            "an index is before its first block, or a zkGraph that is none has a cursor"
        );
        let state = States::<T>::get(id);
        ensure!(
            state_root(&state) == graph.state_root,
            "a state root is not the digest of its state"
        );
        ensure!(
            Owned::<T>::contains_key(&graph.owner, id),
            "an owner does not list its zkGraph"
        );
        ensure!(
            !graph.retired || graph.locked_runs > 0,
            "an idle retired zkGraph is still there"
        );
    }
    let graphs = Registered::<T>::count() as usize;
    ensure!(
        Registered::<T>::iter_keys().count() == graphs,
        "the count of zkGraphs is wrong"
    );
    ensure!(
        Owned::<T>::iter_keys().count() == graphs,
        "an account lists a zkGraph that it does not own"
    );
    ensure!(
        Images::<T>::iter_keys().count() == graphs,
        "a program commitment has no zkGraph"
    );
    ensure!(
        Manifests::<T>::iter_keys().count() == graphs,
        "a manifest has no zkGraph"
    );
    ensure!(
        States::<T>::iter_keys().all(Registered::<T>::contains_key),
        "a state has no zkGraph"
    );
    ensure!(
        PendingOwner::<T>::iter_keys().all(Registered::<T>::contains_key),
        "an offer of ownership has no zkGraph"
    );
    for owner in Owned::<T>::iter_keys().map(|(owner, _)| owner) {
        let deposits = Owned::<T>::iter_key_prefix(&owner)
            .filter_map(Registered::<T>::get)
            .fold(BalanceOf::<T>::default(), |sum, graph| {
                sum.saturating_add(graph.deposit)
            });
        let held = T::Currency::balance_on_hold(&HoldReason::Deposit.into(), &owner);
        ensure!(held == deposits, "the deposits of an owner are not what is held");
    }
    Ok(())
}
