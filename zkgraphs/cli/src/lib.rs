//! What the command `weft` does, as functions: its binary only parses arguments and prints.
//!
//! | module | what |
//! |---|---|
//! | [`project`], [`manifest_file`] | a zkGraph's folder and its `weft.toml` |
//! | [`compile`], [`toolchain`], [`strip`] | from sources to WebAssembly |
//! | [`input_file`] | inputs of runs, in files |
//! | [`execute`], [`keys`], [`image`], [`proof`] | runs, and proofs of them |
//! | [`processes`] | several processes that prove one run |
//! | [`bench`], [`estimate`] | what proofs cost on this machine |
//! | [`sources`], [`network`], [`amount`] | blocks of Ethereum, the chain Weft |
//! | [`commands`] | one module for each subcommand |
//! | [`report`] | how results are shown |
#![forbid(unsafe_code)]

pub mod amount;
pub mod bench;
pub mod commands;
pub mod compile;
pub mod estimate;
pub mod execute;
pub mod image;
pub mod input_file;
pub mod keys;
pub mod manifest_file;
pub mod network;
pub mod processes;
pub mod project;
pub mod proof;
pub mod report;
pub mod sources;
pub mod strip;
pub mod toolchain;
