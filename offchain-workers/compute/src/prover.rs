//! Proving.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use tokio::sync::Semaphore;
use tracing::{info, warn};
use weft_folding::{Journal, Setup, SetupError};
use weft_primitives::{Claim, Outcome};
use weft_zkwasm::{
    ChunkSizes, Image, ImageError, Run, SetupKind, VerifyingKey, machine::Trace, open_journal,
    program::Program, proof_size, prove_run, verify_run,
};

/// Where runs are proved. In this process, or by a fleet behind a queue: whatever comes back is verified before it is submitted.
pub trait ProvingQueue: Send + Sync {
    /// The encoded verifying key that proofs are made for.
    fn key(&self) -> &[u8];

    /// The encoded commitment to a program.
    fn image(&self, program: &Program) -> Result<Vec<u8>, ProverError>;

    /// How many bytes the proof of a run will have; an error if it cannot be proved.
    fn proof_bytes(&self, image: &[u8], program: &Program, trace: &Trace) -> Result<usize, ProverError>;

    /// Proves a run. Not before its turn, if there is a queue.
    fn prove(&self, task: Task) -> impl Future<Output = Result<Vec<u8>, ProverError>> + Send;

    /// Whether a proof shows a claim.
    fn verify(&self, claim: &Claim, proof: &[u8]) -> Result<(), ProverError>;
}

/// A run to prove.
#[derive(Debug)]
pub struct Task {
    /// What the proof has to show.
    pub claim: Claim,
    /// The program.
    pub program: Arc<Program>,
    /// The recorded run.
    pub trace: Arc<Trace>,
    /// The file that keeps what is committed to until the proof is finished, so that a prover who was stopped goes on.
    pub journal: Option<PathBuf>,
}

/// A run cannot be proved, or its proof is wrong.
#[derive(Debug, thiserror::Error)]
pub enum ProverError {
    /// The powers of tau cannot be had.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The powers of tau have no verifying key.
    #[error("the powers of tau are not valid")]
    InvalidSetup,
    /// The program has no commitment under these powers of tau.
    #[error("the program cannot be committed to: {0}")]
    Image(#[from] ImageError),
    /// The claim's image cannot be read.
    #[error("the program commitment cannot be read")]
    MalformedImage,
    /// The prover refuses.
    #[error("the run cannot be proved: {0}")]
    Prove(String),
    /// The proof that was made is wrong. This is a fault of this program, not of the job.
    #[error("a proof was made that does not verify: {0}")]
    Wrong(String),
    /// The prover panicked, or was stopped.
    #[error("the prover ended without a proof: {0}")]
    Ended(String),
}

/// Where powers of tau come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Powers {
    /// Made here, with a tau that everybody knows: proofs are worthless, and only development chains take them.
    Development,
    /// The file of a ceremony.
    File(PathBuf),
}

/// Proves in this process, one run at a time.
#[derive(Debug)]
pub struct LocalProver {
    setup: Arc<Setup>,
    key: Arc<VerifyingKey>,
    encoded_key: Vec<u8>,
    turn: Semaphore,
}

impl LocalProver {
    /// A prover with `2^log_size` powers of tau. Making or reading them takes seconds.
    pub fn new(powers: &Powers, log_size: usize) -> Result<Self, ProverError> {
        let setup = match powers {
            Powers::Development => Setup::development(log_size)?,
            Powers::File(path) => Setup::from_file(path, log_size)?,
        };
        // Powers in a file may be the development ones too.
        let kind = match setup.tau_h() == Setup::development(1)?.tau_h() {
            true => SetupKind::Development,
            false => SetupKind::Ceremony,
        };
        let key = VerifyingKey::new(&setup, kind).ok_or(ProverError::InvalidSetup)?;
        Ok(Self {
            setup: Arc::new(setup),
            encoded_key: key.encode().to_vec(),
            key: Arc::new(key),
            turn: Semaphore::new(1),
        })
    }
}

