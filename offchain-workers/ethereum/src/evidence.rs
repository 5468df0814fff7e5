//! What shows what a source of a run held.

use alloy_primitives::{Address, B256, Bytes, U64};
use alloy_rpc_types_eth::EIP1186AccountProofResponse;
use weft_ethereum_proofs::{BloomFilter, Header, HeaderError, account_at, prove_items};
use weft_primitives::{
    BoundedVec, ConstU32, H160, H256, MAX_INPUT_BYTES, Query, SourceBlock,
    advice::MAX_ADVICE_WORDS,
    input::HEADER_ENTRY_BYTES,
    query::{AccountQuery, EventFilter},
    source::{
        AccountEvidence, BlockEvidence, Content, EvidenceBytes, HeaderBytes, ITEM_BYTES, MAX_EVIDENCE_BYTES,
        MAX_RECEIPT_BYTES, TriePath, TriePaths,
    },
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
    /// No transactions that the node gives have the root of the block.
    #[error("the Ethereum node gives other transactions than those of block {0:?}")]
    WrongTransactions(H256),
    /// No paths that the node gives start at the block's state root.
    #[error("the Ethereum node gives another state than that of block {0:?}")]
    WrongState(H256),
    /// The query reads a zkGraph, not Ethereum.
    #[error("the state of a zkGraph is not found on Ethereum; ask a node of Weft")]
    NotOnEthereum,
    /// The query reads the beacon chain, which an execution node does not know.
    #[error("fields of the beacon chain are not found at an execution node; ask a beacon node")]
    OnBeaconChain,
    /// The offer names a transaction that the block does not have.
    #[error("block {block:?} has {count} transactions, and the offer names one beyond")]
    NoSuchTransaction {
        /// The block.
        block: H256,
        /// How many it has.
        count: usize,
    },
    /// The evidence is larger than the chain takes.
    #[error("the evidence for block {0:?} is larger than the chain takes, or has too many parts")]
    TooLarge(H256),
}

impl Ethereum {
    /// Fetches what shows what `query` reads of `block`. Headers, receipts and transactions are checked against the block's hash.
    ///
    /// # Errors
    /// When the node does not have it or lies, or the chain would not take as much.
    pub async fn evidence(&self, block: &SourceBlock, query: &Query) -> Result<Content, FetchError> {
        let too_large = || FetchError::TooLarge(block.hash);
        let content = match query {
            Query::Events { filter, .. } => self.events(block, filter).await?,
            Query::TransactionEvents { .. } => {
                let (bytes, header) = self.checked_header(block.hash).await?;
                let receipts = self.checked_receipts(block.hash, header.receipts_root).await?;
                let receipts = named(&receipts, block)?;
                header_bytes(bytes)
                    .zip(receipts)
                    .map(|(header, receipts)| Content::TransactionEvents { header, receipts })
            }
            Query::Storage { accounts, .. } => {
                let (bytes, header) = self.checked_header(block.hash).await?;
                let accounts = self.accounts(&header, accounts).await?;
                header_bytes(bytes)
                    .zip(accounts.try_into().ok())
                    .map(|(header, accounts)| Content::Storage { header, accounts })
            }
            Query::Transactions { .. } => {
                let (bytes, header) = self.checked_header(block.hash).await?;
                let transactions = self
                    .checked_transactions(block.hash, header.transactions_root)
                    .await?;
                let transactions = named(&transactions, block)?;
                header_bytes(bytes)
                    .zip(transactions)
                    .map(|(header, transactions)| Content::Transactions { header, transactions })
            }
            Query::Headers { .. } => {
                let mut headers = Vec::new();
                let mut hash = block.hash;
                for _ in block.first..=block.number {
                    let (bytes, header) = self.checked_header(hash).await?;
                    headers.push(header_bytes(bytes).ok_or_else(too_large)?);
                    hash = header.parent_hash;
                }
                headers.reverse();
                headers.try_into().ok().map(Content::Headers)
            }
            Query::State { .. } => return Err(FetchError::NotOnEthereum),
            Query::Beacon { .. } => return Err(FetchError::OnBeaconChain),
        };
        let most = match query {
            Query::TransactionEvents { .. } => MAX_RECEIPT_BYTES,
            _ => MAX_EVIDENCE_BYTES,
        };
        content
            .filter(|content| content.byte_count() <= most as usize)
            .ok_or_else(too_large)
    }

