//! What a zkGraph reads, where its results go, and whether it has a state: its author's declaration, which a
//! run is bound to by digest.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::H256;
use scale_info::TypeInfo;
use weft_beacon_proofs::Fork;

use crate::{Destination, MAX_SOURCES, Query, keccak256};

/// The version of [`Manifest`] that this crate encodes.
pub const MANIFEST_VERSION: u16 = 2;
/// Most bytes of an encoded manifest.
pub const MAX_MANIFEST_BYTES: u32 = 8 * 1024;
/// Most gas that a destination may ask for. Ethereum caps a transaction at 2^24 (EIP-7825), and the gateway
/// needs 64/63 of
/// the gas and some for itself.
pub const MAX_DESTINATION_GAS: u64 = 14_000_000;

/// An encoded manifest.
pub type ManifestBytes = BoundedVec<u8, ConstU32<MAX_MANIFEST_BYTES>>;

/// The declaration of a zkGraph.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Manifest {
    /// [`MANIFEST_VERSION`].
    pub version: u16,
    /// A name for people, UTF-8, not empty. Nothing makes it unique.
    pub name: BoundedVec<u8, ConstU32<64>>,
    /// A description for people, UTF-8.
    pub description: BoundedVec<u8, ConstU32<1024>>,
    /// What it reads, at least one.
    pub sources: BoundedVec<Query, ConstU32<MAX_SOURCES>>,
    /// Where results go, if they leave Weft.
    pub destination: Option<Destination>,
    /// Whether runs build on one another.
    pub state: StatePolicy,
}

/// Whether runs of a zkGraph build on one another.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub enum StatePolicy {
    /// Each run stands alone, with an empty state before and after; any number at a time.
    #[codec(index = 0)]
    Stateless,
    /// Each run starts from the state that the one before left; one at a time.
    #[codec(index = 1)]
    Sequential,
    /// Sequential, and each run starts with the block after the last one of the run before: no block is left out or read twice.
    #[codec(index = 2)]
    Index {
        /// The first block that is read.
        from: u64,
    },
}

impl StatePolicy {
    /// Whether runs have no state.
    pub fn is_stateless(self) -> bool {
        self == Self::Stateless
    }

    /// The first block of an index.
    pub fn start(self) -> Option<u64> {
        match self {
            Self::Index { from } => Some(from),
            _ => None,
        }
    }
}

/// Why bytes are not a manifest.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Encode, Decode, DecodeWithMemTracking, TypeInfo,
)]
pub enum ManifestError {
    /// It has more than [`MAX_MANIFEST_BYTES`].
    #[error("the manifest has more than {MAX_MANIFEST_BYTES} bytes")]
    TooLong,
    /// It is of a version that this code does not know.
    #[error("unknown version of the manifest")]
    UnknownVersion,
    /// It cannot be decoded: it ends too early, a list is too long, or a tag is unknown.
    #[error("the manifest cannot be decoded")]
    Malformed,
    /// Bytes follow it.
    #[error("bytes follow the manifest")]
    TrailingBytes,
    /// Name or description are not UTF-8, or there is no name.
    #[error("name or description are not text, or the name is empty")]
    InvalidText,
    /// It has no source.
    #[error("the manifest has no source")]
    NoSources,
    /// A chain id is zero.
    #[error("a chain id is zero")]
    ZeroChainId,
    /// A source reads no account.
    #[error("a source reads storage and names no account")]
    NoAccounts,
    /// A source reads no field of the beacon chain, or one with the generalized index 0, which there is not.
    #[error("a source reads the beacon chain and names no field, or one with the index 0")]
    NoFields,
    /// A source reads the beacon chain at a fork before Capella, of which no execution block names a beacon block.
    #[error("a source reads the beacon chain before Capella, where no execution block names a beacon block")]
    ForkWithoutFields,
    /// An index reads neither events nor headers of blocks.
    #[error("an index reads the events or headers of every block, and no source does")]
    IndexWithoutEvents,
    /// An index reads transactions that an offer names.
    #[error("an index cannot have a source whose transactions are named by an offer")]
    NamedInIndex,
    /// Two sources of an index are the same.
    #[error("two sources of an index are the same")]
    SameSourceTwice,
    /// The gateway or the target is the zero address, or the gas limit is zero.
    #[error("the destination names no gateway, no target or no gas")]
    IncompleteDestination,
    /// The destination asks for more than [`MAX_DESTINATION_GAS`].
    #[error("the destination asks for more than {MAX_DESTINATION_GAS} gas")]
    TooMuchGas,
}

