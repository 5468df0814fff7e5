//! Benchmarks of the calls and hooks. A report is measured as a claim and, in the runtime, by what its parts cost.

use alloc::{boxed::Box, vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
    pallet_prelude::Get,
    traits::{EnsureOrigin, fungible::Mutate},
};
use frame_system::RawOrigin;
use pallet_data_bus::DataBus;
use pallet_outbox::{OnMessage, Outbox};
use sp_runtime::traits::{Convert, Saturating};
use weft_primitives::{
    Destination, GatewayEvent, GatewayId, GraphId, H160, H256, Message, input::LogEntry,
    source::MAX_RECEIPT_BYTES,
};

use crate::{
    AccountOf, BalanceOf, Call, Config, Keysets, NewestSet, PaidHandovers, Pallet, Registered, Registration,
    Rewards, Sponsor, Sponsors,
    evidence::{delivered, evidence, log},
};

const CHAIN: u64 = 1;
const GATEWAY: GatewayId = GatewayId {
    chain_id: CHAIN,
    address: H160::repeat_byte(0x6a),
};
const GRAPH: GraphId = GraphId::repeat_byte(7);
/// Bytes of a log with one topic and no data.
const LOG_BYTES: u32 = 58;

/// An account with funds for everything.
fn funded<T: Config>(name: &'static str, index: u32) -> AccountOf<T> {
    let who: AccountOf<T> = account(name, index, 0);
    T::Currency::set_balance(&who, T::MinimumReward::get().saturating_mul(1_000_000_u32.into()));
    who
}

/// Somebody who pays for the zkGraph of these benchmarks: the runtime need not know it.
fn sponsored<T: Config>() -> Result<AccountOf<T>, BenchmarkError> {
    use frame_support::traits::fungible::MutateHold;
    let account = funded::<T>("sponsor", 0);
    let reward = T::MinimumReward::get();
    let purse = reward.saturating_mul(1_000_u32.into());
    T::Currency::hold(&crate::HoldReason::Delivery.into(), &account, purse)?;
    Sponsors::<T>::insert(
        GRAPH,
        Sponsor {
            account: account.clone(),
            gateway: GATEWAY,
            purse,
            reward,
        },
    );
    Ok(account)
}

fn message(nonce: u64) -> Message {
    Message {
        weft_genesis: H256::zero(),
        nonce,
        graph: GRAPH,
        owner: H256::zero(),
        job: 0,
        statement: H256::zero(),
        sources: Default::default(),
        destination: Destination {
            chain_id: GATEWAY.chain_id,
            gateway: GATEWAY.address,
            target: H160::repeat_byte(1),
            selector: [0; 4],
            gas_limit: 100_000,
        },
        payload: Default::default(),
    }
}

/// A message whose reward has as many payers as it can have, none of whom pays for another; its nonce.
fn rewarded<T: Config>() -> Result<u64, BenchmarkError> {
    let nonce = T::Outbox::append(H256::zero(), message)?;
    for payer in 0..T::MaxPayers::get() {
        let payer = funded::<T>("payer", nonce as u32 * 64 + payer);
        Pallet::<T>::do_tip(payer, nonce, GATEWAY, T::MinimumReward::get())?;
    }
    let payers = Rewards::<T>::get(nonce, GATEWAY).map_or(0, |reward| reward.payers.len());
    if payers != T::MaxPayers::get() as usize {
        return Err(BenchmarkError::Stop("the reward has fewer payers"));
    }
    Ok(nonce)
}

#[benchmarks(where T::Currency: Mutate<T::AccountId>)]
mod benchmarks {
    use super::*;

    /// In place of another, whose purse is released.
    #[benchmark]
    fn sponsor() -> Result<(), BenchmarkError> {
        sponsored::<T>()?;
        let who = funded::<T>("other", 0);
        let amount = T::MinimumReward::get();
        #[block]
        {
            // Who owns the zkGraph is one read more, whether there is one or not.
            let _ = <T::OwnerOf as Convert<_, Option<T::AccountId>>>::convert(GRAPH);
            Pallet::<T>::replace_sponsor(who.clone(), GRAPH, GATEWAY, amount, amount)?;
        }
        assert!(Sponsors::<T>::get(GRAPH).is_some_and(|found| found.account == who));
        Ok(())
    }

