//! Whose a session key was, for reports of offences.
//!
//! `pallet-session`'s historical part answers from the keys that accounts have *now* where the session under way is concerned, so who sets new keys in
//! every session is never reported in time, and it needs old states for the sessions before. Here the keys of each choice are kept as long as offences
//! can be reported, and a proof is no more than the number of the session.

use frame_support::traits::{Get, KeyOwnerProofSystem};
use sp_runtime::{KeyTypeId, traits::OpaqueKeys};
use sp_staking::SessionIndex;

use crate::{AccountOf, Chosen, Config, Pallet};

/// Says that a key was a validator's in a session. There is nothing to prove: the chain knows.
pub type Ownership = sp_session::MembershipProof;

impl<T: Config> Pallet<T> {
    /// The validator whose key this was in a session, and how many validators there were.
    pub(crate) fn owner_in(
        session: SessionIndex,
        key_type: KeyTypeId,
        key: &[u8],
    ) -> Option<(AccountOf<T>, u32)> {
        let chosen = Chosen::<T>::get(session);
        let count = chosen.len() as u32;
        let owner = chosen
            .into_iter()
            .find(|(_, keys)| keys.get_raw(key_type) == key)?;
        Some((owner.0, count))
    }

    /// The proof that a key was a validator's in a session that offences can be reported of.
    pub fn prove_ownership(session: SessionIndex, key_type: KeyTypeId, key: &[u8]) -> Option<Ownership> {
        let (_, validator_count) = Self::owner_in(session, key_type, key)?;
        Some(Ownership {
            session,
            trie_nodes: Default::default(),
            validator_count,
        })
    }
}

impl<T: Config, Key: AsRef<[u8]>> KeyOwnerProofSystem<(KeyTypeId, Key)> for Pallet<T> {
    type Proof = Ownership;
    type IdentificationTuple = AccountOf<T>;

    /// For the session under way.
    fn prove((key_type, key): (KeyTypeId, Key)) -> Option<Ownership> {
        Self::prove_ownership(Self::session(), key_type, key.as_ref())
    }

    fn check_proof((key_type, key): (KeyTypeId, Key), proof: Ownership) -> Option<AccountOf<T>> {
        // Not of a session to come, and not of one whose bonds may be gone.
        let age = Self::session().checked_sub(proof.session)?;
        if age > T::BondingSessions::get() {
            return None;
        }
        let (owner, count) = Self::owner_in(proof.session, key_type, key.as_ref())?;
        // The count decides how much is taken, and who reports may not choose it.
        (count == proof.validator_count && proof.trie_nodes.is_empty()).then_some(owner)
    }
}
