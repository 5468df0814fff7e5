//! Who signs transactions.

use std::{path::Path, str::FromStr};

use subxt::SubstrateConfig;
use subxt_signer::{SecretUri, sr25519::Keypair};

use crate::AccountId;

/// An account of Weft together with its secret (sr25519).
#[derive(Clone)]
pub struct Signer(Keypair);

/// A secret cannot be used. It never shows the secret.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// Not a secret URI.
    #[error("not a secret URI such as //Alice, a phrase of words, or 0x and a seed: {0}")]
    Malformed(String),
    /// The file cannot be read.
    #[error("cannot read the key file {path}: {source}")]
    File {
        /// Which.
        path: String,
        /// The system's error.
        source: std::io::Error,
    },
}

impl Signer {
    /// From a secret URI: `//Alice` (development), a phrase, or a seed in hexadecimal, each with derivations.
    pub fn from_uri(uri: &str) -> Result<Self, SignerError> {
        let malformed = |error: &dyn std::fmt::Display| SignerError::Malformed(error.to_string());
        let uri = SecretUri::from_str(uri).map_err(|error| malformed(&error))?;
        Ok(Self(Keypair::from_uri(&uri).map_err(|error| malformed(&error))?))
    }

    /// From a file that holds a secret URI and nothing else.
    pub fn from_file(path: &Path) -> Result<Self, SignerError> {
        let text = std::fs::read_to_string(path).map_err(|source| SignerError::File {
            path: path.display().to_string(),
            source,
        })?;
        Self::from_uri(text.trim())
    }

    /// The account.
    pub fn account(&self) -> AccountId {
        AccountId::from(self.0.public_key().0)
    }

    pub(crate) fn keypair(&self) -> &Keypair {
        &self.0
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let account: AccountId = subxt::tx::Signer::<SubstrateConfig>::account_id(&self.0);
        write!(out, "Signer({account})")
    }
}