    /// Receipts of those blocks of a range that may have events that are read, as a program takes them for advice: in rising order, checked
    /// against the blocks' hashes.
    ///
    /// # Errors
    /// When the node does not have them or lies, or there are more than a proof has room for.
    pub async fn advice(
        &self,
        block: &SourceBlock,
        filter: &EventFilter,
    ) -> Result<Vec<Vec<Vec<u8>>>, FetchError> {
        let bloom = BloomFilter::new(filter);
        let mut blocks = Vec::new();
        let mut hash = block.hash;
        let mut bytes = 0;
        for _ in block.first..=block.number {
            let (_, header) = self.checked_header(hash).await?;
            if !bloom.excludes(&header.bloom) {
                let receipts = self.checked_receipts(hash, header.receipts_root).await?;
                bytes += receipts.iter().map(Vec::len).sum::<usize>();
                if bytes > 8 * MAX_ADVICE_WORDS {
                    return Err(FetchError::TooLarge(block.hash));
                }
                blocks.push(receipts);
            }
            hash = header.parent_hash;
        }
        blocks.reverse();
        Ok(blocks)
    }

    /// The headers of a range, from the last block back, and the receipts of those blocks that may have events that are read.
    async fn events(&self, block: &SourceBlock, filter: &EventFilter) -> Result<Option<Content>, FetchError> {
        let mut blocks = Vec::new();
        let bloom = BloomFilter::new(filter);
        let mut hash = block.hash;
        let mut bytes = 0;
        for _ in block.first..=block.number {
            let (header_rlp, header) = self.checked_header(hash).await?;
            let receipts = match bloom.excludes(&header.bloom) {
                true => None,
                false => Some(self.checked_receipts(hash, header.receipts_root).await?),
            };
            bytes += header_rlp.len() + receipts.iter().flatten().map(Vec::len).sum::<usize>();
            if bytes > MAX_EVIDENCE_BYTES as usize {
                return Ok(None);
            }
            let Some(shown) = block_evidence(header_rlp, receipts) else {
                return Ok(None);
            };
            blocks.push(shown);
            hash = header.parent_hash;
        }
        blocks.reverse();
        Ok(blocks.try_into().ok().map(Content::Events))
    }

    /// The last block, from `first` to `last`, up to which the evidence for all of these filters stays within `most` bytes, and the headers
    /// that are read for `headers` within an input; at least `first`.
    ///
    /// # Errors
    /// When the node does not answer, or lies.
    pub async fn reach(
        &self,
        filters: &[&EventFilter],
        headers: &[&EventFilter],
        first: u64,
        last: u64,
        most: usize,
    ) -> Result<u64, FetchError> {
        let blooms = |filters: &[&EventFilter]| -> Vec<BloomFilter> {
            filters.iter().map(|filter| BloomFilter::new(filter)).collect()
        };
        let (blooms, header_blooms) = (blooms(filters), blooms(headers));
        let (mut bytes, mut input) = (0, 0);
        for number in first..=last {
            let hash = H256(self.header_at(number).await?.hash.0);
            let (rlp, header) = self.checked_header(hash).await?;
            let reading = blooms
                .iter()
                .filter(|bloom| !bloom.excludes(&header.bloom))
                .count();
            bytes += (filters.len() + headers.len()) * (rlp.len() + ITEM_BYTES);
            let named = header_blooms
                .iter()
                .filter(|bloom| !bloom.excludes(&header.bloom));
            input += named.count() * HEADER_ENTRY_BYTES;
            if reading > 0 {
                let receipts = self.checked_receipts(hash, header.receipts_root).await?;
                bytes += reading
                    * receipts
                        .iter()
                        .map(|receipt| receipt.len() + ITEM_BYTES)
                        .sum::<usize>();
            }
            if bytes > most || input > MAX_INPUT_BYTES as usize / 16 * 15 {
                return Ok(first.max(number.saturating_sub(1)));
            }
        }
        Ok(last)
    }

