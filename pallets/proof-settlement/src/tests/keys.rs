use frame_support::{assert_noop, assert_ok};
use sp_runtime::traits::BadOrigin;
use weft_primitives::{keccak256, manifest::StatePolicy};

use super::{
    worker::{honest, submit},
    *,
};
use crate::{CurrentKey, Error, Keys, mock::KEY};

fn set_key(key: &[u8]) {
    assert_ok!(Settlement::set_key(
        RuntimeOrigin::root(),
        1,
        key.to_vec().try_into().unwrap()
    ));
}

#[test]
fn the_key_of_genesis_is_in_use() {
    run(|| {
        assert_eq!(CurrentKey::<Test>::get(1), Some(keccak256(KEY)));
        assert_eq!(Keys::<Test>::get(keccak256(KEY)).unwrap().into_inner(), KEY);
    });
}

#[test]
fn only_root_sets_and_removes_keys_and_only_of_known_proof_systems() {
    run(|| {
        let key = || KEY.to_vec().try_into().unwrap();
        let signed = || RuntimeOrigin::signed(account(OWNER));
        assert_noop!(Settlement::set_key(signed(), 1, key()), BadOrigin);
        assert_noop!(Settlement::remove_key(signed(), 1, keccak256(KEY)), BadOrigin);
        assert_noop!(
            Settlement::set_key(RuntimeOrigin::root(), 2, key()),
            Error::<Test>::UnknownProofSystem
        );
        assert_noop!(
            Settlement::remove_key(RuntimeOrigin::root(), 1, keccak256(b"none")),
            Error::<Test>::UnknownKey
        );
    });
}

#[test]
fn runs_are_locked_with_the_newest_key_and_settle_with_the_one_of_their_lock() {
    run(|| {
        let (graph, old) = locked_job(StatePolicy::Stateless);
        set_key(b"new");
        let new = offer(graph);
        lock(WORKER, new);
        assert_eq!(honest(WORKER, old).statement.key, keccak256(KEY));
        assert_eq!(honest(WORKER, new).statement.key, keccak256(b"new"));
        assert_ok!(submit(WORKER, old, honest(WORKER, old)));
        assert_ok!(submit(WORKER, new, honest(WORKER, new)));
    });
}

#[test]
fn a_removed_key_stops_locks_and_settlements_at_once() {
    run(|| {
        let (graph, job) = locked_job(StatePolicy::Stateless);
        let submission = honest(WORKER, job);
        assert_ok!(Settlement::remove_key(RuntimeOrigin::root(), 1, keccak256(KEY)));
        assert_noop!(submit(WORKER, job, submission.clone()), Error::<Test>::UnknownKey);
        let open = offer(graph);
        assert_noop!(try_lock(OTHER, open), Error::<Test>::NoKey);
        set_key(KEY);
        assert_ok!(submit(WORKER, job, submission));
    });
}
