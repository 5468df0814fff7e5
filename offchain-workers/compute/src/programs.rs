//! WebAssembly modules of zkGraphs.

use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use url::Url;
use weft_primitives::{H256, Program, keccak256};

use crate::work::write_whole;

/// Most bytes of a module that is fetched.
pub const MAX_PROGRAM_BYTES: usize = 16 * 1024 * 1024;
/// How long a server may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A module cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// The URI is none, or of a kind that is not fetched from.
    #[error("{0} is not a file:// or http:// address")]
    Uri(String),
    /// The file or the answer cannot be read.
    #[error("cannot read the program at {uri}: {reason}")]
    Unreadable {
        /// Where.
        uri: String,
        /// What was wrong.
        reason: String,
    },
    /// It is larger than a module may be.
    #[error("the program at {0} has more than {MAX_PROGRAM_BYTES} bytes")]
    TooLarge(String),
    /// The bytes are not those that were registered.
    #[error("the program at {uri} has the digest {found:?}, and {wanted:?} was registered")]
    WrongDigest {
        /// Where.
        uri: String,
        /// What it is.
        found: H256,
        /// What it should be.
        wanted: H256,
    },
}

/// A folder of modules, each named by its digest; those that are not there are fetched and kept.
#[derive(Clone, Debug)]
pub struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// The modules in this folder, which need not exist yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Where the module with this digest is kept.
    pub fn path(&self, digest: H256) -> PathBuf {
        self.folder.join(format!("{}.wasm", hex::encode(digest)))
    }

    /// The module that was registered. Whatever the source, its digest is checked.
    pub async fn get(&self, program: &Program) -> Result<Vec<u8>, ProgramError> {
        let path = self.path(program.digest);
        if let Ok(bytes) = std::fs::read(&path)
            && keccak256(&bytes) == program.digest
        {
            return Ok(bytes);
        }
        let uri = String::from_utf8_lossy(&program.uri).into_owned();
        let bytes = fetch(&uri).await?;
        let found = keccak256(&bytes);
        if found != program.digest {
            return Err(ProgramError::WrongDigest {
                uri,
                found,
                wanted: program.digest,
            });
        }
        if let Err(error) = write_whole(&path, &bytes) {
            tracing::warn!(path = %path.display(), %error, "cannot keep the program");
        }
        Ok(bytes)
    }
}

async fn fetch(uri: &str) -> Result<Vec<u8>, ProgramError> {
    let url = Url::parse(uri).map_err(|_| ProgramError::Uri(uri.into()))?;
    match url.scheme() {
        "file" => {
            let path = url.to_file_path().map_err(|()| ProgramError::Uri(uri.into()))?;
            read_file(uri, &path)
        }
        "http" => download(uri, url).await,
        _ => Err(ProgramError::Uri(uri.into())),
    }
}

fn read_file(uri: &str, path: &Path) -> Result<Vec<u8>, ProgramError> {
    let unreadable = |error: std::io::Error| ProgramError::Unreadable {
        uri: uri.into(),
        reason: match error.kind() {
            ErrorKind::NotFound => "there is no such file".into(),
            _ => error.to_string(),
        },
    };
    let file = File::open(path).map_err(unreadable)?;
    // A device or a pipe may have no end.
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(ProgramError::Unreadable {
            uri: uri.into(),
            reason: "it is no file".into(),
        });
    }
    let mut bytes = Vec::new();
    file.take(MAX_PROGRAM_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() > MAX_PROGRAM_BYTES {
        return Err(ProgramError::TooLarge(uri.into()));
    }
    Ok(bytes)
}

async fn download(uri: &str, url: Url) -> Result<Vec<u8>, ProgramError> {
    let unreadable = |error: reqwest::Error| ProgramError::Unreadable {
        uri: uri.into(),
        reason: error.to_string(),
    };
    let client = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .build()
        .map_err(unreadable)?;
    let mut answer = client
        .get(url)
        .send()
        .await
        .and_then(reqwest::Response::error_for_status)
        .map_err(unreadable)?;
    let mut bytes = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(unreadable)? {
        bytes.extend_from_slice(&part);
        if bytes.len() > MAX_PROGRAM_BYTES {
            return Err(ProgramError::TooLarge(uri.into()));
        }
    }
    Ok(bytes)
}
