//! `weft.toml` becomes the manifest that the chain knows.

mod support;

use weft_beacon_proofs::Fork;
use weft_cli::manifest_file::{Language, ManifestFile, Variables};
use weft_primitives::{
    H160, H256, Manifest, Query, SourceKind, keccak256, manifest::StatePolicy, query::EventFilter,
};

const FILE: &str = r#"
name = "example"
description = "for tests"
state = "stateless"
[program]
language = "rust"
[[source]]
chain = "${CHAIN}"
kind = "events"
addresses = ["${TOKEN}"]
topics = ["Transfer(address,address,uint256)", [], ["0x2222222222222222222222222222222222222222", "0x3333333333333333333333333333333333333333333333333333333333333333"]]
[[source]]
chain = 5
kind = "transaction-events"
[destination]
chain = 1
gateway = "0x4444444444444444444444444444444444444444"
target = "0x5555555555555555555555555555555555555555"
call = "record(uint256,uint256,uint256)"
gas = "${GAS}"
"#;

fn variables() -> Variables {
    let token = "0x1111111111111111111111111111111111111111";
    [("CHAIN", "1"), ("TOKEN", token), ("GAS", "200000")]
        .map(|(name, value)| (name.into(), value.into()))
        .into()
}

fn manifest(text: &str) -> Result<Manifest, String> {
    let file = ManifestFile::parse(text).map_err(|error| format!("{error:#}"))?;
    file.manifest(&variables()).map_err(|error| format!("{error:#}"))
}

#[test]
fn every_part_of_the_file_is_in_the_manifest() {
    let manifest = manifest(FILE).expect("the file is right");
    assert_eq!(manifest.name.to_vec(), b"example");
    assert_eq!(manifest.description.to_vec(), b"for tests");
    assert_eq!(manifest.state, StatePolicy::Stateless);
    let [first, second] = &manifest.sources[..] else {
        panic!("two sources")
    };
    let Query::Events {
        chain_id: 1,
        filter: first,
    } = first
    else {
        panic!("{first:?}")
    };
    assert_eq!(first.addresses.to_vec(), [H160::repeat_byte(0x11)]);
    let topics: Vec<_> = first.topics.iter().map(|any_of| any_of.to_vec()).collect();
    let transfer = keccak256(b"Transfer(address,address,uint256)");
    assert_eq!(topics[..2], [vec![transfer], vec![]]);
    assert_eq!(topics[2][0], H160::repeat_byte(0x22).into());
    assert_eq!(topics[2][1].0, [0x33; 32]);
    let expected = Query::TransactionEvents {
        chain_id: 5,
        filter: EventFilter::default(),
    };
    assert_eq!(*second, expected);
    let destination = manifest.destination.as_ref().expect("there is one");
    assert_eq!(destination.gateway, H160::repeat_byte(0x44));
    assert_eq!(destination.target, H160::repeat_byte(0x55));
    assert_eq!(destination.gas_limit, 200_000);
    assert_eq!(
        destination.selector,
        keccak256(b"record(uint256,uint256,uint256)").0[..4]
    );
    assert_eq!(
        Manifest::from_bytes(&manifest.to_bytes().expect("it is small")),
        Ok(manifest)
    );
}

