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

/// An event where the node says that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedEvent {
    /// Number of its block.
    pub number: u64,
    /// Hash of its block.
    pub block: H256,
    /// The event. Its index in the transaction is not known here.
    pub event: LogEntry,
}

impl Ethereum {
    /// The events of a range of the canonical chain that `filter` asks for, in order, by what the node says.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn list_events(
        &self,
        filter: &EventFilter,
        first: u64,
        last: u64,
    ) -> Result<Vec<PlacedEvent>, EthereumError> {
        let asked = rpc_filter(filter).from_block(first).to_block(last);
        let listed: Vec<Log> = self.request("eth_getLogs", (asked,)).await?;
        let placed = listed.into_iter().filter_map(|log| {
            let (number, block) = (log.block_number?, H256(log.block_hash?.0));
            let event = entry(log);
            filter
                .matches(&event)
                .then_some(PlacedEvent { number, block, event })
        });
        Ok(placed.collect())
    }

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
        let listed = self.list_events(filter, first, last).await?;
        let mut blocks: Vec<u64> = listed.into_iter().map(|placed| placed.number).collect();
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
