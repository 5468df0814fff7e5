//! What a source of a run held.

use alloc::vec::Vec;
use weft_beacon_proofs::BeaconRules;
use weft_primitives::{
    Query, Source, SourceBlock,
    input::{BlockRange, Section, encode_section},
    keccak256,
    source::{Content, HeaderBytes, MAX_EVIDENCE_BYTES, MAX_RANGE, MAX_READ_TRANSACTIONS, MAX_RECEIPT_BYTES},
    state_root,
};

use crate::{EvidenceError, Header, beacon, events, state, transactions};

/// What evidence has shown of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    /// What the statement of the run has to say of this source.
    pub source: Source,
    /// The section of the run's input: [`encode_section`] of `content`.
    pub section: Vec<u8>,
    /// What the source held.
    pub content: Section,
}

impl Proved {
    /// How many events there are.
    pub fn event_count(&self) -> usize {
        match &self.content {
            Section::Events(_, blocks) | Section::TransactionEvents(_, blocks) => {
                blocks.iter().map(|block| block.logs.len()).sum()
            }
            _ => 0,
        }
    }
}

/// What `query` reads of `block`, as `evidence` shows it, provided that the last block belongs to Ethereum. Fields of the beacon chain are
/// read by its `rules`; other queries need none.
///
/// The cost is linear in the bytes of evidence, but for the comparison of each log with each address and topic of a filter, and a signature
/// recovered for each transaction of [`Query::Transactions`].
///
/// # Errors
/// When the evidence does not show that.
pub fn verify(
    block: &SourceBlock,
    query: &Query,
    evidence: &Content,
    rules: Option<&BeaconRules<'_>>,
) -> Result<Proved, EvidenceError> {
    let most = match query {
        Query::TransactionEvents { .. } => MAX_RECEIPT_BYTES,
        _ => MAX_EVIDENCE_BYTES,
    };
    if evidence.byte_count() > most as usize {
        return Err(EvidenceError::TooLarge);
    }
    check_block(block, query)?;
    let content = read(block, query, evidence, rules)?;
    let section = encode_section(&content);
    let source = Source {
        kind: query.kind(),
        chain_id: block.chain_id,
        first_block: block.first,
        last_block: block.number,
        block_hash: block.hash,
        filter: query.digest(block),
        root: keccak256(&section),
    };
    Ok(Proved {
        source,
        section,
        content,
    })
}

/// Whether `query` can read `block`, as far as can be said without evidence. The offer of a run is checked by this too.
///
/// # Errors
/// When it cannot.
pub fn check_block(block: &SourceBlock, query: &Query) -> Result<(), EvidenceError> {
    if block.chain_id != query.chain_id().unwrap_or(0) {
        return Err(EvidenceError::WrongChain);
    }
    let longest = match query {
        _ if query.is_range() => u64::from(MAX_RANGE),
        _ => 1,
    };
    let blocks = block.number.checked_sub(block.first);
    if blocks.is_none_or(|more| more >= longest) {
        return Err(EvidenceError::WrongRange);
    }
    if matches!(query, Query::State { .. }) && block.number != 0 {
        return Err(EvidenceError::WrongRange);
    }
    let most = match query {
        Query::TransactionEvents { .. } => usize::MAX,
        Query::Transactions { .. } => MAX_READ_TRANSACTIONS as usize,
        _ if block.transactions.is_empty() => return Ok(()),
        _ => return Err(EvidenceError::UnexpectedTransactions),
    };
    let named = &block.transactions;
    if named.is_empty() || named.len() > most || !named.is_sorted_by(|a, b| a < b) {
        return Err(EvidenceError::UnorderedTransactions);
    }
    Ok(())
}

fn read(
    block: &SourceBlock,
    query: &Query,
    content: &Content,
    rules: Option<&BeaconRules<'_>>,
) -> Result<Section, EvidenceError> {
    let range = |last: &Header| BlockRange {
        chain_id: block.chain_id,
        first: block.first,
        last: block.number,
        hash: last.hash,
        timestamp: last.timestamp,
    };
    match (query, content) {
        (Query::Events { filter, .. }, Content::Events(blocks)) => {
            let (last, entries) = events::of_range(block, filter, blocks)?;
            Ok(Section::Events(range(&last), entries))
        }
        (Query::TransactionEvents { filter, .. }, Content::TransactionEvents { header, receipts }) => {
            let header = header_of(block, header)?;
            let entries = events::of_transactions(&header, &block.transactions, filter, receipts)?;
            Ok(Section::TransactionEvents(range(&header), entries))
        }
        (Query::Storage { accounts: wanted, .. }, Content::Storage { header, accounts }) => {
            let header = header_of(block, header)?;
            let entries = state::accounts(header.state_root, wanted, accounts)?;
            Ok(Section::Storage(range(&header), entries))
        }
        (
            Query::Transactions { .. },
            Content::Transactions {
                header,
                transactions: paths,
            },
        ) => {
            let header = header_of(block, header)?;
            let entries = transactions::of_block(&header, &block.transactions, paths)?;
            Ok(Section::Transactions(range(&header), entries))
        }
        (
            Query::Beacon {
                fork, fields: wanted, ..
            },
            Content::Beacon {
                header,
                beacon,
                fields,
            },
        ) => {
            let header = header_of(block, header)?;
            let rules = rules.ok_or(EvidenceError::NoBeaconChain)?;
            let entries = beacon::fields(rules, &header, *fork, wanted, beacon, fields)?;
            Ok(Section::Beacon(range(&header), entries))
        }
        (Query::Headers { filter, .. }, Content::Headers(headers)) => {
            let (last, entries) = events::headers_of_range(block, filter, headers)?;
            Ok(Section::Headers(range(&last), entries))
        }
        (Query::State { graph }, Content::State(state)) => {
            if state_root(state) != block.hash {
                return Err(EvidenceError::WrongState);
            }
            Ok(Section::State(*graph, state.to_vec()))
        }
        _ => Err(EvidenceError::WrongKind),
    }
}

/// The header of the block of an offer.
fn header_of(block: &SourceBlock, bytes: &HeaderBytes) -> Result<Header, EvidenceError> {
    let header = Header::decode(bytes)?;
    if header.hash != block.hash {
        return Err(EvidenceError::WrongBlockHash);
    }
    if header.number != block.number {
        return Err(EvidenceError::WrongBlockNumber);
    }
    Ok(header)
}