#[test]
fn every_kind_of_source_can_be_written() {
    let text = r#"
name = "all"
state = "stateless"
[program]
language = "rust"
[[source]]
kind = "storage"
chain = 1
[[source.accounts]]
address = "${TOKEN}"
slots = [3, "0x3333333333333333333333333333333333333333333333333333333333333333"]
[[source]]
kind = "transactions"
chain = 1
[[source]]
kind = "state"
graph = "0x4444444444444444444444444444444444444444444444444444444444444444"
[[source]]
kind = "beacon"
chain = 1
fork = "fulu"
fields = ["proposer_index", "state.validators[7].effective_balance", 12]
"#;
    let manifest = manifest(text).expect("the file is right");
    let kinds: Vec<_> = manifest.sources.iter().map(Query::kind).collect();
    assert_eq!(
        kinds,
        [
            SourceKind::Storage,
            SourceKind::Transactions,
            SourceKind::State,
            SourceKind::Beacon
        ]
    );
    let Query::Beacon { fork, fields, .. } = &manifest.sources[3] else {
        panic!("no fields")
    };
    // The state is at 11, its validators at 64 + 11; below are a length, 2^40 places, and eight fields.
    let validators: u64 = 11 * 64 + 11;
    let balance = ((validators * 2) << 40 | 7) * 8 + 2;
    assert_eq!((*fork, fields.to_vec()), (Fork::Fulu, vec![9, balance, 12]));
    let Query::Storage { accounts, .. } = &manifest.sources[0] else {
        panic!("no storage")
    };
    assert_eq!(accounts[0].address, H160::repeat_byte(0x11));
    assert_eq!(
        accounts[0].slots.to_vec(),
        [H256::from_low_u64_be(3), H256::repeat_byte(0x33)]
    );
}

#[test]
fn the_examples_differ_in_nothing_but_their_language() {
    let [rust, assemblyscript] =
        ["transfer-volume", "transfer-volume-assemblyscript"].map(|name| support::example(name).file);
    assert_eq!(
        (rust.language, assemblyscript.language),
        (Language::Rust, Language::AssemblyScript)
    );
    let mut variables = variables();
    variables.insert("START".into(), "9".into());
    for name in ["GATEWAY", "RECEIVER"] {
        variables.insert(name.into(), "0x6666666666666666666666666666666666666666".into());
    }
    let [rust, assemblyscript] =
        [rust, assemblyscript].map(|file| file.manifest(&variables).expect("it is right"));
    assert_eq!(rust, assemblyscript);
    assert_eq!(rust.state, StatePolicy::Index { from: 9 });
    let selector = rust.destination.expect("there is one").selector;
    // As solc says of VolumeReceiver.record.
    assert_eq!(selector, keccak256(b"record(uint256,uint256,uint256)").0[..4]);
}

#[test]
fn mistakes_are_named() {
    let cases = [
        (
            "${GAS}",
            "${NO_SUCH_VARIABLE}",
            "no value for ${NO_SUCH_VARIABLE}; give it with --set",
        ),
        ("${GAS}", "${GAS", "no } after ${"),
        ("name = \"example\"", "", "`name` is missing"),
        ("name = \"example\"", "name = \"../x\"", "use letters"),
        ("language = \"rust\"", "language = \"cobol\"", "cobol"),
        ("state = \"stateless\"", "state = \"lazy\"", "lazy"),
        ("kind = \"events\"", "kind = \"blocks\"", "blocks"),
        ("kind = \"events\"", "kind = \"events\"\nadress = 1", "adress"),
        (
            "state = \"stateless\"",
            "state = \"index\"",
            "an index needs `from`",
        ),
        (
            "state = \"stateless\"",
            "state = \"stateless\"\nfrom = 5",
            "for an index alone",
        ),
        (
            "state = \"stateless\"",
            "state = \"index\"\nfrom = 5",
            "transactions are named by an offer",
        ),
        ("${TOKEN}", "0x11", "is no address"),
        (
            "Transfer(address,address,uint256)",
            "Transfer(address, address)",
            "is no topic",
        ),
        (
            "call = \"record(uint256,uint256,uint256)\"",
            "call = \"record\"",
            "function's signature",
        ),
        (
            "0x4444444444444444444444444444444444444444",
            "0x0000000000000000000000000000000000000000",
            "refuse",
        ),
        ("chain = 5", "chain = 0", "a chain id is zero"),
        ("${GAS}", "15000000", "asks for more than"),
        ("name = \"example\"", "name = ", "TOML"),
    ];
    for (part, other, expected) in cases {
        assert!(FILE.contains(part));
        let refused = manifest(&FILE.replace(part, other)).expect_err(other);
        assert!(refused.contains(expected), "{other:?} gives {refused:?}");
    }
}
