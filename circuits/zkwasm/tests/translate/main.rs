//! Translated programs behave as their WebAssembly modules: every run is compared with an interpreter's.

mod bulk;
mod control;
mod generated;
mod guests;
mod memory;
mod numeric;
mod reference;
mod refused;
