//! A run, its claim and its proof, for the tests.

use std::sync::OnceLock;

use weft_folding::{Channel, Journal, Segment, Setup};
use weft_zkwasm::{
    ChunkSizes, Claim, Image, Run, RunError, SetupKind, VerifyError, VerifyingKey,
    machine::{Trace, execute, execute_advised},
    program::Program,
    prove_run, verify_run, with_segment,
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

/// Another prover in this process.
struct Here<'a, 'b>(&'a mut Segment<'b>);

impl Channel for Here<'_, '_> {
    fn exchange(&mut self, request: &[u8], _: usize) -> std::io::Result<Vec<u8>> {
        self.0.answer(request).map_err(std::io::Error::other)
    }
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
    pub(crate) advised: bool,
    pub(crate) trace: Trace,
}

impl Attempt {
    /// An honest run.
    pub(crate) fn run(program: &Program, input: &[u8]) -> Self {
        let trace = execute(program, input, 1 << 20).expect("the program ends");
        Self::of(program, input, trace, false)
    }

    /// An honest run with advice.
    pub(crate) fn run_advised(program: &Program, input: &[u8], advice: &[u64]) -> Self {
        let trace = execute_advised(program, input, advice, 1 << 20).expect("the program ends");
        Self::of(program, input, trace, true)
    }

    fn of(program: &Program, input: &[u8], trace: Trace, advised: bool) -> Self {
        let trapped = trace.outcome == 1;
        Self {
            program: program.clone(),
            image: Image::new(setup(), program).expect("the program fits"),
            statement: [7; 32],
            input: input.to_vec(),
            output: if trapped { Vec::new() } else { trace.output.clone() },
            trapped,
            steps: trace.steps.len() as u64,
            advised,
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
            advised: self.advised,
        })
    }

    /// Proves the trace.
    pub(crate) fn prove(&self, sizes: ChunkSizes) -> Result<Vec<u8>, RunError> {
        self.with_claim(|claim| {
            let run = self.to_prove(claim, sizes);
            let proof = prove_run(setup(), &key(), run, &mut [], &mut Journal::none(), &|_, _| ());
            proof.map(|(proof, _)| proof)
        })
    }

    /// Proves the trace with a second prover.
    pub(crate) fn prove_with_another(&self, sizes: ChunkSizes) -> Result<Vec<u8>, RunError> {
        let sizes = ChunkSizes { segments: 2, ..sizes };
        self.with_claim(|claim| {
            let run = self.to_prove(claim, sizes);
            let (mut own, mut others) = (Journal::none(), Journal::none());
            let proof = with_segment(setup(), run, 1, &mut others, |segment| {
                let mut channel = Here(segment);
                prove_run(setup(), &key(), run, &mut [&mut channel], &mut own, &|_, _| ())
            });
            proof?.map(|(proof, _)| proof)
        })
    }

    fn to_prove<'a>(&'a self, claim: &'a Claim<'a>, sizes: ChunkSizes) -> Run<'a> {
        Run {
            claim,
            program: &self.program,
            trace: &self.trace,
            sizes,
        }
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
