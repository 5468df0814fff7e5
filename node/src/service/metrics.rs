//! Metrics of how the chain follows Ethereum. docs/decisions/clock.md says what they mean.

use std::sync::Arc;

use futures::StreamExt;
use sc_client_api::BlockchainEvents;
use sp_api::{ApiError, ProvideRuntimeApi};
use substrate_prometheus_endpoint::{Gauge, PrometheusError, Registry, U64, register};
use weft_runtime::opaque::Block;
use weft_runtime_api::EthereumApi;

use super::Client;

/// The gauges, each as of the best block.
struct Gauges {
    finalized_slot: Gauge<U64>,
    current_slot: Gauge<U64>,
    clock: Gauge<U64>,
    stalled: Gauge<U64>,
}

impl Gauges {
    fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let gauge = |name: &str, help: &str| register(Gauge::new(name, help)?, registry);
        Ok(Self {
            finalized_slot: gauge(
                "weft_ethereum_finalized_slot",
                "Newest slot of Ethereum that this chain knows to be final",
            )?,
            current_slot: gauge(
                "weft_ethereum_current_slot",
                "Slot of Ethereum at the time of the best block",
            )?,
            clock: gauge(
                "weft_ethereum_clock",
                "Slots of Ethereum that became final in time, which deadlines are counted in",
            )?,
            stalled: gauge(
                "weft_ethereum_stalled",
                "1 while finality does not move and deadlines stand still, otherwise 0",
            )?,
        })
    }

    fn update(&self, client: &Client, at: sp_core::H256) -> Result<(), ApiError> {
        let api = client.runtime_api();
        let header = EthereumApi::<Block>::final_header(&*api, at)?;
        self.finalized_slot
            .set(header.map_or(0, |(header, _)| header.slot));
        self.current_slot.set(api.current_slot(at)?.unwrap_or_default());
        let clock = api.clock(at)?;
        self.clock.set(clock.map_or(0, |clock| clock.now));
        self.stalled.set(clock.is_some_and(|clock| clock.stalled).into());
        Ok(())
    }
}

/// Keeps the gauges up to date with every new best block; ends with the client.
///
/// # Errors
/// When they are registered already.
pub(super) fn follow(
    client: Arc<Client>,
    registry: &Registry,
) -> Result<impl Future<Output = ()> + use<>, PrometheusError> {
    let gauges = Gauges::register(registry)?;
    Ok(async move {
        let mut blocks = client.import_notification_stream();
        while let Some(block) = blocks.next().await {
            if block.is_new_best {
                // A block of a runtime without this API has nothing to show.
                let _ = gauges.update(&client, block.hash);
            }
        }
    })
}
