//! What a zkGraph reads: one [`Query`] for each source. `docs/decisions/data-bus.md` says what shows the answers.

use alloc::vec::Vec;
use alloy_primitives::{Address, B256};
use alloy_sol_types::SolValue;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::{H160, H256};
use scale_info::TypeInfo;
use weft_beacon_proofs::Fork;

use crate::{
    GraphId, SourceKind,
    abi::{address, bytes32},
    input::{LogEntry, MAX_TOPICS},
    keccak256,
    source::SourceBlock,
};

/// Most addresses that a filter names.
pub const MAX_ADDRESSES: u32 = 32;
/// Most alternatives for one topic.
pub const MAX_TOPIC_ALTERNATIVES: u32 = 16;
/// Most accounts that a query names.
pub const MAX_ACCOUNTS: u32 = 16;
/// Most slots that a query names of one account.
pub const MAX_SLOTS: u32 = 32;
/// Most fields of a beacon block that a query names.
pub const MAX_FIELDS: u32 = 32;

/// What one source of a zkGraph reads.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub enum Query {
    /// Every matching event of a range of blocks; none can be missing.
    #[codec(index = 1)]
    Events {
        /// EIP-155 id of the chain.
        chain_id: u64,
        /// Which events.
        filter: EventFilter,
    },
    /// Every matching event of certain transactions of one block, which the offer of a run names.
    #[codec(index = 2)]
    TransactionEvents {
        /// EIP-155 id of the chain.
        chain_id: u64,
        /// Which events.
        filter: EventFilter,
    },
    /// Accounts, and slots of their storage, after one block.
    #[codec(index = 3)]
    Storage {
        /// EIP-155 id of the chain.
        chain_id: u64,
        /// Which accounts and slots, at least one account.
        accounts: BoundedVec<AccountQuery, ConstU32<MAX_ACCOUNTS>>,
    },
    /// Certain transactions of one block, which the offer of a run names.
    #[codec(index = 4)]
    Transactions {
        /// EIP-155 id of the chain.
        chain_id: u64,
    },
    /// The state of another zkGraph.
    #[codec(index = 5)]
    State {
        /// The other zkGraph.
        graph: GraphId,
    },
    /// Fields of the beacon block before one block, and of the state after it.
    #[codec(index = 6)]
    Beacon {
        /// EIP-155 id of the execution chain.
        chain_id: u64,
        /// The fork that the beacon block is of: forks move fields.
        fork: Fork,
        /// Which nodes of the tree whose root the beacon block has: their generalized indices, at least one.
        fields: BoundedVec<u64, ConstU32<MAX_FIELDS>>,
    },
    /// Headers of those blocks of a range that may have matching events. The run proves what is under their roots by advice.
    #[codec(index = 7)]
    Headers {
        /// EIP-155 id of the chain.
        chain_id: u64,
        /// Which events.
        filter: EventFilter,
    },
}

/// Which events are read, as in `eth_getLogs`.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct EventFilter {
    /// Contracts whose events are read; none means any.
    pub addresses: BoundedVec<H160, ConstU32<MAX_ADDRESSES>>,
    /// For each topic from the first the values that are read; none means any, but the topic must be there.
    pub topics:
        BoundedVec<BoundedVec<H256, ConstU32<MAX_TOPIC_ALTERNATIVES>>, ConstU32<{ MAX_TOPICS as u32 }>>,
}

/// An account that is read.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct AccountQuery {
    /// Its address.
    pub address: H160,
    /// Slots of its storage, in the order in which they are read.
    pub slots: BoundedVec<H256, ConstU32<MAX_SLOTS>>,
}

impl EventFilter {
    /// Whether a log is one that is read.
    pub fn matches(&self, log: &LogEntry) -> bool {
        (self.addresses.is_empty() || self.addresses.contains(&log.address))
            && self.topics.len() <= log.topics.len()
            && self
                .topics
                .iter()
                .zip(&log.topics)
                .all(|(any_of, topic)| any_of.is_empty() || any_of.contains(topic))
    }

