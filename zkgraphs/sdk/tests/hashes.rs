//! Hashes agree with libraries, however their bytes come in pieces.

use proptest::prelude::*;
use sha2::Digest;
use weft_zkgraph::{Bytes32, Keccak256, Sha256, U256, keccak256, poseidon, sha256};

fn bytes(digest: Bytes32) -> Vec<u8> {
    digest.words().into_iter().flat_map(u64::to_le_bytes).collect()
}

#[test]
fn every_length_around_a_block_hashes_as_it_should() {
    let message: Vec<u8> = (0..300u32).map(|i| (i * 7 + 3) as u8).collect();
    for length in 0..message.len() {
        let message = &message[..length];
        assert_eq!(
            bytes(keccak256(message)),
            weft_primitives::keccak256(message).0,
            "{length}"
        );
        assert_eq!(
            bytes(sha256(message)),
            sha2::Sha256::digest(message).to_vec(),
            "{length}"
        );
    }
}

#[test]
fn poseidon_of_1_and_2_is_circomlibs() {
    // What circomlibjs gives for poseidon([1, 2]).
    let found = poseidon(U256::from(1), U256::from(2));
    assert_eq!(
        bytes(Bytes32::from(found)),
        hex_literal::hex!("115cc0f5e7d690413df64c6b9662e9cf2a3617f2743245519e19607a4417189a")
    );
}

proptest! {
    #[test]
    fn pieces_hash_as_the_whole(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..6)) {
        let whole = pieces.concat();
        let (mut keccak, mut sha) = (Keccak256::new(), Sha256::new());
        for piece in &pieces {
            keccak.bytes(piece);
            sha.bytes(piece);
        }
        prop_assert_eq!(keccak.finish(), keccak256(&whole));
        prop_assert_eq!(sha.finish(), sha256(&whole));
    }
}
