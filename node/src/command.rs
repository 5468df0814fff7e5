//! What the node does for each subcommand.

use sc_cli::SubstrateCli;
use sc_network::{Litep2pNetworkBackend, NetworkWorker, config::NetworkBackendType};
use sc_service::PartialComponents;
use weft_runtime::{Hash, opaque::Block};

use crate::{
    chain_spec::{self, ChainSpec},
    cli::{Cli, Subcommand},
    service,
};

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Weft node".into()
    }

    fn impl_version() -> String {
        env!("SUBSTRATE_CLI_IMPL_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }

    fn support_url() -> String {
        "the repository's README".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
        Ok(match id {
            "dev" => Box::new(chain_spec::development()?),
            "" | "local" => Box::new(chain_spec::local_testnet()?),
            "testnet" => Box::new(chain_spec::testnet()?),
            file => Box::new(ChainSpec::from_json_file(file.into())?),
        })
    }
}

/// Reads the command line and does what it says, until done or stopped by a signal.
pub(crate) fn run() -> sc_cli::Result<()> {
    let cli = Cli::from_args();

    match &cli.subcommand {
        None => run_node(&cli),
        Some(Subcommand::Key(command)) => command.run(&cli),
        Some(Subcommand::ExportChainSpec(command)) => command.run(cli.load_spec(&command.chain)?),
        Some(Subcommand::CheckBlock(command)) => cli.create_runner(command)?.async_run(|mut config| {
            let PartialComponents {
                client,
                task_manager,
                import_queue,
                ..
            } = service::partial(&mut config)?;
            Ok((command.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(command)) => cli.create_runner(command)?.async_run(|mut config| {
            let PartialComponents {
                client, task_manager, ..
            } = service::partial(&mut config)?;
            Ok((command.run(client, config.database), task_manager))
        }),
        Some(Subcommand::ExportState(command)) => cli.create_runner(command)?.async_run(|mut config| {
            let PartialComponents {
                client, task_manager, ..
            } = service::partial(&mut config)?;
            Ok((command.run(client, config.chain_spec), task_manager))
        }),
        Some(Subcommand::ImportBlocks(command)) => cli.create_runner(command)?.async_run(|mut config| {
            let PartialComponents {
                client,
                task_manager,
                import_queue,
                ..
            } = service::partial(&mut config)?;
            Ok((command.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::PurgeChain(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run(config.database)),
        Some(Subcommand::Revert(command)) => cli.create_runner(command)?.async_run(|mut config| {
            let PartialComponents {
                client,
                task_manager,
                backend,
                ..
            } = service::partial(&mut config)?;
            let revert_consensus = Box::new(|client: std::sync::Arc<service::Client>, backend, blocks| {
                sc_consensus_babe::revert(client.clone(), backend, blocks)?;
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            Ok((command.run(client, backend, Some(revert_consensus)), task_manager))
        }),
        Some(Subcommand::ChainInfo(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run::<Block>(&config)),
        #[cfg(feature = "try-runtime")]
        Some(Subcommand::TryRuntime(command)) => crate::try_runtime::run(&cli, command),
        #[cfg(feature = "runtime-benchmarks")]
        Some(Subcommand::Benchmark(command)) => crate::benchmark::run(&cli, command),
    }
}

/// Runs the node itself.
fn run_node(cli: &Cli) -> sc_cli::Result<()> {
    cli.create_runner(&cli.run)?
        .run_node_until_exit(|config| async move {
            match config.network.network_backend {
                NetworkBackendType::Libp2p => service::full::<NetworkWorker<Block, Hash>>(config),
                NetworkBackendType::Litep2p => service::full::<Litep2pNetworkBackend>(config),
            }
            .map_err(sc_cli::Error::Service)
        })
}
