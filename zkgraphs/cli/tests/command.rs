//! The command itself: what it prints, and where an author gets with it.

mod support;

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;
use support::{compiled_examples, transfers, word, write_input, zkgraphs};

/// Runs `weft` in a folder, with keys kept where the other tests keep them.
fn weft(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weft"))
        .current_dir(folder)
        .env("WEFT_CACHE", env!("CARGO_TARGET_TMPDIR"))
        .env_remove("WEFT_SETUP")
        .args(arguments)
        .output()
        .expect("weft starts")
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = weft(folder, &[arguments, &["--json"]].concat());
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(
        output.status.success(),
        "{arguments:?}: {text} {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?} prints {text:?}: {error}"))
}

fn error(folder: &Path, arguments: &[&str]) -> String {
    let output = weft(folder, &[arguments, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    let value: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    value["error"].as_str().expect("an error").to_string()
}

#[test]
fn projects_of_one_name_that_share_a_target_folder_keep_their_own_modules() {
    let folder = tempfile::tempdir().expect("a folder");
    let projects = ["one", "two"].map(|place| {
        let place = folder.path().join(place);
        std::fs::create_dir(&place).expect("it can be made");
        json(&place, &["new", "counter"]);
        place.join("counter")
    });
    let source = projects[1].join("src/lib.rs");
    let text = std::fs::read_to_string(&source).expect("it is there");
    let other = text.replace("U256::from(1)", "U256::from(2)");
    assert_ne!(text, other, "the template counts by one");
    std::fs::write(&source, other).expect("it can be written");
    let compile = |project: &Path| {
        let made = Command::new(env!("CARGO_BIN_EXE_weft"))
            .current_dir(project)
            .env("CARGO_TARGET_DIR", folder.path().join("target"))
            .arg("compile")
            .output()
            .expect("weft starts");
        assert!(made.status.success(), "{made:?}");
        std::fs::read(project.join("build/counter.wasm")).expect("it is there")
    };
    let modules = projects.each_ref().map(|project| compile(project));
    assert_ne!(modules[0], modules[1]);
    assert_eq!(compile(&projects[0]), modules[0]);
}

#[test]
fn an_author_gets_from_nothing_to_a_verified_proof() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = json(folder.path(), &["new", "counter"]);
    assert_eq!(made["language"], "rust");
    let project = folder.path().join("counter");
    let compiled = json(&project, &["compile"]);
    assert!(
        compiled["bytes"]
            .as_u64()
            .is_some_and(|bytes| bytes > 100 && bytes < 10_000)
    );
    let executed = json(&project, &["exec", "--input", "input.json", "--profile"]);
    assert_eq!(executed["outcome"], "ok");
    assert_eq!(executed["payload"], format!("0x{:064x}", 1));
    let steps = |name: &str| {
        let costs = executed[name].as_array().expect("a list");
        costs
            .iter()
            .map(|cost| cost["steps"].as_u64().expect("a number"))
            .sum::<u64>()
    };
    assert_eq!(executed["steps"], steps("functions"));
    assert_eq!(executed["steps"], steps("operations"));
    let dry = json(&project, &["prove", "--input", "input.json", "--dry-run"]);
    assert!(
        !project.join("build/counter.proof.json").exists(),
        "nothing is proved"
    );
    let proved = json(&project, &["prove", "--input", "input.json"]);
    assert_eq!(proved["steps"], executed["steps"]);
    assert_eq!(proved["bytes"], dry["bytes"], "known before it is made");
    assert!(
        proved["warnings"][0]
            .as_str()
            .is_some_and(|warning| warning.contains("DEVELOPMENT KEYS"))
    );
    let verified = json(&project, &["verify", "--input", "input.json"]);
    assert_eq!(verified["valid"], true);
    assert_eq!(verified["payload"], executed["payload"]);
    let image = json(&project, &["image"]);
    assert_eq!(image["image"], verified["image"]);
    let digest = image["image"].as_str().expect("a digest");
    json(&project, &["image", "--expect", digest]);
    let other = digest.replace(&digest[2..6], "0000");
    assert!(error(&project, &["image", "--expect", &other]).contains("another program"));
}

#[test]
fn an_assemblyscript_project_compiles_once_its_packages_are_there() {
    let folder = tempfile::tempdir().expect("a folder");
    json(folder.path(), &["new", "counter", "--lang", "assemblyscript"]);
    let project = folder.path().join("counter");
    assert!(error(&project, &["compile"]).contains("npm install"));
    // What `npm install` would put there; `scripts/setup` did for the example.
    let packages = zkgraphs().join("examples/transfer-volume-assemblyscript/node_modules");
    std::os::unix::fs::symlink(&packages, project.join("node_modules")).expect("a link can be made");
    json(&project, &["compile"]);
    let executed = json(&project, &["exec", "--input", "input.json"]);
    assert_eq!(executed["payload"], format!("0x{:064x}", 1));
}

#[test]
fn the_key_has_the_same_digest_wherever_it_is_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = json(folder.path(), &["keys", "make"]);
    let shown = json(folder.path(), &["keys", "show"]);
    assert_eq!(made["digest"], shown["digest"]);
    assert_eq!(shown["kind"], "development");
    assert!(
        shown["warnings"][0]
            .as_str()
            .is_some_and(|warning| warning.contains("forge"))
    );
    // Development keys are recognised when they come as a file.
    let file = made["file"].as_str().expect("a path");
    let from_file = json(folder.path(), &["keys", "show", "--setup", file]);
    assert_eq!(
        (&from_file["digest"], &from_file["kind"]),
        (&shown["digest"], &shown["kind"])
    );
    assert!(error(folder.path(), &["keys", "show", "--setup", "missing.ptau"]).contains("cannot open"));
}

