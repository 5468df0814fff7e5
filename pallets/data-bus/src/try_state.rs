//! What must always hold in storage.

use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

use crate::{
    AnchorCount, AnchorSlots, Anchors, Clock, Config, CurrentCommittee, Finalized, Network, NextCommittee,
    Pallet, Progress, SlotByHash, SlotByNumber,
};

impl<T: Config> Pallet<T> {
    /// Checks that storage does not contradict itself.
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        let Some(network) = Network::<T>::get() else {
            ensure!(
                !Finalized::<T>::exists() && !CurrentCommittee::<T>::exists() && AnchorCount::<T>::get() == 0,
                "a light client without a network knows something"
            );
            return Ok(());
        };
        ensure!(network.check().is_ok(), "the network cannot be followed");
        let finalized = Finalized::<T>::get().ok_or("a network without a final header")?;
        ensure!(
            Clock::<T>::exists() && Progress::<T>::exists(),
            "a network without a clock"
        );
        let size = network.preset.committee_size();
        let current = CurrentCommittee::<T>::get().ok_or("a network without a committee")?;
        ensure!(
            current.size() == size,
            "the committee has another size than the preset's"
        );
        if let Some(next) = NextCommittee::<T>::get() {
            ensure!(
                next.size() == size,
                "the next committee has another size than the preset's"
            );
        }

        let count = AnchorCount::<T>::get();
        let kept = count.min(u64::from(T::MaxAnchors::get()));
        ensure!(
            AnchorSlots::<T>::iter().count() as u64 == kept,
            "slots that are not in the ring"
        );
        ensure!(
            Anchors::<T>::iter().count() as u64 == kept,
            "anchors that are not in the ring"
        );
        for place in (count - kept..count).map(Self::place) {
            let slot = AnchorSlots::<T>::get(place).ok_or("a hole in the ring")?;
            let anchor = Anchors::<T>::get(slot).ok_or("a slot without its anchor")?;
            ensure!(
                anchor.slot == slot && slot <= finalized.slot,
                "an anchor of another slot"
            );
            let newest = SlotByNumber::<T>::get(anchor.number).ok_or("an anchor that no number leads to")?;
            ensure!(newest >= slot, "a number leads to an older anchor");
            let newest = SlotByHash::<T>::get(anchor.hash).ok_or("an anchor that no hash leads to")?;
            ensure!(newest >= slot, "a hash leads to an older anchor");
        }
        for (number, slot) in SlotByNumber::<T>::iter() {
            let anchor = Anchors::<T>::get(slot).ok_or("a number leads to no anchor")?;
            ensure!(anchor.number == number, "a number leads to another block");
        }
        for (hash, slot) in SlotByHash::<T>::iter() {
            let anchor = Anchors::<T>::get(slot).ok_or("a hash leads to no anchor")?;
            ensure!(anchor.hash == hash, "a hash leads to another block");
        }
        Ok(())
    }
}
