//! Proofs, keys and images from a stranger: refused, without a panic.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use weft_folding::Setup;
use weft_zkwasm::{Claim, Image, SetupKind, VerifyingKey, program::{Instruction, Program, flag}, verify_run};

static KEY: LazyLock<(VerifyingKey, Image)> = LazyLock::new(|| {
    let setup = Setup::development(8).expect("the points are valid");
    let halt = |target| Instruction { flags: flag::HALT, target, ..Instruction::default() };
    let program = Program { code: vec![halt(0), halt(1)], completes: vec![1, 1], ..Program::default() };
    let image = Image::new(&setup, &program).expect("the program fits");
    (VerifyingKey::new(&setup, SetupKind::Development).expect("the setup is valid"), image)
});

fuzz_target!(|bytes: &[u8]| {
    let (key, image) = &*KEY;
    let claim =
        Claim { statement: [0; 32], image: *image, input: &[], output: &[], trapped: bytes.len() % 2 == 1, advised: bytes.len() % 4 > 1, steps: 1 };
    assert!(verify_run(key, &claim, bytes).is_err());
    let _ = VerifyingKey::decode(bytes);
    let _ = Image::decode(bytes);
});
