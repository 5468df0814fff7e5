use frame_support::{assert_noop, assert_ok};

use super::*;
use crate::{
    Error, Event, Graphs, Registered,
    mock::{System, run},
};

const INDEX: StatePolicy = StatePolicy::Index { from: 100 };

fn cursor(graph: GraphId) -> Option<u64> {
    Registered::<Test>::get(graph).unwrap().cursor
}

fn skip(owner: u8, graph: GraphId, next: u64) -> sp_runtime::DispatchResult {
    Registry::skip_blocks(RuntimeOrigin::signed(account(owner)), graph, next)
}

#[test]
fn an_index_starts_with_its_first_block_and_others_have_no_cursor() {
    run(|| {
        assert_eq!(cursor(register(INDEX)), Some(100));
        assert_eq!(cursor(register(StatePolicy::Sequential)), None);
        assert_eq!(cursor(register(StatePolicy::Stateless)), None);
    });
}

#[test]
fn a_run_that_moves_the_state_moves_the_cursor_and_one_that_trapped_neither() {
    run(|| {
        let graph = register(INDEX);
        assert_ok!(Registry::lock_run(graph));
        assert_ok!(Registry::settle_run(graph, None, None));
        assert_eq!(cursor(graph), Some(100));
        assert_ok!(Registry::lock_run(graph));
        assert_ok!(Registry::settle_run(graph, Some(Default::default()), Some(120)));
        assert_eq!(cursor(graph), Some(120));
    });
}

#[test]
fn the_owner_leaves_out_blocks_that_cannot_be_read_and_everybody_sees_it() {
    run(|| {
        let graph = register(INDEX);
        assert_noop!(skip(2, graph, 110), Error::<Test>::NotOwner);
        assert_noop!(skip(1, graph, 100), Error::<Test>::NothingToSkip);
        assert_noop!(skip(1, graph, u64::MAX), Error::<Test>::SkipTooFar);
        assert_ok!(skip(1, graph, 110));
        assert_eq!(cursor(graph), Some(110));
        System::assert_last_event(
            Event::BlocksSkipped {
                graph,
                first: 100,
                next: 110,
            }
            .into(),
        );
        let other = register(StatePolicy::Sequential);
        assert_noop!(skip(1, other, 5), Error::<Test>::NothingToSkip);
    });
}

#[test]
fn nothing_is_left_out_under_a_run_that_is_locked() {
    run(|| {
        let graph = register(INDEX);
        assert_ok!(Registry::lock_run(graph));
        assert_noop!(skip(1, graph, 110), Error::<Test>::GraphBusy);
        assert_ok!(Registry::unlock_run(graph));
        assert_ok!(skip(1, graph, 110));
    });
}

#[test]
fn the_first_block_of_an_index_is_fixed() {
    run(|| {
        let graph = register(INDEX);
        let other = manifest_bytes("volume", StatePolicy::Index { from: 99 });
        assert_noop!(
            Registry::update_manifest(RuntimeOrigin::signed(account(1)), graph, other),
            Error::<Test>::StatePolicyFixed
        );
        let renamed = manifest_bytes("renamed", INDEX);
        assert_ok!(Registry::update_manifest(
            RuntimeOrigin::signed(account(1)),
            graph,
            renamed
        ));
        assert_eq!(cursor(graph), Some(100));
    });
}
