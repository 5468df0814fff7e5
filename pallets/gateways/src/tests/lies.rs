//! Commitments that disagree with this chain.

use frame_support::{assert_noop, assert_ok};
use weft_primitives::keccak256;

use super::*;
use crate::{
    Error,
    evidence::{log, word},
    mock::{Test, checked, reports, set_root},
};

const SET: u64 = 10;
const NUMBER: u32 = 50;
const KEYSET: H256 = H256::repeat_byte(0x4e);
const TRUTH: H256 = H256::repeat_byte(0x11);
const LIE: H256 = H256::repeat_byte(0x22);

/// The log of a commitment that members 0, 2 and 3 signed.
fn accepted(number: u32, root: H256, set: u64, keyset: H256) -> LogEntry {
    let topic = keccak256(b"NewMmrRoot(uint32,bytes32,uint64,bytes32,uint256,bytes32)");
    let data = [root, word(set), keyset, word(0b1101)]
        .map(|word| word.0)
        .concat();
    let relayer = H256(account(RELAYER).into());
    log(GATEWAY.address, vec![topic, word(number.into()), relayer], data)
}

fn lie() -> LogEntry {
    accepted(NUMBER, LIE, SET, KEYSET)
}

fn report(log: LogEntry, proof: Option<Box<()>>) -> sp_runtime::DispatchResult {
    Gateways::report_commitment(signed(OTHER), GATEWAY, shown(vec![log]), NUMBER, proof)
}

fn prepared(test: impl FnOnce()) {
    checked(|| {
        Gateways::note_sets(SET, KEYSET, H256::repeat_byte(0x4f));
        set_root(NUMBER, TRUTH);
        assert_ok!(Gateways::register(RuntimeOrigin::root(), GATEWAY, 0));
        test();
    });
}

#[test]
fn those_whose_bits_are_set_are_reported() {
    prepared(|| {
        assert_ok!(report(lie(), Some(Box::new(()))));
        assert_eq!(reports(), [(account(OTHER), SET, NUMBER, vec![0, 2, 3])]);
        assert_noop!(report(lie(), Some(Box::new(()))), Error::<Test>::AlreadyReported);
    });
}

#[test]
fn every_place_of_the_bitfield_is_read() {
    prepared(|| {
        let mut full = lie();
        full.data[96..128].copy_from_slice(&[0xff; 32]);
        assert_ok!(report(full, Some(Box::new(()))));
        assert_eq!(reports()[0].3, (0..256).collect::<Vec<_>>());
    });
}

#[test]
fn the_truth_or_what_nothing_disproves_is_no_lie() {
    prepared(|| {
        let truth = accepted(NUMBER, TRUTH, SET, KEYSET);
        assert_noop!(report(truth, Some(Box::new(()))), Error::<Test>::NotALie);
        assert_noop!(report(lie(), None), Error::<Test>::NotALie);
    });
}

#[test]
fn honest_validators_are_not_blamed_for_keys_that_liars_handed_over_to() {
    prepared(|| {
        for (set, keyset) in [
            (SET, H256::repeat_byte(0x66)),
            (SET + 1, KEYSET),
            (SET - 1, KEYSET),
            (SET + 7, KEYSET),
        ] {
            let foreign = accepted(NUMBER, LIE, set, keyset);
            assert_noop!(report(foreign, Some(Box::new(()))), Error::<Test>::OtherKeyset);
        }
    });
}

#[test]
fn only_registered_gateways_are_believed() {
    prepared(|| {
        let mut elsewhere = lie();
        elsewhere.address = OTHER_GATEWAY.address;
        let evidence = shown(vec![elsewhere.clone()]);
        let reported =
            Gateways::report_commitment(signed(OTHER), OTHER_GATEWAY, evidence, NUMBER, Some(Box::new(())));
        assert_eq!(reported, Err(Error::<Test>::NotRegistered.into()));
        assert_noop!(
            report(elsewhere, Some(Box::new(()))),
            Error::<Test>::NoSuchCommitment
        );
    });
}

#[test]
fn the_commitment_must_be_in_the_receipt_and_well_formed() {
    prepared(|| {
        let mut short = lie();
        short.data.pop();
        let mut long = lie();
        long.data.push(0);
        let other = accepted(NUMBER + 1, LIE, SET, KEYSET);
        for wrong in [short, long, other] {
            assert_noop!(report(wrong, Some(Box::new(()))), Error::<Test>::NoSuchCommitment);
        }
    });
}
