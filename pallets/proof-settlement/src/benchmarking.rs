//! Benchmarks of the calls.
//!
//! `submit` is measured with whole runs that the runtime's [`BenchmarkHelper`] brings, proofs included: only a real proof
//! makes the verifier do all its work. Without one for the asked size, the benchmark is skipped.

#[cfg(test)]
pub(crate) mod mock_run;
pub mod synthetic;

use alloc::{boxed::Box, vec};
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    pallet_prelude::Get,
    traits::{EnsureOrigin, fungible::Mutate},
};
use frame_system::{RawOrigin, pallet_prelude::BlockNumberFor};
use pallet_data_bus::DataBus;
use pallet_zkgraph_registry::Graphs;
use sp_runtime::traits::{Saturating, Zero};
use weft_primitives::{
    H256, ImageBytes, JobOrigin, JobStatus, KeyBytes, MAX_IMAGE_BYTES, MAX_KEY_BYTES, Submission,
    job::run_terms,
    keccak256,
    manifest::ManifestBytes,
    source::{Ancestry, MAX_ANCESTRY_BYTES, MAX_EVIDENCE_BYTES, SourceBlocks},
};

use crate::{AccountOf, BalanceOf, Call, Config, CurrentKey, Jobs, Keys, Pallet, Snapshots, Triggers};

/// A run with its proof, to measure with. It is job 0 of a fresh chain.
#[derive(Clone, Debug)]
pub struct RunParts<AccountId> {
    /// Hash of the genesis block that the statement names.
    pub genesis: H256,
    /// Owner of the zkGraph and offerer of the run.
    pub owner: AccountId,
    /// Whose context is in the statement.
    pub worker: AccountId,
    /// Program commitment.
    pub image: ImageBytes,
    /// Manifest, of an index with a destination.
    pub manifest: ManifestBytes,
    /// The verifying key.
    pub key: KeyBytes,
    /// The blocks of the run.
    pub blocks: SourceBlocks,
    /// What is submitted. Its statement names the zkGraph that [`Graphs::register_for_benchmark`] makes of
    /// owner, image and manifest.
    pub submission: Submission,
}

/// Where the benchmark of `submit` gets its runs.
pub trait BenchmarkHelper<AccountId> {
    /// A run with about `evidence` bytes of evidence and the longest proof of at most `proof` bytes; `None` if
    /// there is none.
    fn run(evidence: u32, proof: u32) -> Option<RunParts<AccountId>>;
}

/// The least and the largest proofs that are measured, in bytes. The measured run's output is as long as may be and it calls every
/// precompile, so that its proofs have every shape; what longer ones cost is on the same line.
const LEAST_PROOF: u32 = 64 * 1024;
const LARGEST_PROOF: u32 = 128 * 1024;

fn fund<T: Config>(account: &AccountOf<T>)
where
    T::Currency: Mutate<T::AccountId>,
{
    let balance = T::MinimumFee::get()
        .saturating_add(T::MinimumBond::get())
        .saturating_mul(1_000_u32.into());
    T::Currency::set_balance(account, balance);
}

/// Registers the zkGraph of a run and offers it as job 0.
fn offered<T: Config>(run: &RunParts<T::AccountId>) -> Result<(), BenchmarkError>
where
    T::Currency: Mutate<T::AccountId>,
{
    prepare::<T>(run);
    Pallet::<T>::do_offer(
        run.owner.clone(),
        run.submission.statement.graph,
        run.blocks.clone(),
        T::MinimumFee::get(),
        T::MaximumDuration::get(),
    )?;
    Ok(())
}

