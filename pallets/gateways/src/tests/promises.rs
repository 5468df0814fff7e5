//! Purses, tips, and their end.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::TokenError;

use super::*;
use crate::{
    Error, Rewards, Sponsors,
    mock::{LEAST, PAYERS, PERIOD, Test, checked, set_slot},
};

#[test]
fn a_message_takes_its_reward_from_the_purse() {
    checked(|| {
        sponsor(2);
        assert_eq!(held(SPONSOR), 2 * REWARD);
        let nonce = append(GRAPH, GATEWAY);
        assert_eq!(Rewards::<Test>::get(nonce, GATEWAY).unwrap().total(), REWARD);
        assert_eq!(Sponsors::<Test>::get(GRAPH).unwrap().purse, REWARD);
        assert_eq!(held(SPONSOR), 2 * REWARD);
        assert_eq!(Gateways::rewards_of(nonce)[0].until, 100 + PERIOD);
    });
}

#[test]
fn a_message_of_a_spent_purse_or_for_another_gateway_or_zkgraph_has_no_reward() {
    checked(|| {
        sponsor(1);
        for (graph, gateway) in [
            (GRAPH, OTHER_GATEWAY),
            (GraphId::repeat_byte(8), GATEWAY),
            (
                GRAPH,
                GatewayId {
                    chain_id: 2,
                    ..GATEWAY
                },
            ),
        ] {
            assert_eq!(Gateways::rewards_of(append(graph, gateway)), []);
        }
        assert_eq!(Gateways::rewards_of(append(GRAPH, GATEWAY)).len(), 1);
        assert_eq!(Gateways::rewards_of(append(GRAPH, GATEWAY)), []);
    });
}

#[test]
fn only_runs_that_the_owner_or_the_sponsor_wanted_take_from_the_purse() {
    checked(|| {
        sponsor(2);
        assert_eq!(Gateways::rewards_of(append_for(OTHER, GRAPH, GATEWAY)), []);
        assert_eq!(Gateways::rewards_of(append_for(0, GRAPH, GATEWAY)), []);
        assert_eq!(Gateways::rewards_of(append_for(OWNER, GRAPH, GATEWAY)).len(), 1);
        assert_eq!(Gateways::rewards_of(append_for(SPONSOR, GRAPH, GATEWAY)).len(), 1);
    });
}

#[test]
fn a_sponsor_adds_to_the_purse_and_changes_the_reward_of_messages_to_come() {
    checked(|| {
        sponsor(1);
        let before = append(GRAPH, GATEWAY);
        assert_ok!(Gateways::sponsor(
            signed(SPONSOR),
            GRAPH,
            GATEWAY,
            3 * REWARD,
            2 * REWARD
        ));
        let after = append(GRAPH, GATEWAY);
        assert_eq!(Gateways::rewards_of(before)[0].amount, REWARD);
        assert_eq!(Gateways::rewards_of(after)[0].amount, 2 * REWARD);
        assert_eq!(held(SPONSOR), 4 * REWARD);
    });
}

#[test]
fn only_the_owner_replaces_a_sponsor_whose_purse_lasts_and_anybody_one_whose_is_spent() {
    checked(|| {
        sponsor(1);
        let join = |number| Gateways::sponsor(signed(number), GRAPH, GATEWAY, REWARD, REWARD);
        assert_noop!(join(OTHER), Error::<Test>::SponsoredByAnother);
        assert_ok!(join(OWNER));
        assert_eq!((held(SPONSOR), held(OWNER)), (0, REWARD));
        append(GRAPH, GATEWAY);
        assert_ok!(join(OTHER));
        assert_eq!((held(OWNER), held(OTHER)), (REWARD, REWARD));
    });
}

#[test]
fn sponsoring_needs_a_zkgraph_a_reward_that_can_be_paid_and_the_funds() {
    checked(|| {
        let join =
            |graph, deposit, reward| Gateways::sponsor(signed(SPONSOR), graph, GATEWAY, deposit, reward);
        assert_noop!(join(GraphId::zero(), REWARD, REWARD), Error::<Test>::UnknownGraph);
        assert_noop!(join(GRAPH, REWARD, LEAST - 1), Error::<Test>::RewardTooLow);
        assert_noop!(join(GRAPH, REWARD - 1, REWARD), Error::<Test>::PurseTooSmall);
        let all = balance(SPONSOR);
        assert_noop!(join(GRAPH, all + 1, REWARD), TokenError::FundsUnavailable);
    });
}

