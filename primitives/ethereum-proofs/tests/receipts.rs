//! Receipts and their trie, compared with alloy-consensus.

mod chain;

use alloy_eips::eip2718::Encodable2718;
use chain::{Block, log, receipt};
use proptest::prelude::*;
use weft_ethereum_proofs::{
    ReceiptError, TrieError, decode_receipt, prove_receipts, receipt_at, receipts_root,
};
use weft_primitives::H256;

#[test]
fn receipts_of_every_type_are_read_as_alloy_writes_them() {
    for kind in 0..5 {
        let logs = vec![log(1, &[], b""), log(2, &[1, 2, 3, 4], &[7; 100])];
        let read = decode_receipt(&receipt(kind, 0, logs.clone()).encoded_2718()).unwrap();
        assert_eq!(read.len(), 2);
        for (read, log) in read.iter().zip(&logs) {
            assert_eq!(read.address.0, log.address.0.0);
            assert_eq!(read.data, log.data.data);
            let topics: Vec<_> = log.topics().iter().map(|topic| H256(topic.0)).collect();
            assert_eq!(read.topics, topics);
        }
    }
}

#[test]
fn a_receipt_of_an_unknown_type_is_refused_by_name() {
    let legacy = receipt(0, 0, vec![]).encoded_2718();
    for kind in [0, 5, 0x7f, 0xbf] {
        let typed = [vec![kind], legacy.clone()].concat();
        assert_eq!(decode_receipt(&typed), Err(ReceiptError::UnknownType(kind)));
    }
}

#[test]
fn a_receipt_cut_anywhere_or_with_bytes_after_it_is_refused() {
    let bytes = receipt(2, 0, vec![log(1, &[2], &[3; 50])]).encoded_2718();
    for length in 0..bytes.len() {
        assert!(decode_receipt(&bytes[..length]).is_err(), "{length} bytes");
    }
    assert_eq!(
        decode_receipt(&[bytes, vec![0]].concat()),
        Err(ReceiptError::Malformed)
    );
}

#[test]
fn the_root_of_any_number_of_receipts_is_the_one_in_alloys_header() {
    for count in [0, 1, 2, 3, 16, 17, 127, 128, 129, 130, 255, 256, 257, 400] {
        let block = Block::with_receipts(count);
        assert_eq!(
            receipts_root(&block.receipts),
            H256(block.header.receipts_root.0),
            "{count}"
        );
    }
}

#[test]
fn every_receipt_of_a_block_has_a_path_from_the_root() {
    for count in [1, 2, 17, 128, 129, 300] {
        let block = Block::with_receipts(count);
        let root = H256(block.header.receipts_root.0);
        let indices: Vec<u32> = (0..count as u32).collect();
        for (index, path) in indices
            .iter()
            .zip(prove_receipts(&block.receipts, &indices).unwrap())
        {
            assert_eq!(
                receipt_at(root, *index, &path).as_ref(),
                Ok(&block.receipts[*index as usize])
            );
        }
    }
}

#[test]
fn there_is_no_path_for_an_index_that_is_not_there() {
    assert_eq!(prove_receipts(&Block::with_receipts(3).receipts, &[3]), None);
}

#[test]
fn a_path_shows_one_index_and_no_other() {
    let block = Block::with_receipts(300);
    let root = H256(block.header.receipts_root.0);
    let path = &prove_receipts(&block.receipts, &[5]).unwrap()[0];
    for index in (0..400).filter(|index| *index != 5) {
        assert_eq!(receipt_at(root, index, path), Err(TrieError::WrongPath));
    }
}

#[test]
fn a_path_that_is_short_long_empty_or_of_another_block_is_refused() {
    let block = Block::with_receipts(200);
    let root = H256(block.header.receipts_root.0);
    let path = prove_receipts(&block.receipts, &[150]).unwrap().remove(0);
    assert!(path.len() >= 3);
    assert_eq!(receipt_at(root, 150, &[] as &[Vec<u8>]), Err(TrieError::NoLeaf));
    assert_eq!(
        receipt_at(root, 150, &path[..path.len() - 1]),
        Err(TrieError::NoLeaf)
    );
    assert_eq!(receipt_at(root, 150, &path[1..]), Err(TrieError::WrongPath));
    let doubled = [path.clone(), vec![path.last().unwrap().clone()]].concat();
    assert_eq!(receipt_at(root, 150, &doubled), Err(TrieError::WrongPath));
    let other = H256(Block::with_receipts(201).header.receipts_root.0);
    assert_eq!(receipt_at(other, 150, &path), Err(TrieError::WrongPath));
}

proptest! {
    #[test]
    fn any_bytes_are_a_receipt_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = decode_receipt(&bytes);
    }

    #[test]
    fn any_altered_byte_of_a_path_is_found(
        count in 1_usize..300,
        node in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        flip in 1_u8..,
    ) {
        let block = Block::with_receipts(count);
        let index = (count / 2) as u32;
        let mut path = prove_receipts(&block.receipts, &[index]).unwrap().remove(0);
        let node = node.index(path.len());
        let at = at.index(path[node].len());
        path[node][at] ^= flip;
        prop_assert!(receipt_at(H256(block.header.receipts_root.0), index, &path).is_err());
    }

    #[test]
    fn any_bytes_are_a_path_or_an_error(
        nodes in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..100), 0..5),
    ) {
        prop_assert!(receipt_at(H256::zero(), 0, &nodes).is_err());
    }
}

#[test]
fn a_node_with_a_path_longer_than_any_key_is_refused_and_nothing_panics() {
    use alloy_rlp::Encodable;
    for length in [7, 8, 31, 32, 33, 34, 40, 200] {
        for prefix in [0x00u8, 0x1f, 0x20, 0x3f] {
            let mut path = vec![0x11u8; length];
            path[0] = prefix;
            let items: Vec<Vec<u8>> = vec![path, vec![9; 60]];
            let mut node = Vec::new();
            items
                .iter()
                .map(|item| alloy_primitives::Bytes::copy_from_slice(item))
                .collect::<Vec<_>>()
                .encode(&mut node);
            let root = H256(alloy_primitives::keccak256(&node).0);
            assert_eq!(
                receipt_at(root, 0, &[node]),
                Err(TrieError::WrongPath),
                "{length} bytes"
            );
        }
    }
}
