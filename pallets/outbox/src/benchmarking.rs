//! Benchmarks of the call and the hooks. Appending a result is measured where it is paid, in the settlement of a run.

use frame_benchmarking::v2::*;
use frame_support::{
    pallet_prelude::Get,
    traits::{EnsureOrigin, Hooks},
};
use frame_system::pallet_prelude::BlockNumberFor;
use weft_primitives::{H160, H256, Order};

use crate::{Blocks, Call, Config, NextNonce, Pallet, Pending};

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn on_finalize(m: Linear<0, { T::MaxMessagesPerBlock::get() }>) -> Result<(), BenchmarkError> {
        let leaves: alloc::vec::Vec<H256> = (0..m).map(|leaf| H256::repeat_byte(leaf as u8)).collect();
        let leaves = leaves
            .try_into()
            .map_err(|_| BenchmarkError::Stop("too many messages"))?;
        Pending::<T>::put::<frame_support::BoundedVec<_, _>>(leaves);
        NextNonce::<T>::put(u64::from(m));
        let block = BlockNumberFor::<T>::from(7_u32);
        #[block]
        {
            Pallet::<T>::on_finalize(block);
        }
        assert_eq!(Blocks::<T>::contains_key(block), m > 0);
        Ok(())
    }

    #[benchmark]
    fn order() -> Result<(), BenchmarkError> {
        let origin = T::OrderOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let succession = Order::AnnounceSuccessor {
            successor: H160::repeat_byte(7),
        };
        // As many before it as there can be.
        let full = T::MaxMessagesPerBlock::get() - 1;
        let leaves: alloc::vec::Vec<H256> = (0..full).map(|leaf| H256::repeat_byte(leaf as u8)).collect();
        let leaves = leaves
            .try_into()
            .map_err(|_| BenchmarkError::Stop("too many messages"))?;
        Pending::<T>::put::<frame_support::BoundedVec<_, _>>(leaves);
        NextNonce::<T>::put(u64::from(full));
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, 1, H160::repeat_byte(9), succession);
        assert_eq!(NextNonce::<T>::get(), u64::from(full) + 1);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
