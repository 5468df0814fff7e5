//! Blocks of Ethereum, made with alloy-consensus.

#![allow(dead_code, reason = "each test file uses a part")]

use alloy_consensus::{Eip658Value, Header, Receipt, ReceiptEnvelope, proofs::calculate_receipt_root};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, B256, Bloom, Bytes, Log};
use weft_ethereum_proofs::{BloomFilter, EvidenceError, Proved};
use weft_primitives::{
    H160, H256, Query, SourceBlock, SourceKind,
    input::{LogEntry, Section},
    query::EventFilter,
    source::{BlockEvidence, Content, TriePath, TriePaths},
};

/// What evidence shows of a source of the execution chain.
pub(crate) fn verify(
    block: &SourceBlock,
    query: &Query,
    evidence: &Content,
) -> Result<Proved, EvidenceError> {
    weft_ethereum_proofs::verify(block, query, evidence, None)
}

/// A log of contract `address` with these topics and data.
pub(crate) fn log(address: u8, topics: &[u8], data: &[u8]) -> Log {
    let topics = topics.iter().map(|topic| B256::repeat_byte(*topic)).collect();
    Log::new(
        Address::repeat_byte(address),
        topics,
        Bytes::copy_from_slice(data),
    )
    .unwrap()
}

/// The receipt of a transaction of this type, 0 to 4.
pub(crate) fn receipt(kind: u8, index: usize, logs: Vec<Log>) -> ReceiptEnvelope {
    let receipt = Receipt {
        status: Eip658Value::Eip658(true),
        cumulative_gas_used: 21_000 * (index as u64 + 1),
        logs,
    }
    .with_bloom();
    match kind {
        0 => ReceiptEnvelope::Legacy(receipt),
        1 => ReceiptEnvelope::Eip2930(receipt),
        2 => ReceiptEnvelope::Eip1559(receipt),
        3 => ReceiptEnvelope::Eip4844(receipt),
        _ => ReceiptEnvelope::Eip7702(receipt),
    }
}

/// A block and what there is to know of it.
#[derive(Clone)]
pub(crate) struct Block {
    pub(crate) header: Header,
    pub(crate) receipts: Vec<Vec<u8>>,
}

impl Block {
    pub(crate) fn new(number: u64, receipts: &[ReceiptEnvelope]) -> Self {
        let header = Header {
            number,
            timestamp: 1_700_000_000 + 12 * number,
            receipts_root: calculate_receipt_root(receipts),
            logs_bloom: receipts
                .iter()
                .fold(Bloom::ZERO, |bloom, receipt| bloom | *receipt.logs_bloom()),
            base_fee_per_gas: Some(7),
            withdrawals_root: Some(B256::repeat_byte(8)),
            extra_data: Bytes::from_static(b"test"),
            ..Default::default()
        };
        let receipts = receipts.iter().map(Encodable2718::encoded_2718).collect();
        Self { header, receipts }
    }

    /// A block of `count` receipts of mixed types with one log each, of contracts 0, 1, 2, 0, …
    pub(crate) fn with_receipts(count: usize) -> Self {
        let receipts: Vec<_> = (0..count)
            .map(|index| {
                receipt(
                    (index % 5) as u8,
                    index,
                    vec![log((index % 3) as u8, &[1, 2], &[index as u8; 40])],
                )
            })
            .collect();
        Self::new(100, &receipts)
    }

    pub(crate) fn source(&self, transactions: &[u32]) -> SourceBlock {
        SourceBlock {
            chain_id: 1,
            first: self.header.number,
            number: self.header.number,
            hash: H256(self.header.hash_slow().0),
            transactions: transactions.to_vec().try_into().unwrap(),
        }
    }

    pub(crate) fn rlp(&self) -> Vec<u8> {
        alloy_rlp::encode(&self.header)
    }

    pub(crate) fn hash(&self) -> H256 {
        H256(self.header.hash_slow().0)
    }

    /// The block of a range, with these receipts.
    pub(crate) fn shown(&self, receipts: Option<&[Vec<u8>]>) -> BlockEvidence {
        BlockEvidence {
            header: self.rlp().try_into().unwrap(),
            receipts: receipts.map(|receipts| {
                let receipts: Vec<_> = receipts
                    .iter()
                    .map(|receipt| receipt.clone().try_into().unwrap())
                    .collect();
                receipts.try_into().unwrap()
            }),
        }
    }

    /// Evidence for the events of this block alone, with these receipts.
    pub(crate) fn with(&self, receipts: &[Vec<u8>]) -> Content {
        Content::Events(vec![self.shown(Some(receipts))].try_into().unwrap())
    }

    /// Evidence for the events of this block alone.
    pub(crate) fn all(&self) -> Content {
        self.with(&self.receipts)
    }

    /// Evidence for what a query reads of this block alone.
    pub(crate) fn for_query(&self, query: &Query) -> Content {
        let filter = BloomFilter::new(query.events().unwrap());
        let excluded = filter.excludes(&self.header.logs_bloom.0.0);
        let shown = self.shown((!excluded).then_some(&self.receipts[..]));
        Content::Events(vec![shown].try_into().unwrap())
    }

    /// Evidence for the events of transactions.
    pub(crate) fn paths(&self, transactions: &[u32]) -> Content {
        let paths = weft_ethereum_proofs::prove_items(&self.receipts, transactions).unwrap();
        self.with_paths(paths)
    }

    /// Evidence for the events of transactions with these paths.
    pub(crate) fn with_paths(&self, paths: Vec<Vec<Vec<u8>>>) -> Content {
        Content::TransactionEvents {
            header: self.rlp().try_into().unwrap(),
            receipts: trie_paths(paths),
        }
    }
}

pub(crate) fn trie_path(nodes: Vec<Vec<u8>>) -> TriePath {
    let nodes: Vec<_> = nodes.into_iter().map(|node| node.try_into().unwrap()).collect();
    nodes.try_into().unwrap()
}

pub(crate) fn trie_paths(paths: Vec<Vec<Vec<u8>>>) -> TriePaths {
    paths
        .into_iter()
        .map(trie_path)
        .collect::<Vec<_>>()
        .try_into()
        .unwrap()
}

/// All logs of a section.
pub(crate) fn logs(section: &Section) -> Vec<LogEntry> {
    match section {
        Section::Events(_, blocks) | Section::TransactionEvents(_, blocks) => {
            blocks.iter().flat_map(|block| block.logs.clone()).collect()
        }
        _ => panic!("no events"),
    }
}

/// Reads the events of these contracts.
pub(crate) fn wanted(kind: SourceKind, contracts: &[u8]) -> Query {
    let addresses: Vec<_> = contracts
        .iter()
        .map(|contract| H160::repeat_byte(*contract))
        .collect();
    let filter = EventFilter {
        addresses: addresses.try_into().unwrap(),
        topics: Default::default(),
    };
    match kind {
        SourceKind::Events => Query::Events { chain_id: 1, filter },
        _ => Query::TransactionEvents { chain_id: 1, filter },
    }
}
