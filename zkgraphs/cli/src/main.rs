//! The command `weft`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use weft_cli::{
    commands::{
        bench, compile, exec, image, keys, new, proving, publish, result, reward, run, status, trigger,
    },
    report::print_error,
};

/// Makes, compiles, runs, proves and publishes zkGraphs.
#[derive(Debug, Parser)]
#[command(name = "weft", version, arg_required_else_help = true)]
struct Arguments {
    /// Print the result as JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(new::Arguments),
    Compile(compile::Arguments),
    Exec(exec::Arguments),
    Prove(proving::ProveArguments),
    Verify(proving::VerifyArguments),
    Publish(publish::Arguments),
    Run(run::Arguments),
    Status(status::Arguments),
    #[command(subcommand)]
    Result(result::Command),
    #[command(subcommand)]
    Reward(reward::Command),
    #[command(subcommand)]
    Trigger(trigger::Command),
    Skip(trigger::SkipArguments),
    Image(image::Arguments),
    #[command(subcommand)]
    Keys(keys::Command),
    #[command(subcommand)]
    Bench(bench::Command),
}

fn main() -> ExitCode {
    let Arguments { json, command } = Arguments::parse();
    let report = match &command {
        Command::New(arguments) => new::run(arguments),
        Command::Compile(arguments) => compile::run(arguments),
        Command::Exec(arguments) => exec::run(arguments),
        Command::Prove(arguments) => proving::run_prove(arguments),
        Command::Verify(arguments) => proving::run_verify(arguments),
        Command::Publish(arguments) => publish::run(arguments),
        Command::Run(arguments) => run::run(arguments, json),
        Command::Status(arguments) => status::run(arguments),
        Command::Result(command) => result::run(command),
        Command::Reward(command) => reward::run(command),
        Command::Trigger(command) => trigger::run(command),
        Command::Skip(arguments) => trigger::skip(arguments),
        Command::Image(arguments) => image::run(arguments),
        Command::Keys(command) => keys::run(command),
        Command::Bench(command) => bench::run(command),
    };
    match report {
        Ok(report) => {
            report.print(json);
            ExitCode::SUCCESS
        }
        Err(error) => {
            print_error(&error, json);
            ExitCode::FAILURE
        }
    }
}
