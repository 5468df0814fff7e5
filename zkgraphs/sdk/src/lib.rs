//! For authors of zkGraphs in Rust.
//!
//! A zkGraph is a program that reads the events of its sources and the state that the run before left, and writes the
//! next state and a result for a contract. Runs are proved, and each executed instruction costs the prover: this
//! crate allocates nothing, reads from the input only what is asked for, and swaps bytes only where numbers are
//! needed.
//!
//! ```
//! # #![allow(unused)]
//! use weft_zkgraph::{Input, U256, output};
//!
//! weft_zkgraph::entry!(count);
//!
//! /// Counts events; the state is the count so far.
//! fn count() {
//!     let mut input = Input::open();
//!     let state = input.state();
//!     let mut total = if state.is_empty() { U256::ZERO } else { state.u256(0) };
//!     while input.next_source().is_some() {
//!         while input.next_block().is_some() {
//!             while input.next_log().is_some() {
//!                 total = total + U256::from(1);
//!             }
//!         }
//!     }
//!     output::write(&total, &total);
//! }
//! # let input = weft_primitives::input::Input { prior_state: vec![], sources: vec![] }.encode();
//! # let output = weft_primitives::output::decode(&weft_zkgraph::testing::run(&input, count)).unwrap();
//! # assert_eq!(output.next_state, [0; 32]);
//! ```
//!
//! # Parts
//! * [`entry!`]: what a run executes.
//! * [`Input`], [`Source`], and what sources hold, [`Block`], [`Log`], [`Account`], [`Slot`], [`Transaction`], [`Field`], [`Header`]: the input.
//! * [`output`]: the output, and which types it takes.
//! * [`U256`], [`Bytes32`], [`Address`]: values of Ethereum.
//! * [`keccak256`], [`sha256`], [`poseidon`], and [`Hasher`] for what comes in pieces: hashes by precompiles, as the products and quotients
//!   of [`U256`] are.
//! * [`secp256k1`]: who signed, and points of Ethereum's curve.
//! * [`trap`], [`OrTrap`]: ends a run as failed. So does a panic.
//! * `testing` (not in WebAssembly): runs a program natively.
//!
//! # Features
//! * `native`: hashes, products and curves outside WebAssembly, for `cargo test` of a program that uses them.
//! * `advice`: receipts that are no part of the input, read and proved by the program.
//! * `abi`: events, calls and values of Solidity, decoded by `alloy-sol-types`.
//!
//! # Compiling
//! For the target `wasm32v1-none`, without `std` and without floating point; `weft compile` does it.

#![cfg_attr(target_arch = "wasm32", no_std)]
// Not `forbid`: the imports of the host are `unsafe` to declare, and `entry!` exports a symbol.
#![deny(unsafe_code)]

#[cfg(feature = "abi")]
extern crate alloc;

#[cfg(feature = "abi")]
pub mod abi;
#[cfg(feature = "advice")]
pub mod advice;
mod entry;
mod hash;
mod host;
mod input;
mod number;
pub mod output;
pub mod secp256k1;
mod value;

#[cfg(not(target_arch = "wasm32"))]
pub use host::testing;

pub use entry::{OrTrap, trap};
pub use hash::{Algorithm, Hasher, Keccak, Keccak256, Sha2, Sha256, keccak256, poseidon, sha256};
pub use input::{Account, Block, Bytes, Field, Header, Input, Log, Slot, Source, SourceKind, Transaction};
pub use number::U256;
pub use value::{Address, Bytes32};
