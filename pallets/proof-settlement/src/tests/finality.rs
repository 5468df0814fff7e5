//! Runs are locked over final blocks alone, and an index reads every block once.

use frame_support::{assert_noop, assert_ok};
use weft_primitives::{
    H256, Query, SourceBlock, keccak256,
    manifest::StatePolicy,
    source::{Ancestry, Hop},
};

use super::{
    worker::{honest, submit},
    *,
};
use crate::{Error, Jobs};
use pallet_data_bus::Error as BusError;

fn parents(header: Vec<u8>) -> Ancestry {
    let hop = Hop::Parents(vec![header.try_into().unwrap()].try_into().unwrap());
    vec![hop].try_into().unwrap()
}

fn cursor(graph: GraphId) -> Option<u64> {
    pallet_zkgraph_registry::Registered::<Test>::get(graph)
        .unwrap()
        .cursor
}

#[test]
fn a_job_over_a_block_that_is_not_final_cannot_be_locked() {
    run(|| {
        let job = offer(register(&manifest(StatePolicy::Stateless)));
        let none = || vec![Ancestry::default()];
        assert_noop!(lock_with(WORKER, job, none()), BusError::<Test>::NotFinal);
        assert_noop!(
            lock_with(WORKER, job, vec![parents(ethereum::child())]),
            BusError::<Test>::NotFinal
        );
        make_final(ethereum::source_block().hash);
        assert_noop!(lock_with(WORKER, job, vec![]), Error::<Test>::WrongAncestryCount);
        assert_ok!(lock_with(WORKER, job, none()));
    });
}

#[test]
fn a_block_that_a_final_one_leads_to_is_final() {
    run(|| {
        let job = offer(register(&manifest(StatePolicy::Stateless)));
        make_final(keccak256(&ethereum::child()));
        assert_ok!(lock_with(WORKER, job, vec![parents(ethereum::child())]));
        // What was shown stays shown, even if the anchor is forgotten.
        pallet_data_bus::SlotByHash::<Test>::remove(keccak256(&ethereum::child()));
        assert_ok!(submit(WORKER, job, honest(WORKER, job)));
    });
}

#[test]
fn a_block_that_two_sources_read_is_shown_once() {
    run(|| {
        let mut two = manifest(StatePolicy::Stateless);
        let other = Query::Events {
            chain_id: CHAIN,
            filter: Default::default(),
        };
        two.sources.try_push(other).unwrap();
        let job = NextJob::<Test>::get();
        assert_ok!(Settlement::offer(
            RuntimeOrigin::signed(account(OWNER)),
            register(&two),
            vec![ethereum::source_block(); 2].try_into().unwrap(),
            FEE,
            DURATION
        ));
        make_final(keccak256(&ethereum::child()));
        assert_ok!(lock_with(
            WORKER,
            job,
            vec![parents(ethereum::child()), Ancestry::default()]
        ));
    });
}

#[test]
fn the_state_of_another_zkgraph_is_fixed_when_the_run_is_locked() {
    run(|| {
        let read = register(&manifest(StatePolicy::Sequential));
        let mut reader = manifest(StatePolicy::Stateless);
        reader.sources = vec![Query::State { graph: read }].try_into().unwrap();
        let reader = register(&reader);
        let state = SourceBlock {
            chain_id: 0,
            first: 0,
            number: 0,
            hash: H256::zero(),
            transactions: Default::default(),
        };
        let job = NextJob::<Test>::get();
        assert_ok!(Settlement::offer(
            RuntimeOrigin::signed(account(OTHER)),
            reader,
            vec![state].try_into().unwrap(),
            FEE,
            DURATION
        ));
        // It moves between offer and lock.
        let moved = offer(read);
        lock(WORKER, moved);
        assert_ok!(submit(WORKER, moved, honest(WORKER, moved)));
        lock(WORKER, job);
        let root = |job| Jobs::<Test>::get(job).unwrap().blocks[0].hash;
        let now = pallet_zkgraph_registry::Registered::<Test>::get(read)
            .unwrap()
            .state_root;
        assert_eq!(root(job), now);
    });
}

#[test]
fn an_index_goes_on_where_the_last_run_ended() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Index { from: 100 }));
        let (first, again) = (offer(graph), offer(graph));
        lock(WORKER, first);
        assert_ok!(submit(WORKER, first, honest(WORKER, first)));
        assert_eq!(cursor(graph), Some(101));
        assert_noop!(try_lock(WORKER, again), Error::<Test>::NotAtCursor);
        let skipping = NextJob::<Test>::get();
        let block = SourceBlock {
            first: 102,
            number: 110,
            ..ethereum::source_block()
        };
        assert_ok!(Settlement::offer(
            RuntimeOrigin::signed(account(OWNER)),
            graph,
            vec![block].try_into().unwrap(),
            FEE,
            DURATION
        ));
        assert_noop!(try_lock(WORKER, skipping), Error::<Test>::NotAtCursor);
    });
}

#[test]
fn an_index_stands_still_when_a_run_traps() {
    run(|| {
        let (graph, job) = locked_job(StatePolicy::Index { from: 100 });
        assert_ok!(submit(WORKER, job, worker::trapped(WORKER, job)));
        assert_eq!(cursor(graph), Some(100));
        let (graph, job) = locked_job(StatePolicy::Index { from: 100 });
        set_time(2 + DURATION);
        assert_ok!(Settlement::expire(RuntimeOrigin::signed(account(OTHER)), job));
        assert_eq!(cursor(graph), Some(100));
    });
}
