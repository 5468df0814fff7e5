// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Gateway} from "../src/Gateway.sol";
import {IGateway} from "../src/IGateway.sol";
import {VolumeReceiver} from "../src/examples/VolumeReceiver.sol";
import {Batch, Commitment, Message, MmrLeaf, MmrProof, ValidatorSet} from "../src/Types.sol";
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
        gateway = new Gateway(GENESIS, setOf(1, 10, size), setOf(2, 11, size), uint64(block.timestamp), TRUST);
        Commitment memory first = commitmentOf(1, 10, keccak256("first"));
        gateway.submitCommitment(first, sign(first, 1, size), RELAYER);
        Commitment memory commitment = commitmentOf(2, 10, keccak256("root"));
        return spend(
            string.concat("submitCommitment, validators: ", vm.toString(size)),
            abi.encodeCall(gateway.submitCommitment, (commitment, sign(commitment, 1, size), RELAYER))
        );
    }

    function handoverGas(uint256 size) private returns (uint256) {
        gateway = new Gateway(GENESIS, setOf(1, 10, size), setOf(2, 11, size), uint64(block.timestamp), TRUST);
        Commitment memory first = commitmentOf(1, 10, keccak256("first"));
        gateway.submitCommitment(first, sign(first, 1, size), RELAYER);
        // The newest of 1,000 leaves, as in the first block of a session.
        bytes32[] memory mountain = new bytes32[](1000);
        for (uint256 i; i < 999; ++i) {
            mountain[i] = keccak256(abi.encode(i));
        }
        MmrLeaf memory leaf = MmrLeaf(0, 999, keccak256("parent"), setOf(3, 12, size), 0, uint64(block.timestamp));
        mountain[999] = keccak256(LIBRARIES.encode(leaf));
        Commitment memory commitment = commitmentOf(1000, 11, Mountain.root(mountain));
        return spend(
            string.concat("submitHandover, validators: ", vm.toString(size)),
            abi.encodeCall(
                gateway.submitHandover, (commitment, sign(commitment, 2, size), leaf, Mountain.prove(mountain, 999), RELAYER)
            )
        );
    }

    function test_a_commitment_costs_no_more_than_stated() public {
        vm.assertLt(commitmentGas(1), 75_000, "1");
        vm.assertLt(commitmentGas(4), 95_000, "4");
        vm.assertLt(commitmentGas(21), 195_000, "21");
        vm.assertLt(commitmentGas(31), 280_000, "31");
        vm.assertLt(commitmentGas(100), 700_000, "100");
        vm.assertLt(commitmentGas(256), 1_800_000, "256");
    }

    function test_a_handover_costs_no_more_than_stated() public {
        vm.assertLt(handoverGas(1), 115_000, "1");
        vm.assertLt(handoverGas(4), 135_000, "4");
        vm.assertLt(handoverGas(21), 235_000, "21");
        vm.assertLt(handoverGas(31), 315_000, "31");
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
        gateway.submitCommitment(commitment, sign(commitment, 1, SIZE), RELAYER);
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

    /// @dev What one of 32 results costs, each about another block of this chain and settled in blocks of `size`.
    function batchGas(string memory what, uint256 size) private returns (uint256) {
        Idle idle = new Idle();
        for (uint256 i; i < 1_000; ++i) {
            addLeaf(0);
        }
        Message[] memory messages = new Message[](32);
        for (uint64 i; i < 32; ++i) {
            messages[i] = messageTo(address(idle), Idle.hear.selector, abi.encode(1, 2, 3), 200_000);
            messages[i].sources[0] = sourceAt(uint64(block.number) - 300 - i);
        }
        Batch memory batch = settleMany(messages, size, 3);
        uint256 total = spend(what, abi.encodeCall(gateway.deliverBatch, (batch, RELAYER)));
        vm.assertTrue(gateway.statusOf(messages[31].nonce) == IGateway.Status.Delivered, what);
        return total / 32;
    }

    function test_a_result_in_a_batch_of_32_blocks_costs_no_more_than_stated() public {
        vm.assertLt(batchGas("32 results of 32 blocks of Weft", 1), 45_000, "");
    }

    function test_a_result_in_a_batch_of_8_blocks_costs_no_more_than_stated() public {
        vm.assertLt(batchGas("32 results of 8 blocks", 4), 35_000, "");
    }

    function test_a_result_in_a_batch_of_one_block_costs_no_more_than_stated() public {
        vm.assertLt(batchGas("32 results of one block", 32), 31_000, "");
    }
}

/// @notice Does nothing.
contract Idle {
    function hear() external {}
}
