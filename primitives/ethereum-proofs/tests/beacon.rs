//! Fields of the beacon block before an execution block, and hops from beacon blocks.

mod chain;

use alloy_primitives::B256;
use chain::Block;
use proptest::prelude::*;
use weft_beacon_proofs::{BeaconHeader, BeaconHop, BeaconRules, Fork, Network};
use weft_bls_host::NativeCrypto;
use weft_ethereum_proofs::{AncestryError, EvidenceError, Start, anchor_of, verify};
use weft_light_client::Crypto;
use weft_primitives::{
    H256, Query,
    input::{FieldEntry, Section},
    source::{Content, FieldEvidence, Hop},
};
use weft_synthetic_beacon::{network, tree};

/// `body.graffiti`, a number deep in the state, and the block's own slot.
const FIELDS: [u64; 3] = [12 * 16 + 2, (11 * 64 + 11) * 2 * 1024 + 7, 8];

fn forks() -> Network {
    network(&[(Fork::Electra, 0), (Fork::Fulu, 10)])
}

fn query(fork: Fork, fields: &[u64]) -> Query {
    Query::Beacon {
        chain_id: 1,
        fork,
        fields: fields.to_vec().try_into().unwrap(),
    }
}

/// A block whose header names a beacon block of this slot with these leaves, and the evidence for the first of [`FIELDS`].
struct Case {
    block: Block,
    beacon: BeaconHeader,
    fields: Vec<FieldEvidence>,
}

fn case(slot: u64) -> Case {
    let leaves = [(16 + 2, H256([0x9f; 32]))];
    let (body_root, in_body) = tree(&leaves);
    let (state_root, in_state) = tree(&[((64 + 11) * 2 * 1024 + 7, H256([0x5e; 32]))]);
    let beacon = BeaconHeader {
        slot,
        proposer_index: 3,
        parent_root: H256([1; 32]),
        state_root,
        body_root,
    };
    let mut number = [0; 32];
    number[..8].copy_from_slice(&slot.to_le_bytes());
    let mut proposer = [0; 32];
    proposer[0] = 3;
    let (root, top) = tree(&[
        (8, H256(number)),
        (9, H256(proposer)),
        (10, H256([1; 32])),
        (11, state_root),
        (12, body_root),
        // Leaves without a field.
        (13, H256::zero()),
        (14, H256::zero()),
    ]);
    let field = |node: H256, nodes: &[&[H256]]| FieldEvidence {
        node,
        branch: nodes.concat().try_into().unwrap(),
    };
    let fields = vec![
        field(H256([0x9f; 32]), &[&in_body[0], &top[4]]),
        field(H256([0x5e; 32]), &[&in_state[0], &top[3]]),
        field(H256(number), &[&top[0]]),
    ];
    let mut block = Block::with_receipts(2);
    block.header.blob_gas_used = Some(0);
    block.header.excess_blob_gas = Some(0);
    block.header.parent_beacon_block_root = Some(B256::from(root.0));
    Case {
        block,
        beacon,
        fields,
    }
}

impl Case {
    fn evidence(&self) -> Content {
        Content::Beacon {
            header: self.block.rlp().try_into().unwrap(),
            beacon: self.beacon,
            fields: self.fields.clone().try_into().unwrap(),
        }
    }

    fn verified(&self, query: &Query) -> Result<Section, EvidenceError> {
        let network = forks();
        let rules = BeaconRules {
            network: &network,
            sha256: NativeCrypto::sha256,
        };
        let proved = verify(&self.block.source(&[]), query, &self.evidence(), Some(&rules))?;
        Ok(proved.content)
    }
}