#[test]
fn a_purse_is_withdrawn_by_its_sponsor_alone_and_promises_stay() {
    checked(|| {
        sponsor(2);
        let nonce = append(GRAPH, GATEWAY);
        assert_noop!(
            Gateways::withdraw(signed(OWNER), GRAPH),
            Error::<Test>::NotSponsor
        );
        assert_ok!(Gateways::withdraw(signed(SPONSOR), GRAPH));
        assert_eq!(held(SPONSOR), REWARD);
        assert_eq!(Gateways::rewards_of(nonce).len(), 1);
        assert_noop!(
            Gateways::withdraw(signed(SPONSOR), GRAPH),
            Error::<Test>::NoSponsor
        );
    });
}

#[test]
fn tips_add_up_by_payer_and_by_gateway() {
    checked(|| {
        sponsor(1);
        let nonce = append(GRAPH, GATEWAY);
        for (who, gateway) in [
            (OTHER, GATEWAY),
            (OTHER, GATEWAY),
            (SPONSOR, GATEWAY),
            (OTHER, OTHER_GATEWAY),
        ] {
            assert_ok!(Gateways::tip(signed(who), nonce, gateway, LEAST));
        }
        let reward = Rewards::<Test>::get(nonce, GATEWAY).unwrap();
        let expected = [(account(SPONSOR), REWARD + LEAST), (account(OTHER), 2 * LEAST)];
        assert_eq!(reward.payers.to_vec(), expected);
        assert_eq!(Rewards::<Test>::get(nonce, OTHER_GATEWAY).unwrap().total(), LEAST);
        assert_eq!(held(OTHER), 3 * LEAST);
    });
}

#[test]
fn a_tip_must_be_large_enough_and_for_a_message_that_there_is() {
    checked(|| {
        let nonce = append(GRAPH, GATEWAY);
        let tip = |nonce, amount| Gateways::tip(signed(OTHER), nonce, GATEWAY, amount);
        assert_noop!(tip(nonce, LEAST - 1), Error::<Test>::RewardTooLow);
        assert_noop!(tip(nonce + 1, LEAST), Error::<Test>::UnknownMessage);
    });
}

#[test]
fn a_larger_tip_takes_the_place_of_the_smallest() {
    checked(|| {
        let nonce = append(GRAPH, GATEWAY);
        let tip = |number, amount| Gateways::tip(signed(number), nonce, GATEWAY, amount);
        for number in 1..=PAYERS as u8 {
            assert_ok!(tip(number, LEAST + u64::from(number)));
        }
        assert_noop!(tip(5, LEAST + 1), Error::<Test>::TooManyPayers);
        assert_ok!(tip(5, LEAST + 2));
        assert_eq!(held(1), 0);
        assert_eq!(Gateways::rewards_of(nonce)[0].amount, 3 * LEAST + 2 + 3 + 2);
    });
}

#[test]
fn payers_have_their_promises_back_when_the_time_is_over_and_not_before() {
    checked(|| {
        sponsor(1);
        let nonce = append(GRAPH, GATEWAY);
        assert_ok!(Gateways::tip(signed(OTHER), nonce, GATEWAY, LEAST));
        let reclaim = || Gateways::reclaim(signed(4), nonce, GATEWAY);
        set_slot(100 + PERIOD - 1);
        assert_noop!(reclaim(), Error::<Test>::RewardStands);
        set_slot(100 + PERIOD);
        assert_noop!(
            Gateways::tip(signed(OTHER), nonce, GATEWAY, LEAST),
            Error::<Test>::RewardExpired
        );
        assert_ok!(reclaim());
        assert_eq!((held(SPONSOR), held(OTHER)), (0, 0));
        assert_noop!(reclaim(), Error::<Test>::NoReward);
    });
}
