//! Headers, transactions and receipts, checked against the hash of their block.

use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{B256, Bytes, keccak256};
use alloy_rpc_types_eth::TransactionReceipt;
use weft_ethereum_proofs::{Header, items_root};
use weft_primitives::H256;

use crate::{Ethereum, EthereumError, FetchError};

impl Ethereum {
    /// All transactions of the block with this hash as they are in its trie, whose root is `root`.
    pub(crate) async fn checked_transactions(
        &self,
        hash: H256,
        root: H256,
    ) -> Result<Vec<Vec<u8>>, FetchError> {
        let block = B256::from(hash.0);
        let answer: Option<alloy_rpc_types_eth::Block> =
            self.request("eth_getBlockByHash", (block, true)).await?;
        let answer = answer.ok_or_else(|| EthereumError::Missing(format!("block {hash:?}")))?;
        let transactions = answer.transactions.into_transactions();
        let transactions: Vec<Vec<u8>> = transactions
            .map(|transaction| transaction.inner.inner().encoded_2718())
            .collect();
        if items_root(&transactions) != root {
            return Err(FetchError::WrongTransactions(hash));
        }
        Ok(transactions)
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
    pub(crate) async fn checked_receipts(&self, hash: H256, root: H256) -> Result<Vec<Vec<u8>>, FetchError> {
        let block = B256::from(hash.0);
        let answer: Result<Option<Vec<TransactionReceipt>>, _> =
            self.request("eth_getBlockReceipts", (block,)).await;
        if let Ok(Some(receipts)) = answer {
            let receipts: Vec<Vec<u8>> = receipts
                .into_iter()
                .map(|receipt| receipt.into_primitives_receipt().inner.encoded_2718())
                .collect();
            if items_root(&receipts) == root {
                return Ok(receipts);
            }
        }
        // The method is missing, or an answer lacks something that is in the trie.
        let raw: Vec<Bytes> = self.request("debug_getRawReceipts", (block,)).await?;
        let receipts: Vec<Vec<u8>> = raw.into_iter().map(|receipt| receipt.to_vec()).collect();
        if items_root(&receipts) != root {
            return Err(FetchError::WrongReceipts(hash));
        }
        Ok(receipts)
    }
}
