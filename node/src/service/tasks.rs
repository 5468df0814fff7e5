//! The consensus tasks of a running node, and its metrics.

use std::{marker::PhantomData, sync::Arc};

use sc_consensus_babe::{BabeLink, SlotProportion};
use sc_consensus_beefy::{
    self as beefy, BeefyVoterLinks, communication::request_response::BeefyJustifsRequestHandler,
};
use sc_consensus_grandpa::{self as grandpa, SharedVoterState};
use sc_network::{NotificationService, ProtocolName, service::traits::NetworkService};
use sc_network_sync::SyncingService;
use sc_service::{Error as ServiceError, TaskManager};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_keystore::KeystorePtr;
use weft_runtime::opaque::Block;

use super::{BabeImport, Backend, BeefyId, Client, GrandpaLink, SelectChain, TransactionPool, metrics};
use crate::inherents::SlotAndTime;

/// BEEFY signs at most one block in so many. Small, because a result waits for the next signed block before it can
/// go to Ethereum; a relayer posts only the commitments that it needs.
const BEEFY_MINIMUM_DELTA: u32 = 4;

/// What the consensus tasks share.
pub(super) struct Node<'a> {
    pub(super) client: Arc<Client>,
    pub(super) backend: Arc<Backend>,
    pub(super) select_chain: SelectChain,
    pub(super) transaction_pool: Arc<TransactionPool>,
    pub(super) network: Arc<dyn NetworkService>,
    pub(super) sync: Arc<SyncingService<Block>>,
    pub(super) keystore: Option<KeystorePtr>,
    pub(super) prometheus: Option<substrate_prometheus_endpoint::Registry>,
    pub(super) telemetry: Option<TelemetryHandle>,
    pub(super) tasks: &'a TaskManager,
}

impl Node<'_> {
    /// Produces blocks in the slots that belong to a key in `keystore`.
    pub(super) fn start_babe(
        &self,
        keystore: KeystorePtr,
        block_import: BabeImport,
        babe_link: BabeLink<Block>,
        inherents: SlotAndTime,
        force_authoring: bool,
    ) -> Result<(), ServiceError> {
        let proposer = sc_basic_authorship::ProposerFactory::new(
            self.tasks.spawn_handle(),
            self.client.clone(),
            self.transaction_pool.clone(),
            self.prometheus.as_ref(),
            self.telemetry.clone(),
        );
        let author = sc_consensus_babe::start_babe(sc_consensus_babe::BabeParams {
            keystore,
            client: self.client.clone(),
            select_chain: self.select_chain.clone(),
            env: proposer,
            block_import,
            sync_oracle: self.sync.clone(),
            justification_sync_link: self.sync.clone(),
            create_inherent_data_providers: inherents,
            force_authoring,
            backoff_authoring_blocks: Some(
                sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging::default(),
            ),
            babe_link,
            block_proposal_slot_portion: SlotProportion::new(0.5),
            max_block_proposal_slot_portion: None,
            telemetry: self.telemetry.clone(),
        })?;
        self.tasks
            .spawn_essential_handle()
            .spawn_blocking("babe-author", Some("block-authoring"), author);
        Ok(())
    }

    /// Signs, or follows, commitments to the MMR of finalized blocks, and keeps the MMR's leaves.
    pub(super) fn start_beefy(
        &self,
        gossip_protocol: ProtocolName,
        notifications: Box<dyn NotificationService>,
        justifications: BeefyJustifsRequestHandler<Block, Client>,
        links: BeefyVoterLinks<Block, BeefyId>,
    ) {
        let voter = beefy::start_beefy_gadget(beefy::BeefyParams {
            client: self.client.clone(),
            backend: self.backend.clone(),
            payload_provider: sp_consensus_beefy::mmr::MmrRootProvider::new(self.client.clone()),
            runtime: self.client.clone(),
            key_store: self.keystore.clone(),
            network_params: beefy::BeefyNetworkParams {
                network: Arc::new(self.network.clone()),
                sync: self.sync.clone(),
                notification_service: notifications,
                gossip_protocol_name: gossip_protocol,
                justifications_protocol_name: justifications.protocol_name(),
                _phantom: PhantomData::<Block>,
            },
            min_block_delta: BEEFY_MINIMUM_DELTA,
            prometheus_registry: self.prometheus.clone(),
            links,
            on_demand_justifications_handler: justifications,
            is_authority: self.keystore.is_some(),
        });
        let essential = self.tasks.spawn_essential_handle();
        essential.spawn_blocking("beefy-voter", None, voter);
        essential.spawn_blocking(
            "mmr-gadget",
            None,
            mmr_gadget::MmrGadget::start(
                self.client.clone(),
                self.backend.clone(),
                sp_mmr_primitives::INDEXING_PREFIX.to_vec(),
            ),
        );
    }

    /// Keeps metrics of how the chain follows Ethereum, where there is a registry.
    pub(super) fn start_ethereum_metrics(&self) -> Result<(), ServiceError> {
        let Some(registry) = &self.prometheus else {
            return Ok(());
        };
        let follow = metrics::follow(self.client.clone(), registry)
            .map_err(|error| ServiceError::Other(error.to_string()))?;
        self.tasks.spawn_handle().spawn("ethereum-metrics", None, follow);
        Ok(())
    }

    /// Votes for, or follows, finality.
    pub(super) fn start_grandpa(
        &self,
        config: grandpa::Config,
        link: GrandpaLink,
        notification_service: Box<dyn NotificationService>,
        shared_voter_state: SharedVoterState,
    ) -> Result<(), ServiceError> {
        let voter = grandpa::run_grandpa_voter(grandpa::GrandpaParams {
            config,
            link,
            network: self.network.clone(),
            sync: self.sync.clone(),
            notification_service,
            voting_rule: grandpa::VotingRulesBuilder::default().build(),
            prometheus_registry: self.prometheus.clone(),
            shared_voter_state,
            telemetry: self.telemetry.clone(),
            offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(self.transaction_pool.clone()),
        })?;
        self.tasks
            .spawn_essential_handle()
            .spawn_blocking("grandpa-voter", None, voter);
        Ok(())
    }
}
