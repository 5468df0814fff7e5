//! Trees of blocks and states, and names of their fields, compared with Lodestar's.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use alloy_primitives::{B256, Bytes};
use proptest::prelude::*;
use serde_json::{Value, json};
use weft_beacon::tree::{
    TreeError, Type,
    names::{NameError, index_of},
    types::Types,
};
use weft_beacon_proofs::{
    Fork, Preset,
    indices::{depth, is_valid_branch},
};
use weft_bls_host::NativeCrypto;
use weft_light_client::Hasher;
use weft_primitives::H256;

const HASHER: Hasher<NativeCrypto> = Hasher::NEW;

const FORKS: [(Fork, &str); 4] = [
    (Fork::Capella, "capella"),
    (Fork::Deneb, "deneb"),
    (Fork::Electra, "electra"),
    (Fork::Fulu, "fulu"),
];

/// Fields of a body, the first fork that has them first.
const BODY: [(Fork, &str); 14] = [
    (Fork::Capella, "randao_reveal"),
    (Fork::Capella, "graffiti"),
    (Fork::Capella, "eth1_data.deposit_count"),
    (
        Fork::Capella,
        "proposer_slashings[2].signed_header_1.message.state_root",
    ),
    (
        Fork::Capella,
        "attester_slashings[0].attestation_2.data.target.epoch",
    ),
    (Fork::Capella, "attestations[3].aggregation_bits"),
    (Fork::Capella, "deposits[1].data.amount"),
    (Fork::Capella, "voluntary_exits[4].message.validator_index"),
    (Fork::Capella, "sync_aggregate.sync_committee_signature"),
    (Fork::Capella, "execution_payload.withdrawals[3].amount"),
    (Fork::Capella, "execution_payload.transactions[2]"),
    (
        Fork::Capella,
        "bls_to_execution_changes[0].message.to_execution_address",
    ),
    (Fork::Deneb, "blob_kzg_commitments[4]"),
    (
        Fork::Electra,
        "execution_requests.consolidations[1].source_pubkey",
    ),
];

/// Fields of a state.
const STATE: [(Fork, &str); 16] = [
    (Fork::Capella, "genesis_time"),
    (Fork::Capella, "fork.current_version"),
    (Fork::Capella, "block_roots[63]"),
    (Fork::Capella, "historical_roots[3]"),
    (Fork::Capella, "eth1_data_votes[4].block_hash"),
    // Lodestar takes some small containers for leaves.
    (Fork::Capella, "validators[3]"),
    (Fork::Capella, "balances[4]"),
    (Fork::Capella, "randao_mixes[17]"),
    (Fork::Capella, "current_epoch_participation[2]"),
    (Fork::Capella, "finalized_checkpoint.root"),
    (Fork::Capella, "next_sync_committee.pubkeys[31]"),
    (Fork::Capella, "latest_execution_payload_header.extra_data"),
    (Fork::Capella, "historical_summaries[2].block_summary_root"),
    (Fork::Electra, "pending_deposits[1]"),
    (Fork::Electra, "pending_consolidations[0]"),
    (Fork::Fulu, "proposer_lookahead[15]"),
];

/// `validators[3].effective_balance` as `["validators", 3, "effectiveBalance"]`.
fn path(name: &str) -> Value {
    let parts = name.split(['.', '[']);
    let part = |part: &str| match part.strip_suffix(']') {
        Some(index) => json!(index.parse::<u64>().expect("a number")),
        None => {
            let mut words = part.split('_');
            let first = words.next().unwrap_or_default().to_owned();
            let upper = |word: &str| word[..1].to_uppercase() + &word[1..];
            json!(first + &words.map(upper).collect::<String>())
        }
    };
    parts.map(part).collect()
}

/// What Lodestar says of trees of a fork; of their indices alone, if nothing else is wanted.
fn lodestar(fork: &str, preset: Preset, body: &[&str], state: &[&str], only: bool) -> Value {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/ethereum");
    let preset = match preset {
        Preset::Minimal => "minimal",
        Preset::Mainnet => "mainnet",
    };
    let paths = |names: &[&str]| names.iter().map(|name| path(name)).collect::<Vec<_>>();
    let (body, state) = (paths(body), paths(state));
    let question = json!({"preset": preset, "fork": fork, "body": body, "state": state, "indicesOnly": only});
    let mut judge = Command::new("node")
        .arg("trees.mjs")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node can be started");
    let mut stdin = judge.stdin.take().expect("it is piped");
    stdin
        .write_all(question.to_string().as_bytes())
        .expect("it reads");
    drop(stdin);
    let answer = judge.wait_with_output().expect("it ends");
    serde_json::from_slice(&answer.stdout).expect("JSON")
}