/// All that the offer of a run needs.
fn prepare<T: Config>(run: &RunParts<T::AccountId>)
where
    T::Currency: Mutate<T::AccountId>,
{
    let genesis: T::Hash = codec::Decode::decode(&mut run.genesis.as_bytes()).expect("hashes have 32 bytes");
    frame_system::BlockHash::<T>::insert(BlockNumberFor::<T>::zero(), genesis);
    for block in &run.blocks {
        T::DataBus::set_for_benchmark(block.chain_id, block.hash);
    }
    fund::<T>(&run.owner);
    fund::<T>(&run.worker);
    let digest = keccak256(&run.key);
    Keys::<T>::insert(digest, run.key.clone());
    CurrentKey::<T>::insert(run.submission.statement.proof_system, digest);
    T::Graphs::register_for_benchmark(run.owner.clone(), run.image.clone(), run.manifest.clone());
}

/// A run that can be offered, locked and closed. It is never proved.
fn unproved<T: Config>() -> RunParts<T::AccountId> {
    synthetic::run(
        account("owner", 0, 0),
        account("worker", 0, 0),
        [0; 32],
        0,
        synthetic::Executed {
            image: BoundedVec::truncate_from(vec![1; MAX_IMAGE_BYTES as usize]),
            key: BoundedVec::truncate_from(vec![1]),
            steps: 500,
        },
        |_, _| vec![],
    )
}

/// Headers of about `bytes` bytes that lead to the block of a run, the first of them final.
fn ancestry<T: Config>(run: &RunParts<T::AccountId>, bytes: u32) -> Ancestry {
    let (ancestry, anchor) = synthetic::ancestry(run.blocks[0].hash, bytes);
    T::DataBus::set_for_benchmark(run.blocks[0].chain_id, anchor);
    ancestry
}

/// The terms of a run, whose fee is the least.
fn terms<T: Config>(run: &RunParts<T::AccountId>, origin: JobOrigin, slots: u64) -> H256 {
    let (manifest, key) = (keccak256(&run.manifest), keccak256(&run.key));
    run_terms(manifest, key, origin, &T::MinimumFee::get(), slots, &run.blocks)
}

/// Locks job 0, whose block is final itself.
fn lock_unshown<T: Config>(run: &RunParts<T::AccountId>) -> Result<(), BenchmarkError> {
    let terms = terms::<T>(
        run,
        JobOrigin::Offer,
        Jobs::<T>::get(0).map_or(0, |job| job.deadline),
    );
    Pallet::<T>::do_lock(run.worker.clone(), 0, &[Default::default()], terms, None)?;
    Ok(())
}

/// Sets a trigger with a bounty for two runs.
fn with_trigger<T: Config>(run: &RunParts<T::AccountId>) -> Result<(), BenchmarkError>
where
    T::Currency: Mutate<T::AccountId>,
{
    prepare::<T>(run);
    let fee = T::MinimumFee::get();
    Pallet::<T>::do_set_trigger(
        run.owner.clone(),
        run.submission.statement.graph,
        fee,
        1,
        T::MaximumDuration::get(),
        fee.saturating_mul(2_u32.into()),
    )?;
    Ok(())
}

