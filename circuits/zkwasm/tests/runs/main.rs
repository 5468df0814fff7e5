//! Runs proved and verified, and what is refused.

mod claims;
mod programs;
mod prover;
