//! Statements and claims from a stranger: what decodes encodes to the same bytes, and has a digest.
#![no_main]

use codec::{DecodeAll, Encode};
use libfuzzer_sys::fuzz_target;
use weft_primitives::{Claim, Statement};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(statement) = Statement::decode_all(&mut &bytes[..]) {
        assert_eq!(statement.encode(), bytes);
        let _ = statement.digest();
    }
    let _ = Claim::decode_all(&mut &bytes[..]);
});
