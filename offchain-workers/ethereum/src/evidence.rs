//! What shows the events of a block of Ethereum.

use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, B256, Bytes, keccak256};
use alloy_rpc_types_eth::{Filter, Log, TransactionReceipt};
use weft_ethereum_proofs::{Header, HeaderError, prove_receipts, receipts_root};
use weft_primitives::{
    BlockEvidence, BoundedVec, ConstU32, H160, H256, SourceBlock, SourceKind,
    input::{BlockEntry, LogEntry},
    manifest::EventSource,
    source::{EvidenceBytes, MAX_EVIDENCE_BYTES, ReceiptEvidence, TriePath},
};

use crate::{Ethereum, EthereumError};

/// The evidence for a block cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The node does not answer, or does not have the block.
    #[error(transparent)]
    Ethereum(#[from] EthereumError),
    /// No header that the node gives has the hash of the block.
    #[error("the Ethereum node gives another header than the one with the hash {0:?}")]
    WrongHeader(H256),
    /// The header has the right hash and cannot be read.
    #[error("the header of block {0:?} cannot be read: {1}")]
    Header(H256, HeaderError),
    /// No receipts that the node gives have the root of the block.
    #[error("the Ethereum node gives other receipts than those of block {0:?}")]
    WrongReceipts(H256),
    /// The offer names a transaction that the block does not have.
    #[error("block {block:?} has {count} transactions, and the offer names one beyond")]
    NoSuchTransaction {
        /// The block.
        block: H256,
        /// How many it has.
        count: usize,
    },
    /// The evidence is larger than the chain takes.
    #[error("the evidence for block {0:?} is larger than {MAX_EVIDENCE_BYTES} bytes, or has too many parts")]
    TooLarge(H256),
}

/// The events that were proved are not those that `eth_getLogs` gives.
#[derive(Debug, thiserror::Error)]
pub enum LogsError {
    /// The node does not answer.
    #[error(transparent)]
    Ethereum(#[from] EthereumError),
    /// Two answers of the node contradict each other.
    #[error(
        "block {block:?} has {proved} matching events by its receipts, and eth_getLogs gives {given} or others"
    )]
    Differ {
        /// The block.
        block: H256,
        /// How many events its receipts show.
        proved: usize,
        /// How many the node lists.
        given: usize,
    },
}

impl Ethereum {
    /// Fetches what shows the events of `block` for a source of this kind. All of it is checked against the block's hash.
    pub async fn evidence(&self, block: &SourceBlock, kind: SourceKind) -> Result<BlockEvidence, FetchError> {
        let (bytes, header) = self.checked_header(block.hash).await?;
        let receipts = self.checked_receipts(block.hash, header.receipts_root).await?;
        let too_large = FetchError::TooLarge(block.hash);
        let evidence = assemble(bytes, receipts, block, kind)?;
        match evidence {
            Some(evidence) if evidence.byte_count() <= MAX_EVIDENCE_BYTES as usize => Ok(evidence),
            _ => Err(too_large),
        }
    }

    /// RLP of the header with this hash, and what is in it.
    pub async fn checked_header(&self, hash: H256) -> Result<(Vec<u8>, Header), FetchError> {
        let block = B256::from(hash.0);
        let header = self
            .header("eth_getBlockByHash", block, format!("block {hash:?}"))
            .await?;
        let mut bytes = alloy_rlp::encode(&header.inner);
        if keccak256(&bytes) != block {
            // A field that a newer fork added is lost when the answer is read; the raw header has it.
            let raw: Result<Bytes, _> = self.request("debug_getRawHeader", (block,)).await;
            bytes = raw.map_err(|_| FetchError::WrongHeader(hash))?.to_vec();
        }
        if keccak256(&bytes) != block {
            return Err(FetchError::WrongHeader(hash));
        }
        let header = Header::decode(&bytes).map_err(|error| FetchError::Header(hash, error))?;
        Ok((bytes, header))
    }

