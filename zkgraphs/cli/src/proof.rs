//! Proofs of runs, and files with them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use weft_folding::{Journal, Progress};
use weft_primitives::keccak256;
use weft_zkwasm::{
    ChunkSizes, Claim, Image, ProofStats, Run, open_journal, prove_run, verify_run, with_segment,
};

use crate::{
    execute::{End, Execution, MAX_STEPS, execute_advised},
    image::{Imaged, image_for_run},
    input_file::{is_advised, parse_hex, shown},
    keys::KeySource,
    processes::{self, MOST_PROCESSES, Processes},
    project::write_file,
};

/// A proof of a run, with what it is about but for the input, in JSON. Byte strings are hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofFile {
    /// Digest of the verifying key.
    pub key: String,
    /// Digest of the statement that the proof is tied to; zeros for a run that no chain knows.
    pub statement: String,
    /// The program commitment.
    pub image: String,
    /// Digest of the input.
    pub input: String,
    /// The output stream.
    pub output: String,
    /// Whether the run ended in a trap.
    pub trapped: bool,
    /// Steps of the proved machine.
    pub steps: u64,
    /// The proof.
    pub proof: String,
}

/// A proof that was made.
#[derive(Clone, Debug)]
pub struct Proved {
    /// What goes to a file.
    pub file: ProofFile,
    /// Numbers about it.
    pub stats: ProofStats,
    /// WebAssembly instructions of the run.
    pub completed: u64,
}

/// A run that is to be proved.
#[derive(Clone, Debug)]
pub struct Proving<'a> {
    /// The module.
    pub wasm: &'a [u8],
    /// Its input.
    pub input: &'a [u8],
    /// Words of advice, if the run may read any.
    pub advice: Option<&'a [u64]>,
    /// Where keys come from.
    pub source: &'a KeySource,
    /// Digest of a statement to tie the proof to.
    pub statement: [u8; 32],
    /// How many processes prove it.
    pub processes: usize,
    /// A file that keeps what is committed to until the proof is finished: a prover who was stopped goes on with it. Those of other
    /// processes are beside it.
    pub journal: PathBuf,
}

/// The run and what it is proved with.
struct Ready {
    execution: Execution,
    imaged: Imaged,
    sizes: ChunkSizes,
}

/// Checks that a run is one that a proof can be of.
///
/// # Errors
/// When it trapped and may have read advice.
pub fn ensure_provable(execution: &Execution, advice: Option<&[u64]>) -> Result<()> {
    ensure!(
        advice.is_none() || !matches!(execution.end, End::Trapped(_)),
        "the program trapped, which proves nothing of a program that reads advice: its prover may have brought it about"
    );
    Ok(())
}

