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

/// The test vector of the Web3 secret storage definition (PBKDF2), whose password is `testpassword`.
const KEYSTORE: &str = r#"{"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},"ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2","kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},"mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}"#;

#[test]
fn a_keystore_needs_its_password_and_opens_with_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("the folder can be written to");
        path.display().to_string()
    };
    let keystore = file("keystore.json", KEYSTORE);
    let (right, wrong) = (file("right", "testpassword\n"), file("wrong", "guess\n"));
    let gateway = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
    let with = |more: &[&'static str], password: Option<&str>, reason: &str| {
        let mut arguments = vec!["relay", "--gateway", gateway, "--ethereum-key-file", &keystore];
        arguments.extend(more);
        if let Some(password) = password {
            arguments.extend(["--ethereum-password-file", password]);
        }
        fails(&arguments, &[], reason);
    };
    with(&[], None, "--ethereum-password-file");
    with(&[], Some(&wrong), "is the password right?");
    with(&[], Some("nowhere"), "cannot read the key file nowhere");
    // With the right one it goes on, to a node that is not there.
    let nowhere = ["--node", "ws://127.0.0.1:1", "--patience", "1"];
    with(&nowhere, Some(&right), "no Weft node answers");
}
