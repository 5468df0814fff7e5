//! Logs, signals, and trying again.

use std::{io::IsTerminal, time::Duration};

use tracing_subscriber::EnvFilter;

/// Longest pause between attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Starts the log, on standard error. `RUST_LOG` chooses what is in it.
pub(crate) fn log(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| {
        EnvFilter::new(
            "warn,weft_worker=info,weft_compute=info,weft_relayer=info,weft_beacon=info,weft_ethereum=info",
        )
    });
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    if json {
        log.json().flatten_event(true).init()
    } else {
        log.with_target(false).init()
    }
}

/// Ends when the process is asked to stop.
pub(crate) async fn stop_signal() {
    let interrupted = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => drop(interrupted.await),
    }
}

/// How long to wait after the given number of failures in a row.
pub(crate) fn pause(poll: Duration, failures: u32) -> Duration {
    poll.saturating_mul(1 << failures.min(6))
        .min(LONGEST_PAUSE.max(poll))
}
