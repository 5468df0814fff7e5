//! The other direction: brings Ethereum's finality to Weft's light client.

use tracing::{info, warn};
use weft_beacon::{Beacon, BeaconError};
use weft_bls_host::NativeCrypto;
use weft_chain::{Call, Chain, QueryError, Signer, SubmitError};
use weft_ethereum::Ethereum;
use weft_light_client::{Network, Store, Update, UpdateError};
use weft_primitives::H256;

/// Ethereum's finality could not be brought, for now or for good.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The node of Weft does not answer.
    #[error(transparent)]
    Chain(#[from] QueryError),
    /// The beacon nodes or the execution node do not answer.
    #[error(transparent)]
    Beacon(#[from] BeaconError),
    /// A transaction was not included.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The chain has no checkpoint.
    #[error(
        "Weft's light client has no checkpoint yet; root sets one: `weft-worker checkpoint`, with the account that may"
    )]
    NoCheckpoint,
    /// The beacon nodes belong to another network than the one that the chain follows.
    #[error(
        "the beacon nodes belong to another network: their genesis is {nodes:?}, and Weft follows {chain:?}"
    )]
    OtherNetwork {
        /// Genesis validators root of the nodes.
        nodes: H256,
        /// That of the network that the chain follows.
        chain: H256,
    },
    /// The checkpoint was not taken.
    #[error("the checkpoint was not taken: is the account the one that acts as root?")]
    CheckpointNotTaken,
    /// The beacon nodes give a checkpoint that is wrong.
    #[error("the beacon nodes give a wrong checkpoint: {0}")]
    WrongCheckpoint(UpdateError),
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// An update was brought, and there may be more.
    Brought,
    /// The chain knows all that there is.
    UpToDate,
}

/// Brings updates of Ethereum's light client to one Weft.
pub struct Follower {
    chain: Chain,
    signer: Signer,
    beacon: Beacon,
    ethereum: Ethereum,
}

/// The updates that are asked for at once: of the period that the chain is in, and of the one after.
const UPDATES_AT_ONCE: u64 = 2;

impl Follower {
    /// A follower, if the beacon nodes belong to the network that the chain follows, where it follows one already.
    ///
    /// # Errors
    /// When somebody does not answer, or the networks differ.
    pub async fn new(
        chain: Chain,
        signer: Signer,
        beacon: Beacon,
        ethereum: Ethereum,
    ) -> Result<Self, FollowError> {
        let (_, best) = chain.best_block().await?;
        if let Some(followed) = chain.ethereum_network(best).await? {
            let nodes = beacon.network().await?.genesis_validators_root;
            if nodes != followed.genesis_validators_root {
                return Err(FollowError::OtherNetwork {
                    nodes,
                    chain: followed.genesis_validators_root,
                });
            }
        }
        Ok(Self {
            chain,
            signer,
            beacon,
            ethereum,
        })
    }

    /// Brings the next update that the chain would take. Each is checked here as the chain will check it, so nothing is sent that would be
    /// refused; a node without one that is taken is passed over.
    ///
    /// # Errors
    /// When somebody does not answer, or the transaction is not included.
    pub async fn step(&self) -> Result<Followed, FollowError> {
        let (_, best) = self.chain.best_block().await?;
        let network = self.chain.ethereum_network(best).await?;
        let store = self.chain.light_client(best).await?;
        let (Some(network), Some(store)) = (network, store) else {
            return Err(FollowError::NoCheckpoint);
        };
        // By the chain's clock, not by ours.
        let slot = self.chain.current_slot(best).await?.unwrap_or_default();
        let mut outcome = Ok(Followed::UpToDate);
        let mut has_answer = false;
        for node in self.beacon.each() {
            match self.next(&node, &network, &store, slot).await {
                Ok(Some(update)) => return self.bring(&network, &update).await,
                Ok(None) => has_answer = true,
                Err(error) => outcome = Err(error.into()),
            }
        }
        if has_answer {
            Ok(Followed::UpToDate)
        } else {
            outcome
        }
    }

