//! Proving and verifying keys: powers of tau, from a ceremony's file or made for development.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow};
use weft_folding::Setup;
use weft_zkwasm::{SetupKind, VerifyingKey};

use crate::project::unfinished;

/// Fewest powers of tau that proving takes, as a binary logarithm: for the table of the circuit.
pub const SMALLEST: usize = 17;
/// Most that any program needs.
pub const LARGEST: usize = 20;

/// Warns of development keys, wherever they are used.
pub const WARNING: &str = "DEVELOPMENT KEYS: their secret is public, so anybody can forge proofs under them. Only \
                           development chains accept them; for anything of value give --setup FILE, a ceremony's \
                           powers of tau.";

/// Where powers of tau come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// Made here, with a tau that everybody knows, and kept in this folder.
    Development(PathBuf),
    /// A `.ptau` file.
    File(PathBuf),
}

/// A setup with its verifying key.
#[derive(Clone, Debug)]
pub struct Keys {
    /// What the prover needs.
    pub setup: Setup,
    /// What the verifier needs.
    pub key: VerifyingKey,
}

/// The folder that keeps development keys: `$WEFT_CACHE/keys`, or `weft/keys` in the user's cache.
pub fn folder() -> PathBuf {
    let from = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let cache = from("WEFT_CACHE")
        .or_else(|| Some(from("XDG_CACHE_HOME")?.join("weft")))
        .or_else(|| Some(from("HOME")?.join(".cache/weft")))
        .unwrap_or_else(|| env::temp_dir().join("weft"));
    cache.join("keys")
}

impl KeySource {
    /// The file if one is given, otherwise development keys in [`folder`].
    pub fn of(file: Option<&Path>) -> Self {
        file.map_or_else(|| Self::Development(folder()), |file| Self::File(file.into()))
    }

    /// Whether anybody can forge proofs under these keys.
    pub fn is_development(&self) -> bool {
        matches!(self, Self::Development(_))
    }

    /// Where development keys of this size are kept.
    pub fn cached(&self, log_size: usize) -> Option<PathBuf> {
        match self {
            Self::Development(folder) => Some(cached(folder, log_size)),
            Self::File(_) => None,
        }
    }

    /// The powers of tau, `2^log_size` of them. Development keys are made the first time, which takes seconds, and kept.
    ///
    /// # Errors
    /// When the file cannot be read or has too few powers, or the new keys cannot be kept.
    pub fn proving(&self, log_size: usize) -> Result<Keys> {
        let setup = match self {
            Self::Development(folder) => development(&cached(folder, log_size), log_size)?,
            Self::File(path) => read(path, log_size)?,
        };
        Ok(Keys {
            key: key(&setup)?,
            setup,
        })
    }

    /// The verifying key alone, which takes no time: it does not depend on the number of powers.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn verifying(&self) -> Result<VerifyingKey> {
        match self {
            Self::Development(_) => key(&Setup::development(1)?),
            Self::File(path) => key(&read(path, 1)?),
        }
    }
}

fn cached(folder: &Path, log_size: usize) -> PathBuf {
    folder.join(format!("development-{log_size}.ptau"))
}

fn read(path: &Path, log_size: usize) -> Result<Setup> {
    Setup::from_file(path, log_size).map_err(|error| {
        anyhow!("{error}; give a .ptau file of a powers-of-tau ceremony with at least 2^{log_size} powers")
    })
}

/// Development keys from a file that was kept. One that somebody damaged or replaced is made again.
fn development(path: &Path, log_size: usize) -> Result<Setup> {
    if let Ok(setup) = Setup::from_file(path, log_size)
        && setup.tau_h() == Setup::development(1)?.tau_h()
    {
        return Ok(setup);
    }
    let setup = Setup::development(log_size)?;
    save(&setup, path)?;
    Ok(setup)
}

/// A setup's key. That of the development setup is marked as such, wherever it was read from.
fn key(setup: &Setup) -> Result<VerifyingKey> {
    let kind = match setup.tau_h() == Setup::development(1)?.tau_h() {
        true => SetupKind::Development,
        false => SetupKind::Ceremony,
    };
    VerifyingKey::new(setup, kind).context("the powers of tau are not valid")
}

/// Under another name first, so that nobody reads half a file.
fn save(setup: &Setup, path: &Path) -> Result<()> {
    let folder = path.parent().context("the file has no folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let unfinished = unfinished(folder).with_context(|| format!("cannot write to {}", folder.display()))?;
    setup.save(unfinished.path())?;
    unfinished
        .persist(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(())
}
