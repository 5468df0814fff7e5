//! `weft.toml`: the manifest as an author writes it.
//!
//! Strings may hold `${NAME}`, for what differs from chain to chain: contracts, gateways. Compiling and proving need no such
//! value, so they are put in only when the manifest is made.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use toml::Value;
use weft_beacon::tree::names::index_of;
use weft_beacon_proofs::{Fork, Preset};
use weft_primitives::{
    BoundedVec, Destination, H160, H256, Manifest, Query, keccak256,
    manifest::{MANIFEST_VERSION, StatePolicy},
    query::{AccountQuery, EventFilter},
};

/// The parsed file, with `${NAME}` as it stands.
#[derive(Clone, Debug)]
pub struct ManifestFile {
    /// Name of the zkGraph; also that of its files.
    pub name: String,
    /// What it is written in.
    pub language: Language,
    table: toml::Table,
}

/// What a zkGraph is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Rust, for the target `wasm32v1-none`.
    Rust,
    /// AssemblyScript.
    #[value(name = "assemblyscript", alias = "as")]
    AssemblyScript,
}

/// Values for `${NAME}`; what is missing is looked for in the environment.
pub type Variables = BTreeMap<String, String>;

impl ManifestFile {
    /// Reads the text of a `weft.toml`. The parts with `${NAME}` are checked when the manifest is made.
    ///
    /// # Errors
    /// When it is no TOML, or name or language are missing or wrong.
    pub fn parse(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse()?;
        let Some(Value::String(name)) = table.get("name") else {
            bail!("`name` is missing")
        };
        if name.is_empty()
            || !name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        {
            bail!("`name` is {name:?}; use letters, digits, - and _");
        }
        let program = table.get("program").context("`[program]` is missing")?;
        let Program { language } = program.clone().try_into().context("in `[program]`")?;
        Ok(Self {
            name: name.clone(),
            language,
            table,
        })
    }