#[test]
fn fields_of_block_body_and_state_are_read() {
    let case = case(100);
    let section = case.verified(&query(Fork::Fulu, &FIELDS));
    let Ok(Section::Beacon(range, fields)) = section else {
        panic!("no fields: {section:?}")
    };
    assert_eq!(
        (range.last, range.hash),
        (case.block.header.number, case.block.hash())
    );
    let nodes: Vec<_> = case.fields.iter().map(|field| field.node).collect();
    let expected: Vec<_> = FIELDS
        .into_iter()
        .zip(nodes)
        .map(|(index, node)| FieldEntry { index, node })
        .collect();
    assert_eq!(fields, expected);
}

#[test]
fn a_query_for_another_fork_reads_nothing() {
    assert_eq!(
        case(100).verified(&query(Fork::Electra, &FIELDS)),
        Err(EvidenceError::OtherFork)
    );
    // Fulu begins at epoch 10 of 8 slots.
    assert!(case(79).verified(&query(Fork::Electra, &FIELDS)).is_ok());
    assert_eq!(
        case(79).verified(&query(Fork::Fulu, &FIELDS)),
        Err(EvidenceError::OtherFork)
    );
    let case = case(100);
    let without = verify(
        &case.block.source(&[]),
        &query(Fork::Fulu, &FIELDS),
        &case.evidence(),
        None,
    );
    assert_eq!(without, Err(EvidenceError::NoBeaconChain));
}

#[test]
fn a_beacon_block_that_the_header_does_not_name_shows_nothing() {
    let query = query(Fork::Fulu, &FIELDS);
    let mut other = case(100);
    other.beacon.proposer_index = 4;
    assert_eq!(other.verified(&query), Err(EvidenceError::WrongBeaconBlock));
    let mut before_cancun = case(100);
    before_cancun.block.header.parent_beacon_block_root = None;
    before_cancun.block.header.blob_gas_used = None;
    before_cancun.block.header.excess_blob_gas = None;
    assert_eq!(
        before_cancun.verified(&query),
        Err(EvidenceError::WrongBeaconBlock)
    );
}

#[test]
fn fields_left_out_doubled_swapped_or_altered_are_refused() {
    let wanted = query(Fork::Fulu, &FIELDS);
    let with = |change: fn(&mut Vec<FieldEvidence>)| {
        let mut case = case(100);
        change(&mut case.fields);
        case.verified(&wanted)
    };
    assert_eq!(
        with(|fields| drop(fields.pop())),
        Err(EvidenceError::WrongPathCount)
    );
    assert_eq!(
        with(|fields| fields.push(fields[0].clone())),
        Err(EvidenceError::WrongPathCount)
    );
    assert_eq!(with(|fields| fields.swap(0, 1)), Err(EvidenceError::WrongField));
    assert_eq!(
        with(|fields| fields[1].node.0[0] ^= 1),
        Err(EvidenceError::WrongField)
    );
    assert_eq!(
        with(|fields| fields[1].branch[3].0[0] ^= 1),
        Err(EvidenceError::WrongField)
    );
    assert_eq!(
        with(|fields| _ = fields[0].branch.remove(0)),
        Err(EvidenceError::WrongField),
        "a shorter branch"
    );
    assert_eq!(
        with(|fields| fields[2].branch.try_push(H256::zero()).unwrap()),
        Err(EvidenceError::WrongField),
        "a longer branch"
    );
    assert_eq!(
        with(|fields| fields[0] = FieldEvidence {
            node: H256::zero(),
            branch: Default::default()
        }),
        Err(EvidenceError::WrongField),
        "the root passed off as nothing"
    );
    assert_eq!(
        case(100).verified(&query(Fork::Fulu, &[FIELDS[0], FIELDS[1], 0])),
        Err(EvidenceError::WrongField),
        "there is no index 0"
    );
}

