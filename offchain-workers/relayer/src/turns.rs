//! Whose turn it is, where several relayers serve one gateway.
//!
//! Nobody tells relayers of one another. Each waits before a piece of work for a time that follows from its account and the work: mostly one is first by
//! some blocks, another each time, and the others find the work done when their turn comes.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use alloy_primitives::{Address, keccak256};

/// Something that one relayer does and then is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    /// The handover to a validator set.
    Handover(u64),
    /// The delivery of a message, and a commitment for it if it needs one.
    Message(u64),
}

/// When this relayer's turns are.
#[derive(Debug)]
pub struct Turns {
    account: Address,
    longest: Duration,
    seen: HashMap<Work, Instant>,
}

/// More work than this is not remembered: it is past.
const MOST: usize = 100_000;

impl Turns {
    /// For the relayer with this account of Ethereum, which waits for at most `longest`.
    pub fn new(account: Address, longest: Duration) -> Self {
        Self {
            account,
            longest,
            seen: HashMap::new(),
        }
    }

    /// How long this relayer waits from when it sees that there is this work.
    pub fn wait(&self, work: Work) -> Duration {
        let (kind, number) = match work {
            Work::Handover(set) => (0_u8, set),
            Work::Message(nonce) => (1, nonce),
        };
        let seed = [&self.account[..], &[kind], &number.to_be_bytes()].concat();
        let drawn = keccak256(seed);
        let drawn = u32::from_be_bytes([drawn[0], drawn[1], drawn[2], drawn[3]]);
        self.longest.mul_f64(f64::from(drawn) / f64::from(u32::MAX))
    }

    /// Whether the turn for this work has come, which the relayer has now seen at the latest.
    pub fn has_come(&mut self, work: Work, now: Instant) -> bool {
        if self.longest.is_zero() {
            return true;
        }
        if self.seen.len() > MOST {
            self.seen.clear();
        }
        let seen = *self.seen.entry(work).or_insert(now);
        now.saturating_duration_since(seen) >= self.wait(work)
    }
}
