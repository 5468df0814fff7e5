//! The host functions that verify proofs: native code in the node that the runtime calls.
//!
//! A host function's result depends on its arguments alone, on every node and at every height; the verifying
//! key is one of them. A
//! version is never removed or changed, because old blocks call it: a change is a new version
//! (`#[version(2)]`) beside the old.
//!
//! The node adds [`proof_verifier::HostFunctions`] to its executor; the runtime uses [`ZkWasm`].

#![cfg_attr(not(feature = "std"), no_std)]
#![allow(
    unsafe_code,
    reason = "the macro generates the imports of the runtime's WebAssembly"
)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod measured;
#[cfg(all(feature = "std", not(substrate_runtime)))]
mod native;

use codec::Encode;
use sp_runtime_interface::{pass_by::PassFatPointerAndRead, runtime_interface};
use weft_primitives::{Claim, MAX_PROOF_BYTES, ProofError, ProofSystem};

/// Verifies proofs.
#[runtime_interface]
pub trait ProofVerifier {
    /// Whether `proof` shows `claim` (SCALE of [`Claim`]) under the zkWASM key `key`: [`ProofError::VALID`],
    /// or the code of a
    /// [`ProofError`].
    fn zkwasm_verify(
        key: PassFatPointerAndRead<&[u8]>,
        claim: PassFatPointerAndRead<&[u8]>,
        proof: PassFatPointerAndRead<&[u8]>,
    ) -> u8 {
        native::zkwasm_verify(key, claim, proof)
    }
}

/// The zkWASM verifying key of the development setup: **anybody can forge proofs under it.** Only development
/// chains have it in their genesis.
pub const DEVELOPMENT_KEY: [u8; 99] = *include_bytes!("../development.key");

/// Whether this node's zkWASM verifier can use a verifying key: whether it is one, for this version of the circuit.
#[cfg(all(feature = "std", not(substrate_runtime)))]
pub fn reads_zkwasm_key(key: &[u8]) -> bool {
    weft_zkwasm::VerifyingKey::decode(key).is_some()
}

/// zkWASM, proof system 1: runs of integer WebAssembly, proved by flat Nova folding.
pub struct ZkWasm;

impl ProofSystem for ZkWasm {
    const ID: u16 = 1;

    fn verify(key: &[u8], claim: &Claim, proof: &[u8]) -> Result<(), ProofError> {
        ProofError::from_code(proof_verifier::zkwasm_verify(key, &claim.encode(), proof))
    }

    fn max_proof_bytes() -> u32 {
        MAX_PROOF_BYTES
    }
}
