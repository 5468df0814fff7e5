//! Signers are recovered as another library recovers them.

use hex_literal::hex;
use k256::ecdsa::{RecoveryId, Signature as Reference, SigningKey, VerifyingKey};
use proptest::prelude::*;
use weft_zkgraph::{
    Address, Bytes32, U256,
    secp256k1::{FIELD, ORDER, Point, Signature},
};

fn number(bytes: impl AsRef<[u8]>) -> U256 {
    Bytes32::new(bytes.as_ref().try_into().expect("32 bytes")).to_u256()
}

/// The coordinates of a key of the other library.
fn coordinates(key: &VerifyingKey) -> [U256; 2] {
    let encoded = key.to_encoded_point(false);
    [encoded.x(), encoded.y()].map(|coordinate| number(coordinate.expect("a key is not infinity")))
}

fn point([x, y]: [U256; 2]) -> Point {
    Point::new(x, y).expect("it is on the curve")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn who_signed_is_found(secret in prop::array::uniform32(1_u8..), hash: [u8; 32]) {
        let secret = SigningKey::from_slice(&secret);
        prop_assume!(secret.is_ok());
        let secret = secret.expect("checked");
        let (signature, id) = secret.sign_prehash_recoverable(&hash).expect("any hash is signed");
        let (r, s) = signature.split_bytes();
        let ours = Signature { r: number(r), s: number(s), odd: id.is_y_odd() };
        let signer = point(coordinates(secret.verifying_key()));
        prop_assert_eq!(ours.recover(Bytes32::new(hash)), Some(signer));
        // The other s with the other y is the same signature; another hash has another signer.
        let other = Signature { s: ORDER - ours.s, odd: !ours.odd, ..ours };
        prop_assert_eq!(other.recover(Bytes32::new(hash)), Some(signer));
        let mut another = hash;
        another[31] ^= 1;
        prop_assert_ne!(ours.recover(Bytes32::new(another)), Some(signer));
    }

    #[test]
    fn anything_else_is_recovered_or_refused_as_elsewhere(r: [u8; 32], s: [u8; 32], odd: bool, hash: [u8; 32]) {
        let ours = Signature { r: number(r), s: number(s), odd }.recover(Bytes32::new(hash));
        let theirs = Reference::from_scalars(r, s).ok().and_then(|signature| {
            // The other library wants the smaller s.
            let low = signature.normalize_s();
            let odd = odd ^ low.is_some();
            let signature = low.unwrap_or(signature);
            VerifyingKey::recover_from_prehash(&hash, &signature, RecoveryId::new(odd, false)).ok()
        });
        prop_assert_eq!(ours, theirs.map(|key| point(coordinates(&key))));
    }
}

#[test]
fn the_signer_of_a_transaction_is_found() {
    // The example of EIP-155.
    let signature = Signature {
        r: number(hex!(
            "28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276"
        )),
        s: number(hex!(
            "67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"
        )),
        odd: false,
    };
    let hash = Bytes32::new(hex!(
        "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"
    ));
    let signer = signature.recover(hash).expect("it is a signature");
    assert_eq!(
        signer.address(),
        Address::new(hex!("9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f"))
    );
}

#[test]
fn numbers_that_are_none_of_a_signature_have_no_signer() {
    let fine = Signature {
        r: Point::GENERATOR.x(),
        s: U256::from(5),
        odd: false,
    };
    let hash = Bytes32::new([1; 32]);
    assert!(fine.recover(hash).is_some());
    for number in [U256::ZERO, ORDER, U256::MAX] {
        assert_eq!(Signature { r: number, ..fine }.recover(hash), None);
        assert_eq!(Signature { s: number, ..fine }.recover(hash), None);
    }
    // No point has x = 5.
    assert_eq!(
        Signature {
            r: U256::from(5),
            ..fine
        }
        .recover(hash),
        None
    );
}

#[test]
fn a_signature_whose_key_would_be_infinity_has_no_signer() {
    // s·nonce = message·generator, for the nonce 1.
    let signature = Signature {
        r: Point::GENERATOR.x(),
        s: U256::from(77),
        odd: false,
    };
    assert_eq!(signature.recover(Bytes32::from(U256::from(77))), None);
}

#[test]
fn points_that_meet_in_every_way_are_added() {
    let g = Point::GENERATOR;
    let times = |a: u64| g.mul_add(U256::from(a), g, U256::ZERO);
    let minus = Point::new(g.x(), FIELD - g.y()).expect("the negative is on the curve");
    assert_eq!(g + Point::INFINITY, g);
    assert_eq!(Point::INFINITY + g, g);
    assert_eq!(Point::INFINITY + Point::INFINITY, Point::INFINITY);
    assert_eq!(g + minus, Point::INFINITY);
    assert_eq!(g + g, times(2));
    assert_eq!(times(2) + g, times(3));
    assert_eq!(g.mul_add(ORDER, g, U256::ZERO), Point::INFINITY);
    // The table has infinity in it, and so have the sums on the way.
    assert_eq!(g.mul_add(U256::from(9), minus, U256::from(9)), Point::INFINITY);
    assert_eq!(g.mul_add(U256::from(9), minus, U256::from(7)), times(2));
    assert_eq!(g.mul_add(ORDER - U256::from(1), g, U256::from(6)), times(5));
    assert_eq!(Point::new(g.x(), g.x()), None);
    assert_eq!(Point::new(U256::ZERO, U256::ZERO), None);
    assert_eq!(Point::from_x(g.x(), false), Some(g));
    assert_eq!(Point::from_x(g.x(), true), Some(minus));
    assert_eq!(Point::from_x(FIELD + U256::from(1), false), None);
}
