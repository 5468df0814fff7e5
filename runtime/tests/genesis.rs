//! The genesis presets build, and have what they promise.

mod chain;

use frame_support::traits::Get;
use serde_json::json;
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use weft_runtime::{
    Beefy, Runtime, Session, cadence,
    currency::EXISTENTIAL_DEPOSIT,
    genesis_presets::{TESTNET_PRESET, preset_names},
};

#[test]
fn every_preset_builds_a_chain_with_validators() {
    for name in preset_names()
        .into_iter()
        .filter(|name| name.as_str() != TESTNET_PRESET)
    {
        chain::of_preset(name.as_ref()).execute_with(|| {
            let validators = Session::validators();
            assert!(!validators.is_empty(), "{name}");
            let signers = Beefy::validator_set().expect("BEEFY has a validator set from genesis");
            assert_eq!(signers.len(), validators.len(), "{name}");
        });
    }
}

#[test]
fn the_development_chain_has_one_validator_and_the_local_network_four() {
    chain::of_preset("development").execute_with(|| {
        assert_eq!(Session::validators(), vec![Alice.to_account_id()]);
    });
    chain::of_preset("local_testnet").execute_with(|| assert_eq!(Session::validators().len(), 4));
}

#[test]
fn a_test_network_without_founders_has_no_funds_no_root_and_production_values() {
    chain::of_preset(TESTNET_PRESET).execute_with(|| {
        assert_eq!(pallet_balances::TotalIssuance::<Runtime>::get(), 0);
        assert!(pallet_sudo::Key::<Runtime>::get().is_none());
        assert_eq!(cadence::BlockTime::get(), 6_000);
        assert!(
            pallet_proof_settlement::CurrentKey::<Runtime>::iter()
                .next()
                .is_none()
        );
        assert!(pallet_data_bus::AllowedChains::<Runtime>::contains_key(
            11_155_111
        ));
    });
}

#[test]
fn the_presets_are_fast_and_a_genesis_without_a_cadence_is_not() {
    chain::of_preset("development").execute_with(|| {
        assert_eq!(cadence::BlockTime::get(), 2_000);
        assert_eq!(cadence::EpochDuration::get(), 100);
        assert_eq!(weft_runtime::Babe::slot_duration(), 2_000);
    });
    chain::with_patch(json!({})).execute_with(|| {
        assert_eq!(cadence::BlockTime::get(), 6_000);
        assert_eq!(cadence::EpochDuration::get(), 2_400);
    });
}

#[test]
#[should_panic(expected = "an epoch must have at least 10 blocks")]
fn a_genesis_with_an_impossible_cadence_is_refused() {
    chain::with_patch(json!({ "cadence": { "epochBlocks": 1 } }));
}

#[test]
fn only_the_presets_give_somebody_sudo() {
    chain::of_preset("development").execute_with(|| {
        assert_eq!(pallet_sudo::Key::<Runtime>::get(), Some(Alice.to_account_id()));
    });
    chain::with_patch(json!({})).execute_with(|| {
        assert_eq!(pallet_sudo::Key::<Runtime>::get(), None);
    });
}

#[test]
fn development_accounts_have_funds() {
    chain::of_preset("development").execute_with(|| {
        assert!(weft_runtime::Balances::free_balance(Bob.to_account_id()) > EXISTENTIAL_DEPOSIT);
    });
}
