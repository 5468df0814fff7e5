//! A run, its claim and its proof, for the tests.

use std::sync::OnceLock;

use weft_folding::{Journal, Setup};
use weft_zkwasm::{
    ChunkSizes, Claim, Image, RunError, SetupKind, VerifyError, VerifyingKey,
    machine::{Trace, execute},
    program::Program,
    prove_run, verify_run,
};

/// The development setup, made once a test binary.
pub(crate) fn setup() -> &'static Setup {
    static SETUP: OnceLock<Setup> = OnceLock::new();
    SETUP.get_or_init(|| Setup::development(17).expect("the points are valid"))
}

/// The verifying key for [`setup`].
pub(crate) fn key() -> VerifyingKey {
    VerifyingKey::new(setup(), SetupKind::Development).expect("the setup is valid")
}

/// What a prover claims, and the trace that it claims it with.
pub(crate) struct Attempt {
    pub(crate) program: Program,
    pub(crate) image: Image,
    pub(crate) statement: [u8; 32],
    pub(crate) input: Vec<u8>,
    pub(crate) output: Vec<u64>,
    pub(crate) trapped: bool,
    pub(crate) steps: u64,
    pub(crate) trace: Trace,
}

impl Attempt {
    /// An honest run.
    pub(crate) fn run(program: &Program, input: &[u8]) -> Self {
        let trace = execute(program, input, 1 << 20).expect("the program ends");
        let trapped = trace.outcome == 1;
        Self {
            program: program.clone(),
            image: Image::new(setup(), program).expect("the program fits"),
            statement: [7; 32],
            input: input.to_vec(),
            output: if trapped { Vec::new() } else { trace.output.clone() },
            trapped,
            steps: trace.steps.len() as u64,
            trace,
        }
    }

    fn with_claim<T>(&self, f: impl FnOnce(&Claim<'_>) -> T) -> T {
        let output: Vec<u8> = self.output.iter().flat_map(|word| word.to_le_bytes()).collect();
        f(&Claim {
            statement: self.statement,
            image: self.image,
            input: &self.input,
            output: &output,
            trapped: self.trapped,
            steps: self.steps,
        })
    }

    /// Proves the trace.
    pub(crate) fn prove(&self, sizes: ChunkSizes) -> Result<Vec<u8>, RunError> {
        self.with_claim(|claim| {
            prove_run(
                setup(),
                &key(),
                claim,
                &self.program,
                &self.trace,
                sizes,
                &mut Journal::none(),
                &|_, _| (),
            )
            .map(|(proof, _)| proof)
        })
    }

    /// Verifies a proof of the claim.
    pub(crate) fn verify(&self, proof: &[u8]) -> Result<(), VerifyError> {
        self.verify_under(&key(), proof)
    }

    /// Verifies a proof of the claim under some key.
    pub(crate) fn verify_under(&self, key: &VerifyingKey, proof: &[u8]) -> Result<(), VerifyError> {
        self.with_claim(|claim| verify_run(key, claim, proof))
    }
}
