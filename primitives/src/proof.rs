//! The seam between the chain and the proof systems.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::H256;
use scale_info::TypeInfo;

/// How a run ended. The discriminants are those of the encoding.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
#[repr(u8)]
pub enum Outcome {
    /// The program returned.
    #[codec(index = 0)]
    Ok = 0,
    /// The program trapped: an unreachable instruction, a division by zero, an access out of bounds.
    #[codec(index = 1)]
    Trapped = 1,
}

/// What a proof must show. The chain makes it from the statement and from the data it has checked; nothing
/// here is taken from the
/// proof.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Claim {
    /// Digest of the statement. It enters the proof's transcript first, and so ties the proof to this statement.
    pub statement: H256,
    /// The program commitment, at most [`crate::MAX_IMAGE_BYTES`]. Its keccak256 is the statement's image.
    pub image: Vec<u8>,
    /// The input of the run ([`crate::input`]), at most [`crate::MAX_INPUT_BYTES`].
    pub input: Vec<u8>,
    /// The output stream of the run ([`crate::output`]), a multiple of 8 bytes, at most
    /// [`crate::MAX_OUTPUT_BYTES`]. Empty for a
    /// trapped run: what it wrote before it trapped is no part of the claim.
    pub output: Vec<u8>,
    /// How the run ended.
    pub outcome: Outcome,
    /// Executed instructions.
    pub steps: u64,
    /// Whether the program may read advice, words that its prover chose. Without it they are zeros.
    pub advised: bool,
}

/// Why a proof was not accepted. The codes cross the boundary between runtime and node and never change.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    thiserror::Error,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    MaxEncodedLen,
)]
#[repr(u8)]
pub enum ProofError {
    /// The key's bytes are not a verifying key of this proof system.
    #[error("the verifying key cannot be read")]
    #[codec(index = 1)]
    MalformedKey = 1,
    /// The image's bytes are not a program commitment of this proof system.
    #[error("the program commitment cannot be read")]
    #[codec(index = 2)]
    MalformedImage = 2,
    /// The proof's bytes have another length or encoding than a proof under this key has.
    #[error("the proof cannot be read")]
    #[codec(index = 3)]
    MalformedProof = 3,
    /// The proof can be read, and does not show the claim.
    #[error("the proof does not show the claim")]
    #[codec(index = 4)]
    Invalid = 4,
    /// The claim has more steps than the proof system takes.
    #[error("the claim has more steps than the proof system takes")]
    #[codec(index = 5)]
    TooManySteps = 5,
    /// The verifier panicked, which only hostile bytes can bring about.
    #[error("the verifier panicked")]
    #[codec(index = 6)]
    Panicked = 6,
    /// The claim breaks a bound of [`Claim`], or cannot be decoded.
    #[error("the claim is out of bounds")]
    #[codec(index = 7)]
    MalformedClaim = 7,
}

impl ProofError {
    /// The code that stands for a valid proof.
    pub const VALID: u8 = 0;

    /// The code of this error: 1 and up.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The result that a code stands for. A code that this crate does not know is [`ProofError::Invalid`]:
    /// never valid.
    pub const fn from_code(code: u8) -> Result<(), Self> {
        Err(match code {
            Self::VALID => return Ok(()),
            1 => Self::MalformedKey,
            2 => Self::MalformedImage,
            3 => Self::MalformedProof,
            5 => Self::TooManySteps,
            6 => Self::Panicked,
            7 => Self::MalformedClaim,
            _ => Self::Invalid,
        })
    }
}

/// A way to prove claims. An implementation is a verifier: total on any bytes, and a function of its arguments
/// alone, on every
/// node and at every height.
pub trait ProofSystem {
    /// The number that statements name it by. Never used again for another.
    const ID: u16;

    /// Whether `proof` shows `claim` under the verifying key `key`.
    fn verify(key: &[u8], claim: &Claim, proof: &[u8]) -> Result<(), ProofError>;

    /// Most bytes that a proof has; longer ones are refused unread.
    fn max_proof_bytes() -> u32;
}

/// The proof systems of a runtime: a tuple of [`ProofSystem`].
pub trait ProofSystems {
    /// Whether there is a proof system with this id.
    fn contains(id: u16) -> bool;

    /// [`ProofSystem::verify`] of the proof system `id`; `None` if there is no such system.
    fn verify(id: u16, key: &[u8], claim: &Claim, proof: &[u8]) -> Option<Result<(), ProofError>>;
}

#[impl_trait_for_tuples::impl_for_tuples(1, 8)]
#[tuple_types_custom_trait_bound(ProofSystem)]
impl ProofSystems for Tuple {
    fn contains(id: u16) -> bool {
        for_tuples!( #( if Tuple::ID == id { return true; } )* );
        false
    }

    fn verify(id: u16, key: &[u8], claim: &Claim, proof: &[u8]) -> Option<Result<(), ProofError>> {
        for_tuples!( #(
			if Tuple::ID == id {
				if proof.len() > Tuple::max_proof_bytes() as usize {
					return Some(Err(ProofError::MalformedProof));
				}
				return Some(Tuple::verify(key, claim, proof));
			}
		)* );
        None
    }
}
