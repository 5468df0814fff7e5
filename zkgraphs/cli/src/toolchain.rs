//! The Rust toolchain that can compile for WebAssembly.

use std::{
    env,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Result, bail};

/// The target: WebAssembly 1.0 without an operating system.
pub const TARGET: &str = "wasm32v1-none";

/// The toolchain that `scripts/setup` of Weft makes where rustup's server cannot be reached.
const LINKED: &str = "weft-wasm";

/// A `cargo` that compiles for [`TARGET`]: the toolchain that `WASM_BUILD_TOOLCHAIN` names, the usual one, or
/// `weft-wasm`.
///
/// # Errors
/// When none has the target.
pub fn cargo() -> Result<Command> {
    if let Ok(name) = env::var("WASM_BUILD_TOOLCHAIN") {
        return Ok(cargo_of(Some(&name)));
    }
    if has_target(None) {
        return Ok(cargo_of(None));
    }
    if has_target(Some(LINKED)) {
        return Ok(cargo_of(Some(LINKED)));
    }
    bail!(
        "no Rust toolchain with the target {TARGET}: run `rustup target add {TARGET}`, or `scripts/setup` in a checkout \
         of Weft, or name a toolchain that has it in WASM_BUILD_TOOLCHAIN"
    )
}

fn cargo_of(toolchain: Option<&str>) -> Command {
    let mut command = rust("cargo", toolchain);
    // What a build around this one was told is not meant for the program, and would change its bytes.
    for name in [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_BUILD_TARGET",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
    ] {
        command.env_remove(name);
    }
    command
}

fn rust(program: &str, toolchain: Option<&str>) -> Command {
    match toolchain {
        Some(name) => {
            let mut command = Command::new("rustup");
            command.args(["run", name, program]);
            // Of the toolchain that this program was started by.
            command.env_remove("RUSTC");
            command
        }
        None => Command::new(program),
    }
}

fn has_target(toolchain: Option<&str>) -> bool {
    let output = rust("rustc", toolchain)
        .args(["--print", "sysroot"])
        .stderr(Stdio::null())
        .output();
    let Ok(output) = output else { return false };
    let sysroot = String::from_utf8_lossy(&output.stdout);
    let libraries = Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(TARGET)
        .join("lib");
    output.status.success()
        && libraries.read_dir().is_ok_and(|mut files| {
            files
                .any(|file| file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libcore-")))
        })
}