impl Proving<'_> {
    /// Executes the run, and proves it.
    ///
    /// # Errors
    /// When the module cannot be proved, the run does not end, the keys are too small, another process fails, or the journal
    /// cannot be written.
    pub fn prove(&self, progress: Progress<'_>) -> Result<Proved> {
        let ready = self.ready()?;
        let claim = self.claim(&ready);
        let keys = &ready.imaged.keys;
        let mut journal = self.journal(&ready, &claim, 0)?;
        let mut others = Processes::start(self.processes)?;
        let (proof, stats) = prove_run(
            &keys.setup,
            &keys.key,
            self.run(&ready, &claim),
            &mut others.channels(),
            &mut journal,
            progress,
        )?;
        others.end();
        verify_run(&keys.key, &claim, &proof)
            .context("the proof that was made is wrong; please report this")?;
        // The proof is made; a file that stays does no harm.
        (0..self.processes).for_each(|segment| drop(fs::remove_file(self.journal_path(segment))));
        Ok(Proved {
            file: ProofFile {
                key: shown(&keys.key.digest()),
                statement: shown(&self.statement),
                image: shown(&ready.imaged.image.encode()),
                input: shown(keccak256(self.input).as_bytes()),
                output: shown(&ready.execution.stream),
                trapped: claim.trapped,
                steps: claim.steps,
                proof: shown(&proof),
            },
            stats,
            completed: ready.execution.trace.completed,
        })
    }

    /// Proves a segment for another process, which asks over standard input.
    ///
    /// # Errors
    /// As [`Self::prove`].
    pub fn serve(&self, segment: usize) -> Result<()> {
        let ready = self.ready()?;
        let claim = self.claim(&ready);
        let mut journal = self.journal(&ready, &claim, segment)?;
        let (setup, run) = (&ready.imaged.keys.setup, self.run(&ready, &claim));
        with_segment(setup, run, segment, &mut journal, processes::serve)?
    }

    fn ready(&self) -> Result<Ready> {
        ensure!(
            (1..=MOST_PROCESSES).contains(&self.processes),
            "--processes is from 1 to {MOST_PROCESSES}"
        );
        let execution = execute_advised(self.wasm, self.input, self.advice, MAX_STEPS)?;
        ensure_provable(&execution, self.advice)?;
        let (imaged, sizes) = image_for_run(self.wasm, self.source, &execution.trace)?;
        Ok(Ready {
            execution,
            imaged,
            sizes: ChunkSizes {
                segments: self.processes,
                ..sizes
            },
        })
    }

    fn claim<'a>(&'a self, ready: &'a Ready) -> Claim<'a> {
        Claim {
            statement: self.statement,
            image: ready.imaged.image,
            input: self.input,
            output: &ready.execution.stream,
            trapped: matches!(ready.execution.end, End::Trapped(_)),
            steps: ready.execution.trace.steps.len() as u64,
            advised: self.advice.is_some(),
        }
    }

    fn run<'a>(&self, ready: &'a Ready, claim: &'a Claim<'a>) -> Run<'a> {
        Run {
            claim,
            program: &ready.imaged.program,
            trace: &ready.execution.trace,
            sizes: ready.sizes,
        }
    }

    fn journal_path(&self, segment: usize) -> PathBuf {
        match segment {
            0 => self.journal.clone(),
            _ => self.journal.with_extension(format!("journal.{segment}")),
        }
    }

    fn journal<'a>(&self, ready: &'a Ready, claim: &'a Claim<'a>, segment: usize) -> Result<Journal> {
        let path = self.journal_path(segment);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        open_journal(&path, &ready.imaged.keys.key, self.run(ready, claim), segment)
            .with_context(|| format!("cannot write the journal {}", path.display()))
    }
}

impl ProofFile {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read or is none.
    pub fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let bytes =
            fs::read(path).with_context(|| format!("cannot read {shown}; make a proof with `weft prove`"))?;
        serde_json::from_slice(&bytes).with_context(|| format!("{shown} is no file of a proof"))
    }

    /// Writes a file.
    ///
    /// # Errors
    /// When that fails.
    pub fn write(&self, path: &Path) -> Result<()> {
        write_file(path, &serde_json::to_vec_pretty(self)?)
    }

    /// Verifies that the program with the commitment `image`, run on `input`, ended as this file says. Neither is taken from the
    /// file.
    ///
    /// # Errors
    /// When it did not, or the file is about something else.
    pub fn verify(&self, image: Image, input: &[u8], source: &KeySource) -> Result<()> {
        let key = source.verifying()?;
        let same = |what: &str, file: &str, here: &[u8], hint: &str| -> Result<()> {
            let here = shown(here);
            ensure!(
                file == here,
                "the proof is for another {what}: {file}, here {here}; {hint}"
            );
            Ok(())
        };
        same(
            "key",
            &self.key,
            &key.digest(),
            "give the --setup that it was made with",
        )?;
        same(
            "program",
            &self.image,
            &image.encode(),
            "compile the same sources, or give the right --wasm",
        )?;
        same(
            "input",
            &self.input,
            keccak256(input).as_bytes(),
            "give the --input that it was made with",
        )?;
        let output = parse_hex(&self.output).context("output")?;
        let Ok(statement) = parse_hex(&self.statement)?.try_into() else {
            bail!("the statement is not 32 bytes")
        };
        let claim = Claim {
            statement,
            image,
            input,
            output: &output,
            trapped: self.trapped,
            steps: self.steps,
            advised: is_advised(input)?,
        };
        verify_run(&key, &claim, &parse_hex(&self.proof).context("proof")?).context("THE PROOF IS WRONG")
    }
}
