//! The compute worker: proves the runs that the chain offers.
//!
//! | module | what |
//! |---|---|
//! | [`Worker`] | which job is next, and its steps: lock, prove, submit |
//! | [`run`] | a run before it is proved: evidence, input, execution, statement |
//! | [`prover`] | the proving queue, and the one in this process |
//! | [`programs`] | WebAssembly modules, from a folder or from where a zkGraph says |
//! | [`work`] | the work directory: proofs that are finished |
//!
//! # Terms
//! - **Job**: a run that somebody offered a fee for. Locking one holds a bond, which is lost if no proof follows in time, or a wrong one.
//! - **Prepare**: do everything but proving. A job is prepared before it is locked, so that no bond depends on luck.
//!
//! # Restarts
//! What is to be done follows from the chain: jobs that this account has locked come first. A proof lies in the work directory, whole
//! or not at all, before it is submitted, and is used again if the statement it belongs to is still the one to prove. One
//! transaction is sent at a time, with the nonce of the best block, so that nothing is paid twice
//! ([`weft_chain::transactions`]).
//!
//! # Limits
//! - One job at a time, oldest first; runs of triggers are started when there is none.
//! - Programs come from a local folder, `file://` or `http://`, until there is a storage network.
//! - One Ethereum; jobs over other chains are passed over.

#![forbid(unsafe_code)]

mod later;
pub mod programs;
pub mod prover;
pub mod run;
mod triggers;
pub mod work;
mod worker;

pub use worker::{Config, Step, Worker, WorkerError};
