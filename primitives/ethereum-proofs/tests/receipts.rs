//! Receipts and their trie, compared with alloy-consensus.

mod chain;

use alloy_eips::eip2718::Encodable2718;
use chain::{Block, log, receipt};
use proptest::prelude::*;
use weft_ethereum_proofs::{ReceiptError, TrieError, decode_receipt, item_at, items_root, prove_items};
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
            items_root(&block.receipts),
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
            .zip(prove_items(&block.receipts, &indices).unwrap())
        {
            assert_eq!(
                item_at(root, *index, &path).as_ref(),
                Ok(&block.receipts[*index as usize])
            );
        }
    }
}

#[test]
fn there_is_no_path_for_an_index_that_is_not_there() {
    assert_eq!(prove_items(&Block::with_receipts(3).receipts, &[3]), None);
}

#[test]
fn a_path_shows_one_index_and_no_other() {
    let block = Block::with_receipts(300);
    let root = H256(block.header.receipts_root.0);
    let path = &prove_items(&block.receipts, &[5]).unwrap()[0];
    for index in (0..400).filter(|index| *index != 5) {
        assert_eq!(item_at(root, index, path), Err(TrieError::WrongPath));
    }
}

#[test]
fn a_path_that_is_short_long_empty_or_of_another_block_is_refused() {
    let block = Block::with_receipts(200);
    let root = H256(block.header.receipts_root.0);
    let path = prove_items(&block.receipts, &[150]).unwrap().remove(0);
    assert!(path.len() >= 3);
    assert_eq!(item_at(root, 150, &[] as &[Vec<u8>]), Err(TrieError::NoLeaf));
    assert_eq!(
        item_at(root, 150, &path[..path.len() - 1]),
        Err(TrieError::NoLeaf)
    );
    assert_eq!(item_at(root, 150, &path[1..]), Err(TrieError::WrongPath));
    let doubled = [path.clone(), vec![path.last().unwrap().clone()]].concat();
    assert_eq!(item_at(root, 150, &doubled), Err(TrieError::WrongPath));
    let other = H256(Block::with_receipts(201).header.receipts_root.0);
    assert_eq!(item_at(other, 150, &path), Err(TrieError::WrongPath));
}

/// A node with these items, each already encoded.
fn node(items: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    alloy_rlp::Header {
        list: true,
        payload_length: items.iter().map(|item| item.len()).sum(),
    }
    .encode(&mut out);
    items.iter().for_each(|item| out.extend_from_slice(item));
    out
}

#[test]
fn nodes_whose_paths_are_longer_than_any_key_are_refused_and_panic_nowhere() {
    // A root that somebody made up, over extensions that lead on and on, to a leaf or to a branch with an embedded one.
    let long = [&[0x20][..], &[7; 29]].concat();
    let leaf = node(&[&alloy_rlp::encode(&long[..]), &[0x01]]);
    let empty: &[u8] = &[0x80];
    let mut branch = vec![&leaf[..]];
    branch.resize(17, empty);
    for end in [
        node(&[&alloy_rlp::encode(&[0x20_u8, 1][..]), &[0x05]]),
        node(&branch),
    ] {
        let mut nodes = vec![end];
        for _ in 0..15 {
            let hash = alloy_primitives::keccak256(&nodes[0]);
            let extension = node(&[
                &alloy_rlp::encode(&[0x10_u8, 0, 0, 0, 0, 0][..]),
                &alloy_rlp::encode(hash),
            ]);
            nodes.insert(0, extension);
        }
        let root = H256(alloy_primitives::keccak256(&nodes[0]).0);
        for index in [0, 1, 128, 0x0100_0000] {
            assert_eq!(item_at(root, index, &nodes), Err(TrieError::WrongPath));
        }
        // A path of 64 nibbles and more in one node.
        for bytes in [33, 34, 60] {
            let long = [&[0x30][..], &vec![0; bytes]].concat();
            let leaf = node(&[&alloy_rlp::encode(&long[..]), &[0x05]]);
            let root = H256(alloy_primitives::keccak256(&leaf).0);
            assert_eq!(item_at(root, 0, &[leaf]), Err(TrieError::WrongPath));
        }
    }
}

#[test]
fn nodes_embedded_in_others_are_walked_through() {
    // Of a trie with short values: a branch holds its leaves.
    let leaf = |nibbles: u8, value: u8| node(&[&alloy_rlp::encode(&[0x30 | nibbles][..]), &[value]]);
    let (one, two) = (leaf(0, 0x41), leaf(1, 0x42));
    let empty: &[u8] = &[0x80];
    let mut branch = vec![empty; 17];
    // RLP of 0 is 80, of 1 is 01, of 16 is 10: the first nibble chooses.
    (branch[8], branch[0]) = (&one, &two);
    let branch = node(&branch);
    let root = H256(alloy_primitives::keccak256(&branch).0);
    assert_eq!(item_at(root, 0, &[&branch]), Ok(vec![0x41]));
    assert_eq!(item_at(root, 1, &[&branch]), Ok(vec![0x42]));
    assert_eq!(item_at(root, 2, &[&branch]), Err(TrieError::WrongPath));
    assert_eq!(item_at(root, 16, &[&branch]), Err(TrieError::WrongPath));
    assert_eq!(item_at(root, 1, &[&branch, &branch]), Err(TrieError::WrongPath));
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
        let mut path = prove_items(&block.receipts, &[index]).unwrap().remove(0);
        let node = node.index(path.len());
        let at = at.index(path[node].len());
        path[node][at] ^= flip;
        prop_assert!(item_at(H256(block.header.receipts_root.0), index, &path).is_err());
    }

    #[test]
    fn any_bytes_are_a_path_or_an_error(
        nodes in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..100), 0..5),
    ) {
        prop_assert!(item_at(H256::zero(), 0, &nodes).is_err());
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
                item_at(root, 0, &[node]),
                Err(TrieError::WrongPath),
                "{length} bytes"
            );
        }
    }
}
