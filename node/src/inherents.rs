//! What the author of a block adds to it, and importers check: the slot and the time.

use sp_consensus_babe::{SlotDuration, inherents::InherentDataProvider as Slot};
use sp_inherents::CreateInherentDataProviders;
use sp_timestamp::InherentDataProvider as Time;
use weft_runtime::{Hash, opaque::Block};

/// Reads the slot and the time from this machine's clock.
#[derive(Clone)]
pub(crate) struct SlotAndTime {
    slot_duration: SlotDuration,
}

impl SlotAndTime {
    /// For a chain whose slots are `slot_duration` long.
    pub(crate) fn new(slot_duration: SlotDuration) -> Self {
        Self { slot_duration }
    }
}

#[async_trait::async_trait]
impl CreateInherentDataProviders<Block, ()> for SlotAndTime {
    type InherentDataProviders = (Slot, Time);

    async fn create_inherent_data_providers(
        &self,
        _parent: Hash,
        (): (),
    ) -> Result<Self::InherentDataProviders, Box<dyn std::error::Error + Send + Sync>> {
        let time = Time::from_system_time();
        Ok((
            Slot::from_timestamp_and_slot_duration(*time, self.slot_duration),
            time,
        ))
    }
}
