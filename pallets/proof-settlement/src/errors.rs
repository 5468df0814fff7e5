//! Why calls are refused.

use frame_support::pallet_macros::pallet_section;

/// The errors of the pallet.
#[pallet_section]
mod errors {
    /// Why a call was refused. The errors of a submission stand in the order of the checks.
    #[pallet::error]
    pub enum Error<T> {
        /// The fee is less than the least.
        FeeTooLow,
        /// The deadline is too near.
        DeadlineTooNear,
        /// The deadline is too far.
        DeadlineTooFar,
        /// There are more or fewer blocks than sources in the manifest.
        WrongBlockCount,
        /// Only its owner, or its trigger, offers runs of a zkGraph that has a state: which blocks it reads colours all later results.
        OnlyOwnerOffers,
        /// The sources of an index do not read the same blocks.
        BlocksDiffer,
        /// The run of an index does not start with the block after the last one that was read.
        NotAtCursor,
        /// The chain does not follow Ethereum yet, and so has no clock to count deadlines by.
        NoClock,
        /// There are more or fewer ancestries than blocks in the job.
        WrongAncestryCount,
        /// The zkGraph is no index: a trigger needs to know which blocks come next.
        NotAnIndex,
        /// The zkGraph has no trigger.
        NoTrigger,
        /// Only the zkGraph's owner sets its trigger.
        NotOwner,
        /// Another account, which owned the zkGraph before, sponsors its trigger: close that first.
        TriggerOfAnother,
        /// The trigger started a run too recently.
        TriggerTooSoon,
        /// A run of the trigger trapped. The zkGraph's owner sets the trigger anew when that is dealt with.
        TriggerIsPaused,
        /// The bounty is used up.
        BountySpent,
        /// A run that was triggered has nothing to read, or stops before the newest final blocks, and is not as long as a run can be.
        NothingHappened,
        /// The bounty would not pay a single run.
        BountyTooLow,
        /// Something has changed since the worker looked: manifest, key, fee, deadline, blocks, or a state that is read.
        TermsChanged,
        /// Two equal sources have the same block, or a later source an earlier block: an event must not be read twice.
        BlocksNotRising,
        /// The proof system has no verifying key.
        NoKey,
        /// The job is not open: somebody has locked it.
        JobNotOpen,
        /// The deadline of the job has not passed.
        DeadlineNotPassed,
        /// There is no such job, or it finished too long ago to be remembered.
        UnknownJob,
        /// The job is settled already.
        AlreadySettled,
        /// The deadline of the job has passed.
        JobExpired,
        /// Nobody has locked the job.
        NotLocked,
        /// Another worker has locked the job.
        LockedByAnother,
        /// The statement is of a version that this runtime does not know.
        UnknownVersion,
        /// The statement is of another chain than this one.
        WrongGenesis,
        /// The statement is of another zkGraph than the job.
        WrongGraph,
        /// The statement has another manifest than the job was locked with.
        WrongManifest,
        /// The statement has another proof system than the job was locked with.
        WrongProofSystem,
        /// The runtime has no proof system with this id.
        UnknownProofSystem,
        /// The statement has another key than the job was locked with.
        WrongKey,
        /// The key that the job was locked with has been removed.
        UnknownKey,
        /// The statement has another image than the job was locked with.
        WrongImage,
        /// The statement is of another job or another prover.
        WrongContext,
        /// The statement has another destination than the manifest.
        WrongDestination,
        /// The run has more instructions than the bound.
        TooManySteps,
        /// The statement starts from another state than the zkGraph's.
        WrongPriorState,
        /// The state submitted is not the one of the statement.
        WrongNextState,
        /// A stateless zkGraph cannot leave a state.
        StatelessGraph,
        /// A trapped run cannot have an output or change the state.
        TrappedRunHasEffects,
        /// The run trapped, and its program reads advice: the prover may have brought that about, so it proves nothing.
        TrapWithAdvice,
        /// There is more or less evidence than blocks in the job.
        WrongEvidenceCount,
        /// The evidence of all blocks together has more bytes than the bound.
        EvidenceTooLarge,
        /// The statement has other sources than the evidence shows.
        WrongSources,
        /// The input of the run has more bytes than the bound.
        InputTooLarge,
        /// The statement has another input than the evidence and the state give.
        WrongInput,
        /// The output of the run has more bytes than the bound.
        OutputTooLarge,
        /// The bytes submitted are not a proof.
        MalformedProof,
        /// The verifying key cannot be read.
        UnusableKey,
        /// The program commitment of the zkGraph cannot be read.
        UnusableImage,
        /// The verifier cannot read what this runtime asks it to verify.
        UnusableClaim,
    }
}
