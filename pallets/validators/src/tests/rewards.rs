//! What validators earn.

use pallet_authorship::EventHandler;
use sp_runtime::Perbill;

use crate::{
    Authored, Pallet,
    mock::{BLOCK_REWARD, Balances, Test, new_test_ext, pass},
};

fn author(who: u64, blocks: u32) {
    for _ in 0..blocks {
        <Pallet<Test> as EventHandler<_, _>>::note_author(who);
    }
}

#[test]
fn each_block_is_paid_at_the_end_of_its_session_and_once() {
    new_test_ext().execute_with(|| {
        let before = (Balances::free_balance(1), Balances::free_balance(2));
        author(1, 3);
        author(2, 1);
        assert_eq!(Balances::free_balance(1), before.0);
        pass(1);
        assert_eq!(Balances::free_balance(1), before.0 + 3 * BLOCK_REWARD);
        assert_eq!(Balances::free_balance(2), before.1 + BLOCK_REWARD);
        pass(1);
        assert_eq!(Balances::free_balance(1), before.0 + 3 * BLOCK_REWARD);
        assert_eq!(Authored::<Test>::iter().count(), 0);
    });
}

#[test]
fn who_was_slashed_for_a_session_earns_nothing_in_it() {
    new_test_ext().execute_with(|| {
        let before = Balances::free_balance(1);
        author(1, 3);
        Pallet::<Test>::slash(&1, Perbill::zero(), 0, &[]);
        pass(1);
        assert_eq!(Balances::free_balance(1), before);
    });
}
