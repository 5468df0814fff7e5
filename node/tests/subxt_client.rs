//! A developer's session in subxt, by way of our own client, against a running node.

mod process;

use std::time::Duration;

use process::NodeProcess;
use weft_chain::{
    Call, Chain, Signer, SubmitError,
    events::{JobOffered, Registered},
};
use weft_primitives::{
    H160, H256, JobStatus, Manifest, Program, Query, SourceBlock, keccak256,
    manifest::{MANIFEST_VERSION, ManifestBytes, StatePolicy},
    query::EventFilter,
    source::SourceBlocks,
};
use weft_synthetic_beacon::{checkpoint, network};

const FEE: u128 = 1_000_000_000_000_000;

async fn connected(node: &NodeProcess) -> Chain {
    Chain::connect(&node.websocket(), Duration::from_secs(60))
        .await
        .expect("the node takes connections")
}

fn manifest(name: &str) -> ManifestBytes {
    let source = Query::Events {
        chain_id: 1337,
        filter: EventFilter {
            addresses: vec![H160::repeat_byte(0x22)].try_into().expect("few"),
            topics: Default::default(),
        },
    };
    Manifest {
        version: MANIFEST_VERSION,
        name: name.as_bytes().to_vec().try_into().expect("short"),
        description: Default::default(),
        sources: vec![source].try_into().expect("few"),
        destination: None,
        state: StatePolicy::Sequential,
    }
    .to_bytes()
    .expect("the manifest is valid")
}

fn blocks() -> SourceBlocks {
    let block = SourceBlock {
        chain_id: 1337,
        first: 7,
        number: 7,
        hash: H256::repeat_byte(0x55),
        transactions: Default::default(),
    };
    vec![block].try_into().expect("few")
}

/// Sets a checkpoint of a made-up beacon chain, whose execution chain is the one that is read.
async fn follow_ethereum(chain: &Chain, root: &Signer) {
    let mut network = network(&[(weft_light_client::Fork::Fulu, 0)]);
    network.chain_id = 1337;
    let call = Call::reset_light_client(&network, &checkpoint(&network, 8));
    let bytes = chain.call_bytes(&call).await.expect("the chain has the call");
    chain.submit(&Call::sudo(bytes), root).await.expect("root may");
}

fn register(name: &str) -> Call {
    let program = Program {
        digest: keccak256(b"program"),
        uri: b"file:///nowhere.wasm".to_vec().try_into().expect("short"),
    };
    let image = vec![0x44; 37].try_into().expect("short");
    Call::register(1, &image, &manifest(name), &program)
}

#[tokio::test]
async fn a_zkgraph_is_registered_and_its_run_offered_and_both_are_read_back() {
    let node = NodeProcess::development();
    let chain = connected(&node).await;
    let alice = Signer::from_uri("//Alice").expect("a development account");
    let registered: Registered = chain
        .submit(&register("read back"), &alice)
        .await
        .expect("it is registered")
        .find()
        .expect("the event decodes")
        .expect("there is an event");
    assert_eq!(registered.owner, alice.account());

    follow_ethereum(&chain, &alice).await;
    let call = Call::offer(registered.graph, &blocks(), FEE, 200);
    let included = chain.submit(&call, &alice).await.expect("it is offered");
    let offered: JobOffered = included
        .find()
        .expect("the event decodes")
        .expect("there is an event");
    assert_eq!((offered.graph, offered.fee), (registered.graph, FEE));

    let at = included.block;
    let graph = chain
        .graph(at, registered.graph)
        .await
        .expect("the node answers")
        .expect("the zkGraph is there");
    assert_eq!(graph.manifest, registered.manifest);
    let bytes = chain
        .graph_manifest(at, registered.graph)
        .await
        .expect("the node answers");
    assert_eq!(bytes, Some(manifest("read back").to_vec()));
    let job = chain
        .job(at, offered.job)
        .await
        .expect("the node answers")
        .expect("the job is there");
    assert_eq!(job.status, JobStatus::Open);
    let open = chain.open_jobs(at).await.expect("the node answers");
    assert!(open.iter().any(|(id, _)| *id == offered.job));
}

#[tokio::test]
async fn what_the_chain_refuses_has_the_name_of_the_pallets_error() {
    let node = NodeProcess::development();
    let chain = connected(&node).await;
    let bob = Signer::from_uri("//Bob").expect("a development account");
    let refused = |call: Call| {
        let (chain, bob) = (&chain, &bob);
        async move {
            match chain.submit(&call, bob).await {
                Err(SubmitError::Failed { pallet, name, .. }) => (pallet, name),
                other => panic!("{} was not refused by the runtime: {other:?}", call.title()),
            }
        }
    };
    let unknown = H256::repeat_byte(0x66);
    let named = |pallet: &str, name: &str| (pallet.to_owned(), name.to_owned());
    assert_eq!(
        refused(Call::offer(unknown, &blocks(), FEE, 200)).await,
        named("ZkGraphRegistry", "UnknownGraph")
    );
    assert_eq!(
        refused(Call::lock(1_000_000, &Default::default(), H256::zero())).await,
        named("ProofSettlement", "UnknownJob")
    );
    assert_eq!(
        refused(Call::retire(unknown)).await,
        named("ZkGraphRegistry", "UnknownGraph")
    );

    // Nor does a transaction get that far whose sender cannot pay for it.
    let nobody = Signer::from_uri("//Nobody").expect("an account");
    let unpaid = chain.submit(&register("unpaid"), &nobody).await;
    assert!(matches!(unpaid, Err(SubmitError::Refused { .. })), "{unpaid:?}");
}
