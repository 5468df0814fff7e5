//! Between what JSON has and what an input is.

use anyhow::{Context, Result, bail};
use weft_primitives::{
    H256,
    input::{
        AccountEntry, BlockEntry, BlockRange, FieldEntry, HeaderEntry, Input, LogEntry, MAX_TOPICS, Section,
        TransactionEntry,
    },
};

use super::{
    FileAccount, FileBlock, FileHeader, FileLog, FileRange, FileSource, FileTransaction, InputFile,
    parse_hex, shown,
};
use crate::manifest_file::{parse_address, parse_hash};

impl InputFile {
    /// The input that it describes.
    ///
    /// # Errors
    /// When something is not hexadecimal or has the wrong length.
    pub fn to_input(&self) -> Result<Input> {
        Ok(Input {
            prior_state: parse_hex(&self.state).context("state")?,
            sources: each(&self.sources, FileSource::read)?,
        })
    }

    /// The description of an input.
    pub fn of(input: &Input) -> Self {
        Self {
            state: shown(&input.prior_state),
            sources: input.sources.iter().map(FileSource::of).collect(),
        }
    }
}

fn each<T, U>(items: &[T], read: impl Fn(&T) -> Result<U>) -> Result<Vec<U>> {
    items.iter().map(read).collect()
}

fn hash(hash: H256) -> String {
    shown(hash.as_bytes())
}

impl FileSource {
    fn read(&self) -> Result<Section> {
        Ok(match self {
            Self::Events { range, blocks } => Section::Events(range.read()?, each(blocks, FileBlock::read)?),
            Self::TransactionEvents { range, blocks } => {
                Section::TransactionEvents(range.read()?, each(blocks, FileBlock::read)?)
            }
            Self::Storage { range, accounts } => {
                Section::Storage(range.read()?, each(accounts, FileAccount::read)?)
            }
            Self::Transactions { range, transactions } => {
                Section::Transactions(range.read()?, each(transactions, FileTransaction::read)?)
            }
            Self::Headers { range, headers } => {
                Section::Headers(range.read()?, each(headers, FileHeader::read).context("headers")?)
            }
            Self::Beacon { range, fields } => {
                let field = |(index, node): &(u64, String)| {
                    let (index, node) = (*index, parse_hash(node)?);
                    Ok(FieldEntry { index, node })
                };
                Section::Beacon(range.read()?, each(fields, field).context("fields")?)
            }
            Self::State { graph, state } => {
                let graph = parse_hash(graph).context("graph")?;
                Section::State(graph, parse_hex(state).context("state")?)
            }
        })
    }

    fn of(section: &Section) -> Self {
        let blocks_of = |blocks: &[BlockEntry]| blocks.iter().map(FileBlock::of).collect();
        match section {
            Section::Events(range, blocks) => Self::Events {
                range: FileRange::of(range),
                blocks: blocks_of(blocks),
            },
            Section::TransactionEvents(range, blocks) => Self::TransactionEvents {
                range: FileRange::of(range),
                blocks: blocks_of(blocks),
            },
            Section::Storage(range, accounts) => Self::Storage {
                range: FileRange::of(range),
                accounts: accounts.iter().map(FileAccount::of).collect(),
            },
            Section::Transactions(range, transactions) => Self::Transactions {
                range: FileRange::of(range),
                transactions: transactions.iter().map(FileTransaction::of).collect(),
            },
            Section::Headers(range, headers) => Self::Headers {
                range: FileRange::of(range),
                headers: headers.iter().map(FileHeader::of).collect(),
            },
            Section::Beacon(range, fields) => Self::Beacon {
                range: FileRange::of(range),
                fields: fields
                    .iter()
                    .map(|field| (field.index, hash(field.node)))
                    .collect(),
            },
            Section::State(graph, state) => Self::State {
                graph: hash(*graph),
                state: shown(state),
            },
        }
    }
}

impl FileRange {
    fn read(&self) -> Result<BlockRange> {
        Ok(BlockRange {
            chain_id: self.chain,
            first: self.first,
            last: self.last,
            hash: parse_hash(&self.hash).context("hash")?,
            timestamp: self.timestamp,
        })
    }

