//! From sources to a WebAssembly module that can be proved.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use weft_primitives::keccak256;
use weft_zkwasm::translate::translate;

use crate::{
    manifest_file::Language,
    project::{Project, write_file},
    strip::strip,
    toolchain,
};

/// A compiled program.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Where it was put.
    pub path: PathBuf,
    /// The module.
    pub wasm: Vec<u8>,
    /// Instructions of the proved machine that it is translated to.
    pub machine_instructions: usize,
}

/// Compiles a zkGraph, removes what does not run, checks that it can be proved, and writes it to `build/`.
///
/// # Errors
/// When there is no compiler, it fails, or the module uses something that cannot be proved.
pub fn compile(project: &Project) -> Result<Compiled> {
    let wasm = match project.file.language {
        Language::Rust => rust(project)?,
        Language::AssemblyScript => assemblyscript(project)?,
    };
    let wasm = strip(&wasm)?;
    let program = translate(&wasm).context("the compiled module cannot be proved")?;
    let path = project.wasm();
    write_file(&path, &wasm)?;
    Ok(Compiled {
        path,
        wasm,
        machine_instructions: program.code.len(),
    })
}

fn rust(project: &Project) -> Result<Vec<u8>> {
    let mut cargo = toolchain::cargo()?;
    if let Some(shared) = env::var_os("CARGO_TARGET_DIR") {
        // Cargo puts the modules of all packages of one name in one place, and does not notice that it holds another's.
        let digest = keccak256(project.root.as_os_str().as_encoded_bytes());
        let own = hex::encode(&digest.as_bytes()[..8]);
        cargo.env("CARGO_TARGET_DIR", Path::new(&shared).join("zkgraphs").join(own));
    }
    cargo
        .current_dir(&project.root)
        .args([
            "rustc",
            "--lib",
            "--crate-type",
            "cdylib",
            "--release",
            "--target",
            toolchain::TARGET,
        ])
        .args(["--message-format", "json-render-diagnostics"])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    let output = cargo
        .output()
        .with_context(|| format!("cannot start {cargo:?}"))?;
    if !output.status.success() {
        bail!("cargo failed ({}); its messages are above", output.status);
    }
    // The last module that cargo reports is that of the package itself: its dependencies come first.
    let path = output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).ok())
        .flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default())
        .filter_map(|path| path.as_str().map(PathBuf::from))
        .rfind(|path| path.extension().is_some_and(|extension| extension == "wasm"))
        .context("cargo made no WebAssembly module")?;
    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}

fn assemblyscript(project: &Project) -> Result<Vec<u8>> {
    let compiler = project
        .root
        .ancestors()
        .map(|folder| folder.join("node_modules/.bin/asc"))
        .find(|path| path.exists())
        .with_context(|| {
            let root = project.root.display();
            format!("the AssemblyScript compiler is not installed; run `npm install` in {root}")
        })?;
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let made = folder.path().join("program.wasm");
    let mut asc = Command::new(&compiler);
    asc.current_dir(&project.root)
        .args(["--config", "asconfig.json", "--outFile"])
        .arg(&made)
        .stdin(Stdio::null());
    // Standard output is for results.
    let output = asc
        .output()
        .with_context(|| format!("cannot start {}; is Node.js installed?", compiler.display()))?;
    if !output.status.success() {
        let (out, err) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        bail!("the AssemblyScript compiler failed:\n{out}{err}");
    }
    fs::read(&made).with_context(|| format!("cannot read {}", made.display()))
}
