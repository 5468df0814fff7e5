//! Manifests from a stranger: what decodes encodes to the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use codec::Encode;
use weft_primitives::Manifest;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(manifest) = Manifest::from_bytes(bytes) {
        assert_eq!(manifest.encode(), bytes);
    }
});
