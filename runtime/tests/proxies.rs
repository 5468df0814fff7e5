//! What each type of proxy may do.

use frame_support::traits::InstanceFilter;
use sp_keyring::Sr25519Keyring::Bob;
use weft_runtime::{RuntimeCall, configs::accounts::ProxyType};

fn transfer() -> RuntimeCall {
    RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
        dest: Bob.to_account_id().into(),
        value: 1,
    })
}

fn remark() -> RuntimeCall {
    RuntimeCall::System(frame_system::Call::remark { remark: Vec::new() })
}

#[test]
fn a_proxy_for_everything_can_transfer() {
    assert!(ProxyType::Any.filter(&transfer()));
}

#[test]
fn a_non_transfer_proxy_cannot_transfer() {
    assert!(ProxyType::NonTransfer.filter(&remark()));
    assert!(!ProxyType::NonTransfer.filter(&transfer()));
}

#[test]
fn a_cancelling_proxy_can_only_reject_announcements() {
    assert!(!ProxyType::CancelProxy.filter(&transfer()));
    assert!(!ProxyType::CancelProxy.filter(&remark()));
}

#[test]
fn no_proxy_type_contains_a_wider_one() {
    assert!(ProxyType::Any.is_superset(&ProxyType::NonTransfer));
    assert!(!ProxyType::NonTransfer.is_superset(&ProxyType::Any));
    assert!(!ProxyType::CancelProxy.is_superset(&ProxyType::NonTransfer));
}
