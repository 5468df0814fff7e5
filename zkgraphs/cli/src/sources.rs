//! Blocks of Ethereum that a run reads, and inputs made from them: as the chain makes them, by the same code.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

use anyhow::{Context, Result, bail, ensure};
use weft_beacon::BeaconChain;
use weft_ethereum::Ethereum;
use weft_ethereum_proofs::{check_block, verify};
use weft_primitives::{
    H256, Manifest, Query, SourceBlock,
    advice::{self, MAX_ADVICE_WORDS},
    input,
    source::SourceBlocks,
};

use crate::{
    commands::{VariableArguments, WasmArguments},
    input_file,
    network::block_on,
    project::write_file,
    report::spinner,
};

/// A block, as the command line names it: `N`, `latest`, `M..N` for a range, or `N:I,J` for the transactions I and J of block N.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockName {
    /// Number of the first block of a range.
    pub first: Option<u64>,
    /// Its number, or that of the last; the newest block if there is none.
    pub number: Option<u64>,
    /// Indices of transactions, rising; empty for the whole block.
    pub transactions: Vec<u32>,
}

impl FromStr for BlockName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "{text:?} is no block; write N, latest, M..N for all blocks from M to N, or N:I,J for transactions of block N"
            )
        };
        let (blocks, transactions) = text.split_once(':').unwrap_or((text, ""));
        let (first, number) = match blocks.split_once("..") {
            Some((first, number)) => (Some(first.parse().map_err(|_| wrong())?), number),
            None => (None, blocks),
        };
        let number = match number {
            "latest" => None,
            number => Some(number.parse().map_err(|_| wrong())?),
        };
        let indices = transactions
            .split(',')
            .filter(|index| !index.is_empty())
            .map(str::parse);
        Ok(Self {
            first,
            number,
            transactions: indices.collect::<Result<_, _>>().map_err(|_| wrong())?,
        })
    }
}

impl std::fmt::Display for BlockName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(first) = self.first {
            write!(out, "{first}..")?;
        }
        match self.number {
            Some(number) => write!(out, "{number}")?,
            None => write!(out, "latest")?,
        }
        for (position, index) in self.transactions.iter().enumerate() {
            write!(out, "{}{index}", if position == 0 { ':' } else { ',' })?;
        }
        Ok(())
    }
}

/// Where a run's input comes from: a file, or blocks of Ethereum.
#[derive(Clone, Debug, clap::Args)]
pub struct InputArguments {
    /// The input: JSON if the name ends in .json, otherwise the bytes that the program reads.
    #[arg(long, value_name = "FILE", required_unless_present = "block")]
    input: Option<PathBuf>,
    /// Instead of a file: what to read of Ethereum, one for each source of the manifest: N, latest, M..N for all blocks from M to N, or
    /// N:I,J for transactions of block N.
    #[arg(long, value_name = "BLOCK", conflicts_with = "input", requires = "rpc")]
    block: Vec<BlockName>,
    /// Ethereum node to read blocks from (http://).
    #[arg(long, value_name = "URL", env = "ETHEREUM_RPC")]
    rpc: Option<String>,
    /// Beacon nodes to read fields of the beacon chain from (http://), the preferred one first.
    #[arg(long, value_name = "URL", env = "WEFT_BEACON", value_delimiter = ',')]
    beacon: Vec<String>,
    /// State before the run, hexadecimal, for an input that is made from blocks.
    #[arg(long, value_name = "HEX", default_value = "0x", conflicts_with = "input")]
    state: String,
    /// Keep the input, for `weft prove --input FILE` and `weft verify --input FILE`.
    #[arg(long, value_name = "FILE")]
    save_input: Option<PathBuf>,
    #[command(flatten)]
    variables: VariableArguments,
}

impl InputArguments {
    /// The beacon chain, if the manifest reads it.
    async fn beacon_chain(&self, manifest: &Manifest) -> Result<Option<BeaconChain>> {
        let mut chains = manifest.sources.iter().filter_map(|query| match query {
            Query::Beacon { chain_id, .. } => Some(*chain_id),
            _ => None,
        });
        let Some(wanted) = chains.next() else {
            return Ok(None);
        };
        ensure!(
            !self.beacon.is_empty(),
            "a source reads the beacon chain: give a node with --beacon"
        );
        let chain = BeaconChain::connect(&self.beacon).await?;
        let found = chain.chain_id();
        ensure!(
            found == wanted,
            "the manifest reads chain {wanted}, and the beacon node belongs to chain {found}"
        );
        Ok(Some(chain))
    }

