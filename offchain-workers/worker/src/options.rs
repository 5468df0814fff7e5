//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A worker of Weft.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
pub(crate) struct Options {
    /// Log as JSON, one object a line.
    #[arg(long, global = true, env = "WEFT_JSON")]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Prove the runs that the chain offers.
    Compute(ComputeOptions),
    /// Bring Weft's finality and results to a gateway on Ethereum, Ethereum's finality to Weft, or both.
    Relay(RelayOptions),
    /// Make Weft's light client trust a final block of Ethereum, as root.
    Checkpoint(CheckpointOptions),
}

/// How both networks are reached.
#[derive(Debug, Args)]
pub(crate) struct Networks {
    /// The node of Weft (WebSocket).
    #[arg(long, env = "WEFT_NODE", default_value = "ws://127.0.0.1:9944")]
    pub(crate) node: String,
    /// The node of Ethereum (JSON-RPC over http).
    #[arg(long, env = "WEFT_ETHEREUM", default_value = "http://127.0.0.1:8545")]
    pub(crate) ethereum: String,
    /// Seconds between looks at what is to be done.
    #[arg(long, env = "WEFT_POLL", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) poll: u64,
    /// Seconds to wait for the node of Weft at the start.
    #[arg(long, default_value_t = 60)]
    pub(crate) patience: u64,
}

#[derive(Debug, Args)]
pub(crate) struct ComputeOptions {
    #[command(flatten)]
    pub(crate) networks: Networks,
    /// The account that locks jobs and is paid: a development account such as //Alice, or a file with a secret URI (words, or 0x and a
    /// seed). A secret itself is not taken here: it would show in the list of processes.
    #[arg(long, env = "WEFT_KEY", value_name = "//NAME|FILE")]
    pub(crate) key: String,
    /// A file with a ceremony's powers of tau (.ptau). Without it development keys are made, which only development chains take.
    #[arg(long, env = "WEFT_SETUP", value_name = "FILE")]
    pub(crate) setup: Option<PathBuf>,
    /// Binary logarithm of the number of powers of tau; large programs need more.
    #[arg(long, default_value_t = 17, value_parser = clap::value_parser!(u8).range(17..=20))]
    pub(crate) setup_log_size: u8,
    /// Beacon nodes (REST over http), the preferred one first: for runs that read the beacon chain, and for blocks more than 8,191 back, which
    /// without them only an archive node can show.
    #[arg(long, env = "WEFT_BEACON", value_name = "URL", value_delimiter = ',')]
    pub(crate) beacon: Vec<String>,
    /// Folder for finished proofs.
    #[arg(long, env = "WEFT_WORK_DIR", default_value = "weft-work")]
    pub(crate) work_dir: PathBuf,
    /// Folder of WebAssembly modules, each named DIGEST.wasm; others are fetched into it. By default in the work directory.
    #[arg(long, env = "WEFT_PROGRAMS")]
    pub(crate) programs: Option<PathBuf>,
    /// Least fee of a job, in plancks.
    #[arg(long, default_value_t = 0)]
    pub(crate) least_fee: u128,
    /// Least number of Ethereum's slots to a job's deadline.
    #[arg(long, default_value_t = 128)]
    pub(crate) least_slots: u64,
    /// Do not start runs of triggers; prove what others offer only.
    #[arg(long)]
    pub(crate) no_triggers: bool,
    /// End after one job: with success if it settled.
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RelayOptions {
    #[command(flatten)]
    pub(crate) networks: Networks,
    /// Address of the gateway. Without it nothing is brought to Ethereum.
    #[arg(long, env = "WEFT_GATEWAY", required_unless_present = "beacon")]
    pub(crate) gateway: Option<String>,
    /// A file with the private key, in hexadecimal, of the Ethereum account that pays, or a keystore as geth writes it. The variable
    /// WEFT_ETHEREUM_KEY may hold the key itself instead.
    #[arg(long, env = "WEFT_ETHEREUM_KEY_FILE", value_name = "FILE")]
    pub(crate) ethereum_key_file: Option<PathBuf>,
    /// A file with the password of the keystore.
    #[arg(long, env = "WEFT_ETHEREUM_PASSWORD_FILE", value_name = "FILE")]
    pub(crate) ethereum_password_file: Option<PathBuf>,
    /// Beacon nodes (REST over http), the preferred one first. Without them nothing is brought to Weft.
    #[arg(
        long,
        env = "WEFT_BEACON",
        value_name = "URL",
        value_delimiter = ',',
        requires = "key"
    )]
    pub(crate) beacon: Vec<String>,
    /// The account of Weft that is paid for what is brought to Ethereum, and that signs updates, which costs it nothing while they are useful:
    /// //NAME or a file, as for `compute`.
    #[arg(long, env = "WEFT_KEY", value_name = "//NAME|FILE")]
    pub(crate) key: Option<String>,
    /// Wait before each piece of work for up to so many seconds, another time for each, so that several relayers do not do the same: some blocks of Ethereum.
    #[arg(long, env = "WEFT_TURNS", default_value_t = 0)]
    pub(crate) turns: u64,
    /// Leave messages to others that pay less, in plancks.
    #[arg(long, env = "WEFT_LEAST_REWARD", default_value_t = 0, requires = "key")]
    pub(crate) least_reward: u128,
    /// End when the gateway has accepted everything that was settled for it; without a gateway, when Weft knows all that is final.
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CheckpointOptions {
    #[command(flatten)]
    pub(crate) networks: Networks,
    /// Beacon nodes (REST over http), the preferred one first.
    #[arg(
        long,
        env = "WEFT_BEACON",
        value_name = "URL",
        value_delimiter = ',',
        required = true
    )]
    pub(crate) beacon: Vec<String>,
    /// The account of Weft that acts as root (sudo): //NAME or a file, as for `compute`.
    #[arg(long, env = "WEFT_KEY", value_name = "//NAME|FILE")]
    pub(crate) key: String,
    /// Root of the beacon block to trust, in hexadecimal. By default the newest final one: compare it with somebody you trust.
    #[arg(long, value_name = "0xROOT")]
    pub(crate) block: Option<String>,
}
