//! What beacon nodes answer, in JSON. Numbers are strings, bytes are hexadecimal.

use alloy_primitives::{Address, B256, Bytes, FixedBytes, U256};
use serde::Deserialize;
use serde_with::{DisplayFromStr, serde_as};

/// An answer with something in it.
#[derive(Clone, Debug, Deserialize)]
pub struct Data<T> {
    /// What was asked for.
    pub data: T,
}

/// `/eth/v1/beacon/genesis`.
#[serde_as]
#[derive(Clone, Debug, Deserialize)]
pub struct Genesis {
    /// Time of slot 0, in seconds since 1970.
    #[serde_as(as = "DisplayFromStr")]
    pub genesis_time: u64,
    /// Root of the first validators.
    pub genesis_validators_root: B256,
}

/// An entry of `/eth/v1/beacon/headers/{block}`.
#[derive(Clone, Debug, Deserialize)]
pub struct HeaderEntry {
    /// Root of the block.
    pub root: B256,
    /// The header and its signature.
    pub header: SignedHeader,
}

/// The answer of `/eth/v1/beacon/blocks/{block}/root`.
#[derive(Clone, Debug, Deserialize)]
pub struct RootEntry {
    /// Root of the block.
    pub root: B256,
}

/// A beacon header that its proposer signed.
#[derive(Clone, Debug, Deserialize)]
pub struct SignedHeader {
    /// The header.
    pub message: Header,
}

/// A beacon header.
#[serde_as]
#[derive(Clone, Debug, Deserialize)]
pub struct Header {
    /// Slot.
    #[serde_as(as = "DisplayFromStr")]
    pub slot: u64,
    /// Index of the proposer.
    #[serde_as(as = "DisplayFromStr")]
    pub proposer_index: u64,
    /// Root of the block before.
    pub parent_root: B256,
    /// Root of the state after it.
    pub state_root: B256,
    /// Root of the body.
    pub body_root: B256,
}

/// A header of a light client: by fork it names the execution block in one of two ways, or not at all.
#[derive(Clone, Debug, Deserialize)]
pub struct LightClientHeader {
    /// The beacon header.
    pub beacon: Header,
    /// Capella to Fulu: the header of the payload.
    pub execution: Option<PayloadHeader>,
    /// From Gloas: the hash of the execution block.
    pub execution_block_hash: Option<B256>,
    /// The branch from either to the body root.
    #[serde(default)]
    pub execution_branch: Vec<B256>,
}

/// `ExecutionPayloadHeader`.
#[serde_as]
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the specification's names")]
pub struct PayloadHeader {
    pub parent_hash: B256,
    pub fee_recipient: Address,
    pub state_root: B256,
    pub receipts_root: B256,
    pub logs_bloom: FixedBytes<256>,
    pub prev_randao: B256,
    #[serde_as(as = "DisplayFromStr")]
    pub block_number: u64,
    #[serde_as(as = "DisplayFromStr")]
    pub gas_limit: u64,
    #[serde_as(as = "DisplayFromStr")]
    pub gas_used: u64,
    #[serde_as(as = "DisplayFromStr")]
    pub timestamp: u64,
    pub extra_data: Bytes,
    #[serde_as(as = "DisplayFromStr")]
    pub base_fee_per_gas: U256,
    pub block_hash: B256,
    pub transactions_root: B256,
    pub withdrawals_root: B256,
    /// From Deneb.
    #[serde_as(as = "Option<DisplayFromStr>")]
    #[serde(default)]
    pub blob_gas_used: Option<u64>,
    /// From Deneb.
    #[serde_as(as = "Option<DisplayFromStr>")]
    #[serde(default)]
    pub excess_blob_gas: Option<u64>,
}

/// `SyncCommittee`.
#[derive(Clone, Debug, Deserialize)]
pub struct SyncCommittee {
    /// Keys of the members.
    pub pubkeys: Vec<FixedBytes<48>>,
    /// Their sum.
    pub aggregate_pubkey: FixedBytes<48>,
}

/// `SyncAggregate`.
#[derive(Clone, Debug, Deserialize)]
pub struct SyncAggregate {
    /// A bit for each member.
    pub sync_committee_bits: Bytes,
    /// The sum of the signatures.
    pub sync_committee_signature: FixedBytes<96>,
}

/// `/eth/v1/beacon/light_client/bootstrap/{root}`.
#[derive(Clone, Debug, Deserialize)]
pub struct Bootstrap {
    /// The header asked for.
    pub header: LightClientHeader,
    /// The committee of its period.
    pub current_sync_committee: SyncCommittee,
    /// The branch from the committee to the header's state root.
    pub current_sync_committee_branch: Vec<B256>,
}

/// An update, of `/eth/v1/beacon/light_client/updates` or, without a committee, of `finality_update`.
#[serde_as]
#[derive(Clone, Debug, Deserialize)]
pub struct Update {
    /// What was signed.
    pub attested_header: LightClientHeader,
    /// The next committee.
    pub next_sync_committee: Option<SyncCommittee>,
    /// The branch from the next committee to the attested state root.
    #[serde(default)]
    pub next_sync_committee_branch: Vec<B256>,
    /// What the attested state says is final.
    pub finalized_header: LightClientHeader,
    /// The branch from its root to the attested state root.
    pub finality_branch: Vec<B256>,
    /// Who signed.
    pub sync_aggregate: SyncAggregate,
    /// When they signed.
    #[serde_as(as = "DisplayFromStr")]
    pub signature_slot: u64,
}
