//! Records a checkpoint and two updates of a network with committees of 512, for the benchmarks of `pallet-data-bus`: SCALE of
//! `(Network, Checkpoint, Update with a committee, Update without)`.
//!
//! ```sh
//! scripts/ethereum/start --preset mainnet --fast-forward 170 &
//! root=$(curl -s http://127.0.0.1:9597/eth/v1/beacon/headers/32 | jq -r .data.root)
//! cargo run -p weft-beacon --example record_updates -- http://127.0.0.1:9597 http://127.0.0.1:8545 $root \
//!     > pallets/data-bus/src/benchmarking/updates.scale
//! ```
//!
//! The checkpoint is an early block, so that the best update of the period, which brings the committee, brings finality too.

use std::{error::Error, io::Write, time::Duration};

use codec::Encode;
use weft_beacon::Beacon;
use weft_bls_host::NativeCrypto;
use weft_ethereum::Ethereum;
use weft_light_client::Store;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let [beacon, ethereum, root] = [1, 2, 3].map(|index| std::env::args().nth(index).unwrap_or_default());
    let (beacon, ethereum) = (Beacon::new(&[beacon])?, Ethereum::new(&ethereum)?);
    let network = beacon.network().await?;
    let root = root.parse()?;
    let checkpoint = beacon.checkpoint(&network, root, &ethereum).await?;
    let (mut store, _) = Store::bootstrap::<NativeCrypto>(&network, &checkpoint)?;
    let mut recorded = Vec::new();
    // First the committee with the best update of the period, then newer finality.
    while recorded.len() < 2 {
        let update = if recorded.is_empty() {
            beacon.updates(&network, 0, 1, &ethereum).await?.pop()
        } else {
            beacon.finality_update(&network, &ethereum).await?
        };
        if let Some(update) = update
            && store
                .apply::<NativeCrypto>(&network, u64::MAX, &update)
                .is_ok_and(|progress| progress.anchor.is_some())
        {
            recorded.push(update);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let bytes = (network, checkpoint, &recorded[0], &recorded[1]).encode();
    std::io::stdout().write_all(&bytes)?;
    Ok(())
}
