// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Gateway} from "../src/Gateway.sol";
import {Governed} from "../src/Governed.sol";
import {IGateway} from "../src/IGateway.sol";
import {Batch, Message, Source} from "../src/Types.sol";
import {Chain, Parcel} from "./harness/Chain.sol";
import {Moody} from "./destinations/Hostile.sol";
import {Recorder} from "./destinations/Recorder.sol";
import {vm} from "./harness/Vm.sol";

/// @notice What Weft's root can order through the gateway, and that nobody else can.
contract GovernanceTest is Chain {
    Recorder private target;

    function setUp() public override {
        super.setUp();
        target = new Recorder();
    }

    function order(bytes4 selector, bytes memory payload) private returns (Message memory message) {
        message = messageTo(address(gateway), selector, payload, 200_000);
        (message.graph, message.owner, message.job, message.statement) = (0, 0, 0, 0);
        message.sources = new Source[](0);
    }

    function pauseUntil(uint64 until) private returns (Message memory) {
        return order(Governed.pause.selector, abi.encode(until));
    }

    function result() private returns (Parcel memory) {
        return settle(messageTo(address(target), Recorder.record.selector, abi.encode(1), 400_000));
    }

    function test_root_pauses_deliveries_and_retries_and_the_pause_ends_by_itself() public {
        Moody moody = new Moody();
        Parcel memory failed = settle(messageTo(address(moody), Moody.hear.selector, "", 100_000));
        deliver(failed);
        moody.cheerUp();

        Parcel memory pause = settle(pauseUntil(1_005_000));
        vm.expectEmit(address(gateway));
        emit Governed.PausedUntil(1_005_000);
        vm.assertTrue(deliver(pause));
        Parcel memory parcel = result();
        bytes memory refusal = abi.encodeWithSelector(Governed.Paused.selector, 1_005_000);
        vm.expectRevert(refusal);
        deliver(parcel);
        vm.assertEq(deliver(batchOf(parcel)), 0);
        vm.expectRevert(refusal);
        gateway.retry(failed.message, 100_000, RELAYER);

        vm.warp(1_005_000);
        vm.assertTrue(deliver(parcel));
        vm.assertTrue(gateway.retry(failed.message, 100_000, RELAYER));
    }

    function test_a_pause_in_a_batch_holds_back_what_follows_and_is_not_undone() public {
        Message[] memory messages = new Message[](4);
        messages[0] = messageTo(address(target), Recorder.record.selector, abi.encode(1), 400_000);
        messages[1] = pauseUntil(1_005_000);
        messages[2] = messageTo(address(target), Recorder.record.selector, abi.encode(2), 400_000);
        messages[3] = order(Governed.announceSuccessor.selector, abi.encode(address(0x5ec)));
        Batch memory batch = settleMany(messages, 2, 1);
        vm.assertEq(deliver(batch), 3);
        vm.assertEq(gateway.pausedUntil(), 1_005_000);
        vm.assertEq(gateway.successor(), address(0x5ec));
        vm.assertEq(target.value(), 1);
        vm.assertTrue(gateway.statusOf(messages[2].nonce) == IGateway.Status.Unknown);
        vm.warp(1_005_000);
        vm.assertEq(deliver(batch), 1);
        vm.assertEq(target.value(), 2);
    }

    function test_commitments_and_orders_go_on_during_a_pause() public {
        deliver(settle(pauseUntil(1_005_000)));
        finaliseAnother();
        vm.assertTrue(deliver(settle(pauseUntil(0))));
        vm.assertTrue(deliver(result()));
    }

    function finaliseAnother() private {
        addLeaf(0);
        finalise();
    }

    function test_a_pause_ends_after_fourteen_days_at_the_latest() public {
        vm.assertTrue(deliver(settle(pauseUntil(1_000_000 + 14 days + 1))));
        vm.assertEq(gateway.pausedUntil(), 1_000_000 + 14 days);
        vm.assertTrue(deliver(settle(pauseUntil(type(uint64).max))));
        vm.assertEq(gateway.pausedUntil(), 1_000_000 + 14 days);
    }

    function test_an_order_does_not_outdate_one_of_another_kind() public {
        Parcel memory pause = settle(pauseUntil(1_005_000));
        Parcel memory successor = settle(order(Governed.announceSuccessor.selector, abi.encode(address(0x5ec))));
        vm.assertTrue(deliver(successor));
        vm.assertTrue(deliver(pause));
        vm.assertEq(gateway.pausedUntil(), 1_005_000);
    }

    function test_an_order_held_back_cannot_undo_a_newer_one() public {
        Parcel memory first = settle(pauseUntil(1_005_000));
        Parcel memory second = settle(pauseUntil(0));
        vm.assertTrue(deliver(second));
        vm.assertFalse(deliver(first));
        vm.assertEq(gateway.pausedUntil(), 0);
        vm.assertFalse(gateway.retry(first.message, 200_000, RELAYER));
        vm.assertEq(gateway.pausedUntil(), 0);
    }

    function test_root_announces_a_successor() public {
        Parcel memory parcel = settle(order(Governed.announceSuccessor.selector, abi.encode(address(0x5ec))));
        vm.expectEmit(address(gateway));
        emit Governed.SuccessorAnnounced(address(0x5ec));
        vm.assertTrue(deliver(parcel));
        vm.assertEq(gateway.successor(), address(0x5ec));
    }

    function test_anybody_who_calls_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(Governed.NotRoot.selector, address(this)));
        gateway.pause(0);
        vm.expectRevert(abi.encodeWithSelector(Governed.NotRoot.selector, address(this)));
        gateway.announceSuccessor(address(1));
        vm.prank(address(gateway));
        vm.expectRevert(abi.encodeWithSelector(Governed.NotRoot.selector, address(gateway)));
        gateway.pause(0);
    }

    function test_a_zkgraph_that_names_the_gateway_orders_nothing() public {
        Message memory message = messageTo(address(gateway), Governed.pause.selector, abi.encode(1_005_000), 200_000);
        vm.assertFalse(deliver(settle(message)));
        // Nor with half of root's marks.
        message = messageTo(address(gateway), Governed.pause.selector, abi.encode(1_005_000), 200_000);
        message.graph = 0;
        vm.assertFalse(deliver(settle(message)));
        message = messageTo(address(gateway), Governed.pause.selector, abi.encode(1_005_000), 200_000);
        message.owner = 0;
        vm.assertFalse(deliver(settle(message)));
        vm.assertEq(gateway.pausedUntil(), 0);
    }

    function test_a_destination_of_root_cannot_speak_for_it() public {
        Caller caller = new Caller(gateway);
        Message memory message = order(Caller.hear.selector, "");
        message.destination.target = address(caller);
        vm.assertFalse(deliver(settle(message)));
        vm.assertEq(gateway.pausedUntil(), 0);
    }

    function test_an_order_is_followed_once() public {
        Parcel memory parcel = settle(pauseUntil(1_005_000));
        deliver(parcel);
        vm.expectRevert(abi.encodeWithSelector(IGateway.AlreadyAccepted.selector, parcel.message.nonce));
        deliver(parcel);
    }
}

/// @notice Calls the gateway back as if it were root.
contract Caller {
    Gateway private immutable GATEWAY;

    constructor(Gateway gateway) {
        GATEWAY = gateway;
    }

    function hear() external {
        GATEWAY.pause(uint64(block.timestamp) + 1000);
    }
}
