//! What the program says when it cannot start.

use std::process::{Command, Output};

/// Runs the program with these arguments and none of its environment variables but those given.
fn worker(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weft-worker"));
    command
        .env_clear()
        .envs(variables.iter().copied())
        .args(arguments);
    command.output().expect("the program runs")
}

/// Asserts that the program fails and says `reason`.
fn fails(arguments: &[&str], variables: &[(&str, &str)], reason: &str) {
    let output = worker(arguments, variables);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{arguments:?} succeeded");
    assert!(said.contains(reason), "{arguments:?} said: {said}");
}

#[test]
fn an_account_must_be_given() {
    fails(&["compute"], &[], "--key");
}

#[test]
fn a_missing_key_file_is_named() {
    fails(
        &["compute", "--key", "nowhere.key"],
        &[],
        "cannot read the key file nowhere.key",
    );
}

#[test]
fn an_ethereum_node_is_only_spoken_to_over_http() {
    let arguments = ["compute", "--key", "//Bob", "--ethereum", "ftp://127.0.0.1:1"];
    fails(&arguments, &[], "not an http:// address of an Ethereum node");
}

#[test]
fn a_missing_weft_node_is_named_after_some_patience() {
    let arguments = [
        "compute",
        "--key",
        "//Bob",
        "--node",
        "ws://127.0.0.1:1",
        "--patience",
        "1",
    ];
    fails(
        &arguments,
        &[],
        "no Weft node answers at ws://127.0.0.1:1 within 1 s",
    );
}

#[test]
fn a_gateway_must_be_an_address() {
    fails(
        &["relay", "--gateway", "0x12"],
        &[],
        "0x12 is not an address of Ethereum",
    );
}

#[test]
fn a_relayer_needs_a_key_and_never_shows_it() {
    let gateway = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
    fails(&["relay", "--gateway", gateway], &[], "WEFT_ETHEREUM_KEY");
    let output = worker(&["relay", "--help"], &[("WEFT_ETHEREUM_KEY", "0xsecret")]);
    assert!(!String::from_utf8_lossy(&output.stdout).contains("0xsecret"));
}

#[test]
fn a_log_in_json_is_one_object_a_line() {
    let output = worker(&["--json", "relay", "--gateway", "0x12"], &[]);
    let said = String::from_utf8_lossy(&output.stderr);
    let line: serde_json::Value = serde_json::from_str(said.trim()).expect("JSON");
    assert_eq!(line["level"], "ERROR");
    assert_eq!(line["message"], "0x12 is not an address of Ethereum");
}