    /// The manifest, in which each `${NAME}` is replaced.
    ///
    /// # Errors
    /// When a value is missing, something cannot be read or breaks a bound, or the manifest is one that the chain refuses.
    pub fn manifest(&self, variables: &Variables) -> Result<Manifest> {
        let mut table = Value::Table(self.table.clone());
        substitute(&mut table, variables)?;
        let file: File = table.try_into()?;
        let sources = file
            .source
            .into_iter()
            .enumerate()
            .map(|(i, source)| source.read().with_context(|| format!("in source {}", i + 1)));
        let sources = sources.collect::<Result<Vec<_>>>()?;
        let destination = match file.destination {
            Some(destination) => Some(destination.read().context("in `[destination]`")?),
            None => None,
        };
        let manifest = Manifest {
            version: MANIFEST_VERSION,
            name: bounded(file.name.into_bytes(), "the name", "bytes")?,
            description: bounded(file.description.into_bytes(), "the description", "bytes")?,
            sources: bounded(sources, "the manifest", "sources")?,
            destination,
            state: match (file.state, file.from) {
                (State::Sequential, None) => StatePolicy::Sequential,
                (State::Stateless, None) => StatePolicy::Stateless,
                (State::Index, Some(from)) => StatePolicy::Index {
                    from: from.read().context("`from`")?,
                },
                (State::Index, None) => {
                    bail!("an index needs `from`, the number of the first block that it reads")
                }
                (_, Some(_)) => {
                    bail!("`from` is for an index alone: write state = \"index\", or leave it out")
                }
            },
        };
        manifest
            .to_bytes()
            .context("the chain would refuse this manifest")?;
        Ok(manifest)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    #[serde(default)]
    description: String,
    state: State,
    from: Option<Number>,
    #[serde(rename = "program")]
    _program: Program,
    #[serde(default)]
    source: Vec<FileSource>,
    destination: Option<FileDestination>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Program {
    language: Language,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Sequential,
    Stateless,
    Index,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum FileSource {
    /// Every matching event of a range of blocks.
    Events {
        chain: Number,
        #[serde(default)]
        addresses: Vec<String>,
        #[serde(default)]
        topics: Vec<Topic>,
    },
    /// Every matching event of transactions that an offer names.
    TransactionEvents {
        chain: Number,
        #[serde(default)]
        addresses: Vec<String>,
        #[serde(default)]
        topics: Vec<Topic>,
    },
    /// Accounts and slots.
    Storage {
        chain: Number,
        accounts: Vec<FileAccount>,
    },
    /// Transactions that an offer names.
    Transactions { chain: Number },
    /// Headers of those blocks of a range that may have matching events; their receipts are advice.
    Headers {
        chain: Number,
        #[serde(default)]
        addresses: Vec<String>,
        #[serde(default)]
        topics: Vec<Topic>,
    },
    /// The state of another zkGraph.
    State { graph: String },
    /// Fields of the beacon block before one block.
    Beacon {
        chain: Number,
        fork: Fork,
        /// Sizes of the network: mainnet's, unless it is one for tests.
        #[serde(default = "mainnet")]
        preset: Preset,
        fields: Vec<Field>,
    },
}

fn mainnet() -> Preset {
    Preset::Mainnet
}

/// A field of the beacon chain: its name, or its generalized index.
#[derive(Deserialize)]
#[serde(untagged)]
enum Field {
    Name(String),
    Index(u64),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileAccount {
    address: String,
    #[serde(default)]
    slots: Vec<Slot>,
}

/// A slot's number, or its 32 bytes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Slot {
    Number(u64),
    Hash(String),
}

/// A topic's value, or its alternatives; an empty list is any.
#[derive(Deserialize)]
#[serde(untagged)]
enum Topic {
    One(String),
    AnyOf(Vec<String>),
}

/// A number, which may come from a variable.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Number(u64),
    Text(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileDestination {
    chain: Number,
    gateway: String,
    target: String,
    call: String,
    gas: Number,
}

impl FileSource {
    fn read(self) -> Result<Query> {
        Ok(match self {
            Self::Events {
                chain,
                addresses,
                topics,
            } => Query::Events {
                chain_id: chain.read()?,
                filter: filter(addresses, topics)?,
            },
            Self::TransactionEvents {
                chain,
                addresses,
                topics,
            } => Query::TransactionEvents {
                chain_id: chain.read()?,
                filter: filter(addresses, topics)?,
            },
            Self::Storage { chain, accounts } => {
                let accounts = accounts.into_iter().map(FileAccount::read);
                Query::Storage {
                    chain_id: chain.read()?,
                    accounts: bounded(accounts.collect::<Result<_>>()?, "a source", "accounts")?,
                }
            }
            Self::Transactions { chain } => Query::Transactions {
                chain_id: chain.read()?,
            },
            Self::State { graph } => Query::State {
                graph: parse_hash(&graph).context("graph")?,
            },
            Self::Headers {
                chain,
                addresses,
                topics,
            } => Query::Headers {
                chain_id: chain.read()?,
                filter: filter(addresses, topics)?,
            },
            Self::Beacon {
                chain,
                fork,
                preset,
                fields,
            } => {
                let fields = fields.into_iter().map(|field| match field {
                    Field::Name(name) => Ok(index_of(fork, preset, &name)?),
                    Field::Index(index) => Ok(index),
                });
                Query::Beacon {
                    chain_id: chain.read()?,
                    fork,
                    fields: bounded(fields.collect::<Result<_>>()?, "a source", "fields")?,
                }
            }
        })
    }
}

fn filter(addresses: Vec<String>, topics: Vec<Topic>) -> Result<EventFilter> {
    let addresses = addresses
        .iter()
        .map(|text| parse_address(text))
        .collect::<Result<Vec<_>>>()?;
    let topics = topics.into_iter().map(|topic| {
        let any_of = match topic {
            Topic::One(one) => vec![one],
            Topic::AnyOf(any_of) => any_of,
        };
        let any_of = any_of
            .iter()
            .map(|text| parse_topic(text))
            .collect::<Result<Vec<_>>>()?;
        bounded(any_of, "a topic", "alternatives")
    });
    Ok(EventFilter {
        addresses: bounded(addresses, "a source", "addresses")?,
        topics: bounded(topics.collect::<Result<Vec<_>>>()?, "a source", "topics")?,
    })
}

impl FileAccount {
    fn read(self) -> Result<AccountQuery> {
        let slot = |slot| match slot {
            Slot::Number(number) => Ok(H256::from_low_u64_be(number)),
            Slot::Hash(text) => parse_hash(&text).context("slots"),
        };
        let slots = self.slots.into_iter().map(slot).collect::<Result<_>>()?;
        Ok(AccountQuery {
            address: parse_address(&self.address)?,
            slots: bounded(slots, "an account", "slots")?,
        })
    }
}

impl FileDestination {
    fn read(self) -> Result<Destination> {
        if !is_signature(&self.call) {
            bail!(
                "`call` is {:?}; write a function's signature, like record(uint256,address)",
                self.call
            );
        }
        let H256([a, b, c, d, ..]) = keccak256(self.call.as_bytes());
        Ok(Destination {
            chain_id: self.chain.read()?,
            gateway: parse_address(&self.gateway).context("gateway")?,
            target: parse_address(&self.target).context("target")?,
            selector: [a, b, c, d],
            gas_limit: self.gas.read()?,
        })
    }
}

impl Number {
    fn read(self) -> Result<u64> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Text(text) => text.parse().with_context(|| format!("{text:?} is no number")),
        }
    }
}

fn bounded<T, const N: u32>(
    items: Vec<T>,
    of: &str,
    what: &str,
) -> Result<BoundedVec<T, weft_primitives::ConstU32<N>>> {
    let count = items.len();
    items
        .try_into()
        .map_err(|_| anyhow::anyhow!("{of} has {count} {what}; at most {N} are possible"))
}

/// Reads an address, `0x` and 40 hexadecimal digits.
///
/// # Errors
/// When it is something else.
pub fn parse_address(text: &str) -> Result<H160> {
    parse_bytes(text)
        .map(H160)
        .with_context(|| format!("{text:?} is no address (0x and 40 hexadecimal digits)"))
}

/// Reads 32 bytes, `0x` and 64 hexadecimal digits.
///
/// # Errors
/// When it is something else.
pub fn parse_hash(text: &str) -> Result<H256> {
    parse_bytes(text)
        .map(H256)
        .with_context(|| format!("{text:?} is not 0x and 64 hexadecimal digits"))
}

fn parse_bytes<const N: usize>(text: &str) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text.strip_prefix("0x").context("0x is missing")?, &mut bytes)?;
    Ok(bytes)
}

