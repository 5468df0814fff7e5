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
    fn products_and_quotients_are_right_or_refused(a in number(), b in number(), c in number()) {
        let (x, y, z) = (U256::from_limbs(a), U256::from_limbs(b), U256::from_limbs(c));
        let (r, s, t) = (Reference(a), Reference(b), Reference(c));
        prop_assert_eq!(x.checked_mul(y).map(U256::limbs), r.checked_mul(s).map(|product| product.0));
        prop_assert_eq!(x.wrapping_mul(y).limbs(), r.overflowing_mul(s).0.0);
        let product = r.full_mul(s);
        let (upper, lower) = x.widening_mul(y);
        let halves: Vec<u64> = lower.limbs().into_iter().chain(upper.limbs()).collect();
        prop_assert_eq!(halves, product.0);
        let divided = (!t.is_zero()).then(|| product.div_mod(t.into()));
        let number = |wide: primitive_types::U512| Reference::try_from(wide).ok().map(|number| number.0);
        prop_assert_eq!(x.mul_mod(y, z).map(U256::limbs), divided.and_then(|(_, rest)| number(rest)));
        prop_assert_eq!(x.mul_div(y, z).map(U256::limbs), divided.and_then(|(quotient, _)| number(quotient)));
        let sum = (!t.is_zero()).then(|| (primitive_types::U512::from(r) + primitive_types::U512::from(s)) % t);
        prop_assert_eq!(x.add_mod(y, z).map(U256::limbs), sum.and_then(number));
        let quotient = (!s.is_zero()).then(|| r.div_mod(s)).map(|(q, r)| (q.0, r.0));
        prop_assert_eq!(x.div_rem(y).map(|(q, r)| (q.limbs(), r.limbs())), quotient);
    }

    #[test]
    fn powers_are_right_or_refused(a in number(), b in number(), m in number()) {
        let ours = U256::from_limbs(a).pow_mod(U256::from_limbs(b), U256::from_limbs(m));
        let [x, y, z] = [a, b, m].map(ruint::aliases::U256::from_limbs);
        let power = (!z.is_zero()).then(|| x.pow_mod(y, z).into_limbs());
        prop_assert_eq!(ours.map(U256::limbs), power);
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

#[test]
#[should_panic = "trapped"]
fn a_product_that_does_not_fit_traps() {
    let _ = U256::MAX * U256::from(2);
}

#[test]
#[should_panic = "trapped"]
fn a_division_by_zero_traps() {
    let _ = U256::MAX / U256::ZERO;
}
