//! Proofs reach the right proof system, and error codes keep their meaning.

use weft_primitives::{Claim, H256, Outcome, ProofError, ProofSystem, ProofSystems};

/// Accepts the one-byte proof `ID`.
struct Accepts<const ID: u16>;
impl<const N: u16> ProofSystem for Accepts<N> {
    const ID: u16 = N;
    fn verify(_: &[u8], _: &Claim, proof: &[u8]) -> Result<(), ProofError> {
        if proof == [N as u8] {
            Ok(())
        } else {
            Err(ProofError::Invalid)
        }
    }
    fn max_proof_bytes() -> u32 {
        2
    }
}
type Both = (Accepts<1>, Accepts<5>);

fn claim() -> Claim {
    Claim {
        statement: H256::zero(),
        image: vec![],
        input: vec![],
        output: vec![],
        outcome: Outcome::Ok,
        steps: 1,
        advised: false,
    }
}

#[test]
fn a_proof_goes_to_the_system_with_its_id() {
    let verify = |id, proof: &[u8]| <Both as ProofSystems>::verify(id, &[], &claim(), proof);
    assert_eq!(verify(1, &[1]), Some(Ok(())));
    assert_eq!(verify(5, &[5]), Some(Ok(())));
    assert_eq!(verify(5, &[1]), Some(Err(ProofError::Invalid)));
    assert_eq!(verify(2, &[2]), None);
    assert!(Both::contains(5) && !Both::contains(2));
}

#[test]
fn a_proof_longer_than_its_system_takes_is_refused_unread() {
    let verdict = <Both as ProofSystems>::verify(1, &[], &claim(), &[1, 1, 1]);
    assert_eq!(verdict, Some(Err(ProofError::MalformedProof)));
}

#[test]
fn every_error_code_comes_back_as_the_error_and_unknown_codes_are_never_valid() {
    assert_eq!(ProofError::from_code(ProofError::VALID), Ok(()));
    for code in 1..=255 {
        let error = ProofError::from_code(code).unwrap_err();
        assert!(error.code() == code || error == ProofError::Invalid);
    }
    for error in [
        ProofError::MalformedKey,
        ProofError::MalformedImage,
        ProofError::MalformedProof,
        ProofError::Invalid,
        ProofError::TooManySteps,
        ProofError::Panicked,
        ProofError::MalformedClaim,
    ] {
        assert_eq!(ProofError::from_code(error.code()), Err(error));
    }
}