/// A claim as the circuit's crate takes it.
fn circuit_claim(claim: &Claim) -> Result<weft_zkwasm::Claim<'_>, ProverError> {
    Ok(weft_zkwasm::Claim {
        statement: claim.statement.0,
        image: Image::decode(&claim.image).ok_or(ProverError::MalformedImage)?,
        input: &claim.input,
        output: &claim.output,
        trapped: claim.outcome == Outcome::Trapped,
        steps: claim.steps,
        advised: claim.advised,
    })
}

impl ProvingQueue for LocalProver {
    fn key(&self) -> &[u8] {
        &self.encoded_key
    }

    fn image(&self, program: &Program) -> Result<Vec<u8>, ProverError> {
        Ok(Image::new(&self.setup, program)?.encode().to_vec())
    }

    fn proof_bytes(&self, image: &[u8], program: &Program, trace: &Trace) -> Result<usize, ProverError> {
        let image = Image::decode(image).ok_or(ProverError::MalformedImage)?;
        proof_size(&image, program, trace, chunk_sizes(&self.setup, trace))
            .map(|size| size.bytes)
            .map_err(|error| ProverError::Prove(error.to_string()))
    }

    async fn prove(&self, task: Task) -> Result<Vec<u8>, ProverError> {
        let ended = |error: &dyn std::fmt::Display| ProverError::Ended(error.to_string());
        let _turn = self.turn.acquire().await.map_err(|error| ended(&error))?;
        let (setup, key) = (self.setup.clone(), self.key.clone());
        let proving = tokio::task::spawn_blocking(move || prove(&setup, &key, &task));
        proving.await.map_err(|error| ended(&error))?
    }

    fn verify(&self, claim: &Claim, proof: &[u8]) -> Result<(), ProverError> {
        let start = Instant::now();
        verify_run(&self.key, &circuit_claim(claim)?, proof)
            .map_err(|error| ProverError::Wrong(error.to_string()))?;
        info!(seconds = start.elapsed().as_secs_f32(), "the proof is right");
        Ok(())
    }
}

/// How a run is cut into chunks.
fn chunk_sizes(setup: &Setup, trace: &Trace) -> ChunkSizes {
    ChunkSizes::for_run(trace, setup.size().ilog2() as usize)
}

fn prove(setup: &Setup, key: &VerifyingKey, task: &Task) -> Result<Vec<u8>, ProverError> {
    let start = Instant::now();
    let percent = AtomicUsize::new(0);
    let progress = |done: usize, all: usize| {
        let now = done * 100 / all.max(1);
        // One line for each tenth.
        if now / 10 > percent.fetch_max(now, Ordering::Relaxed) / 10 {
            info!(
                percent = now,
                work = all,
                seconds = start.elapsed().as_secs(),
                "proving"
            );
        }
    };
    let claim = circuit_claim(&task.claim)?;
    let run = Run {
        claim: &claim,
        program: &task.program,
        trace: &task.trace,
        sizes: chunk_sizes(setup, &task.trace),
    };
    let mut journal = match &task.journal {
        Some(path) => open_journal(path, key, run, 0).unwrap_or_else(|error| {
            warn!(%error, journal = %path.display(), "proving without a journal");
            Journal::none()
        }),
        None => Journal::none(),
    };
    let kept = journal.len();
    if kept > 0 {
        info!(kept, "going on with a proof that was interrupted");
    }
    let (proof, stats) = prove_run(setup, key, run, &mut [], &mut journal, &progress)
        .map_err(|error| ProverError::Prove(error.to_string()))?;
    info!(
        seconds = start.elapsed().as_secs_f32(),
        final_proof_seconds = stats.compression.as_secs_f32(),
        proof_bytes = proof.len(),
        key_bytes = key.encode().len(),
        steps = claim.steps,
        instructions = task.trace.completed,
        constraints = stats.constraints,
        step_chunks = stats.step_chunks,
        scan_chunks = stats.scan_chunks,
        peak_memory_mib = peak_memory_mib(),
        "proved"
    );
    Ok(proof)
}

/// The most memory that this process has had, in MiB, where the system tells.
fn peak_memory_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim()
        .strip_suffix("kB")?
        .trim()
        .parse::<u64>()
        .ok()
        .map(|kib| kib / 1024)
}
