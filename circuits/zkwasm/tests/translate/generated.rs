//! Programs made at random, from fixed seeds: a few hundred, or as many as the environment variable
//! `WEFT_GENERATED_PROGRAMS` says.

use arbitrary::Unstructured;
use rayon::prelude::*;
use wasm_smith::{Config, Module};
use weft_folding::{Journal, Setup};
use weft_zkwasm::{
    ChunkSizes, Claim, Image, Run, SetupKind, VerifyingKey, check_run,
    machine::execute,
    prove_run,
    translate::{TranslateError, translate},
    verify_run,
};

use crate::reference::compare;

/// How many programs are compared, unless the environment says.
const PROGRAMS: u64 = 400;

/// The environment variable that says how many.
const PROGRAMS_VARIABLE: &str = "WEFT_GENERATED_PROGRAMS";

/// Of how many programs runs are checked against every constraint, and of how many proved, unless the environment wants more
/// programs: then a hundredth and a thousandth of them.
const CHECKED: u64 = 24;
const PROVED: u64 = 3;

/// Longest run that is checked or proved, in steps.
const LONGEST: u64 = 1 << 15;

/// Percentage of them that must run to an end that can be compared.
const LEAST_COMPARED: u64 = 70;

/// Bytes that depend on the seed alone, by SplitMix64.
fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    };
    (0..1024).flat_map(|_| next().to_le_bytes()).collect()
}

fn config() -> Config {
    let exports = wat::parse_str(
        r#"(module
             (func (export "run")) (func (export "unary") (param i64) (result i64) unreachable)
             (func (export "two") (param i32 i64) (result i64 i32) unreachable)
             (memory (export "memory") 1 2)
             (global (export "a") (mut i32) (i32.const 0)) (global (export "b") (mut i64) (i64.const 0)))"#,
    )
    .expect("it is valid");
    let imports = wat::parse_str(format!("(module {})", crate::reference::IMPORTS)).expect("it is valid");
    Config {
        exports: Some(exports),
        available_imports: Some(imports),
        allow_floats: false,
        allow_start_export: true,
        bulk_memory_enabled: true,
        compact_imports_enabled: false,
        exceptions_enabled: false,
        extended_const_enabled: false,
        gc_enabled: false,
        max_instructions: 400,
        // The exported memory is one already.
        max_memories: 0,
        max_memory32_bytes: 4 << 16,
        max_table_elements: 20,
        // A table without one can outgrow the interpreter's memory.
        table_max_size_required: true,
        memory64_enabled: false,
        min_funcs: 4,
        min_globals: 3,
        min_element_segments: 1,
        max_tables: 3,
        reference_types_enabled: true,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: false,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        ..Config::default()
    }
}

/// The module of a seed, if there is one, and the bytes that its input is of.
fn module(seed: u64) -> Option<(Vec<u8>, Vec<u8>)> {
    let bytes = bytes(seed);
    let mut module = Module::new(config(), &mut Unstructured::new(&bytes)).ok()?;
    module.ensure_termination(1000).ok()?;
    let wasm = module.to_bytes();
    // Where the interpreter fails to instantiate, translation refuses.
    match translate(&wasm) {
        Err(TranslateError::DataOutOfBounds { .. } | TranslateError::ElementOutOfBounds { .. }) => None,
        _ => Some((wasm, bytes)),
    }
}

/// Whether the program of a seed was run to an end and compared.
fn compared(seed: u64) -> bool {
    let Some((wasm, bytes)) = module(seed) else {
        return false;
    };
    match std::panic::catch_unwind(|| compare(&wasm, &bytes[..100])) {
        Ok(outcome) => outcome.is_some(),
        Err(_) => panic!("seed {seed}"),
    }
}

/// How many programs the environment wants.
fn wanted() -> Option<u64> {
    let number = std::env::var(PROGRAMS_VARIABLE).ok()?;
    Some(number.parse().expect("a number of programs"))
}

/// Checks the run of a seed's program against every constraint, and maybe proves it. Whether it could be done.
fn shown(seed: u64, setup: &Setup, prove: bool) -> bool {
    let Some((wasm, bytes)) = module(seed) else {
        return false;
    };
    let (input, program) = (&bytes[..100], translate(&wasm).expect("it is supported"));
    let Ok(trace) = execute(&program, input, LONGEST) else {
        return false;
    };
    let trapped = trace.outcome == 1;
    let output: Vec<u8> = trace.output.iter().flat_map(|word| word.to_le_bytes()).collect();
    let claim = Claim {
        statement: [1; 32],
        image: match Image::new(setup, &program) {
            Ok(image) => image,
            Err(_) => return false,
        },
        input,
        output: if trapped { &[] } else { &output },
        trapped,
        steps: trace.steps.len() as u64,
        advised: false,
    };
    let run = Run {
        claim: &claim,
        program: &program,
        trace: &trace,
        sizes: ChunkSizes::default(),
    };
    let checked = check_run(&claim, &program, &trace, run.sizes);
    assert!(checked.is_ok(), "seed {seed}: {checked:?}");
    if prove {
        let key = VerifyingKey::new(setup, SetupKind::Development).expect("the setup is valid");
        let proof = prove_run(setup, &key, run, &mut [], &mut Journal::none(), &|_, _| ());
        let (proof, _) = proof.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let verdict = verify_run(&key, &claim, &proof);
        assert!(verdict.is_ok(), "seed {seed}: {verdict:?}");
    }
    true
}

#[test]
fn a_sample_of_generated_programs_is_proved() {
    let (checked, proved) = match wanted() {
        Some(programs) => (programs / 100, programs / 1000),
        None => (CHECKED, PROVED),
    };
    let setup = Setup::development(17).expect("the points are valid");
    let mut seeds = 1_000_000..;
    for _ in 0..proved {
        seeds.find(|&seed| shown(seed, &setup, true));
    }
    for _ in 0..checked {
        seeds.find(|&seed| shown(seed, &setup, false));
    }
    println!(
        "{checked} runs checked, {proved} proved, of {} programs",
        seeds.start - 1_000_000
    );
}

#[test]
fn generated_programs_agree() {
    let programs = wanted().unwrap_or(PROGRAMS);
    let compared = (0..programs)
        .into_par_iter()
        .filter(|&seed| compared(seed))
        .count() as u64;
    println!("{compared} of {programs} programs ran to an end that can be compared");
    assert!(
        compared * 100 >= programs * LEAST_COMPARED,
        "only {compared} of {programs} programs were compared"
    );
}
