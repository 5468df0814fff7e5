//! Reading receipts.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{BoundedVec, traits::ConstU32};
use pallet_data_bus::DataBus;
use scale_info::TypeInfo;
use sp_runtime::DispatchError;
use weft_primitives::{
    GatewayId, H256, Query, SourceBlock,
    input::{LogEntry, Section},
    query::EventFilter,
    source::{Ancestry, Content, Hop},
};

use crate::{Config, Pallet};

/// What shows the receipts of transactions of a block of Ethereum.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ReceiptEvidence {
    /// The block, and the indices of the transactions.
    pub block: SourceBlock,
    /// What leads to it from a block that this chain knows to be final; empty for one of those.
    pub ancestry: Ancestry,
    /// The header, and the paths to the receipts.
    pub receipts: Content,
}

impl ReceiptEvidence {
    /// Bytes that are read, as the data bus counts them.
    pub fn byte_count(&self) -> u32 {
        let hops = self.ancestry.iter().map(Hop::byte_count).sum::<usize>();
        u32::try_from(self.receipts.byte_count().saturating_add(hops)).unwrap_or(u32::MAX)
    }
}

impl<T: Config> Pallet<T> {
    /// The logs of a gateway that final receipts show and that begin with one of `topics`, in order.
    pub(crate) fn logs(
        gateway: GatewayId,
        evidence: &ReceiptEvidence,
        topics: &[H256],
    ) -> Result<Vec<LogEntry>, DispatchError> {
        let filter = EventFilter {
            addresses: BoundedVec::truncate_from(alloc::vec![gateway.address]),
            topics: BoundedVec::truncate_from(alloc::vec![BoundedVec::<
                _,
                ConstU32<{ weft_primitives::query::MAX_TOPIC_ALTERNATIVES }>,
            >::truncate_from(topics.to_vec())]),
        };
        let query = Query::TransactionEvents {
            chain_id: gateway.chain_id,
            filter,
        };
        T::DataBus::check_block(&evidence.block, &query)?;
        T::DataBus::check_final(&evidence.block, &evidence.ancestry)?;
        let proved = T::DataBus::prove(&evidence.block, &query, &evidence.receipts)?;
        let Section::TransactionEvents(_, blocks) = proved.content else {
            return Ok(Vec::new());
        };
        Ok(blocks.into_iter().flat_map(|block| block.logs).collect())
    }
}
