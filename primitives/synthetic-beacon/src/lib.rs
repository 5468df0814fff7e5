//! A beacon chain of which only what a light client sees exists, for tests: committees with secret keys, states with two leaves, headers.
//!
//! [`update()`] makes the update that a [`Plan`] asks for, signed; tests change it and see it refused.

#![forbid(unsafe_code)]

use std::collections::BTreeMap;

use blst::min_pk::{AggregatePublicKey, AggregateSignature, SecretKey};
use primitive_types::H256;
use weft_bls_host::NativeCrypto;
use weft_light_client::{
    BeaconHeader, Checkpoint, Crypto, ExecutionProof, Fork, ForkStart, Hasher, Network, Preset,
    SyncCommittee, Update,
};

/// Time of slot 0.
pub const GENESIS_TIME: u64 = 1_700_000_000;
const SUITE: &[u8] = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

/// A network of the minimal preset with these forks at these epochs.
pub fn network(forks: &[(Fork, u64)]) -> Network {
    let forks: Vec<ForkStart> = forks
        .iter()
        .map(|&(fork, epoch)| ForkStart {
            fork,
            version: [fork as u8, 0, 0, 1],
            epoch,
        })
        .collect();
    Network {
        chain_id: 1337,
        preset: Preset::Minimal,
        genesis_time: GENESIS_TIME,
        seconds_per_slot: 2,
        genesis_validators_root: H256([7; 32]),
        forks: forks.try_into().expect("few forks"),
    }
}

/// The secret keys of a period's committee.
pub fn keys(period: u64) -> Vec<SecretKey> {
    (0..32u64)
        .map(|member| {
            let mut seed = [1; 32];
            seed[..8].copy_from_slice(&period.to_le_bytes());
            seed[8..16].copy_from_slice(&member.to_le_bytes());
            SecretKey::key_gen(&seed, &[]).expect("32 bytes")
        })
        .collect()
}

/// The committee of a period.
pub fn committee(period: u64) -> SyncCommittee {
    let keys: Vec<_> = keys(period).iter().map(SecretKey::sk_to_pk).collect();
    let all: Vec<_> = keys.iter().collect();
    let aggregate = AggregatePublicKey::aggregate(&all, false).expect("there are keys");
    let keys: Vec<[u8; 48]> = keys.iter().map(|key| key.compress()).collect();
    SyncCommittee {
        keys: keys.try_into().expect("32 keys"),
        aggregate: aggregate.to_public_key().compress(),
    }
}

/// A Merkle tree with leaves at generalized indices and zeros elsewhere: its root and a branch for each leaf.
pub fn tree(leaves: &[(u64, H256)]) -> (H256, Vec<Vec<H256>>) {
    let mut nodes: BTreeMap<u64, H256> = leaves.iter().copied().collect();
    let mut level: Vec<u64> = nodes.keys().copied().collect();
    while level.iter().any(|&index| index > 1) {
        level.sort_unstable();
        level.dedup();
        // The deepest first, so that both children are there.
        let deepest = level.iter().map(|index| index.ilog2()).max().unwrap_or(0);
        let (deep, mut rest): (Vec<u64>, Vec<u64>) =
            level.into_iter().partition(|index| index.ilog2() == deepest);
        for index in deep {
            let pair = [index & !1, index | 1].map(|child| nodes.get(&child).copied().unwrap_or_default());
            let bytes = [pair[0].0, pair[1].0].concat();
            nodes.insert(index / 2, H256(NativeCrypto::sha256(&bytes)));
            rest.push(index / 2);
        }
        level = rest;
    }
    let branch = |mut index: u64| {
        let mut branch = Vec::new();
        while index > 1 {
            branch.push(nodes.get(&(index ^ 1)).copied().unwrap_or_default());
            index /= 2;
        }
        branch
    };
    (nodes[&1], leaves.iter().map(|leaf| branch(leaf.0)).collect())
}

/// The RLP of an execution block's header with this number: the fields of Prague.
pub fn execution_header(number: u64) -> Vec<u8> {
    use alloy_consensus::Header;
    alloy_rlp::encode(Header {
        number,
        timestamp: GENESIS_TIME + number,
        state_root: [0x51; 32].into(),
        receipts_root: [0x52; 32].into(),
        mix_hash: [0x53; 32].into(),
        parent_hash: [0x54; 32].into(),
        base_fee_per_gas: Some(7),
        withdrawals_root: Some([1; 32].into()),
        blob_gas_used: Some(0),
        excess_blob_gas: Some(0),
        parent_beacon_block_root: Some([2; 32].into()),
        requests_hash: Some([3; 32].into()),
        ..Header::default()
    })
}

