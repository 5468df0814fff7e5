//! Runs proved and verified, and what is refused.

mod advice;
mod claims;
mod precompiles;
mod programs;
mod prover;
