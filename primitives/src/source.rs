//! The blocks that a run reads, and the evidence that a worker brings for them.

use alloc::boxed::Box;

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::H256;
use scale_info::TypeInfo;
use weft_beacon_proofs::{BeaconBranch, BeaconHeader, BeaconHop};

use crate::{
    MAX_SOURCES, StateBytes,
    query::{MAX_ACCOUNTS, MAX_FIELDS, MAX_SLOTS},
};

/// Most bytes of a block header's RLP. A header has some 600.
pub const MAX_HEADER_BYTES: u32 = 2 * 1024;
/// Most bytes of all evidence of one run.
pub const MAX_EVIDENCE_BYTES: u32 = 1024 * 1024;
/// Most bytes of the paths to named transactions' receipts, where no run reads them: a transaction of 2^24 gas (EIP-7825) can log 2 MiB, at 8 gas a byte.
pub const MAX_RECEIPT_BYTES: u32 = 2_304 * 1024;
/// Most receipts of a block.
pub const MAX_RECEIPTS: u32 = 16 * 1024;
/// Most blocks of a range.
pub const MAX_RANGE: u32 = 1024;
/// Most transactions that an offer names in one block for their events.
pub const MAX_NAMED_TRANSACTIONS: u32 = 64;
/// Most transactions that an offer names in one block to be read themselves: the sender of each is recovered.
pub const MAX_READ_TRANSACTIONS: u32 = 16;
/// Most nodes on a path of a trie: one for each nibble of a hashed key.
pub const MAX_PROOF_NODES: u32 = 64;
/// Most bytes of the ancestry of one block.
pub const MAX_ANCESTRY_BYTES: u32 = 256 * 1024;
/// What a header, receipt or node counts beside its bytes: even an empty one has to be decoded.
pub const ITEM_BYTES: usize = 4;
/// What a node of a beacon block's tree counts: SHA-256 is made of so many bytes for it, padding included.
pub const NODE_BYTES: usize = 128;
/// What a beacon header counts.
const BEACON_HEADER_BYTES: usize = 7 * NODE_BYTES;
/// Most hops from an anchor to a block.
pub const MAX_HOPS: u32 = 32;
/// Most headers of one hop.
pub const MAX_PARENTS: u32 = 256;

/// Bytes of evidence: a receipt or a node of a trie.
pub type EvidenceBytes = BoundedVec<u8, ConstU32<MAX_RECEIPT_BYTES>>;
/// RLP of a block header.
pub type HeaderBytes = BoundedVec<u8, ConstU32<MAX_HEADER_BYTES>>;
/// The nodes of a trie, from the root to where a key ends or leaves it.
pub type TriePath = BoundedVec<EvidenceBytes, ConstU32<MAX_PROOF_NODES>>;
/// Paths to the receipts or transactions that an offer names.
pub type TriePaths = BoundedVec<TriePath, ConstU32<MAX_NAMED_TRANSACTIONS>>;
/// The blocks of a run, one for each source of the manifest, in its order.
pub type SourceBlocks = BoundedVec<SourceBlock, ConstU32<MAX_SOURCES>>;
/// The evidence of a run, one for each of its blocks.
pub type Evidence = BoundedVec<Content, ConstU32<MAX_SOURCES>>;
/// What leads to the blocks of a run, one for each.
pub type Ancestries = BoundedVec<Ancestry, ConstU32<MAX_SOURCES>>;

/// The blocks that a run reads for one source.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct SourceBlock {
    /// EIP-155 id of the chain; 0 for the state of a zkGraph.
    pub chain_id: u64,
    /// Number of the first block: `number`, but for a range of events. 0 for the state of a zkGraph.
    pub first: u64,
    /// Number of the last block. 0 for the state of a zkGraph.
    pub number: u64,
    /// Hash of the last block. For the state of a zkGraph its digest, which is 0 until the run is locked.
    pub hash: H256,
    /// Indices of transactions, rising, for sources that read certain ones.
    pub transactions: BoundedVec<u32, ConstU32<MAX_NAMED_TRANSACTIONS>>,
}

/// From a block that the chain knows to be final down to an older one. Empty for a block that is known itself.
pub type Ancestry = BoundedVec<Hop, ConstU32<MAX_HOPS>>;

/// From a block whose hash is known to an older one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Hop {
    /// Headers from the block that is known down to the child of the one that is shown.
    #[codec(index = 1)]
    Parents(BoundedVec<HeaderBytes, ConstU32<MAX_PARENTS>>),
    /// The history of blocks in the state of the block that is known (EIP-2935).
    #[codec(index = 2)]
    History {
        /// Header of the block that is known.
        header: HeaderBytes,
        /// Number of the block that is shown.
        number: u64,
        /// Path to the account of the history contract.
        account: TriePath,
        /// Path to the block's slot in its storage.
        slot: TriePath,
    },
    /// The history of blocks in the state of a beacon block that is known. Only as the first.
    #[codec(index = 3)]
    Beacon(Box<BeaconHop>),
}

