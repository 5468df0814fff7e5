//! Who is a candidate, and who validates.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

use crate::{
    Candidates, Chosen, Error, Event, Limits, ValidatorLimits,
    mock::{
        BONDING_SESSIONS, MAX_CANDIDATES, MINIMUM_BOND, RuntimeOrigin, Session, System, Test, Validators,
        genesis_with_bonds, new_test_ext, pass, to_session,
    },
};

fn signed(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn join(who: u64, bond: u64) {
    assert_ok!(Validators::bond(signed(who), bond));
    assert_ok!(Validators::validate(signed(who)));
}

fn limit(minimum: u32, maximum: u32) {
    let limits = Limits { minimum, maximum };
    assert_ok!(Validators::set_limits(RuntimeOrigin::root(), limits));
}

#[test]
fn genesis_has_its_bonded_validators_and_remembers_their_keys() {
    new_test_ext().execute_with(|| {
        assert_eq!(Session::validators(), [1, 2, 3, 4]);
        for session in 0..2 {
            let chosen: Vec<_> = Chosen::<Test>::get(session)
                .into_iter()
                .map(|(who, _)| who)
                .collect();
            assert_eq!(chosen, [1, 2, 3, 4]);
        }
    });
}

#[test]
fn a_larger_bond_is_in_power_two_sessions_later_in_the_place_of_the_smallest() {
    new_test_ext().execute_with(|| {
        assert_ok!(Validators::bond(signed(2), 1));
        assert_ok!(Validators::bond(signed(3), 1));
        assert_ok!(Validators::bond(signed(4), 1));
        join(5, 5_000);
        System::assert_last_event(Event::CandidateAdded { who: 5 }.into());
        to_session(1);
        assert_eq!(Session::validators(), [1, 2, 3, 4]);
        to_session(2);
        assert_eq!(Session::validators(), [5, 2, 3, 4]);
    });
}

#[test]
fn among_equal_bonds_the_earlier_candidate_validates() {
    new_test_ext().execute_with(|| {
        join(5, 1_000);
        pass(3);
        assert_eq!(Session::validators(), [1, 2, 3, 4]);
        assert_ok!(Validators::chill(signed(2)));
        pass(2);
        assert_eq!(Session::validators(), [1, 3, 4, 5]);
    });
}

#[test]
fn nobody_validates_without_bond_or_keys() {
    new_test_ext().execute_with(|| {
        assert_noop!(Validators::validate(signed(5)), Error::<Test>::NoBond);
        assert_ok!(Validators::bond(signed(5), MINIMUM_BOND - 1));
        assert_noop!(Validators::validate(signed(5)), Error::<Test>::BelowMinimum);
        assert_ok!(Validators::bond(signed(20), MINIMUM_BOND));
        assert_noop!(Validators::validate(signed(20)), Error::<Test>::NoSessionKeys);
        assert_noop!(Validators::validate(signed(1)), Error::<Test>::AlreadyCandidate);
    });
}

#[test]
fn a_candidate_that_purges_its_keys_is_not_chosen() {
    new_test_ext().execute_with(|| {
        assert_ok!(Session::purge_keys(signed(3)));
        pass(2);
        assert_eq!(Session::validators(), [1, 2, 4]);
    });
}

#[test]
fn the_set_stays_when_fewer_than_the_minimum_are_left() {
    new_test_ext().execute_with(|| {
        for who in 1..=3 {
            assert_ok!(Validators::chill(signed(who)));
        }
        pass(3);
        assert_eq!(Session::validators(), [1, 2, 3, 4]);
        limit(1, 4);
        pass(2);
        assert_eq!(Session::validators(), [4]);
    });
}

#[test]
fn no_more_than_the_maximum_are_chosen() {
    new_test_ext().execute_with(|| {
        limit(1, 2);
        pass(2);
        assert_eq!(Session::validators(), [1, 2]);
    });
}

#[test]
fn limits_that_cannot_be_kept_are_refused_and_only_root_sets_them() {
    new_test_ext().execute_with(|| {
        for (minimum, maximum) in [(0, 3), (3, 2), (1, 5)] {
            let limits = Limits { minimum, maximum };
            assert_noop!(
                Validators::set_limits(RuntimeOrigin::root(), limits),
                Error::<Test>::WrongLimits
            );
        }
        let limits = Limits {
            minimum: 1,
            maximum: 1,
        };
        assert_noop!(
            Validators::set_limits(signed(1), limits),
            DispatchError::BadOrigin
        );
        assert_eq!(ValidatorLimits::<Test>::get().unwrap().maximum, 4);
    });
}

#[test]
fn when_candidates_are_full_only_a_larger_bond_takes_a_place() {
    new_test_ext().execute_with(|| {
        for who in 5..=u64::from(MAX_CANDIDATES) {
            join(who, 500);
        }
        assert_ok!(Validators::bond(signed(10), 500));
        assert_noop!(Validators::validate(signed(10)), Error::<Test>::TooManyCandidates);
        assert_ok!(Validators::bond(signed(10), 1));
        assert_ok!(Validators::validate(signed(10)));
        // Of two with the least bond the later one left.
        assert_eq!(Candidates::<Test>::get().into_inner(), [1, 2, 3, 4, 5, 10]);
        assert!(
            System::events()
                .iter()
                .any(|record| { record.event == Event::CandidateRemoved { who: 6 }.into() })
        );
    });
}

#[test]
fn validators_that_stay_because_too_few_want_to_keep_the_minimum_bond_as_long() {
    new_test_ext().execute_with(|| {
        for who in 1..=3 {
            assert_ok!(Validators::chill(signed(who)));
            assert_ok!(Validators::unbond(signed(who), 1_000));
        }
        pass(2 * BONDING_SESSIONS);
        assert_eq!(Session::validators(), [1, 2, 3, 4]);
        assert_noop!(Validators::withdraw(signed(1)), Error::<Test>::KeptForOffences);
        limit(1, 4);
        // Chosen for the next session already.
        pass(BONDING_SESSIONS + 1);
        assert_noop!(Validators::withdraw(signed(1)), Error::<Test>::KeptForOffences);
        pass(1);
        assert_ok!(Validators::withdraw(signed(1)));
    });
}

#[test]
fn with_its_whole_bond_an_account_gets_its_keys_back_and_can_bond_again() {
    new_test_ext().execute_with(|| {
        assert_ok!(Validators::bond(signed(5), 500));
        assert_ok!(Validators::unbond(signed(5), 500));
        pass(BONDING_SESSIONS + 2);
        assert_ok!(Validators::withdraw(signed(5)));
        assert_ok!(Validators::bond(signed(5), 500));
        assert_noop!(Validators::validate(signed(5)), Error::<Test>::NoSessionKeys);
    });
}

#[test]
#[should_panic(expected = "is there once")]
fn a_genesis_with_a_candidate_twice_is_refused() {
    genesis_with_bonds(vec![(1, 1_000), (1, 1_000)], Some((1, 4)));
}

#[test]
#[should_panic(expected = "the minimum at least")]
fn a_genesis_with_too_small_a_bond_is_refused() {
    genesis_with_bonds(vec![(1, MINIMUM_BOND - 1)], Some((1, 4)));
}

#[test]
#[should_panic(expected = "has limits")]
fn a_genesis_with_bonds_and_without_limits_is_refused() {
    genesis_with_bonds(vec![(1, 1_000)], None);
}
