//! Checkpoints and updates of the light client from a stranger: refused, without a panic, and nothing changes.
#![no_main]

use std::sync::LazyLock;

use codec::Decode;
use libfuzzer_sys::fuzz_target;
use weft_bls_host::NativeCrypto;
use weft_light_client::{Checkpoint, Network, Store, Update};

/// A network, a checkpoint, two updates: what the benchmarks of the data bus use.
static RECORDED: LazyLock<(Network, Store)> = LazyLock::new(|| {
    let bytes = include_bytes!("../../pallets/data-bus/src/benchmarking/updates.scale");
    let (network, checkpoint) = <(Network, Checkpoint)>::decode(&mut &bytes[..]).expect("they were recorded");
    let (store, _) = Store::bootstrap::<NativeCrypto>(&network, &checkpoint).expect("it is right");
    (network, store)
});

fuzz_target!(|bytes: &[u8]| {
    let (network, known) = &*RECORDED;
    if let Ok(update) = Update::decode(&mut &bytes[..]) {
        let mut store = known.clone();
        if store.apply::<NativeCrypto>(network, u64::MAX, &update).is_err() {
            assert_eq!(&store, known);
        }
    }
    if let Ok(checkpoint) = Checkpoint::decode(&mut &bytes[..]) {
        let _ = Store::bootstrap::<NativeCrypto>(network, &checkpoint);
    }
});
