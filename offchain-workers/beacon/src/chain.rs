//! What runs read of the beacon chain, and what leads to old blocks by its history.

use std::sync::Arc;

use alloy_primitives::B256;
use futures::{StreamExt, TryStreamExt, stream};
use libssz_merkle::Node;
use tokio::sync::Mutex;
use weft_beacon_proofs::{
    BeaconBranch, BeaconHeader, BeaconHop, BeaconRules, Fork,
    indices::{depth, is_valid_branch},
};
use weft_bls_host::NativeCrypto;
use weft_ethereum::{Ethereum, FetchError};
use weft_light_client::{Anchor, Crypto, Network};
use weft_primitives::{
    H256, SourceBlock,
    source::{Content, FieldEvidence},
};

use crate::{
    Beacon, BeaconError,
    tree::{
        Branch, HASHER, TreeError, Type,
        types::{self, Types},
    },
};

/// How many block roots are asked for at once.
const AT_ONCE: usize = 16;
/// Bytes of a signed block before the block: an offset and the signature.
const SIGNED_HEAD: usize = 4 + 96;
/// Bytes of a block before its body: slot, proposer, two roots, an offset.
const BLOCK_HEAD: usize = 8 + 8 + 32 + 32 + 4;

/// Something of the beacon chain cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// The beacon node does not answer, or does not have it.
    #[error(transparent)]
    Beacon(#[from] BeaconError),
    /// The execution node does not have the block.
    #[error(transparent)]
    Execution(#[from] FetchError),
    /// The block is from before beacon roots were put into headers.
    #[error("the header of block {0:?} names no beacon block: it is from before Cancun")]
    NoBeaconBlock(H256),
    /// Blocks and states of that fork are not known here.
    #[error("blocks of the fork {0:?} cannot be read by this version of the worker")]
    UnknownFork(Fork),
    /// No fork is known at that slot.
    #[error("no fork is known at slot {0}")]
    NoFork(u64),
    /// The query is for another fork.
    #[error(
        "the beacon block is of {found:?}, and the source names the fields of {wanted:?}: its manifest is for another time"
    )]
    OtherFork {
        /// That of the block.
        found: Fork,
        /// That of the query.
        wanted: Fork,
    },
    /// The node's bytes are not of the type.
    #[error("the beacon node's {what} cannot be read: {error}")]
    Malformed {
        /// What was asked for.
        what: &'static str,
        /// Why.
        error: TreeError,
    },
    /// The node's bytes are those of something else.
    #[error("the beacon node gives another {0} than the one that was asked for: it lies, or is broken")]
    Other(&'static str),
    /// The history of that slot cannot be shown from there.
    #[error("the block of slot {0} cannot be shown by the history of the newest final beacon block")]
    NoPlace(u64),
    /// The blocks of an era are not all there.
    #[error(
        "the beacon node does not have the roots of all blocks of era {0}: ask one that keeps old blocks, or was synced from genesis"
    )]
    IncompleteEra(u64),
}

/// Slots whose blocks one item of the history is of.
#[derive(Debug)]
struct Era {
    number: u64,
    /// The roots of its blocks, one after the other.
    roots: Vec<u8>,
}

/// A beacon chain, and nodes that know it.
#[derive(Clone, Debug)]
pub struct BeaconChain {
    nodes: Beacon,
    network: Network,
    /// The era that was looked at last.
    era: Arc<Mutex<Option<Era>>>,
}

impl BeaconChain {
    /// The chain that the nodes with these addresses belong to.
    ///
    /// # Errors
    /// When no node answers, or an address is wrong.
    pub async fn connect(addresses: &[impl AsRef<str>]) -> Result<Self, BeaconError> {
        let nodes = Beacon::new(addresses)?;
        let network = nodes.network().await?;
        Ok(Self {
            nodes,
            network,
            era: Arc::default(),
        })
    }

    /// EIP-155 id of its execution chain.
    pub fn chain_id(&self) -> u64 {
        self.network.chain_id
    }

