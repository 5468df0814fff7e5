//! WebAssembly from a stranger: translated or refused, and what is translated is well-formed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use weft_zkwasm::{machine::execute, translate::translate};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(program) = translate(bytes) {
        program.check().expect("translation makes well-formed programs");
        let _ = execute(&program, bytes, 10_000);
    }
});
