//! Our calls and events against the runtime's own types and metadata.

use codec::{Decode, Encode};
use subxt::{
    OfflineClient, SubstrateConfig,
    config::substrate::SpecVersionForRange,
    metadata::{ArcMetadata, Metadata},
};
use weft_chain::{
    AccountId, Call, Event,
    events::{JobExpired, JobLocked, JobOffered, JobSettled, Known, ProofRefused, Registered, RunTrapped},
};
use weft_primitives::{
    H256, Outcome, Program, ProofError, SourceBlock, Statement, Submission,
    manifest::ManifestBytes,
    source::{Ancestries, Ancestry, HeaderBytes, Hop, SourceBlocks, TriePath},
};
use weft_runtime::{Runtime, RuntimeCall, RuntimeEvent};

/// The runtime's metadata as a node hands it out.
fn metadata() -> Metadata {
    // Constants of the runtime that depend on the chain are read from storage.
    let bytes = sp_io::TestExternalities::new_empty().execute_with(|| Runtime::metadata().encode());
    Metadata::decode(&mut &bytes[..]).expect("the metadata of the runtime")
}

/// The bytes of a call, made with the runtime's metadata.
fn encoded(call: &Call) -> Result<Vec<u8>, String> {
    let metadata = metadata();
    let versions = SpecVersionForRange {
        block_range: 0..u64::MAX,
        spec_version: 1,
        transaction_version: 1,
    };
    let config = SubstrateConfig::builder()
        .set_genesis_hash(H256::zero())
        .set_spec_version_for_block_ranges([versions])
        .set_metadata_for_spec_versions([(1, ArcMetadata::from(metadata))])
        .build();
    let client = OfflineClient::new_with_config(config);
    client
        .at_block(1u64)
        .expect("a block")
        .tx()
        .call_data(call)
        .map_err(|error| error.to_string())
}

/// What the runtime understands.
fn understood(call: &Call) -> RuntimeCall {
    let bytes = encoded(call).expect("the runtime has this call with these types");
    RuntimeCall::decode(&mut &bytes[..]).expect("a call of the runtime")
}

fn statement() -> Statement {
    Statement {
        version: 1,
        weft_genesis: H256::repeat_byte(1),
        graph: H256::repeat_byte(2),
        manifest: H256::repeat_byte(3),
        proof_system: 1,
        key: H256::repeat_byte(4),
        image: H256::repeat_byte(5),
        input_digest: H256::repeat_byte(6),
        prior_state: H256::repeat_byte(7),
        next_state: H256::repeat_byte(8),
        output: vec![9; 40].try_into().expect("short"),
        outcome: Outcome::Ok,
        steps: 10,
        sources: Default::default(),
        destination: Default::default(),
        context: H256::repeat_byte(11),
    }
}

#[test]
fn a_submission_arrives_as_it_was_sent() {
    let submission = Submission {
        statement: statement(),
        evidence: Default::default(),
        next_state: vec![1, 2, 3].try_into().expect("short"),
        proof: vec![4; 1000].try_into().expect("short"),
    };
    let call = pallet_proof_settlement::Call::submit {
        job: 7,
        submission: Box::new(submission.clone()),
    };
    assert_eq!(
        understood(&Call::submit(7, &submission)),
        RuntimeCall::ProofSettlement(call)
    );
}

#[test]
fn an_offer_arrives_as_it_was_sent() {
    let block = SourceBlock {
        chain_id: 1337,
        first: 4,
        number: 5,
        hash: H256::repeat_byte(6),
        transactions: vec![0, 2].try_into().expect("few"),
    };
    let blocks: SourceBlocks = vec![block].try_into().expect("few");
    let graph = H256::repeat_byte(3);
    let call = pallet_proof_settlement::Call::offer {
        graph,
        blocks: blocks.clone(),
        fee: 1 << 100,
        duration: 20,
    };
    assert_eq!(
        understood(&Call::offer(graph, &blocks, 1 << 100, 20)),
        RuntimeCall::ProofSettlement(call)
    );
}

