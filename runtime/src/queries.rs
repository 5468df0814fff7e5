//! What the runtime APIs answer with where that takes more than a call.

use alloc::vec::Vec;
use codec::Encode;
use frame_support::traits::KeyOwnerProofSystem;
use pallet_proof_settlement::JobOf;
use pallet_zkgraph_registry::{GraphOf, Owned, Registered};
use sp_core::crypto::KeyTypeId;
use weft_primitives::{GraphId, JobId};
use weft_runtime_api::MAX_PAGE;

use crate::{AccountId, ProofSettlement, Runtime, Validators};

/// zkGraphs of `owner`, or all, those after `after` in storage, at most `limit` and a page.
pub(crate) fn graphs(
    owner: Option<AccountId>,
    after: Option<GraphId>,
    limit: u32,
) -> Vec<(GraphId, GraphOf<Runtime>)> {
    let limit = limit.min(MAX_PAGE) as usize;
    let found = |id| Some((id, Registered::<Runtime>::get(id)?));
    match owner {
        Some(owner) => {
            let ids = match after {
                Some(graph) => {
                    let key = Owned::<Runtime>::hashed_key_for(&owner, graph);
                    Owned::<Runtime>::iter_key_prefix_from(&owner, key)
                }
                None => Owned::<Runtime>::iter_key_prefix(&owner),
            };
            ids.take(limit).filter_map(found).collect()
        }
        None => match after {
            Some(graph) => Registered::<Runtime>::iter_from(Registered::<Runtime>::hashed_key_for(graph))
                .take(limit)
                .collect(),
            None => Registered::<Runtime>::iter().take(limit).collect(),
        },
    }
}

/// Jobs that can be locked, those after `after` in storage, at most `limit` and a page.
pub(crate) fn open_jobs(after: Option<JobId>, limit: u32) -> Vec<(JobId, JobOf<Runtime>)> {
    ProofSettlement::open_jobs(after, limit.min(MAX_PAGE))
}

/// The SCALE bytes of the proof that a key is a validator's in the session under way.
pub(crate) fn key_ownership(key_type: KeyTypeId, key: impl AsRef<[u8]>) -> Option<Vec<u8>> {
    Validators::prove((key_type, key)).map(|proof| proof.encode())
}
