//! Payment by receipts.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;
use weft_primitives::{keccak256, source::Content};

use super::*;
use crate::{
    Error, Rewards,
    evidence::{delivered, log, word},
    mock::{ENDOWMENT, EVENTS, PERIOD, System, Test, checked, set_slot},
};

const MOST: u32 = EVENTS;

fn claim(evidence: Box<ReceiptEvidence>) -> sp_runtime::DispatchResult {
    Gateways::claim(signed(4), GATEWAY, evidence, 0, MOST)
}

/// A delivery of [`GRAPH`]'s message by [`RELAYER`].
fn delivery(nonce: u64) -> LogEntry {
    delivered(GATEWAY, nonce, account(RELAYER).into())
}

#[test]
fn who_delivered_is_paid_by_all_payers_whoever_claims() {
    checked(|| {
        sponsor(1);
        let nonce = append(GRAPH, GATEWAY);
        assert_ok!(Gateways::tip(signed(OTHER), nonce, GATEWAY, 30));
        assert_ok!(claim(shown(vec![delivery(nonce)])));
        assert_eq!(balance(RELAYER), REWARD + 30);
        assert_eq!(balance(SPONSOR), ENDOWMENT - REWARD);
        assert_eq!(balance(OTHER), ENDOWMENT - 30);
        assert_eq!((held(SPONSOR), held(OTHER)), (0, 0));
        System::assert_last_event(
            crate::Event::DeliveryPaid {
                nonce,
                gateway: GATEWAY,
                relayer: account(RELAYER),
                amount: REWARD + 30,
            }
            .into(),
        );
    });
}

#[test]
fn a_delivery_is_paid_once_however_often_it_is_shown() {
    checked(|| {
        sponsor(2);
        let nonce = append(GRAPH, GATEWAY);
        let twice = shown(vec![delivery(nonce), delivery(nonce)]);
        assert_ok!(claim(twice.clone()));
        assert_eq!(balance(RELAYER), REWARD);
        assert_noop!(claim(twice), Error::<Test>::NothingToPay);
        assert_noop!(claim(shown(vec![delivery(nonce)])), Error::<Test>::NothingToPay);
    });
}

#[test]
fn many_deliveries_of_one_transaction_are_paid_together_each_to_its_relayer() {
    checked(|| {
        sponsor(3);
        let nonces = [0; 3].map(|_| append(GRAPH, GATEWAY));
        let logs = vec![
            delivery(nonces[0]),
            log(H160::repeat_byte(5), vec![word(1)], vec![1]),
            delivered(GATEWAY, nonces[1], account(8).into()),
            delivery(nonces[2]),
        ];
        assert_ok!(claim(shown(logs)));
        assert_eq!((balance(RELAYER), balance(8)), (2 * REWARD, REWARD));
    });
}

#[test]
fn events_of_another_contract_pay_nothing() {
    checked(|| {
        sponsor(1);
        let nonce = append(GRAPH, GATEWAY);
        let elsewhere = delivered(OTHER_GATEWAY, nonce, account(RELAYER).into());
        assert_noop!(claim(shown(vec![elsewhere.clone()])), Error::<Test>::NothingToPay);
        // Nor by naming that contract: the reward is for a delivery at this one.
        let named = Gateways::claim(signed(4), OTHER_GATEWAY, shown(vec![elsewhere]), 0, MOST);
        assert_eq!(named, Err(Error::<Test>::NothingToPay.into()));
    });
}

#[test]
fn events_of_another_shape_pay_nothing() {
    checked(|| {
        sponsor(1);
        let nonce = append(GRAPH, GATEWAY);
        let good = delivery(nonce);
        let mut with_data = good.clone();
        with_data.data = vec![0];
        let mut third = good.clone();
        third.topics.push(word(0));
        let mut short = good.clone();
        short.topics.pop();
        let mut large = good.clone();
        large.topics[1].0[0] = 1;
        let mut other = good;
        other.topics[0] = keccak256(b"Delivered(uint64,address)");
        for wrong in [with_data, third, short, large, other] {
            assert_noop!(claim(shown(vec![wrong])), Error::<Test>::NothingToPay);
        }
    });
}

#[test]
fn a_block_that_is_not_final_pays_nothing() {
    checked(|| {
        sponsor(1);
        let nonce = append(GRAPH, GATEWAY);
        let evidence = crate::evidence::evidence(CHAIN, &[vec![delivery(nonce)]]);
        assert_noop!(claim(Box::new(evidence)), DispatchError::Other("not final"));
    });
}

