//! What the chain keeps of triggers.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::JobOrigin;

/// How many blocks a run may stop before the newest final one and still be said to go as far as it could: two epochs and more, since
/// others may bring newer ones while a worker looks.
pub const NEAR_THE_END: u64 = 128;
/// After how many slots in which nobody started a run any part of what there is to read may be read alone.
pub const PATIENCE: u64 = 192;

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

impl<AccountId, Balance> Trigger<AccountId, Balance> {
    /// What a run up to the block `number` is that is started now, while the newest final block is `newest`.
    pub fn origin(&self, now: u64, number: u64, newest: u64) -> JobOrigin {
        let near = number.saturating_add(NEAR_THE_END) >= newest;
        let waited = now.saturating_sub(self.next) >= PATIENCE;
        match near || waited {
            true => JobOrigin::Trigger,
            false => JobOrigin::PartialTrigger,
        }
    }
}
