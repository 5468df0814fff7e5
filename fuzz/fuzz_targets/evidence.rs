//! Evidence and ancestries from a stranger: no panic, and nothing is found for a block whose hash nobody knows the preimage of.
#![no_main]

use codec::Decode;
use libfuzzer_sys::fuzz_target;
use weft_ethereum_proofs::{anchor_of, decode_transaction, verify};
use weft_primitives::{
    H256, Query, SourceBlock,
    source::{Ancestry, Content},
};

fuzz_target!(|bytes: &[u8]| {
    let _ = decode_transaction(0, bytes);
    let input = &mut &bytes[..];
    if let Ok((query, mut block, content)) = <(Query, SourceBlock, Content)>::decode(input) {
        let unknown = H256::repeat_byte(0x5a);
        block.hash = unknown;
        assert!(verify(&block, &query, &content).is_err());
    }
    if let Ok(ancestry) = Ancestry::decode(&mut &bytes[..])
        && !ancestry.is_empty()
    {
        let _ = anchor_of(H256::zero(), &ancestry);
    }
});