#[test]
fn a_receipt_that_is_not_in_the_block_pays_nothing() {
    checked(|| {
        sponsor(1);
        let nonce = append(GRAPH, GATEWAY);
        let mut evidence = shown(vec![delivery(nonce)]);
        let forged = shown(vec![delivered(GATEWAY, nonce, account(4).into())]);
        let (Content::TransactionEvents { receipts, .. }, Content::TransactionEvents { receipts: other, .. }) =
            (&mut evidence.receipts, forged.receipts)
        else {
            unreachable!()
        };
        *receipts = other;
        assert_noop!(claim(evidence), DispatchError::Other("wrong evidence"));
    });
}

#[test]
fn a_claim_of_another_chain_pays_nothing() {
    checked(|| {
        sponsor(1);
        let nonce = append(GRAPH, GATEWAY);
        let elsewhere = GatewayId {
            chain_id: 2,
            ..GATEWAY
        };
        let evidence = shown(vec![delivery(nonce)]);
        let claimed = Gateways::claim(signed(4), elsewhere, evidence.clone(), 0, MOST);
        assert_eq!(claimed, Err(DispatchError::Other("another chain")));
        let mut lying = evidence;
        lying.block.chain_id = 2;
        assert_noop!(claim(lying), DispatchError::Other("wrong block"));
    });
}

#[test]
fn a_delivery_that_names_nobody_gives_the_payers_their_promises_back() {
    checked(|| {
        sponsor(1);
        let nonce = append(GRAPH, GATEWAY);
        assert_ok!(claim(shown(vec![delivered(GATEWAY, nonce, [0; 32])])));
        assert_eq!((held(SPONSOR), balance(SPONSOR)), (0, ENDOWMENT));
        assert_eq!(balance(0), 0);
    });
}

#[test]
fn a_late_delivery_is_paid_as_long_as_nobody_has_reclaimed() {
    checked(|| {
        sponsor(1);
        let nonce = append(GRAPH, GATEWAY);
        set_slot(100 + 2 * PERIOD);
        assert_ok!(claim(shown(vec![delivery(nonce)])));
        assert_eq!(balance(RELAYER), REWARD);
    });
}

#[test]
fn a_claim_says_which_events_it_is_for() {
    checked(|| {
        sponsor(20);
        let nonces: Vec<u64> = (0..EVENTS + 2).map(|_| append(GRAPH, GATEWAY)).collect();
        let all = shown(nonces.iter().copied().map(delivery).collect());
        let claim = |skip, most| Gateways::claim(signed(4), GATEWAY, all.clone(), skip, most);
        assert_ok!(claim(1, 2));
        assert_eq!(balance(RELAYER), 2 * REWARD);
        assert_noop!(claim(1, 2), Error::<Test>::NothingToPay);
        assert_noop!(claim(0, 0), Error::<Test>::NothingToPay);
        assert_noop!(claim(u32::MAX, 1), Error::<Test>::NothingToPay);
        // There is a bound that nobody raises, and the rest is claimed by itself.
        assert_ok!(claim(0, u32::MAX));
        assert_eq!(balance(RELAYER), u64::from(EVENTS) * REWARD);
        assert_ok!(claim(EVENTS, u32::MAX));
        assert_eq!(balance(RELAYER), u64::from(EVENTS + 2) * REWARD);
    });
}

#[test]
fn a_reward_that_cannot_be_paid_does_not_keep_others_from_theirs() {
    checked(|| {
        sponsor(2);
        let (first, second) = (append(GRAPH, GATEWAY), append(GRAPH, GATEWAY));
        // More than is on hold: it cannot be paid.
        Rewards::<Test>::mutate(first, GATEWAY, |reward| {
            let reward = reward.as_mut().unwrap();
            reward.payers[0].1 = 10 * REWARD;
        });
        assert_ok!(claim(shown(vec![delivery(first), delivery(second)])));
        assert_eq!(balance(RELAYER), REWARD);
        Rewards::<Test>::mutate(first, GATEWAY, |reward| {
            reward.as_mut().unwrap().payers[0].1 = REWARD;
        });
        assert_ok!(claim(shown(vec![delivery(first)])));
        assert_eq!(balance(RELAYER), 2 * REWARD);
    });
}
