// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IGateway} from "../src/IGateway.sol";
import {Message} from "../src/Types.sol";
import {Chain, Parcel} from "./harness/Chain.sol";
import {Burner, Meter} from "./destinations/Hostile.sol";
import {vm} from "./harness/Vm.sol";

/// @notice The gas that a destination gets. EIP-150 forwards at most 63/64 of what is left.
contract StipendTest is Chain {
    uint64 private constant STIPEND = 10_000_000;

    Meter private meter;

    function setUp() public override {
        super.setUp();
        meter = new Meter();
    }

    function parcelFor(uint256 needed) private returns (Parcel memory) {
        return settle(messageTo(address(meter), Meter.hear.selector, abi.encode(needed), STIPEND));
    }

    function test_the_destination_gets_what_the_message_names_whatever_the_transaction_has() public {
        uint256[3] memory gasLimits = [uint256(10_400_000), 20_000_000, 100_000_000];
        for (uint256 i; i < 3; ++i) {
            Parcel memory parcel = parcelFor(0);
            bytes memory call = calldataOf(parcel);
            (bool ok,) = address(gateway).call{gas: gasLimits[i]}(call);
            vm.assertTrue(ok);
            // What the dispatcher takes before the measurement is little.
            vm.assertLt(meter.seen(), STIPEND + 1, "never more");
            vm.assertGt(meter.seen(), STIPEND - 500, "never less");
        }
    }

    /// @dev The heart of it: for no amount of gas can a destination that fits its stipend be made to fail.
    function test_no_amount_of_gas_lets_a_relayer_starve_a_destination() public {
        // It needs all of its stipend but a little.
        Parcel memory parcel = parcelFor(STIPEND - 30_000);
        bytes memory call = calldataOf(parcel);
        uint256 refusals;
        // Each try is undone by the refusal, so the same message serves until the first success.
        for (uint256 gas = 9_000_000;; gas += 997) {
            (bool ok, bytes memory reason) = address(gateway).call{gas: gas}(call);
            if (ok) {
                vm.assertTrue(abi.decode(reason, (bool)), "accepted means delivered");
                vm.assertGt(meter.seen(), STIPEND - 500, "with all of its stipend");
                break;
            }
            // Out of gas before the check, or refused by it; never recorded as failed.
            if (reason.length != 0) {
                vm.assertTrue(bytes4(reason) == IGateway.NotEnoughGas.selector, "the only refusal");
                ++refusals;
            }
            vm.assertTrue(gateway.statusOf(parcel.message.nonce) == IGateway.Status.Unknown, "nothing stays");
        }
        vm.assertGt(refusals, 500, "the check was what refused");
        vm.assertTrue(gateway.statusOf(parcel.message.nonce) == IGateway.Status.Delivered);
    }

    function test_a_destination_that_burns_everything_leaves_enough_to_record_it() public {
        Burner burner = new Burner();
        Parcel memory parcel = settle(messageTo(address(burner), Burner.hear.selector, "", STIPEND));
        bytes memory call = calldataOf(parcel);
        for (uint256 gas = 9_500_000;; gas += 997) {
            (bool ok, bytes memory reason) = address(gateway).call{gas: gas}(call);
            if (ok) break;
            if (reason.length != 0) vm.assertTrue(bytes4(reason) == IGateway.NotEnoughGas.selector, "the only refusal");
        }
        vm.assertTrue(gateway.statusOf(parcel.message.nonce) == IGateway.Status.Accepted);
    }

    function test_no_amount_of_gas_lets_a_retry_starve_a_destination() public {
        Parcel memory parcel = parcelFor(STIPEND - 30_000);
        // It fails at first: not there yet.
        bytes memory code = address(meter).code;
        vm.etch(address(meter), "");
        deliver(parcel);
        vm.etch(address(meter), code);
        bytes memory call = abi.encodeCall(gateway.retry, (parcel.message, STIPEND, RELAYER));
        for (uint256 gas = 9_500_000;; gas += 997) {
            (bool ok, bytes memory reason) = address(gateway).call{gas: gas}(call);
            if (!ok) continue;
            vm.assertTrue(abi.decode(reason, (bool)), "tried means delivered");
            break;
        }
    }

    function test_a_retry_may_give_more_but_not_less() public {
        Parcel memory parcel = parcelFor(STIPEND + 200_000);
        vm.assertFalse(deliver(parcel));
        vm.expectRevert(abi.encodeWithSelector(IGateway.GasLimitTooLow.selector, STIPEND - 1, STIPEND));
        gateway.retry(parcel.message, STIPEND - 1, RELAYER);
        vm.assertFalse(gateway.retry(parcel.message, STIPEND, RELAYER));
        vm.assertTrue(gateway.retry(parcel.message, STIPEND + 300_000, RELAYER));
    }

    function test_a_stipend_that_no_block_holds_is_refused_without_overflow() public {
        Message memory message = messageTo(address(meter), Meter.hear.selector, abi.encode(0), type(uint64).max);
        Parcel memory parcel = settle(message);
        vm.expectPartialRevert(IGateway.NotEnoughGas.selector);
        deliver(parcel);
    }

    function test_a_stipend_of_zero_calls_and_fails() public {
        Message memory message = messageTo(address(meter), Meter.hear.selector, abi.encode(0), 0);
        vm.assertFalse(deliver(settle(message)));
    }
}
