//! A client of an Ethereum node, for workers.
//!
//! | module | what |
//! |---|---|
//! | [`Ethereum`] | the connection |
//! | [`evidence`] | what shows what a source held, in the form that Weft's chain takes |
//! | [`ancestry`] | what leads to a block from one that Weft knows to be final |
//! | [`logs`] | what a node says of events, as a hint and a second opinion |
//! | [`gateway`] | Weft's gateway: its calls, its state, its refusals |
//! | [`sender`] | transactions: signing, fees, replacement, receipts |
//!
//! The node is not trusted about blocks: a header is only used if it has the hash that was asked for, and receipts only if they have the
//! header's root. What it says about the gateway's state is believed; a lie costs a relayer gas.
//!
//! # Limits
//! JSON-RPC over `http://` only. TLS, WebSocket and IPC are left out: the node is the operator's own, or stands behind a local
//! proxy. No filters and no subscriptions are used, since some nodes have none.

#![forbid(unsafe_code)]

pub mod ancestry;
mod blocks;
mod client;
pub mod evidence;
pub mod gateway;
pub mod logs;
pub mod sender;

pub use ancestry::{FinalBlock, LineageError};
pub use client::{At, Ethereum, EthereumError};
pub use evidence::FetchError;
pub use gateway::{Gateway, GatewayError};
pub use logs::LogsError;
pub use sender::{Account, Receipt, SendError, Sender};
