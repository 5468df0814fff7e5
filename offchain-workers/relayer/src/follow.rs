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

    /// Brings the next update that the chain would take: of the period that it is in, then the newest. Each is checked here as the chain will
    /// check it, so nothing is sent that would be refused.
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
        let newest = self.beacon.finality_update(&network, &self.ethereum).await?;
        let next = match newest {
            // The newest will do, unless it was signed by a committee that is not known, or that could not be followed further.
            Some(update) if store.next.is_some() && Self::is_taken(&network, &store, &update) => Some(update),
            newest => {
                let period = store.period(&network);
                let updates = self
                    .beacon
                    .updates(&network, period, UPDATES_AT_ONCE, &self.ethereum)
                    .await?;
                updates
                    .into_iter()
                    .chain(newest)
                    .find(|update| Self::is_taken(&network, &store, update))
            }
        };
        let Some(update) = next else {
            return Ok(Followed::UpToDate);
        };
        let slot = update.finalized.slot;
        match self
            .chain
            .submit(&Call::submit_update(&update), &self.signer)
            .await
        {
            Ok(included) => {
                info!(slot, period = network.preset.period(slot), block = ?included.block, "finality of Ethereum brought to Weft");
                Ok(Followed::Brought)
            }
            // Another relayer was faster.
            Err(error) if error.is("DataBus", "IrrelevantUpdate") => Ok(Followed::Brought),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the chain would take an update.
    fn is_taken(network: &Network, store: &Store, update: &Update) -> bool {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let Some(slot) = now.ok().and_then(|now| network.slot_at(now.as_secs())) else {
            return false;
        };
        match store.clone().apply::<NativeCrypto>(network, slot, update) {
            Ok(_) => true,
            Err(UpdateError::Irrelevant | UpdateError::UnknownPeriod | UpdateError::FutureSlot) => false,
            Err(UpdateError::UnorderedSlots) if update.finalized.slot == 0 => false,
            Err(error) => {
                warn!(slot = update.finalized.slot, %error, "the beacon nodes gave an update that is wrong");
                false
            }
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
