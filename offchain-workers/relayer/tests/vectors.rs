//! The vectors that Rust and Solidity share (`contracts/test/vectors`), through the relayer's conversions.

use std::path::Path;

use alloy_primitives::U256;
use codec::{DecodeAll, Encode};
use serde_json::Value;
use sp_consensus_beefy::{Commitment, Payload, SignedCommitment, ecdsa_crypto::Signature};
use weft_chain::finality::{decode_justification, encode_justification};
use weft_relayer::{
    commitment::{CommitmentError, signers, threshold},
    leaf::leaf,
};

fn cases(name: &str) -> Vec<Value> {
    let path = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"))
        .join("../../contracts/test/vectors")
        .join(name);
    let file: Value =
        serde_json::from_slice(&std::fs::read(path).expect("the vectors are there")).expect("JSON");
    file["cases"].as_array().expect("cases").clone()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(
        value
            .as_str()
            .and_then(|text| text.strip_prefix("0x"))
            .expect("0x and hexadecimal"),
    )
    .expect("hex")
}

fn number<T: std::str::FromStr>(value: &Value) -> T {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .expect("a decimal string")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// The commitment of a case with its signatures in their places.
fn signed(case: &Value) -> SignedCommitment<u32, Signature> {
    let commitment = Commitment::<u32>::decode_all(&mut &bytes(&case["encoded"])[..]).expect("SCALE");
    let bitfield: U256 = number(&case["bitfield"]);
    let mut given = list(&case["signatures"]).iter();
    let signatures = (0..list(&case["validators"]).len())
        .map(|index| {
            bitfield
                .bit(index)
                .then(|| given.next().expect("a signature for each bit"))
        })
        .map(|signature| signature.map(|it| Signature::decode_all(&mut &bytes(it)[..]).expect("65 bytes")))
        .collect();
    SignedCommitment {
        commitment,
        signatures,
    }
}

#[test]
fn leaves_are_read_as_the_contract_reads_them() {
    for case in cases("leaf.json") {
        let (read, value) = (leaf(&bytes(&case["encoded"])).expect("a leaf"), &case["value"]);
        assert_eq!(read.version, number::<u8>(&value["version"]));
        assert_eq!(read.parentNumber, number::<u32>(&value["parentNumber"]));
        assert_eq!(read.parentHash.to_vec(), bytes(&value["parentHash"]));
        assert_eq!(read.outbox.to_vec(), bytes(&value["outbox"]));
        assert_eq!(read.time, number::<u64>(&value["time"]));
        let (set, wanted) = (read.nextAuthoritySet, &value["nextAuthoritySet"]);
        assert_eq!(
            (set.id, set.length),
            (number(&wanted["id"]), number(&wanted["length"]))
        );
        assert_eq!(set.root.to_vec(), bytes(&wanted["root"]));
    }
}

#[test]
fn truncated_and_longer_leaves_are_refused() {
    let encoded = bytes(&cases("leaf.json")[0]["encoded"]);
    for length in 0..encoded.len() {
        assert!(leaf(&encoded[..length]).is_err(), "{length} bytes");
    }
    assert!(leaf(&[encoded, vec![0]].concat()).is_err());
}

#[test]
fn signatures_and_bitfield_are_those_of_the_contract() {
    for case in cases("commitment.json") {
        let signed = signed(&case);
        let members: Vec<_> = list(&case["validators"])
            .iter()
            .map(|it| alloy_primitives::Address::from_slice(&bytes(it)))
            .collect();
        let made = signers(&signed.signatures, members.clone()).expect("enough signatures");
        assert_eq!(made.validators, members);
        let wanted = list(&case["signatures"]);
        let required = threshold(members.len());
        assert_eq!(made.signatures.len(), required, "no more than necessary");
        for (signature, wanted) in made.signatures.iter().zip(wanted) {
            let made = [signature.r.as_slice(), signature.s.as_slice(), &[signature.v]].concat();
            assert_eq!(made, bytes(wanted));
        }
        if wanted.len() == required {
            assert_eq!(made.bitfield, number::<U256>(&case["bitfield"]));
        }
    }
}

#[test]
fn justifications_survive_their_encoding_and_no_other_length_is_one() {
    for case in cases("commitment.json") {
        let signed = signed(&case);
        let encoded = encode_justification(signed.clone());
        assert_eq!(decode_justification(&encoded).expect("a justification"), signed);
        for length in 0..encoded.len() {
            assert!(
                decode_justification(&encoded[..length]).is_err(),
                "{length} bytes"
            );
        }
        assert!(decode_justification(&[encoded, vec![0]].concat()).is_err());
    }
}

#[test]
fn the_payload_keeps_its_bytes() {
    let case = cases("commitment.json").into_iter().last().expect("a case");
    let commitment = Commitment::<u32>::decode_all(&mut &bytes(&case["encoded"])[..]).expect("SCALE");
    let items = Vec::<([u8; 2], Vec<u8>)>::decode_all(&mut &commitment.payload.encode()[..]).expect("items");
    let wanted: Vec<_> = list(&case["value"]["payload"])
        .iter()
        .map(|item| (bytes(&item["id"]), bytes(&item["data"])))
        .collect();
    let items: Vec<_> = items.into_iter().map(|(id, data)| (id.to_vec(), data)).collect();
    assert_eq!(items, wanted);
    assert_ne!(commitment.payload, Payload::from_single_entry(*b"mh", vec![]));
}

#[test]
fn too_few_signatures_are_not_relayed() {
    let case = cases("commitment.json").remove(1);
    let mut signed = signed(&case);
    let members = vec![alloy_primitives::Address::ZERO; signed.signatures.len()];
    let first = signed
        .signatures
        .iter_mut()
        .find(|it| it.is_some())
        .expect("a signature");
    *first = None;
    assert_eq!(
        signers(&signed.signatures, members),
        Err(CommitmentError::NotEnoughSignatures {
            given: 2,
            required: 3
        })
    );
}

#[test]
fn places_for_signatures_must_be_as_many_as_validators() {
    let signed = signed(&cases("commitment.json")[1]);
    let members = vec![alloy_primitives::Address::ZERO; 3];
    assert_eq!(
        signers(&signed.signatures, members),
        Err(CommitmentError::WrongLength {
            places: 4,
            validators: 3
        })
    );
    assert_eq!(
        signers(&[], vec![alloy_primitives::Address::ZERO; 257]),
        Err(CommitmentError::TooManyValidators(257))
    );
}

#[test]
fn the_threshold_is_all_but_a_third() {
    let expected = [
        (1, 1),
        (2, 2),
        (3, 3),
        (4, 3),
        (7, 5),
        (21, 15),
        (31, 21),
        (100, 67),
    ];
    for (validators, required) in expected {
        assert_eq!(threshold(validators), required, "of {validators}");
    }
}