#[test]
fn damaged_development_keys_are_made_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = weft_cli::keys::KeySource::Development(folder.path().join("keys"));
    let digest = source.proving(17).expect("they are made").key.digest();
    let path = source.cached(17).expect("they are kept");
    let length = std::fs::metadata(&path).expect("it is there").len();
    std::fs::write(&path, b"ptau").expect("it can be written");
    assert_eq!(
        source.proving(17).expect("they are made again").key.digest(),
        digest
    );
    assert_eq!(std::fs::metadata(&path).expect("it is there").len(), length);
}

#[test]
fn a_trap_is_told_and_proved() {
    let folder = tempfile::tempdir().expect("a folder");
    let wasm = folder.path().join("program.wasm");
    let [(_, rust), _] = compiled_examples();
    std::fs::write(&wasm, rust).expect("it can be written");
    write_input(folder.path(), &transfers(&[1; 31], 1));
    let arguments = ["--wasm", "program.wasm", "--input", "input.bin"];
    let executed = json(folder.path(), &[&["exec"][..], &arguments].concat());
    assert_eq!(executed["outcome"], "trapped");
    assert!(
        executed["reason"]
            .as_str()
            .is_some_and(|reason| reason.contains("unreachable"))
    );
    assert_eq!(
        json(folder.path(), &[&["prove"][..], &arguments].concat())["outcome"],
        "trapped"
    );
    assert_eq!(
        json(folder.path(), &[&["verify"][..], &arguments].concat())["outcome"],
        "trapped"
    );
}

#[test]
fn people_get_lines_and_tips() {
    let folder = tempfile::tempdir().expect("a folder");
    write_input(folder.path(), &transfers(&word([0; 4]), 1));
    let [(_, rust), _] = compiled_examples();
    std::fs::write(folder.path().join("p.wasm"), rust).expect("it can be written");
    let output = weft(
        folder.path(),
        &["exec", "--wasm", "p.wasm", "--input", "input.bin"],
    );
    assert!(output.status.success());
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(out.contains("Machine steps") && !out.contains('{'));
    assert!(err.contains("Next:") && err.contains("weft prove"));
}

#[test]
fn mistakes_say_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    std::fs::write(here.join("text.wasm"), b"text").expect("it can be written");
    write_input(here, &transfers(&[], 1));
    assert!(error(here, &["compile"]).contains("weft new NAME"));
    assert!(error(here, &["new", "Bad Name"]).contains("small letter"));
    assert!(
        error(here, &["exec", "--wasm", "text.wasm", "--input", "input.bin"])
            .contains("no WebAssembly module")
    );
    assert!(error(here, &["exec", "--wasm", "none.wasm", "--input", "input.bin"]).contains("none.wasm"));
    json(here, &["new", "twice"]);
    assert!(error(here, &["new", "twice"]).contains("there already"));
    assert!(error(&here.join("twice"), &["exec", "--input", "input.json"]).contains("weft compile"));
    assert_eq!(
        weft(here, &["keys", "make", "--size", "30"]).status.code(),
        Some(2)
    );
}

#[test]
fn a_benchmark_prints_every_figure() {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = ["bench", "zkwasm", "--program", "fib", "--instructions", "2000"];
    let figures = json(folder.path(), &arguments);
    for name in [
        "instructions_per_second",
        "constraints_per_instruction",
        "peak_memory_bytes",
        "proof_bytes",
        "compress_seconds",
        "verify_ms",
        "verify_batched_ms",
    ] {
        assert!(
            figures[name].as_f64().is_some_and(|figure| figure > 0.0),
            "{name}"
        );
    }
    let unknown = error(folder.path(), &["bench", "zkwasm", "--program", "chess"]);
    assert!(unknown.contains("fib, sha256, index, sort, matrix"), "{unknown}");
}

#[test]
fn two_processes_prove_a_run_and_one_that_fails_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let wasm = folder.path().join("program.wasm");
    let [(_, rust), _] = compiled_examples();
    std::fs::write(&wasm, rust).expect("it can be written");
    // Enough events for chunks that both have something to fold.
    write_input(folder.path(), &transfers(&word([0; 4]), 40));
    let arguments = ["--wasm", "program.wasm", "--input", "input.bin"];
    let proved = json(
        folder.path(),
        &[&["prove", "--processes", "2"][..], &arguments].concat(),
    );
    assert_eq!(proved["outcome"], "ok");
    let verified = json(folder.path(), &[&["verify"][..], &arguments].concat());
    assert_eq!(verified["valid"], true);
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .expect("it is there")
        .map(|entry| entry.expect("it is readable").file_name())
        .filter(|name| name.to_string_lossy().contains("journal"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    let refused = error(
        folder.path(),
        &[&["prove", "--processes", "65"][..], &arguments].concat(),
    );
    assert!(refused.contains("from 1 to 64"), "{refused}");
}

#[test]
fn what_a_precompile_computes_is_what_instructions_compute() {
    use weft_cli::bench::PRECOMPILES;
    // Poseidon's benchmark has other constants than circomlib's, which cost the same.
    for comparison in PRECOMPILES
        .into_iter()
        .filter(|one| one.instructions.name != "poseidon")
    {
        // A signer takes four million steps.
        let rounds: u64 = if comparison.instructions.name == "recover" {
            1
        } else {
            3
        };
        let outputs = [comparison.instructions, comparison.precompile].map(|program| {
            let translated = weft_zkwasm::translate::translate(program.wasm).expect("it is supported");
            let trace = weft_zkwasm::machine::execute(&translated, &rounds.to_le_bytes(), 1 << 23);
            trace.expect("it ends").output[0]
        });
        assert_eq!(outputs[0], outputs[1], "{}", comparison.work);
    }
}
