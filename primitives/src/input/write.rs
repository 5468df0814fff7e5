//! From what a run reads to its bytes.

use alloc::vec::Vec;
use primitive_types::{H160, H256};

use super::{
    AccountEntry, BlockEntry, BlockRange, FieldEntry, HeaderEntry, INPUT_VERSION, LogEntry, Section,
    TransactionEntry,
};
use crate::{
    SourceKind,
    words::{WORD, push_padded, push_word},
};

/// The section of one source. Its keccak256 is the `root` of the statement's source.
pub fn encode_section(section: &Section) -> Vec<u8> {
    match section {
        Section::Events(range, blocks) => encode_items(SourceKind::Events, range, blocks, push_block),
        Section::TransactionEvents(range, blocks) => {
            encode_items(SourceKind::TransactionEvents, range, blocks, push_block)
        }
        Section::Storage(range, accounts) => encode_items(SourceKind::Storage, range, accounts, push_account),
        Section::Transactions(range, transactions) => {
            encode_items(SourceKind::Transactions, range, transactions, push_transaction)
        }
        Section::Beacon(range, fields) => encode_items(SourceKind::Beacon, range, fields, push_field),
        Section::Headers(range, headers) => encode_items(SourceKind::Headers, range, headers, push_header),
        Section::State(graph, state) => {
            let range = BlockRange {
                hash: *graph,
                ..BlockRange::default()
            };
            encode_items(SourceKind::State, &range, &[state], |out, state| {
                push_bytes(out, state);
            })
        }
    }
}

fn encode_items<T>(
    kind: SourceKind,
    range: &BlockRange,
    items: &[T],
    push: impl Fn(&mut Vec<u8>, &T),
) -> Vec<u8> {
    let mut rest = Vec::new();
    push_word(&mut rest, range.chain_id);
    push_word(&mut rest, range.first);
    push_word(&mut rest, range.last);
    push_hash(&mut rest, range.hash);
    push_word(&mut rest, range.timestamp);
    push_word(&mut rest, items.len() as u64);
    for item in items {
        push(&mut rest, item);
    }
    let mut out = Vec::with_capacity(rest.len() + 2 * WORD);
    push_word(&mut out, kind as u64);
    push_word(&mut out, (rest.len() / WORD) as u64);
    out.append(&mut rest);
    out
}

fn push_block(out: &mut Vec<u8>, block: &BlockEntry) {
    push_word(out, block.number);
    push_word(out, block.timestamp);
    push_word(out, block.logs.len() as u64);
    for log in &block.logs {
        push_log(out, log);
    }
}

fn push_log(out: &mut Vec<u8>, log: &LogEntry) {
    push_address(out, log.address);
    push_word(out, log.transaction_index);
    push_word(out, log.log_index);
    push_word(out, log.topics.len() as u64);
    for topic in &log.topics {
        push_hash(out, *topic);
    }
    push_bytes(out, &log.data);
}

fn push_account(out: &mut Vec<u8>, account: &AccountEntry) {
    push_address(out, account.address);
    push_word(out, account.nonce);
    push_hash(out, account.balance);
    push_hash(out, account.code_hash);
    push_word(out, account.slots.len() as u64);
    for (slot, value) in &account.slots {
        push_hash(out, *slot);
        push_hash(out, *value);
    }
}

fn push_transaction(out: &mut Vec<u8>, transaction: &TransactionEntry) {
    push_word(out, transaction.index);
    push_hash(out, transaction.hash);
    push_address(out, transaction.sender);
    push_word(out, transaction.to.is_some().into());
    push_address(out, transaction.to.unwrap_or_default());
    push_word(out, transaction.nonce);
    push_hash(out, transaction.value);
    push_word(out, transaction.gas_limit);
    push_bytes(out, &transaction.data);
}

fn push_field(out: &mut Vec<u8>, field: &FieldEntry) {
    push_word(out, field.index);
    push_hash(out, field.node);
}

fn push_header(out: &mut Vec<u8>, header: &HeaderEntry) {
    push_word(out, header.number);
    push_word(out, header.timestamp);
    push_hash(out, header.state_root);
    push_hash(out, header.transactions_root);
    push_hash(out, header.receipts_root);
}

fn push_hash(out: &mut Vec<u8>, hash: H256) {
    out.extend_from_slice(hash.as_bytes());
}

fn push_address(out: &mut Vec<u8>, address: H160) {
    push_padded(out, address.as_bytes());
}

fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    push_word(out, bytes.len() as u64);
    push_padded(out, bytes);
}

/// The input made of a state and of sections that [`encode_section`] made.
pub fn encode(prior_state: &[u8], sections: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    push_word(&mut out, INPUT_VERSION);
    push_bytes(&mut out, prior_state);
    push_word(&mut out, sections.len() as u64);
    for section in sections {
        out.extend_from_slice(section);
    }
    out
}
