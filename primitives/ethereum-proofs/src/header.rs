//! Block headers of Ethereum.

use weft_primitives::{H256, keccak256};

use crate::rlp::{Items, NotRlp};

/// The fields of a header that are needed here, and its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// keccak256 of the RLP.
    pub hash: H256,
    /// Hash of the block before.
    pub parent_hash: H256,
    /// Root of the state after the block.
    pub state_root: H256,
    /// Number of the block.
    pub number: u64,
    /// Root of the trie of its transactions.
    pub transactions_root: H256,
    /// Root of the trie of its receipts.
    pub receipts_root: H256,
    /// The bloom filter of its logs (Yellow Paper, 4.3.1).
    pub bloom: [u8; 256],
    /// Time of the block, in seconds since 1970.
    pub timestamp: u64,
    /// The beacon chain's RANDAO mix (EIP-4399); before the merge the hash of the proof of work.
    pub randao: H256,
    /// Root of the beacon block before (EIP-4788); none before Cancun.
    pub parent_beacon_root: Option<H256>,
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
/// The place of `parentBeaconBlockRoot` among those that forks appended.
const PARENT_BEACON_ROOT: usize = 19;

impl Header {
    /// Reads the header whose RLP `bytes` are. Fields are found by position (Yellow Paper, 4.4): 0 is
    /// parentHash, 3 stateRoot,
    /// 4 transactionsRoot, 5 receiptsRoot, 6 logsBloom, 8 number, 11 timestamp, 13 prevRandao, 19
    /// parentBeaconBlockRoot. Other fields after the fifteenth, which forks append, may be anything.
    pub fn decode(bytes: &[u8]) -> Result<Self, HeaderError> {
        let mut items = Items::of_list(bytes)?;
        let [mut parent_hash, mut state_root, mut transactions_root] = [H256::zero(); 3];
        let [mut receipts_root, mut randao] = [H256::zero(); 2];
        let mut bloom = [0; 256];
        let (mut number, mut timestamp) = (0, 0);
        for position in 0..FIRST_FIELDS {
            match position {
                0 => parent_hash = H256(items.array()?),
                3 => state_root = H256(items.array()?),
                4 => transactions_root = H256(items.array()?),
                5 => receipts_root = H256(items.array()?),
                6 => bloom = items.array()?,
                8 => number = items.integer()?,
                11 => timestamp = items.integer()?,
                13 => randao = H256(items.array()?),
                _ => {
                    items.string()?;
                }
            }
        }
        let mut parent_beacon_root = None;
        let mut position = FIRST_FIELDS;
        while !items.is_empty() {
            match position {
                PARENT_BEACON_ROOT => parent_beacon_root = Some(H256(items.array()?)),
                _ => items.skip()?,
            }
            position += 1;
        }
        Ok(Self {
            hash: keccak256(bytes),
            parent_hash,
            state_root,
            number,
            transactions_root,
            receipts_root,
            bloom,
            timestamp,
            randao,
            parent_beacon_root,
        })
    }
}
