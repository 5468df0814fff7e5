//! Answers made into the light client's types.

use alloy_primitives::B256;
use weft_light_client::{
    BeaconHeader, Checkpoint, ExecutionProof, Fork, ForkStart, Network, Preset, SyncCommittee, Update,
    indices::depth, update::Branch,
};
use weft_primitives::H256;

use crate::answers;

/// An answer is not what a light client can use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    /// A part has more items than any network's.
    #[error("the beacon node's {0} has too many parts")]
    TooLong(&'static str),
    /// The header stands for no execution block, and should.
    #[error("the beacon node gives no execution block for the header at slot {0}")]
    NoExecutionBlock(u64),
    /// The schedule has no fork at a slot.
    #[error("no fork is known at slot {0}; does the beacon node belong to this network?")]
    UnknownFork(u64),
    /// The node's configuration lacks something.
    #[error("the beacon node's configuration has no usable {0}")]
    Configuration(String),
}

fn hash(hash: B256) -> H256 {
    H256(hash.0)
}

/// The header of a beacon block.
pub fn header(header: &answers::Header) -> BeaconHeader {
    BeaconHeader {
        slot: header.slot,
        proposer_index: header.proposer_index,
        parent_root: hash(header.parent_root),
        state_root: hash(header.state_root),
        body_root: hash(header.body_root),
    }
}

fn committee(committee: &answers::SyncCommittee) -> Result<SyncCommittee, ConvertError> {
    let keys: Vec<[u8; 48]> = committee.pubkeys.iter().map(|key| key.0).collect();
    Ok(SyncCommittee {
        keys: keys
            .try_into()
            .map_err(|_| ConvertError::TooLong("sync committee"))?,
        aggregate: committee.aggregate_pubkey.0,
    })
}

/// A branch of a certain depth, without the zeros with which a node may have padded it for a later fork.
fn branch(nodes: &[B256], depth: usize, what: &'static str) -> Result<Branch, ConvertError> {
    let padding = nodes.len().saturating_sub(depth);
    let nodes: Vec<H256> = nodes[padding..].iter().copied().map(hash).collect();
    nodes.try_into().map_err(|_| ConvertError::TooLong(what))
}

fn fork(network: &Network, slot: u64) -> Result<Fork, ConvertError> {
    let start = network.fork_at(slot).ok_or(ConvertError::UnknownFork(slot))?;
    Ok(start.fork)
}

/// The hash of the execution block that a header stands for, and its branch. `None` before Capella.
pub fn execution_block(
    network: &Network,
    header: &answers::LightClientHeader,
) -> Result<Option<(H256, Branch)>, ConvertError> {
    let slot = header.beacon.slot;
    let Some(index) = fork(network, slot)?.indices().execution_hash else {
        return Ok(None);
    };
    let (block, nodes) =
        crate::execution::block_hash(header, depth(index)).ok_or(ConvertError::NoExecutionBlock(slot))?;
    let nodes: Vec<H256> = nodes.into_iter().map(hash).collect();
    let branch = nodes
        .try_into()
        .map_err(|_| ConvertError::TooLong("execution branch"))?;
    Ok(Some((hash(block), branch)))
}

/// A checkpoint, given the execution block that [`execution_block`] names.
pub fn checkpoint(
    network: &Network,
    bootstrap: &answers::Bootstrap,
    execution: Option<ExecutionProof>,
) -> Result<Checkpoint, ConvertError> {
    let indices = fork(network, bootstrap.header.beacon.slot)?.indices();
    Ok(Checkpoint {
        header: header(&bootstrap.header.beacon),
        committee: committee(&bootstrap.current_sync_committee)?,
        branch: branch(
            &bootstrap.current_sync_committee_branch,
            depth(indices.current_committee),
            "committee branch",
        )?,
        execution,
    })
}

