//! An execution client that lies, forgets or reorganises: typed errors, and nothing false is passed on.

use std::{collections::HashMap, sync::Arc};

use alloy_primitives::{B256, U256, keccak256};
use alloy_rpc_types_eth::{EIP1186AccountProofResponse, Header as RpcHeader};
use alloy_trie::{HashBuilder, Nibbles, TrieAccount, proof::ProofRetainer};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use weft_ethereum::{Ethereum, FetchError, FinalBlock, LineageError};
use weft_ethereum_proofs::{AncestryError, HISTORY_CONTRACT, Start, anchor_of};
use weft_primitives::{H160, H256, Query, SourceBlock, query::AccountQuery, source::Hop};

/// Answers each method, with the first parameter where that is needed, by what is put here; `null` where there is nothing.
type Answers = Arc<HashMap<String, Value>>;

async fn node(answers: HashMap<String, Value>) -> Ethereum {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let answers: Answers = Arc::new(answers);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, answers.clone()));
        }
    });
    Ethereum::new(&url).expect("an address")
}

async fn answer(mut stream: tokio::net::TcpStream, answers: Answers) {
    let mut request = Vec::new();
    loop {
        let mut part = [0; 4096];
        let Ok(read) = stream.read(&mut part).await else {
            return;
        };
        request.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&request);
        if read == 0 {
            return;
        }
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        let Some(Ok(question)) = body.map(|body| serde_json::from_str::<Value>(&body)) else {
            continue;
        };
        let method = question["method"].as_str().unwrap_or_default();
        let named = format!("{method} {}", question["params"][0].as_str().unwrap_or_default());
        let result = answers
            .get(&named)
            .or(answers.get(method))
            .cloned()
            .unwrap_or(Value::Null);
        let body = json!({ "jsonrpc": "2.0", "id": question["id"], "result": result }).to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        let _ = stream.write_all((head + &body).as_bytes()).await;
        return;
    }
}

fn header(number: u64, parent: B256, state_root: B256) -> alloy_consensus::Header {
    alloy_consensus::Header {
        number,
        parent_hash: parent,
        state_root,
        // A full bloom excludes nothing.
        logs_bloom: [0xff; 256].into(),
        ..Default::default()
    }
}

fn json_of(header: &alloy_consensus::Header) -> Value {
    serde_json::to_value(RpcHeader::new(header.clone())).expect("it is JSON")
}

fn by_hash(header: &alloy_consensus::Header) -> (String, Value) {
    (
        format!("eth_getBlockByHash {}", header.hash_slow()),
        json_of(header),
    )
}

fn block(header: &alloy_consensus::Header) -> SourceBlock {
    SourceBlock {
        chain_id: 1,
        first: header.number,
        number: header.number,
        hash: H256(header.hash_slow().0),
        transactions: Default::default(),
    }
}

fn known(header: &alloy_consensus::Header) -> FinalBlock {
    FinalBlock {
        number: header.number,
        hash: H256(header.hash_slow().0),
    }
}

/// Reads every event.
fn events() -> Query {
    Query::Events {
        chain_id: 1,
        filter: Default::default(),
    }
}

#[tokio::test]
async fn another_header_or_other_receipts_are_found_out() {
    let (asked, other) = (
        header(5, B256::ZERO, B256::ZERO),
        header(6, B256::ZERO, B256::ZERO),
    );
    let (name, _) = by_hash(&asked);
    let liar = node([(name.clone(), json_of(&other))].into()).await;
    let error = liar
        .evidence(&block(&asked), &events())
        .await
        .expect_err("it lies");
    assert!(matches!(error, FetchError::WrongHeader(_)), "{error}");

    // The right header, and no receipts for a block that has the root of some.
    let mut full = asked.clone();
    full.receipts_root = keccak256(b"some");
    let liar = node(
        [
            by_hash(&full),
            ("eth_getBlockReceipts".into(), json!([])),
            ("debug_getRawReceipts".into(), json!([])),
        ]
        .into(),
    )
    .await;
    let error = liar
        .evidence(&block(&full), &events())
        .await
        .expect_err("it lies");
    assert!(matches!(error, FetchError::WrongReceipts(_)), "{error}");

    // One that does not have the block, because it was reorganised away.
    let forgetful = node(HashMap::new()).await;
    let error = forgetful
        .evidence(&block(&asked), &events())
        .await
        .expect_err("it is not there");
    assert!(matches!(error, FetchError::Ethereum(_)), "{error}");
}

/// A trie with one account, and the nodes to it.
fn state(address: H160, storage_root: B256) -> (B256, Vec<alloy_primitives::Bytes>) {
    let account = alloy_rlp::encode(TrieAccount {
        nonce: 1,
        storage_root,
        ..Default::default()
    });
    trie(&address.0, &account)
}

fn trie(key: &[u8], value: &[u8]) -> (B256, Vec<alloy_primitives::Bytes>) {
    let path = Nibbles::unpack(keccak256(key));
    let mut builder = HashBuilder::default().with_proof_retainer(ProofRetainer::new(vec![path]));
    builder.add_leaf(path, value);
    let root = builder.root();
    let nodes = builder.take_proof_nodes().matching_nodes_sorted(&path);
    (root, nodes.into_iter().map(|(_, node)| node).collect())
}

