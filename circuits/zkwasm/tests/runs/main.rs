//! Runs proved and verified, and what is refused.

mod claims;
mod precompiles;
mod programs;
mod prover;
