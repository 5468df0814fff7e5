//! A light client follows a real beacon chain: the local Ethereum of `scripts/ethereum`, over several committees.

mod local_ethereum;

use std::time::Duration;

use local_ethereum::{LocalEthereum, PATIENCE};
use tokio::time::{Instant, sleep};
use weft_beacon::{Beacon, BeaconError};
use weft_bls_host::NativeCrypto;
use weft_light_client::{Preset, UpdateError};

/// The chain's slots run ahead of the clock: the newest that a signature can be of.
const NO_CLOCK: u64 = u64::MAX;

async fn followed(preset: Preset, options: &[&str], periods: u64) {
    let local = LocalEthereum::start(options).await;
    let (network, mut store) = local.light_client().await;
    assert_eq!((network.preset, network.chain_id), (preset, 1337));
    let first = store.period(&network);
    let start = Instant::now();
    let mut anchors = 0;
    while store.period(&network) < first + periods {
        assert!(
            start.elapsed() < PATIENCE,
            "stuck at slot {}",
            store.finalized.slot
        );
        for update in local.next(&network, &store).await {
            match store.apply::<NativeCrypto>(&network, NO_CLOCK, &update) {
                Ok(progress) => {
                    let Some(anchor) = progress.anchor else { continue };
                    anchors += 1;
                    let header = local
                        .ethereum
                        .header_at(anchor.number)
                        .await
                        .expect("it is there");
                    assert_eq!(header.hash.0, anchor.hash.0);
                    assert_eq!(header.inner.receipts_root.0, anchor.receipts_root.0);
                    assert_eq!(header.inner.mix_hash.0, anchor.randao.0);
                    assert_eq!(
                        header.inner.timestamp,
                        network.genesis_time + anchor.slot * network.seconds_per_slot
                    );
                }
                Err(UpdateError::Irrelevant | UpdateError::UnknownPeriod) => (),
                Err(error) => panic!("slot {}: {error}", update.finalized.slot),
            }
        }
        sleep(Duration::from_millis(300)).await;
    }
    assert!(
        anchors > periods,
        "{anchors} execution blocks in {periods} periods"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn finality_is_followed_over_three_committees() {
    followed(Preset::Minimal, &["--fast", "--fast-forward", "33"], 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_electra_fork_is_followed_too() {
    followed(
        Preset::Minimal,
        &["--fast", "--fast-forward", "33", "--fork", "electra"],
        1,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn committees_of_512_are_followed() {
    let local = LocalEthereum::start(&["--preset", "mainnet", "--fast", "--fast-forward", "130"]).await;
    let (network, mut store) = local.light_client().await;
    assert_eq!((network.preset, store.current.size()), (Preset::Mainnet, 512));
    let start = Instant::now();
    let first = store.finalized.slot;
    while store.finalized.slot == first || store.next.is_none() {
        assert!(start.elapsed() < PATIENCE, "no finality after slot {first}");
        for update in local.next(&network, &store).await {
            match store.apply::<NativeCrypto>(&network, NO_CLOCK, &update) {
                Ok(_) | Err(UpdateError::Irrelevant) => (),
                Err(error) => panic!("slot {}: {error}", update.finalized.slot),
            }
        }
        sleep(Duration::from_millis(300)).await;
    }
}

/// A beacon node that answers everything with what is at this address.
async fn forger(address: String) -> Beacon {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let body = reqwest::get(address)
        .await
        .expect("it answers")
        .text()
        .await
        .expect("text");
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all((head + &body).as_bytes()).await;
        }
    });
    Beacon::new(&[url]).expect("an address")
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_hang_lie_or_are_away_are_passed_over() {
    let local = LocalEthereum::start(&["--fast", "--fast-forward", "33"]).await;
    // One that answers nothing that is JSON, one that nobody listens on.
    let liar = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let lies = format!("http://{}", liar.local_addr().expect("it is bound"));
    tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;
        while let Ok((mut stream, _)) = liar.accept().await {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\n{\"data\":1";
            let _ = stream.write_all(answer).await;
        }
    });
    let beacon = Beacon::new(&["http://127.0.0.1:1", &lies, &local.address]).expect("addresses");
    beacon.network().await.expect("the third one answers");
    let alone = Beacon::new(&["http://127.0.0.1:1"]).expect("an address");
    assert!(matches!(alone.network().await, Err(BeaconError::NoAnswer { .. })));
    let error = Beacon::new(&["https://example.org"]).expect_err("another scheme");
    assert!(matches!(error, BeaconError::Address(_)));
    assert!(matches!(Beacon::new(&[] as &[&str]), Err(BeaconError::NoNodes)));
    // A block that no node has.
    let network = beacon.network().await.expect("it answers");
    let unknown = beacon
        .checkpoint(&network, weft_primitives::H256([9; 32]), &local.ethereum)
        .await;
    assert!(matches!(unknown, Err(BeaconError::Missing(_))));
    // A node that gives its own checkpoint, whatever is asked for.
    let root = local.beacon.finalized_root().await.expect("something is final");
    let path = format!(
        "/eth/v1/beacon/light_client/bootstrap/{}",
        alloy_primitives::B256::from(root.0)
    );
    let forger = forger(format!("{}{path}", local.address)).await;
    let pinned = forger
        .checkpoint(&network, weft_primitives::H256([9; 32]), &local.ethereum)
        .await;
    assert!(matches!(pinned, Err(BeaconError::AnotherBlock(_))), "{pinned:?}");
}
