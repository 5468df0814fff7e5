//! The local Ethereum of `scripts/ethereum`, as the tests use it.

#![allow(dead_code, reason = "each test file uses a part")]

use std::{process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};
use weft_beacon::Beacon;
use weft_bls_host::NativeCrypto;
use weft_ethereum::Ethereum;
use weft_light_client::{Network, Store, Update};

/// How long the chain may take for what a test waits for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

/// The local Ethereum, which stops with the test.
pub(crate) struct LocalEthereum {
    _process: Child,
    pub(crate) beacon: Beacon,
    pub(crate) ethereum: Ethereum,
    /// Where the beacon node is.
    pub(crate) address: String,
    /// The line that says that it is ready, with all addresses.
    pub(crate) endpoints: serde_json::Value,
}

impl LocalEthereum {
    pub(crate) async fn start(options: &[&str]) -> Self {
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/ethereum/start");
        let ports = [
            "--rpc-port",
            "0",
            "--engine-port",
            "0",
            "--beacon-port",
            "0",
            "--until-stdin-closes",
        ];
        let mut process = Command::new(program)
            .args(ports)
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("scripts/ethereum/start can be started");
        let stdout = process.stdout.take().expect("it is piped");
        let ready = BufReader::new(stdout).lines().next_line().await;
        let line = ready.expect("it can be read").expect("the local Ethereum starts");
        let ready: serde_json::Value = serde_json::from_str(&line).expect("a line of JSON");
        let text = |name: &str| ready[name].as_str().expect("an address").to_owned();
        Self {
            _process: process,
            beacon: Beacon::new(&[text("beacon")]).expect("an address"),
            ethereum: Ethereum::new(&text("rpc")).expect("an address"),
            address: text("beacon"),
            endpoints: ready.clone(),
        }
    }

    /// A light client that starts at the newest final block.
    pub(crate) async fn light_client(&self) -> (Network, Store) {
        let network = self.beacon.network().await.expect("it answers");
        let root = self.beacon.finalized_root().await.expect("something is final");
        let checkpoint = self.beacon.checkpoint(&network, root, &self.ethereum).await;
        let checkpoint = checkpoint.expect("the newest final block is there");
        let (store, anchor) = Store::bootstrap::<NativeCrypto>(&network, &checkpoint).expect("it is right");
        let anchor = anchor.expect("there is an execution block");
        assert_eq!(anchor.slot, store.finalized.slot);
        assert_eq!(anchor.beacon_root, root);
        (network, store)
    }

    /// What a relayer brings next: the updates of the periods that are behind, then the newest finality.
    pub(crate) async fn next(&self, network: &Network, store: &Store) -> Vec<Update> {
        let period = store.period(network);
        let mut updates = self
            .beacon
            .updates(network, period, 2, &self.ethereum)
            .await
            .expect("they are there");
        updates.extend(
            self.beacon
                .finality_update(network, &self.ethereum)
                .await
                .expect("it answers"),
        );
        updates
    }
}
