//! A zkGraph's folder: sources, `weft.toml`, and what `weft` makes of them in `build/`.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use tempfile::{Builder, NamedTempFile};

use crate::manifest_file::ManifestFile;

/// The file that makes a folder a zkGraph.
pub const MANIFEST_FILE: &str = "weft.toml";

/// A zkGraph's folder.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    /// Its `weft.toml`.
    pub file: ManifestFile,
}

impl Project {
    /// The zkGraph in `folder`, or in the nearest folder above that has a `weft.toml`.
    ///
    /// # Errors
    /// When there is none, or its file cannot be read.
    pub fn find(folder: &Path) -> Result<Self> {
        let start = folder
            .canonicalize()
            .with_context(|| format!("no folder {}", folder.display()))?;
        let Some(root) = start
            .ancestors()
            .find(|folder| folder.join(MANIFEST_FILE).is_file())
        else {
            bail!(
                "no {MANIFEST_FILE} in {} or above it; go to a zkGraph's folder, name it with --project, or make one \
                 with `weft new NAME`",
                start.display()
            );
        };
        let path = root.join(MANIFEST_FILE);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let file = ManifestFile::parse(&text).with_context(|| format!("in {}", path.display()))?;
        Ok(Self {
            root: root.into(),
            file,
        })
    }

    /// Where the compiled program lies.
    pub fn wasm(&self) -> PathBuf {
        self.build_folder().join(format!("{}.wasm", self.file.name))
    }

    /// Where a proof is put that nobody names a place for.
    pub fn proof(&self) -> PathBuf {
        self.build_folder().join(format!("{}.proof.json", self.file.name))
    }

    /// Where it is noted under which id the zkGraph was published.
    pub fn published(&self) -> PathBuf {
        self.build_folder()
            .join(format!("{}.published.json", self.file.name))
    }

    fn build_folder(&self) -> PathBuf {
        self.root.join("build")
    }

    /// The compiled program.
    ///
    /// # Errors
    /// When it was not compiled yet.
    pub fn read_wasm(&self) -> Result<Vec<u8>> {
        let path = self.wasm();
        fs::read(&path)
            .with_context(|| format!("cannot read {}; compile it first: weft compile", path.display()))
    }
}

/// Writes a file, and the folders it is in. Others see the file before or after, never a part of it.
///
/// # Errors
/// When that fails.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let shown = || format!("cannot write {}", path.display());
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut unfinished = unfinished(folder).with_context(shown)?;
    unfinished.write_all(bytes).with_context(shown)?;
    unfinished.persist(path).with_context(shown)?;
    Ok(())
}

/// A file that gets its name when it is finished. Readable as others are: workers may run under another account.
pub(crate) fn unfinished(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}
