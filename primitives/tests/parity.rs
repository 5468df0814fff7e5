//! The vectors that Solidity's tests check too: see `contracts/test/vectors/README.md`.

use alloy_primitives::{Address, B256, FixedBytes};
use alloy_sol_types::SolValue;
use serde_json::Value;
use weft_primitives::{
    Destination, H160, H256, Message, Outcome, Source, SourceKind, Statement, abi, keccak256,
};

/// Cases of a file that contracts and runtime share.
fn shared(file: &str) -> Vec<Value> {
    let path = format!(
        "{}/../contracts/test/vectors/{file}.json",
        // Not at compile time: a shared target folder may hold another clone's path.
        std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")
    );
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let cases = serde_json::from_str::<Value>(&text).unwrap()["cases"]
        .as_array()
        .unwrap()
        .clone();
    assert!(!cases.is_empty());
    cases
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap().strip_prefix("0x").unwrap()).unwrap()
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap()
}

fn integer<T: std::str::FromStr<Err: std::fmt::Debug>>(value: &Value) -> T {
    value.as_str().unwrap().parse().unwrap()
}

fn abi_sources(value: &Value) -> Vec<abi::Source> {
    let source = |source: &Value| abi::Source {
        kind: integer(&source["kind"]),
        chainId: integer(&source["chainId"]),
        firstBlock: integer(&source["firstBlock"]),
        lastBlock: integer(&source["lastBlock"]),
        blockHash: B256::from(array(&source["blockHash"])),
        filter: B256::from(array(&source["filter"])),
        root: B256::from(array(&source["root"])),
    };
    value.as_array().unwrap().iter().map(source).collect()
}

fn abi_destination(value: &Value) -> abi::Destination {
    abi::Destination {
        chainId: integer(&value["chainId"]),
        gateway: Address::from(array(&value["gateway"])),
        target: Address::from(array(&value["target"])),
        selector: FixedBytes(array(&value["selector"])),
        gasLimit: integer(&value["gasLimit"]),
    }
}

fn abi_statement(value: &Value) -> abi::Statement {
    let hash = |name: &str| B256::from(array(&value[name]));
    abi::Statement {
        version: integer(&value["version"]),
        weftGenesis: hash("weftGenesis"),
        graph: hash("graph"),
        manifest: hash("manifest"),
        proofSystem: integer(&value["proofSystem"]),
        key: hash("key"),
        image: hash("image"),
        inputDigest: hash("inputDigest"),
        priorState: hash("priorState"),
        nextState: hash("nextState"),
        output: bytes(&value["output"]).into(),
        outcome: integer(&value["outcome"]),
        steps: integer(&value["steps"]),
        sources: abi_sources(&value["sources"]),
        destination: abi_destination(&value["destination"]),
        context: hash("context"),
    }
}

fn abi_message(value: &Value) -> abi::Message {
    let hash = |name: &str| B256::from(array(&value[name]));
    abi::Message {
        weftGenesis: hash("weftGenesis"),
        nonce: integer(&value["nonce"]),
        graph: hash("graph"),
        owner: hash("owner"),
        job: integer(&value["job"]),
        statement: hash("statement"),
        sources: abi_sources(&value["sources"]),
        destination: abi_destination(&value["destination"]),
        payload: bytes(&value["payload"]).into(),
    }
}

/// The source, if it is of a kind that there is.
fn source(source: &abi::Source) -> Option<Source> {
    Some(Source {
        kind: match source.kind {
            1 => SourceKind::Events,
            2 => SourceKind::TransactionEvents,
            3 => SourceKind::Storage,
            4 => SourceKind::Transactions,
            5 => SourceKind::State,
            6 => SourceKind::Beacon,
            7 => SourceKind::Headers,
            _ => return None,
        },
        chain_id: source.chainId,
        first_block: source.firstBlock,
        last_block: source.lastBlock,
        block_hash: H256(source.blockHash.0),
        filter: H256(source.filter.0),
        root: H256(source.root.0),
    })
}

fn destination(destination: &abi::Destination) -> Destination {
    Destination {
        chain_id: destination.chainId,
        gateway: H160(destination.gateway.0.0),
        target: H160(destination.target.0.0),
        selector: destination.selector.0,
        gas_limit: destination.gasLimit,
    }
}

fn statement(statement: &abi::Statement) -> Option<Statement> {
    let sources: Vec<Source> = statement.sources.iter().map(source).collect::<Option<_>>()?;
    Some(Statement {
        version: statement.version,
        weft_genesis: H256(statement.weftGenesis.0),
        graph: H256(statement.graph.0),
        manifest: H256(statement.manifest.0),
        proof_system: statement.proofSystem,
        key: H256(statement.key.0),
        image: H256(statement.image.0),
        input_digest: H256(statement.inputDigest.0),
        prior_state: H256(statement.priorState.0),
        next_state: H256(statement.nextState.0),
        output: statement.output.to_vec().try_into().unwrap(),
        outcome: if statement.outcome == 0 {
            Outcome::Ok
        } else {
            Outcome::Trapped
        },
        steps: statement.steps,
        sources: sources.try_into().unwrap(),
        destination: destination(&statement.destination),
        context: H256(statement.context.0),
    })
}

fn message(message: &abi::Message) -> Option<Message> {
    let sources: Vec<Source> = message.sources.iter().map(source).collect::<Option<_>>()?;
    Some(Message {
        weft_genesis: H256(message.weftGenesis.0),
        nonce: message.nonce,
        graph: H256(message.graph.0),
        owner: H256(message.owner.0),
        job: message.job,
        statement: H256(message.statement.0),
        sources: sources.try_into().unwrap(),
        destination: destination(&message.destination),
        payload: message.payload.to_vec().try_into().unwrap(),
    })
}

#[test]
fn statements_have_the_encoding_and_digest_that_solidity_gives_them() {
    let mut converted = 0;
    for case in shared("statement") {
        let abi = abi_statement(&case["value"]);
        assert_eq!(abi.abi_encode(), bytes(&case["encoded"]), "{}", case["name"]);
        assert_eq!(
            keccak256(&abi.abi_encode()),
            H256(array(&case["digest"])),
            "{}",
            case["name"]
        );
        if let Some(statement) = statement(&abi) {
            assert_eq!(
                statement.digest(),
                H256(array(&case["digest"])),
                "{}",
                case["name"]
            );
            converted += 1;
        }
    }
    assert!(converted >= 3);
}

#[test]
fn messages_have_the_encoding_and_digest_that_solidity_gives_them() {
    let mut converted = 0;
    for case in shared("message") {
        let abi = abi_message(&case["value"]);
        assert_eq!(abi.abi_encode(), bytes(&case["encoded"]), "{}", case["name"]);
        if let Some(message) = message(&abi) {
            assert_eq!(message.abi_encode(), bytes(&case["encoded"]), "{}", case["name"]);
            assert_eq!(message.digest(), H256(array(&case["digest"])), "{}", case["name"]);
            converted += 1;
        }
    }
    assert!(converted >= 3);
}

#[test]
fn a_context_is_the_digest_of_job_and_prover() {
    let encoded = [[0; 24].as_slice(), &7_u64.to_be_bytes(), &[5; 32]].concat();
    assert_eq!(
        weft_primitives::statement::context(7, &[5; 32]),
        keccak256(&encoded)
    );
}