fn bytes(value: &Value) -> Vec<u8> {
    let bytes: Bytes = serde_json::from_value(value.clone()).expect("bytes");
    bytes.to_vec()
}

fn hash(value: &Value) -> [u8; 32] {
    let hash: B256 = serde_json::from_value(value.clone()).expect("a hash");
    hash.0
}

/// Compares a type with Lodestar's, and the names under `prefix`, at `leaf` of the block.
fn compare(
    (fork, preset): (Fork, Preset),
    ty: &Type,
    expected: &Value,
    names: &[&str],
    prefix: &str,
    leaf: u64,
) {
    let value = bytes(&expected["bytes"]);
    assert_eq!(
        ty.root(&value),
        Ok(hash(&expected["root"])),
        "{fork:?} {preset:?} {prefix}"
    );
    let fields = expected["fields"].as_array().expect("fields");
    let indices: Vec<u64> = fields
        .iter()
        .map(|field| field["index"].as_str().expect("text").parse().expect("a number"))
        .collect();
    let branches = ty.branches(&value, &indices).expect("they are there");
    for (((name, index), branch), field) in names.iter().zip(&indices).zip(branches).zip(fields) {
        let below = depth(*index);
        let in_block = (leaf << below) + (index - (1 << below));
        let named = index_of(fork, preset, &format!("{prefix}.{name}"));
        assert_eq!(named, Ok(in_block), "{fork:?} {preset:?} {name}");
        assert_eq!(branch.node, hash(&field["node"]), "{fork:?} {preset:?} {name}");
        let nodes: Vec<_> = field["branch"]
            .as_array()
            .expect("nodes")
            .iter()
            .map(hash)
            .collect();
        assert_eq!(branch.nodes, nodes, "{fork:?} {preset:?} {name}");
    }
}

fn compare_all(preset: Preset) {
    for (fork, name) in FORKS {
        let of_fork = |fields: &'static [(Fork, &'static str)]| -> Vec<&'static str> {
            let fields = fields.iter().filter(|(first, _)| *first <= fork);
            fields.map(|(_, name)| *name).collect()
        };
        let (body, state) = (of_fork(&BODY), of_fork(&STATE));
        let expected = lodestar(name, preset, &body, &state, false);
        let types = Types::of(fork, preset).expect("it is known");
        let case = (fork, preset);
        compare(case, &types.body(), &expected["body"], &body, "body", 12);
        compare(case, &types.state(), &expected["state"], &state, "state", 11);
    }
}

#[test]
fn trees_of_the_minimal_preset_are_lodestars() {
    compare_all(Preset::Minimal);
}

#[test]
fn trees_of_the_mainnet_preset_are_lodestars() {
    compare_all(Preset::Mainnet);
}

#[test]
fn the_light_clients_indices_are_lodestars_at_every_fork() {
    let state = [
        "finalized_checkpoint.root",
        "current_sync_committee",
        "next_sync_committee",
        "historical_roots",
        "historical_summaries",
    ];
    for (fork, name) in FORKS.into_iter().chain([(Fork::Gloas, "gloas")]) {
        let payload = match fork {
            Fork::Gloas => "signed_execution_payload_bid.message.parent_block_hash",
            _ => "execution_payload.block_hash",
        };
        let expected = lodestar(name, Preset::Mainnet, &[payload], &state, true);
        let index = |part: &str, field: usize| -> u64 {
            let index = &expected[part]["fields"][field]["index"];
            index.as_str().expect("text").parse().expect("a number")
        };
        let indices = fork.indices();
        assert_eq!(indices.finalized_root, index("state", 0), "{fork:?}");
        assert_eq!(indices.current_committee, index("state", 1), "{fork:?}");
        assert_eq!(indices.next_committee, index("state", 2), "{fork:?}");
        assert_eq!(fork.payload_hash(), Some(index("body", 0)), "{fork:?}");
        if let Some(lists) = fork.history_lists() {
            assert_eq!(
                (lists.roots, lists.summaries),
                (index("state", 3), index("state", 4))
            );
        }
    }
}

