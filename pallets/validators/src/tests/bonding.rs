//! Bonds come, stay and go back.

use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use sp_runtime::TokenError;

use crate::{
    Bonds, Error, Event, HoldReason, Pallet,
    mock::{
        BONDING_SESSIONS, Balances, ENDOWMENT, MAX_UNBONDING, RuntimeOrigin, System, Test, Validators,
        new_test_ext, pass,
    },
};

/// For how many sessions a bond stays after it was asked back.
const KEPT: u32 = BONDING_SESSIONS + 2;

fn signed(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn held(who: u64) -> u64 {
    Balances::balance_on_hold(&HoldReason::ValidatorBond.into(), &who)
}

#[test]
fn a_bond_is_on_hold_and_adds_up() {
    new_test_ext().execute_with(|| {
        assert_ok!(Validators::bond(signed(5), 300));
        assert_ok!(Validators::bond(signed(5), 200));
        assert_eq!((held(5), Balances::free_balance(5)), (500, ENDOWMENT - 500));
        assert_eq!(Pallet::<Test>::active_bond(&5), 500);
        System::assert_last_event(Event::Bonded { who: 5, amount: 200 }.into());
    });
}

#[test]
fn more_than_an_account_has_and_nothing_cannot_be_bonded() {
    new_test_ext().execute_with(|| {
        assert_noop!(Validators::bond(signed(5), 0), Error::<Test>::WrongAmount);
        assert_noop!(
            Validators::bond(signed(5), ENDOWMENT),
            TokenError::FundsUnavailable
        );
        assert_noop!(Validators::bond(signed(99), 1), TokenError::FundsUnavailable);
    });
}

#[test]
fn what_is_unbonding_stays_on_hold_until_its_session() {
    new_test_ext().execute_with(|| {
        assert_ok!(Validators::bond(signed(5), 500));
        assert_ok!(Validators::unbond(signed(5), 200));
        System::assert_last_event(
            Event::Unbonding {
                who: 5,
                amount: 200,
                session: KEPT,
            }
            .into(),
        );
        assert_eq!((held(5), Pallet::<Test>::active_bond(&5)), (500, 300));
        pass(KEPT - 1);
        assert_noop!(Validators::withdraw(signed(5)), Error::<Test>::NothingToWithdraw);
        pass(1);
        assert_ok!(Validators::withdraw(signed(5)));
        System::assert_last_event(Event::Withdrawn { who: 5, amount: 200 }.into());
        assert_eq!((held(5), Balances::free_balance(5)), (300, ENDOWMENT - 300));
        assert_noop!(Validators::withdraw(signed(5)), Error::<Test>::NothingToWithdraw);
    });
}

#[test]
fn a_bond_that_is_all_withdrawn_is_forgotten() {
    new_test_ext().execute_with(|| {
        assert_ok!(Validators::bond(signed(5), 500));
        assert_ok!(Validators::unbond(signed(5), 500));
        pass(KEPT);
        assert_ok!(Validators::withdraw(signed(5)));
        assert!(!Bonds::<Test>::contains_key(5));
        assert_eq!(Balances::free_balance(5), ENDOWMENT);
        assert_noop!(Validators::withdraw(signed(5)), Error::<Test>::NoBond);
        assert_noop!(Validators::unbond(signed(5), 1), Error::<Test>::NoBond);
    });
}

#[test]
fn what_is_asked_back_in_one_session_is_one_amount_and_there_are_so_many_at_most() {
    new_test_ext().execute_with(|| {
        assert_ok!(Validators::bond(signed(5), 500));
        for _ in 0..MAX_UNBONDING {
            assert_ok!(Validators::unbond(signed(5), 10));
            assert_ok!(Validators::unbond(signed(5), 10));
            pass(1);
        }
        assert_noop!(Validators::unbond(signed(5), 10), Error::<Test>::TooManyUnbonding);
        pass(KEPT - MAX_UNBONDING);
        assert_ok!(Validators::withdraw(signed(5)));
        assert_ok!(Validators::unbond(signed(5), 10));
        assert_eq!(held(5), 480);
    });
}

#[test]
fn a_candidate_keeps_the_minimum_and_can_chill_first() {
    new_test_ext().execute_with(|| {
        assert_noop!(Validators::unbond(signed(1), 901), Error::<Test>::BelowMinimum);
        assert_ok!(Validators::unbond(signed(1), 900));
        assert_noop!(Validators::unbond(signed(1), 1), Error::<Test>::BelowMinimum);
        assert_ok!(Validators::chill(signed(1)));
        System::assert_last_event(Event::CandidateRemoved { who: 1 }.into());
        assert_ok!(Validators::unbond(signed(1), 100));
        assert_noop!(Validators::chill(signed(1)), Error::<Test>::NotCandidate);
        assert_noop!(Validators::unbond(signed(1), 1), Error::<Test>::WrongAmount);
    });
}
