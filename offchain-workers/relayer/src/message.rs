//! Messages, as the gateway takes them, and the gas that they need.

use alloy_primitives::B256;
use alloy_sol_types::SolValue;
use weft_chain::{BlockNumber, Chain, finality::ResultProof};
use weft_ethereum::gateway::abi;
use weft_primitives::H256;

use crate::{
    RelayError,
    leaf::{self, bytes32},
};

/// The message that a proof is for.
///
/// # Errors
/// When its bytes are no message.
pub fn message(proof: &ResultProof) -> Result<abi::Message, RelayError> {
    abi::Message::abi_decode(&proof.message).map_err(|_| RelayError::Message(proof.nonce))
}

/// The call that delivers a result under the root of block `known`, which is `head` or an ancestor of it. `account` on Weft is named as who brings it.
///
/// # Errors
/// When the node does not answer, or what it says cannot be read.
pub async fn delivery(
    chain: &Chain,
    proof: &ResultProof,
    known: BlockNumber,
    head: H256,
    account: B256,
) -> Result<abi::deliverCall, RelayError> {
    let leaves = chain.mmr_proof(&[proof.mmr_block], known, head).await?;
    let (leaf, leaf_proof) = leaf::arguments(&leaves)?;
    Ok(abi::deliverCall {
        message: message(proof)?,
        outboxProof: abi::TreeProof {
            leafIndex: proof.leaf_index,
            leafCount: proof.leaf_count,
            items: proof.items.iter().copied().map(bytes32).collect(),
        },
        leaf,
        leafProof: leaf_proof,
        mmrBlock: known,
        relayer: account,
    })
}

/// Gas for a commitment of `validators`. Measured: 73,698 for one, 1,520,782 for 256.
pub fn commitment_gas(validators: usize) -> u64 {
    100_000 + 8_000 * validators as u64
}

/// Gas for a delivery: what the destination gets, what the gateway keeps back, and its own work with room to spare.
pub fn delivery_gas(message: &abi::Message, proof_items: usize) -> u64 {
    let stipend = message.destination.gasLimit;
    let own = 200_000
        + 30_000 * message.sources.len() as u64
        + 60 * message.payload.len() as u64
        + 2_000 * proof_items as u64;
    stipend
        .saturating_add(stipend / 63 + 1)
        .saturating_add(40_000)
        .saturating_add(own)
}
