//! Removing what does not run.

use proptest::prelude::*;
use weft_cli::strip::strip;

/// A module whose only function `run` does nothing.
const EMPTY: &[u8] =
    b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x07\x07\x01\x03run\0\0\x0a\x04\x01\x02\0\x0b";
/// A section of names for it.
const NAMES: &[u8] = b"\0\x0d\x04name\x01\x06\x01\0\x03abc";

#[test]
fn custom_sections_go_and_nothing_else() {
    assert_eq!(strip(EMPTY).expect("a module"), EMPTY);
    let with_names = [EMPTY, NAMES].concat();
    assert_eq!(strip(&with_names).expect("a module"), EMPTY);
    let (head, rest) = EMPTY.split_at(8);
    assert_eq!(
        strip(&[head, NAMES, rest, NAMES].concat()).expect("a module"),
        EMPTY
    );
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0..EMPTY.len()) {
        let _ = strip(&bytes);
        let _ = strip(&[&EMPTY[..at], &bytes].concat());
    }
}
