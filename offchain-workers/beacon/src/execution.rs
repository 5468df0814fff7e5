//! Which execution block a header stands for: the branch from the block's hash to the body root.
//!
//! Until Fulu a light client's header has the payload's header, in SSZ, and the branch from its root; the hash is one of its leaves. From Gloas
//! on it has the hash and its branch.

use alloy_primitives::B256;
use libssz_merkle::{Node, hash_nodes, merkleize};
use weft_beacon_proofs::header::integer;
use weft_bls_host::NativeCrypto;
use weft_light_client::Hasher;

use crate::answers::{LightClientHeader, PayloadHeader};

/// The place of `block_hash` among the fields of a payload's header.
const BLOCK_HASH: usize = 12;

/// SHA-256, natively.
const HASHER: Hasher<NativeCrypto> = Hasher::NEW;

/// The roots of a payload header's fields: 15 in Capella, 17 from Deneb on.
fn fields(header: &PayloadHeader) -> Vec<Node> {
    let mut recipient = [0; 32];
    recipient[..20].copy_from_slice(header.fee_recipient.as_slice());
    // A list of at most 32 bytes: one chunk, mixed with its length.
    let mut extra = [0; 32];
    let length = header.extra_data.len().min(32);
    extra[..length].copy_from_slice(&header.extra_data[..length]);
    let extra = hash_nodes(&HASHER, &extra, &integer(length as u64));
    let bloom = libssz_merkle::pack(header.logs_bloom.as_slice());
    let mut fields = vec![
        header.parent_hash.0,
        recipient,
        header.state_root.0,
        header.receipts_root.0,
        merkleize(&HASHER, &bloom, None),
        header.prev_randao.0,
        integer(header.block_number),
        integer(header.gas_limit),
        integer(header.gas_used),
        integer(header.timestamp),
        extra,
        header.base_fee_per_gas.to_le_bytes(),
        header.block_hash.0,
        header.transactions_root.0,
        header.withdrawals_root.0,
    ];
    if let (Some(used), Some(excess)) = (header.blob_gas_used, header.excess_blob_gas) {
        fields.extend([used, excess].map(integer));
    }
    fields
}

/// The branch from a leaf to the root of a tree.
fn branch(mut level: Vec<Node>, mut position: usize) -> Vec<Node> {
    level.resize(level.len().next_power_of_two(), [0; 32]);
    let mut branch = Vec::new();
    while level.len() > 1 {
        branch.push(level[position ^ 1]);
        level = level
            .chunks(2)
            .map(|pair| hash_nodes(&HASHER, &pair[0], &pair[1]))
            .collect();
        position /= 2;
    }
    branch
}

/// The hash of the execution block, and the branch from it to the body root. `None` for a header without one, as before Capella.
///
/// `depth` is that of the hash at the header's fork: a header that was rewritten for a later fork has zeros before its branch.
pub fn block_hash(header: &LightClientHeader, depth: usize) -> Option<(B256, Vec<B256>)> {
    if let Some(hash) = header.execution_block_hash {
        let padding = header.execution_branch.len().saturating_sub(depth);
        return Some((hash, header.execution_branch[padding..].to_vec()));
    }
    let payload = header.execution.as_ref()?;
    // A header of Capella that was rewritten for Deneb has fields that Capella did not hash.
    let mut fields = fields(payload);
    if depth == header.execution_branch.len() + 4 {
        fields.truncate(15);
    }
    let within = branch(fields, BLOCK_HASH).into_iter().map(B256::from);
    let nodes = within.chain(header.execution_branch.iter().copied());
    Some((payload.block_hash, nodes.collect()))
}
