//! Proofs of runs, and files with them.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use weft_folding::Progress;
use weft_primitives::keccak256;
use weft_zkwasm::{Claim, Image, ProofStats, open_journal, prove_run, verify_run};

use crate::{
    execute::{End, MAX_STEPS, execute},
    image::image_for_run,
    input_file::{parse_hex, shown},
    keys::KeySource,
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

/// Runs a module on an input and proves it. What is committed to is kept in the file `journal` until the proof is finished: a
/// prover who was stopped goes on with it.
///
/// # Errors
/// When the module cannot be proved, the run does not end, the keys are too small, or the journal cannot be written.
pub fn prove(
    wasm: &[u8],
    input: &[u8],
    source: &KeySource,
    statement: [u8; 32],
    journal: &Path,
    progress: Progress<'_>,
) -> Result<Proved> {
    let execution = execute(wasm, input, MAX_STEPS)?;
    let steps = execution.trace.steps.len();
    let (imaged, sizes) = image_for_run(wasm, source, &execution.trace)?;
    let claim = Claim {
        statement,
        image: imaged.image,
        input,
        output: &execution.stream,
        trapped: matches!(execution.end, End::Trapped(_)),
        steps: steps as u64,
    };
    let (setup, key) = (&imaged.keys.setup, &imaged.keys.key);
    if let Some(folder) = journal.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let mut kept = open_journal(journal, key, &claim, sizes)
        .with_context(|| format!("cannot write the journal {}", journal.display()))?;
    let (proof, stats) = prove_run(
        setup,
        key,
        &claim,
        &imaged.program,
        &execution.trace,
        sizes,
        &mut kept,
        progress,
    )?;
    // The proof is made; a file that stays does no harm.
    let _ = fs::remove_file(journal);
    let file = ProofFile {
        key: shown(&key.digest()),
        statement: shown(&statement),
        image: shown(&imaged.image.encode()),
        input: shown(keccak256(input).as_bytes()),
        output: shown(&execution.stream),
        trapped: claim.trapped,
        steps: claim.steps,
        proof: shown(&proof),
    };
    Ok(Proved {
        file,
        stats,
        completed: execution.trace.completed,
    })
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
        };
        verify_run(&key, &claim, &parse_hex(&self.proof).context("proof")?).context("THE PROOF IS WRONG")
    }
}
