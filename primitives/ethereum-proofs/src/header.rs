//! Block headers of Ethereum.

use weft_primitives::{H256, keccak256};

use crate::rlp::{Items, NotRlp};

/// The fields of a header that are needed here, and its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// keccak256 of the RLP.
    pub hash: H256,
    /// Number of the block.
    pub number: u64,
    /// Root of the trie of its receipts.
    pub receipts_root: H256,
    /// Time of the block, in seconds since 1970.
    pub timestamp: u64,
}

/// The bytes are not the RLP of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the RLP of a block header")]
pub struct HeaderError;

impl From<NotRlp> for HeaderError {
    fn from(_: NotRlp) -> Self {
        Self
    }
}

/// Fields of the first headers. Forks append to them.
const FIRST_FIELDS: usize = 15;

impl Header {
    /// Reads the header whose RLP `bytes` are. Fields are found by position (Yellow Paper, 4.4): 5 is
    /// receiptsRoot, 8 number, 11
    /// timestamp. Fields after the fifteenth, which forks append, may be anything.
    pub fn decode(bytes: &[u8]) -> Result<Self, HeaderError> {
        let mut items = Items::of_list(bytes)?;
        let (mut receipts_root, mut number, mut timestamp) = (H256::zero(), 0, 0);
        for position in 0..FIRST_FIELDS {
            match position {
                5 => receipts_root = H256(items.array()?),
                8 => number = items.integer()?,
                11 => timestamp = items.integer()?,
                _ => {
                    items.string()?;
                }
            }
        }
        while !items.is_empty() {
            items.skip()?;
        }
        Ok(Self {
            hash: keccak256(bytes),
            number,
            receipts_root,
            timestamp,
        })
    }
}
