// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {BeefyClient} from "../src/BeefyClient.sol";
import {IGateway} from "../src/IGateway.sol";
import {MultiProof} from "../src/MultiProof.sol";
import {SourceHistory} from "../src/SourceHistory.sol";
import {Batch, Message} from "../src/Types.sol";
import {Chain, Parcel} from "./harness/Chain.sol";
import {Burner, Moody, Reentrant} from "./destinations/Hostile.sol";
import {Recorder} from "./destinations/Recorder.sol";
import {vm} from "./harness/Vm.sol";

/// @notice Results of several blocks, brought together.
contract BatchTest is Chain {
    Recorder private target;

    function setUp() public override {
        super.setUp();
        target = new Recorder();
    }

    function messagesFor(uint256 count) private returns (Message[] memory messages) {
        messages = new Message[](count);
        for (uint256 i; i < count; ++i) {
            messages[i] = messageTo(address(target), Recorder.record.selector, abi.encode(i), 400_000);
        }
    }

    function testFuzz_all_results_of_a_batch_are_delivered_in_order(uint8 count, uint8 size, uint8 apart) public {
        uint256 total = 1 + count % 12;
        Batch memory batch = settleMany(messagesFor(total), 1 + size % 5, apart % 4);
        vm.assertEq(deliver(batch), total);
        vm.assertEq(target.calls(), total);
        vm.assertEq(target.value(), total - 1);
    }

    function test_a_batch_costs_one_root_and_tells_who_brought_it() public {
        Batch memory batch = settleMany(messagesFor(3), 2, 1);
        Message memory first = batch.sections[0].messages[0];
        vm.expectEmit(address(gateway));
        emit IGateway.Delivered(first.nonce, RELAYER);
        deliver(batch);
    }

    function test_results_that_a_rival_brought_are_passed_over() public {
        Batch memory batch = settleMany(messagesFor(5), 3, 1);
        vm.assertEq(deliver(batch), 5);
        vm.assertEq(deliver(batch), 0);
        vm.assertEq(target.calls(), 5);
    }

    function test_one_result_twice_in_a_batch_is_delivered_once() public {
        Message[] memory messages = messagesFor(4);
        messages[1] = messages[0];
        messages[3] = messages[0];
        vm.assertEq(deliver(settleMany(messages, 2, 1)), 2);
        vm.assertEq(target.calls(), 2);
    }

    function test_a_failing_destination_does_not_keep_others_from_theirs() public {
        Message[] memory messages = messagesFor(3);
        messages[1] = messageTo(address(new Moody()), Moody.hear.selector, "", 100_000);
        vm.assertEq(deliver(settleMany(messages, 3, 0)), 3);
        vm.assertEq(target.calls(), 2);
        vm.assertTrue(gateway.statusOf(messages[1].nonce) == IGateway.Status.Accepted);
        vm.assertEq(gateway.undeliveredHash(messages[1].nonce), keccak256(abi.encode(messages[1])));
    }

    function test_a_destination_cannot_deliver_the_rest_of_its_batch_itself() public {
        Reentrant reentrant = new Reentrant();
        Message[] memory messages = messagesFor(2);
        messages[0] = messageTo(address(reentrant), Reentrant.hear.selector, "", 1_000_000);
        Batch memory batch = settleMany(messages, 1, 1);
        reentrant.arm(abi.encodeCall(gateway.deliverBatch, (batch, RELAYER)), false);
        vm.assertEq(deliver(batch), 2);
        vm.assertFalse(reentrant.called());
        vm.assertEq(target.calls(), 1);
    }

    function test_a_result_that_is_refused_undoes_the_whole_batch() public {
        Message[] memory messages = messagesFor(3);
        messages[2].sources[0].blockHash = keccak256("another fork");
        Batch memory batch = settleMany(messages, 2, 1);
        vm.expectPartialRevert(SourceHistory.SourceNotCanonical.selector);
        deliver(batch);
        messages = messagesFor(2);
        messages[1].weftGenesis = keccak256("another Weft");
        batch = settleMany(messages, 2, 1);
        vm.expectRevert(abi.encodeWithSelector(IGateway.WrongWeft.selector, messages[1].weftGenesis));
        deliver(batch);
        vm.assertEq(target.calls(), 0);
    }

    function test_changed_messages_places_and_leaves_are_refused() public {
        for (uint256 what; what < 8; ++what) {
            Batch memory batch = settleMany(messagesFor(6), 2, 1);
            bytes4 refusal = IGateway.InvalidOutboxProof.selector;
            if (what == 0) batch.sections[1].messages[0].job += 1;
            else if (what == 1) batch.sections[1].messages[0] = batch.sections[0].messages[0];
            else if (what == 2) batch.sections[1].leaf.outbox = keccak256("lie");
            else if (what == 3) (batch.sections[1].indices[1], refusal) = (1, MultiProof.PlacesOutOfOrder.selector);
            else if (what == 4) (batch.sections[1].leaf.time, refusal) = (7, BeefyClient.InvalidLeafProof.selector);
            else if (what == 5) (batch.sections[1].leaf.version, refusal) = (32, BeefyClient.UnsupportedLeafVersion.selector);
            else if (what == 6) (batch.sections[2].leafIndex, refusal) = (0, MultiProof.PlacesOutOfOrder.selector);
            else (batch.items[0], refusal) = (keccak256("lie"), BeefyClient.InvalidLeafProof.selector);
            vm.expectPartialRevert(refusal);
            deliver(batch);
        }
        vm.assertEq(target.calls(), 0);
    }

    function test_when_gas_runs_low_the_rest_is_left_for_another_time() public {
        Message[] memory messages = messagesFor(4);
        messages[1] = messageTo(address(new Burner()), Burner.hear.selector, "", 3_000_000);
        Batch memory batch = settleMany(messages, 2, 1);
        bytes memory call = abi.encodeCall(gateway.deliverBatch, (batch, RELAYER));
        uint256 lowest = type(uint256).max;
        uint256 untouched = vm.snapshotState();
        // Whatever the gas: what is accepted stays accepted, in order.
        for (uint256 gas = 600_000; gas < 5_000_000; gas += 20_011) {
            vm.revertToState(untouched);
            (bool ok, bytes memory answer) = address(gateway).call{gas: gas}(call);
            if (!ok) continue;
            uint256 accepted = abi.decode(answer, (uint256));
            if (accepted < lowest) lowest = accepted;
            for (uint256 i; i < 4; ++i) {
                IGateway.Status status = gateway.statusOf(messages[i].nonce);
                if (i >= accepted) vm.assertTrue(status == IGateway.Status.Unknown);
                else vm.assertTrue(status == (i == 1 ? IGateway.Status.Accepted : IGateway.Status.Delivered));
            }
        }
        vm.assertEq(lowest, 1);
    }

    function test_an_unknown_root_and_empty_batches_are_refused() public {
        Batch memory batch = settleMany(messagesFor(1), 1, 1);
        ++batch.mmrBlock;
        vm.expectRevert(abi.encodeWithSelector(IGateway.UnknownMmrRoot.selector, batch.mmrBlock));
        deliver(batch);
        --batch.mmrBlock;
        batch.sections[0].messages = new Message[](0);
        vm.expectRevert(abi.encodeWithSelector(MultiProof.WrongLeafCount.selector, 0, 1));
        deliver(batch);
        Batch memory empty;
        empty.mmrBlock = batch.mmrBlock;
        vm.expectRevert(abi.encodeWithSelector(MultiProof.WrongLeafCount.selector, 0, 0));
        deliver(empty);
    }

    function test_a_result_delivered_alone_is_not_delivered_in_a_batch_and_the_reverse() public {
        Parcel memory parcel = settle(messagesFor(1)[0]);
        deliver(parcel);
        vm.assertEq(deliver(batchOf(parcel)), 0);
        parcel = settle(messagesFor(1)[0]);
        vm.assertEq(deliver(batchOf(parcel)), 1);
        vm.expectRevert(abi.encodeWithSelector(IGateway.AlreadyAccepted.selector, parcel.message.nonce));
        deliver(parcel);
        vm.assertEq(target.calls(), 2);
    }
}
