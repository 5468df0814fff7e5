//! `weft-node try-runtime`: tries the runtime of this binary, or one in a file, on the state of a chain, before it is given to `set_code`.
//!
//! It runs the upgrade (migrations, the checks before and after them, `try_state` of every pallet) on the state of a block
//! in the local database, with all that it writes kept in memory. Nothing is changed on disk. A check that fails ends
//! the command with the runtime's own message.

use codec::{Decode, Encode};
use frame_try_runtime::UpgradeCheckSelect;
use sc_cli::{CliConfiguration, DatabaseParams, PruningParams, SharedParams, SubstrateCli};
use sc_client_api::{Backend as _, TrieCacheContext, UsageProvider};
use sp_core::traits::{CallContext, RuntimeCode, WrappedRuntimeCode};
use sp_runtime::generic::BlockId;
use sp_state_machine::{OverlayedChanges, StateMachine};
use sp_weights::Weight;
use weft_runtime::opaque::Block;

use crate::{cli::Cli, executor::RuntimeExecutor, service};

/// Try this binary's runtime on the state of the local database, and change nothing.
#[derive(Clone, Debug, clap::Parser)]
pub(crate) struct TryRuntimeCmd {
    /// The block whose state to try it on, by number or hash; the best block if left out.
    #[arg(long, value_name = "BLOCK")]
    at: Option<sc_cli::BlockNumberOrHash>,

    /// A runtime that was built with the feature `try-runtime`, compressed or not; that of this binary if left out.
    #[arg(long, value_name = "FILE")]
    runtime: Option<std::path::PathBuf>,

    /// What to check beside that the upgrade runs through.
    #[arg(long, value_enum, default_value_t = Checks::All)]
    checks: Checks,

    #[clap(flatten)]
    shared: SharedParams,

    #[clap(flatten)]
    database: DatabaseParams,

    #[clap(flatten)]
    pruning: PruningParams,
}

/// Which checks run.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Checks {
    /// Those of migrations and the invariants of every pallet.
    All,
    /// Those that migrations make before and after.
    PreAndPost,
    /// The invariants of every pallet.
    TryState,
    /// None.
    None,
}

impl From<Checks> for UpgradeCheckSelect {
    fn from(checks: Checks) -> Self {
        match checks {
            Checks::All => Self::All,
            Checks::PreAndPost => Self::PreAndPost,
            Checks::TryState => Self::TryState,
            Checks::None => Self::None,
        }
    }
}

impl CliConfiguration for TryRuntimeCmd {
    fn shared_params(&self) -> &SharedParams {
        &self.shared
    }

    fn database_params(&self) -> Option<&DatabaseParams> {
        Some(&self.database)
    }

    fn pruning_params(&self) -> Option<&PruningParams> {
        Some(&self.pruning)
    }
}

/// Tries the runtime and prints what the upgrade weighs.
pub(crate) fn run(cli: &Cli, command: &TryRuntimeCmd) -> sc_cli::Result<()> {
    cli.create_runner(command)?.sync_run(|mut config| {
        let executor: RuntimeExecutor = sc_service::new_wasm_executor(&config.executor);
        let node = service::partial(&mut config)?;
        let block = match &command.at {
            Some(block) => block.parse::<Block>()?,
            None => BlockId::Hash(node.client.usage_info().chain.best_hash),
        };
        let hash = sp_runtime::traits::BlockIdTo::<Block>::to_hash(&*node.client, &block)
            .map_err(|error| error.to_string())?
            .ok_or_else(|| format!("the database has no {block}; see `weft-node chain-info`"))?;
        let state = node.backend.state_at(hash, TrieCacheContext::Untrusted)?;

        let code = match &command.runtime {
            Some(file) => std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?,
            None => weft_runtime::WASM_BINARY
                .ok_or("this binary was built without its runtime")?
                .to_vec(),
        };
        let fetcher = WrappedRuntimeCode(code.as_slice().into());
        let runtime = RuntimeCode {
            code_fetcher: &fetcher,
            heap_pages: None,
            hash: weft_primitives::keccak256(&code).as_bytes().to_vec(),
        };
        let checks = UpgradeCheckSelect::from(command.checks);
        let answer = StateMachine::new(
            &state,
            &mut OverlayedChanges::default(),
            &executor,
            "TryRuntime_on_runtime_upgrade",
            &checks.encode(),
            &mut Default::default(),
            &runtime,
            CallContext::Offchain,
        )
        .execute()
        .map_err(|error| format!("the runtime fails on the state of {hash:?}: {error}"))?;
        let (taken, limit) = <(Weight, Weight)>::decode(&mut &answer[..])
            .map_err(|error| format!("the runtime's answer cannot be read: {error}"))?;
        println!(
            "upgrade on the state of {hash:?}: passed ({:?} checked)",
            command.checks
        );
        println!("weight {taken} of at most {limit}");
        match taken.all_lte(limit) {
            true => Ok(()),
            false => Err("the upgrade is heavier than a block: split its migrations".into()),
        }
    })
}
