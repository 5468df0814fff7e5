//! The checks of a submission. `docs/decisions/settlement.md` numbers them; the order here is the same.
//! Nothing is written.

use alloc::vec::Vec;
use frame_support::{ensure, traits::Get};
use pallet_data_bus::DataBus;
use pallet_outbox::Outbox;
use pallet_zkgraph_registry::Graphs;
use sp_runtime::{
    DispatchError, DispatchResult,
    traits::{Convert, Zero},
};
use weft_primitives::{
    Claim, JobId, JobStatus, KeyBytes, MAX_INPUT_BYTES, MAX_OUTPUT_BYTES, Manifest, Outcome, ProofSystems,
    Source, StateBytes, Submission, input, keccak256,
    manifest::{self, StatePolicy},
    output,
    source::MAX_EVIDENCE_BYTES,
    state_root,
    statement::{STATEMENT_VERSION, context},
    trigger::RunSize,
};

use crate::{AccountOf, BalanceOf, Config, Error, JobOf, Jobs, Keys, Pallet, SnapshotOf, Snapshots};

/// A job that the sender of a submission has locked.
pub(crate) struct Locked<T: Config> {
    pub(crate) job: JobOf<T>,
    pub(crate) bond: BalanceOf<T>,
    pub(crate) locked_at: frame_system::pallet_prelude::BlockNumberFor<T>,
    pub(crate) snapshot: SnapshotOf<T>,
}

/// A submission that can be given to the verifier.
pub(crate) struct Checked {
    pub(crate) key: KeyBytes,
    pub(crate) claim: Claim,
    pub(crate) manifest: Manifest,
}

/// What the evidence of a submission shows.
struct Shown {
    /// As the statement has to name them.
    sources: Vec<Source>,
    /// The parts of the input, one for each source.
    sections: Vec<Vec<u8>>,
    /// How many events they have together.
    events: usize,
}

impl<T: Config> Pallet<T> {
    /// Checks 1 to 4: the job is there, and the worker may submit for it.
    pub(crate) fn locked_by(worker: &AccountOf<T>, id: JobId) -> Result<Locked<T>, DispatchError> {
        let job = Jobs::<T>::get(id).ok_or(Error::<T>::UnknownJob)?;
        let late = Self::is_late(&job)?;
        let (bond, locked_at) = match &job.status {
            JobStatus::Settled { .. } => return Err(Error::<T>::AlreadySettled.into()),
            JobStatus::Expired { .. } => return Err(Error::<T>::JobExpired.into()),
            _ if late => return Err(Error::<T>::JobExpired.into()),
            JobStatus::Open => return Err(Error::<T>::NotLocked.into()),
            JobStatus::Locked { worker: other, .. } if other != worker => {
                return Err(Error::<T>::LockedByAnother.into());
            }
            JobStatus::Locked { bond, locked_at, .. } => (*bond, *locked_at),
        };
        let snapshot = Snapshots::<T>::get(id).ok_or(Error::<T>::NotLocked)?;
        Ok(Locked {
            job,
            bond,
            locked_at,
            snapshot,
        })
    }

    /// All other checks but the proof itself, and what it has to show.
    pub(crate) fn check_submission(
        worker: &AccountOf<T>,
        id: JobId,
        locked: &Locked<T>,
        submission: &Submission,
    ) -> Result<Checked, DispatchError> {
        let Locked { job, snapshot, .. } = locked;
        let statement = &submission.statement;
        let key = Self::check_bindings(worker, id, locked, submission)?;

        let manifest = Manifest::from_bytes(&snapshot.manifest).map_err(|_| Error::<T>::WrongManifest)?;
        let destination = manifest.destination.clone().unwrap_or_default();
        ensure!(statement.destination == destination, Error::<T>::WrongDestination);
        ensure!(statement.steps <= T::MaxSteps::get(), Error::<T>::TooManySteps);
        let prior_state = match manifest.state {
            StatePolicy::Sequential | StatePolicy::Index { .. } => T::Graphs::state(job.graph),
            StatePolicy::Stateless => StateBytes::default(),
        };
        Self::check_states(&manifest, &prior_state, submission)?;

        let Shown {
            sources,
            sections,
            events,
        } = Self::prove_sources(&manifest, job, submission)?;
        ensure!(statement.sources.as_slice() == sources, Error::<T>::WrongSources);
        let input = input::encode(&prior_state, &sections);
        ensure!(input.len() <= MAX_INPUT_BYTES as usize, Error::<T>::InputTooLarge);
        ensure!(
            statement.input_digest == keccak256(&input),
            Error::<T>::WrongInput
        );
        let size = RunSize {
            events,
            evidence: submission.evidence_bytes() as usize,
            input: input.len(),
            steps: statement.steps,
        };
        let is_reason = size.is_reason(job.origin, &job.blocks, T::MaxSteps::get());
        ensure!(is_reason, Error::<T>::NothingHappened);

        let output = match statement.outcome {
            Outcome::Ok => output::encode(&submission.next_state, &statement.output),
            Outcome::Trapped => Vec::new(),
        };
        ensure!(
            output.len() <= MAX_OUTPUT_BYTES as usize,
            Error::<T>::OutputTooLarge
        );
        if manifest.destination.is_some() && statement.outcome == Outcome::Ok {
            T::Outbox::ensure_room()?;
        }
        let claim = Claim {
            statement: statement.digest(),
            image: snapshot.image.to_vec(),
            input,
            output,
            outcome: statement.outcome,
            steps: statement.steps,
            advised: manifest.is_advised(),
        };
        Ok(Checked { key, claim, manifest })
    }