/// What an update is to say.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Slot of the finalized header.
    pub finalized: u64,
    /// Slot of the attested header.
    pub attested: u64,
    /// Slot of the signature.
    pub signature: u64,
    /// Whether it has the next committee, that of the period after the attested header's.
    pub with_committee: bool,
    /// How many members sign.
    pub signers: usize,
}

impl Plan {
    /// Everybody signs, right after the attested header, which comes two epochs after the finalized one.
    pub fn new(finalized: u64) -> Self {
        Self {
            finalized,
            attested: finalized + 16,
            signature: finalized + 17,
            with_committee: true,
            signers: 32,
        }
    }
}

fn fork(network: &Network, slot: u64) -> ForkStart {
    network
        .fork_at(slot)
        .expect("the network has a fork at every slot of a test")
}

fn bounded<T: std::fmt::Debug, const N: u32>(
    items: Vec<T>,
) -> bounded_collections::BoundedVec<T, bounded_collections::ConstU32<N>> {
    items.try_into().expect("few items")
}

/// A beacon header at a slot, with an execution block in its body from Capella on.
pub fn header(network: &Network, slot: u64, state_root: H256) -> (BeaconHeader, Option<ExecutionProof>) {
    let (body_root, execution) = match fork(network, slot).fork.indices().execution_hash {
        None => (H256([0xbb; 32]), None),
        Some(index) => {
            let header = execution_header(slot);
            let hash = H256(alloy_primitives::keccak256(&header).0);
            let (root, branches) = tree(&[(index, hash)]);
            let proof = ExecutionProof {
                header: bounded(header),
                branch: bounded(branches[0].clone()),
            };
            (root, Some(proof))
        }
    };
    let header = BeaconHeader {
        slot,
        proposer_index: slot % 64,
        parent_root: H256([0xaa; 32]),
        state_root,
        body_root,
    };
    (header, execution)
}

/// The update of a plan.
pub fn update(network: &Network, plan: &Plan) -> Update {
    let (finalized, execution) = header(network, plan.finalized, H256([0xcc; 32]));
    let indices = fork(network, plan.attested).fork.indices();
    let next = committee(network.preset.period(plan.attested) + 1);
    let (state_root, branches) = tree(&[
        (
            indices.finalized_root,
            finalized.root(&Hasher::<NativeCrypto>::NEW),
        ),
        (indices.next_committee, next.root::<NativeCrypto>()),
    ]);
    let (attested, _) = header(network, plan.attested, state_root);
    let mut update = Update {
        attested,
        next_committee: plan.with_committee.then(|| (next, bounded(branches[1].clone()))),
        finalized,
        finality_branch: bounded(branches[0].clone()),
        participation: bounded(vec![0; 4]),
        signature: [0; 96],
        signature_slot: plan.signature,
        execution,
    };
    sign(network, &mut update, plan.signers);
    update
}

/// Signs an update by the first members of the committee of its period.
pub fn sign(network: &Network, update: &mut Update, signers: usize) {
    let period = network.preset.period(update.signature_slot);
    let hash = |left: [u8; 32], right: [u8; 32]| NativeCrypto::sha256(&[left, right].concat());
    let mut version = [0; 32];
    version[..4].copy_from_slice(&fork(network, update.signature_slot - 1).version);
    let mut domain = [0; 32];
    domain[0] = 7;
    domain[4..].copy_from_slice(&hash(version, network.genesis_validators_root.0)[..28]);
    let message = hash(update.attested.root(&Hasher::<NativeCrypto>::NEW).0, domain);
    let signatures: Vec<_> = keys(period)
        .iter()
        .take(signers)
        .map(|key| key.sign(&message, SUITE, &[]))
        .collect();
    let signatures: Vec<_> = signatures.iter().collect();
    update.signature = AggregateSignature::aggregate(&signatures, false)
        .expect("somebody signs")
        .to_signature()
        .compress();
    let mut participation = vec![0; 4];
    (0..signers).for_each(|member| participation[member / 8] |= 1 << (member % 8));
    update.participation = bounded(participation);
}

/// A checkpoint at a slot.
pub fn checkpoint(network: &Network, slot: u64) -> Checkpoint {
    let committee = committee(network.preset.period(slot));
    let index = fork(network, slot).fork.indices().current_committee;
    let (state_root, branches) = tree(&[(index, committee.root::<NativeCrypto>())]);
    let (header, execution) = header(network, slot, state_root);
    Checkpoint {
        header,
        committee,
        branch: bounded(branches[0].clone()),
        execution,
    }
}
