//! Signers of messages, again and again, by the crate `k256`.

#![no_std]

use k256::{
    Scalar,
    ecdsa::{RecoveryId, Signature, VerifyingKey},
    elliptic_curve::PrimeField,
};
use weft_benchmark_programs::{put, rounds};

/// x of the generator: the point of the nonce 1.
const R: [u8; 32] = [
    0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac, 0x55, 0xa0, 0x62, 0x95, 0xce, 0x87, 0x0b, 0x07, 0x02, 0x9b,
    0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16, 0xf8, 0x17, 0x98,
];

#[unsafe(no_mangle)]
extern "C" fn run() {
    let mut hash = [7; 32];
    for _ in 0..rounds() {
        let s = Scalar::from(u64::from(hash[0]) + 0x1234_5678_9abc_def1).to_repr();
        let Ok(signature) = Signature::from_scalars(R, s) else { return };
        let id = RecoveryId::new(false, false);
        let Ok(key) = VerifyingKey::recover_from_prehash(&hash, &signature, id) else { return };
        let point = key.to_encoded_point(false);
        let Some(x) = point.x() else { return };
        hash.copy_from_slice(x);
    }
    put(u64::from_be_bytes(*hash.last_chunk().unwrap_or(&[0; 8])));
}
