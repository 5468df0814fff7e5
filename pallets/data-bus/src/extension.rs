//! Keeps updates of the light client that bring nothing out of the pool and of blocks.

use core::marker::PhantomData;

use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
    pallet_prelude::{InvalidTransaction, TransactionSource, TypeInfo, ValidTransaction, Weight},
    traits::{Get, IsSubType},
};
use sp_runtime::{
    impl_tx_ext_default,
    traits::{Dispatchable, TransactionExtension, ValidateResult},
};
use weft_light_client::{Update, store::is_relevant};

use crate::{Call, Config, Finalized, Network, NextCommittee, Pallet};

/// Refuses an update whose slots, period or participation show that the chain would not take it: what does not
/// need a signature to be checked. So of two relayers that bring the same update only the faster pays, and that one gets its fee back.
#[derive(Encode, Decode, DecodeWithMemTracking, Clone, PartialEq, Eq, TypeInfo)]
#[scale_info(skip_type_params(T))]
pub struct CheckUpdate<T>(PhantomData<T>);

impl<T> CheckUpdate<T> {
    /// The extension.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Default for CheckUpdate<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> core::fmt::Debug for CheckUpdate<T> {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        out.write_str("CheckUpdate")
    }
}

impl<T: Config> Pallet<T> {
    /// Whether an update would be taken if its proofs are right.
    pub(crate) fn is_relevant(update: &Update) -> bool {
        let (Some(network), Some(finalized), Some(now)) =
            (Network::<T>::get(), Finalized::<T>::get(), Self::current_slot())
        else {
            return false;
        };
        is_relevant(&network, &finalized, NextCommittee::<T>::exists(), now, update).is_ok()
    }
}

impl<T> TransactionExtension<T::RuntimeCall> for CheckUpdate<T>
where
    T: Config + Send + Sync,
    T::RuntimeCall: Dispatchable + IsSubType<Call<T>>,
{
    const IDENTIFIER: &'static str = "CheckUpdate";
    type Implicit = ();
    type Val = ();
    type Pre = ();

    fn weight(&self, call: &T::RuntimeCall) -> Weight {
        match call.is_sub_type() {
            // Network, final header, next committee, clock.
            Some(Call::submit_update { .. }) => T::DbWeight::get().reads(4),
            _ => Weight::zero(),
        }
    }

    fn validate(
        &self,
        origin: <T::RuntimeCall as Dispatchable>::RuntimeOrigin,
        call: &T::RuntimeCall,
        _: &sp_runtime::traits::DispatchInfoOf<T::RuntimeCall>,
        _: usize,
        _: (),
        _: &impl Encode,
        _: TransactionSource,
    ) -> ValidateResult<Self::Val, T::RuntimeCall> {
        match call.is_sub_type() {
            Some(Call::submit_update { update }) if !Pallet::<T>::is_relevant(update) => {
                Err(InvalidTransaction::Stale.into())
            }
            _ => Ok((ValidTransaction::default(), (), origin)),
        }
    }

    impl_tx_ext_default!(T::RuntimeCall; prepare);
}
