//! Writes the verifying key of the development setup to standard output:
//! `cargo run --example development_key -p weft-zkwasm > primitives/proof-host/development.key`, after a change of the circuit.

use std::io::Write;

use weft_folding::Setup;
use weft_zkwasm::{SetupKind, VerifyingKey};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = VerifyingKey::new(&Setup::development(0)?, SetupKind::Development).ok_or("no key")?;
    Ok(std::io::stdout().write_all(&key.encode())?)
}
