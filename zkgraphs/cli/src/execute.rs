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
    /// Steps of each function that ran, the most first. Steps of shared routines are under `(routines)`.
    pub profile: Vec<(String, u64)>,
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
    let Translation { program, functions } =
        translate_with_functions(wasm).context("this module cannot be proved")?;
    let trace = machine::execute(&program, input, max_steps)?;
    let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
    for step in &trace.steps {
        // Functions are in the order of their instructions.
        let after = functions.partition_point(|function| function.code.start <= step.pc);
        let inside = after
            .checked_sub(1)
            .filter(|at| functions[*at].code.contains(&step.pc));
        *counts.entry(inside.unwrap_or(usize::MAX)).or_default() += 1;
    }
    let name = |at: usize| match functions.get(at) {
        Some(function) => function
            .name
            .clone()
            .unwrap_or_else(|| format!("function {}", function.index)),
        None => "(routines)".into(),
    };
    let mut profile: Vec<_> = counts.into_iter().map(|(at, steps)| (name(at), steps)).collect();
    profile.sort_by_key(|(_, steps)| std::cmp::Reverse(*steps));
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
        profile,
    })
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
        None => "a trap",
    }
}
