// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IGateway} from "../src/IGateway.sol";
import {Commitment, Message} from "../src/Types.sol";
import {Chain, Parcel} from "./harness/Chain.sol";
import {Bomb, Burner, Exploder, Moody, Reentrant} from "./destinations/Hostile.sol";
import {Recorder} from "./destinations/Recorder.sol";
import {vm} from "./harness/Vm.sol";

/// @notice What happens when the destination is called.
contract DestinationsTest is Chain {
    function failsAndOthersPass(Parcel memory parcel) private {
        vm.expectEmit(address(gateway));
        emit IGateway.Failed(parcel.message.nonce);
        vm.assertFalse(deliver(parcel));
        vm.assertTrue(gateway.statusOf(parcel.message.nonce) == IGateway.Status.Accepted);
        vm.assertEq(gateway.undeliveredHash(parcel.message.nonce), keccak256(abi.encode(parcel.message)));

        Recorder good = new Recorder();
        vm.assertTrue(
            deliver(settle(messageTo(address(good), Recorder.record.selector, abi.encode(uint256(7)), 400_000)))
        );
        vm.assertEq(good.value(), 7);
    }

    function test_the_destination_learns_who_calls_and_whose_result_it_is() public {
        Recorder target = new Recorder();
        Parcel memory parcel = settle(messageTo(address(target), Recorder.record.selector, abi.encode(9), 400_000));
        vm.assertTrue(deliver(parcel));
        vm.assertEq(target.caller(), address(gateway));
        vm.assertEq(target.value(), 9);
        vm.assertEq(target.graph(), GRAPH);
        vm.assertEq(target.owner(), OWNER);
        vm.assertEq(target.statement(), parcel.message.statement);
        vm.assertEq(target.job(), parcel.message.job);
        vm.assertEq(target.nonce(), parcel.message.nonce);
        vm.assertEq(target.sourceBlock(), parcel.message.sources[0].lastBlock);
    }

    function test_there_is_no_delivery_outside_a_call() public {
        vm.expectRevert(IGateway.NothingBeingDelivered.selector);
        gateway.delivery();
        Recorder target = new Recorder();
        deliver(settle(messageTo(address(target), Recorder.record.selector, abi.encode(9), 400_000)));
        vm.expectRevert(IGateway.NothingBeingDelivered.selector);
        gateway.delivery();
        deliver(settle(messageTo(address(new Moody()), Moody.hear.selector, "", 100_000)));
        vm.expectRevert(IGateway.NothingBeingDelivered.selector);
        gateway.delivery();
    }

    function test_a_reverting_destination_is_recorded_and_others_pass() public {
        failsAndOthersPass(settle(messageTo(address(new Moody()), Moody.hear.selector, "", 100_000)));
    }

    function test_a_gas_burning_destination_is_recorded_and_others_pass() public {
        failsAndOthersPass(settle(messageTo(address(new Burner()), Burner.hear.selector, "", 3_000_000)));
        failsAndOthersPass(settle(messageTo(address(new Exploder()), Exploder.hear.selector, "", 3_000_000)));
    }

    function test_a_destination_without_the_function_is_recorded_and_others_pass() public {
        failsAndOthersPass(settle(messageTo(address(new Recorder()), 0xdeadbeef, "", 100_000)));
    }

    function test_a_destination_without_code_fails_and_is_delivered_once_the_code_is_there() public {
        address later = address(0x1a7e4);
        Parcel memory parcel = settle(messageTo(later, Recorder.record.selector, abi.encode(9), 400_000));
        failsAndOthersPass(parcel);
        vm.etch(later, address(new Recorder()).code);
        vm.assertTrue(gateway.retry(parcel.message, 400_000, RELAYER));
        vm.assertEq(Recorder(later).value(), 9);
    }

    function test_a_return_bomb_costs_the_gateway_nothing() public {
        Bomb bomb = new Bomb();
        // 2,000,000 gas buy a return of about 700 kB; copying it would cost the gateway as much again.
        Parcel memory good = settle(messageTo(address(bomb), Bomb.succeed.selector, abi.encode(700_000), 2_000_000));
        Parcel memory bad = settle(messageTo(address(bomb), Bomb.fail.selector, abi.encode(700_000), 2_000_000));
        bytes memory call = calldataOf(good);
        uint256 before = gasleft();
        (bool ok,) = address(gateway).call(call);
        uint256 used = before - gasleft();
        vm.assertTrue(ok);
        vm.assertTrue(gateway.statusOf(good.message.nonce) == IGateway.Status.Delivered);
        vm.assertGt(used, 900_000, "the bomb went off");
        vm.assertLt(used, 1_400_000, "and was not copied");
        failsAndOthersPass(bad);
    }

    function test_a_destination_cannot_reenter_deliver() public {
        Reentrant target = new Reentrant();
        Parcel memory inner = settle(messageTo(address(target), Reentrant.hear.selector, "", 400_000));
        Parcel memory outer = settle(messageTo(address(target), Reentrant.hear.selector, "", 400_000));
        target.arm(calldataOf(inner), false);
        vm.assertTrue(deliver(outer));
        vm.assertFalse(target.called());
        vm.assertTrue(target.reason() == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        vm.assertTrue(gateway.statusOf(inner.message.nonce) == IGateway.Status.Unknown);
    }

    function test_a_destination_cannot_retry_itself() public {
        Reentrant target = new Reentrant();
        Parcel memory parcel = settle(messageTo(address(target), Reentrant.hear.selector, "", 400_000));
        target.arm(abi.encodeCall(gateway.retry, (parcel.message, 400_000, RELAYER)), true);
        vm.assertFalse(deliver(parcel));
        vm.assertTrue(gateway.statusOf(parcel.message.nonce) == IGateway.Status.Accepted);
        vm.assertFalse(gateway.retry(parcel.message, 1_000_000, RELAYER));
        vm.assertTrue(gateway.statusOf(parcel.message.nonce) == IGateway.Status.Accepted);
    }

    function test_a_destination_may_bring_a_commitment_without_harm() public {
        Reentrant target = new Reentrant();
        Parcel memory parcel = settle(messageTo(address(target), Reentrant.hear.selector, "", 1_000_000));
        Commitment memory commitment = commitmentOf(parcel.mmrBlock + 1, 10, keccak256("newer"));
        target.arm(abi.encodeCall(gateway.submitCommitment, (commitment, sign(commitment, 1, SIZE), RELAYER)), true);
        vm.assertTrue(deliver(parcel));
        vm.assertEq(gateway.latestMmrRoot(), keccak256("newer"));
        vm.assertTrue(gateway.statusOf(parcel.message.nonce) == IGateway.Status.Delivered);
    }

    function test_the_gateway_as_its_own_destination_achieves_nothing() public {
        Message memory message = messageTo(address(gateway), gateway.retry.selector, "", 400_000);
        vm.assertFalse(deliver(settle(message)));
    }

    function test_anyone_can_retry_a_failed_result_and_nothing_is_proved_again() public {
        Moody target = new Moody();
        Parcel memory parcel = settle(messageTo(address(target), Moody.hear.selector, "", 100_000));
        vm.assertFalse(deliver(parcel));
        vm.assertFalse(gateway.retry(parcel.message, 100_000, RELAYER));
        target.cheerUp();
        // The source block has long left the history.
        vm.roll(100_000_000);
        vm.expectEmit(address(gateway));
        emit IGateway.Delivered(parcel.message.nonce, RELAYER);
        vm.prank(address(0xa11ce));
        vm.assertTrue(gateway.retry(parcel.message, 100_000, RELAYER));
        vm.assertEq(target.calls(), 1);
    }

    function test_a_retry_tells_the_destination_the_same_as_the_first_call() public {
        address later = address(0x1a7e4);
        Parcel memory parcel = settle(messageTo(later, Recorder.record.selector, abi.encode(9), 400_000));
        deliver(parcel);
        vm.etch(later, address(new Recorder()).code);
        gateway.retry(parcel.message, 400_000, RELAYER);
        Recorder target = Recorder(later);
        vm.assertEq(target.sourceBlock(), parcel.message.sources[0].lastBlock);
        vm.assertEq(target.nonce(), parcel.message.nonce);
        vm.assertEq(target.graph(), GRAPH);
    }

    function test_a_delivered_an_unknown_or_a_changed_result_cannot_be_retried() public {
        Moody target = new Moody();
        Parcel memory parcel = settle(messageTo(address(target), Moody.hear.selector, "", 100_000));
        vm.expectRevert(abi.encodeWithSelector(IGateway.NotRetriable.selector, parcel.message.nonce));
        gateway.retry(parcel.message, 100_000, RELAYER);

        deliver(parcel);
        target.cheerUp();
        Message memory changed = abi.decode(abi.encode(parcel.message), (Message));
        changed.payload = hex"01";
        vm.expectRevert(abi.encodeWithSelector(IGateway.NotRetriable.selector, parcel.message.nonce));
        gateway.retry(changed, 100_000, RELAYER);

        gateway.retry(parcel.message, 100_000, RELAYER);
        vm.expectRevert(abi.encodeWithSelector(IGateway.NotRetriable.selector, parcel.message.nonce));
        gateway.retry(parcel.message, 100_000, RELAYER);
        vm.assertEq(target.calls(), 1);
    }

    function test_a_failed_result_is_not_accepted_again() public {
        Parcel memory parcel = settle(messageTo(address(new Moody()), Moody.hear.selector, "", 100_000));
        deliver(parcel);
        vm.expectRevert(abi.encodeWithSelector(IGateway.AlreadyAccepted.selector, parcel.message.nonce));
        deliver(parcel);
    }
}
