//! Tests, by subject.

mod indexes;
mod ownership;
mod registration;
mod retirement;
mod runs;

use frame_support::assert_ok;
use weft_primitives::{GraphId, Program, manifest::StatePolicy};

use crate::mock::{Registry, RuntimeOrigin, Test, account, manifest_bytes};

/// Where a program lies.
fn program() -> Program {
    Program {
        digest: Default::default(),
        uri: b"file:program.wasm".to_vec().try_into().unwrap(),
    }
}

/// Registers a zkGraph owned by account 1.
fn register(state: StatePolicy) -> GraphId {
    let manifest = manifest_bytes("volume", state);
    let image = vec![1, 2, 3].try_into().unwrap();
    let before: Vec<GraphId> = crate::Registered::<Test>::iter_keys().collect();
    assert_ok!(Registry::register(
        RuntimeOrigin::signed(account(1)),
        1,
        image,
        manifest,
        program()
    ));
    crate::Registered::<Test>::iter_keys()
        .find(|graph| !before.contains(graph))
        .unwrap()
}