/// What shows what a source held.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Content {
    /// The blocks of a range, in rising order.
    #[codec(index = 1)]
    Events(BoundedVec<BlockEvidence, ConstU32<MAX_RANGE>>),
    /// For each named transaction the path to its receipt.
    #[codec(index = 2)]
    TransactionEvents {
        /// Header of the block.
        header: HeaderBytes,
        /// Paths in the receipts trie.
        receipts: TriePaths,
    },
    /// For each account its path, and those of its slots.
    #[codec(index = 3)]
    Storage {
        /// Header of the block.
        header: HeaderBytes,
        /// In the order of the query.
        accounts: BoundedVec<AccountEvidence, ConstU32<MAX_ACCOUNTS>>,
    },
    /// For each named transaction its path.
    #[codec(index = 4)]
    Transactions {
        /// Header of the block.
        header: HeaderBytes,
        /// Paths in the transactions trie.
        transactions: TriePaths,
    },
    /// The state of a zkGraph.
    #[codec(index = 5)]
    State(StateBytes),
    /// For each field its node.
    #[codec(index = 6)]
    Beacon {
        /// Header of the block.
        header: HeaderBytes,
        /// Header of the beacon block before it.
        beacon: BeaconHeader,
        /// In the order of the query.
        fields: BoundedVec<FieldEvidence, ConstU32<MAX_FIELDS>>,
    },
    /// The headers of a range, in rising order.
    #[codec(index = 7)]
    Headers(BoundedVec<HeaderBytes, ConstU32<MAX_RANGE>>),
}

/// What shows the events of a block.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct BlockEvidence {
    /// Its header.
    pub header: HeaderBytes,
    /// All its receipts, EIP-2718 encoded, in order: the trie is rebuilt from them. `None` if and only if the header's bloom filter excludes
    /// every event that is read.
    pub receipts: Option<BoundedVec<EvidenceBytes, ConstU32<MAX_RECEIPTS>>>,
}

/// What shows an account and its slots.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct AccountEvidence {
    /// Path in the state trie.
    pub account: TriePath,
    /// Paths in the account's storage trie, in the order of the query; none if there is no such account.
    pub slots: BoundedVec<TriePath, ConstU32<MAX_SLOTS>>,
}

/// What shows a node of the tree whose root a beacon block has.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct FieldEvidence {
    /// The node: of a small field the bytes, of others their root. Zero for a part of an item that a list does not have.
    pub node: H256,
    /// From it to the root; from the place of the item, for one that a list does not have.
    pub branch: BeaconBranch,
}

impl Hop {
    /// Bytes of headers and nodes, and [`ITEM_BYTES`] for each of them; [`NODE_BYTES`] for each node of a beacon block's tree.
    pub fn byte_count(&self) -> usize {
        match self {
            Self::Parents(headers) => headers.iter().map(|header| header.len() + ITEM_BYTES).sum(),
            Self::History {
                header,
                account,
                slot,
                ..
            } => header.len() + ITEM_BYTES + nodes(account) + nodes(slot),
            Self::Beacon(hop) => {
                2 * BEACON_HEADER_BYTES + NODE_BYTES * (hop.branch.len() + hop.payload.len())
            }
        }
    }
}

impl Content {
    /// Bytes of headers, receipts, nodes and state, and [`ITEM_BYTES`] for each of them; [`NODE_BYTES`] for each node of a beacon block's
    /// tree.
    pub fn byte_count(&self) -> usize {
        match self {
            Self::Events(blocks) => blocks.iter().map(BlockEvidence::byte_count).sum(),
            Self::TransactionEvents {
                header,
                receipts: paths,
            }
            | Self::Transactions {
                header,
                transactions: paths,
            } => header.len() + ITEM_BYTES + paths.iter().map(nodes).sum::<usize>(),
            Self::Storage { header, accounts } => {
                let account = |account: &AccountEvidence| {
                    nodes(&account.account) + account.slots.iter().map(nodes).sum::<usize>()
                };
                header.len() + ITEM_BYTES + accounts.iter().map(account).sum::<usize>()
            }
            Self::State(state) => state.len(),
            Self::Headers(headers) => headers.iter().map(|header| header.len() + ITEM_BYTES).sum(),
            Self::Beacon { header, fields, .. } => {
                let field = |field: &FieldEvidence| NODE_BYTES * field.branch.len() + ITEM_BYTES;
                header.len() + ITEM_BYTES + BEACON_HEADER_BYTES + fields.iter().map(field).sum::<usize>()
            }
        }
    }
}

impl BlockEvidence {
    fn byte_count(&self) -> usize {
        let receipts = self.receipts.iter().flatten();
        self.header.len() + ITEM_BYTES + receipts.map(|receipt| receipt.len() + ITEM_BYTES).sum::<usize>()
    }
}

fn nodes(path: &TriePath) -> usize {
    path.iter().map(|node| node.len() + ITEM_BYTES).sum()
}