    /// The paths to accounts and slots after a block. Those to slots are checked where they are used.
    async fn accounts(
        &self,
        block: &Header,
        accounts: &[AccountQuery],
    ) -> Result<Vec<AccountEvidence>, FetchError> {
        let too_large = || FetchError::TooLarge(block.hash);
        let mut evidence = Vec::new();
        for account in accounts {
            let proof = self.proof(account.address, &account.slots, block.number).await?;
            let path = proof.account();
            let found = account_at(block.state_root, account.address, &path);
            let found = found.map_err(|_| FetchError::WrongState(block.hash))?;
            // An account that is not there has no slots to show.
            let slots = found.map_or(Vec::new(), |_| proof.slots());
            let slots: Option<Vec<TriePath>> = slots.into_iter().map(all).collect();
            evidence.push(AccountEvidence {
                account: all(path).ok_or_else(too_large)?,
                slots: slots
                    .and_then(|slots| slots.try_into().ok())
                    .ok_or_else(too_large)?,
            });
        }
        Ok(evidence)
    }

    /// The answer to `eth_getProof`, for the state after the canonical block with this number.
    pub(crate) async fn proof(
        &self,
        address: H160,
        slots: &[H256],
        number: u64,
    ) -> Result<StateProof, EthereumError> {
        let slots: Vec<B256> = slots.iter().map(|slot| B256::from(slot.0)).collect();
        let parameters = (Address::from(address.0), slots, U64::from(number));
        Ok(StateProof(self.request("eth_getProof", parameters).await?))
    }
}

/// What `eth_getProof` answered.
pub(crate) struct StateProof(EIP1186AccountProofResponse);

impl StateProof {
    /// The nodes to the account.
    pub(crate) fn account(&self) -> Vec<Vec<u8>> {
        self.0.account_proof.iter().map(|node| node.to_vec()).collect()
    }

    /// The nodes to each slot.
    pub(crate) fn slots(&self) -> Vec<Vec<Vec<u8>>> {
        let nodes = |proof: &[Bytes]| -> Vec<Vec<u8>> {
            // Some nodes show an empty trie by its only node, which has nothing in it.
            let empty = |node: &Bytes| node.as_ref() == [alloy_rlp::EMPTY_STRING_CODE];
            proof
                .iter()
                .filter(|node| !empty(node))
                .map(|node| node.to_vec())
                .collect()
        };
        self.0
            .storage_proof
            .iter()
            .map(|slot| nodes(&slot.proof))
            .collect()
    }
}

/// The paths to those receipts or transactions of a block that the offer names. `None` if a part is beyond its bound.
///
/// # Errors
/// When the block has fewer.
pub fn named(items: &[Vec<u8>], block: &SourceBlock) -> Result<Option<TriePaths>, FetchError> {
    let paths = prove_items(items, &block.transactions).ok_or(FetchError::NoSuchTransaction {
        block: block.hash,
        count: items.len(),
    })?;
    let paths: Option<Vec<TriePath>> = paths.into_iter().map(all).collect();
    Ok(paths.and_then(|paths| paths.try_into().ok()))
}

/// A block of a range in the form that the chain takes. `None` if a part is beyond its bound.
pub fn block_evidence(header: Vec<u8>, receipts: Option<Vec<Vec<u8>>>) -> Option<BlockEvidence> {
    Some(BlockEvidence {
        header: header_bytes(header)?,
        receipts: match receipts {
            Some(receipts) => Some(all(receipts)?),
            None => None,
        },
    })
}

/// A header in the form that the chain takes.
pub(crate) fn header_bytes(header: Vec<u8>) -> Option<HeaderBytes> {
    header.try_into().ok()
}

/// Bytes, each within its bound, and not too many.
pub(crate) fn all<const N: u32>(parts: Vec<Vec<u8>>) -> Option<BoundedVec<EvidenceBytes, ConstU32<N>>> {
    let parts: Option<Vec<EvidenceBytes>> = parts.into_iter().map(|part| part.try_into().ok()).collect();
    parts?.try_into().ok()
}
