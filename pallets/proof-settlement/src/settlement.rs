//! What follows from a proof, right or wrong.

use frame_support::traits::{
    fungible::MutateHold,
    tokens::{Fortitude, Precision, Restriction},
};
use pallet_outbox::Outbox;
use pallet_zkgraph_registry::Graphs;
use sp_runtime::{DispatchResult, traits::Convert};
use weft_primitives::{H256, JobId, JobStatus, Message, Outcome, ProofError, ProofSystems, Submission};

use crate::{
    AccountOf, Config, Error, Event, HoldReason, Jobs, LockedJobs, OpenJobs, Pallet, Snapshots,
    submission::{Checked, Locked},
};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_submit(worker: AccountOf<T>, id: JobId, submission: Submission) -> DispatchResult {
        let locked = Self::locked_by(&worker, id)?;
        let checked = Self::check_submission(&worker, id, &locked, &submission)?;
        let proof_system = locked.snapshot.proof_system;
        let verdict = T::ProofSystems::verify(proof_system, &checked.key, &checked.claim, &submission.proof)
            .ok_or(Error::<T>::UnknownProofSystem)?;
        match verdict {
            Ok(()) => Self::settle(worker, id, locked, checked, submission),
            // Not the fault of the worker.
            Err(ProofError::MalformedKey) => Err(Error::<T>::UnusableKey.into()),
            Err(ProofError::MalformedImage) => Err(Error::<T>::UnusableImage.into()),
            Err(ProofError::MalformedClaim) => Err(Error::<T>::UnusableClaim.into()),
            // Found before the expensive part; the fee of the transaction covers it.
            Err(ProofError::MalformedProof) => Err(Error::<T>::MalformedProof.into()),
            Err(ProofError::TooManySteps) => Err(Error::<T>::TooManySteps.into()),
            Err(error @ (ProofError::Invalid | ProofError::Panicked)) => {
                Self::refuse(worker, id, locked, error)
            }
        }
    }

    /// A wrong proof: the bond is gone, and the job is open again.
    fn refuse(worker: AccountOf<T>, id: JobId, locked: Locked<T>, error: ProofError) -> DispatchResult {
        let Locked { mut job, bond, .. } = locked;
        Self::slash_bond(&worker, bond);
        Self::unlock(id, &job, &worker)?;
        Self::deposit_event(Event::ProofRefused {
            job: id,
            worker,
            bond,
            error,
        });
        job.refused_proofs = job.refused_proofs.saturating_add(1);
        job.status = JobStatus::Open;
        OpenJobs::<T>::insert(id, ());
        Jobs::<T>::insert(id, job);
        Ok(())
    }

    /// A right proof: the worker is paid, and what the run did takes effect.
    fn settle(
        worker: AccountOf<T>,
        id: JobId,
        locked: Locked<T>,
        checked: Checked,
        submission: Submission,
    ) -> DispatchResult {
        let Locked {
            mut job,
            bond,
            locked_at,
            snapshot,
        } = locked;
        let statement_digest = checked.claim.statement;
        T::Currency::release(&HoldReason::Bond.into(), &worker, bond, Precision::Exact)?;
        // By force: what is held may also be frozen, and a worker is not paid less for that.
        T::Currency::transfer_on_hold(
            &HoldReason::Fee.into(),
            &job.offerer,
            &worker,
            job.fee,
            Precision::Exact,
            Restriction::Free,
            Fortitude::Force,
        )?;
        Snapshots::<T>::remove(id);
        LockedJobs::<T>::remove(&worker, id);

        let outcome = submission.statement.outcome;
        let mut message = None;
        if outcome == Outcome::Ok {
            let moves_state = !checked.manifest.state.is_stateless();
            // All sources of an index read up to the same block.
            let next_block = job
                .blocks
                .iter()
                .map(|block| block.number.saturating_add(1))
                .max();
            T::Graphs::settle_run(
                job.graph,
                moves_state.then_some(submission.next_state),
                next_block,
            )?;
            if checked.manifest.destination.is_some() {
                let statement = submission.statement;
                let owner = H256(T::AccountBytes::convert(snapshot.owner));
                let offerer = H256(T::AccountBytes::convert(job.offerer.clone()));
                let nonce = T::Outbox::append(offerer, |nonce| Message {
                    weft_genesis: statement.weft_genesis,
                    nonce,
                    graph: statement.graph,
                    owner,
                    job: id,
                    statement: statement_digest,
                    sources: statement.sources,
                    destination: statement.destination,
                    payload: statement.output,
                })?;
                message = Some(nonce);
            }
            Self::deposit_event(Event::JobSettled {
                job: id,
                graph: job.graph,
                worker: worker.clone(),
                statement: statement_digest,
                message,
            });
        } else {
            T::Graphs::settle_run(job.graph, None, None)?;
            Self::pause(&job);
            Self::deposit_event(Event::RunTrapped {
                job: id,
                graph: job.graph,
                offerer: job.offerer.clone(),
                worker: worker.clone(),
                statement: statement_digest,
            });
        }
        job.status = JobStatus::Settled {
            worker,
            locked_at,
            settled_at: frame_system::Pallet::<T>::block_number(),
            outcome,
            statement: statement_digest,
            message,
        };
        Self::finish(id, job);
        Ok(())
    }
}
