//! The command line of the node.

/// The command line: options of a running node, or a subcommand.
#[derive(Debug, clap::Parser)]
pub(crate) struct Cli {
    /// What to do instead of running a node.
    #[command(subcommand)]
    pub(crate) subcommand: Option<Subcommand>,

    /// Options of a running node.
    #[clap(flatten)]
    pub(crate) run: sc_cli::RunCmd,
}

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
#[allow(
    clippy::large_enum_variant,
    reason = "one value is made in the life of the process"
)]
pub(crate) enum Subcommand {
    /// Generate, inspect and insert keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Write a chain specification to a file.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Validate blocks.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Export blocks.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Export the state of a block as a chain specification.
    ExportState(sc_cli::ExportStateCmd),

    /// Import blocks.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Remove the whole chain.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Revert the chain to a previous state. Finalized blocks cannot be reverted.
    Revert(sc_cli::RevertCmd),

    /// Print the metadata of the chain's database.
    ChainInfo(sc_cli::ChainInfoCmd),

    /// Try this binary's runtime on the state of the local database, and change nothing.
    #[cfg(feature = "try-runtime")]
    TryRuntime(crate::try_runtime::TryRuntimeCmd),

    /// Measure the runtime and this machine.
    #[cfg(feature = "runtime-benchmarks")]
    #[command(subcommand)]
    Benchmark(frame_benchmarking_cli::BenchmarkCmd),
}
