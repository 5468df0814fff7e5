//! zkGraphs as the runtime API shows them.

mod chain;

use sp_keyring::Sr25519Keyring::{Alice, Bob};
use weft_primitives::{
    Manifest, Program, Query,
    manifest::{MANIFEST_VERSION, StatePolicy},
};
use weft_runtime::{AccountId, Runtime, RuntimeOrigin, ZkGraphRegistry};
use weft_runtime_api::runtime_decl_for_weft_api::WeftApiV1;

fn register(owner: &AccountId) {
    let manifest = Manifest {
        version: MANIFEST_VERSION,
        name: b"volume".to_vec().try_into().unwrap(),
        description: Default::default(),
        sources: vec![Query::Events {
            chain_id: 1,
            filter: Default::default(),
        }]
        .try_into()
        .unwrap(),
        destination: None,
        state: StatePolicy::Sequential,
    };
    ZkGraphRegistry::register(
        RuntimeOrigin::signed(owner.clone()),
        1,
        vec![1].try_into().unwrap(),
        manifest.to_bytes().unwrap(),
        Program {
            digest: Default::default(),
            uri: Default::default(),
        },
    )
    .unwrap();
}

/// Reads all pages of `limit` zkGraphs.
fn pages(owner: Option<AccountId>, limit: u32) -> usize {
    let mut seen = vec![];
    loop {
        let page = Runtime::graphs(owner.clone(), seen.last().copied(), limit);
        assert!(page.len() <= limit as usize);
        if page.is_empty() {
            break;
        }
        seen.extend(page.into_iter().map(|(id, _)| id));
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count, "no zkGraph is on two pages");
    count
}

#[test]
fn zkgraphs_are_listed_by_owner_page_by_page() {
    chain::of_preset("development").execute_with(|| {
        let (alice, bob) = (Alice.to_account_id(), Bob.to_account_id());
        (0..5).for_each(|_| register(&alice));
        register(&bob);
        assert_eq!(pages(Some(alice), 2), 5);
        assert_eq!(pages(Some(bob.clone()), 2), 1);
        assert_eq!(pages(None, 4), 6);

        let (id, graph) = Runtime::graphs(Some(bob.clone()), None, 1).remove(0);
        assert_eq!(graph.owner, bob);
        assert_eq!(Runtime::graph(id), Some(graph));
        let manifest = Runtime::graph_manifest(id).unwrap();
        assert_eq!(
            Manifest::from_bytes(&manifest).unwrap().name.as_slice(),
            b"volume"
        );
        assert_eq!(Runtime::graph_image(id), Some(vec![1]));
        assert_eq!(Runtime::graph_state(id), Some(vec![]));
    });
}
