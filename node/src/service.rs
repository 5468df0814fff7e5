//! The parts of a running node, put together.
//!
//! ```text
//! network ──blocks──> import queue ──> BABE import ──> BEEFY import ──> GRANDPA import ──> client (RocksDB)
//!                                                                                            │
//! transaction pool ──> BABE author ──block──────────────────────────────────────────────────┤
//!                                                                                            │
//!              GRANDPA voter <──best chain──────────────────────────────────────────────────┤
//!              BEEFY voter   <──finalized blocks────────────────────────────────────────────┤
//!              MMR gadget    <──finalized blocks──> off-chain database ─────────────────────┘
//! ```
//!
//! BABE's author, the two voters and the MMR gadget are essential: if one ends, so does the node.

mod metrics;
mod tasks;

use std::{sync::Arc, time::Duration};

use futures::FutureExt;
use sc_client_api::{Backend as _, BlockBackend};
use sc_consensus_babe::{BabeLink, BabeWorkerHandle};
use sc_consensus_beefy::{self as beefy, BeefyRPCLinks, BeefyVoterLinks};
use sc_consensus_grandpa::{self as grandpa, SharedVoterState};
use sc_network::NetworkBackend;
use sc_service::{Configuration, Error as ServiceError, TaskManager, WarpSyncConfig};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use weft_runtime::{Hash, apis::RuntimeApi, opaque::Block};

use crate::{executor::RuntimeExecutor, inherents::SlotAndTime, keys, rpc};

/// The client: executes, stores and answers questions about blocks.
pub(crate) type Client = sc_service::TFullClient<Block, RuntimeApi, RuntimeExecutor>;
/// The database of blocks and state.
pub(crate) type Backend = sc_service::TFullBackend<Block>;
/// Which fork is the best: the longest.
pub(crate) type SelectChain = sc_consensus::LongestChain<Backend, Block>;
/// Transactions that wait for a block.
pub(crate) type TransactionPool = sc_transaction_pool::TransactionPoolHandle<Block, Client>;
/// The keys of BEEFY's validators: ECDSA, which Ethereum can check.
pub(crate) type BeefyId = sp_consensus_beefy::ecdsa_crypto::AuthorityId;
/// What connects GRANDPA's block import and its voter.
pub(crate) type GrandpaLink = grandpa::LinkHalf<Block, Client, SelectChain>;

type GrandpaImport = grandpa::GrandpaBlockImport<Backend, Block, Client, SelectChain>;
type BeefyImport = beefy::import::BeefyBlockImport<Block, Backend, Client, GrandpaImport, BeefyId>;
type BabeImport = sc_consensus_babe::BabeBlockImport<Block, Client, BeefyImport, SlotAndTime, SelectChain>;

/// GRANDPA proves finality to light clients and warp sync at least once in so many blocks.
const GRANDPA_JUSTIFICATION_PERIOD: u32 = 512;
/// How long GRANDPA waits for votes before it gossips again.
const GRANDPA_GOSSIP: Duration = Duration::from_millis(333);

/// What [`partial`] makes beside the parts that every service has.
pub(crate) struct Consensus {
    block_import: BabeImport,
    babe: BabeLink<Block>,
    babe_worker: BabeWorkerHandle<Block>,
    grandpa: GrandpaLink,
    beefy_voter: BeefyVoterLinks<Block, BeefyId>,
    beefy_rpc: BeefyRPCLinks<Block, BeefyId>,
    inherents: SlotAndTime,
    telemetry: Option<Telemetry>,
}

/// The parts that subcommands share with a running node.
pub(crate) type PartialNode = sc_service::PartialComponents<
    Client,
    Backend,
    SelectChain,
    sc_consensus::DefaultImportQueue<Block>,
    TransactionPool,
    Consensus,
>;

