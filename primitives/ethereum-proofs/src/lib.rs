//! What Ethereum held, from bytes that anybody may have sent.
//!
//! [`anchor_of`] says which block has to be final so that another one is, and [`verify`] what a source of a run held, if its block is. Nothing
//! is trusted but keccak256, and SHA-256 where the beacon chain is read. Which blocks *are* final is not decided here: see `docs/decisions/data-bus.md`, which has every check in its
//! order.
//!
//! | module | what |
//! |---|---|
//! | `verify` | form and content, by kind of source |
//! | `events`, `transactions`, `state`, `beacon` | what headers, receipts, paths and branches show |
//! | `advice` | what programs check themselves |
//! | `ancestry` | from a final block down to an older one |
//! | `trie`, `rlp`, `header`, `receipt` | reading |
//! | `prove` | the other side: making paths |
//! | `synthetic` | blocks that no chain has, to test and measure with (with the feature of that name) |
//!
//! Headers and receipts are read with alloy-rlp rather than decoded into the structs of alloy-consensus: the
//! latter refuse a header with a field that a later fork added, and only a few fields are needed. The tests compare with alloy-consensus,
//! which reads the transactions.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

mod advice;
mod ancestry;
mod beacon;
mod error;
mod events;
mod header;
mod prove;
mod receipt;
mod rlp;
mod state;
#[cfg(feature = "synthetic")]
pub mod synthetic;
mod transactions;
mod trie;
mod verify;

pub use advice::is_advice;
pub use ancestry::{AncestryError, Start, anchor_of};
pub use error::EvidenceError;
pub use events::BloomFilter;
pub use header::{Header, HeaderError};
pub use prove::prove_items;
pub use receipt::{ReceiptError, ReceiptLog, decode_receipt};
pub use state::{
    Account, HISTORY_CONTRACT, HISTORY_WINDOW, HistoryError, StateError, account_at, ancestor_hash, slot_at,
};
pub use transactions::{TransactionError, decode_transaction};
pub use trie::{TrieError, item_at, items_root};
pub use verify::{Proved, check_block, verify};
