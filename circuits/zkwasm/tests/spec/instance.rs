//! A module with its state, executed call by call as translated programs.

use weft_zkwasm::{
    ChunkSizes, Claim, Image, check_run,
    machine::{ExecuteError, Trace, execute},
    program::{Program, SPACE_SHIFT, Space},
    translate::{Entry, Environment, TranslateError, Translation, TrapKind, translate_in},
};

/// Steps that one call may take.
const MAX_STEPS: u64 = 2_000_000;

/// Runs up to this long are also checked against the constraints, if the file's share is not used up.
const CHECKED_STEPS: usize = 1_000;

/// Why a call did not return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It trapped.
    Trap(TrapKind),
    /// It did not end.
    Endless,
    /// It came to a function that uses floating point.
    Floats,
}

/// A module after some calls.
pub(crate) struct Instance {
    wasm: Vec<u8>,
    cells: Vec<(u64, u64)>,
    pages: u32,
}

impl Instance {
    /// Translates a module and calls its start function.
    pub(crate) fn new(
        wasm: Vec<u8>,
        checks: &mut u32,
    ) -> Result<(Self, Result<(), Failure>), TranslateError> {
        let translation = translate_in(&wasm, Environment::Spectest, Entry::Start)?;
        let mut instance = Self {
            wasm,
            cells: translation.program.cells.clone(),
            pages: translation.program.pages,
        };
        let started = instance.execute(&translation, checks).map(|_| ());
        Ok((instance, started))
    }

    /// Calls an export. Results are one word each.
    pub(crate) fn call(
        &mut self,
        function: &str,
        arguments: &[u64],
        checks: &mut u32,
    ) -> Result<Result<Vec<u64>, Failure>, TranslateError> {
        let entry = Entry::Call { function, arguments };
        let mut translation = translate_in(&self.wasm, Environment::Spectest, entry)?;
        translation.program.cells.clone_from(&self.cells);
        translation.program.pages = self.pages;
        Ok(self.execute(&translation, checks))
    }

    /// The value of an exported global.
    pub(crate) fn global(&self, name: &str) -> Option<u64> {
        let index = wasmparser::Parser::new(0)
            .parse_all(&self.wasm)
            .filter_map(|payload| match payload {
                Ok(wasmparser::Payload::ExportSection(exports)) => Some(exports),
                _ => None,
            })
            .flat_map(|exports| exports.into_iter().flatten())
            .find(|export| export.name == name && export.kind == wasmparser::ExternalKind::Global)?
            .index;
        let key = Space::Global.base() + u64::from(index);
        let found = self.cells.binary_search_by_key(&key, |&(key, _)| key);
        Some(found.map_or(0, |at| self.cells[at].1))
    }

    fn execute(&mut self, translation: &Translation, checks: &mut u32) -> Result<Vec<u64>, Failure> {
        let program = &translation.program;
        let trace = match execute(program, &[], MAX_STEPS) {
            Ok(trace) => trace,
            Err(ExecuteError::StepLimit(_)) => return Err(Failure::Endless),
            Err(error) => panic!("{error}"),
        };
        if *checks > 0 && trace.steps.len() <= CHECKED_STEPS {
            *checks -= 1;
            satisfied(program, &trace);
        }
        // What a call leaves behind is what the next one starts with.
        let kept = [Space::Memory, Space::Global, Space::Table, Space::Segment];
        self.cells = trace
            .cells
            .iter()
            .filter(|cell| kept.iter().any(|&space| cell.key >> SPACE_SHIFT == space as u64))
            .map(|cell| (cell.key, cell.value))
            .collect();
        self.pages = trace.steps.last().map_or(0, |step| step.pages as u32);
        let uses_floats = |pc| {
            let mut unsupported = translation
                .functions
                .iter()
                .filter(|function| !function.supported);
            unsupported.any(|function| function.code.contains(&pc))
        };
        // The halt comes right after the instruction that trapped.
        if trace
            .steps
            .iter()
            .rev()
            .nth(1)
            .is_some_and(|step| uses_floats(step.pc))
        {
            return Err(Failure::Floats);
        }
        match TrapKind::at(trace.halted_at) {
            Some(kind) => Err(Failure::Trap(kind)),
            None => Ok(trace.output),
        }
    }
}

/// Asserts that a run satisfies every constraint.
fn satisfied(program: &Program, trace: &Trace) {
    let rows = program.code.len() + program.cells.len();
    let output: Vec<u8> = trace.output.iter().flat_map(|word| word.to_le_bytes()).collect();
    let trapped = trace.outcome == 1;
    let claim = Claim {
        statement: [0; 32],
        // Its commitment is not looked at.
        image: Image {
            commitment: [0; 32],
            rows_log: rows.next_power_of_two().ilog2().max(4) as u8,
            pages: program.pages,
        },
        input: &[],
        output: if trapped { &[] } else { &output },
        trapped,
        steps: trace.steps.len() as u64,
        advised: false,
    };
    program.check().expect("translation makes well-formed programs");
    check_run(
        &claim,
        program,
        trace,
        ChunkSizes {
            step: 6,
            scan: 6,
            segments: 1,
        },
    )
    .expect("an honest run satisfies the constraints");
}
