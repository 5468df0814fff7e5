//! Runs a module in an independent interpreter and as a translated program, and compares everything observable.

use wasmi::{
    Caller, Engine, Error, Extern, Linker, Module, Store, Val,
    core::{HostError, TrapCode},
};
use weft_zkwasm::{
    machine::{ExecuteError, Trace, execute},
    program::Space,
    translate::{TrapKind, translate},
};

/// Steps a test program may take.
const MAX_STEPS: u64 = 5_000_000;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The output stream.
    pub(crate) output: Vec<u64>,
    /// Why it trapped, if it did.
    pub(crate) trap: Option<TrapKind>,
}

struct Host {
    input: Vec<u8>,
    output: Vec<u64>,
}

/// The trap of [`TrapKind::InputOutOfBounds`].
#[derive(Debug)]
struct BeyondInput;

impl core::fmt::Display for BeyondInput {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("beyond the input")
    }
}

impl HostError for BeyondInput {}

/// Exported state after a run: memory, and the globals by export name.
type State = (Option<Vec<u8>>, Vec<(String, u64)>);

/// Runs in the interpreter. `None`: it reached a limit of the interpreter's own.
fn interpret(wasm: &[u8], input: &[u8]) -> Option<(Outcome, Option<State>)> {
    let engine = Engine::default();
    let module = Module::new(&engine, wasm).expect("the module is valid");
    let mut store = Store::new(
        &engine,
        Host {
            input: input.to_vec(),
            output: Vec::new(),
        },
    );
    let mut linker = Linker::new(&engine);
    linker
        .func_wrap("weft", "input_len", |caller: Caller<'_, Host>| {
            caller.data().input.len() as i32
        })
        .expect("defined once");
    linker
        .func_wrap(
            "weft",
            "input_word",
            |caller: Caller<'_, Host>, i: i32| -> Result<i64, Error> {
                let chunk = caller
                    .data()
                    .input
                    .chunks(8)
                    .nth(i as u32 as usize)
                    .ok_or(Error::host(BeyondInput))?;
                let mut word = [0; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                Ok(i64::from_le_bytes(word))
            },
        )
        .expect("defined once");
    linker
        .func_wrap(
            "weft",
            "output_word",
            |mut caller: Caller<'_, Host>, word: i64| {
                caller.data_mut().output.push(word as u64);
            },
        )
        .expect("defined once");
    let mut state = None;
    let result = linker
        .instantiate(&mut store, &module)
        .and_then(|pre| pre.start(&mut store))
        .and_then(|instance| {
            let run = instance
                .get_typed_func::<(), ()>(&store, "run")
                .expect("run is exported");
            let result = run.call(&mut store, ());
            let mut memory = None;
            let mut globals = Vec::new();
            for export in instance.exports(&store) {
                let name = export.name().to_string();
                match export.into_extern() {
                    Extern::Memory(exported) => memory = Some(exported.data(&store).to_vec()),
                    Extern::Global(global) => {
                        let value = match global.get(&store) {
                            Val::I32(value) => u64::from(value as u32),
                            Val::I64(value) => value as u64,
                            value => panic!("unexpected global {value:?}"),
                        };
                        globals.push((name, value));
                    }
                    _ => {}
                }
            }
            state = Some((memory, globals));
            result
        });
    let trap = match result {
        Ok(()) => None,
        Err(error) if error.downcast_ref::<BeyondInput>().is_some() => Some(TrapKind::InputOutOfBounds),
        Err(error) => Some(
            match error
                .as_trap_code()
                .unwrap_or_else(|| panic!("not a trap: {error}"))
            {
                TrapCode::UnreachableCodeReached => TrapKind::Unreachable,
                TrapCode::MemoryOutOfBounds => TrapKind::MemoryOutOfBounds,
                TrapCode::TableOutOfBounds => TrapKind::TableOutOfBounds,
                TrapCode::IndirectCallToNull => TrapKind::NullElement,
                TrapCode::IntegerDivisionByZero => TrapKind::DivisionByZero,
                TrapCode::IntegerOverflow => TrapKind::IntegerOverflow,
                TrapCode::BadSignature => TrapKind::CallTypeMismatch,
                _ => return None,
            },
        ),
    };
    Some((
        Outcome {
            output: store.into_data().output,
            trap,
        },
        state,
    ))
}

