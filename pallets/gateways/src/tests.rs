//! Tests, by subject.

mod claims;
mod handovers;
mod lies;
mod promises;

use frame_support::{
    assert_ok,
    traits::fungible::{Inspect, InspectHold},
};
use pallet_outbox::Outbox as _;
use weft_primitives::{Destination, GatewayId, GraphId, H160, H256, Message, input::LogEntry};

use crate::{
    HoldReason, ReceiptEvidence,
    evidence::evidence,
    mock::{Balances, CHAIN, Gateways, Outbox, RuntimeOrigin, account, make_final},
};

/// Owner of the zkGraphs.
const OWNER: u8 = 1;
/// Who pays for deliveries.
const SPONSOR: u8 = 2;
/// Who brings them.
const RELAYER: u8 = 9;
/// Somebody else.
const OTHER: u8 = 3;
/// What a delivery pays.
const REWARD: u64 = 100;
/// The zkGraph.
const GRAPH: GraphId = GraphId::repeat_byte(7);
/// The gateway.
const GATEWAY: GatewayId = GatewayId {
    chain_id: CHAIN,
    address: H160::repeat_byte(0x6a),
};
/// Another one.
const OTHER_GATEWAY: GatewayId = GatewayId {
    chain_id: CHAIN,
    address: H160::repeat_byte(0x6b),
};

fn signed(number: u8) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(number))
}

/// A message of a zkGraph for a gateway, in the outbox; its nonce.
fn append(graph: GraphId, gateway: GatewayId) -> u64 {
    append_for(OWNER, graph, gateway)
}

/// The same, of a run that somebody wanted.
fn append_for(offerer: u8, graph: GraphId, gateway: GatewayId) -> u64 {
    let offerer = H256(account(offerer).into());
    Outbox::append(offerer, |nonce| Message {
        weft_genesis: H256::zero(),
        nonce,
        graph,
        owner: H256(account(OWNER).into()),
        job: 0,
        statement: H256::zero(),
        sources: Default::default(),
        destination: Destination {
            chain_id: gateway.chain_id,
            gateway: gateway.address,
            target: H160::repeat_byte(1),
            selector: [0; 4],
            gas_limit: 100_000,
        },
        payload: Default::default(),
    })
    .unwrap()
}

/// [`SPONSOR`] pays for `count` deliveries of [`GRAPH`] at [`GATEWAY`].
fn sponsor(count: u64) {
    assert_ok!(Gateways::sponsor(
        signed(SPONSOR),
        GRAPH,
        GATEWAY,
        count * REWARD,
        REWARD
    ));
}

/// What is on hold for deliveries.
fn held(number: u8) -> u64 {
    Balances::balance_on_hold(&HoldReason::Delivery.into(), &account(number))
}

fn balance(number: u8) -> u64 {
    <Balances as Inspect<_>>::total_balance(&account(number))
}

/// Evidence for a transaction with these logs, in a final block.
fn shown(logs: Vec<LogEntry>) -> Box<ReceiptEvidence> {
    let shown = evidence(CHAIN, &[vec![], logs]);
    make_final(shown.block.hash);
    Box::new(shown)
}
