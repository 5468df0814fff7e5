//! Headers, receipts and nodes of the receipts trie from a stranger: no panic, and nothing is found under a root that
//! nobody can know the preimage of.
#![no_main]

use libfuzzer_sys::fuzz_target;
use weft_ethereum_proofs::{Header, decode_receipt, item_at, items_root};
use weft_primitives::H256;

fuzz_target!(|input: (Vec<Vec<u8>>, u32)| {
    let (parts, index) = input;
    for part in &parts {
        let _ = Header::decode(part);
        let _ = decode_receipt(part);
    }
    let _ = items_root(&parts);
    assert!(item_at(H256::repeat_byte(0x5a), index, &parts).is_err());
});
