//! Runs for the mock's proof system, to try the benchmarks with.

#![allow(unreachable_pub, reason = "types of a public runtime have to be public")]

use sp_runtime::AccountId32;

use super::{BenchmarkHelper, RunParts, synthetic};
use crate::mock::{KEY, account, prove};

/// Brings runs that the mock's proof system accepts.
pub struct MockRun;

impl BenchmarkHelper<AccountId32> for MockRun {
    fn run(evidence: u32, _: u32) -> Option<RunParts<AccountId32>> {
        let executed = synthetic::Executed {
            image: b"program".to_vec().try_into().ok()?,
            key: KEY.to_vec().try_into().ok()?,
            steps: 500,
        };
        let worker = account(2);
        let bytes = worker.clone().into();
        Some(synthetic::run(
            account(1),
            worker,
            bytes,
            evidence,
            executed,
            prove,
        ))
    }
}
