//! Headers, compared with alloy-consensus.

mod chain;

use alloy_consensus::Header as FullHeader;
use alloy_primitives::B256;
use chain::Block;
use proptest::prelude::*;
use weft_ethereum_proofs::{Header, HeaderError};
use weft_primitives::H256;

fn agrees(full: &FullHeader) {
    let header = Header::decode(&alloy_rlp::encode(full)).unwrap();
    assert_eq!(header.hash, H256(full.hash_slow().0));
    assert_eq!(header.receipts_root, H256(full.receipts_root.0));
    assert_eq!(header.transactions_root, H256(full.transactions_root.0));
    assert_eq!(header.bloom, full.logs_bloom.0.0);
    assert_eq!((header.number, header.timestamp), (full.number, full.timestamp));
    let beacon = full.parent_beacon_block_root.map(|root| H256(root.0));
    assert_eq!(header.parent_beacon_root, beacon);
}

#[test]
fn headers_of_every_fork_are_read_as_alloy_reads_them() {
    let mut header = FullHeader {
        number: 1,
        timestamp: 2,
        ..Default::default()
    };
    agrees(&header);
    header.base_fee_per_gas = Some(1);
    agrees(&header);
    header.withdrawals_root = Some(B256::repeat_byte(1));
    agrees(&header);
    header.blob_gas_used = Some(0);
    header.excess_blob_gas = Some(0);
    header.parent_beacon_block_root = Some(B256::repeat_byte(2));
    agrees(&header);
    header.requests_hash = Some(B256::repeat_byte(3));
    agrees(&header);
}

#[test]
fn a_field_that_a_later_fork_appends_does_not_matter() {
    let full = Block::with_receipts(1).header;
    let mut fields = alloy_rlp::encode(&full);
    let payload = alloy_rlp::Header::decode_bytes(&mut fields.as_slice(), true)
        .unwrap()
        .to_vec();
    let payload = [payload, alloy_rlp::encode(B256::repeat_byte(9))].concat();
    fields.clear();
    alloy_rlp::Header {
        list: true,
        payload_length: payload.len(),
    }
    .encode(&mut fields);
    fields.extend(payload);
    let header = Header::decode(&fields).unwrap();
    assert_eq!(header.receipts_root, H256(full.receipts_root.0));
    assert_ne!(header.hash, H256(full.hash_slow().0));
}

#[test]
fn a_header_with_bytes_after_it_or_cut_anywhere_is_refused() {
    let bytes = Block::with_receipts(1).rlp();
    assert_eq!(
        Header::decode(&[bytes.clone(), vec![0]].concat()),
        Err(HeaderError)
    );
    for length in 0..bytes.len() {
        assert_eq!(
            Header::decode(&bytes[..length]),
            Err(HeaderError),
            "{length} bytes"
        );
    }
}

#[test]
fn a_list_with_too_few_fields_is_refused() {
    let fields = vec![B256::ZERO; 14];
    assert_eq!(Header::decode(&alloy_rlp::encode(&fields)), Err(HeaderError));
}

proptest! {
    #[test]
    fn any_numbers_are_read_as_alloy_reads_them(number: u64, timestamp: u64, root: [u8; 32]) {
        agrees(&FullHeader { number, timestamp, receipts_root: root.into(), ..Default::default() });
    }

    #[test]
    fn any_bytes_are_a_header_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..700)) {
        let _ = Header::decode(&bytes);
    }

    #[test]
    fn an_altered_header_is_refused_or_has_another_hash(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut bytes = Block::with_receipts(1).rlp();
        let honest = Header::decode(&bytes).unwrap().hash;
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(header) = Header::decode(&bytes) {
            prop_assert_ne!(header.hash, honest);
        }
    }
}