impl Manifest {
    /// The manifest that `bytes` encode, checked.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ManifestError> {
        if bytes.len() > MAX_MANIFEST_BYTES as usize {
            return Err(ManifestError::TooLong);
        }
        // The version first: another one may be encoded in another way.
        match bytes.first_chunk() {
            Some(version) if u16::from_le_bytes(*version) == MANIFEST_VERSION => {}
            Some(_) => return Err(ManifestError::UnknownVersion),
            None => return Err(ManifestError::Malformed),
        }
        let rest = &mut &bytes[..];
        let manifest = Self::decode(rest).map_err(|_| ManifestError::Malformed)?;
        if !rest.is_empty() {
            return Err(ManifestError::TrailingBytes);
        }
        manifest.check()?;
        Ok(manifest)
    }

    /// Whether its runs may read advice.
    pub fn is_advised(&self) -> bool {
        self.sources
            .iter()
            .any(|source| matches!(source, Query::Headers { .. }))
    }

    /// The bytes of this manifest, if it is one that [`Manifest::from_bytes`] takes.
    pub fn to_bytes(&self) -> Result<ManifestBytes, ManifestError> {
        if self.version != MANIFEST_VERSION {
            return Err(ManifestError::UnknownVersion);
        }
        self.check()?;
        self.encode().try_into().map_err(|_| ManifestError::TooLong)
    }

    fn check(&self) -> Result<(), ManifestError> {
        let is_text = |bytes: &[u8]| core::str::from_utf8(bytes).is_ok();
        if self.name.is_empty() || !is_text(&self.name) || !is_text(&self.description) {
            return Err(ManifestError::InvalidText);
        }
        if self.sources.is_empty() {
            return Err(ManifestError::NoSources);
        }
        for source in &self.sources {
            self.check_source(source)?;
        }
        let mut sources = self.sources.iter();
        if self.state.start().is_some() && !sources.any(Query::is_range) {
            return Err(ManifestError::IndexWithoutEvents);
        }
        let Some(destination) = &self.destination else {
            return Ok(());
        };
        if destination.chain_id == 0 {
            return Err(ManifestError::ZeroChainId);
        }
        if destination.gateway.is_zero() || destination.target.is_zero() || destination.gas_limit == 0 {
            return Err(ManifestError::IncompleteDestination);
        }
        if destination.gas_limit > MAX_DESTINATION_GAS {
            return Err(ManifestError::TooMuchGas);
        }
        Ok(())
    }

    fn check_source(&self, source: &Query) -> Result<(), ManifestError> {
        if source.chain_id() == Some(0) {
            return Err(ManifestError::ZeroChainId);
        }
        if matches!(source, Query::Storage { accounts, .. } if accounts.is_empty()) {
            return Err(ManifestError::NoAccounts);
        }
        if let Query::Beacon { fork, fields, .. } = source {
            if fields.is_empty() || fields.contains(&0) {
                return Err(ManifestError::NoFields);
            }
            // Headers name beacon blocks from Cancun on, so the first is of Capella.
            if *fork < Fork::Capella {
                return Err(ManifestError::ForkWithoutFields);
            }
        }
        if self.state.start().is_some()
            && matches!(
                source,
                Query::TransactionEvents { .. } | Query::Transactions { .. }
            )
        {
            return Err(ManifestError::NamedInIndex);
        }
        if self.state.start().is_some() && self.sources.iter().filter(|other| *other == source).count() > 1 {
            return Err(ManifestError::SameSourceTwice);
        }
        Ok(())
    }
}

/// The digest of a manifest: keccak256 of its bytes.
pub fn digest(manifest: &[u8]) -> H256 {
    keccak256(manifest)
}
