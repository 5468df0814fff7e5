//! What the chain keeps of a run.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::H256;
use scale_info::TypeInfo;

use crate::{
    GraphId, ImageBytes, Outcome, ProofBytes, StateBytes, Statement, keccak256,
    manifest::ManifestBytes,
    source::{Content, Evidence, SourceBlocks},
};

/// A run that was offered, with its timeline.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Job<AccountId, Balance, BlockNumber> {
    /// The zkGraph to run.
    pub graph: GraphId,
    /// Who pays.
    pub offerer: AccountId,
    /// The blocks to read, one for each source of the manifest.
    pub blocks: SourceBlocks,
    /// What the worker gets.
    pub fee: Balance,
    /// When it was offered.
    pub offered_at: BlockNumber,
    /// The last slot of Ethereum, by this chain's clock, at which it can settle.
    pub deadline: u64,
    /// Who started it.
    pub origin: JobOrigin,
    /// Wrong proofs that were submitted for it.
    pub refused_proofs: u32,
    /// How far it is.
    pub status: JobStatus<AccountId, Balance, BlockNumber>,
}

/// Who started a job.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub enum JobOrigin {
    /// Somebody offered it.
    #[codec(index = 0)]
    Offer,
    /// A worker, by the zkGraph's trigger, and up to the newest blocks that were final; or after the trigger had waited for long.
    #[codec(index = 1)]
    Trigger,
    /// A worker, by the zkGraph's trigger, and not as far as could be read: so it has to be as long as a run can be.
    #[codec(index = 2)]
    PartialTrigger,
}

impl JobOrigin {
    /// Whether the bounty of the zkGraph's trigger pays.
    pub fn is_trigger(self) -> bool {
        self != Self::Offer
    }
}

/// The digest of all that a run is locked with, so that a worker locks what it has looked at and nothing else: keccak256 of the SCALE
/// encoding of manifest digest, key digest, who started it, fee, the slots that a run that is being triggered may take or the deadline of
/// one that is there, and the blocks, with the digests of the states of other zkGraphs.
pub fn run_terms(
    manifest: H256,
    key: H256,
    origin: JobOrigin,
    fee: &impl Encode,
    slots: u64,
    blocks: &SourceBlocks,
) -> H256 {
    keccak256(&(manifest, key, origin, fee, slots, blocks).encode())
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub enum JobStatus<AccountId, Balance, BlockNumber> {
    /// Any worker can lock it.
    #[codec(index = 0)]
    Open,
    /// A worker has promised to prove it.
    #[codec(index = 1)]
    Locked {
        /// The worker.
        worker: AccountId,
        /// What is held on the worker's account.
        bond: Balance,
        /// When it was locked.
        locked_at: BlockNumber,
    },
    /// It is proved, paid and over.
    #[codec(index = 2)]
    Settled {
        /// Who proved it.
        worker: AccountId,
        /// When it was locked.
        locked_at: BlockNumber,
        /// When it was settled.
        settled_at: BlockNumber,
        /// Whether the program returned or trapped.
        outcome: Outcome,
        /// Digest of the statement that was proved.
        statement: H256,
        /// Nonce of the message that went to the outbox, if one did.
        message: Option<u64>,
    },
    /// Its deadline passed; the fee went back.
    #[codec(index = 3)]
    Expired {
        /// The worker that had locked it, if any.
        worker: Option<AccountId>,
        /// When it was closed.
        expired_at: BlockNumber,
    },
}

/// What a run was locked with. A proof of the run stays valid whatever happens to the zkGraph or the keys afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct RunSnapshot<AccountId> {
    /// Owner of the zkGraph.
    pub owner: AccountId,
    /// Its manifest, encoded.
    pub manifest: ManifestBytes,
    /// Its program commitment.
    pub image: ImageBytes,
    /// Its proof system.
    pub proof_system: u16,
    /// Digest of the verifying key.
    pub key: H256,
}

/// What a worker submits for a job.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Submission {
    /// What the proof shows.
    pub statement: Statement,
    /// What shows what each source held, in the order of the job's blocks.
    pub evidence: Evidence,
    /// The state after the run.
    pub next_state: StateBytes,
    /// The proof.
    pub proof: ProofBytes,
}

impl Submission {
    /// Bytes of all evidence.
    pub fn evidence_bytes(&self) -> u32 {
        let bytes: usize = self.evidence.iter().map(Content::byte_count).sum();
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }
}
