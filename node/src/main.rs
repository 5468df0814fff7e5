//! The Weft node: a validator, or a full node that others ask by RPC.
//!
//! | module | what is there |
//! |---|---|
//! | [`cli`] | the command line |
//! | [`command`] | what each subcommand does |
//! | [`chain_spec`] | the chains that are built in |
//! | [`service`] | the parts of a running node, put together |
//! | [`executor`] | what the runtime can call in the node |
//! | [`inherents`] | what the author of a block adds to it |
//! | [`keys`] | whether this node can verify the chain's proofs |
//! | [`rpc`] | the methods that the node answers |
//! | `benchmark` | `weft-node benchmark`, with the feature `runtime-benchmarks` |
//! | `try_runtime` | `weft-node try-runtime`, with the feature of that name |

#![forbid(unsafe_code)]
// The SDK's error types are large; they end the process, so their size costs nothing.
#![allow(clippy::result_large_err)]

#[cfg(feature = "runtime-benchmarks")]
mod benchmark;
mod chain_spec;
mod cli;
mod command;
mod executor;
mod inherents;
mod keys;
mod rpc;
mod service;
#[cfg(feature = "try-runtime")]
mod try_runtime;

fn main() -> sc_cli::Result<()> {
    command::run()
}
