//! What the commands do.

use std::{path::Path, time::Duration};

use tracing::{info, warn};
use weft_chain::{Chain, ConnectError, Signer, SignerError};
use weft_compute::{
    Config, Step, Worker, WorkerError,
    prover::{LocalProver, Powers, ProverError, ProvingQueue},
};
use weft_ethereum::{Ethereum, EthereumError, Gateway, SendError, Sender};
use weft_relayer::{Progress, RelayError, Relayer};

use crate::{
    options::{ComputeOptions, Networks, RelayOptions},
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
    Worker(#[from] WorkerError),
    #[error(transparent)]
    Relay(#[from] RelayError),
    #[error(transparent)]
    Send(#[from] SendError),
    #[error("{0} is not an address of Ethereum")]
    Address(String),
    #[error("the key of the Ethereum account is missing: set WEFT_ETHEREUM_KEY, or give --ethereum-key-file")]
    NoEthereumKey,
    #[error("cannot read the key file {path}: {source}")]
    KeyFile { path: String, source: std::io::Error },
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

/// Proves jobs until it is stopped.
pub(crate) async fn compute(options: ComputeOptions) -> Result<(), CommandError> {
    let signer = signer(&options.key)?;
    let (chain, ethereum) = options.networks.connect().await?;
    let chain_id = ethereum.chain_id().await?;
    let prover = prover(&options)?;
    info!(account = %signer.account(), chain_id, key = %hex::encode(prover.key()), "ready to prove");
    let config = Config {
        least_fee: options.least_fee,
        least_blocks: options.least_blocks,
        programs: options
            .programs
            .unwrap_or_else(|| options.work_dir.join("programs")),
        work: options.work_dir,
    };
    let mut worker = Worker::new(chain, signer, ethereum, chain_id, prover, config);
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
            Err(error) if error.is_fatal() => return Err(error.into()),
            Err(error) => {
                failures += 1;
                warn!(%error, failures, "trying again");
            }
        }
        tokio::time::sleep(pause(poll, failures)).await;
    }
}

/// Relays until it is stopped.
pub(crate) async fn relay(options: RelayOptions) -> Result<(), CommandError> {
    let address = options
        .gateway
        .parse()
        .map_err(|_| CommandError::Address(options.gateway.clone()))?;
    let key = match (std::env::var("WEFT_ETHEREUM_KEY"), options.ethereum_key_file) {
        (Ok(key), _) => key,
        (Err(_), Some(path)) => std::fs::read_to_string(&path).map_err(|source| CommandError::KeyFile {
            path: path.display().to_string(),
            source,
        })?,
        (Err(_), None) => return Err(CommandError::NoEthereumKey),
    };
    let (chain, ethereum) = options.networks.connect().await?;
    let poll = options.networks.poll();
    let sender = Sender::new(ethereum.clone(), &key, poll.min(Duration::from_secs(2))).await?;
    let (account, chain_id) = (sender.account(), sender.chain_id());
    let mut relayer = Relayer::new(chain, Gateway::new(ethereum, address), sender).await?;
    info!(%account, chain_id, gateway = %address, "ready to relay");
    let mut failures = 0;
    loop {
        match relayer.step().await {
            Ok(progress) => {
                failures = 0;
                match progress {
                    Progress::Relayed => continue,
                    Progress::Idle if options.once => return Ok(()),
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
