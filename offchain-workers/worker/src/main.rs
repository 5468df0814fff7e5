//! `weft-worker`: proves the runs that Weft's chain offers, relays results to Ethereum and Ethereum's finality to Weft.
//!
//! `weft-worker help` lists the commands; every option can be given by an environment variable too. Secrets are only taken from
//! the environment or from files, so that they show in no list of processes; a development account may be named.

#![forbid(unsafe_code)]

mod commands;
mod options;
mod service;

use std::process::ExitCode;

use clap::Parser;
use options::{Command, Options};

fn main() -> ExitCode {
    let options = Options::parse();
    service::log(options.json);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "cannot start");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(async {
        tokio::select! {
            result = run(options.command) => result,
            () = service::stop_signal() => {
                tracing::info!("stopped");
                Ok(())
            }
        }
    });
    // A proof that is being made is not waited for: the job stays locked, and the next start makes it.
    runtime.shutdown_background();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), commands::CommandError> {
    match command {
        Command::Compute(options) => commands::compute(options).await,
        Command::Relay(options) => commands::relay(options).await,
        Command::Checkpoint(options) => commands::checkpoint(options).await,
    }
}
