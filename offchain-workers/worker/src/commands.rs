//! What the commands do.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use alloy_primitives::Address;
use tracing::{info, warn};
use weft_beacon::{Beacon, BeaconChain, BeaconError};
use weft_chain::{Chain, ConnectError, Signer, SignerError};
use weft_compute::{
    Config, Step, Worker, WorkerError,
    prover::{LocalProver, Powers, ProverError, ProvingQueue},
};
use weft_ethereum::{Account, Ethereum, EthereumError, Gateway, SendError, Sender};
use weft_primitives::{GatewayId, H160};
use weft_relayer::{
    Progress, RelayError, Relayer, Terms,
    follow::{FollowError, Followed, Follower, set_checkpoint},
    receipts::Receipts,
};

use crate::{
    options::{CheckpointOptions, ComputeOptions, Networks, RelayOptions},
    service::pause,
};

/// A command ended without having done its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Ethereum(#[from] EthereumError),
    #[error(transparent)]
    Signer(#[from] SignerError),
    #[error(transparent)]
    Prover(#[from] ProverError),
    #[error(transparent)]
    Worker(Box<WorkerError>),
    #[error(transparent)]
    Relay(#[from] RelayError),
    #[error(transparent)]
    Send(#[from] SendError),
    #[error(transparent)]
    Beacon(#[from] BeaconError),
    #[error(transparent)]
    Follow(#[from] FollowError),
    #[error("{0} is not an address of Ethereum")]
    Address(String),
    #[error("{0} is not the root of a beacon block: 0x and 64 hexadecimal digits")]
    Root(String),
    #[error("the key of the Ethereum account is missing: set WEFT_ETHEREUM_KEY, or give --ethereum-key-file")]
    NoEthereumKey,
    #[error("the key file is a keystore: give the file with its password, --ethereum-password-file")]
    NoPassword,
    #[error("cannot read the key file {path}: {source}")]
    KeyFile { path: String, source: std::io::Error },
    #[error(
        "the beacon node belongs to the chain {0}, and the Ethereum node to {1}: give nodes of one network"
    )]
    OtherBeacon(u64, u64),
    #[error("job {0} was not settled")]
    NotSettled(u64),
}

impl Networks {
    async fn connect(&self) -> Result<(Chain, Ethereum), CommandError> {
        let ethereum = Ethereum::new(&self.ethereum)?;
        let chain = Chain::connect(&self.node, Duration::from_secs(self.patience)).await?;
        Ok((chain, ethereum))
    }

    fn poll(&self) -> Duration {
        Duration::from_secs(self.poll)
    }
}

/// The account that is meant by `//NAME` or a file.
fn signer(key: &str) -> Result<Signer, SignerError> {
    if key.starts_with("//") {
        Signer::from_uri(key)
    } else {
        Signer::from_file(Path::new(key))
    }
}

fn prover(options: &ComputeOptions) -> Result<LocalProver, ProverError> {
    let powers = match &options.setup {
        Some(file) => Powers::File(file.clone()),
        None => {
            warn!(
                "DEVELOPMENT KEYS: anybody can forge proofs made with them; only development chains take them"
            );
            Powers::Development
        }
    };
    LocalProver::new(&powers, options.setup_log_size.into())
}

/// The beacon chain of the execution chain with this id, once a node of it answers.
async fn beacon_chain(options: &ComputeOptions, chain_id: u64) -> Result<BeaconChain, CommandError> {
    let end = Instant::now() + Duration::from_secs(options.networks.patience);
    loop {
        match BeaconChain::connect(&options.beacon).await {
            Ok(chain) if chain.chain_id() == chain_id => return Ok(chain),
            Ok(chain) => return Err(CommandError::OtherBeacon(chain.chain_id(), chain_id)),
            Err(error @ BeaconError::NoAnswer { .. }) if Instant::now() < end => {
                warn!(%error, "waiting for a beacon node");
                tokio::time::sleep(options.networks.poll()).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Proves jobs until it is stopped.
pub(crate) async fn compute(options: ComputeOptions) -> Result<(), CommandError> {
    let signer = signer(&options.key)?;
    let (chain, ethereum) = options.networks.connect().await?;
    let chain_id = ethereum.chain_id().await?;
    let beacon = match options.beacon.is_empty() {
        true => None,
        false => Some(beacon_chain(&options, chain_id).await?),
    };
    let prover = prover(&options)?;
    info!(account = %signer.account(), chain_id, key = %hex::encode(prover.key()), "ready to prove");
    let config = Config {
        least_fee: options.least_fee,
        least_slots: options.least_slots,
        triggers: !options.no_triggers,
        programs: options
            .programs
            .unwrap_or_else(|| options.work_dir.join("programs")),
        work: options.work_dir,
    };
    let mut worker = Worker::new(chain, signer, ethereum, beacon, chain_id, prover, config);
    let poll = options.networks.poll();
    let mut failures = 0;
    loop {
        match worker.step().await {
            Ok(step) => {
                failures = 0;
                match step {
                    Step::Settled(_) if options.once => return Ok(()),
                    Step::Lost(job) if options.once => return Err(CommandError::NotSettled(job)),
                    Step::Settled(_) | Step::Lost(_) => continue,
                    Step::Idle => {}
                }
            }
            Err(error) if error.is_fatal() => return Err(CommandError::Worker(Box::new(error))),
            Err(error) => {
                failures += 1;
                warn!(%error, failures, "trying again");
            }
        }
        tokio::time::sleep(pause(poll, failures)).await;
    }
}

/// Relays until it is stopped: to Ethereum where there is a gateway, to Weft where there are beacon nodes.
pub(crate) async fn relay(options: RelayOptions) -> Result<(), CommandError> {
    // What was given wrong is said before anybody is waited for.
    let gateway = match &options.gateway {
        Some(gateway) => {
            let address: Address = gateway
                .parse()
                .map_err(|_| CommandError::Address(gateway.clone()))?;
            Some((address, ethereum_account(&options)?))
        }
        None => None,
    };
    let signer = options.key.as_deref().map(signer).transpose()?;
    // Without an account on Weft nobody is paid.
    let paid = signer
        .as_ref()
        .map(|signer| signer.account().0)
        .unwrap_or_default();
    let beacon = match &signer {
        Some(signer) if !options.beacon.is_empty() => Some((Beacon::new(&options.beacon)?, signer.clone())),
        _ => None,
    };
    let (chain, ethereum) = options.networks.connect().await?;
    let poll = options.networks.poll();
    let terms = Terms {
        turns: Duration::from_secs(options.turns),
        least_reward: options.least_reward,
    };
    let claimed = gateway.as_ref().map(|(address, _)| *address).zip(signer);
    let outward = async {
        match gateway {
            Some((address, account)) => {
                let sender = Sender::new(ethereum.clone(), account, poll.min(Duration::from_secs(2))).await?;
                let (account, chain_id) = (sender.account(), sender.chain_id());
                let gateway = Gateway::new(ethereum.clone(), address);
                let relayer = Relayer::new(chain.clone(), gateway, sender, paid, terms).await?;
                info!(%account, chain_id, gateway = %address, "ready to relay to Ethereum");
                outward(relayer, poll, options.once).await
            }
            None => Ok(()),
        }
    };
    // What is earned is claimed as long as the rest goes on.
    let receipts = async {
        if let Some((address, signer)) = claimed.filter(|_| !options.once) {
            let gateway = GatewayId {
                chain_id: ethereum.chain_id().await?,
                address: H160(address.into_array()),
            };
            let receipts = Receipts::new(chain.clone(), ethereum.clone(), gateway, signer);
            claim(receipts, poll).await;
        }
        Ok(())
    };
    let inward = async {
        match beacon {
            Some((beacon, signer)) => {
                // With a gateway, that decides when all is done.
                let once = options.once && options.gateway.is_none();
                let follower = loop {
                    let (chain, signer) = (chain.clone(), signer.clone());
                    match Follower::new(chain, signer, beacon.clone(), ethereum.clone()).await {
                        Ok(follower) => break follower,
                        // Beacon nodes that are away must not keep results from Ethereum.
                        Err(error) if once || matches!(error, FollowError::OtherNetwork { .. }) => {
                            return Err(error.into());
                        }
                        Err(error) => warn!(%error, "trying again"),
                    }
                    tokio::time::sleep(poll).await;
                };
                inward(follower, poll, once).await
            }
            None => Ok(()),
        }
    };
    if options.once && options.gateway.is_some() {
        // What is brought to Weft is not waited for.
        return tokio::select! {
            done = outward => done,
            Err(error) = inward => Err(error),
        };
    }
    tokio::try_join!(outward, inward, receipts).map(|_| ())
}

/// Claims and reports until it is stopped.
async fn claim(mut receipts: Receipts, poll: Duration) {
    let mut failures = 0;
    loop {
        match receipts.step().await {
            Ok(_) => failures = 0,
            Err(error) => {
                failures += 1;
                warn!(%error, failures, "trying again");
            }
        }
        tokio::time::sleep(pause(poll, failures)).await;
    }
}

/// The Ethereum account that pays.
fn ethereum_account(options: &RelayOptions) -> Result<Account, CommandError> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).map_err(|source| CommandError::KeyFile {
            path: path.display().to_string(),
            source,
        })
    };
    if let Ok(key) = std::env::var("WEFT_ETHEREUM_KEY") {
        return Ok(Account::from_key(&key)?);
    }
    let path = options
        .ethereum_key_file
        .as_deref()
        .ok_or(CommandError::NoEthereumKey)?;
    let text = read(path)?;
    // A keystore is JSON.
    if !text.trim_start().starts_with('{') {
        return Ok(Account::from_key(&text)?);
    }
    let password = options
        .ethereum_password_file
        .as_deref()
        .ok_or(CommandError::NoPassword)?;
    let password = read(password)?;
    Ok(Account::from_keystore(
        path,
        password.trim_end_matches(['\r', '\n']),
    )?)
}

async fn outward(mut relayer: Relayer, poll: Duration, once: bool) -> Result<(), CommandError> {
    let mut failures = 0;
    loop {
        match relayer.step().await {
            Ok(progress) => {
                failures = 0;
                match progress {
                    Progress::Relayed => continue,
                    Progress::Idle if once => return Ok(()),
                    Progress::Idle | Progress::Waiting => {}
                }
            }
            Err(error) => {
                failures += 1;
                warn!(%error, failures, "trying again");
            }
        }
        tokio::time::sleep(pause(poll, failures)).await;
    }
}

async fn inward(follower: Follower, poll: Duration, once: bool) -> Result<(), CommandError> {
    info!("ready to relay Ethereum's finality to Weft");
    let mut failures = 0;
    loop {
        match follower.step().await {
            Ok(followed) => {
                failures = 0;
                match followed {
                    Followed::Brought => continue,
                    Followed::UpToDate if once => return Ok(()),
                    Followed::UpToDate => {}
                }
            }
            Err(error @ FollowError::NoCheckpoint) if once => return Err(error.into()),
            Err(error) => {
                failures += 1;
                warn!(%error, failures, "trying again");
            }
        }
        tokio::time::sleep(pause(poll, failures)).await;
    }
}

/// Makes the chain trust a final block of Ethereum.
pub(crate) async fn checkpoint(options: CheckpointOptions) -> Result<(), CommandError> {
    let signer = signer(&options.key)?;
    let beacon = Beacon::new(&options.beacon)?;
    let block = match &options.block {
        Some(text) => Some(text.parse().map_err(|_| CommandError::Root(text.clone()))?),
        None => None,
    };
    let (chain, ethereum) = options.networks.connect().await?;
    set_checkpoint(&chain, &signer, &beacon, &ethereum, block).await?;
    Ok(())
}
