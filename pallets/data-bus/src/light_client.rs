//! What the light client knows, in storage.

use frame_support::{
    BoundedVec, ensure,
    traits::{ConstU32, Get, UnixTime},
};
use sp_runtime::DispatchResult;
use weft_light_client::{
    Anchor, Checkpoint, ForkStart, Network as EthereumNetwork, Store, Update, network::MAX_FORKS,
};
use weft_primitives::H256;

use crate::{
    AnchorCount, AnchorSlots, Anchors, Config, CurrentCommittee, Error, Event, Finalized, Network,
    NextCommittee, Pallet, SlotByHash, SlotByNumber,
};

/// Execution blocks of Ethereum that are final. Implemented by this pallet.
pub trait FinalBlocks {
    /// The newest.
    fn newest() -> Option<Anchor>;
    /// The one that the beacon block of a slot showed.
    fn by_slot(slot: u64) -> Option<Anchor>;
    /// The one with a number.
    fn by_number(number: u64) -> Option<Anchor>;
    /// The one with a hash.
    fn by_hash(hash: H256) -> Option<Anchor>;
    /// The oldest whose number is not less than `number`.
    fn at_or_after(number: u64) -> Option<Anchor>;
}

impl<T: Config> FinalBlocks for Pallet<T> {
    fn newest() -> Option<Anchor> {
        let place = AnchorCount::<T>::get().checked_sub(1)?;
        Self::by_slot(AnchorSlots::<T>::get(Self::place(place))?)
    }

    fn by_slot(slot: u64) -> Option<Anchor> {
        Anchors::<T>::get(slot)
    }

    fn by_number(number: u64) -> Option<Anchor> {
        Self::by_slot(SlotByNumber::<T>::get(number)?)
    }

    fn by_hash(hash: H256) -> Option<Anchor> {
        Self::by_slot(SlotByHash::<T>::get(hash)?)
    }

    fn at_or_after(number: u64) -> Option<Anchor> {
        let anchor = |count: u64| Self::by_slot(AnchorSlots::<T>::get(Self::place(count))?);
        let end = AnchorCount::<T>::get();
        let (mut low, mut high) = (end.saturating_sub(T::MaxAnchors::get().into()), end);
        // Numbers rise with the slots.
        while low < high {
            let middle = low + (high - low) / 2;
            if anchor(middle)?.number < number {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        anchor(low).filter(|_| low < end)
    }
}

impl<T: Config> Pallet<T> {
    /// Where the anchor with this count is in the ring.
    pub(crate) fn place(count: u64) -> u32 {
        (count % u64::from(T::MaxAnchors::get().max(1))) as u32
    }

    /// The slot of the beacon chain by this chain's clock; `None` without a network, or before its genesis.
    pub fn current_slot() -> Option<u64> {
        Network::<T>::get()?.slot_at(T::Time::now().as_secs())
    }

    /// What the light client knows; `None` until there is a checkpoint.
    pub fn store() -> Option<Store> {
        Some(Store {
            finalized: Finalized::<T>::get()?,
            current: CurrentCommittee::<T>::get()?,
            next: NextCommittee::<T>::get(),
        })
    }

    pub(crate) fn reset(network: EthereumNetwork, checkpoint: &Checkpoint) -> DispatchResult {
        network.check().map_err(|_| Error::<T>::InvalidNetwork)?;
        let (store, anchor) =
            Store::bootstrap::<T::Crypto>(&network, checkpoint).map_err(Error::<T>::from)?;
        let count = AnchorCount::<T>::take();
        let kept = count.min(u64::from(T::MaxAnchors::get()));
        for place in (count - kept..count).map(Self::place) {
            Self::forget(place);
        }
        let slot = store.finalized.slot;
        Network::<T>::put(network);
        Finalized::<T>::put(store.finalized);
        CurrentCommittee::<T>::put(store.current);
        NextCommittee::<T>::kill();
        Self::start(slot);
        Self::deposit_event(Event::LightClientReset { slot });
        if let Some(anchor) = anchor {
            Self::remember(anchor);
        }
        Ok(())
    }

    pub(crate) fn replace_forks(forks: BoundedVec<ForkStart, ConstU32<MAX_FORKS>>) -> DispatchResult {
        let old = Network::<T>::get().ok_or(Error::<T>::NoCheckpoint)?;
        let finalized = Finalized::<T>::get().ok_or(Error::<T>::NoCheckpoint)?;
        let epoch = old.preset.epoch(finalized.slot);
        let network = EthereumNetwork { forks, ..old.clone() };
        network.check().map_err(|_| Error::<T>::InvalidNetwork)?;
        let past = |network: &EthereumNetwork| {
            let started = network.forks.iter().filter(|start| start.epoch <= epoch);
            started.copied().collect::<alloc::vec::Vec<_>>()
        };
        ensure!(past(&old) == past(&network), Error::<T>::PastForksChanged);
        Network::<T>::put(network);
        Self::deposit_event(Event::ForksSet);
        Ok(())
    }

    pub(crate) fn apply_update(update: &Update) -> DispatchResult {
        let network = Network::<T>::get().ok_or(Error::<T>::NoCheckpoint)?;
        let mut store = Self::store().ok_or(Error::<T>::NoCheckpoint)?;
        let now = network
            .slot_at(T::Time::now().as_secs())
            .ok_or(Error::<T>::BeforeGenesis)?;
        let period = store.period(&network);
        let progress = store
            .apply::<T::Crypto>(&network, now, update)
            .map_err(Error::<T>::from)?;
        let entered = store.period(&network);
        if entered > period {
            CurrentCommittee::<T>::put(&store.current);
        }
        if entered > period || progress.learned_committee {
            NextCommittee::<T>::set(store.next);
        }
        if progress.learned_committee {
            Self::deposit_event(Event::CommitteeLearned { period: entered + 1 });
        }
        if progress.slots > 0 {
            Finalized::<T>::put(store.finalized);
            Self::deposit_event(Event::Finalized {
                slot: store.finalized.slot,
            });
            Self::count(progress.slots);
        }
        if let Some(anchor) = progress.anchor {
            Self::remember(anchor);
        }
        Ok(())
    }

    /// Puts an anchor in the ring, where the oldest makes room for it.
    pub(crate) fn remember(anchor: Anchor) {
        let count = AnchorCount::<T>::get();
        let place = Self::place(count);
        Self::forget(place);
        let Anchor {
            slot, number, hash, ..
        } = anchor;
        AnchorSlots::<T>::insert(place, slot);
        SlotByNumber::<T>::insert(number, slot);
        SlotByHash::<T>::insert(hash, slot);
        Anchors::<T>::insert(slot, anchor);
        AnchorCount::<T>::put(count + 1);
        Self::deposit_event(Event::Anchored { slot, number, hash });
    }

    /// Takes the anchor in a place of the ring out, if there is one.
    fn forget(place: u32) {
        let Some(anchor) = AnchorSlots::<T>::take(place).and_then(Anchors::<T>::take) else {
            return;
        };
        // A newer anchor may show the same block.
        if SlotByNumber::<T>::get(anchor.number) == Some(anchor.slot) {
            SlotByNumber::<T>::remove(anchor.number);
        }
        if SlotByHash::<T>::get(anchor.hash) == Some(anchor.slot) {
            SlotByHash::<T>::remove(anchor.hash);
        }
    }
}
