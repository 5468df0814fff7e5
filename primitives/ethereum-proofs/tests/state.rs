//! Accounts, slots and older blocks, in tries that alloy-trie builds.

mod state_trie;

use alloy_primitives::{U256, keccak256};
use alloy_trie::TrieAccount;
use state_trie::{Nodes, account, trie_with_paths as trie};
use weft_ethereum_proofs::{
    HISTORY_CONTRACT, HISTORY_WINDOW, HistoryError, StateError, TrieError, account_at, ancestor_hash, slot_at,
};
use weft_primitives::{H160, H256};

fn address(index: u8) -> H160 {
    H160([index; 20])
}

fn slot(index: u64) -> H256 {
    H256(U256::from(index).to_be_bytes())
}

/// Storage with 300 slots, of which slot i holds i + 1.
fn storage(wanted: &[H256]) -> (H256, Vec<Nodes>) {
    let entries: Vec<_> = (0..300u64)
        .map(|index| (slot(index).0.to_vec(), alloy_rlp::encode(U256::from(index + 1))))
        .collect();
    trie(
        &entries,
        &wanted.iter().map(|slot| &slot.0[..]).collect::<Vec<_>>(),
    )
}

/// A state of 100 accounts and the history contract, whose storage has this root.
fn state(storage_root: H256, wanted: &[H160]) -> (H256, Vec<Nodes>) {
    let mut entries: Vec<_> = (0..100)
        .map(|index| (address(index).0.to_vec(), account(index.into(), storage_root)))
        .collect();
    entries.push((HISTORY_CONTRACT.0.to_vec(), account(1, storage_root)));
    trie(
        &entries,
        &wanted.iter().map(|address| &address.0[..]).collect::<Vec<_>>(),
    )
}

#[test]
fn every_account_is_shown_by_its_path_and_no_other() {
    let wanted: Vec<H160> = (0..120).map(address).collect();
    let (root, paths) = state(H256([9; 32]), &wanted);
    for (index, path) in paths.iter().enumerate() {
        let shown = account_at(root, wanted[index], path).expect("it is the path");
        assert_eq!(
            shown.map(|account| account.nonce),
            (index < 100).then_some(index as u64)
        );
        if let Some(account) = shown {
            assert_eq!(account.balance, slot(1000 * index as u64));
            assert_eq!(account.storage_root, H256([9; 32]));
            assert_eq!(account.code_hash.0, keccak256(b"code").0);
        }
        // Another account's path shows something else, or that it is not there at all, but never this account's values.
        let other = (index + 1) % 100;
        match account_at(root, wanted[other], path) {
            Ok(None) => assert_ne!(
                path, &paths[other],
                "an account that is there was shown to be missing"
            ),
            Ok(Some(account)) => assert_eq!(account.nonce, other as u64),
            Err(error) => assert!(matches!(error, StateError::Path(_))),
        }
    }
}

#[test]
fn an_account_that_is_there_cannot_be_shown_to_be_missing() {
    let wanted: Vec<H160> = (0..120).map(address).collect();
    let (root, paths) = state(H256([9; 32]), &wanted);
    for (index, address) in wanted.iter().enumerate().take(100).step_by(7) {
        for path in &paths {
            for length in 0..=path.len() {
                assert_ne!(
                    account_at(root, *address, &path[..length]),
                    Ok(None),
                    "account {index}"
                );
            }
        }
    }
}

#[test]
fn slots_hold_what_their_paths_show_and_others_hold_nothing() {
    let wanted: Vec<H256> = (0..400).map(slot).collect();
    let (root, paths) = storage(&wanted);
    for (index, path) in paths.iter().enumerate() {
        let value = slot_at(root, wanted[index], path).expect("it is the path");
        assert_eq!(
            value,
            if index < 300 {
                slot(index as u64 + 1)
            } else {
                H256::zero()
            }
        );
        let missing = slot_at(root, wanted[index], &path[..path.len() - 1]);
        assert_eq!(missing, Err(StateError::Path(TrieError::NoLeaf)));
    }
    // A contract without storage.
    let (empty, _) = trie(&[], &[]);
    assert_eq!(slot_at(empty, slot(5), &[] as &[Vec<u8>]), Ok(H256::zero()));
    assert_eq!(
        slot_at(root, slot(5), &[] as &[Vec<u8>]),
        Err(StateError::Path(TrieError::NoLeaf))
    );
}

