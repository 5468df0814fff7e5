//! A development node, started as a user starts it, does all that a relayer to Ethereum depends on.

mod process;

use std::{process::Command, time::Duration};

use process::NodeProcess;
use serde_json::{Value, json};

/// How long the chain may take to get to a block: generous, because other work may keep the machine busy.
const LIMIT: Duration = Duration::from_secs(180);
/// The block that the test proves.
const PROVED_BLOCK: u64 = 2;

#[test]
fn a_development_chain_finalizes_signs_and_proves_its_blocks() {
    let node = NodeProcess::development();

    node.wait_for("finalized block", LIMIT, |node| {
        let hash = node
            .call("chain_getFinalizedHead", json!([]))
            .expect("there is a finalized block");
        (node.block_number(&hash) > PROVED_BLOCK).then_some(())
    });

    // BEEFY's validators signed a block after the one to prove. Until the first, the method answers with an error.
    let signed = node.wait_for("block signed by BEEFY", LIMIT, |node| {
        let hash = node.call("beefy_getFinalizedHead", json!([])).ok()?;
        (node.block_number(&hash) > PROVED_BLOCK).then_some(hash)
    });

    // The MMR of that block proves an earlier one, to somebody who knows the root alone.
    let root = node.call("mmr_root", json!([signed])).expect("there is a root");
    let proof = node
        .call(
            "mmr_generateProof",
            json!([[PROVED_BLOCK], node.block_number(&signed)]),
        )
        .expect("the leaf is kept");
    assert_eq!(
        node.call("mmr_verifyProofStateless", json!([root, proof])),
        Ok(Value::Bool(true))
    );

    // And only to that root.
    let other_root = format!("0x{}", "11".repeat(32));
    assert!(
        node.call("mmr_verifyProofStateless", json!([other_root, proof]))
            .is_err()
    );
}

#[test]
fn transactions_of_the_development_chain_are_described_by_its_metadata() {
    let node = NodeProcess::development();
    let version = node
        .call("state_getRuntimeVersion", json!([]))
        .expect("there is a version");
    assert_eq!(version["specName"], "weft");
    let metadata = node
        .call("state_getMetadata", json!([]))
        .expect("there is metadata");
    // SCALE: the magic number "meta".
    assert!(
        metadata
            .as_str()
            .is_some_and(|bytes| bytes.starts_with("0x6d657461"))
    );
}

#[test]
fn a_chain_with_the_verifying_key_of_another_circuit_is_refused_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let node = || Command::new(env!("CARGO_BIN_EXE_weft-node"));
    let exported = node()
        .args(["export-chain-spec", "--chain", "dev"])
        .output()
        .expect("the node starts");
    let mut spec: Value = serde_json::from_slice(&exported.stdout).expect("a chain specification");
    // Byte 3 of the key is in the circuit's digest.
    let byte = &mut spec["genesis"]["runtimeGenesis"]["patch"]["proofSettlement"]["keys"][0][1][3];
    *byte = (byte.as_u64().expect("a byte") ^ 1).into();
    let path = folder.path().join("other.json");
    std::fs::write(&path, spec.to_string()).expect("the folder can be written");
    let refused = node()
        .args([
            "--alice",
            "--unsafe-force-node-key-generation",
            "--port=0",
            "--rpc-port=0",
            "--no-prometheus",
            "--no-mdns",
        ])
        .args([
            "--chain".as_ref(),
            path.as_os_str(),
            "--base-path".as_ref(),
            folder.path().as_os_str(),
        ])
        .output()
        .expect("the node starts");
    assert!(!refused.status.success());
    let message = String::from_utf8_lossy(&refused.stderr);
    assert!(message.contains("another version of the circuit"), "{message}");
    assert!(message.contains("purge-chain"), "{message}");
}