/// Two items with a number and some bytes each, and a number.
fn small() -> (Type, Vec<u8>) {
    let item = Type::Container(vec![("id", Type::Basic(8)), ("data", Type::ByteList(100))]);
    let ty = Type::Container(vec![
        ("items", Type::List(Box::new(item), 1 << 20)),
        ("count", Type::Basic(8)),
    ]);
    let item = |id: u64, data: &[u8]| [&id.to_le_bytes()[..], &12_u32.to_le_bytes(), data].concat();
    let items = [item(1, &[9; 40]), item(2, &[])];
    let offsets = [8_u32, 8 + items[0].len() as u32].map(u32::to_le_bytes).concat();
    let head = [&12_u32.to_le_bytes()[..], &77_u64.to_le_bytes()].concat();
    (ty, [head, offsets, items.concat()].concat())
}

/// The root of the list's items is the left child of `items`, itself the left child of the root.
const ITEMS: u64 = 4;

#[test]
fn an_item_that_a_list_does_not_have_is_shown_by_zeros() {
    let (ty, value) = small();
    let root = H256(ty.root(&value).unwrap());
    let id = |item: u64| (((ITEMS << 20) + item) << 1, item < 2);
    for (index, is_there) in [0, 1, 2, (1 << 20) - 1].map(id) {
        let branch = ty.branches(&value, &[index]).unwrap().remove(0);
        let nodes: Vec<H256> = branch.nodes.into_iter().map(H256).collect();
        let above = depth(index) - nodes.len();
        assert_eq!(above == 0, is_there);
        assert_eq!(branch.node == [0; 32], !is_there);
        assert!(is_valid_branch(
            &HASHER,
            H256(branch.node),
            &nodes,
            index >> above,
            root
        ));
    }
}

#[test]
fn there_is_nothing_below_a_leaf() {
    let (ty, value) = small();
    for index in [0, 6, 7, 5 * 2, (((ITEMS << 20) + 1) << 1) * 2] {
        assert_eq!(ty.branches(&value, &[index]), Err(TreeError::NoNode(index)));
    }
}

#[test]
fn there_is_nothing_below_numbers_that_share_a_leaf() {
    let numbers = Type::List(Box::new(Type::Basic(8)), 1 << 20);
    let value = [7; 24];
    // The leaves are at a depth of 18 below the left child.
    let leaf = 2 << 18;
    assert!(numbers.branches(&value, &[leaf, leaf + 9]).is_ok());
    for index in [2 * leaf, 2 * (leaf + 9) + 1] {
        assert_eq!(numbers.branches(&value, &[index]), Err(TreeError::NoNode(index)));
    }
}

#[test]
fn a_name_that_no_field_has_is_refused_with_those_that_there_are() {
    let of = |name: &str| index_of(Fork::Fulu, Preset::Mainnet, name);
    assert_eq!(of("proposer_index"), Ok(9));
    assert_eq!(of("state.validators.length"), Ok((11 * 64 + 11) * 2 + 1));
    let error = of("body.grafiti").unwrap_err().to_string();
    assert!(error.contains("grafiti") && error.contains("graffiti"), "{error}");
    let error = of("stat.slot").unwrap_err().to_string();
    assert!(error.contains("proposer_index"), "{error}");
    for wrong in [
        "",
        "body.",
        "body[1]",
        "state.validators[x]",
        "state.validators[1",
        "state.validators.length.x",
        "slot.x",
        "state.slot[0]",
        "state.fork.epoch.x",
        "state.validators[-1]",
    ] {
        assert!(matches!(of(wrong), Err(NameError::NoField { .. })), "{wrong}");
    }
    assert!(matches!(
        of("body.execution_payload.withdrawals[16]"),
        Err(NameError::NoItem { limit: 16, .. })
    ));
    assert_eq!(
        index_of(Fork::Gloas, Preset::Mainnet, "slot"),
        Err(NameError::UnknownFork(Fork::Gloas))
    );
}

proptest! {
    #[test]
    fn any_bytes_are_a_value_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..600), cut in any::<prop::sample::Index>()) {
        let types = Types::of(Fork::Fulu, Preset::Minimal).unwrap();
        let _ = types.body().branches(&bytes, &[18, 9 * 2, u64::MAX]);
        let (ty, mut value) = small();
        value.truncate(cut.index(value.len()));
        let _ = ty.root(&value);
        let _ = ty.branches(&bytes, &[2, 4, (ITEMS << 20) * 2 + 1]);
    }
}
