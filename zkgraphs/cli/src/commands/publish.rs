//! `weft publish`.

use anyhow::{Context, Result, ensure};
use weft_chain::{Call, Chain, Signer, events::Registered};
use weft_primitives::{GraphId, H256, ImageBytes, Manifest, Program, keccak256, manifest::ManifestBytes};
use weft_zkwasm::translate::translate;

use super::{KeyArguments, ProjectArguments, VariableArguments};
use crate::{
    image::image,
    input_file::shown,
    keys::WARNING,
    network::{NodeArguments, Published, SignerArguments, block_on, submit},
    project::Project,
    report::{Report, spinner},
};

/// The proof system that is known here: zkWASM.
const PROOF_SYSTEM: u16 = 1;

/// Register the zkGraph on Weft, or give the one that was published a new manifest.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    variables: VariableArguments,
    #[command(flatten)]
    keys: KeyArguments,
    #[command(flatten)]
    node: NodeArguments,
    #[command(flatten)]
    signer: SignerArguments,
    /// Where workers find the program (http:// or file://); the file in build/ if left out, which only workers on this machine
    /// can read.
    #[arg(long)]
    uri: Option<String>,
    /// Replace the manifest of the zkGraph that was published from here instead of registering another one. The program stays.
    #[arg(long)]
    update: bool,
}

/// Runs the command.
///
/// # Errors
/// When the program or manifest are wrong, the chain has another key, or refuses.
pub fn run(arguments: &Arguments) -> Result<Report> {
    let project = arguments.project.find()?;
    let manifest = project
        .file
        .manifest(&arguments.variables.variables())?
        .to_bytes()?;
    let signer = arguments.signer.signer()?;
    let report = block_on(async {
        let chain = arguments.node.connect().await?;
        match arguments.update {
            true => update(&chain, &project, &manifest, &signer).await,
            false => register(&chain, &project, &manifest, &signer, arguments).await,
        }
    })?;
    Ok(report
        .with("Manifest", "manifest", shown(keccak256(&manifest).as_bytes()))
        .with("Owner", "owner", signer.account().to_string())
        // As `delivery().owner` says it to a contract.
        .with("Owner's key", "ownerKey", shown(&signer.account().0))
        .tip("weft run --rpc URL --block N   offer a run over a block of Ethereum")
        .tip("weft status                    see what the chain knows of it"))
}

async fn register(
    chain: &Chain,
    project: &Project,
    manifest: &ManifestBytes,
    signer: &Signer,
    arguments: &Arguments,
) -> Result<Report> {
    let wasm = project.read_wasm()?;
    let reads_advice = translate(&wasm)
        .context("this module cannot be proved")?
        .reads_advice();
    let is_advised = Manifest::from_bytes(manifest)?.is_advised();
    ensure!(
        is_advised || !reads_advice,
        "the program reads advice, which is nothing but zeros unless the manifest has a source of headers"
    );
    let source = arguments.keys.source();
    let imaged = image(&wasm, &source)?;
    check_key(chain, H256(imaged.keys.key.digest())).await?;
    let image: ImageBytes = imaged
        .image
        .encode()
        .to_vec()
        .try_into()
        .map_err(|_| anyhow::anyhow!("the image is too large"))?;
    let uri = match &arguments.uri {
        Some(uri) => uri.clone(),
        None => format!("file://{}", project.wasm().display()),
    };
    let program = Program {
        digest: keccak256(&wasm),
        uri: uri
            .clone()
            .into_bytes()
            .try_into()
            .map_err(|_| anyhow::anyhow!("the URI has more than 256 bytes"))?,
    };
    let waiting = spinner("registering the zkGraph");
    let call = Call::register(PROOF_SYSTEM, &image, manifest, &program);
    let included = submit(chain, &call, signer).await;
    waiting.finish_and_clear();
    let included = included?;
    let registered: Registered = included.find()?.context("the chain registered nothing")?;
    Published::write(project, chain.genesis(), registered.graph)?;
    let report = shown_transaction(registered.graph, included.block)
        .with("Image", "image", shown(registered.image.as_bytes()))
        .with("Program", "program", uri);
    Ok(if source.is_development() {
        report.warning(WARNING)
    } else {
        report
    })
}

async fn update(
    chain: &Chain,
    project: &Project,
    manifest: &ManifestBytes,
    signer: &Signer,
) -> Result<Report> {
    let graph = Published::read(project, chain.genesis())?;
    let waiting = spinner("replacing the manifest");
    let included = submit(chain, &Call::update_manifest(graph, manifest), signer).await;
    waiting.finish_and_clear();
    Ok(shown_transaction(graph, included?.block))
}

fn shown_transaction(graph: GraphId, block: H256) -> Report {
    Report::default()
        .with("zkGraph", "graph", shown(graph.as_bytes()))
        .with("In block", "block", shown(block.as_bytes()))
}

/// An image under other keys than the chain's could never be proved.
async fn check_key(chain: &Chain, ours: H256) -> Result<()> {
    let (_, best) = chain.best_block().await?;
    let theirs = chain.current_key(best, PROOF_SYSTEM).await?;
    let theirs = theirs.context("the chain has no verifying key yet: its governance has to set one")?;
    ensure!(
        theirs == ours,
        "the chain proves under the key {theirs:?}, and these powers of tau have the key {ours:?}; give the right file with \
         --setup"
    );
    Ok(())
}