    /// Checks 5 to 12: the statement is about this chain, this job, this prover and what the job was locked with.
    fn check_bindings(
        worker: &AccountOf<T>,
        id: JobId,
        locked: &Locked<T>,
        submission: &Submission,
    ) -> Result<KeyBytes, DispatchError> {
        let Locked { job, snapshot, .. } = locked;
        let statement = &submission.statement;
        ensure!(statement.version == STATEMENT_VERSION, Error::<T>::UnknownVersion);
        let genesis =
            frame_system::Pallet::<T>::block_hash(frame_system::pallet_prelude::BlockNumberFor::<T>::zero());
        ensure!(
            genesis.as_ref() == statement.weft_genesis.as_bytes(),
            Error::<T>::WrongGenesis
        );
        ensure!(statement.graph == job.graph, Error::<T>::WrongGraph);
        let manifest = manifest::digest(&snapshot.manifest);
        ensure!(statement.manifest == manifest, Error::<T>::WrongManifest);
        ensure!(
            statement.proof_system == snapshot.proof_system,
            Error::<T>::WrongProofSystem
        );
        let known = T::ProofSystems::contains(snapshot.proof_system);
        ensure!(known, Error::<T>::UnknownProofSystem);
        ensure!(statement.key == snapshot.key, Error::<T>::WrongKey);
        let key = Keys::<T>::get(snapshot.key).ok_or(Error::<T>::UnknownKey)?;
        ensure!(
            statement.image == keccak256(&snapshot.image),
            Error::<T>::WrongImage
        );
        let prover = T::AccountBytes::convert(worker.clone());
        ensure!(
            statement.context == context(id, &prover),
            Error::<T>::WrongContext
        );
        Ok(key)
    }

    /// Checks 15 to 17: the states are those of the statement, and the outcome allows them.
    fn check_states(
        manifest: &Manifest,
        prior_state: &StateBytes,
        submission: &Submission,
    ) -> DispatchResult {
        let Submission {
            statement,
            next_state,
            ..
        } = submission;
        ensure!(
            statement.prior_state == state_root(prior_state),
            Error::<T>::WrongPriorState
        );
        ensure!(
            statement.next_state == state_root(next_state),
            Error::<T>::WrongNextState
        );
        let stateless = manifest.state == StatePolicy::Stateless;
        ensure!(!stateless || next_state.is_empty(), Error::<T>::StatelessGraph);
        if statement.outcome == Outcome::Trapped {
            let without_effect = next_state == prior_state && statement.output.is_empty();
            ensure!(without_effect, Error::<T>::TrappedRunHasEffects);
            // Whoever proves such a run can make it trap.
            ensure!(!manifest.is_advised(), Error::<T>::TrapWithAdvice);
        }
        Ok(())
    }

    /// Check 18: the evidence shows the blocks of the job. Returns what it shows.
    fn prove_sources(
        manifest: &Manifest,
        job: &JobOf<T>,
        submission: &Submission,
    ) -> Result<Shown, DispatchError> {
        let evidence = &submission.evidence;
        ensure!(evidence.len() == job.blocks.len(), Error::<T>::WrongEvidenceCount);
        ensure!(
            submission.evidence_bytes() <= MAX_EVIDENCE_BYTES,
            Error::<T>::EvidenceTooLarge
        );
        let mut sources = Vec::new();
        let mut sections = Vec::new();
        let mut events = 0;
        for ((block, wanted), evidence) in job.blocks.iter().zip(&manifest.sources).zip(evidence) {
            let proved = T::DataBus::prove(block, wanted, evidence)?;
            events += proved.event_count();
            sources.push(proved.source);
            sections.push(proved.section);
        }
        Ok(Shown {
            sources,
            sections,
            events,
        })
    }
}