    fn of(range: &BlockRange) -> Self {
        Self {
            chain: range.chain_id,
            first: range.first,
            last: range.last,
            hash: hash(range.hash),
            timestamp: range.timestamp,
        }
    }
}

impl FileBlock {
    fn read(&self) -> Result<BlockEntry> {
        if self.logs.is_empty() {
            bail!("block {} has no logs: leave it out", self.number);
        }
        Ok(BlockEntry {
            number: self.number,
            timestamp: self.timestamp,
            logs: each(&self.logs, FileLog::read)?,
        })
    }

    fn of(block: &BlockEntry) -> Self {
        Self {
            number: block.number,
            timestamp: block.timestamp,
            logs: block.logs.iter().map(FileLog::of).collect(),
        }
    }
}

impl FileLog {
    fn read(&self) -> Result<LogEntry> {
        if self.topics.len() > MAX_TOPICS {
            bail!(
                "a log has {} topics; the EVM gives at most {MAX_TOPICS}",
                self.topics.len()
            );
        }
        Ok(LogEntry {
            address: parse_address(&self.address).context("address")?,
            transaction_index: self.transaction,
            log_index: self.log,
            topics: each(&self.topics, |topic| parse_hash(topic)).context("topics")?,
            data: parse_hex(&self.data).context("data")?,
        })
    }

    fn of(log: &LogEntry) -> Self {
        Self {
            address: shown(log.address.as_bytes()),
            transaction: log.transaction_index,
            log: log.log_index,
            topics: log.topics.iter().copied().map(hash).collect(),
            data: shown(&log.data),
        }
    }
}

impl FileHeader {
    fn read(&self) -> Result<HeaderEntry> {
        Ok(HeaderEntry {
            number: self.number,
            timestamp: self.timestamp,
            state_root: parse_hash(&self.state_root).context("stateRoot")?,
            transactions_root: parse_hash(&self.transactions_root).context("transactionsRoot")?,
            receipts_root: parse_hash(&self.receipts_root).context("receiptsRoot")?,
        })
    }

    fn of(header: &HeaderEntry) -> Self {
        Self {
            number: header.number,
            timestamp: header.timestamp,
            state_root: hash(header.state_root),
            transactions_root: hash(header.transactions_root),
            receipts_root: hash(header.receipts_root),
        }
    }
}

impl FileAccount {
    fn read(&self) -> Result<AccountEntry> {
        let slot = |(slot, value): &(String, String)| Ok((parse_hash(slot)?, parse_hash(value)?));
        Ok(AccountEntry {
            address: parse_address(&self.address).context("address")?,
            nonce: self.nonce,
            balance: parse_hash(&self.balance).context("balance")?,
            code_hash: parse_hash(&self.code_hash).context("codeHash")?,
            slots: each(&self.slots, slot).context("slots")?,
        })
    }

    fn of(account: &AccountEntry) -> Self {
        let slots = account.slots.iter();
        Self {
            address: shown(account.address.as_bytes()),
            nonce: account.nonce,
            balance: hash(account.balance),
            code_hash: hash(account.code_hash),
            slots: slots.map(|(slot, value)| (hash(*slot), hash(*value))).collect(),
        }
    }
}

impl FileTransaction {
    fn read(&self) -> Result<TransactionEntry> {
        let to = self.to.as_deref().map(parse_address).transpose();
        Ok(TransactionEntry {
            index: self.index,
            hash: parse_hash(&self.hash).context("hash")?,
            sender: parse_address(&self.sender).context("sender")?,
            to: to.context("to")?,
            nonce: self.nonce,
            value: parse_hash(&self.value).context("value")?,
            gas_limit: self.gas_limit,
            data: parse_hex(&self.data).context("data")?,
        })
    }

    fn of(transaction: &TransactionEntry) -> Self {
        Self {
            index: transaction.index,
            hash: hash(transaction.hash),
            sender: shown(transaction.sender.as_bytes()),
            to: transaction.to.map(|to| shown(to.as_bytes())),
            nonce: transaction.nonce,
            value: hash(transaction.value),
            gas_limit: transaction.gas_limit,
            data: shown(&transaction.data),
        }
    }
}
