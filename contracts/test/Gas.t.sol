// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Gateway} from "../src/Gateway.sol";
import {IGateway} from "../src/IGateway.sol";
import {VolumeReceiver} from "../src/examples/VolumeReceiver.sol";
import {Commitment, Message, MmrLeaf, MmrProof, ValidatorSet} from "../src/Types.sol";
import {Chain, Parcel} from "./harness/Chain.sol";
import {Mountain} from "./harness/Mountain.sol";
import {vm} from "./harness/Vm.sol";

/// @notice What a transaction costs, with intrinsic gas and calldata. The figures are printed
/// (`forge test --match-contract Gas -vv`), and bounded so that a change for the worse is noticed.
/// forge-config: default.isolate = true
contract GasTest is Chain {
    /// @dev The event that forge prints.
    event log_named_uint(string key, uint256 val);

    /// @dev Gas of a transaction to the gateway with this calldata. Isolation makes every call from here a transaction of its own.
    function spend(string memory what, bytes memory call) private returns (uint256 total) {
        (bool ok,) = address(gateway).call(call);
        vm.assertTrue(ok, what);
        total = vm.lastCallGas().gasTotalUsed;
        emit log_named_uint(what, total);
    }

    function commitmentGas(uint256 size) private returns (uint256) {
        gateway = new Gateway(GENESIS, setOf(1, 10, size), setOf(2, 11, size));
        Commitment memory first = commitmentOf(1, 10, keccak256("first"));
        gateway.submitCommitment(first, sign(first, 1, size));
        Commitment memory commitment = commitmentOf(2, 10, keccak256("root"));
        return spend(
            string.concat("submitCommitment, validators: ", vm.toString(size)),
            abi.encodeCall(gateway.submitCommitment, (commitment, sign(commitment, 1, size)))
        );
    }

    function handoverGas(uint256 size) private returns (uint256) {
        gateway = new Gateway(GENESIS, setOf(1, 10, size), setOf(2, 11, size));
        Commitment memory first = commitmentOf(1, 10, keccak256("first"));
        gateway.submitCommitment(first, sign(first, 1, size));
        // The newest of 1,000 leaves, as in the first block of a session.
        bytes32[] memory mountain = new bytes32[](1000);
        for (uint256 i; i < 999; ++i) {
            mountain[i] = keccak256(abi.encode(i));
        }
        MmrLeaf memory leaf = MmrLeaf(0, 999, keccak256("parent"), setOf(3, 12, size), 0);
        mountain[999] = keccak256(LIBRARIES.encode(leaf));
        Commitment memory commitment = commitmentOf(1000, 11, Mountain.root(mountain));
        return spend(
            string.concat("submitHandover, validators: ", vm.toString(size)),
            abi.encodeCall(
                gateway.submitHandover, (commitment, sign(commitment, 2, size), leaf, Mountain.prove(mountain, 999))
            )
        );
    }

    function test_a_commitment_costs_no_more_than_stated() public {
        vm.assertLt(commitmentGas(1), 75_000, "1");
        vm.assertLt(commitmentGas(4), 95_000, "4");
        vm.assertLt(commitmentGas(21), 195_000, "21");
        vm.assertLt(commitmentGas(100), 700_000, "100");
        vm.assertLt(commitmentGas(256), 1_800_000, "256");
    }

    function test_a_handover_costs_no_more_than_stated() public {
        vm.assertLt(handoverGas(1), 115_000, "1");
        vm.assertLt(handoverGas(4), 130_000, "4");
        vm.assertLt(handoverGas(21), 230_000, "21");
    }

    /// @dev Delivery of a message whose leaf is the last but one of a mountain of that size.
    function deliveryGas(string memory what, Message memory message, uint256 leafCount) private returns (uint256 total) {
        Parcel memory parcel = settle(message);
        bytes32[] memory mountain = new bytes32[](leafCount);
        for (uint256 i; i < leafCount; ++i) {
            mountain[i] = keccak256(abi.encode(i));
        }
        mountain[leafCount - 2] = keccak256(LIBRARIES.encode(parcel.leaf));
        parcel.leafProof = Mountain.prove(mountain, leafCount - 2);
        Commitment memory commitment = commitmentOf(++parcel.mmrBlock, 10, Mountain.root(mountain));
        gateway.submitCommitment(commitment, sign(commitment, 1, SIZE));
        addLeaf(0); // keeps the next block's number above this one
        total = spend(what, calldataOf(parcel));
        vm.assertTrue(gateway.statusOf(message.nonce) == IGateway.Status.Delivered, what);
    }

    function volumeMessage(address receiver, uint64 age) private returns (Message memory message) {
        message = messageTo(
            receiver, VolumeReceiver.record.selector, abi.encode(5 ether, 2 ether, 9 ether), 200_000
        );
        message.sources[0] = sourceAt(uint64(block.number) - age);
    }

    function test_a_delivery_costs_no_more_than_stated() public {
        VolumeReceiver receiver = new VolumeReceiver(IGateway(gateway));
        receiver.configure(GRAPH, OWNER);
        deliver(settle(volumeMessage(address(receiver), 30)));

        Message memory message = messageTo(address(new Idle()), Idle.hear.selector, abi.encode(1, 2, 3), 200_000);
        vm.assertLt(deliveryGas("deliver to a destination that does nothing, 1,000 leaves", message, 1_000), 110_000, "");
        message = volumeMessage(address(receiver), 15);
        vm.assertLt(deliveryGas("deliver to VolumeReceiver, 1,000 leaves", message, 1_000), 205_000, "");
        message = volumeMessage(address(receiver), 5_000);
        vm.assertLt(deliveryGas("the same, source 5,000 blocks old", message, 1_000), 205_000, "");
        message = volumeMessage(address(receiver), 10);
        vm.assertLt(deliveryGas("the same, 4,095 leaves", message, 4_095), 210_000, "");
    }
}

/// @notice Does nothing.
contract Idle {
    function hear() external {}
}
