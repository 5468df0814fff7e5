use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use weft_primitives::manifest::StatePolicy;

use super::register;
use crate::{
    Error, Graphs, HoldReason, Owned, Registered,
    mock::{Balances, Registry, RuntimeOrigin, Test, account, run},
};

#[test]
fn ownership_moves_when_the_new_owner_accepts_and_the_deposit_moves_with_it() {
    run(|| {
        let graph = register(StatePolicy::Stateless);
        let deposit = Registered::<Test>::get(graph).unwrap().deposit;
        assert_ok!(Registry::transfer_ownership(
            RuntimeOrigin::signed(account(1)),
            graph,
            account(2)
        ));
        assert_eq!(Registered::<Test>::get(graph).unwrap().owner, account(1));

        assert_ok!(Registry::accept_ownership(
            RuntimeOrigin::signed(account(2)),
            graph
        ));
        assert_eq!(Registered::<Test>::get(graph).unwrap().owner, account(2));
        assert!(Owned::<Test>::contains_key(account(2), graph));
        assert!(!Owned::<Test>::contains_key(account(1), graph));
        let held = |number| Balances::balance_on_hold(&HoldReason::Deposit.into(), &account(number));
        assert_eq!((held(1), held(2)), (0, deposit));
    });
}

#[test]
fn only_the_owner_offers_and_only_the_chosen_account_accepts() {
    run(|| {
        let graph = register(StatePolicy::Stateless);
        assert_noop!(
            Registry::transfer_ownership(RuntimeOrigin::signed(account(2)), graph, account(2)),
            Error::<Test>::NotOwner
        );
        assert_ok!(Registry::transfer_ownership(
            RuntimeOrigin::signed(account(1)),
            graph,
            account(2)
        ));
        assert_noop!(
            Registry::accept_ownership(RuntimeOrigin::signed(account(3)), graph),
            Error::<Test>::NotOffered
        );
    });
}

#[test]
fn an_offer_can_be_taken_back_and_is_used_once() {
    run(|| {
        let graph = register(StatePolicy::Stateless);
        let owner = || RuntimeOrigin::signed(account(1));
        assert_ok!(Registry::transfer_ownership(owner(), graph, account(2)));
        assert_ok!(Registry::transfer_ownership(owner(), graph, account(1)));
        let accept = || Registry::accept_ownership(RuntimeOrigin::signed(account(2)), graph);
        assert_noop!(accept(), Error::<Test>::NotOffered);

        assert_ok!(Registry::transfer_ownership(owner(), graph, account(2)));
        assert_ok!(accept());
        assert_noop!(accept(), Error::<Test>::NotOffered);
    });
}

#[test]
fn a_zkgraph_with_a_state_changes_hands_only_between_runs() {
    run(|| {
        let graph = register(StatePolicy::Sequential);
        assert_ok!(Registry::transfer_ownership(
            RuntimeOrigin::signed(account(1)),
            graph,
            account(2)
        ));
        assert_ok!(Registry::lock_run(graph));
        assert_noop!(
            Registry::accept_ownership(RuntimeOrigin::signed(account(2)), graph),
            Error::<Test>::GraphBusy
        );
        assert_ok!(Registry::unlock_run(graph));
        assert_ok!(Registry::accept_ownership(
            RuntimeOrigin::signed(account(2)),
            graph
        ));
    });
}
