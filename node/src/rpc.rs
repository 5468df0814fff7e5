//! The methods that the node answers beside those that every Substrate node has.

mod errors;
mod ethereum;
mod weft;

use std::sync::Arc;

use jsonrpsee::RpcModule;
use mmr_rpc::{Mmr, MmrApiServer};
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_client_api::Backend as _;
use sc_consensus_babe::BabeWorkerHandle;
use sc_consensus_babe_rpc::{Babe, BabeApiServer};
use sc_consensus_beefy_rpc::{Beefy, BeefyApiServer};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sp_keystore::KeystorePtr;
use substrate_frame_rpc_system::{System, SystemApiServer};
use weft_runtime::{Hash, opaque::Block};

use self::{
    ethereum::{Ethereum, EthereumApiServer},
    weft::{Weft, WeftApiServer},
};
use crate::service::{Backend, BeefyId, Client, GrandpaLink, SelectChain, TransactionPool};

/// An error of a method's setup.
pub(crate) type SetupError = Box<dyn std::error::Error + Send + Sync>;

/// What the methods need of the node.
pub(crate) struct Sources {
    pub(crate) client: Arc<Client>,
    pub(crate) backend: Arc<Backend>,
    pub(crate) transaction_pool: Arc<TransactionPool>,
    pub(crate) select_chain: SelectChain,
    pub(crate) keystore: KeystorePtr,
    pub(crate) babe_worker: BabeWorkerHandle<Block>,
    pub(crate) grandpa: GrandpaSources,
    pub(crate) beefy: sc_consensus_beefy::BeefyRPCLinks<Block, BeefyId>,
}

/// What the GRANDPA methods need.
pub(crate) struct GrandpaSources {
    pub(crate) voter_state: sc_consensus_grandpa::SharedVoterState,
    pub(crate) authority_set: sc_consensus_grandpa::SharedAuthoritySet<Hash, weft_runtime::BlockNumber>,
    pub(crate) justifications: sc_consensus_grandpa::GrandpaJustificationStream<Block>,
    pub(crate) finality_proofs: Arc<sc_consensus_grandpa::FinalityProofProvider<Backend, Block>>,
}

impl GrandpaSources {
    /// The sources that belong to the voter with this `link`.
    pub(crate) fn new(
        link: &GrandpaLink,
        backend: Arc<Backend>,
        voter_state: sc_consensus_grandpa::SharedVoterState,
    ) -> Self {
        let authority_set = link.shared_authority_set().clone();
        Self {
            voter_state,
            justifications: link.justification_stream(),
            finality_proofs: sc_consensus_grandpa::FinalityProofProvider::new_for_service(
                backend,
                Some(authority_set.clone()),
            ),
            authority_set,
        }
    }
}

impl Sources {
    /// The methods, for a server whose subscriptions run on `executor`.
    pub(crate) fn module(&self, executor: SubscriptionTaskExecutor) -> Result<RpcModule<()>, SetupError> {
        let mut module = RpcModule::new(());

        module.merge(System::new(self.client.clone(), self.transaction_pool.clone()).into_rpc())?;
        module.merge(Ethereum::new(self.client.clone()).into_rpc())?;
        module.merge(TransactionPayment::new(self.client.clone()).into_rpc())?;
        module.merge(
            Babe::new(
                self.client.clone(),
                self.babe_worker.clone(),
                self.keystore.clone(),
                self.select_chain.clone(),
            )
            .into_rpc(),
        )?;
        module.merge(
            Grandpa::new(
                executor.clone(),
                self.grandpa.authority_set.clone(),
                self.grandpa.voter_state.clone(),
                self.grandpa.justifications.clone(),
                self.grandpa.finality_proofs.clone(),
            )
            .into_rpc(),
        )?;
        module.merge(
            Beefy::<Block, BeefyId>::new(
                self.beefy.from_voter_justif_stream.clone(),
                self.beefy.from_voter_best_beefy_stream.clone(),
                executor,
            )?
            .into_rpc(),
        )?;
        let offchain_storage = self
            .backend
            .offchain_storage()
            .ok_or("the backend has no off-chain storage")?;
        module.merge(Mmr::new(self.client.clone(), offchain_storage.clone()).into_rpc())?;
        module.merge(Weft::<_, _, Block>::new(self.client.clone(), offchain_storage).into_rpc())?;

        Ok(module)
    }
}
