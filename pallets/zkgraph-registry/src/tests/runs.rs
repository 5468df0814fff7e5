use frame_support::{assert_noop, assert_ok};
use weft_primitives::{manifest::StatePolicy, state_root};

use super::register;
use crate::{
    Error, Event, Graphs, Registered, States,
    mock::{Registry, RuntimeOrigin, System, Test, account, manifest_bytes, run},
};

#[test]
fn a_sequential_zkgraph_is_locked_by_one_run_at_a_time() {
    run(|| {
        let graph = register(StatePolicy::Sequential);
        assert_ok!(Registry::lock_run(graph));
        assert_noop!(Registry::lock_run(graph), Error::<Test>::GraphBusy);
        assert_ok!(Registry::unlock_run(graph));
        assert_ok!(Registry::lock_run(graph));
    });
}

#[test]
fn a_stateless_zkgraph_is_locked_by_any_number_of_runs() {
    run(|| {
        let graph = register(StatePolicy::Stateless);
        assert_ok!(Registry::lock_run(graph));
        assert_ok!(Registry::lock_run(graph));
        assert_eq!(Registered::<Test>::get(graph).unwrap().locked_runs, 2);
    });
}

#[test]
fn a_settled_run_moves_the_state_and_an_unproved_one_does_not() {
    run(|| {
        let graph = register(StatePolicy::Sequential);
        assert_ok!(Registry::lock_run(graph));
        assert_ok!(Registry::unlock_run(graph));
        assert_eq!(
            Registered::<Test>::get(graph).unwrap().state_root,
            state_root(&[])
        );

        assert_ok!(Registry::lock_run(graph));
        assert_ok!(Registry::settle_run(
            graph,
            Some(vec![5, 6].try_into().unwrap()),
            None
        ));
        let record = Registered::<Test>::get(graph).unwrap();
        assert_eq!(record.state_root, state_root(&[5, 6]));
        assert_eq!(record.settled_runs, 1);
        assert_eq!(States::<Test>::get(graph).into_inner(), [5, 6]);
        System::assert_last_event(
            Event::StateMoved {
                graph,
                from: state_root(&[]),
                to: state_root(&[5, 6]),
            }
            .into(),
        );
    });
}

#[test]
fn a_lock_hands_out_the_manifest_of_its_moment() {
    run(|| {
        let graph = register(StatePolicy::Sequential);
        let locked = Registry::lock_run(graph).unwrap();
        let other = manifest_bytes("other", StatePolicy::Sequential);
        assert_ok!(Registry::update_manifest(
            RuntimeOrigin::signed(account(1)),
            graph,
            other.clone()
        ));
        assert_eq!(locked.manifest, manifest_bytes("volume", StatePolicy::Sequential));
        assert_ok!(Registry::unlock_run(graph));
        assert_eq!(Registry::lock_run(graph).unwrap().manifest, other);
    });
}
