//! What the chain keeps of triggers.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A bounty for runs of an index, which workers start by themselves when there is something to read.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Trigger<AccountId, Balance> {
    /// Who pays.
    pub sponsor: AccountId,
    /// What is left, held on the sponsor's account.
    pub bounty: Balance,
    /// What a run pays.
    pub fee: Balance,
    /// How many slots lie at least between the starts of two runs.
    pub interval: u64,
    /// How many slots a run may take.
    pub duration: u64,
    /// The slot, by this chain's clock, before which no run starts.
    pub next: u64,
    /// Whether a run has trapped, so that the next one would too.
    pub paused: bool,
    /// Runs that it has started.
    pub runs: u64,
}
