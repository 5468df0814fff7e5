//! The engine, named once: BN254 with HyperKZG, and nova-snark's keccak transcript.

use ff::{Field, FromUniformBytes, PrimeField};
use nova_snark::{
    provider::{Bn256EngineKZG, hyperkzg},
    traits::{Engine, TranscriptEngineTrait, TranscriptReprTrait, evaluation::EvaluationEngineTrait},
};
use sha3::{Digest, Keccak256};

/// nova-snark's engine.
pub(crate) type E = Bn256EngineKZG;
/// The scalar field of BN254, over which circuits are written.
pub type F = <E as Engine>::Scalar;
/// A commitment: a point of BN254's G1.
pub type Commitment = hyperkzg::Commitment<E>;
/// Powers of tau.
pub(crate) type CommitmentKey = hyperkzg::CommitmentKey<E>;
/// The commitment engine.
pub(crate) type CE = <E as Engine>::CE;
/// The evaluation engine.
pub(crate) type EE = hyperkzg::EvaluationEngine<E>;
/// A proof that a committed multilinear polynomial has a value at a point.
pub(crate) type Opening = hyperkzg::EvaluationArgument<E>;
/// What the verifier needs of the powers of tau.
pub(crate) type OpeningKey = <EE as EvaluationEngineTrait<E>>::VerifierKey;
/// nova-snark's transcript.
pub(crate) type Inner = <E as Engine>::TE;

/// keccak256 of `bytes`.
pub fn keccak256(bytes: &[u8]) -> [u8; 32] {
    Keccak256::digest(bytes).into()
}

/// A field element from a label, for constants that nobody chose.
pub(crate) fn from_label(label: &[u8]) -> F {
    let mut wide = [0; 64];
    wide[..32].copy_from_slice(&keccak256(&[label, b"/0"].concat()));
    wide[32..].copy_from_slice(&keccak256(&[label, b"/1"].concat()));
    F::from_uniform_bytes(&wide)
}

/// `2^exponent` in the field.
pub fn power_of_two(exponent: u64) -> F {
    F::from(2).pow_vartime([exponent])
}

struct Bytes<'a>(&'a [u8]);

impl TranscriptReprTrait<<E as Engine>::GE> for Bytes<'_> {
    fn to_transcript_bytes(&self) -> Vec<u8> {
        self.0.to_vec()
    }
}

/// The Fiat-Shamir transcript. Lists are absorbed with their length first.
pub(crate) struct Transcript(pub(crate) Inner);

impl Transcript {
    pub(crate) fn new(label: &'static [u8]) -> Self {
        Self(Inner::new(label))
    }

    pub(crate) fn bytes(&mut self, label: &'static [u8], bytes: &[u8]) {
        self.number(b"length", bytes.len() as u64);
        self.0.absorb(label, &Bytes(bytes));
    }

    pub(crate) fn number(&mut self, label: &'static [u8], number: u64) {
        self.0.absorb(label, &Bytes(&number.to_le_bytes()));
    }

    pub(crate) fn scalars(&mut self, label: &'static [u8], scalars: &[F]) {
        let bytes: Vec<u8> = scalars
            .iter()
            .flat_map(|s| s.to_repr().as_ref().to_vec())
            .collect();
        self.bytes(label, &bytes);
    }

    pub(crate) fn commitments(&mut self, label: &'static [u8], commitments: &[Commitment]) {
        self.number(b"length", commitments.len() as u64);
        self.0.absorb(label, &commitments);
    }

    /// A challenge from the whole field.
    pub(crate) fn challenge(&mut self, label: &'static [u8]) -> Result<F, nova_snark::errors::NovaError> {
        self.0.squeeze(label)
    }

    /// A challenge of 128 bits.
    pub(crate) fn short_challenge(
        &mut self,
        label: &'static [u8],
    ) -> Result<F, nova_snark::errors::NovaError> {
        self.0.squeeze_bits(label, 128, false)
    }
}
