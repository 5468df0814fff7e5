//! Refuses to run on a chain whose proofs this node could not verify: it would call right proofs wrong, and leave the chain.

use sc_client_api::UsageProvider;
use sc_service::Error as ServiceError;
use sp_api::ProvideRuntimeApi;
use weft_primitives::{ProofSystem, keccak256};
use weft_proof_host::ZkWasm;
use weft_runtime_api::WeftApi;

use crate::service::Client;

/// Checks the verifying key that new runs are proved under, as of the best block.
pub(crate) fn check(client: &Client) -> Result<(), ServiceError> {
    let best = client.usage_info().chain.best_hash;
    let api = client.runtime_api();
    // A node that was stopped while it synchronised may have a best block without its state: it looks the next time.
    let Ok(Some(digest)) = api.current_key(best, ZkWasm::ID) else {
        return Ok(());
    };
    let Ok(Some(key)) = api.verifying_key(best, digest) else {
        return Ok(());
    };
    if keccak256(&key) == digest && weft_proof_host::reads_zkwasm_key(&key) {
        return Ok(());
    }
    Err(ServiceError::Other(format!(
        "this chain proves runs under the zkWASM key {digest:?}, which belongs to another version of the circuit than this node \
         verifies. Run the release of weft-node that the chain asks for; a development chain can be started anew with `weft-node \
         purge-chain`"
    )))
}
