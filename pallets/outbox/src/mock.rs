//! A runtime with this pallet.

use frame_support::{
    derive_impl,
    traits::{ConstU32, Hooks},
};
use sp_core::offchain::testing::TestPersistentOffchainDB;
use sp_runtime::BuildStorage;

use crate as pallet_outbox;

/// Most messages of a block in this runtime.
pub(crate) const MAX_MESSAGES: u32 = 5;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Outbox = pallet_outbox;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
}

impl pallet_outbox::Config for Test {
    type OrderOrigin = frame_system::EnsureRoot<u64>;
    type MaxMessagesPerBlock = ConstU32<MAX_MESSAGES>;
    type OnMessage = ();
    type WeightInfo = ();
}

/// A fresh chain in block 1.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    let storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// A fresh chain in block 1, and the off-chain database of a node that follows it.
pub(crate) fn new_indexing_ext() -> (sp_io::TestExternalities, TestPersistentOffchainDB) {
    let ext = new_test_ext();
    let database = ext.offchain_db();
    (ext, database)
}

/// Ends the current block and starts the next.
pub(crate) fn next_block() {
    let block = System::block_number();
    Outbox::on_finalize(block);
    crate::try_state::check::<Test>().unwrap();
    System::set_block_number(block + 1);
    Outbox::on_initialize(block + 1);
}