    /// What is known of it without asking.
    pub fn rules(&self) -> BeaconRules<'_> {
        BeaconRules {
            network: &self.network,
            sha256: NativeCrypto::sha256,
        }
    }

    fn types(&self, slot: u64) -> Result<(Fork, Types), ChainError> {
        let start = self.network.fork_at(slot).ok_or(ChainError::NoFork(slot))?;
        let types = Types::of(start.fork, self.network.preset);
        Ok((start.fork, types.ok_or(ChainError::UnknownFork(start.fork))?))
    }

    /// What shows the fields with these generalized indices, of the beacon block before the execution block `block`.
    ///
    /// # Errors
    /// When a node does not have the block, or its state where the state is read; or lies.
    pub async fn evidence(
        &self,
        ethereum: &Ethereum,
        block: &SourceBlock,
        wanted: Fork,
        fields: &[u64],
    ) -> Result<Content, ChainError> {
        let too_large = || FetchError::TooLarge(block.hash);
        let (rlp, header) = ethereum.checked_header(block.hash).await?;
        let root = header
            .parent_beacon_root
            .ok_or(ChainError::NoBeaconBlock(block.hash))?;
        let (beacon, body) = self.block(root).await?;
        let (found, types) = self.types(beacon.slot)?;
        if found != wanted {
            return Err(ChainError::OtherFork { found, wanted });
        }
        let branches = self.branches(types, &beacon, &body, fields).await?;
        let mut evidence = Vec::new();
        for (branch, index) in branches.into_iter().zip(fields) {
            let nodes = beacon_branch(branch.nodes)?;
            let node = H256(branch.node);
            let above = depth(*index).saturating_sub(nodes.len());
            if !is_valid_branch(&HASHER, node, &nodes, index >> above, root) {
                return Err(ChainError::Other("state"));
            }
            evidence.push(FieldEvidence { node, branch: nodes });
        }
        Ok(Content::Beacon {
            header: rlp.try_into().map_err(|_| too_large())?,
            beacon,
            fields: evidence.try_into().map_err(|_| too_large())?,
        })
    }

    /// Branches to the root of a block: through its state and its body, whose serialization is given.
    async fn branches(
        &self,
        types: Types,
        block: &BeaconHeader,
        body: &[u8],
        indices: &[u64],
    ) -> Result<Vec<Branch>, ChainError> {
        // The eight leaves of the block, and the trees below two of them.
        let top = types::header();
        let serialized = serialize(block);
        let parts = |index: u64| {
            let below = depth(index).saturating_sub(3) as u32;
            let inner = (index & ((1 << below) - 1)) | 1 << below;
            (index >> below, (below > 0).then_some(inner))
        };
        let inner = |leaf: u64| -> Vec<u64> {
            let below = indices.iter().map(|index| parts(*index));
            below
                .filter_map(|(top, inner)| inner.filter(|_| top == leaf))
                .collect()
        };
        let mut of_state = Vec::new().into_iter();
        if !inner(STATE).is_empty() {
            let found = self.state_branches(types, block.state_root, inner(STATE)).await?;
            of_state = found.into_iter();
        }
        let found = types.body().branches(body, &inner(BODY));
        let mut of_body = found.map_err(malformed("block"))?.into_iter();
        let mut branches = Vec::new();
        for index in indices {
            let (leaf, below) = parts(*index);
            let above = top.branches(&serialized, &[leaf]).map_err(malformed("block"))?;
            let above = above.into_iter().next().ok_or(ChainError::Other("block"))?;
            let found = match (leaf, below) {
                (_, None) => None,
                (STATE, _) => of_state.next(),
                (BODY, _) => of_body.next(),
                _ => return Err(malformed("block")(TreeError::NoNode(*index))),
            };
            branches.push(match found {
                Some(mut inner) => {
                    inner.nodes.extend(above.nodes);
                    inner
                }
                None => above,
            });
        }
        Ok(branches)
    }

    /// Branches to the root of a state. Hashing one of mainnet takes seconds.
    async fn state_branches(
        &self,
        types: Types,
        root: H256,
        indices: Vec<u64>,
    ) -> Result<Vec<Branch>, ChainError> {
        let state = self.nodes.state(root).await?;
        let hashed = tokio::task::spawn_blocking(move || types.state().branches(&state, &indices));
        let branches = hashed.await.map_err(|_| ChainError::Other("state"))?;
        branches.map_err(malformed("state"))
    }

    /// The header of the block with a root, and its body as it is serialized.
    async fn block(&self, root: H256) -> Result<(BeaconHeader, Vec<u8>), ChainError> {
        let signed = self.nodes.block(root).await?;
        let too_short = || malformed("block")(TreeError::Malformed);
        let block = signed.get(SIGNED_HEAD..).ok_or_else(too_short)?;
        let (head, body) = block.split_at_checked(BLOCK_HEAD).ok_or_else(too_short)?;
        let number = |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| head[at + byte]));
        let hash = |at: usize| H256(std::array::from_fn(|byte| head[at + byte]));
        let slot = number(0);
        let (_, types) = self.types(slot)?;
        let header = BeaconHeader {
            slot,
            proposer_index: number(8),
            parent_root: hash(16),
            state_root: hash(48),
            body_root: H256(types.body().root(body).map_err(malformed("block"))?),
        };
        match header.root(&HASHER) == root {
            true => Ok((header, body.to_vec())),
            false => Err(ChainError::Other("block")),
        }
    }

    /// What leads from an anchor to the execution block with this hash and time.
    ///
    /// # Errors
    /// When a node does not have the anchor's state or the roots of the blocks of the old block's era, or lies.
    pub async fn hop(&self, anchor: &Anchor, hash: H256, timestamp: u64) -> Result<BeaconHop, ChainError> {
        let newer = self.nodes.header(anchor.beacon_root).await?;
        if newer.root(&HASHER) != anchor.beacon_root {
            return Err(ChainError::Other("header"));
        }
        let slot = self.network.slot_at(timestamp).unwrap_or(0);
        let no_place = ChainError::NoPlace(slot);
        let index = self
            .rules()
            .history_index(newer.slot, slot)
            .ok_or(ChainError::NoPlace(slot))?;
        let batch = self.network.preset.slots_per_historical_root();
        let (era, place) = (slot / batch, slot % batch);
        let capella = self.network.first_slot(Fork::Capella).ok_or(no_place)?;
        if era < capella / batch {
            return Err(ChainError::NoPlace(slot));
        }
        // The roots of the era are those of a tree below a node of the state.
        let within = depth(batch) as u32;
        let (_, types) = self.types(newer.slot)?;
        let above = self
            .state_branches(types, newer.state_root, vec![index >> within])
            .await?;
        let above = above.into_iter().next().ok_or(ChainError::Other("state"))?;
        let roots = self.block_roots(era, above.node).await?;
        let vector = Type::Vector(Box::new(Type::Bytes(32)), batch);
        let below = vector
            .branches(&roots, &[batch + place])
            .map_err(malformed("era"))?;
        let mut below = below.into_iter().next().ok_or(ChainError::IncompleteEra(era))?;
        below.nodes.extend(above.nodes);

        let (older, body) = self.block(H256(below.node)).await?;
        let (fork, types) = self.types(older.slot)?;
        let payload = fork.payload_hash().ok_or(ChainError::UnknownFork(fork))?;
        let payload = types.body().branches(&body, &[payload]);
        let payload = payload.map_err(malformed("block"))?.into_iter().next();
        let payload = payload.ok_or(ChainError::Other("block"))?;
        if payload.node != hash.0 {
            return Err(ChainError::NoPlace(slot));
        }
        Ok(BeaconHop {
            newer,
            slot,
            branch: beacon_branch(below.nodes)?,
            older,
            payload: beacon_branch(payload.nodes)?,
            hash,
        })
    }

    /// The roots of the blocks of an era, one after the other. The root of their tree is known.
    async fn block_roots(&self, era: u64, expected: Node) -> Result<Vec<u8>, ChainError> {
        let mut last = self.era.lock().await;
        if let Some(known) = last.as_ref().filter(|known| known.number == era) {
            return Ok(known.roots.clone());
        }
        let batch = self.network.preset.slots_per_historical_root();
        let first = era * batch;
        let asked = stream::iter(first..first + batch).map(|slot| self.nodes.block_root(slot));
        let found: Vec<Option<H256>> = asked.buffered(AT_ONCE).try_collect().await?;
        let mut before = None;
        if found.first().is_some_and(Option::is_none) {
            // Slots without a block have the root of the block before.
            for slot in (first.saturating_sub(batch)..first).rev() {
                before = self.nodes.block_root(slot).await?;
                if before.is_some() {
                    break;
                }
            }
        }
        let mut roots = Vec::new();
        for root in found {
            before = root.or(before);
            roots.extend_from_slice(before.ok_or(ChainError::IncompleteEra(era))?.as_bytes());
        }
        let vector = Type::Vector(Box::new(Type::Bytes(32)), batch);
        if vector.root(&roots).map_err(malformed("era"))? != expected {
            return Err(ChainError::IncompleteEra(era));
        }
        *last = Some(Era {
            number: era,
            roots: roots.clone(),
        });
        Ok(roots)
    }
}

/// The generalized index of a block's state root.
const STATE: u64 = 11;
/// That of its body root.
const BODY: u64 = 12;

fn malformed(what: &'static str) -> impl Fn(TreeError) -> ChainError {
    move |error| ChainError::Malformed { what, error }
}

fn beacon_branch(nodes: Vec<Node>) -> Result<BeaconBranch, ChainError> {
    let nodes: Vec<H256> = nodes.into_iter().map(H256).collect();
    nodes.try_into().map_err(|_| ChainError::Other("tree"))
}

fn serialize(header: &BeaconHeader) -> Vec<u8> {
    let numbers = [header.slot, header.proposer_index].map(u64::to_le_bytes);
    let roots = [header.parent_root, header.state_root, header.body_root].map(|root| B256::from(root.0));
    let mut bytes: Vec<u8> = numbers.concat();
    roots
        .iter()
        .for_each(|root| bytes.extend_from_slice(root.as_slice()));
    bytes
}