    /// All receipts of the block with this hash as they are in its trie, whose root is `root`.
    async fn checked_receipts(&self, hash: H256, root: H256) -> Result<Vec<Vec<u8>>, FetchError> {
        let block = B256::from(hash.0);
        let answer: Result<Option<Vec<TransactionReceipt>>, _> =
            self.request("eth_getBlockReceipts", (block,)).await;
        if let Ok(Some(receipts)) = answer {
            let receipts: Vec<Vec<u8>> = receipts
                .into_iter()
                .map(|receipt| receipt.into_primitives_receipt().inner.encoded_2718())
                .collect();
            if receipts_root(&receipts) == root {
                return Ok(receipts);
            }
        }
        // The method is missing, or an answer lacks something that is in the trie.
        let raw: Vec<Bytes> = self.request("debug_getRawReceipts", (block,)).await?;
        let receipts: Vec<Vec<u8>> = raw.into_iter().map(|receipt| receipt.to_vec()).collect();
        if receipts_root(&receipts) != root {
            return Err(FetchError::WrongReceipts(hash));
        }
        Ok(receipts)
    }

    /// Compares events that were proved with those that `eth_getLogs` gives. The proof needs no such confirmation: this finds a
    /// fault of this program, or a node that does not know its own logs, before a bond is at stake.
    pub async fn confirm_logs(
        &self,
        block: &SourceBlock,
        wanted: &EventSource,
        proved: &BlockEntry,
    ) -> Result<(), LogsError> {
        let addresses: Vec<Address> = wanted
            .addresses
            .iter()
            .map(|address| Address::from(address.0))
            .collect();
        let mut filter = Filter::new()
            .at_block_hash(B256::from(block.hash.0))
            .address(addresses);
        for (position, any_of) in filter.topics.iter_mut().zip(&wanted.topics) {
            *position = any_of
                .iter()
                .map(|topic| B256::from(topic.0))
                .collect::<Vec<_>>()
                .into();
        }
        let listed: Vec<Log> = self.request("eth_getLogs", (filter,)).await?;
        let named = |log: &LogEntry| {
            block.transactions.is_empty()
                || block
                    .transactions
                    .iter()
                    .any(|index| u64::from(*index) == log.transaction_index)
        };
        let listed: Vec<LogEntry> = listed
            .into_iter()
            .map(entry)
            .filter(|log| wanted.matches(log) && named(log))
            .collect();
        let same = listed.len() == proved.logs.len()
            && listed.iter().zip(&proved.logs).all(|(one, other)| {
                // eth_getLogs counts logs in the block, a receipt only in its transaction.
                LogEntry {
                    log_index: other.log_index,
                    ..one.clone()
                } == *other
            });
        if same {
            return Ok(());
        }
        Err(LogsError::Differ {
            block: block.hash,
            proved: proved.logs.len(),
            given: listed.len(),
        })
    }
}

fn entry(log: Log) -> LogEntry {
    LogEntry {
        address: H160(log.inner.address.into_array()),
        transaction_index: log.transaction_index.unwrap_or(u64::MAX),
        log_index: 0,
        topics: log
            .inner
            .data
            .topics()
            .iter()
            .map(|topic| H256(topic.0))
            .collect(),
        data: log.inner.data.data.to_vec(),
    }
}

/// Evidence in the form that the chain takes, of a header and all receipts of its block. `None` if a part is beyond its bound.
pub fn assemble(
    header: Vec<u8>,
    receipts: Vec<Vec<u8>>,
    block: &SourceBlock,
    kind: SourceKind,
) -> Result<Option<BlockEvidence>, FetchError> {
    let receipts = match kind {
        SourceKind::Blocks => all(receipts).map(ReceiptEvidence::All),
        SourceKind::Transactions => {
            let count = receipts.len();
            let paths =
                prove_receipts(&receipts, &block.transactions).ok_or(FetchError::NoSuchTransaction {
                    block: block.hash,
                    count,
                })?;
            let paths: Option<Vec<TriePath>> = paths.into_iter().map(all).collect();
            paths
                .and_then(|paths| BoundedVec::try_from(paths).ok())
                .map(ReceiptEvidence::Paths)
        }
    };
    let evidence = |receipts| {
        Some(BlockEvidence {
            header: header.try_into().ok()?,
            receipts,
        })
    };
    Ok(receipts.and_then(evidence))
}

fn all<const N: u32>(parts: Vec<Vec<u8>>) -> Option<BoundedVec<EvidenceBytes, ConstU32<N>>> {
    let parts: Option<Vec<EvidenceBytes>> = parts.into_iter().map(|part| part.try_into().ok()).collect();
    parts?.try_into().ok()
}
