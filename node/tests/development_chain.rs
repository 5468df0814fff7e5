//! A development node, started as a user starts it, does all that a relayer to Ethereum depends on.

mod process;

use std::time::Duration;

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
