//! Headers and receipts that no chain has, for tests and benchmarks.

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, Bytes, FixedBytes, U256};
use alloy_rlp::Encodable;
use weft_primitives::{H256, input::LogEntry};

fn list(fields: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(fields.len() + 4);
    alloy_rlp::Header {
        list: true,
        payload_length: fields.len(),
    }
    .encode(&mut out);
    out.extend_from_slice(fields);
    out
}

/// A receipt of type 2 with these logs: of an entry the address, the topics and the data.
pub fn receipt(logs: &[LogEntry]) -> Vec<u8> {
    let mut encoded = Vec::new();
    for log in logs {
        let mut fields = Vec::new();
        Address::from(log.address.0).encode(&mut fields);
        let topics: Vec<B256> = log.topics.iter().map(|topic| B256::from(topic.0)).collect();
        topics.encode(&mut fields);
        Bytes::copy_from_slice(&log.data).encode(&mut fields);
        encoded.extend(list(&fields));
    }
    let mut fields = Vec::new();
    true.encode(&mut fields);
    U256::from(21_000).encode(&mut fields);
    FixedBytes::<256>::ZERO.encode(&mut fields);
    fields.extend(list(&encoded));
    let mut out = alloc::vec![2];
    out.extend(list(&fields));
    out
}

/// The header of a block with this number and these receipts, after the block with the hash `parent`, with `extra` bytes of extra data. Its bloom filter is full: it
/// excludes nothing.
pub fn header(parent: H256, number: u64, receipts_root: H256, extra: usize) -> Vec<u8> {
    let mut fields = Vec::new();
    B256::from(parent.0).encode(&mut fields);
    B256::ZERO.encode(&mut fields);
    Address::ZERO.encode(&mut fields);
    for _ in 0..2 {
        B256::ZERO.encode(&mut fields);
    }
    B256::from(receipts_root.0).encode(&mut fields);
    FixedBytes::<256>::repeat_byte(0xff).encode(&mut fields);
    for word in [0, number, 0, 0, 0x6500_0000] {
        U256::from(word).encode(&mut fields);
    }
    Bytes::from(alloc::vec![0xee; extra]).encode(&mut fields);
    B256::ZERO.encode(&mut fields);
    FixedBytes::<8>::ZERO.encode(&mut fields);
    list(&fields)
}
