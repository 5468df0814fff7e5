//! Tests, by subject.

mod bonding;
mod choice;
mod ownership;
mod rewards;
mod slashing;
