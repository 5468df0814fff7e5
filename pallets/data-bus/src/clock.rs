//! The clock: slots of Ethereum that became final, without those of stalls. `docs/decisions/clock.md`.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    pallet_prelude::TypeInfo,
    traits::{Get, UnixTime},
};

use crate::{Clock, Config, Event, Finalized, Network, Pallet, Progress, Stalled};

/// The time that deadlines are counted in. Implemented by the data bus.
pub trait EthereumClock {
    /// Slots of Ethereum that this chain has seen become final in time; it never goes back. `None` before there is a checkpoint.
    fn now() -> Option<u64>;

    /// Whether the clock stands still because finality does not move, on Ethereum or as far as this chain knows.
    fn is_stalled() -> bool;

    /// The most slots that it moves at once.
    fn longest_step() -> u64;
}

/// How fast the clock may go.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Pace {
    /// When finality last moved, in seconds since 1970 by this chain's clock.
    pub moved_at: u64,
    /// Slots that had passed by then and were not counted, at most [`Config::StallAfter`].
    pub credit: u64,
}

impl<T: Config> EthereumClock for Pallet<T> {
    fn now() -> Option<u64> {
        Clock::<T>::get()
    }

    fn is_stalled() -> bool {
        Stalled::<T>::get()
    }

    fn longest_step() -> u64 {
        T::StallAfter::get()
    }
}

impl<T: Config> Pallet<T> {
    /// Seconds since 1970 by this chain's clock, and how many a slot has.
    fn local_time() -> Option<(u64, u64)> {
        let seconds = Network::<T>::get()?.seconds_per_slot;
        Some((T::Time::now().as_secs(), seconds.max(1)))
    }

    /// Counts slots that became final: no more than have passed by this chain's clock since finality last moved, and no more than
    /// [`Config::StallAfter`].
    pub(crate) fn count(slots: u64) {
        let (Some((now, seconds)), Some(finalized)) = (Self::local_time(), Finalized::<T>::get()) else {
            return;
        };
        let pace = Progress::<T>::get().unwrap_or(Pace {
            moved_at: now,
            credit: 0,
        });
        let passed = now.saturating_sub(pace.moved_at) / seconds;
        let allowed = passed.saturating_add(pace.credit).min(T::StallAfter::get());
        let counted = slots.min(allowed);
        Clock::<T>::mutate(|clock| {
            if let Some(clock) = clock {
                *clock = clock.saturating_add(counted);
            }
        });
        Progress::<T>::put(Pace {
            // What is less than a slot counts the next time.
            moved_at: now.max(pace.moved_at) - now.saturating_sub(pace.moved_at) % seconds,
            credit: allowed - counted,
        });
        if Stalled::<T>::take() {
            Self::deposit_event(Event::Resumed {
                slot: finalized.slot,
                frozen: slots - counted,
            });
        }
    }

    /// Starts the clock with the first checkpoint; later ones do not set it.
    pub(crate) fn start(slot: u64) {
        if !Clock::<T>::exists() {
            Clock::<T>::put(slot);
        }
        if let Some((now, _)) = Self::local_time() {
            let first = Progress::<T>::get().is_none();
            Progress::<T>::put(Pace {
                moved_at: now,
                // Slots that are final already must not count twice.
                credit: if first { T::StallAfter::get() } else { 0 },
            });
        }
        if Stalled::<T>::take() {
            Self::deposit_event(Event::Resumed { slot, frozen: 0 });
        }
    }

    /// Says so once when finality has not moved for long.
    pub(crate) fn watch() {
        let (Some((now, seconds)), Some(pace), Some(finalized)) =
            (Self::local_time(), Progress::<T>::get(), Finalized::<T>::get())
        else {
            return;
        };
        let still = now.saturating_sub(pace.moved_at) / seconds;
        if still > T::StallAfter::get() && !Stalled::<T>::get() {
            Stalled::<T>::put(true);
            Self::deposit_event(Event::Stalled { slot: finalized.slot });
        }
    }
}