#[test]
fn locks_and_expiries_arrive_as_they_were_sent() {
    let path: TriePath = vec![vec![1, 2].try_into().expect("short")]
        .try_into()
        .expect("few");
    let header: HeaderBytes = vec![3; 600].try_into().expect("short");
    let hops = vec![
        Hop::Parents(vec![header.clone()].try_into().expect("few")),
        Hop::History {
            header,
            number: 7,
            account: path.clone(),
            slot: path,
        },
    ];
    let ancestry: Ancestry = hops.try_into().expect("few");
    let ancestries: Ancestries = vec![ancestry.clone(), Default::default()]
        .try_into()
        .expect("few");
    let lock = pallet_proof_settlement::Call::lock {
        job: 3,
        ancestries: Box::new(ancestries.clone()),
        terms: H256::repeat_byte(9),
    };
    assert_eq!(
        understood(&Call::lock(3, &ancestries, H256::repeat_byte(9))),
        RuntimeCall::ProofSettlement(lock)
    );
    let graph = H256::repeat_byte(4);
    let trigger = pallet_proof_settlement::Call::trigger {
        graph,
        number: 5,
        hash: H256::repeat_byte(6),
        ancestry: Box::new(ancestry.clone()),
        terms: H256::repeat_byte(9),
    };
    assert_eq!(
        understood(&Call::trigger(
            graph,
            5,
            H256::repeat_byte(6),
            &ancestry,
            H256::repeat_byte(9)
        )),
        RuntimeCall::ProofSettlement(trigger)
    );
    let expire = pallet_proof_settlement::Call::expire { job: 3 };
    assert_eq!(understood(&Call::expire(3)), RuntimeCall::ProofSettlement(expire));
}

#[test]
fn calls_of_triggers_arrive_as_they_were_sent() {
    let graph = H256::repeat_byte(4);
    let set = pallet_proof_settlement::Call::set_trigger {
        graph,
        fee: 1 << 90,
        interval: 32,
        duration: 100,
        deposit: 1 << 100,
    };
    assert_eq!(
        understood(&Call::set_trigger(graph, 1 << 90, 32, 100, 1 << 100)),
        RuntimeCall::ProofSettlement(set)
    );
    let close = pallet_proof_settlement::Call::close_trigger { graph };
    assert_eq!(
        understood(&Call::close_trigger(graph)),
        RuntimeCall::ProofSettlement(close)
    );
}

#[test]
fn calls_of_the_registry_arrive_as_they_were_sent() {
    use pallet_zkgraph_registry::Call as Registry;
    let (graph, account) = (H256::repeat_byte(1), AccountId::from([2; 32]));
    let manifest: ManifestBytes = vec![3; 50].try_into().expect("short");
    let program = Program {
        digest: H256::repeat_byte(4),
        uri: b"file:///x.wasm".to_vec().try_into().expect("short"),
    };
    let image = vec![5; 37].try_into().expect("short");
    let cases: [(Call, Registry<Runtime>); 6] = [
        (
            Call::register(1, &image, &manifest, &program),
            Registry::register {
                proof_system: 1,
                image: image.clone(),
                manifest: manifest.clone(),
                program: program.clone(),
            },
        ),
        (
            Call::update_manifest(graph, &manifest),
            Registry::update_manifest {
                graph,
                manifest: manifest.clone(),
            },
        ),
        (
            Call::transfer_ownership(graph, &account),
            Registry::transfer_ownership {
                graph,
                new_owner: account.0.into(),
            },
        ),
        (
            Call::accept_ownership(graph),
            Registry::accept_ownership { graph },
        ),
        (Call::retire(graph), Registry::retire { graph }),
        (
            Call::skip_blocks(graph, 9),
            Registry::skip_blocks { graph, next: 9 },
        ),
    ];
    for (ours, theirs) in cases {
        assert_eq!(understood(&ours), RuntimeCall::ZkGraphRegistry(theirs));
    }
}

#[test]
fn arguments_of_other_types_are_not_signed() {
    for call in [
        Call::new("ProofSettlement", "expire", (7u32,)),
        Call::new("ProofSettlement", "expire", (7u64, 1u8)),
        Call::new("ProofSettlement", "expire", ()),
        Call::new("ProofSettlement", "steal", (7u64,)),
        Call::new("Elsewhere", "expire", (7u64,)),
    ] {
        assert!(encoded(&call).is_err(), "{}", call.title());
    }
}