/// Runs as a translated program.
pub(crate) fn prove_ready(wasm: &[u8], input: &[u8]) -> (Outcome, Trace) {
    let program = translate(wasm).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(program.code.len(), program.completes.len());
    assert_eq!(program.check(), Ok(()));
    let trace = execute(&program, input, MAX_STEPS).unwrap_or_else(|error| panic!("{error}"));
    let trap = TrapKind::at(trace.halted_at);
    assert_eq!(
        trace.outcome,
        u64::from(trap.is_some()),
        "halted at {}",
        trace.halted_at
    );
    (
        Outcome {
            output: trace.output.clone(),
            trap,
        },
        trace,
    )
}

/// Asserts that both agree on the output, the trap, and exported memory and globals. Returns what they agree on,
/// `None` if the interpreter reached a limit of its own or the program its limit of steps.
pub(crate) fn compare(wasm: &[u8], input: &[u8]) -> Option<Outcome> {
    let (expected, state) = interpret(wasm, input)?;
    let program = translate(wasm).unwrap_or_else(|error| panic!("{error}"));
    if execute(&program, input, MAX_STEPS).is_err_and(|error| matches!(error, ExecuteError::StepLimit(_))) {
        return None;
    }
    let (outcome, trace) = prove_ready(wasm, input);
    assert_eq!(outcome, expected);
    let cell = |key: u64| {
        trace
            .cells
            .binary_search_by_key(&key, |cell| cell.key)
            .map_or(0, |index| trace.cells[index].value)
    };
    let Some((memory, globals)) = state else {
        return Some(outcome);
    };
    if let Some(memory) = memory {
        assert_eq!(
            trace.steps.last().map(|step| step.pages << 16),
            Some(memory.len() as u64)
        );
        for (index, word) in (Space::Memory.base()..).zip(memory.chunks(8)) {
            let expected = u64::from_le_bytes(word.try_into().expect("memory is whole words"));
            assert_eq!(
                cell(index),
                expected,
                "memory word {:#x}",
                index - Space::Memory.base()
            );
        }
    }
    for (name, value) in globals {
        let index = global_index(wasm, &name);
        assert!(
            cell(Space::Global.base() + u64::from(index)) == value || constant_zero(&program, index, value),
            "global {name}"
        );
    }
    Some(outcome)
}

/// Whether an unnamed cell stands for this value.
fn constant_zero(program: &weft_zkwasm::program::Program, index: u32, value: u64) -> bool {
    let key = Space::Global.base() + u64::from(index);
    value == 0 && program.cells.iter().all(|&(named, _)| named != key)
}

fn global_index(wasm: &[u8], name: &str) -> u32 {
    for payload in wasmparser::Parser::new(0).parse_all(wasm) {
        if let Ok(wasmparser::Payload::ExportSection(exports)) = payload {
            for export in exports.into_iter().flatten() {
                if export.name == name {
                    return export.index;
                }
            }
        }
    }
    panic!("no export {name}");
}

/// The host functions' imports, named `$input_len`, `$input_word` and `$output_word`.
pub(crate) const IMPORTS: &str = r#"
    (import "weft" "input_len" (func $input_len (result i32)))
    (import "weft" "input_word" (func $input_word (param i32) (result i64)))
    (import "weft" "output_word" (func $output_word (param i64)))
"#;

/// A module of these fields, with the host functions imported.
pub(crate) fn module(fields: &str) -> Vec<u8> {
    let text = format!("(module {IMPORTS} {fields})");
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Runs a module of these fields both ways on these words of input.
pub(crate) fn run(fields: &str, input: &[u64]) -> Outcome {
    let input: Vec<u8> = input.iter().flat_map(|word| word.to_le_bytes()).collect();
    compare(&module(fields), &input).expect("no limit is reached")
}