    /// The input alone, which a verifier needs.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn bytes(&self, wasm: &WasmArguments) -> Result<Vec<u8>> {
        match &self.input {
            Some(path) => {
                let bytes = input_file::read(path)?;
                if let Some(path) = &self.save_input {
                    write_file(path, &bytes)?;
                }
                Ok(bytes)
            }
            None => Ok(self.read_with(wasm, false)?.bytes),
        }
    }

    /// What the program reads.
    ///
    /// # Errors
    /// When the file is wrong, the manifest is, or the node does not answer.
    pub fn read(&self, wasm: &WasmArguments) -> Result<RunInput> {
        self.read_with(wasm, true)
    }

    fn read_with(&self, wasm: &WasmArguments, with_advice: bool) -> Result<RunInput> {
        let input = match (&self.input, &self.rpc) {
            (Some(path), _) => RunInput::read(path)?,
            (None, Some(rpc)) => {
                let manifest = wasm.project.find()?.file.manifest(&self.variables.variables())?;
                let state = input_file::parse_hex(&self.state).context("--state")?;
                let waiting = spinner(format!("reading blocks from {rpc}"));
                let input = block_on(async {
                    let ethereum = Ethereum::new(rpc)?;
                    let blocks = find_blocks(&ethereum, &manifest, &self.block, None).await?;
                    let beacon = self.beacon_chain(&manifest).await?;
                    let bytes = make_input(&ethereum, beacon.as_ref(), &manifest, &blocks, &state).await?;
                    let advice = match with_advice && manifest.is_advised() {
                        true => Some(find_advice(&ethereum, &manifest, &blocks).await?),
                        false => None,
                    };
                    anyhow::Ok(RunInput { bytes, advice })
                });
                waiting.finish_and_clear();
                input?
            }
            (None, None) => bail!("give an input with --input FILE, or blocks with --rpc URL --block N"),
        };
        if let Some(path) = &self.save_input {
            input.write(path)?;
        }
        Ok(input)
    }
}

/// What a program reads.
#[derive(Clone, Debug)]
pub struct RunInput {
    /// The input.
    pub bytes: Vec<u8>,
    /// Words of advice, if the input has headers.
    pub advice: Option<Vec<u64>>,
}

impl RunInput {
    /// Reads an input, and the advice beside it: in a file of the same name with `.advice` after it.
    ///
    /// # Errors
    /// When a file cannot be read, is no input, or advice is missing.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = input_file::read(path)?;
        let advice = match input_file::is_advised(&bytes)? {
            false => None,
            true => Some(read_advice(&advice_path(path))?),
        };
        Ok(Self { bytes, advice })
    }

    /// Writes both.
    ///
    /// # Errors
    /// When that fails.
    pub fn write(&self, path: &Path) -> Result<()> {
        write_file(path, &self.bytes)?;
        if let Some(advice) = &self.advice {
            let bytes: Vec<u8> = advice.iter().flat_map(|word| word.to_le_bytes()).collect();
            write_file(&advice_path(path), &bytes)?;
        }
        Ok(())
    }
}

/// Where the advice to an input is.
fn advice_path(input: &Path) -> PathBuf {
    let mut path = input.as_os_str().to_owned();
    path.push(".advice");
    path.into()
}

fn read_advice(path: &Path) -> Result<Vec<u64>> {
    let shown = path.display();
    let bytes = std::fs::read(path)
        .with_context(|| format!("the input has headers, whose receipts are advice: cannot read {shown}"))?;
    let (words, rest) = bytes.as_chunks();
    ensure!(rest.is_empty(), "{shown} is not a sequence of 64-bit words");
    Ok(words.iter().map(|word| u64::from_le_bytes(*word)).collect())
}