#[test]
fn what_a_list_does_not_have_reads_as_zero_and_only_that() {
    // The place beside the number in the state holds zeros: of an item there, field 2 of 8.
    let item = (11 * 64 + 11) * 2 * 1024 + 6;
    let absent = item * 8 + 2;
    let present = (item + 1) * 8 + 2;
    let mut case = case(100);
    let mut beside = case.fields[1].clone();
    beside.branch[0] = case.fields[1].node;
    beside.node = H256::zero();
    case.fields = vec![beside];
    let section = case.verified(&query(Fork::Fulu, &[absent]));
    let Ok(Section::Beacon(_, fields)) = section else {
        panic!("no fields: {section:?}")
    };
    assert_eq!(
        fields,
        [FieldEntry {
            index: absent,
            node: H256::zero()
        }]
    );
    let as_absent = case.verified(&query(Fork::Fulu, &[present]));
    assert_eq!(as_absent, Err(EvidenceError::WrongField));
    case.fields[0].node = H256([1; 32]);
    assert_eq!(
        case.verified(&query(Fork::Fulu, &[absent])),
        Err(EvidenceError::WrongField)
    );
}

#[test]
fn a_hop_from_a_beacon_block_is_only_possible_as_the_first() {
    let network = forks();
    let rules = BeaconRules {
        network: &network,
        sha256: NativeCrypto::sha256,
    };
    let blocks = [100, 101].map(|number| {
        let mut block = Block::with_receipts(1);
        block.header.number = number;
        block
    });
    let [old, mut child] = blocks;
    child.header.parent_hash = B256::from(old.hash().0);
    let (body_root, payload) = tree(&[(812, child.hash())]);
    let older = BeaconHeader {
        slot: 70,
        body_root,
        ..BeaconHeader::default()
    };
    let index = rules.history_index(1000, 70).unwrap();
    let (state_root, branch) = tree(&[(index, older.root(&rules))]);
    let newer = BeaconHeader {
        slot: 1000,
        state_root,
        ..BeaconHeader::default()
    };
    let beacon = Hop::Beacon(Box::new(BeaconHop {
        newer,
        slot: 70,
        branch: branch[0].clone().try_into().unwrap(),
        older,
        payload: payload[0].clone().try_into().unwrap(),
        hash: child.hash(),
    }));
    let parents = Hop::Parents(vec![child.rlp().try_into().unwrap()].try_into().unwrap());
    let down = [beacon.clone(), parents.clone()];
    let start = Start::Beacon {
        slot: 1000,
        root: newer.root(&rules),
    };
    assert_eq!(anchor_of(old.hash(), &down, Some(&rules)), Ok(start));
    assert_eq!(anchor_of(child.hash(), &down[..1], Some(&rules)), Ok(start));
    assert_eq!(
        anchor_of(old.hash(), &down[..1], Some(&rules)),
        Err(AncestryError::OtherBlock)
    );
    assert_eq!(
        anchor_of(old.hash(), &down, None),
        Err(AncestryError::MisplacedBeacon)
    );
    for turned in [
        [parents.clone(), beacon.clone()],
        [beacon.clone(), beacon.clone()],
    ] {
        assert_eq!(
            anchor_of(old.hash(), &turned, Some(&rules)),
            Err(AncestryError::MisplacedBeacon)
        );
    }
    let other = Hop::Parents(vec![old.rlp().try_into().unwrap()].try_into().unwrap());
    assert_eq!(
        anchor_of(old.hash(), &[beacon, other], Some(&rules)),
        Err(AncestryError::Broken)
    );
}

proptest! {
    #[test]
    fn no_change_of_a_byte_shows_another_field(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut case = case(100);
        let honest = case.verified(&query(Fork::Fulu, &FIELDS)).unwrap();
        let nodes: usize = case.fields.iter().map(|field| 1 + field.branch.len()).sum();
        let mut at = at.index(nodes * 32);
        for field in &mut case.fields {
            let bytes = 32 * (1 + field.branch.len());
            if at < 32 {
                field.node.0[at] ^= flip;
                break;
            } else if at < bytes {
                field.branch[at / 32 - 1].0[at % 32] ^= flip;
                break;
            }
            at -= bytes;
        }
        if let Ok(other) = case.verified(&query(Fork::Fulu, &FIELDS)) {
            prop_assert_eq!(other, honest);
        }
    }
}
