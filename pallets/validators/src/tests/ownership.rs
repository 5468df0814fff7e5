//! Whose a session key was.

use frame_support::{assert_ok, traits::KeyOwnerProofSystem};
use sp_core::crypto::key_types::DUMMY;
use sp_runtime::testing::UintAuthorityId;

use crate::{
    Ownership, Pallet,
    mock::{BONDING_SESSIONS, Keys, RuntimeOrigin, Test, new_test_ext, next_block, pass},
};

fn key(number: u64) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

fn prove(number: u64) -> Option<Ownership> {
    Pallet::<Test>::prove((DUMMY, key(number)))
}

fn check(number: u64, proof: &Ownership) -> Option<u64> {
    Pallet::<Test>::check_proof((DUMMY, key(number)), proof.clone())
}

/// Sets new keys, as `Session::set_keys` does once it has seen that they are the account's own.
fn set_key(who: u64, number: u64) {
    pallet_session::NextKeys::<Test>::insert(who, Keys::from(UintAuthorityId(number)));
}

#[test]
fn a_validators_key_belongs_to_it_and_others_to_nobody() {
    new_test_ext().execute_with(|| {
        let proof = prove(2).unwrap();
        assert_eq!((proof.session, proof.validator_count), (0, 4));
        assert_eq!(check(2, &proof), Some(2));
        assert_eq!(check(5, &proof), None);
        assert_eq!(prove(5), None);
        let of_another_type = Pallet::<Test>::check_proof((sp_runtime::KeyTypeId(*b"none"), key(2)), proof);
        assert_eq!(of_another_type, None);
    });
}

#[test]
fn who_sets_new_keys_still_owns_those_that_it_was_chosen_with() {
    new_test_ext().execute_with(|| {
        pass(1);
        set_key(2, 1_002);
        // Chosen for this session and the next with the old one.
        for session in 1..3 {
            let proof = prove(2).unwrap();
            assert_eq!((proof.session, check(2, &proof)), (session, Some(2)));
            assert_eq!(prove(1_002), None);
            pass(1);
        }
        assert_eq!(check(1_002, &prove(1_002).unwrap()), Some(2));
        assert_eq!(prove(2), None);
        // Of the sessions before it can be shown later.
        let late = Pallet::<Test>::prove_ownership(2, DUMMY, &key(2)).unwrap();
        assert_eq!(check(2, &late), Some(2));
    });
}

#[test]
fn a_proof_with_another_count_another_session_or_more_in_it_is_refused() {
    new_test_ext().execute_with(|| {
        pass(1);
        let right = prove(2).unwrap();
        let mut wrong = [right.clone(), right.clone(), right.clone(), right];
        wrong[0].validator_count = 1_000;
        wrong[1].session = 2;
        wrong[2].session = 9;
        wrong[3].trie_nodes = vec![vec![0]];
        for proof in &wrong {
            assert_eq!(check(2, proof), None);
        }
    });
}

#[test]
fn ownership_is_known_as_long_as_a_bond_is_kept_and_not_longer() {
    new_test_ext().execute_with(|| {
        pass(1);
        // Asked back right after it was chosen for session 2, if it had been.
        let proof = Pallet::<Test>::prove_ownership(2, DUMMY, &key(2)).unwrap();
        assert_ok!(Pallet::<Test>::chill(RuntimeOrigin::signed(2)));
        assert_ok!(Pallet::<Test>::unbond(RuntimeOrigin::signed(2), 1_000));
        pass(1 + BONDING_SESSIONS);
        assert_eq!(check(2, &proof), Some(2));
        assert!(Pallet::<Test>::withdraw(RuntimeOrigin::signed(2)).is_err());
        for _ in 0..4 {
            next_block();
            assert_eq!(check(2, &proof), Some(2));
        }
        pass(1);
        assert_eq!(check(2, &proof), None);
        assert_ok!(Pallet::<Test>::withdraw(RuntimeOrigin::signed(2)));
    });
}
