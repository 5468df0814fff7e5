//! Messages, as the gateway takes them, and the gas that they need.

use alloy_sol_types::SolValue;
use weft_chain::finality::ResultProof;
use weft_ethereum::gateway::abi;

use crate::RelayError;

/// The message that a proof is for.
///
/// # Errors
/// When its bytes are no message.
pub fn message(proof: &ResultProof) -> Result<abi::Message, RelayError> {
    abi::Message::abi_decode(&proof.message).map_err(|_| RelayError::Message(proof.nonce))
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
