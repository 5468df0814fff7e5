//! Handovers of registered gateways.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;
use weft_primitives::keccak256;

use super::*;
use crate::{
    Error, Keysets, PaidHandovers,
    evidence::{log, word},
    mock::{EVENTS, Test, WINDOW, checked},
};

const PAY: u64 = 500;

/// Root over the addresses of a set of this chain.
fn keyset(set: u64) -> H256 {
    keccak256(&set.to_le_bytes())
}

/// The chain comes to a set.
fn come_to(set: u64) {
    Gateways::note_sets(set, keyset(set), keyset(set + 1));
}

fn handed_over(set: u64, next: u64, root: H256, relayer: u8) -> LogEntry {
    let topic = keccak256(b"HandedOver(uint64,(uint64,uint32,bytes32),bytes32)");
    let data = [word(next), word(4), root].map(|word| word.0).concat();
    let relayer = H256(account(relayer).into());
    log(GATEWAY.address, vec![topic, word(set), relayer], data)
}

/// The handover to a set of this chain, brought by [`RELAYER`].
fn honest(set: u64) -> LogEntry {
    handed_over(set, set + 1, keyset(set + 1), RELAYER)
}

fn register() {
    assert_ok!(Gateways::register(RuntimeOrigin::root(), GATEWAY, PAY));
}

fn claim(logs: Vec<LogEntry>) -> sp_runtime::DispatchResult {
    Gateways::claim(signed(4), GATEWAY, shown(logs), 0, EVENTS)
}

#[test]
fn a_handover_of_a_registered_gateway_is_paid_once() {
    checked(|| {
        come_to(9);
        register();
        come_to(10);
        assert_ok!(claim(vec![honest(10)]));
        assert_eq!(balance(RELAYER), PAY);
        assert_noop!(claim(vec![honest(10)]), Error::<Test>::NothingToPay);
        come_to(11);
        assert_noop!(claim(vec![honest(10)]), Error::<Test>::NothingToPay);
        assert_ok!(claim(vec![honest(11)]));
        assert_eq!(balance(RELAYER), 2 * PAY);
    });
}

#[test]
fn no_handover_is_paid_of_a_gateway_that_is_not_registered_or_from_before_it_was() {
    checked(|| {
        come_to(10);
        assert_noop!(claim(vec![honest(10)]), Error::<Test>::NothingToPay);
        register();
        assert_noop!(claim(vec![honest(10)]), Error::<Test>::NothingToPay);
        come_to(11);
        assert_ok!(Gateways::deregister(RuntimeOrigin::root(), GATEWAY));
        assert_noop!(claim(vec![honest(11)]), Error::<Test>::NothingToPay);
    });
}

#[test]
fn a_handover_to_other_sets_than_this_chains_is_not_paid() {
    checked(|| {
        come_to(9);
        register();
        come_to(10);
        for wrong in [
            handed_over(10, 11, keyset(99), RELAYER),
            handed_over(10, 12, keyset(12), RELAYER),
            handed_over(11, 12, keyset(12), RELAYER),
            handed_over(10, 11, keyset(11), 0),
        ] {
            assert_noop!(claim(vec![wrong]), Error::<Test>::NothingToPay);
        }
    });
}

#[test]
fn a_handover_of_long_ago_is_not_paid_and_nothing_is_kept_of_it() {
    checked(|| {
        come_to(9);
        register();
        come_to(10);
        assert_ok!(claim(vec![honest(10)]));
        for set in 11..=10 + WINDOW {
            come_to(set);
        }
        assert!(!PaidHandovers::<Test>::contains_key(10, GATEWAY));
        assert!(!Keysets::<Test>::contains_key(10));
        assert_noop!(claim(vec![honest(10)]), Error::<Test>::NothingToPay);
        assert_ok!(claim(vec![honest(11)]));
    });
}

#[test]
fn a_registration_changes_the_pay_and_not_when_it_began() {
    checked(|| {
        come_to(9);
        register();
        come_to(10);
        assert_ok!(Gateways::register(RuntimeOrigin::root(), GATEWAY, 2 * PAY));
        assert_ok!(claim(vec![honest(10)]));
        assert_eq!(balance(RELAYER), 2 * PAY);
    });
}

#[test]
fn only_root_registers() {
    checked(|| {
        let bad = DispatchError::BadOrigin;
        assert_noop!(Gateways::register(signed(OWNER), GATEWAY, PAY), bad);
        assert_noop!(Gateways::deregister(signed(OWNER), GATEWAY), bad);
        let dust = Gateways::register(RuntimeOrigin::root(), GATEWAY, crate::mock::LEAST - 1);
        assert_eq!(dust, Err(Error::<Test>::RewardTooLow.into()));
        assert_noop!(
            Gateways::deregister(RuntimeOrigin::root(), GATEWAY),
            Error::<Test>::NotRegistered
        );
    });
}
