//! Why calls are refused.

use frame_support::pallet_macros::pallet_section;
use weft_primitives::ManifestError;

use crate::Error;

/// The errors of the pallet.
#[pallet_section]
mod errors {
    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// There is no zkGraph with this id.
        UnknownGraph,
        /// The sender does not own the zkGraph.
        NotOwner,
        /// The zkGraph was not offered to the sender.
        NotOffered,
        /// The zkGraph has been retired.
        GraphRetired,
        /// Another run of this sequential zkGraph is locked.
        GraphBusy,
        /// The runtime has no proof system with this id.
        UnknownProofSystem,
        /// The manifest has another state policy than the zkGraph was registered with.
        StatePolicyFixed,
        /// The program commitment is empty.
        EmptyImage,
        /// The URI of the program is not UTF-8.
        UriNotText,
        /// The manifest is of a version that this runtime does not know.
        UnknownManifestVersion,
        /// The manifest cannot be decoded.
        MalformedManifest,
        /// Bytes follow the manifest.
        ManifestTrailingBytes,
        /// The manifest is longer than the bound.
        ManifestTooLong,
        /// The manifest's name or description is not UTF-8, or the name is empty.
        ManifestTextInvalid,
        /// The manifest has no source.
        ManifestWithoutSources,
        /// The manifest has a chain id of zero.
        ManifestChainIdZero,
        /// A source of the manifest reads storage and names no account.
        ManifestWithoutAccounts,
        /// The manifest is that of an index, and no source reads the events or headers of blocks.
        IndexWithoutEvents,
        /// A source of the manifest reads the beacon chain and names no field, or one with the index 0.
        ManifestWithoutFields,
        /// A source of the manifest reads the beacon chain at a fork before Capella, of which no execution block names a beacon block.
        ForkWithoutFields,
        /// The manifest is that of an index, and a source reads transactions that an offer names.
        NamedInIndex,
        /// The manifest is that of an index, and two of its sources are the same.
        SameSourceTwice,
        /// The zkGraph is no index, or its index is already at that block or beyond.
        NothingToSkip,
        /// So many blocks are not skipped at once: it could not be undone.
        SkipTooFar,
        /// The manifest's destination names no gateway, no target or no gas.
        IncompleteDestination,
        /// The manifest's destination asks for more gas than a transaction on Ethereum can give.
        TooMuchGas,
    }
}

impl<T> From<ManifestError> for Error<T> {
    fn from(error: ManifestError) -> Self {
        match error {
            ManifestError::TooLong => Self::ManifestTooLong,
            ManifestError::UnknownVersion => Self::UnknownManifestVersion,
            ManifestError::Malformed => Self::MalformedManifest,
            ManifestError::TrailingBytes => Self::ManifestTrailingBytes,
            ManifestError::InvalidText => Self::ManifestTextInvalid,
            ManifestError::NoSources => Self::ManifestWithoutSources,
            ManifestError::ZeroChainId => Self::ManifestChainIdZero,
            ManifestError::NoAccounts => Self::ManifestWithoutAccounts,
            ManifestError::NoFields => Self::ManifestWithoutFields,
            ManifestError::ForkWithoutFields => Self::ForkWithoutFields,
            ManifestError::IndexWithoutEvents => Self::IndexWithoutEvents,
            ManifestError::NamedInIndex => Self::NamedInIndex,
            ManifestError::SameSourceTwice => Self::SameSourceTwice,
            ManifestError::IncompleteDestination => Self::IncompleteDestination,
            ManifestError::TooMuchGas => Self::TooMuchGas,
        }
    }
}
