//! Fees of transactions.

use weft_ethereum::sender::Fees;

#[test]
fn fees_last_through_blocks_of_rising_base_fee() {
    assert_eq!(
        Fees::new(100, 2_000_000),
        Fees {
            most: 2_000_200,
            tip: 2_000_000
        }
    );
}

#[test]
fn a_tip_is_never_zero() {
    assert!(Fees::new(7, 0).tip > 0);
}

#[test]
fn raised_fees_are_at_least_a_tenth_higher_so_that_nodes_replace_the_transaction() {
    let mut fees = Fees::new(0, 0);
    for _ in 0..10 {
        let raised = fees.raised();
        assert!(raised.most * 10 >= fees.most * 11 && raised.tip * 10 >= fees.tip * 11);
        fees = raised;
    }
    let huge = Fees {
        most: u128::MAX,
        tip: u128::MAX,
    }
    .raised();
    assert!(huge.most > 0, "saturates");
}
