//! Fields and history of a real beacon chain: the local Ethereum of `scripts/ethereum`.

mod local_ethereum;

use local_ethereum::LocalEthereum;
use weft_beacon::{BeaconChain, BeaconError, ChainError, tree::names::index_of};
use weft_beacon_proofs::{Fork, Preset};
use weft_bls_host::NativeCrypto;
use weft_ethereum_proofs::{Start, anchor_of, verify};
use weft_light_client::{Anchor, Store};
use weft_primitives::{
    H256, Query, SourceBlock,
    input::{FieldEntry, Section},
    source::Hop,
};

/// A chain with some eras behind it, and its newest final block.
async fn started() -> (LocalEthereum, BeaconChain, Anchor) {
    let local = LocalEthereum::start(&["--fast", "--fast-forward", "240"]).await;
    let chain = BeaconChain::connect(&[&local.address]).await.expect("it answers");
    let network = local.beacon.network().await.expect("it answers");
    let root = local.beacon.finalized_root().await.expect("something is final");
    let checkpoint = local.beacon.checkpoint(&network, root, &local.ethereum).await;
    let checkpoint = checkpoint.expect("the newest final block is there");
    let (_, anchor) = Store::bootstrap::<NativeCrypto>(&network, &checkpoint).expect("it is right");
    (local, chain, anchor.expect("there is an execution block"))
}

async fn block(local: &LocalEthereum, number: u64) -> (SourceBlock, u64) {
    let header = local.ethereum.header_at(number).await.expect("it is there");
    let block = SourceBlock {
        chain_id: 1337,
        first: number,
        number,
        hash: H256(header.hash.0),
        transactions: Default::default(),
    };
    (block, header.inner.timestamp)
}

#[tokio::test(flavor = "multi_thread")]
async fn old_blocks_are_shown_by_the_history_of_the_newest_final_one() {
    let (local, chain, anchor) = started().await;
    assert!(anchor.slot > 200, "final at slot {}", anchor.slot);
    // Eras have 64 slots.
    for number in [1, 63, 64, 100, 191] {
        let (block, timestamp) = block(&local, number).await;
        let hop = chain
            .hop(&anchor, block.hash, timestamp)
            .await
            .expect("it is shown");
        let hops = [Hop::Beacon(Box::new(hop))];
        let start = Start::Beacon {
            slot: anchor.slot,
            root: anchor.beacon_root,
        };
        assert_eq!(anchor_of(block.hash, &hops, Some(&chain.rules())), Ok(start));
        assert!(hops[0].byte_count() < 10_000, "{} bytes", hops[0].byte_count());
    }
    // The era of a block just behind has not ended; a block that is not on the chain has no place.
    let (near, timestamp) = block(&local, anchor.number - 1).await;
    let refused = chain.hop(&anchor, near.hash, timestamp).await;
    assert!(matches!(refused, Err(ChainError::NoPlace(_))), "{refused:?}");
    let (old, timestamp) = block(&local, 70).await;
    let refused = chain.hop(&anchor, H256([1; 32]), timestamp).await;
    assert!(matches!(refused, Err(ChainError::NoPlace(_))), "{refused:?}");
    let unknown = Anchor {
        beacon_root: H256([1; 32]),
        ..anchor
    };
    let refused = chain.hop(&unknown, old.hash, timestamp).await;
    assert!(
        matches!(refused, Err(ChainError::Beacon(BeaconError::Missing(_)))),
        "{refused:?}"
    );
}

/// Fields of a block, its body, and its state; the last two are of a validator that there is not.
const FIELDS: [&str; 8] = [
    "slot",
    "proposer_index",
    "body.execution_payload.block_number",
    "state.latest_execution_payload_header.block_hash",
    "state.validators[3].effective_balance",
    "state.validators.length",
    "state.validators[99999].effective_balance",
    "state.validators[99999].pubkey",
];

#[tokio::test(flavor = "multi_thread")]
async fn fields_are_read_as_the_beacon_api_gives_them() {
    let (local, chain, anchor) = started().await;
    let (block, _) = block(&local, anchor.number).await;
    let fields: Vec<u64> = FIELDS
        .iter()
        .map(|name| index_of(Fork::Fulu, Preset::Minimal, name).expect("a field"))
        .collect();
    let evidence = chain
        .evidence(&local.ethereum, &block, Fork::Fulu, &fields)
        .await
        .expect("they are shown");
    let query = Query::Beacon {
        chain_id: 1337,
        fork: Fork::Fulu,
        fields: fields.clone().try_into().expect("few"),
    };
    let proved = verify(&block, &query, &evidence, Some(&chain.rules())).expect("the chain takes it");
    let Section::Beacon(range, entries) = proved.content else {
        panic!("another section")
    };
    assert_eq!((range.last, range.hash), (block.number, block.hash));
    let integer = |entry: &FieldEntry| {
        let (head, rest) = entry.node.0.split_at(8);
        assert_eq!(rest, [0; 24]);
        u64::from_le_bytes(head.try_into().expect("eight bytes"))
    };
    let url = format!("{}/eth/v1/beacon/headers/{}", local.address, anchor.slot - 1);
    let answer = reqwest::get(url).await.expect("it answers");
    let header: serde_json::Value = serde_json::from_str(&answer.text().await.expect("text")).expect("JSON");
    let message = &header["data"]["header"]["message"];
    assert_eq!(integer(&entries[0]).to_string(), message["slot"]);
    assert_eq!(integer(&entries[1]).to_string(), message["proposer_index"]);
    assert_eq!(integer(&entries[2]), block.number - 1);
    assert_eq!(entries[3].node, anchor.parent_hash);
    assert_eq!(integer(&entries[4]), 32_000_000_000);
    assert_eq!(integer(&entries[5]), 64);
    assert_eq!(entries[6].node, H256::zero());
    assert_eq!(entries[7].node, H256::zero());

    let other = chain
        .evidence(&local.ethereum, &block, Fork::Electra, &fields)
        .await;
    assert!(matches!(other, Err(ChainError::OtherFork { .. })), "{other:?}");
    let genesis = self::block(&local, 0).await.0;
    let before = chain
        .evidence(&local.ethereum, &genesis, Fork::Fulu, &fields)
        .await;
    assert!(before.is_err(), "{before:?}");
}