    /// keccak256(abi.encode(address[] addresses, bytes32[][] topics)).
    pub fn digest(&self) -> H256 {
        let addresses: Vec<Address> = self.addresses.iter().copied().map(address).collect();
        let topics: Vec<Vec<B256>> = self.topics.iter().map(|any_of| words(any_of)).collect();
        keccak256(&(addresses, topics).abi_encode_params())
    }
}

impl Query {
    /// Its kind, as it stands in a statement.
    pub fn kind(&self) -> SourceKind {
        match self {
            Self::Events { .. } => SourceKind::Events,
            Self::TransactionEvents { .. } => SourceKind::TransactionEvents,
            Self::Storage { .. } => SourceKind::Storage,
            Self::Transactions { .. } => SourceKind::Transactions,
            Self::State { .. } => SourceKind::State,
            Self::Beacon { .. } => SourceKind::Beacon,
            Self::Headers { .. } => SourceKind::Headers,
        }
    }

    /// EIP-155 id of the chain that is read; `None` where it is Weft.
    pub fn chain_id(&self) -> Option<u64> {
        match self {
            Self::Events { chain_id, .. }
            | Self::TransactionEvents { chain_id, .. }
            | Self::Storage { chain_id, .. }
            | Self::Transactions { chain_id }
            | Self::Beacon { chain_id, .. }
            | Self::Headers { chain_id, .. } => Some(*chain_id),
            Self::State { .. } => None,
        }
    }

    /// Whether it reads ranges of blocks; others read one.
    pub fn is_range(&self) -> bool {
        matches!(self, Self::Events { .. } | Self::Headers { .. })
    }

    /// Which events the headers of a range are read for.
    pub fn headers(&self) -> Option<&EventFilter> {
        match self {
            Self::Headers { filter, .. } => Some(filter),
            _ => None,
        }
    }

    /// Which events are read, if any are.
    pub fn events(&self) -> Option<&EventFilter> {
        match self {
            Self::Events { filter, .. } | Self::TransactionEvents { filter, .. } => Some(filter),
            _ => None,
        }
    }

    /// The digest of what is read of `block`, for the `filter` of a statement's source:
    /// - events, headers: [`EventFilter::digest`];
    /// - events of transactions: keccak256(abi.encode(bytes32 digest of the filter, uint32\[\] transactions));
    /// - storage: keccak256(abi.encode(address\[\] accounts, bytes32\[\]\[\] slots));
    /// - transactions: keccak256(abi.encode(uint32\[\] transactions));
    /// - state: the zkGraph;
    /// - beacon: keccak256(abi.encode(uint16 fork, uint64\[\] indices)), forks counted from Altair = 0.
    pub fn digest(&self, block: &SourceBlock) -> H256 {
        let transactions = block.transactions.to_vec();
        match self {
            Self::Events { filter, .. } | Self::Headers { filter, .. } => filter.digest(),
            Self::TransactionEvents { filter, .. } => {
                keccak256(&(bytes32(filter.digest()), transactions).abi_encode_params())
            }
            Self::Storage { accounts, .. } => {
                let slots: Vec<Vec<B256>> = accounts.iter().map(|account| words(&account.slots)).collect();
                let accounts: Vec<Address> =
                    accounts.iter().map(|account| address(account.address)).collect();
                keccak256(&(accounts, slots).abi_encode_params())
            }
            Self::Transactions { .. } => keccak256(&(transactions,).abi_encode_params()),
            Self::State { graph } => *graph,
            Self::Beacon { fork, fields, .. } => {
                keccak256(&(*fork as u16, fields.to_vec()).abi_encode_params())
            }
        }
    }
}

fn words(hashes: &[H256]) -> Vec<B256> {
    hashes.iter().copied().map(bytes32).collect()
}
