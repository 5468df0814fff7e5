//! Configuration of the pallets, grouped by what they are for.

#![warn(missing_docs)]

pub mod accounts;
pub mod bridge;
pub mod consensus;
pub mod system;
pub mod validators;
pub mod weft;
