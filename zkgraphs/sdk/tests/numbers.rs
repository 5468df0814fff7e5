//! `U256` computes as a well-known implementation does.

use primitive_types::U256 as Reference;
use proptest::prelude::*;
use weft_zkgraph::{Bytes32, U256};

/// Numbers of any size, small ones and those near the edges among them.
fn number() -> impl Strategy<Value = [u64; 4]> {
    let limb = prop_oneof![Just(0), Just(1), Just(u64::MAX), any::<u64>()];
    [limb.clone(), limb.clone(), limb.clone(), limb]
}

proptest! {
    #[test]
    fn sums_and_differences_are_right_or_refused(a in number(), b in number()) {
        let (x, y) = (U256::from_limbs(a), U256::from_limbs(b));
        let (r, s) = (Reference(a), Reference(b));
        prop_assert_eq!(x.checked_add(y).map(U256::limbs), r.checked_add(s).map(|sum| sum.0));
        prop_assert_eq!(x.checked_sub(y).map(U256::limbs), r.checked_sub(s).map(|difference| difference.0));
    }

    #[test]
    fn numbers_are_ordered(a in number(), b in number()) {
        let (x, y) = (U256::from_limbs(a), U256::from_limbs(b));
        let (r, s) = (Reference(a), Reference(b));
        prop_assert_eq!(x.cmp(&y), r.cmp(&s));
        prop_assert_eq!((x < y, x <= y, x > y, x >= y), (r < s, r <= s, r > s, r >= s));
        prop_assert_eq!(x.is_zero(), r.is_zero());
    }

    #[test]
    fn the_bytes_of_a_number_are_big_endian(limbs in number()) {
        let bytes = Reference(limbs).to_big_endian();
        prop_assert_eq!(Bytes32::new(bytes).to_u256(), U256::from_limbs(limbs));
        prop_assert_eq!(Bytes32::from(U256::from_limbs(limbs)), Bytes32::new(bytes));
    }
}

#[test]
#[should_panic = "trapped"]
fn a_sum_that_does_not_fit_traps() {
    let _ = U256::MAX + U256::from(1);
}

#[test]
#[should_panic = "trapped"]
fn a_negative_difference_traps() {
    let _ = U256::ZERO - U256::from(1);
}
