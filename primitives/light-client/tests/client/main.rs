//! A light client and updates that are right, or nearly.

mod followed;
mod refused;

use weft_bls_host::NativeCrypto;
use weft_light_client::{Fork, Network, Store, Update, UpdateError, store::Progress};
use weft_synthetic_beacon::checkpoint;

const FULU: [(Fork, u64); 1] = [(Fork::Fulu, 0)];

fn start(network: &Network, slot: u64) -> Store {
    let (store, _) =
        Store::bootstrap::<NativeCrypto>(network, &checkpoint(network, slot)).expect("it is right");
    store
}

/// Applies at the slot after the signature's.
fn apply(store: &mut Store, network: &Network, update: &Update) -> Result<Progress, UpdateError> {
    store.apply::<NativeCrypto>(network, update.signature_slot + 1, update)
}

/// Sees that an update is refused with this error, and leaves everything as it was.
fn refused(store: &Store, network: &Network, update: &Update, error: UpdateError) {
    let mut changed = store.clone();
    assert_eq!(apply(&mut changed, network, update), Err(error));
    assert_eq!(&changed, store);
}
