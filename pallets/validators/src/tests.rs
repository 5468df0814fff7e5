//! Tests, by subject.

mod bonding;
mod choice;
mod rewards;
mod slashing;