#[benchmarks(where T::Currency: Mutate<T::AccountId>)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn offer() {
        let run = unproved::<T>();
        prepare::<T>(&run);
        let graph = run.submission.statement.graph;
        let duration = T::MaximumDuration::get();
        let fee: BalanceOf<T> = T::MinimumFee::get();
        #[extrinsic_call]
        _(RawOrigin::Signed(run.owner), graph, run.blocks, fee, duration);
        assert!(Jobs::<T>::contains_key(0));
    }

    /// `a` bytes of ancestry.
    #[benchmark]
    fn lock(a: Linear<0, MAX_ANCESTRY_BYTES>) -> Result<(), BenchmarkError> {
        let run = unproved::<T>();
        offered::<T>(&run)?;
        let ancestry = ancestry::<T>(&run, a);
        let ancestries = BoundedVec::truncate_from(vec![ancestry]);
        let terms = terms::<T>(
            &run,
            JobOrigin::Offer,
            Jobs::<T>::get(0).map_or(0, |job| job.deadline),
        );
        #[extrinsic_call]
        _(RawOrigin::Signed(run.worker), 0, Box::new(ancestries), terms);
        assert!(Snapshots::<T>::contains_key(0));
        Ok(())
    }

    #[benchmark]
    fn submit(
        e: Linear<0, MAX_EVIDENCE_BYTES>,
        p: Linear<LEAST_PROOF, LARGEST_PROOF>,
    ) -> Result<(), BenchmarkError> {
        let run = T::BenchmarkHelper::run(e, p).ok_or(BenchmarkError::Skip)?;
        offered::<T>(&run)?;
        lock_unshown::<T>(&run)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(run.worker), 0, Box::new(run.submission));
        let status = Jobs::<T>::get(0).map(|job| job.status);
        assert!(matches!(
            status,
            Some(JobStatus::Settled { message: Some(_), .. })
        ));
        Ok(())
    }

    #[benchmark]
    fn expire() -> Result<(), BenchmarkError> {
        let run = unproved::<T>();
        offered::<T>(&run)?;
        lock_unshown::<T>(&run)?;
        T::DataBus::set_clock_for_benchmark(T::MaximumDuration::get() + 100);
        #[extrinsic_call]
        _(RawOrigin::Signed(run.owner), 0);
        let status = Jobs::<T>::get(0).map(|job| job.status);
        assert!(matches!(status, Some(JobStatus::Expired { worker: Some(_), .. })));
        Ok(())
    }

    #[benchmark]
    fn set_key(k: Linear<0, MAX_KEY_BYTES>) -> Result<(), BenchmarkError> {
        let origin = T::KeyOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let key: KeyBytes = BoundedVec::truncate_from(vec![1; k as usize]);
        let digest = keccak256(&key);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, 1, key);
        assert_eq!(CurrentKey::<T>::get(1), Some(digest));
        Ok(())
    }

    #[benchmark]
    fn remove_key() -> Result<(), BenchmarkError> {
        let origin = T::KeyOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let key: KeyBytes = BoundedVec::truncate_from(vec![1; MAX_KEY_BYTES as usize]);
        let digest = keccak256(&key);
        Keys::<T>::insert(digest, key);
        CurrentKey::<T>::insert(1, digest);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, 1, digest);
        assert!(!Keys::<T>::contains_key(digest));
        Ok(())
    }

    #[benchmark]
    fn set_trigger() -> Result<(), BenchmarkError> {
        let run = unproved::<T>();
        with_trigger::<T>(&run)?;
        let graph = run.submission.statement.graph;
        let (fee, duration) = (T::MinimumFee::get(), T::MaximumDuration::get());
        #[extrinsic_call]
        _(RawOrigin::Signed(run.owner), graph, fee, 5, duration, fee);
        assert_eq!(Triggers::<T>::get(graph).map(|set| set.interval), Some(5));
        Ok(())
    }

    #[benchmark]
    fn close_trigger() -> Result<(), BenchmarkError> {
        let run = unproved::<T>();
        with_trigger::<T>(&run)?;
        let graph = run.submission.statement.graph;
        #[extrinsic_call]
        _(RawOrigin::Signed(run.owner), graph);
        assert!(!Triggers::<T>::contains_key(graph));
        Ok(())
    }

    /// `a` bytes of ancestry.
    #[benchmark]
    fn trigger(a: Linear<0, MAX_ANCESTRY_BYTES>) -> Result<(), BenchmarkError> {
        let run = unproved::<T>();
        with_trigger::<T>(&run)?;
        let ancestry = ancestry::<T>(&run, a);
        let graph = run.submission.statement.graph;
        let terms = terms::<T>(&run, JobOrigin::Trigger, T::MaximumDuration::get());
        let block = &run.blocks[0];
        #[extrinsic_call]
        _(
            RawOrigin::Signed(run.worker),
            graph,
            block.number,
            block.hash,
            Box::new(ancestry),
            terms,
        );
        assert!(Snapshots::<T>::contains_key(0));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
