//! Benchmarks of the calls. The cost of evidence is measured where it is paid, in the settlement of a run.

use frame_benchmarking::v2::*;
use frame_support::traits::EnsureOrigin;

use crate::{AllowedChains, Call, Config, Pallet};

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

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
