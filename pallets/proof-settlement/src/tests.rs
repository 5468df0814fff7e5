//! Tests, by subject. `worker` and `ethereum` are what the others share: an honest worker, and blocks to read.

mod bindings;
mod ethereum;
mod expiry;
mod finality;
mod keys;
mod locking;
mod offers;
mod proofs;
mod settling;
mod sources;
mod states;
mod triggers;
mod worker;

use frame_support::{
    assert_ok,
    traits::fungible::{Inspect, InspectHold},
};
use weft_primitives::{
    Destination, GraphId, H160, H256, JobId, JobOrigin, Manifest, Program, Query,
    job::run_terms,
    keccak256,
    manifest::{MANIFEST_VERSION, StatePolicy},
    query::EventFilter,
    source::{Ancestries, Ancestry, SourceBlocks},
};

use crate::{
    HoldReason, NextJob,
    mock::{
        Balances, CHAIN, Registry, RuntimeOrigin, Settlement, System, Test, account, make_final, run,
        set_time,
    },
};

/// Owner of the zkGraphs and offerer of the runs.
const OWNER: u8 = 1;
/// The worker.
const WORKER: u8 = 2;
/// Somebody else.
const OTHER: u8 = 3;
/// The fee of the runs.
const FEE: u64 = 100;
/// Slots from offer to deadline.
const DURATION: u64 = 20;

/// A manifest that reads the events of one contract, with a destination.
fn manifest(state: StatePolicy) -> Manifest {
    Manifest {
        version: MANIFEST_VERSION,
        name: b"volume".to_vec().try_into().unwrap(),
        description: Default::default(),
        sources: vec![Query::Events {
            chain_id: CHAIN,
            filter: EventFilter {
                addresses: vec![ethereum::TOKEN].try_into().unwrap(),
                topics: Default::default(),
            },
        }]
        .try_into()
        .unwrap(),
        destination: Some(Destination {
            chain_id: CHAIN,
            gateway: H160::repeat_byte(0xaa),
            target: H160::repeat_byte(0xbb),
            selector: [1, 2, 3, 4],
            gas_limit: 100_000,
        }),
        state,
    }
}

/// Registers a zkGraph with this manifest, owned by [`OWNER`].
fn register(manifest: &Manifest) -> GraphId {
    register_image(manifest, b"program")
}

fn register_image(manifest: &Manifest, image: &[u8]) -> GraphId {
    assert_ok!(Registry::register(
        RuntimeOrigin::signed(account(OWNER)),
        1,
        image.to_vec().try_into().unwrap(),
        manifest.to_bytes().unwrap(),
        Program {
            digest: Default::default(),
            uri: Default::default()
        },
    ));
    System::events()
        .into_iter()
        .rev()
        .find_map(|record| match record.event {
            crate::mock::RuntimeEvent::Registry(pallet_zkgraph_registry::Event::Registered {
                graph, ..
            }) => Some(graph),
            _ => None,
        })
        .unwrap()
}

/// [`OWNER`] offers a run over the block that all tests read.
fn offer(graph: GraphId) -> JobId {
    let job = NextJob::<Test>::get();
    let blocks = vec![ethereum::source_block()].try_into().unwrap();
    assert_ok!(Settlement::offer(
        RuntimeOrigin::signed(account(OWNER)),
        graph,
        blocks,
        FEE,
        DURATION
    ));
    job
}

fn lock(worker: u8, job: JobId) {
    assert_ok!(try_lock(worker, job));
}

/// Locks a job all of whose blocks are made final.
fn try_lock(worker: u8, job: JobId) -> sp_runtime::DispatchResult {
    let blocks = crate::Jobs::<Test>::get(job).map_or(vec![], |job| job.blocks.into_inner());
    for block in &blocks {
        make_final(block.hash);
    }
    lock_with(worker, job, vec![Ancestry::default(); blocks.len()])
}

fn lock_with(worker: u8, job: JobId, ancestries: Vec<Ancestry>) -> sp_runtime::DispatchResult {
    let ancestries: Ancestries = ancestries.try_into().unwrap();
    let terms = terms(job);
    Settlement::lock(
        RuntimeOrigin::signed(account(worker)),
        job,
        Box::new(ancestries),
        terms,
    )
}

/// What a job is locked with as things are; for a job that is not there, nothing.
fn terms(job: JobId) -> H256 {
    let Some(job) = crate::Jobs::<Test>::get(job) else {
        return H256::zero();
    };
    terms_of(job.graph, job.origin, job.fee, job.deadline, job.blocks)
}

fn terms_of(graph: GraphId, origin: JobOrigin, fee: u64, slots: u64, mut blocks: SourceBlocks) -> H256 {
    let bytes = pallet_zkgraph_registry::Manifests::<Test>::get(graph).unwrap_or_default();
    if let Ok(manifest) = Manifest::from_bytes(&bytes) {
        for (block, query) in blocks.iter_mut().zip(&manifest.sources) {
            if let Query::State { graph } = query {
                block.hash = pallet_zkgraph_registry::Registered::<Test>::get(graph)
                    .map_or(H256::zero(), |graph| graph.state_root);
            }
        }
    }
    let key = crate::CurrentKey::<Test>::get(1).unwrap_or_default();
    run_terms(keccak256(&bytes), key, origin, &fee, slots, &blocks)
}

/// A run of a new zkGraph, locked by [`WORKER`].
fn locked_job(state: StatePolicy) -> (GraphId, JobId) {
    let graph = register(&manifest(state));
    let job = offer(graph);
    lock(WORKER, job);
    (graph, job)
}

fn held(reason: HoldReason, number: u8) -> u64 {
    Balances::balance_on_hold(&reason.into(), &account(number))
}

fn total_balance(number: u8) -> u64 {
    <Balances as Inspect<_>>::total_balance(&account(number))
}