/// Opens the database and makes everything that imports blocks, without a network.
///
/// Turns off-chain indexing on in `config`, whatever the command line says: the runtime keeps the leaves of the MMR there,
/// and blocks imported without them could never be proved to Ethereum.
pub(crate) fn partial(config: &mut Configuration) -> Result<PartialNode, ServiceError> {
    config.offchain_worker.indexing_enabled = true;

    let telemetry = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
        .map(|endpoints| -> Result<_, sc_telemetry::Error> {
            let worker = TelemetryWorker::new(16)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok((worker, telemetry))
        })
        .transpose()?;

    let executor: RuntimeExecutor = sc_service::new_wasm_executor(&config.executor);
    let (client, backend, keystore_container, task_manager) =
        sc_service::new_full_parts::<Block, RuntimeApi, _>(
            config,
            telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
            executor,
            Default::default(),
        )?;
    let client = Arc::new(client);

    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });
    let telemetry_handle = telemetry.as_ref().map(Telemetry::handle);

    let select_chain = sc_consensus::LongestChain::new(backend.clone());
    let transaction_pool = Arc::from(
        sc_transaction_pool::Builder::new(
            task_manager.spawn_essential_handle(),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    );

    let (grandpa_import, grandpa) = grandpa::block_import(
        client.clone(),
        GRANDPA_JUSTIFICATION_PERIOD,
        &client,
        select_chain.clone(),
        telemetry_handle.clone(),
    )?;
    let (beefy_import, beefy_voter, beefy_rpc) = beefy::beefy_block_import_and_links(
        grandpa_import.clone(),
        backend.clone(),
        client.clone(),
        config.prometheus_registry().cloned(),
    );
    let babe_configuration = sc_consensus_babe::configuration(&*client)?;
    let slot_duration = babe_configuration.slot_duration();
    let inherents = SlotAndTime::new(slot_duration);
    let (block_import, babe) = sc_consensus_babe::block_import(
        babe_configuration,
        beefy_import,
        client.clone(),
        inherents.clone(),
        select_chain.clone(),
        OffchainTransactionPoolFactory::new(transaction_pool.clone()),
    )?;

    let (import_queue, babe_worker) =
        sc_consensus_babe::import_queue(sc_consensus_babe::ImportQueueParams {
            link: babe.clone(),
            block_import: block_import.clone(),
            justification_import: Some(Box::new(grandpa_import)),
            client: client.clone(),
            slot_duration,
            spawner: &task_manager.spawn_essential_handle(),
            registry: config.prometheus_registry(),
            telemetry: telemetry_handle,
        })?;

    Ok(sc_service::PartialComponents {
        client,
        backend,
        task_manager,
        keystore_container,
        select_chain,
        import_queue,
        transaction_pool,
        other: Consensus {
            block_import,
            babe,
            babe_worker,
            grandpa,
            beefy_voter,
            beefy_rpc,
            inherents,
            telemetry,
        },
    })
}

