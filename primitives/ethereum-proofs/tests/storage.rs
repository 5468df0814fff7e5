//! Sources that read accounts and their storage.

mod chain;
mod state_trie;

use alloy_primitives::{B256, U256};
use chain::{Block, trie_path, verify};
use state_trie::{Nodes, account, trie_with_paths};
use weft_ethereum_proofs::{EvidenceError, StateError, TrieError};
use weft_primitives::{
    H160, H256, Query, SourceBlock,
    input::{AccountEntry, Section},
    query::AccountQuery,
    source::{AccountEvidence, Content},
};

const KNOWN: H160 = H160([1; 20]);
const UNKNOWN: H160 = H160([9; 20]);

fn slot(index: u64) -> H256 {
    H256(U256::from(index).to_be_bytes())
}

fn query(accounts: &[(H160, &[u64])]) -> Query {
    let account = |(address, slots): &(H160, &[u64])| AccountQuery {
        address: *address,
        slots: slots
            .iter()
            .map(|index| slot(*index))
            .collect::<Vec<_>>()
            .try_into()
            .unwrap(),
    };
    Query::Storage {
        chain_id: 1,
        accounts: accounts
            .iter()
            .map(account)
            .collect::<Vec<_>>()
            .try_into()
            .unwrap(),
    }
}

/// A block whose state has the account [`KNOWN`], in whose storage slot i holds i + 1 for i below 50; and the paths to accounts and slots.
struct Chain {
    block: Block,
    accounts: Vec<Nodes>,
    slots: Vec<Nodes>,
}

fn chain(slots: &[u64]) -> Chain {
    let entries: Vec<_> = (0..50u64)
        .map(|index| (slot(index).0.to_vec(), alloy_rlp::encode(U256::from(index + 1))))
        .collect();
    let keys: Vec<H256> = slots.iter().map(|index| slot(*index)).collect();
    let (storage_root, slots) =
        trie_with_paths(&entries, &keys.iter().map(|key| &key.0[..]).collect::<Vec<_>>());
    let entries: Vec<_> = (1..8u8)
        .map(|index| (vec![index; 20], account(index.into(), storage_root)))
        .collect();
    let (state_root, accounts) = trie_with_paths(&entries, &[&KNOWN.0, &UNKNOWN.0]);
    let mut block = Block::with_receipts(1);
    block.header.state_root = B256::from(state_root.0);
    Chain {
        block,
        accounts,
        slots,
    }
}

impl Chain {
    fn evidence(&self, accounts: Vec<AccountEvidence>) -> Content {
        Content::Storage {
            header: self.block.rlp().try_into().unwrap(),
            accounts: accounts.try_into().unwrap(),
        }
    }

    fn account(&self, path: usize, slots: &[Nodes]) -> AccountEvidence {
        AccountEvidence {
            account: trie_path(self.accounts[path].clone()),
            slots: slots
                .iter()
                .cloned()
                .map(trie_path)
                .collect::<Vec<_>>()
                .try_into()
                .unwrap(),
        }
    }

    fn read(
        &self,
        query: &Query,
        accounts: Vec<AccountEvidence>,
    ) -> Result<Vec<AccountEntry>, EvidenceError> {
        let proved = verify(&self.block.source(&[]), query, &self.evidence(accounts))?;
        match proved.content {
            Section::Storage(_, accounts) => Ok(accounts),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn accounts_and_slots_are_read_in_the_order_of_the_query() {
    let chain = chain(&[7, 3, 60]);
    let query = query(&[(KNOWN, &[7, 3, 60]), (UNKNOWN, &[1, 2])]);
    let shown = vec![chain.account(0, &chain.slots), chain.account(1, &[])];
    let entries = chain.read(&query, shown).unwrap();
    assert_eq!(
        entries[0].slots,
        [(slot(7), slot(8)), (slot(3), slot(4)), (slot(60), slot(0))]
    );
    assert_eq!((entries[0].nonce, entries[0].balance), (1, slot(1000)));
    assert_ne!(entries[0].code_hash, H256::zero());
    assert_eq!(
        entries[1],
        AccountEntry {
            address: UNKNOWN,
            nonce: 0,
            balance: H256::zero(),
            code_hash: H256::zero(),
            slots: vec![(slot(1), slot(0)), (slot(2), slot(0))],
        }
    );
}

#[test]
fn an_account_that_is_there_cannot_be_said_not_to_be() {
    let chain = chain(&[7]);
    let query = query(&[(KNOWN, &[7])]);
    let wrong = Err(EvidenceError::InvalidState(StateError::Path(
        TrieError::WrongPath,
    )));
    assert_eq!(chain.read(&query, vec![chain.account(1, &[])]), wrong);
    let truncated = AccountEvidence {
        account: trie_path(chain.accounts[0][..1].to_vec()),
        slots: Default::default(),
    };
    let missing = Err(EvidenceError::InvalidState(StateError::Path(TrieError::NoLeaf)));
    assert_eq!(chain.read(&query, vec![truncated]), missing);
}

#[test]
fn a_slot_is_shown_by_its_own_path_in_its_own_account() {
    let chain = chain(&[7, 3]);
    let query = query(&[(KNOWN, &[7, 3])]);
    let read = |slots: &[Nodes]| chain.read(&query, vec![chain.account(0, slots)]);
    assert!(read(&chain.slots).is_ok());
    let swapped = [chain.slots[1].clone(), chain.slots[0].clone()];
    assert!(matches!(
        read(&swapped),
        Err(EvidenceError::InvalidState(StateError::Path(_)))
    ));
    let mut surplus = chain.slots.clone();
    surplus[0].push(chain.slots[1][1].clone());
    assert!(matches!(
        read(&surplus),
        Err(EvidenceError::InvalidState(StateError::Path(_)))
    ));
    // The root of another account's storage.
    let elsewhere = [chain.accounts[0].clone(), chain.slots[1].clone()];
    assert!(matches!(
        read(&elsewhere),
        Err(EvidenceError::InvalidState(StateError::Path(_)))
    ));
}

#[test]
fn there_are_as_many_paths_as_accounts_and_slots() {
    let chain = chain(&[7, 3]);
    let one_slot = query(&[(KNOWN, &[7])]);
    let wrong = Err(EvidenceError::WrongPathCount);
    assert_eq!(chain.read(&one_slot, vec![chain.account(0, &chain.slots)]), wrong);
    assert_eq!(chain.read(&one_slot, vec![chain.account(0, &[])]), wrong);
    assert_eq!(chain.read(&one_slot, vec![]), wrong);
    let twice = vec![
        chain.account(0, &chain.slots[..1]),
        chain.account(0, &chain.slots[..1]),
    ];
    assert_eq!(chain.read(&one_slot, twice), wrong);
    let unknown = query(&[(UNKNOWN, &[7])]);
    assert_eq!(
        chain.read(&unknown, vec![chain.account(1, &chain.slots[..1])]),
        wrong
    );
}

#[test]
fn storage_is_read_after_one_block_and_without_transactions() {
    let chain = chain(&[7]);
    let query = query(&[(KNOWN, &[7])]);
    let evidence = chain.evidence(vec![chain.account(0, &chain.slots)]);
    let block = chain.block.source(&[]);
    let range = SourceBlock {
        first: block.number - 1,
        ..block.clone()
    };
    assert_eq!(verify(&range, &query, &evidence), Err(EvidenceError::WrongRange));
    let named = SourceBlock {
        transactions: vec![1].try_into().unwrap(),
        ..block
    };
    assert_eq!(
        verify(&named, &query, &evidence),
        Err(EvidenceError::UnexpectedTransactions)
    );
}
