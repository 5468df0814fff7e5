//! The blocks that a run reads, and the evidence that a worker brings for them.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::H256;
use scale_info::TypeInfo;

use crate::MAX_SOURCES;

/// Most bytes of a block header's RLP. A header has some 600.
pub const MAX_HEADER_BYTES: u32 = 2 * 1024;
/// Most bytes of all evidence of one run.
pub const MAX_EVIDENCE_BYTES: u32 = 1024 * 1024;
/// Most receipts of a block.
pub const MAX_RECEIPTS: u32 = 4096;
/// Most transactions that an offer names in one block.
pub const MAX_NAMED_TRANSACTIONS: u32 = 64;
/// Most nodes on a path of the receipts trie: the key is the RLP of an index, six nibbles at most below 4,096
/// receipts.
pub const MAX_PROOF_NODES: u32 = 16;

/// Bytes of evidence: a receipt or a node of a trie.
pub type EvidenceBytes = BoundedVec<u8, ConstU32<MAX_EVIDENCE_BYTES>>;
/// The blocks of a run, one for each source of the manifest, in its order.
pub type SourceBlocks = BoundedVec<SourceBlock, ConstU32<MAX_SOURCES>>;
/// The evidence of a run, one for each of its blocks.
pub type Evidence = BoundedVec<BlockEvidence, ConstU32<MAX_SOURCES>>;

/// A block that a run is offered over.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct SourceBlock {
    /// EIP-155 id of the chain.
    pub chain_id: u64,
    /// Number of the block.
    pub number: u64,
    /// Hash of the block.
    pub hash: H256,
    /// Indices of the transactions whose events are read, rising. Empty for a source that reads whole blocks.
    pub transactions: BoundedVec<u32, ConstU32<MAX_NAMED_TRANSACTIONS>>,
}

/// What shows the events of a block.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct BlockEvidence {
    /// RLP of the block's header.
    pub header: BoundedVec<u8, ConstU32<MAX_HEADER_BYTES>>,
    /// Its receipts.
    pub receipts: ReceiptEvidence,
}

/// Receipts of a block, EIP-2718 encoded, and what shows that they are in it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum ReceiptEvidence {
    /// All receipts of the block, in order: the trie is rebuilt from them.
    #[codec(index = 1)]
    All(BoundedVec<EvidenceBytes, ConstU32<MAX_RECEIPTS>>),
    /// For each named transaction the nodes of the path from the trie's root to its receipt.
    #[codec(index = 2)]
    Paths(BoundedVec<TriePath, ConstU32<MAX_NAMED_TRANSACTIONS>>),
}

/// The nodes from a trie's root to a leaf, which holds the receipt.
pub type TriePath = BoundedVec<EvidenceBytes, ConstU32<MAX_PROOF_NODES>>;

impl BlockEvidence {
    /// Bytes of header, receipts and nodes.
    pub fn byte_count(&self) -> usize {
        let receipts: usize = match &self.receipts {
            ReceiptEvidence::All(receipts) => receipts.iter().map(|receipt| receipt.len()).sum(),
            ReceiptEvidence::Paths(paths) => paths.iter().flatten().map(|node| node.len()).sum(),
        };
        self.header.len() + receipts
    }
}