/// Starts a node on the network backend `N`. It runs as long as the task manager is kept.
pub(crate) fn full<N: NetworkBackend<Block, Hash>>(
    mut config: Configuration,
) -> Result<TaskManager, ServiceError> {
    let sc_service::PartialComponents {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: consensus,
    } = partial(&mut config)?;
    keys::check(&client)?;
    let mut telemetry = consensus.telemetry;

    let genesis = client
        .block_hash(0)?
        .ok_or_else(|| ServiceError::Other("the database has no genesis block".into()))?;
    let prometheus = config.prometheus_registry().cloned();
    let metrics = N::register_notification_metrics(prometheus.as_ref());
    let mut network_config =
        sc_network::config::FullNetworkConfiguration::<_, _, N>::new(&config.network, prometheus.clone());
    let peers = network_config.peer_store_handle();

    let grandpa_protocol = grandpa::protocol_standard_name(&genesis, &config.chain_spec);
    let (protocol, grandpa_notifications) =
        grandpa::grandpa_peers_set_config::<_, N>(grandpa_protocol.clone(), metrics.clone(), peers.clone());
    network_config.add_notification_protocol(protocol);

    let beefy_protocol = beefy::gossip_protocol_name(genesis, config.chain_spec.fork_id());
    let (protocol, beefy_notifications) =
        beefy::communication::beefy_peers_set_config::<_, N>(beefy_protocol.clone(), metrics.clone(), peers);
    network_config.add_notification_protocol(protocol);
    let (beefy_justifications, protocol) =
        beefy::communication::request_response::BeefyJustifsRequestHandler::new::<_, N>(
            &genesis,
            config.chain_spec.fork_id(),
            client.clone(),
            prometheus.clone(),
        );
    network_config.add_request_response_protocol(protocol);

    let warp_sync = Arc::new(grandpa::warp_proof::NetworkProvider::new(
        backend.clone(),
        consensus.grandpa.shared_authority_set().clone(),
        Vec::default(),
    ));
    let (network, system_rpc_tx, tx_handler_controller, sync, _bitswap) =
        sc_service::build_network(sc_service::BuildNetworkParams {
            config: &config,
            net_config: network_config,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;

    if config.offchain_worker.enabled {
        let workers = sc_offchain::OffchainWorkers::new(sc_offchain::OffchainWorkerOptions {
            runtime_api_provider: client.clone(),
            keystore: Some(keystore_container.keystore()),
            offchain_db: backend.offchain_storage(),
            transaction_pool: Some(OffchainTransactionPoolFactory::new(transaction_pool.clone())),
            network_provider: Arc::new(network.clone()),
            is_validator: config.role.is_authority(),
            enable_http_requests: false,
            custom_extensions: |_| Vec::new(),
        })?;
        task_manager.spawn_handle().spawn(
            "offchain-workers-runner",
            "offchain-worker",
            workers.run(client.clone(), task_manager.spawn_handle()).boxed(),
        );
    }

    let role = config.role;
    let name = config.network.node_name.clone();
    let force_authoring = config.force_authoring;
    let grandpa_enabled = !config.disable_grandpa;
    let voter_state = SharedVoterState::empty();

    let rpc = rpc::Sources {
        client: client.clone(),
        backend: backend.clone(),
        transaction_pool: transaction_pool.clone(),
        select_chain: select_chain.clone(),
        keystore: keystore_container.keystore(),
        babe_worker: consensus.babe_worker,
        grandpa: rpc::GrandpaSources::new(&consensus.grandpa, backend.clone(), voter_state.clone()),
        beefy: consensus.beefy_rpc,
    };
    sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        config,
        client: client.clone(),
        backend: backend.clone(),
        task_manager: &mut task_manager,
        keystore: keystore_container.keystore(),
        transaction_pool: transaction_pool.clone(),
        rpc_builder: Box::new(move |executor| rpc.module(executor).map_err(ServiceError::Application)),
        network: network.clone(),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;

    let node = tasks::Node {
        client,
        backend,
        select_chain,
        transaction_pool,
        network,
        sync,
        // A node that does not validate needs no keys for the protocols below.
        keystore: role.is_authority().then(|| keystore_container.keystore()),
        prometheus,
        telemetry: telemetry.as_ref().map(Telemetry::handle),
        tasks: &task_manager,
    };
    if let Some(keystore) = node.keystore.clone() {
        node.start_babe(
            keystore,
            consensus.block_import,
            consensus.babe,
            consensus.inherents,
            force_authoring,
        )?;
    }
    node.start_beefy(
        beefy_protocol,
        beefy_notifications,
        beefy_justifications,
        consensus.beefy_voter,
    );
    node.start_ethereum_metrics()?;
    if grandpa_enabled {
        let config = grandpa::Config {
            gossip_duration: GRANDPA_GOSSIP,
            justification_generation_period: GRANDPA_JUSTIFICATION_PERIOD,
            name: Some(name),
            observer_enabled: false,
            keystore: node.keystore.clone(),
            local_role: role,
            telemetry: node.telemetry.clone(),
            protocol_name: grandpa_protocol,
        };
        node.start_grandpa(config, consensus.grandpa, grandpa_notifications, voter_state)?;
    }

    Ok(task_manager)
}
