//! `weft-node benchmark`: measures the runtime with our own host functions, which the stock tool lacks.

use frame_benchmarking_cli::{BenchmarkCmd, SUBSTRATE_REFERENCE_HARDWARE};
use sc_cli::SubstrateCli;
use sp_runtime::traits::HashingFor;
use weft_runtime::opaque::Block;

use crate::{cli::Cli, executor::HostFunctions, service};

/// Runs the benchmark that `command` names.
pub(crate) fn run(cli: &Cli, command: &BenchmarkCmd) -> sc_cli::Result<()> {
    cli.create_runner(command)?.sync_run(|mut config| match command {
        BenchmarkCmd::Pallet(command) => {
            command.run_with_spec::<HashingFor<Block>, HostFunctions>(Some(config.chain_spec))
        }
        BenchmarkCmd::Overhead(command) => {
            command.run_with_default_builder_and_spec::<Block, HostFunctions>(Some(config.chain_spec))
        }
        BenchmarkCmd::Block(command) => command.run(service::partial(&mut config)?.client),
        BenchmarkCmd::Storage(command) => {
            let node = service::partial(&mut config)?;
            let database = node.backend.expose_db();
            let storage = node.backend.expose_storage();
            let trie_cache = node.backend.expose_shared_trie_cache();
            command.run(config, node.client, database, storage, trie_cache)
        }
        BenchmarkCmd::Machine(command) => command.run(&config, SUBSTRATE_REFERENCE_HARDWARE.clone()),
        BenchmarkCmd::Extrinsic(_) => {
            Err("not supported: `benchmark overhead` measures an empty transaction".into())
        }
    })
}
