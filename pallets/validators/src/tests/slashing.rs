//! What is taken from offenders.

use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use sp_runtime::Perbill;
use sp_staking::offence::{Kind, Offence, OffenceDetails, OffenceError, OnOffenceHandler, ReportOffence};

use crate::{
    Bonds, Candidates, Error, Event, HoldReason, Pallet, Slashes,
    mock::{
        BONDING_SESSIONS, Balances, ENDOWMENT, IDLE_REPORT_FEE, RuntimeOrigin, Session, System, Test,
        Validators, new_test_ext, next_block, pass,
    },
};

fn signed(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn held(who: u64) -> u64 {
    Balances::balance_on_hold(&HoldReason::ValidatorBond.into(), &who)
}

fn offend(offenders: &[u64], percent: u32, session: u32, reporters: &[u64]) {
    let details: Vec<_> = offenders
        .iter()
        .map(|who| OffenceDetails {
            offender: *who,
            reporters: reporters.to_vec(),
        })
        .collect();
    let parts = vec![Perbill::from_percent(percent); offenders.len()];
    Pallet::<Test>::on_offence(&details, &parts, session);
    crate::try_state::check::<Test>().unwrap();
}

#[test]
fn an_offender_loses_its_part_its_place_and_its_turn() {
    new_test_ext().execute_with(|| {
        let issuance = Balances::total_issuance();
        offend(&[2], 50, 0, &[]);
        assert_eq!(held(2), 500);
        assert_eq!(Balances::total_issuance(), issuance - 500);
        System::assert_last_event(
            Event::Slashed {
                who: 2,
                amount: 500,
                session: 0,
            }
            .into(),
        );
        assert_eq!(Candidates::<Test>::get().into_inner(), [1, 3, 4]);
        assert_eq!(Session::disabled_validators(), [1]);
        pass(2);
        assert_eq!(Session::validators(), [1, 3, 4]);
    });
}

#[test]
fn a_tenth_goes_to_those_who_reported() {
    new_test_ext().execute_with(|| {
        let issuance = Balances::total_issuance();
        offend(&[2], 100, 0, &[10, 11, 12]);
        for reporter in 10..13 {
            assert_eq!(Balances::free_balance(reporter), ENDOWMENT + 33);
        }
        assert_eq!(Balances::total_issuance(), issuance - 1_000 + 99);
        assert!(!Bonds::<Test>::contains_key(2));
    });
}

#[test]
fn a_reporter_that_cannot_be_paid_loses_its_share_and_nobody_else_does() {
    new_test_ext().execute_with(|| {
        offend(&[2], 5, 0, &[10, 999_999]);
        // The share of 2 is enough for an account; existential deposit is 1 here.
        assert_eq!(Balances::free_balance(10), ENDOWMENT + 2);
        assert_eq!(held(2), 950);
    });
}

#[test]
fn what_is_unbonding_is_taken_too_the_latest_first() {
    new_test_ext().execute_with(|| {
        assert_ok!(Validators::bond(signed(5), 300));
        assert_ok!(Validators::unbond(signed(5), 100));
        pass(1);
        assert_ok!(Validators::unbond(signed(5), 150));
        // Of 300, the active 50 and 100 of the later 150.
        offend(&[5], 50, 1, &[]);
        let bond = Bonds::<Test>::get(5).unwrap();
        let unbonding: Vec<_> = bond.unbonding.iter().map(|part| part.amount).collect();
        assert_eq!((bond.active, unbonding), (0, vec![100, 50]));
        offend(&[5], 90, 1, &[]);
        assert_eq!(held(5), 30);
    });
}

#[test]
fn of_a_session_only_the_highest_part_counts() {
    new_test_ext().execute_with(|| {
        offend(&[1], 10, 0, &[]);
        offend(&[1, 2], 40, 0, &[]);
        assert_eq!((held(1), held(2)), (600, 600));
        offend(&[1, 2], 40, 0, &[]);
        offend(&[1], 20, 0, &[]);
        assert_eq!((held(1), held(2)), (600, 600));
        // Another session is another offence, of what is left.
        pass(1);
        offend(&[1], 50, 1, &[]);
        assert_eq!(held(1), 300);
    });
}

#[test]
fn more_bonded_after_the_first_report_is_not_taken_for_the_same_session() {
    new_test_ext().execute_with(|| {
        offend(&[1], 50, 0, &[]);
        assert_ok!(Validators::bond(signed(1), 1_000));
        offend(&[1], 100, 0, &[]);
        assert_eq!(held(1), 1_000);
    });
}

#[test]
fn an_offender_may_come_back_after_a_while_if_it_bonds_again() {
    new_test_ext().execute_with(|| {
        offend(&[1], 100, 0, &[]);
        assert_ok!(Validators::bond(signed(1), 2_000));
        assert_noop!(Validators::validate(signed(1)), Error::<Test>::Barred);
        pass(BONDING_SESSIONS);
        assert_ok!(Validators::validate(signed(1)));
        pass(2);
        assert_eq!(Session::validators()[0], 1);
    });
}

#[test]
fn an_offender_that_was_chosen_already_serves_its_turn_disabled() {
    new_test_ext().execute_with(|| {
        offend(&[2], 10, 0, &[]);
        pass(1);
        assert_eq!(Session::validators(), [1, 2, 3, 4]);
        assert_eq!(Session::disabled_validators(), [1]);
        pass(1);
        assert_eq!(Session::validators(), [1, 3, 4]);
        assert!(Session::disabled_validators().is_empty());
    });
}

/// An offence of one validator in session 0.
struct Report(u64, u8);
impl Offence<u64> for Report {
    const ID: Kind = *b"test:a report   ";
    type Slot = u8;
    fn offenders(&self) -> Vec<u64> {
        vec![self.0]
    }
    fn session_index(&self) -> u32 {
        0
    }
    fn validator_set_count(&self) -> u32 {
        4
    }
    fn slot(&self) -> u8 {
        self.1
    }
    fn slash_fraction(&self, offenders: u32) -> Perbill {
        Perbill::from_percent(10 * offenders)
    }
}

#[test]
fn a_report_that_takes_nothing_is_paid_for_and_one_that_was_made_before_is_refused() {
    new_test_ext().execute_with(|| {
        let report =
            |who, slot| <Pallet<Test> as ReportOffence<_, _, _>>::report_offence(vec![10], Report(who, slot));
        let free = || Balances::free_balance(10);
        assert_eq!(report(1, 7), Ok(()));
        assert_eq!((held(1), free()), (900, ENDOWMENT + 10));
        assert_eq!(report(1, 7), Err(OffenceError::DuplicateReport));
        // Two in one slot: more of both.
        assert_eq!(report(2, 7), Ok(()));
        assert_eq!((held(1), held(2), free()), (800, 800, ENDOWMENT + 10 + 20 + 10));
        // Another slot of the session that takes no more.
        assert_eq!(report(1, 8), Ok(()));
        assert_eq!((held(1), free()), (800, ENDOWMENT + 40 - IDLE_REPORT_FEE));
    });
}

#[test]
fn an_offender_without_a_bond_is_disabled_all_the_same() {
    new_test_ext().execute_with(|| {
        offend(&[1], 100, 0, &[]);
        next_block();
        offend(&[1], 100, 0, &[]);
        assert_eq!(held(1), 0);
        assert_eq!(Session::disabled_validators(), [0]);
    });
}

#[test]
fn records_of_slashes_are_kept_as_long_as_offences_can_be_reported() {
    new_test_ext().execute_with(|| {
        pass(1);
        offend(&[1], 10, 1, &[]);
        pass(BONDING_SESSIONS);
        assert!(Slashes::<Test>::contains_key(1, 1));
        pass(1);
        assert!(!Slashes::<Test>::contains_key(1, 1));
    });
}