/// The blocks with these names, one for each source of a manifest. A range of events without a first block starts at `cursor`, which an
/// index has.
///
/// # Errors
/// When there are more or fewer than sources, the node is on another chain, or has no such block; or when an index would not start at
/// its cursor.
pub async fn find_blocks(
    ethereum: &Ethereum,
    manifest: &Manifest,
    names: &[BlockName],
    cursor: Option<u64>,
) -> Result<SourceBlocks> {
    let of_chain = |query: &&Query| query.chain_id().is_some();
    let (wanted, given) = (manifest.sources.iter().filter(of_chain).count(), names.len());
    ensure!(
        wanted == given,
        "the manifest has {wanted} sources that read Ethereum, and {given} blocks are given; one --block for each"
    );
    let chain_id = ethereum.chain_id().await?;
    let mut names = names.iter();
    let mut blocks = Vec::new();
    for query in &manifest.sources {
        let (Some(chain), Some(name)) = (query.chain_id(), query.chain_id().and_then(|_| names.next()))
        else {
            // Which state of the other zkGraph is read is fixed when a worker takes the run.
            blocks.push(SourceBlock {
                chain_id: 0,
                first: 0,
                number: 0,
                hash: H256::zero(),
                transactions: Default::default(),
            });
            continue;
        };
        ensure!(
            chain == chain_id,
            "the manifest reads chain {chain}, and this node is on chain {chain_id}"
        );
        let header = match name.number {
            Some(number) => ethereum.header_at(number).await?,
            None => ethereum.latest_header().await?,
        };
        let transactions = name.transactions.clone().try_into();
        let transactions = transactions.map_err(|_| anyhow::anyhow!("too many transactions are named"))?;
        let block = SourceBlock {
            chain_id,
            first: first_block(query, name, cursor, header.number)?,
            number: header.number,
            hash: H256(header.hash.0),
            transactions,
        };
        check_block(&block, query).with_context(|| format!("--block {name}"))?;
        blocks.push(block);
    }
    blocks
        .try_into()
        .map_err(|_| anyhow::anyhow!("there are more blocks than a run can have"))
}

/// Where a range starts.
fn first_block(query: &Query, name: &BlockName, cursor: Option<u64>, last: u64) -> Result<u64> {
    let (true, Some(cursor)) = (query.is_range(), cursor) else {
        return Ok(name.first.unwrap_or(last));
    };
    ensure!(
        name.first.is_none_or(|first| first == cursor),
        "this index goes on with block {cursor}: write --block {cursor}..N, or only the last block, N"
    );
    ensure!(
        cursor <= last,
        "this index has read up to block {} already; the next one is {cursor}",
        cursor.saturating_sub(1)
    );
    Ok(cursor)
}

/// The input of a run over these blocks. What the node says is checked against the blocks' hashes.
///
/// # Errors
/// When the node does not answer, or the chain would not take the evidence or the input.
pub async fn make_input(
    ethereum: &Ethereum,
    beacon: Option<&BeaconChain>,
    manifest: &Manifest,
    blocks: &SourceBlocks,
    state: &[u8],
) -> Result<Vec<u8>> {
    let mut sections = Vec::new();
    for (block, query) in blocks.iter().zip(&manifest.sources) {
        let number = block.number;
        ensure!(
            query.chain_id().is_some(),
            "a source reads the state of another zkGraph, which is not on Ethereum: give the input as a file, with --input"
        );
        let evidence = match query {
            Query::Beacon { fork, fields, .. } => {
                let beacon = beacon.context("a source reads the beacon chain: give a node with --beacon")?;
                beacon.evidence(ethereum, block, *fork, fields).await?
            }
            _ => ethereum.evidence(block, query).await?,
        };
        let rules = beacon.map(BeaconChain::rules);
        let proved = verify(block, query, &evidence, rules.as_ref())
            .with_context(|| format!("the chain would not take block {number} as a source"))?;
        sections.push(proved.section);
    }
    let bytes = input::encode(state, &sections);
    input_file::check(&bytes)?;
    Ok(bytes)
}

/// The advice to a run over these blocks: their receipts, checked against their hashes.
///
/// # Errors
/// When the node does not have them, or there are more than a run can read.
async fn find_advice(ethereum: &Ethereum, manifest: &Manifest, blocks: &SourceBlocks) -> Result<Vec<u64>> {
    let mut receipts = Vec::new();
    for (block, query) in blocks.iter().zip(&manifest.sources) {
        if let Some(filter) = query.headers() {
            receipts.extend(ethereum.advice(block, filter).await?);
        }
    }
    let words = advice::encode(&receipts);
    ensure!(
        words.len() <= MAX_ADVICE_WORDS,
        "the receipts of the blocks have {} words; a run can read {MAX_ADVICE_WORDS}",
        words.len()
    );
    Ok(words)
}
