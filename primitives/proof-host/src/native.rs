//! The host's side: total on any bytes, and single-threaded, so that a weight measured on one machine holds on
//! another with fewer
//! cores free.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::LazyLock,
};

use codec::DecodeAll;
use weft_primitives::{
    Claim, MAX_IMAGE_BYTES, MAX_INPUT_BYTES, MAX_OUTPUT_BYTES, MAX_PROOF_BYTES, Outcome, ProofError,
};
use weft_zkwasm::{Image, VerifyError, VerifyingKey, verify_run};

/// Verification runs on this one thread; whatever it would spread over threads stays here too.
static VERIFIER: LazyLock<Option<rayon_core::ThreadPool>> = LazyLock::new(|| {
    let name = |_| "proof-verifier".into();
    rayon_core::ThreadPoolBuilder::new()
        .num_threads(1)
        .thread_name(name)
        .build()
        .ok()
});

/// The code of the verdict.
pub(crate) fn zkwasm_verify(key: &[u8], claim: &[u8], proof: &[u8]) -> u8 {
    match guarded(|| verify(key, claim, proof)) {
        Ok(()) => ProofError::VALID,
        Err(error) => error.code(),
    }
}

/// Runs `verify` on the verifier's thread. A panic is [`ProofError::Panicked`], and ends neither thread nor node.
fn guarded(verify: impl FnOnce() -> Result<(), ProofError> + Send) -> Result<(), ProofError> {
    let contained = || {
        // The node's panic hook ends the process, unless the thread asks to unwind.
        let _unwind = sp_panic_handler::AbortGuard::force_unwind();
        catch_unwind(AssertUnwindSafe(verify)).unwrap_or(Err(ProofError::Panicked))
    };
    match VERIFIER.as_ref() {
        Some(verifier) => verifier.install(contained),
        None => {
            // A node that verifies in another way than the others might judge otherwise, and leave the chain.
            eprintln!("the system gives no thread to verify proofs on: the node cannot go on");
            std::process::abort()
        }
    }
}

fn verify(key: &[u8], claim: &[u8], proof: &[u8]) -> Result<(), ProofError> {
    let claim = Claim::decode_all(&mut &claim[..]).map_err(|_| ProofError::MalformedClaim)?;
    let within = |bytes: &[u8], bound: u32| bytes.len() <= bound as usize;
    if !within(&claim.image, MAX_IMAGE_BYTES)
        || !within(&claim.input, MAX_INPUT_BYTES)
        || !within(&claim.output, MAX_OUTPUT_BYTES)
    {
        return Err(ProofError::MalformedClaim);
    }
    if !within(proof, MAX_PROOF_BYTES) {
        return Err(ProofError::MalformedProof);
    }
    zkwasm(key, &claim, proof)
}

/// The circuit crate's verifier, with its errors in the runtime's terms.
fn zkwasm(key: &[u8], claim: &Claim, proof: &[u8]) -> Result<(), ProofError> {
    let key = VerifyingKey::decode(key).ok_or(ProofError::MalformedKey)?;
    let claim = weft_zkwasm::Claim {
        statement: claim.statement.0,
        image: Image::decode(&claim.image).ok_or(ProofError::MalformedImage)?,
        input: &claim.input,
        output: &claim.output,
        trapped: claim.outcome == Outcome::Trapped,
        steps: claim.steps,
        advised: claim.advised,
    };
    verify_run(&key, &claim, proof).map_err(|error| match error {
        VerifyError::Claim(_) => ProofError::MalformedClaim,
        VerifyError::Steps => ProofError::TooManySteps,
        VerifyError::Header | VerifyError::Proof(weft_folding::VerifyError::Malformed(_)) => {
            ProofError::MalformedProof
        }
        VerifyError::Proof(_) => ProofError::Invalid,
    })
}

#[cfg(test)]
mod tests {
    use codec::Encode;
    use weft_folding::Setup;
    use weft_primitives::H256;
    use weft_zkwasm::SetupKind;

    use super::*;

    fn claim() -> Claim {
        Claim {
            statement: H256::zero(),
            image: vec![1],
            input: vec![],
            output: vec![],
            outcome: Outcome::Ok,
            steps: 1,
            advised: false,
        }
    }

    #[test]
    fn a_panic_of_the_verifier_is_a_verdict_and_the_thread_lives_on() {
        for _ in 0..3 {
            assert_eq!(guarded(|| panic!("hostile bytes")), Err(ProofError::Panicked));
            assert_eq!(guarded(|| Ok(())), Ok(()));
        }
    }

    #[test]
    fn verification_has_one_thread() {
        let threads = std::sync::Mutex::new(0);
        let count = || {
            *threads.lock().unwrap() = rayon_core::current_num_threads();
            Ok(())
        };
        guarded(count).unwrap();
        assert_eq!(*threads.lock().unwrap(), 1);
    }

    #[test]
    fn claims_out_of_bounds_and_bytes_that_are_no_claim_are_malformed() {
        let code = ProofError::MalformedClaim.code();
        assert_eq!(zkwasm_verify(&[], &[], &[]), code);
        assert_eq!(
            zkwasm_verify(&[], &[claim().encode(), vec![0]].concat(), &[]),
            code
        );
        let long = Claim {
            input: vec![0; MAX_INPUT_BYTES as usize + 1],
            ..claim()
        };
        assert_eq!(zkwasm_verify(&[], &long.encode(), &[]), code);
        let proof = vec![0; MAX_PROOF_BYTES as usize + 1];
        assert_eq!(
            zkwasm_verify(&[], &claim().encode(), &proof),
            ProofError::MalformedProof.code()
        );
    }

    #[test]
    fn the_development_key_is_that_of_the_circuit_and_the_development_setup() {
        let setup = Setup::development(0).unwrap();
        let key = VerifyingKey::new(&setup, SetupKind::Development).unwrap();
        assert_eq!(
            key.encode(),
            crate::DEVELOPMENT_KEY,
            "the circuit changed: write development.key anew (see circuits/zkwasm/examples/development_key.rs)"
        );
    }

    #[test]
    fn garbage_is_never_valid() {
        for length in 0..300 {
            assert_ne!(
                zkwasm_verify(&vec![7; length], &claim().encode(), &vec![9; length]),
                ProofError::VALID
            );
        }
    }
}