fn proof(account: Vec<alloy_primitives::Bytes>, slot: Vec<alloy_primitives::Bytes>) -> Value {
    let slot = alloy_rpc_types_eth::EIP1186StorageProof {
        proof: slot,
        ..Default::default()
    };
    let answer = EIP1186AccountProofResponse {
        account_proof: account,
        storage_proof: vec![slot],
        ..Default::default()
    };
    serde_json::to_value(answer).expect("it is JSON")
}

#[tokio::test]
async fn another_state_is_found_out() {
    let address = H160([7; 20]);
    let (root, path) = state(address, B256::repeat_byte(1));
    let query = Query::Storage {
        chain_id: 1,
        accounts: vec![AccountQuery {
            address,
            slots: Default::default(),
        }]
        .try_into()
        .expect("one"),
    };
    let right = header(5, B256::ZERO, root);
    let honest = node(
        [
            by_hash(&right),
            ("eth_getProof".into(), proof(path.clone(), vec![])),
        ]
        .into(),
    )
    .await;
    honest
        .evidence(&block(&right), &query)
        .await
        .expect("it is right");
    let elsewhere = header(5, B256::ZERO, B256::repeat_byte(9));
    let liar = node([by_hash(&elsewhere), ("eth_getProof".into(), proof(path, vec![]))].into()).await;
    let error = liar
        .evidence(&block(&elsewhere), &query)
        .await
        .expect_err("it lies");
    assert!(matches!(error, FetchError::WrongState(_)), "{error}");
}

#[tokio::test]
async fn near_blocks_are_reached_by_parents_and_reorganised_ones_by_nothing() {
    let mut chain = vec![header(100, B256::ZERO, B256::ZERO)];
    for number in 101..104 {
        chain.push(header(number, chain.last().expect("one").hash_slow(), B256::ZERO));
    }
    let ethereum = node(chain.iter().map(by_hash).collect()).await;
    let anchor = known(&chain[3]);
    let ancestry = ethereum
        .ancestry(&block(&chain[0]), anchor, anchor)
        .await
        .expect("it is there");
    assert!(matches!(&ancestry[..], [Hop::Parents(headers)] if headers.len() == 3));
    let start = anchor_of(block(&chain[0]).hash, &ancestry, None);
    assert_eq!(start, Ok(Start::Execution(anchor.hash)));
    // The anchor itself needs nothing.
    let none = ethereum
        .ancestry(&block(&chain[3]), anchor, anchor)
        .await
        .expect("it is final");
    assert!(none.is_empty());
    // Blocks with the same numbers on a branch that was left.
    for abandoned in [
        header(103, B256::repeat_byte(1), B256::ZERO),
        header(101, B256::repeat_byte(1), B256::ZERO),
    ] {
        let error = ethereum
            .ancestry(&block(&abandoned), anchor, anchor)
            .await
            .expect_err("it is not there");
        assert!(matches!(error, LineageError::NotCanonical { .. }), "{error}");
    }
}

#[tokio::test]
async fn far_blocks_are_reached_by_the_history_and_a_false_one_is_found_out() {
    let old = header(100, B256::ZERO, B256::ZERO);
    let with_history = |hash: B256| {
        let slot = U256::from(100).to_be_bytes::<32>();
        let (storage_root, slot_path) = trie(&slot, &alloy_rlp::encode(hash));
        let (root, path) = state(HISTORY_CONTRACT, storage_root);
        (header(5_000, B256::ZERO, root), proof(path, slot_path))
    };
    let (newest, shown) = with_history(old.hash_slow());
    let ethereum = node([by_hash(&newest), ("eth_getProof".into(), shown)].into()).await;
    let anchor = known(&newest);
    let ancestry = ethereum
        .ancestry(&block(&old), anchor, anchor)
        .await
        .expect("it is there");
    let start = anchor_of(block(&old).hash, &ancestry, None);
    assert_eq!(start, Ok(Start::Execution(anchor.hash)));

    // The history has another block with this number.
    let (newest, shown) = with_history(B256::repeat_byte(3));
    let ethereum = node([by_hash(&newest), ("eth_getProof".into(), shown.clone())].into()).await;
    let error = ethereum
        .ancestry(&block(&old), known(&newest), known(&newest))
        .await
        .expect_err("another block");
    assert!(matches!(error, LineageError::NotCanonical { .. }), "{error}");

    // The node shows the history of another state.
    let other = header(5_000, B256::ZERO, B256::repeat_byte(8));
    let liar = node([by_hash(&other), ("eth_getProof".into(), shown)].into()).await;
    let error = liar
        .ancestry(&block(&old), known(&other), known(&other))
        .await
        .expect_err("it lies");
    assert!(
        matches!(error, LineageError::Wrong(AncestryError::History(_))),
        "{error}"
    );
}
