//! BEEFY commitments, as the gateway takes them.

use alloy_primitives::{Address, B256, FixedBytes, U256};
use codec::{DecodeAll, Encode};
use k256::ecdsa::VerifyingKey;
use sp_consensus_beefy::ecdsa_crypto::{AuthorityId, Signature};
use weft_chain::finality::{BeefyValidators, Justification};
use weft_ethereum::gateway::abi;

/// Most validators that the gateway can follow.
pub const MAX_VALIDATORS: usize = 256;

/// A commitment cannot be given to the gateway.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitmentError {
    /// Signatures and validators are of different sets.
    #[error("the commitment is of validator set {commitment}, and the validators are set {validators}")]
    OtherSet {
        /// Set that signed.
        commitment: u64,
        /// Set that was given.
        validators: u64,
    },
    /// There is not one place for a signature for each validator.
    #[error("{places} places for signatures for {validators} validators")]
    WrongLength {
        /// Places.
        places: usize,
        /// Validators.
        validators: usize,
    },
    /// The set has more members than the gateway can follow.
    #[error("{0} validators are more than the gateway can follow ({MAX_VALIDATORS})")]
    TooManyValidators(usize),
    /// Fewer signatures than the gateway wants.
    #[error("{given} signatures where the gateway wants {required}")]
    NotEnoughSignatures {
        /// Signatures there.
        given: usize,
        /// Signatures needed.
        required: usize,
    },
    /// The payload cannot be taken apart.
    #[error("the payload of the commitment cannot be read")]
    Payload,
}

/// How many of `validators` must sign: all but a third.
pub fn threshold(validators: usize) -> usize {
    validators - validators.saturating_sub(1) / 3
}

/// The Ethereum address of a compressed public key; `None` if it is no public key.
pub fn address(key: &AuthorityId) -> Option<Address> {
    let key: &[u8] = key.as_ref();
    VerifyingKey::from_sec1_bytes(key)
        .ok()
        .map(|key| Address::from_public_key(&key))
}

/// The addresses of a set, in its order; zero for a key that is no point of secp256k1, as Weft's leaves have it.
pub fn addresses(validators: &BeefyValidators) -> Vec<Address> {
    let keys = validators.validators().iter();
    keys.map(|key| address(key).unwrap_or_default()).collect()
}

/// The arguments that show a commitment to the gateway: what was signed, and who of the set signed. No more signatures than
/// necessary: each costs gas.
pub fn arguments(
    signed: &Justification,
    validators: &BeefyValidators,
) -> Result<(abi::Commitment, abi::Signers), CommitmentError> {
    let set = signed.commitment.validator_set_id;
    if set != validators.id() {
        return Err(CommitmentError::OtherSet {
            commitment: set,
            validators: validators.id(),
        });
    }
    let members = addresses(validators);
    Ok((commitment(signed)?, signers(&signed.signatures, members)?))
}

fn commitment(signed: &Justification) -> Result<abi::Commitment, CommitmentError> {
    let payload = signed.commitment.payload.encode();
    let items = Vec::<([u8; 2], Vec<u8>)>::decode_all(&mut &payload[..]);
    let items = items.map_err(|_| CommitmentError::Payload)?;
    Ok(abi::Commitment {
        payload: items
            .into_iter()
            .map(|(id, data)| abi::PayloadItem {
                id: FixedBytes(id),
                data: data.into(),
            })
            .collect(),
        blockNumber: signed.commitment.block_number,
        validatorSetId: signed.commitment.validator_set_id,
    })
}

/// Who signed: as many as are needed, from the first.
pub fn signers(
    signatures: &[Option<Signature>],
    members: Vec<Address>,
) -> Result<abi::Signers, CommitmentError> {
    if members.len() > MAX_VALIDATORS {
        return Err(CommitmentError::TooManyValidators(members.len()));
    }
    if signatures.len() != members.len() {
        let (places, validators) = (signatures.len(), members.len());
        return Err(CommitmentError::WrongLength { places, validators });
    }
    let required = threshold(members.len());
    let mut bitfield = U256::ZERO;
    let mut taken = Vec::new();
    for (index, signature) in signatures.iter().enumerate() {
        let Some(signature) = signature else { continue };
        if taken.len() == required {
            break;
        }
        bitfield.set_bit(index, true);
        let bytes: &[u8] = signature.as_ref();
        let (r, rest) = bytes.split_at(32);
        let (s, v) = rest.split_at(32);
        taken.push(abi::Signature {
            r: B256::from_slice(r),
            s: B256::from_slice(s),
            v: v[0],
        });
    }
    if taken.len() < required {
        return Err(CommitmentError::NotEnoughSignatures {
            given: taken.len(),
            required,
        });
    }
    Ok(abi::Signers {
        validators: members,
        bitfield,
        signatures: taken,
    })
}
