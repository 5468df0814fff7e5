use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use weft_primitives::manifest::StatePolicy;

use super::register;
use crate::{
    Error, Graphs, HoldReason, Images, Manifests, Owned, Registered, States,
    mock::{Balances, Registry, RuntimeOrigin, Test, account, manifest_bytes, run},
};

fn nothing_is_left() -> bool {
    Registered::<Test>::count() == 0
        && Owned::<Test>::iter_keys().next().is_none()
        && Images::<Test>::iter_keys().next().is_none()
        && Manifests::<Test>::iter_keys().next().is_none()
        && States::<Test>::iter_keys().next().is_none()
        && Balances::balance_on_hold(&HoldReason::Deposit.into(), &account(1)) == 0
}

#[test]
fn an_idle_zkgraph_is_removed_at_once_and_its_deposit_returned() {
    run(|| {
        let graph = register(StatePolicy::Sequential);
        assert_ok!(Registry::retire(RuntimeOrigin::signed(account(1)), graph));
        assert!(nothing_is_left());
    });
}

#[test]
fn a_zkgraph_with_a_locked_run_is_removed_when_the_run_ends() {
    run(|| {
        let graph = register(StatePolicy::Sequential);
        assert_ok!(Registry::lock_run(graph));
        assert_ok!(Registry::retire(RuntimeOrigin::signed(account(1)), graph));
        assert!(Registered::<Test>::get(graph).unwrap().retired);
        assert_noop!(Registry::summary(graph), Error::<Test>::GraphRetired);
        assert_noop!(Registry::lock_run(graph), Error::<Test>::GraphRetired);
        let update = Registry::update_manifest(
            RuntimeOrigin::signed(account(1)),
            graph,
            manifest_bytes("other", StatePolicy::Sequential),
        );
        assert_eq!(update, Err(Error::<Test>::GraphRetired.into()));

        assert_ok!(Registry::settle_run(
            graph,
            Some(vec![1].try_into().unwrap()),
            None
        ));
        assert!(nothing_is_left());
    });
}

#[test]
fn a_zkgraph_is_retired_once_and_only_by_its_owner() {
    run(|| {
        let graph = register(StatePolicy::Stateless);
        assert_noop!(
            Registry::retire(RuntimeOrigin::signed(account(2)), graph),
            Error::<Test>::NotOwner
        );
        assert_ok!(Registry::lock_run(graph));
        let retire = || Registry::retire(RuntimeOrigin::signed(account(1)), graph);
        assert_ok!(retire());
        assert_noop!(retire(), Error::<Test>::GraphRetired);
    });
}
