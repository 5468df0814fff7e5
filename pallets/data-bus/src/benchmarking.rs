//! Benchmarks of the calls. The cost of evidence is measured where it is paid, in the settlement of a run.
//!
//! Updates are real ones, of committees of 512, recorded by `weft-beacon`'s example `record_updates`.

use alloc::boxed::Box;
use codec::Decode;
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Get};
use frame_system::RawOrigin;
use weft_ethereum_proofs::decode_transaction;
use weft_light_client::{Anchor, Checkpoint, Network as EthereumNetwork, Update};
use weft_primitives::{H256, keccak256};

use crate::{
    AllowedChains, AnchorCount, BenchmarkClock, Call, Clock, Config, FinalBlocks, Network, NextCommittee,
    Pallet,
};

/// SCALE of what was recorded.
const RECORDED: &[u8] = include_bytes!("benchmarking/updates.scale");

/// The transaction that EIP-155 has as its example.
const TRANSACTION: &[u8] = &hex_literal::hex!(
    "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"
);

/// A network, a checkpoint, an update with the next committee, and a later one without.
type Recorded = (EthereumNetwork, Checkpoint, Update, Update);

fn recorded() -> Result<Recorded, BenchmarkError> {
    let mut bytes = RECORDED;
    Recorded::decode(&mut bytes).map_err(|_| BenchmarkError::Stop("the recorded updates are of other types"))
}

/// Follows the recorded network from its checkpoint, at a time when all of its slots have come.
fn follow<T: Config>() -> Result<Recorded, BenchmarkError> {
    let recorded = recorded()?;
    let (network, checkpoint, ..) = &recorded;
    T::BenchmarkClock::set(network.genesis_time + 1_000_000);
    Pallet::<T>::reset(network.clone(), checkpoint)?;
    Ok(recorded)
}

/// Fills the ring of anchors with `count` of them.
fn anchored<T: Config>(count: u32) {
    for number in 0..u64::from(count) {
        Pallet::<T>::remember(Anchor {
            slot: number,
            beacon_root: H256::zero(),
            number,
            hash: keccak256(&number.to_le_bytes()),
            parent_hash: H256::zero(),
            state_root: H256::zero(),
            receipts_root: H256::zero(),
            randao: H256::zero(),
            timestamp: number,
        });
    }
}

/// Lets runs read a chain of which `block` is final, and starts the clock.
pub(crate) fn make_final<T: Config>(chain_id: u64, block: H256) {
    AllowedChains::<T>::insert(chain_id, ());
    if let Ok((mut network, ..)) = recorded() {
        network.chain_id = chain_id;
        Network::<T>::put(network);
    }
    Pallet::<T>::remember(Anchor {
        slot: 1,
        beacon_root: H256::zero(),
        number: 1,
        hash: block,
        parent_hash: H256::zero(),
        state_root: H256::zero(),
        receipts_root: H256::zero(),
        randao: H256::zero(),
        timestamp: 1,
    });
    Clock::<T>::put(1);
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn allow_chain() -> Result<(), BenchmarkError> {
        let origin = T::ChainsOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, 1);
        assert!(AllowedChains::<T>::contains_key(1));
        Ok(())
    }

    #[benchmark]
    fn forbid_chain() -> Result<(), BenchmarkError> {
        AllowedChains::<T>::insert(1, ());
        let origin = T::ChainsOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, 1);
        assert!(!AllowedChains::<T>::contains_key(1));
        Ok(())
    }

    /// `a` anchors are forgotten.
    #[benchmark]
    fn reset_light_client(a: Linear<0, { T::MaxAnchors::get() }>) -> Result<(), BenchmarkError> {
        let (network, checkpoint, ..) = recorded()?;
        anchored::<T>(a);
        let origin = T::ChainsOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, network, Box::new(checkpoint));
        assert_eq!(AnchorCount::<T>::get(), 1);
        Ok(())
    }

    #[benchmark]
    fn set_forks() -> Result<(), BenchmarkError> {
        let (network, ..) = follow::<T>()?;
        let origin = T::ChainsOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, network.forks);
        Ok(())
    }

    /// The ring is full, so that an anchor is forgotten too.
    #[benchmark]
    fn submit_update() -> Result<(), BenchmarkError> {
        let (_, _, first, second) = follow::<T>()?;
        Pallet::<T>::apply_update(&first)?;
        anchored::<T>(T::MaxAnchors::get());
        let slot = second.finalized.slot;
        let caller: T::AccountId = whitelisted_caller();
        #[extrinsic_call]
        _(RawOrigin::Signed(caller), Box::new(second));
        assert_eq!(Pallet::<T>::newest().map(|anchor| anchor.slot), Some(slot));
        Ok(())
    }

    #[benchmark]
    fn submit_update_with_committee() -> Result<(), BenchmarkError> {
        let (_, _, first, _) = follow::<T>()?;
        anchored::<T>(T::MaxAnchors::get());
        let caller: T::AccountId = whitelisted_caller();
        #[extrinsic_call]
        submit_update(RawOrigin::Signed(caller), Box::new(first));
        assert!(NextCommittee::<T>::exists());
        Ok(())
    }

    /// Of one transaction that a run reads; part of the weight of its settlement.
    #[benchmark]
    fn recover_sender() -> Result<(), BenchmarkError> {
        let read;
        #[block]
        {
            read = decode_transaction(0, TRANSACTION);
        }
        assert!(read.is_ok());
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
