//! What did not go well is tried again later, and does not stop the rest.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// The first pause; each further one is twice as long.
const FIRST: Duration = Duration::from_secs(2);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(300);

/// Things that wait until they are tried again.
#[derive(Debug)]
pub(crate) struct Later<K> {
    waiting: BTreeMap<K, (u32, Instant)>,
}

impl<K: Ord> Later<K> {
    /// Nothing waits.
    pub(crate) fn new() -> Self {
        Self {
            waiting: BTreeMap::new(),
        }
    }

    /// Has a thing wait, longer each time. How often it has.
    pub(crate) fn put(&mut self, thing: K) -> u32 {
        let (times, until) = self.waiting.entry(thing).or_insert((0, Instant::now()));
        let pause = FIRST.saturating_mul(1 << (*times).min(16)).min(LONGEST);
        *times += 1;
        *until = Instant::now() + pause;
        *times
    }

    /// Whether a thing has to wait still.
    pub(crate) fn waits(&self, thing: &K) -> bool {
        self.waiting
            .get(thing)
            .is_some_and(|(_, until)| *until > Instant::now())
    }

    /// A thing went well.
    pub(crate) fn done(&mut self, thing: &K) {
        self.waiting.remove(thing);
    }
}
