//! What a node says of events, which is not believed.

use alloy_primitives::{Address, B256};
use alloy_rpc_types_eth::{Filter, Log};
use weft_primitives::{
    H160, H256, Query, SourceBlock,
    input::{LogEntry, Section},
    query::EventFilter,
};

use crate::{Ethereum, EthereumError};

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
    /// Whether a range of the canonical chain has events that `filter` asks for, by what the node says: the blocks that have them,
    /// rising.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn blocks_with_events(
        &self,
        filter: &EventFilter,
        first: u64,
        last: u64,
    ) -> Result<Vec<u64>, EthereumError> {
        let asked = rpc_filter(filter).from_block(first).to_block(last);
        let listed: Vec<Log> = self.request("eth_getLogs", (asked,)).await?;
        let mut blocks: Vec<u64> = listed
            .into_iter()
            .filter_map(|log| log.block_number.filter(|_| filter.matches(&entry(log))))
            .collect();
        blocks.sort_unstable();
        blocks.dedup();
        Ok(blocks)
    }

    /// Compares events that were proved with those that `eth_getLogs` gives. The proof needs no such confirmation: this finds a
    /// fault of this program, or a node that does not know its own logs, before a bond is at stake.
    ///
    /// # Errors
    /// When they differ, or the node does not answer.
    pub async fn confirm_logs(
        &self,
        block: &SourceBlock,
        query: &Query,
        proved: &Section,
    ) -> Result<(), LogsError> {
        let (Some(filter), Section::Events(_, blocks) | Section::TransactionEvents(_, blocks)) =
            (query.events(), proved)
        else {
            return Ok(());
        };
        let asked = match block.first == block.number {
            true => rpc_filter(filter).at_block_hash(B256::from(block.hash.0)),
            false => rpc_filter(filter).from_block(block.first).to_block(block.number),
        };
        let listed: Vec<Log> = self.request("eth_getLogs", (asked,)).await?;
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
            .filter(|log| filter.matches(log) && named(log))
            .collect();
        let proved: Vec<&LogEntry> = blocks.iter().flat_map(|block| &block.logs).collect();
        let same = listed.len() == proved.len()
            && listed.iter().zip(&proved).all(|(one, other)| {
                // eth_getLogs counts logs in the block, a receipt only in its transaction.
                LogEntry {
                    log_index: other.log_index,
                    ..one.clone()
                } == **other
            });
        if same {
            return Ok(());
        }
        Err(LogsError::Differ {
            block: block.hash,
            proved: proved.len(),
            given: listed.len(),
        })
    }
}

/// What `eth_getLogs` is asked for.
fn rpc_filter(filter: &EventFilter) -> Filter {
    let addresses: Vec<Address> = filter
        .addresses
        .iter()
        .map(|address| Address::from(address.0))
        .collect();
    let mut asked = Filter::new().address(addresses);
    for (position, any_of) in asked.topics.iter_mut().zip(&filter.topics) {
        *position = any_of
            .iter()
            .map(|topic| B256::from(topic.0))
            .collect::<Vec<_>>()
            .into();
    }
    asked
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