/// An event of the runtime as the client of a node finds it, read as ours.
fn read<E: Known>(event: RuntimeEvent) -> E {
    // The index of the pallet and of the event, then the fields.
    let fields = event.encode()[2..].to_vec();
    let event = Event {
        pallet: E::PALLET.into(),
        name: E::NAME.into(),
        fields,
    };
    event.read().expect("its name").expect("its fields")
}

#[test]
fn events_of_settlement_are_read() {
    use pallet_proof_settlement::Event as Theirs;
    let (graph, statement) = (H256::repeat_byte(1), H256::repeat_byte(2));
    let (offerer, worker) = (AccountId::from([3; 32]), AccountId::from([4; 32]));
    let account = |it: &AccountId| weft_runtime::AccountId::from(it.0);
    let event = RuntimeEvent::ProofSettlement;

    let offered: JobOffered = read(event(Theirs::JobOffered {
        job: 1,
        graph,
        offerer: account(&offerer),
        fee: 5,
        deadline: 6,
    }));
    assert_eq!(
        offered,
        JobOffered {
            job: 1,
            graph,
            offerer,
            fee: 5,
            deadline: 6
        }
    );

    let locked: JobLocked = read(event(Theirs::JobLocked {
        job: 1,
        worker: account(&worker),
        bond: 7,
    }));
    assert_eq!(
        locked,
        JobLocked {
            job: 1,
            worker,
            bond: 7
        }
    );

    let settled: JobSettled = read(event(Theirs::JobSettled {
        job: 1,
        graph,
        worker: account(&worker),
        statement,
        message: Some(8),
    }));
    assert_eq!(
        settled,
        JobSettled {
            job: 1,
            graph,
            worker,
            statement,
            message: Some(8)
        }
    );

    let trapped: RunTrapped = read(event(Theirs::RunTrapped {
        job: 1,
        graph,
        offerer: account(&offerer),
        worker: account(&worker),
        statement,
    }));
    assert_eq!(
        trapped,
        RunTrapped {
            job: 1,
            graph,
            offerer,
            worker,
            statement
        }
    );

    let error = ProofError::Invalid;
    let refused: ProofRefused = read(event(Theirs::ProofRefused {
        job: 1,
        worker: account(&worker),
        bond: 9,
        error,
    }));
    assert_eq!(
        refused,
        ProofRefused {
            job: 1,
            worker,
            bond: 9,
            error
        }
    );

    let expired: JobExpired = read(event(Theirs::JobExpired {
        job: 1,
        worker: None,
        slashed: 4,
    }));
    assert_eq!(
        expired,
        JobExpired {
            job: 1,
            worker: None,
            slashed: 4
        }
    );
}

#[test]
fn a_registration_is_read() {
    let (graph, image, manifest) = (H256::repeat_byte(1), H256::repeat_byte(2), H256::repeat_byte(3));
    let owner = AccountId::from([4; 32]);
    let theirs = pallet_zkgraph_registry::Event::Registered {
        graph,
        owner: owner.0.into(),
        image,
        manifest,
    };
    let ours: Registered = read(RuntimeEvent::ZkGraphRegistry(theirs));
    assert_eq!(
        ours,
        Registered {
            graph,
            owner,
            image,
            manifest
        }
    );
}

#[test]
fn the_names_of_events_are_those_of_the_metadata() {
    let metadata = metadata();
    let has = |pallet: &str, name: &str| {
        let pallet = metadata.pallet_by_name(pallet).expect("the pallet");
        pallet
            .event_variants()
            .expect("its events")
            .iter()
            .any(|variant| variant.name == name)
    };
    assert!(has(Registered::PALLET, Registered::NAME));
    for name in [
        JobOffered::NAME,
        JobLocked::NAME,
        JobSettled::NAME,
        RunTrapped::NAME,
        ProofRefused::NAME,
        JobExpired::NAME,
    ] {
        assert!(has(JobOffered::PALLET, name), "{name}");
    }
}