    /// The next update of a node that the chain would take at `slot`: its newest, or, where the chain does not know the committee that signed that,
    /// one of the period that the chain is in or of the one after.
    async fn next(
        &self,
        node: &Beacon,
        network: &Network,
        store: &Store,
        slot: u64,
    ) -> Result<Option<Update>, BeaconError> {
        let newest = node.finality_update(network, &self.ethereum).await;
        if store.next.is_some()
            && let Ok(Some(newest)) = &newest
        {
            if newest.finalized.slot <= store.finalized.slot {
                return Ok(None);
            }
            if is_taken(network, store, slot, newest) {
                return Ok(Some(newest.clone()));
            }
        }
        let period = store.period(network);
        let updates = node
            .updates(network, period, UPDATES_AT_ONCE, &self.ethereum)
            .await;
        let found = updates
            .iter()
            .flatten()
            .chain(newest.iter().flatten())
            .find(|update| is_taken(network, store, slot, update));
        match found {
            Some(update) => Ok(Some(update.clone())),
            None => updates.and(newest).map(|_| None),
        }
    }

    async fn bring(&self, network: &Network, update: &Update) -> Result<Followed, FollowError> {
        let slot = update.finalized.slot;
        let sent = self
            .chain
            .submit(&Call::submit_update(update), &self.signer)
            .await;
        match sent {
            Ok(included) => {
                info!(slot, period = network.preset.period(slot), block = ?included.block, "finality of Ethereum brought to Weft");
                Ok(Followed::Brought)
            }
            // Another relayer was faster: in the block before, or in the pool.
            Err(error) if error.is("DataBus", "IrrelevantUpdate") => Ok(Followed::UpToDate),
            Err(SubmitError::Refused { reason, .. }) if reason.contains(OUTDATED) => Ok(Followed::UpToDate),
            Err(error) => Err(error.into()),
        }
    }
}

/// What the node says of a transaction that came too late (`InvalidTransaction::Stale`).
const OUTDATED: &str = "Transaction is outdated";

/// Whether the chain would take an update at this slot.
fn is_taken(network: &Network, store: &Store, slot: u64, update: &Update) -> bool {
    match store.clone().apply::<NativeCrypto>(network, slot, update) {
        Ok(_) => true,
        // What an honest node may well give.
        Err(
            UpdateError::Irrelevant
            | UpdateError::UnknownPeriod
            | UpdateError::FutureSlot
            | UpdateError::Participation,
        ) => false,
        Err(UpdateError::UnorderedSlots) if update.finalized.slot == 0 => false,
        Err(error) => {
            warn!(slot = update.finalized.slot, %error, "a beacon node gave an update that is wrong");
            false
        }
    }
}

/// Makes the chain trust the newest final block of the beacon nodes, or the one with the root `block`; `signer` acts as root. The slot of the
/// checkpoint.
///
/// # Errors
/// When somebody does not answer, or the account may not act as root.
pub async fn set_checkpoint(
    chain: &Chain,
    signer: &Signer,
    beacon: &Beacon,
    ethereum: &Ethereum,
    block: Option<H256>,
) -> Result<u64, FollowError> {
    let network = beacon.network().await?;
    let root = match block {
        Some(root) => root,
        None => beacon.finalized_root().await?,
    };
    let checkpoint = beacon.checkpoint(&network, root, ethereum).await?;
    Store::bootstrap::<NativeCrypto>(&network, &checkpoint).map_err(FollowError::WrongCheckpoint)?;
    let slot = checkpoint.header.slot;
    let call = chain
        .call_bytes(&Call::reset_light_client(&network, &checkpoint))
        .await?;
    let included = chain.submit(&Call::sudo(call), signer).await?;
    // A call made as root may fail inside a transaction that succeeds.
    let known = chain.final_header(included.block).await?;
    if known.map(|(header, _)| header) != Some(checkpoint.header) {
        return Err(FollowError::CheckpointNotTaken);
    }
    info!(slot, chain_id = network.chain_id, block = ?included.block, "Weft follows Ethereum from this checkpoint");
    Ok(slot)
}
