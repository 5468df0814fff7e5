//! What differs between networks.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use libssz_merkle::{Node, Sha256Hasher};
use primitive_types::H256;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Sizes that a network was built with (`presets` of the specification).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    MaxEncodedLen,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Preset {
    /// For tests: committees of 32, epochs of 8 slots, periods of 8 epochs.
    Minimal,
    /// Ethereum and its public test networks: committees of 512, epochs of 32 slots, periods of 256 epochs.
    Mainnet,
}

impl Preset {
    /// Members of a sync committee (`SYNC_COMMITTEE_SIZE`).
    pub const fn committee_size(self) -> usize {
        match self {
            Self::Minimal => 32,
            Self::Mainnet => 512,
        }
    }

    /// Slots of an epoch (`SLOTS_PER_EPOCH`).
    pub const fn slots_per_epoch(self) -> u64 {
        match self {
            Self::Minimal => 8,
            Self::Mainnet => 32,
        }
    }

    /// Slots that a sync committee serves.
    pub const fn slots_per_period(self) -> u64 {
        self.slots_per_epoch()
            * match self {
                Self::Minimal => 8,
                Self::Mainnet => 256,
            }
    }

    /// Slots of a batch in the state's history of blocks (`SLOTS_PER_HISTORICAL_ROOT`).
    pub const fn slots_per_historical_root(self) -> u64 {
        match self {
            Self::Minimal => 64,
            Self::Mainnet => 8_192,
        }
    }

    /// The epoch of a slot.
    pub const fn epoch(self, slot: u64) -> u64 {
        slot / self.slots_per_epoch()
    }

    /// The sync committee period of a slot.
    pub const fn period(self, slot: u64) -> u64 {
        slot / self.slots_per_period()
    }
}

/// Forks of the beacon chain that have light clients, in their order.
///
/// Who adds one looks at the execution header too: what other crates read of it by position has to be there still, and its field 6 has to be
/// the bloom filter of all receipts (`weft_ethereum_proofs`).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    MaxEncodedLen,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "their names are all there is to say")]
pub enum Fork {
    // The numbers are in manifests and in digests.
    Altair = 0,
    Bellatrix = 1,
    Capella = 2,
    Deneb = 3,
    Electra = 4,
    Fulu = 5,
    Gloas = 6,
}

/// When a fork starts.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    MaxEncodedLen,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct ForkStart {
    /// Which.
    pub fork: Fork,
    /// Its version, which signatures are bound to.
    pub version: [u8; 4],
    /// Its first epoch.
    pub epoch: u64,
}

/// Most forks in a schedule.
pub const MAX_FORKS: u32 = 16;

/// A network of Ethereum.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    MaxEncodedLen,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Network {
    /// EIP-155 id of its execution chain.
    pub chain_id: u64,
    /// Sizes.
    pub preset: Preset,
    /// Time of slot 0, in seconds since 1970.
    pub genesis_time: u64,
    /// Seconds between slots.
    pub seconds_per_slot: u64,
    /// Root of the first validators, which signatures are bound to.
    pub genesis_validators_root: H256,
    /// Forks, the earliest first.
    pub forks: BoundedVec<ForkStart, ConstU32<MAX_FORKS>>,
}

/// Why a network cannot be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// There are no forks.
    #[error("a network needs at least one fork")]
    NoForks,
    /// Forks do not come one after the other.
    #[error("forks and their epochs must rise from one to the next")]
    UnorderedForks,
    /// Slots take no time.
    #[error("a slot takes at least a second")]
    NoSlotTime,
}

impl Network {
    /// Whether it can be followed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), NetworkError> {
        if self.forks.is_empty() {
            return Err(NetworkError::NoForks);
        }
        // Several forks may start at epoch 0, as on a network that was born late.
        let ordered = |two: &[ForkStart]| two[0].fork < two[1].fork && two[0].epoch <= two[1].epoch;
        if !self.forks.windows(2).all(ordered) {
            return Err(NetworkError::UnorderedForks);
        }
        if self.seconds_per_slot == 0 {
            return Err(NetworkError::NoSlotTime);
        }
        Ok(())
    }

    /// The fork at a slot; `None` before the first.
    pub fn fork_at(&self, slot: u64) -> Option<ForkStart> {
        let epoch = self.preset.epoch(slot);
        self.forks
            .iter()
            .rev()
            .find(|start| start.epoch <= epoch)
            .copied()
    }

    /// The first slot at which `fork` or a later one holds; `None` if that is not known.
    pub fn first_slot(&self, fork: Fork) -> Option<u64> {
        let start = self.forks.iter().find(|start| start.fork >= fork)?;
        Some(start.epoch.saturating_mul(self.preset.slots_per_epoch()))
    }

    /// The slot at a time in seconds since 1970; `None` before genesis.
    pub fn slot_at(&self, time: u64) -> Option<u64> {
        time.checked_sub(self.genesis_time)?
            .checked_div(self.seconds_per_slot)
    }
}

/// What is known of a beacon chain without asking it.
#[derive(Clone, Copy, Debug)]
pub struct BeaconRules<'a> {
    /// Its preset and its forks.
    pub network: &'a Network,
    /// SHA-256: a runtime asks its host, others a library.
    pub sha256: fn(&[u8]) -> Node,
}

impl Sha256Hasher for BeaconRules<'_> {
    fn hash(&self, bytes: &[u8]) -> Node {
        (self.sha256)(bytes)
    }
}
