//! The subcommands. Each takes its parsed arguments and returns what to show.

pub mod bench;
pub mod compile;
pub mod exec;
pub mod image;
pub mod keys;
pub mod new;
pub mod proving;
pub mod publish;
pub mod result;
pub mod reward;
pub mod run;
pub mod status;
pub mod trigger;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use weft_chain::{Chain, Signer};
use weft_primitives::GraphId;

use crate::{
    keys::KeySource,
    manifest_file::Variables,
    network::{GraphArguments, NodeArguments, SignerArguments},
    project::Project,
};

/// Which zkGraph a command is about.
#[derive(Clone, Debug, clap::Args)]
pub struct ProjectArguments {
    /// Folder of the zkGraph.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub project: PathBuf,
}

impl ProjectArguments {
    /// The zkGraph.
    ///
    /// # Errors
    /// When there is none.
    pub fn find(&self) -> Result<Project> {
        Project::find(&self.project)
    }
}

/// Which program a command is about: a module, or that of a zkGraph.
#[derive(Clone, Debug, clap::Args)]
pub struct WasmArguments {
    /// The WebAssembly module, instead of the one that `weft compile` made.
    #[arg(long, value_name = "FILE", conflicts_with = "project")]
    pub wasm: Option<PathBuf>,
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "documentation here would become that of the arguments"
    )]
    pub project: ProjectArguments,
}

impl WasmArguments {
    /// The module's bytes.
    ///
    /// # Errors
    /// When it is not there.
    pub fn read(&self) -> Result<Vec<u8>> {
        let Some(path) = &self.wasm else {
            return self.project.find()?.read_wasm();
        };
        let wasm = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        ensure!(
            wasm.starts_with(b"\0asm"),
            "{} is no WebAssembly module",
            path.display()
        );
        Ok(wasm)
    }
}

/// Values for `${NAME}` in `weft.toml`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct VariableArguments {
    /// A value for ${NAME} in weft.toml; can be given many times.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = assignment)]
    pub set: Vec<(String, String)>,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.into(), value.into()))
}

impl VariableArguments {
    /// The values by their names.
    pub fn variables(&self) -> Variables {
        self.set.iter().cloned().collect()
    }
}

/// Which keys to use.
#[derive(Clone, Debug, clap::Args)]
pub struct KeyArguments {
    /// Powers of tau of a ceremony (.ptau), instead of development keys.
    #[arg(long, value_name = "FILE", env = "WEFT_SETUP")]
    pub setup: Option<PathBuf>,
}

impl KeyArguments {
    /// Where the keys come from.
    pub fn source(&self) -> KeySource {
        KeySource::of(self.setup.as_deref())
    }
}

/// Which zkGraph, on which node, and who signs.
#[derive(Clone, Debug, clap::Args)]
pub struct Signed {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    graph: GraphArguments,
    #[command(flatten)]
    node: NodeArguments,
    #[command(flatten)]
    signer: SignerArguments,
}

impl Signed {
    /// The chain, and the zkGraph on it.
    ///
    /// # Errors
    /// When the node does not answer, or no zkGraph is named.
    async fn connect(&self) -> Result<(Chain, GraphId)> {
        let chain = self.node.connect().await?;
        let graph = self.graph.id(self.project.find(), chain.genesis())?;
        Ok((chain, graph))
    }

    /// Who signs.
    ///
    /// # Errors
    /// When the secret cannot be read.
    fn signer(&self) -> Result<Signer> {
        self.signer.signer()
    }
}
