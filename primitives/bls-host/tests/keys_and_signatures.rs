//! Keys and signatures from anybody: those that are right are taken, and everything else is refused without a panic.

use blst::min_pk::{AggregateSignature, PublicKey, SecretKey};
use hex_literal::hex;
use weft_bls_host::NativeCrypto;
use weft_light_client::Crypto;

const SUITE: &[u8] = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";
const MESSAGE: [u8; 32] = [0xab; 32];

fn keys() -> Vec<SecretKey> {
    // The secret keys of the consensus specification's own BLS tests.
    [
        hex!("263dbd792f5b1be47ed85f8938c0f29586af0d3ac7b977f21c278fe1462040e3"),
        hex!("47b8192d77bf871b62e87859d653922725724a5c031afeabc60bcef5ff665138"),
        hex!("328388aff0d4a5b7dc9205abd374e7e98f3cd9f3418edb4eafda5fb16473d216"),
    ]
    .iter()
    .map(|bytes| SecretKey::from_bytes(bytes).expect("a secret key"))
    .collect()
}

fn compressed() -> Vec<[u8; 48]> {
    keys().iter().map(|key| key.sk_to_pk().compress()).collect()
}

fn signature(signers: usize) -> [u8; 96] {
    let signatures: Vec<_> = keys()[..signers]
        .iter()
        .map(|key| key.sign(&MESSAGE, SUITE, &[]))
        .collect();
    let signatures: Vec<_> = signatures.iter().collect();
    AggregateSignature::aggregate(&signatures, false)
        .expect("there are signatures")
        .to_signature()
        .compress()
}

fn verify(keys: &[[u8; 48]], message: &[u8; 32], signature: &[u8; 96]) -> bool {
    let keys = NativeCrypto::decompress(keys).expect("they are keys");
    NativeCrypto::verify(&keys, message, signature)
}

#[test]
fn the_specifications_keys_have_the_public_keys_that_it_names() {
    assert_eq!(
        compressed()[0],
        hex!(
            "a491d1b0ecd9bb917989f0e74f0dea0422eac4a873e5e2644f368dffb9a6e20fd6e10c1b77654d067c0618f6e5a7f79a"
        )
    );
}

#[test]
fn all_signers_of_a_message_and_no_others_verify() {
    let keys = compressed();
    let all = signature(3);
    assert!(verify(&keys, &MESSAGE, &all));
    let mut reversed = keys.clone();
    reversed.reverse();
    assert!(verify(&reversed, &MESSAGE, &all));
    assert!(!verify(&keys[..2], &MESSAGE, &all));
    assert!(verify(&keys[..2], &MESSAGE, &signature(2)));
    assert!(!verify(&[keys[0], keys[0], keys[1]], &MESSAGE, &all));
    assert!(!verify(&keys, &[0xac; 32], &all));
}

#[test]
fn a_signature_that_is_none_is_refused() {
    let keys = NativeCrypto::decompress(&compressed()).expect("they are keys");
    let honest = signature(3);
    let mut infinity = [0; 96];
    infinity[0] = 0xc0;
    for wrong in [[0; 96], [0xff; 96], infinity] {
        assert!(!NativeCrypto::verify(&keys, &MESSAGE, &wrong));
    }
    for bit in 0..8 * 96 {
        let mut wrong = honest;
        wrong[bit / 8] ^= 1 << (bit % 8);
        assert!(!NativeCrypto::verify(&keys, &MESSAGE, &wrong), "bit {bit}");
    }
}

#[test]
fn nobody_signs_nothing() {
    let mut infinity = [0; 96];
    infinity[0] = 0xc0;
    assert!(!NativeCrypto::verify(&[], &MESSAGE, &signature(1)));
    assert!(!NativeCrypto::verify(&[], &MESSAGE, &infinity));
    assert!(!NativeCrypto::verify(&[1; 95], &MESSAGE, &signature(1)));
    assert!(!NativeCrypto::verify(&[1; 96], &MESSAGE, &signature(1)));
}

#[test]
fn a_point_outside_the_group_is_no_key() {
    // Most points of the curve are not in the group: find one by its x.
    let outside = (1..=u8::MAX)
        .map(|x| {
            let mut bytes = [0; 48];
            (bytes[0], bytes[47]) = (0x80, x);
            bytes
        })
        .find(|bytes| PublicKey::uncompress(bytes).is_ok_and(|key| key.validate().is_err()));
    let outside = outside.expect("half of the x are on the curve");
    assert_eq!(NativeCrypto::decompress(&[outside]), None);
    // One key that is none spoils them all.
    assert_eq!(NativeCrypto::decompress(&[compressed()[0], outside]), None);
    assert_eq!(NativeCrypto::decompress(&[]), Some(Vec::new()));
}
