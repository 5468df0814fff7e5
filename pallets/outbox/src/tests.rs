use binary_merkle_tree::verify_proof;
use frame_support::{assert_noop, assert_ok};
use frame_system::RawOrigin;
use sp_runtime::{DispatchError, traits::Keccak256};
use weft_primitives::{Destination, H160, H256, Message, Order, keccak256, outbox::message_key};

use crate::{
    BlockOf, Error, Event, NextNonce, Outbox as _,
    mock::{MAX_MESSAGES, Outbox, System, Test, new_indexing_ext, new_test_ext, next_block},
};

/// A message that differs from others by its nonce and payload.
fn message(nonce: u64, payload: u8) -> Message {
    Message {
        weft_genesis: H256::repeat_byte(1),
        nonce,
        graph: H256::repeat_byte(2),
        owner: H256::repeat_byte(3),
        job: 4,
        statement: H256::repeat_byte(5),
        sources: Default::default(),
        destination: Destination {
            chain_id: 1,
            ..Default::default()
        },
        payload: vec![payload; 40].try_into().unwrap(),
    }
}

fn append(payload: u8) -> u64 {
    Outbox::append(H256::zero(), |nonce| message(nonce, payload)).unwrap()
}

#[test]
fn a_block_without_messages_has_the_zero_root() {
    new_test_ext().execute_with(|| {
        append(1);
        next_block();
        assert_ne!(Outbox::root(), H256::zero());
        next_block();
        assert_eq!(Outbox::root(), H256::zero());
    });
}

#[test]
fn the_root_of_one_message_is_the_hash_of_its_abi_encoding() {
    new_test_ext().execute_with(|| {
        append(1);
        System::assert_last_event(
            Event::MessageAppended {
                nonce: 0,
                leaf: message(0, 1).digest(),
                graph: H256::repeat_byte(2),
                job: 4,
            }
            .into(),
        );
        next_block();
        assert_eq!(Outbox::root(), message(0, 1).digest());
    });
}

#[test]
fn every_message_of_every_past_block_has_a_proof_at_the_head() {
    new_test_ext().execute_with(|| {
        let mut roots = Vec::new();
        for messages in 0..=MAX_MESSAGES {
            (0..messages).for_each(|payload| {
                append(payload as u8);
            });
            next_block();
            roots.push(Outbox::root());
        }
        for nonce in 0..NextNonce::<Test>::get() {
            let proof = Outbox::proof(nonce).unwrap();
            assert_eq!(u64::from(proof.block), BlockOf::<Test>::get(nonce).unwrap());
            assert_eq!(proof.root, roots[proof.block as usize - 1]);
            assert_eq!(proof.leaf, message(nonce, proof.leaf_index as u8).digest());
            let abi = message(nonce, proof.leaf_index as u8).abi_encode();
            assert!(verify_proof::<Keccak256, _, _>(
                &proof.root,
                proof.items,
                proof.leaf_count,
                proof.leaf_index,
                &abi,
            ));
        }
    });
}

#[test]
fn there_is_no_proof_for_a_message_to_come_nor_for_one_of_the_unfinished_block() {
    new_test_ext().execute_with(|| {
        let nonce = append(1);
        assert_eq!(Outbox::proof(nonce), None);
        assert_eq!(Outbox::proof(nonce + 1), None);
        next_block();
        assert!(Outbox::proof(nonce).is_some());
        assert_eq!(Outbox::proof(nonce + 1), None);
    });
}

#[test]
fn a_full_block_refuses_messages_and_the_next_one_takes_them() {
    new_test_ext().execute_with(|| {
        for payload in 0..MAX_MESSAGES {
            assert_ok!(Outbox::ensure_room());
            append(payload as u8);
        }
        assert_noop!(Outbox::ensure_room(), Error::<Test>::OutboxFull);
        assert_noop!(
            Outbox::append(H256::zero(), |nonce| message(nonce, 0)),
            Error::<Test>::OutboxFull
        );
        next_block();
        assert_eq!(append(9), u64::from(MAX_MESSAGES));
    });
}

#[test]
fn an_indexing_node_keeps_the_message_under_its_own_hash() {
    let (mut ext, database) = new_indexing_ext();
    ext.execute_with(|| {
        append(1);
    });
    ext.persist_offchain_overlay();
    let leaf = message(0, 1).digest();
    let bytes = database.get(&message_key(leaf)).unwrap();
    assert_eq!(keccak256(&bytes), leaf);
    assert_eq!(bytes, message(0, 1).abi_encode());
}

#[test]
fn root_orders_a_gateway_by_a_message_of_no_zkgraph() {
    new_test_ext().execute_with(|| {
        let (gateway, until) = (H160::repeat_byte(7), 1_800_000_000);
        assert_ok!(Outbox::order(
            RawOrigin::Root.into(),
            11,
            gateway,
            Order::Pause { until }
        ));
        let mut word = [0; 32];
        word[24..].copy_from_slice(&until.to_be_bytes());
        let message = Message {
            weft_genesis: System::block_hash(0),
            nonce: 0,
            graph: H256::zero(),
            owner: H256::zero(),
            job: 0,
            statement: H256::zero(),
            sources: Default::default(),
            destination: Destination {
                chain_id: 11,
                gateway,
                target: gateway,
                // `cast sig "pause(uint64)"`
                selector: [0x03, 0x57, 0xe3, 0x70],
                gas_limit: 150_000,
            },
            payload: word.to_vec().try_into().unwrap(),
        };
        System::assert_last_event(
            Event::MessageAppended {
                nonce: 0,
                leaf: message.digest(),
                graph: H256::zero(),
                job: 0,
            }
            .into(),
        );
    });
}

#[test]
fn nobody_but_root_orders_a_gateway() {
    new_test_ext().execute_with(|| {
        for origin in [RawOrigin::None, RawOrigin::Signed(1)] {
            let order = Order::Pause { until: 1 };
            assert_noop!(
                Outbox::order(origin.into(), 1, H160::zero(), order),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn an_order_waits_for_a_block_with_room() {
    new_test_ext().execute_with(|| {
        for payload in 0..MAX_MESSAGES {
            append(payload as u8);
        }
        let order = Order::AnnounceSuccessor {
            successor: H160::repeat_byte(1),
        };
        assert_noop!(
            Outbox::order(RawOrigin::Root.into(), 1, H160::zero(), order),
            Error::<Test>::OutboxFull
        );
        next_block();
        assert_ok!(Outbox::order(RawOrigin::Root.into(), 1, H160::zero(), order));
    });
}
