//! Prints what proving a run costs on this machine: `cargo run --example measure -p weft-zkwasm [steps] [log steps a chunk]`.

use std::time::Instant;

use weft_folding::{Journal, Setup};
use weft_zkwasm::{
    ChunkSizes, Claim, Image, Run, SetupKind, VerifyingKey, machine::execute, prove_run,
    translate::translate, verify_run,
};

/// A loop of `n` rounds with a store, a load and some arithmetic.
const PROGRAM: &str = r#"(module
  (import "weft" "input_word" (func $word (param i32) (result i64)))
  (import "weft" "output_word" (func $out (param i64)))
  (memory 1)
  (func (export "run") (local $n i64) (local $a i64) (local $b i64)
    (local.set $n (call $word (i32.const 0)))
    (local.set $b (i64.const 1))
    (loop $next
      (local.set $a (i64.add (local.get $a) (local.get $b)))
      (i64.store (i32.wrap_i64 (i64.and (local.get $a) (i64.const 0xff8))) (local.get $a))
      (local.set $b (i64.xor (local.get $b) (i64.load32_u (i32.const 64))))
      (local.set $n (i64.sub (local.get $n) (i64.const 1)))
      (br_if $next (i64.ne (local.get $n) (i64.const 0))))
    (call $out (local.get $a))))"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let steps: u64 = arguments.next().map_or(Ok(20_000), |text| text.parse())?;
    let step: usize = arguments.next().map_or(Ok(10), |text| text.parse())?;
    let time = |name: &str, since: Instant| println!("{name:20} {:8.3} s", since.elapsed().as_secs_f64());

    let start = Instant::now();
    let setup = Setup::development((step + 7).max(17))?;
    time("setup", start);
    let program = translate(&wat::parse_str(PROGRAM)?)?;
    let input = (steps / 10).to_le_bytes();
    let trace = execute(&program, &input, 1 << 24)?;
    let key = VerifyingKey::new(&setup, SetupKind::Development).ok_or("the setup has no key")?;
    let output: Vec<u8> = trace.output.iter().flat_map(|word| word.to_le_bytes()).collect();
    let claim = Claim {
        statement: [0; 32],
        image: Image::new(&setup, &program)?,
        input: &input,
        output: &output,
        trapped: false,
        steps: trace.steps.len() as u64,
        advised: false,
    };
    let start = Instant::now();
    let sizes = ChunkSizes {
        step,
        ..ChunkSizes::default()
    };
    let (proof, stats) = prove_run(
        &setup,
        &key,
        Run {
            claim: &claim,
            program: &program,
            trace: &trace,
            sizes,
        },
        &mut [],
        &mut Journal::none(),
        &|_, _| (),
    )?;
    let elapsed = start.elapsed().as_secs_f64();
    time("prove", start);
    println!(
        "steps {} completed {} chunks {:?}",
        trace.steps.len(),
        trace.completed,
        stats
    );
    println!(
        "{:.0} steps/s, {:.0} WebAssembly instructions/s, {:.0} constraints/s, {} bytes",
        trace.steps.len() as f64 / elapsed,
        trace.completed as f64 / elapsed,
        stats.constraints as f64 / elapsed,
        proof.len()
    );
    for _ in 0..3 {
        let start = Instant::now();
        verify_run(&key, &claim, &proof)?;
        time("verify", start);
    }
    Ok(())
}
