//! Runs programs natively, with exactly the steps that a proof would have.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use weft_primitives::{
    MAX_OUTPUT_BYTES, MAX_PAYLOAD_BYTES, MAX_STATE_BYTES,
    output::{self, Output},
};
use weft_zkwasm::{
    machine::{self, Trace},
    program::Program,
    translate::{Translation, TrapKind, translate_with_functions},
};

/// Most steps that a run may have: the bound of the proof system.
pub const MAX_STEPS: u64 = 1 << 24;

/// A run that ended.
#[derive(Clone, Debug)]
pub struct Execution {
    /// The translated program.
    pub program: Program,
    /// What happened, step by step.
    pub trace: Trace,
    /// The output stream; empty if the run trapped.
    pub stream: Vec<u8>,
    /// How it ended.
    pub end: End,
    /// What each function that ran cost, the dearest first. Shared routines are under `(routines)`.
    pub functions: Vec<Cost>,
    /// What each operation of the proved machine cost, the dearest first.
    pub operations: Vec<Cost>,
}

/// A share of a run.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Cost {
    /// The function or operation.
    pub name: String,
    /// WebAssembly instructions completed.
    pub instructions: u64,
    /// Steps of the proved machine: what proving costs.
    pub steps: u64,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The program returned, with this output.
    Returned(Output),
    /// The program trapped, for this reason.
    Trapped(&'static str),
}

/// Runs a module on an input.
///
/// # Errors
/// When the module cannot be proved, the run does not end within `max_steps`, or its output is none that the chain takes.
pub fn execute(wasm: &[u8], input: &[u8], max_steps: u64) -> Result<Execution> {
    execute_advised(wasm, input, None, max_steps)
}

/// [`execute`] with advice, if the run may read any.
///
/// # Errors
/// As [`execute`].
pub fn execute_advised(
    wasm: &[u8],
    input: &[u8],
    advice: Option<&[u64]>,
    max_steps: u64,
) -> Result<Execution> {
    let Translation { program, functions } =
        translate_with_functions(wasm).context("this module cannot be proved")?;
    let trace = match advice {
        Some(advice) => machine::execute_advised(&program, input, advice, max_steps)?,
        None => machine::execute(&program, input, max_steps)?,
    };
    let name = |pc: u64| {
        // Functions are in the order of their instructions.
        let after = functions.partition_point(|function| function.code.start <= pc);
        let function = after.checked_sub(1).and_then(|at| functions.get(at));
        match function.filter(|function| function.code.contains(&pc)) {
            Some(function) => function
                .name
                .clone()
                .unwrap_or_else(|| format!("function {}", function.index)),
            None => "(routines)".into(),
        }
    };
    let by_function = costs(&program, &trace, &|pc| name(pc as u64));
    let by_operation = costs(&program, &trace, &|pc| program.code[pc].operation().into());
    let trapped = trace.outcome != 0;
    let stream: Vec<u8> = match trapped {
        true => Vec::new(),
        false => trace.output.iter().flat_map(|word| word.to_le_bytes()).collect(),
    };
    let end = match trapped {
        true => End::Trapped(reason(trace.halted_at)),
        false => End::Returned(read_output(&stream)?),
    };
    Ok(Execution {
        program,
        trace,
        stream,
        end,
        functions: by_function,
        operations: by_operation,
    })
}

/// Counts what instructions with the same name cost.
fn costs(program: &Program, trace: &Trace, name: &dyn Fn(usize) -> String) -> Vec<Cost> {
    let mut executed = vec![0; program.code.len()];
    for step in &trace.steps {
        executed[step.pc as usize] += 1;
    }
    let mut counts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (pc, times) in executed.into_iter().enumerate().filter(|(_, times)| *times > 0) {
        let (instructions, steps) = counts.entry(name(pc)).or_default();
        *instructions += times * u64::from(program.completes[pc]);
        *steps += times;
    }
    let mut costs: Vec<Cost> = counts
        .into_iter()
        .map(|(name, (instructions, steps))| Cost {
            name,
            instructions,
            steps,
        })
        .collect();
    costs.sort_by_key(|cost| std::cmp::Reverse(cost.steps));
    costs
}

fn read_output(stream: &[u8]) -> Result<Output> {
    if stream.len() > MAX_OUTPUT_BYTES as usize {
        bail!(
            "the program wrote {} bytes; at most {MAX_OUTPUT_BYTES} are possible",
            stream.len()
        );
    }
    let output = output::decode(stream)
        .context("what the program wrote is no output; write it with `output::write` of the SDK, once")?;
    let bounds = [
        ("state", output.next_state.len(), MAX_STATE_BYTES),
        ("payload", output.payload.len(), MAX_PAYLOAD_BYTES),
    ];
    for (what, bytes, most) in bounds {
        if bytes > most as usize {
            bail!("the {what} has {bytes} bytes; the chain takes at most {most}");
        }
    }
    Ok(output)
}

/// What a trap means, for people.
fn reason(halted_at: u64) -> &'static str {
    match TrapKind::at(halted_at) {
        Some(TrapKind::MemoryOutOfBounds) => "an access beyond the end of memory",
        Some(TrapKind::Unreachable) => "an unreachable instruction, such as a panic or `trap()`",
        Some(TrapKind::DivisionByZero) => "a division by zero",
        Some(TrapKind::IntegerOverflow) => "a signed division that overflows",
        Some(TrapKind::TableOutOfBounds | TrapKind::NullElement | TrapKind::CallTypeMismatch) => {
            "an indirect call of no function, or of one with another type"
        }
        Some(TrapKind::InputOutOfBounds) => "reading beyond the end of the input",
        Some(TrapKind::Misaligned) => "a precompile at an address that is no multiple of 8",
        None => "a trap",
    }
}