#[test]
fn any_altered_byte_of_a_path_is_found() {
    let (root, paths) = storage(&[slot(7)]);
    for node in 0..paths[0].len() {
        for byte in 0..paths[0][node].len() {
            let mut altered = paths[0].clone();
            altered[node][byte] ^= 1;
            assert_eq!(
                slot_at(root, slot(7), &altered),
                Err(StateError::Path(TrieError::WrongPath))
            );
        }
    }
}

#[test]
fn a_value_that_is_none_is_refused() {
    let shown = |value: Vec<u8>| {
        let (root, paths) = trie(&[(slot(1).0.to_vec(), value)], &[&slot(1).0]);
        slot_at(root, slot(1), &paths[0])
    };
    assert_eq!(shown(alloy_rlp::encode(U256::from(5))), Ok(slot(5)));
    assert_eq!(shown(alloy_rlp::encode(U256::MAX)), Ok(H256([0xff; 32])));
    for wrong in [
        vec![0x80],
        vec![0x00],
        vec![0x82, 0, 5],
        vec![5, 5],
        alloy_rlp::encode(&[1_u8; 33][..]),
        vec![0xc0],
    ] {
        assert_eq!(shown(wrong.clone()), Err(StateError::NoValue), "{wrong:?}");
    }
    let account = |value: Vec<u8>| {
        let (root, paths) = trie(&[(address(1).0.to_vec(), value)], &[&address(1).0]);
        account_at(root, address(1), &paths[0])
    };
    let right = alloy_rlp::encode(TrieAccount::default());
    assert!(account(right.clone()).is_ok_and(|account| account.is_some()));
    for wrong in [
        vec![5],
        right[..right.len() - 1].to_vec(),
        [right, vec![1]].concat(),
    ] {
        assert_eq!(account(wrong), Err(StateError::NoAccount));
    }
}

#[test]
fn an_older_block_is_found_in_the_history_contract_within_its_window() {
    // Slot i holds i + 1: the hash of the block whose number is i modulo 8,191.
    let newer = 3 * HISTORY_WINDOW + 200;
    let number = 3 * HISTORY_WINDOW + 77;
    let (storage_root, slots) = storage(&[slot(77), slot(199), slot(200), slot(500)]);
    let (root, accounts) = state(storage_root, &[HISTORY_CONTRACT]);
    let found = |number, path: usize| ancestor_hash(newer, root, number, &accounts[0], &slots[path]);
    assert_eq!(found(number, 0), Ok(slot(78)));
    assert_eq!(found(newer - 1, 1), Ok(slot(200)));
    assert_eq!(found(newer - HISTORY_WINDOW, 2), Ok(slot(201)));
    for outside in [newer, newer + 1, newer - HISTORY_WINDOW - 1, 0] {
        assert_eq!(found(outside, 2), Err(HistoryError::OutOfWindow));
    }
    // A slot with nothing in it, and the path of another.
    let before = 2 * HISTORY_WINDOW + 500;
    assert_eq!(found(before, 3), Err(HistoryError::Missing));
    assert!(matches!(
        found(number - 1, 0),
        Err(HistoryError::State(_)) | Err(HistoryError::Missing)
    ));
    // Another contract's storage.
    let (_, others) = state(storage_root, &[address(3)]);
    let wrong = ancestor_hash(newer, root, number, &others[0], &slots[0]);
    assert!(matches!(
        wrong,
        Err(HistoryError::State(_)) | Err(HistoryError::Missing)
    ));
}
