//! Accounts and their storage under a state root (EIP-1186), and the hashes of older blocks that are kept there (EIP-2935).

use alloc::vec::Vec;

use weft_primitives::{
    H160, H256, input::AccountEntry, keccak256, query::AccountQuery, source::AccountEvidence,
};

use crate::{
    EvidenceError,
    rlp::{Items, NotRlp},
    trie::{TrieError, value_at},
};

/// An account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Transactions that it sent, or contracts that it made.
    pub nonce: u64,
    /// In wei, big-endian.
    pub balance: H256,
    /// Root of the trie of its storage.
    pub storage_root: H256,
    /// keccak256 of its code.
    pub code_hash: H256,
}

/// Why a path does not show an account or a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// The nodes are not the path from the root.
    #[error(transparent)]
    Path(#[from] TrieError),
    /// What the path leads to is no account.
    #[error("the path leads to something that is no account")]
    NoAccount,
    /// What the path leads to is not a number of at most 32 bytes without leading zeros.
    #[error("the path leads to something that is no value of a slot")]
    NoValue,
}

/// Why a path does not show the hash of an older block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// One of the two paths is wrong.
    #[error(transparent)]
    State(#[from] StateError),
    /// The block is not one of the 8,191 before.
    #[error("only the 8191 blocks before a block are in its history")]
    OutOfWindow,
    /// The chain has no history contract, or that does not have the block.
    #[error("the history contract does not have this block")]
    Missing,
}

/// The contract that keeps the hashes of the last blocks (EIP-2935).
pub const HISTORY_CONTRACT: H160 = H160([
    0x00, 0x00, 0xf9, 0x08, 0x27, 0xf1, 0xc5, 0x3a, 0x10, 0xcb, 0x7a, 0x02, 0x33, 0x5b, 0x17, 0x53, 0x20,
    0x00, 0x29, 0x35,
]);
/// How many it keeps (`HISTORY_SERVE_WINDOW`).
pub const HISTORY_WINDOW: u64 = 8_191;

/// The root of a trie with nothing in it: keccak256 of the RLP of nothing.
const EMPTY_ROOT: H256 = H256([
    0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6, 0xff, 0x83, 0x45, 0xe6, 0x92, 0xc0, 0xf8, 0x6e, 0x5b,
    0x48, 0xe0, 0x1b, 0x99, 0x6c, 0xad, 0xc0, 0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21,
]);

/// The value of a key in a trie whose keys are hashed.
fn hashed(root: H256, key: &[u8], nodes: &[impl AsRef<[u8]>]) -> Result<Option<Vec<u8>>, TrieError> {
    if root == EMPTY_ROOT && nodes.is_empty() {
        return Ok(None);
    }
    value_at(root, &keccak256(key).0, nodes)
}

/// A number of at most 32 bytes, big-endian without leading zeros, as 32 bytes.
fn word(bytes: &[u8]) -> Result<H256, NotRlp> {
    if bytes.len() > 32 || bytes.first() == Some(&0) {
        return Err(NotRlp);
    }
    let mut word = [0; 32];
    word[32 - bytes.len()..].copy_from_slice(bytes);
    Ok(H256(word))
}

fn account(bytes: &[u8]) -> Result<Account, NotRlp> {
    let mut items = Items::of_list(bytes)?;
    let account = Account {
        nonce: items.integer()?,
        balance: word(items.string()?)?,
        storage_root: H256(items.array()?),
        code_hash: H256(items.array()?),
    };
    if items.is_empty() {
        Ok(account)
    } else {
        Err(NotRlp)
    }
}

/// The account with this address, shown by the nodes from the state root; `None` if there is none.
///
/// # Errors
/// When the nodes are not exactly the path, or lead to something else.
pub fn account_at(
    state_root: H256,
    address: H160,
    nodes: &[impl AsRef<[u8]>],
) -> Result<Option<Account>, StateError> {
    hashed(state_root, &address.0, nodes)?
        .map(|bytes| account(&bytes).map_err(|_| StateError::NoAccount))
        .transpose()
}

/// What a slot of a contract holds, shown by the nodes from the contract's storage root; zero if it holds nothing.
///
/// # Errors
/// When the nodes are not exactly the path, or lead to something else.
pub fn slot_at(storage_root: H256, slot: H256, nodes: &[impl AsRef<[u8]>]) -> Result<H256, StateError> {
    let Some(bytes) = hashed(storage_root, &slot.0, nodes)? else {
        return Ok(H256::zero());
    };
    let value = |bytes| {
        let mut items = Items::of_items(bytes);
        let value = word(items.string()?)?;
        if items.is_empty() && value != H256::zero() {
            Ok(value)
        } else {
            Err(NotRlp)
        }
    };
    value(&bytes).map_err(|_| StateError::NoValue)
}

/// The hash of the block `number`, one of the 8,191 before the block `newer` whose state root is given: from the storage of
/// [`HISTORY_CONTRACT`], shown by the path to its account and the path to the slot number modulo 8,191.
///
/// # Errors
/// When the block is older or not older at all, or one of the paths does not lead to it.
pub fn ancestor_hash(
    newer: u64,
    state_root: H256,
    number: u64,
    account_nodes: &[impl AsRef<[u8]>],
    slot_nodes: &[impl AsRef<[u8]>],
) -> Result<H256, HistoryError> {
    let is_within = number < newer && newer - number <= HISTORY_WINDOW;
    if !is_within {
        return Err(HistoryError::OutOfWindow);
    }
    let contract = account_at(state_root, HISTORY_CONTRACT, account_nodes)?.ok_or(HistoryError::Missing)?;
    let mut slot = [0; 32];
    slot[24..].copy_from_slice(&(number % HISTORY_WINDOW).to_be_bytes());
    match slot_at(contract.storage_root, H256(slot), slot_nodes)? {
        hash if hash == H256::zero() => Err(HistoryError::Missing),
        hash => Ok(hash),
    }
}

/// The accounts that a query names, and their slots.
pub(crate) fn accounts(
    state_root: H256,
    wanted: &[AccountQuery],
    evidence: &[AccountEvidence],
) -> Result<Vec<AccountEntry>, EvidenceError> {
    if wanted.len() != evidence.len() {
        return Err(EvidenceError::WrongPathCount);
    }
    let entry = |(wanted, evidence): (&AccountQuery, &AccountEvidence)| {
        let account = account_at(state_root, wanted.address, &evidence.account)?;
        let expected = account.map_or(0, |_| wanted.slots.len());
        if evidence.slots.len() != expected {
            return Err(EvidenceError::WrongPathCount);
        }
        let slots = wanted.slots.iter().enumerate().map(|(index, slot)| {
            let value = match (&account, evidence.slots.get(index)) {
                (Some(account), Some(nodes)) => slot_at(account.storage_root, *slot, nodes)?,
                _ => H256::zero(),
            };
            Ok((*slot, value))
        });
        Ok(AccountEntry {
            address: wanted.address,
            nonce: account.map_or(0, |account| account.nonce),
            balance: account.map_or(H256::zero(), |account| account.balance),
            code_hash: account.map_or(H256::zero(), |account| account.code_hash),
            slots: slots.collect::<Result<_, StateError>>()?,
        })
    };
    wanted.iter().zip(evidence).map(entry).collect()
}
