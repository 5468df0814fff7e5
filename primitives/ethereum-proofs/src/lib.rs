//! What the block of Ethereum with a certain hash holds, from bytes that anybody may have sent.
//!
//! [`verify_events`] is the whole of it for events: header against hash, receipts against header, events out of receipts. [`account_at`] and
//! [`slot_at`] show what a state holds, and [`ancestor_hash`] the hash of an older block.
//! Nothing is
//! trusted but keccak256. Whether the block belongs to the canonical chain is **not** decided here: see
//! `docs/decisions/data-bus.md`.
//!
//! Headers and receipts are read with alloy-rlp rather than decoded into the structs of alloy-consensus: the
//! latter refuse a header
//! with a field that a later fork added, and only a few fields are needed. The tests compare with alloy-consensus.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

mod events;
mod header;
mod prove;
mod receipt;
mod rlp;
mod state;
mod trie;

pub use events::{EvidenceError, ProvedEvents, check_transactions, verify_events};
pub use header::{Header, HeaderError};
pub use prove::prove_receipts;
pub use receipt::{ReceiptError, ReceiptLog, decode_receipt};
pub use state::{
    Account, HISTORY_CONTRACT, HISTORY_WINDOW, HistoryError, StateError, account_at, ancestor_hash, slot_at,
};
pub use trie::{TrieError, receipt_at, receipts_root};
