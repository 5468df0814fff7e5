//! Programs as authors write them, compiled by the compilers that authors use.

use std::{path::Path, process::Command};

use weft_zkwasm::translate::{TrapKind, translate};

use crate::reference::{compare, prove_ready};

#[path = "../guests/rust/algorithms.rs"]
mod algorithms;

/// Compiles `tests/guests/rust` at an optimisation level.
fn rust_guest(level: &str) -> Vec<u8> {
    let source = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"))
        .join("tests/guests/rust/guest.rs");
    let module = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("guest-{level}.wasm"));
    let compiler = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let output = Command::new(compiler)
        .args([
            "--target",
            "wasm32v1-none",
            "--edition",
            "2024",
            "--crate-type",
            "cdylib",
        ])
        .args([
            "-C",
            "panic=abort",
            "-C",
            &format!("opt-level={level}"),
            "-C",
            "strip=debuginfo",
            "-o",
        ])
        .args([&module, &source])
        .output()
        .expect("rustc can be started");
    assert!(
        output.status.success(),
        "rustc could not build the guest; it needs the target wasm32v1-none, which `scripts/setup` installs:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    std::fs::read(&module).expect("rustc has written it")
}

#[test]
fn a_rust_guest_computes_what_it_computes_natively() {
    let words: Vec<u64> = (1..40_u64)
        .map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(i as u32))
        .collect();
    for level in ["0", "1", "3", "s", "z"] {
        let wasm = rust_guest(level);
        for count in [0, 1, 7, 8, 39] {
            let input: Vec<u8> = words[..count]
                .iter()
                .flat_map(|word| word.to_le_bytes())
                .collect();
            let mut expected = Vec::new();
            algorithms::answer(&mut words[..count].to_vec(), &mut |word| expected.push(word));
            let outcome = compare(&wasm, &input).expect("no limit is reached");
            assert_eq!(
                (outcome.output, outcome.trap),
                (expected, None),
                "opt-level {level}, {count} words"
            );
        }
        // More than it has room for: it panics.
        let outcome = compare(&wasm, &[0; 8 * 61]).expect("no limit is reached");
        assert_eq!(outcome.trap, Some(TrapKind::Unreachable), "opt-level {level}");
    }
}

#[test]
fn optimised_rust_takes_fewer_steps_than_it_has_webassembly_instructions() {
    let wasm = rust_guest("3");
    let (outcome, trace) = prove_ready(&wasm, &[7; 8 * 39]);
    assert_eq!(outcome.trap, None);
    let steps = trace.steps.len() as u64;
    println!(
        "{} bytes, {} machine instructions; {} WebAssembly instructions in {steps} steps",
        wasm.len(),
        translate(&wasm).expect("it is supported").code.len(),
        trace.completed
    );
    assert!(
        steps < trace.completed,
        "{steps} steps for {} instructions",
        trace.completed
    );
}

/// Compiles `tests/guests/assemblyscript` with these options.
fn assemblyscript_guest(options: &[&str]) -> Vec<u8> {
    let folder = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"))
        .join("tests/guests/assemblyscript");
    let compiler = folder.join("node_modules/assemblyscript/bin/asc.js");
    assert!(
        compiler.exists(),
        "the AssemblyScript compiler is missing; run `npm ci` in {}",
        folder.display()
    );
    let module = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("guest{}.wasm", options.concat()));
    let output = Command::new("node")
        .arg(&compiler)
        .arg(folder.join("guest.ts"))
        // The translator supports no bulk memory, and a guest has no host to report an abort to: it traps.
        .args(["--disable", "bulk-memory", "--use", "abort="])
        .args(options)
        .arg("-o")
        .arg(&module)
        .output()
        .expect("node can be started");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    std::fs::read(&module).expect("the compiler has written it")
}

#[test]
fn an_assemblyscript_guest_agrees_with_the_interpreter() {
    let words = [5_i64, -3, i64::MAX, 0, 12345, -7, i64::MIN, 5, 8, 99].map(|word| word as u64);
    let input: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let mut sorted = words.map(|word| word as i64);
    sorted.sort_unstable();
    for options in [
        ["--runtime", "stub", "-O3"],
        ["--runtime", "incremental", "-O0"],
        ["--runtime", "minimal", "-Oz"],
    ] {
        let outcome = compare(&assemblyscript_guest(&options), &input).expect("no limit is reached");
        assert_eq!(outcome.trap, None, "{options:?}");
        assert_eq!(
            outcome.output[..10],
            sorted.map(|word| word as u64),
            "{options:?}"
        );
        assert_eq!(outcome.output[10..23].iter().sum::<u64>(), 10, "{options:?}");
    }
}
