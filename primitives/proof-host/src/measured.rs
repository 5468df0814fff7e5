//! Runs with real proofs, made while `weft-node benchmark` measures what verifying them costs.
//!
//! The measured program writes a given output and then counts down, so that its proof is as long as asked for.

#[cfg(all(feature = "std", not(substrate_runtime)))]
mod native;

use alloc::vec::Vec;
use codec::{Decode, Encode};
use sp_runtime_interface::{
    pass_by::{AllocateAndReturnByCodec, PassFatPointerAndRead},
    runtime_interface,
};

/// A program whose runs can be proved, and the key that they are proved under.
#[derive(Clone, Debug, Encode, Decode)]
pub struct MeasuredProgram {
    /// Wire form of its image.
    pub image: Vec<u8>,
    /// Wire form of the verifying key.
    pub key: Vec<u8>,
    /// Steps of its run.
    pub steps: u64,
}

/// Makes programs and proofs of their runs.
#[runtime_interface]
pub trait ProofMaker {
    /// A program that puts out `output` and whose proofs have as many bytes as possible, and at most `proof_bytes`. `None`
    /// if the shortest proof is longer.
    fn program(
        output: PassFatPointerAndRead<&[u8]>,
        proof_bytes: u32,
    ) -> AllocateAndReturnByCodec<Option<MeasuredProgram>> {
        native::program(output, proof_bytes)
    }

    /// The proof of `claim` (SCALE of [`weft_primitives::Claim`]) about a run of that program. Empty if the run is
    /// another.
    fn prove(claim: PassFatPointerAndRead<&[u8]>, proof_bytes: u32) -> AllocateAndReturnByCodec<Vec<u8>> {
        native::prove(claim, proof_bytes).unwrap_or_default()
    }
}