    #[benchmark]
    fn withdraw() -> Result<(), BenchmarkError> {
        let who = sponsored::<T>()?;
        #[extrinsic_call]
        _(RawOrigin::Signed(who), GRAPH);
        assert!(!Sponsors::<T>::contains_key(GRAPH));
        Ok(())
    }

    /// One that takes the place of another.
    #[benchmark]
    fn tip() -> Result<(), BenchmarkError> {
        let nonce = rewarded::<T>()?;
        let who = funded::<T>("other", 0);
        let amount = T::MinimumReward::get().saturating_mul(2_u32.into());
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), nonce, GATEWAY, amount);
        let reward = Rewards::<T>::get(nonce, GATEWAY);
        assert!(reward.is_some_and(|reward| reward.payers.iter().any(|(payer, _)| *payer == who)));
        Ok(())
    }

    #[benchmark]
    fn reclaim() -> Result<(), BenchmarkError> {
        let nonce = rewarded::<T>()?;
        T::DataBus::set_clock_for_benchmark(u64::MAX / 2);
        let who = funded::<T>("other", 0);
        #[extrinsic_call]
        _(RawOrigin::Signed(who), nonce, GATEWAY);
        assert!(!Rewards::<T>::contains_key(nonce, GATEWAY));
        Ok(())
    }

    /// `e` bytes of evidence, full of small logs of the gateway, and `n` deliveries that are paid by as many as can be, each to another.
    #[benchmark]
    fn claim(
        e: Linear<0, MAX_RECEIPT_BYTES>,
        n: Linear<1, { T::MaxEvents::get() }>,
    ) -> Result<(), BenchmarkError> {
        let mut logs: Vec<LogEntry> = Vec::new();
        let mut last = 0;
        for relayer in 0..n {
            last = rewarded::<T>()?;
            logs.push(delivered(GATEWAY, last, [relayer as u8 + 1; 32]));
        }
        let others = e.saturating_sub(200 * n + 1_000) / LOG_BYTES;
        let topic = GatewayEvent::paid_topics()[0];
        logs.extend((0..others).map(|_| log(GATEWAY.address, vec![topic], vec![])));
        let shown = evidence(CHAIN, &[logs]);
        T::DataBus::set_for_benchmark(CHAIN, shown.block.hash);
        let who = funded::<T>("other", 0);
        #[extrinsic_call]
        _(RawOrigin::Signed(who), GATEWAY, Box::new(shown), 0, n);
        assert!(!Rewards::<T>::contains_key(last, GATEWAY));
        Ok(())
    }

    #[benchmark]
    fn register() -> Result<(), BenchmarkError> {
        let origin = T::RegisterOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, GATEWAY, T::MinimumReward::get());
        assert!(Registered::<T>::contains_key(GATEWAY));
        Ok(())
    }

    #[benchmark]
    fn deregister() -> Result<(), BenchmarkError> {
        let origin = T::RegisterOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let handover: BalanceOf<T> = T::MinimumReward::get();
        Registered::<T>::insert(GATEWAY, Registration { handover, from: 0 });
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, GATEWAY);
        assert!(!Registered::<T>::contains_key(GATEWAY));
        Ok(())
    }

    #[benchmark]
    fn on_message() -> Result<(), BenchmarkError> {
        sponsored::<T>()?;
        let appended = message(7);
        // The sponsor's own run.
        let offerer = H256::repeat_byte(5);
        Sponsors::<T>::mutate(GRAPH, |found| {
            if let Some(found) = found {
                found.account = T::AccountOf::convert(offerer.0);
            }
        });
        #[block]
        {
            let _ = T::OwnerOf::convert(GRAPH);
            Pallet::<T>::on_message(offerer, &appended);
        }
        assert!(Rewards::<T>::contains_key(7, GATEWAY));
        Ok(())
    }

    /// Of which four gateways were paid for the set that is forgotten.
    #[benchmark]
    fn note_set() {
        let set = T::HandoverWindow::get() + 9;
        Keysets::<T>::insert(9, H256::zero());
        for gateway in 0..4 {
            let address = H160::repeat_byte(gateway);
            PaidHandovers::<T>::insert(
                9,
                GatewayId {
                    chain_id: CHAIN,
                    address,
                },
                (),
            );
        }
        #[block]
        {
            Pallet::<T>::note_sets(set, H256::zero(), H256::zero());
        }
        assert_eq!(NewestSet::<T>::get(), set);
        assert!(!Keysets::<T>::contains_key(9));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
