//! Configuration of the pallets, grouped by what they are for.

#![warn(missing_docs)]

pub mod accounts;
pub mod ancestry;
pub mod bridge;
pub mod consensus;
pub mod gateways;
pub mod system;
pub mod validators;
pub mod weft;
