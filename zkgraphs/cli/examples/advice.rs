//! What it costs a run to prove receipts itself: `cargo run -p weft-cli --example advice`. The first block is proved, and the others are estimated
//! from this machine's speed, as `weft prove --dry-run` does.

#[path = "../tests/receipts/mod.rs"]
mod receipts;

use std::{path::Path, time::Instant};

use anyhow::Result;
use weft_cli::{
    compile::compile,
    estimate::Estimate,
    execute::{MAX_STEPS, execute_advised},
    keys::{KeySource, folder},
    project::Project,
    proof::Proving,
};

fn main() -> Result<()> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/large-blocks");
    let wasm = compile(&Project::find(&project)?)?.wasm;
    let source = KeySource::Development(folder());
    println!("receipts     bytes       steps   Keccak    estimated    proof");
    for (count, data) in [
        (20, 0),
        (200, 0),
        (200, 200),
        (200, 4_600),
        (200, 9_800),
        (200, 19_000),
    ] {
        let (input, advice, bytes) = receipts::block(count, data);
        let execution = execute_advised(&wasm, &input, Some(&advice), MAX_STEPS)?;
        let (steps, calls) = (execution.trace.steps.len(), execution.trace.calls.len());
        print!("{count:>8} {bytes:>9} {steps:>11} {calls:>8}");
        match Estimate::of(&wasm, &execution, &source) {
            Ok(estimate) => println!(" {:>10.0} s {:>8}", estimate.time.as_secs_f64(), estimate.proof),
            Err(error) => println!("  {error:#}"),
        }
    }
    let (input, advice, bytes) = receipts::block(20, 0);
    let start = Instant::now();
    let proving = Proving {
        wasm: &wasm,
        input: &input,
        advice: Some(&advice),
        source: &source,
        statement: [0; 32],
        processes: 1,
        journal: std::env::temp_dir().join(format!("weft-advice-{}.journal", std::process::id())),
    };
    proving.prove(&|_, _| ())?;
    println!(
        "{bytes} bytes were proved in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    Ok(())
}