/// An update, given the execution block that [`execution_block`] names for its finalized header.
pub fn update(
    network: &Network,
    update: &answers::Update,
    execution: Option<ExecutionProof>,
) -> Result<Update, ConvertError> {
    let indices = fork(network, update.attested_header.beacon.slot)?.indices();
    let next_committee = match &update.next_sync_committee {
        Some(next) => {
            let nodes = &update.next_sync_committee_branch;
            let branch = branch(nodes, depth(indices.next_committee), "next committee branch")?;
            Some((committee(next)?, branch))
        }
        None => None,
    };
    let participation = update.sync_aggregate.sync_committee_bits.to_vec();
    Ok(Update {
        attested: header(&update.attested_header.beacon),
        next_committee,
        finalized: header(&update.finalized_header.beacon),
        finality_branch: branch(
            &update.finality_branch,
            depth(indices.finalized_root),
            "finality branch",
        )?,
        participation: participation
            .try_into()
            .map_err(|_| ConvertError::TooLong("participation"))?,
        signature: update.sync_aggregate.sync_committee_signature.0,
        signature_slot: update.signature_slot,
        execution,
    })
}

/// The forks that a light client knows, as configurations name them.
const FORKS: [(Fork, &str); 7] = [
    (Fork::Altair, "ALTAIR"),
    (Fork::Bellatrix, "BELLATRIX"),
    (Fork::Capella, "CAPELLA"),
    (Fork::Deneb, "DENEB"),
    (Fork::Electra, "ELECTRA"),
    (Fork::Fulu, "FULU"),
    (Fork::Gloas, "GLOAS"),
];

/// The network that a node belongs to, by its genesis and its configuration (`/eth/v1/config/spec`).
pub fn network(genesis: &answers::Genesis, spec: &serde_json::Value) -> Result<Network, ConvertError> {
    let missing = |name: &str| ConvertError::Configuration(name.into());
    let text = |name: &str| spec.get(name).and_then(|value| value.as_str());
    let number = |name: &str| {
        text(name)
            .and_then(|text| text.parse::<u64>().ok())
            .ok_or_else(|| missing(name))
    };
    let sizes = [
        number("SYNC_COMMITTEE_SIZE")?,
        number("SLOTS_PER_EPOCH")?,
        number("EPOCHS_PER_SYNC_COMMITTEE_PERIOD")?,
    ];
    let preset = match sizes {
        [32, 8, 8] => Preset::Minimal,
        [512, 32, 256] => Preset::Mainnet,
        _ => return Err(missing("preset: its sizes are neither mainnet's nor minimal's")),
    };
    // Newer configurations count in milliseconds.
    let seconds_per_slot = match number("SECONDS_PER_SLOT") {
        Ok(seconds) => seconds,
        Err(_) => match number("SLOT_DURATION_MS")? {
            milliseconds if milliseconds.is_multiple_of(1000) => milliseconds / 1000,
            _ => return Err(missing("SLOT_DURATION_MS: slots take whole seconds")),
        },
    };
    let mut forks = Vec::new();
    for (fork, name) in FORKS {
        // A fork without a date has the largest epoch there is, or none.
        let Ok(epoch) = number(&format!("{name}_FORK_EPOCH")) else {
            continue;
        };
        if epoch == u64::MAX {
            continue;
        }
        let name = format!("{name}_FORK_VERSION");
        let version: alloy_primitives::FixedBytes<4> = text(&name)
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| missing(&name))?;
        forks.push(ForkStart {
            fork,
            version: version.0,
            epoch,
        });
    }
    let network = Network {
        chain_id: number("DEPOSIT_CHAIN_ID")?,
        preset,
        genesis_time: genesis.genesis_time,
        seconds_per_slot,
        genesis_validators_root: hash(genesis.genesis_validators_root),
        forks: forks
            .try_into()
            .map_err(|_| ConvertError::TooLong("fork schedule"))?,
    };
    network
        .check()
        .map_err(|error| ConvertError::Configuration(format!("network: {error}")))?;
    Ok(network)
}
