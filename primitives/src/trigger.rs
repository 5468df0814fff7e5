//! What the chain keeps of triggers, and the rules that a worker has to know before it starts a run.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::H256;
use scale_info::TypeInfo;

use crate::{
    JobOrigin, MAX_INPUT_BYTES, Query, SourceBlock,
    source::{MAX_EVIDENCE_BYTES, MAX_RANGE, SourceBlocks},
};

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

/// How large a run is.
#[derive(Clone, Copy, Debug, Default)]
pub struct RunSize {
    /// Events that it reads.
    pub events: usize,
    /// Bytes of evidence.
    pub evidence: usize,
    /// Bytes of input.
    pub input: usize,
    /// Instructions.
    pub steps: u64,
}

impl RunSize {
    /// Whether a run over `blocks` that was started in the way of `origin` has reason to be: it reads events and goes as far as the newest
    /// final blocks, or it is as long as a run can be in one of the ways that bound it, `max_steps` among them.
    pub fn is_reason(&self, origin: JobOrigin, blocks: &[SourceBlock], max_steps: u64) -> bool {
        let longest =
            |block: &SourceBlock| block.number.saturating_sub(block.first) >= u64::from(MAX_RANGE) - 1;
        let full = self.evidence >= MAX_EVIDENCE_BYTES as usize / 2
            || self.input >= MAX_INPUT_BYTES as usize / 2
            || self.steps >= max_steps / 2
            || blocks.iter().any(longest);
        match origin {
            JobOrigin::Offer => true,
            JobOrigin::Trigger => self.events > 0 || full,
            JobOrigin::PartialTrigger => full,
        }
    }
}

/// What a run of an index with these sources reads from the block `first`, its cursor, to the block `number`. `None` if there are too many
/// sources.
pub fn blocks_of_run(sources: &[Query], first: u64, number: u64, hash: H256) -> Option<SourceBlocks> {
    let mut blocks = SourceBlocks::new();
    for query in sources {
        let (first, number, hash) = match query {
            _ if query.is_range() => (first, number, hash),
            Query::State { .. } => Default::default(),
            _ => (number, number, hash),
        };
        let block = SourceBlock {
            chain_id: query.chain_id().unwrap_or(0),
            first,
            number,
            hash,
            transactions: Default::default(),
        };
        blocks.try_push(block).ok()?;
    }
    Some(blocks)
}
