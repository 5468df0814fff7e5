//! A runtime with this pallet and balances.

#![allow(unreachable_pub, reason = "types of a public runtime have to be public")]

use frame_support::{derive_impl, parameter_types};
use sp_runtime::{AccountId32, BuildStorage};
use weft_primitives::{
    Claim, Destination, H160, Manifest, ProofError, ProofSystem,
    manifest::{MANIFEST_VERSION, ManifestBytes, StatePolicy},
    query::{EventFilter, Query},
};

use crate as pallet_zkgraph_registry;

/// Balance of each account at genesis.
pub(crate) const ENDOWMENT: u64 = 1_000_000;

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
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Registry = pallet_zkgraph_registry;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId32;
    type Lookup = sp_runtime::traits::IdentityLookup<AccountId32>;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

/// A proof system that accepts nothing: this pallet only asks whether it is there.
pub struct Known;
impl ProofSystem for Known {
    const ID: u16 = 1;
    fn verify(_: &[u8], _: &Claim, _: &[u8]) -> Result<(), ProofError> {
        Err(ProofError::Invalid)
    }
    fn max_proof_bytes() -> u32 {
        0
    }
}

parameter_types! {
    pub const BaseDeposit: u64 = 100;
    pub const ByteDeposit: u64 = 1;
}

impl pallet_zkgraph_registry::Config for Test {
    type Currency = Balances;
    type ProofSystems = (Known,);
    type BaseDeposit = BaseDeposit;
    type ByteDeposit = ByteDeposit;
    type WeightInfo = ();
}

/// The account with this number.
pub(crate) fn account(number: u8) -> AccountId32 {
    AccountId32::new([number; 32])
}

/// A manifest with this name and policy.
pub(crate) fn manifest(name: &str, state: StatePolicy) -> Manifest {
    Manifest {
        version: MANIFEST_VERSION,
        name: name.as_bytes().to_vec().try_into().unwrap(),
        description: Default::default(),
        sources: vec![Query::Events {
            chain_id: 1,
            filter: EventFilter {
                addresses: vec![H160::repeat_byte(7)].try_into().unwrap(),
                topics: Default::default(),
            },
        }]
        .try_into()
        .unwrap(),
        destination: Some(Destination {
            chain_id: 1,
            gateway: H160::repeat_byte(1),
            target: H160::repeat_byte(2),
            selector: [1, 2, 3, 4],
            gas_limit: 100_000,
        }),
        state,
    }
}

/// The bytes of [`manifest`].
pub(crate) fn manifest_bytes(name: &str, state: StatePolicy) -> ManifestBytes {
    manifest(name, state).to_bytes().unwrap()
}

/// A fresh chain at block 1, with funds for accounts 1 to 3.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    pallet_balances::GenesisConfig::<Test> {
        balances: (1..=3).map(|number| (account(number), ENDOWMENT)).collect(),
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs `test` on a fresh chain and checks the pallet's invariants after it.
pub(crate) fn run(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        crate::try_state::check::<Test>().unwrap();
    });
}