/// A topic is 32 bytes, an address (padded), or the signature of an event, of which it is the hash.
fn parse_topic(text: &str) -> Result<H256> {
    if is_signature(text) {
        return Ok(keccak256(text.as_bytes()));
    }
    if let Ok(address) = parse_address(text) {
        return Ok(address.into());
    }
    parse_hash(text).with_context(|| {
        format!("{text:?} is no topic; write an event's signature, like Transfer(address,address,uint256), or 32 bytes")
    })
}

/// `name(type,type)`: without spaces and names of parameters, since its hash is what counts.
fn is_signature(text: &str) -> bool {
    let Some((name, parameters)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
        return false;
    };
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    name.starts_with(|c: char| !c.is_ascii_digit())
        && name.chars().all(is_word)
        && parameters.chars().all(|c| is_word(c) || ",[]()".contains(c))
}

/// Replaces each `${NAME}` in the strings of a value.
fn substitute(value: &mut Value, variables: &Variables) -> Result<()> {
    match value {
        Value::String(text) => *text = substituted(text, variables)?,
        Value::Array(items) => items
            .iter_mut()
            .try_for_each(|item| substitute(item, variables))?,
        Value::Table(table) => table
            .iter_mut()
            .try_for_each(|(_, item)| substitute(item, variables))?,
        _ => {}
    }
    Ok(())
}

fn substituted(text: &str, variables: &Variables) -> Result<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, behind) = after
            .split_once('}')
            .with_context(|| format!("no }} after ${{ in {text:?}"))?;
        let value = variables.get(name).cloned().or_else(|| std::env::var(name).ok());
        let value =
            value.with_context(|| format!("no value for ${{{name}}}; give it with --set {name}=VALUE"))?;
        out.push_str(before);
        out.push_str(&value);
        rest = behind;
    }
    Ok(out + rest)
}
