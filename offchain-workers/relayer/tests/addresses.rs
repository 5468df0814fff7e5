//! Ethereum addresses of BEEFY validators.

use alloy_primitives::address;
use sp_consensus_beefy::{ValidatorSet, ecdsa_crypto::AuthorityId};
use sp_core::{ByteArray, Pair, ecdsa};
use weft_relayer::commitment::addresses;

fn key(compressed: &str) -> AuthorityId {
    AuthorityId::from_slice(&hex::decode(compressed).expect("hex")).expect("33 bytes")
}

#[test]
fn an_address_is_that_of_the_uncompressed_key() {
    // The first account of Anvil: private key ac09…ff80.
    let secret = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
    let pair = ecdsa::Pair::from_seed_slice(&hex::decode(secret).expect("hex")).expect("a seed");
    let set = ValidatorSet::new([AuthorityId::from(pair.public())], 0).expect("not empty");
    assert_eq!(
        addresses(&set),
        [address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266")]
    );
}

#[test]
fn bytes_that_are_no_public_key_stand_as_the_zero_address() {
    let good = key("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
    let bad = key("05ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
    let set = ValidatorSet::new([good, bad], 0).expect("not empty");
    assert_eq!(addresses(&set)[1], alloy_primitives::Address::ZERO);
    assert_ne!(addresses(&set)[0], alloy_primitives::Address::ZERO);
}
