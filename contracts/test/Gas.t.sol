// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Gateway} from "../src/Gateway.sol";
import {IGateway} from "../src/IGateway.sol";
import {VolumeReceiver} from "../src/examples/VolumeReceiver.sol";
import {Commitment, Message, MmrLeaf, MmrProof, ValidatorSet} from "../src/Types.sol";
import {Chain, Parcel} from "./harness/Chain.sol";
import {Mountain} from "./harness/Mountain.sol";
import {vm} from "./harness/Vm.sol";

/// @notice What a transaction costs: intrinsic gas, calldata and execution with cold storage, or the floor of EIP-7623. The figures are
/// printed (`forge test --match-contract Gas -vv`), and bounded so that a change for the worse is noticed.
contract GasTest is Chain {
    /// @dev The event that forge prints.
    event log_named_uint(string key, uint256 val);

    /// @dev Gas of a transaction to the gateway with this calldata.
    function spend(string memory what, bytes memory call) private returns (uint256 total) {
        uint256 zeros;
        for (uint256 i; i < call.length; ++i) {
            if (call[i] == 0) ++zeros;
        }
        uint256 tokens = zeros + 4 * (call.length - zeros);
        vm.cool(address(gateway));
        vm.cool(HISTORY);
        address target = address(gateway);
        uint256 before = gasleft();
        (bool ok,) = target.call(call);
        // A transaction's own target is warm.
        uint256 execution = before - gasleft() - 2_600;
        vm.assertTrue(ok, what);
        total = 21_000 + 4 * tokens + execution;
        uint256 floor = 21_000 + 10 * tokens;
        if (floor > total) total = floor;
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
        vm.assertLt(handoverGas(1), 110_000, "1");
        vm.assertLt(handoverGas(4), 130_000, "4");
        vm.assertLt(handoverGas(21), 230_000, "21");
    }

    function deliveryGas(string memory what, uint256 leafCount, uint64 age) private returns (uint256) {
        VolumeReceiver receiver = new VolumeReceiver(IGateway(gateway));
        receiver.configure(GRAPH, OWNER);
        // A destination that has seen results before, as all but the first.
        Message memory earlier = messageTo(
            address(receiver), VolumeReceiver.record.selector, abi.encode(uint256(1), uint256(1), uint256(1)), 200_000
        );
        deliver(settle(earlier));

        Message memory message = messageTo(
            address(receiver), VolumeReceiver.record.selector, abi.encode(5 ether, 2 ether, 9 ether), 200_000
        );
        message.sources[0] = sourceAt(uint64(block.number) - age);
        Parcel memory parcel = settle(message);
        // Put the leaf near the end of a mountain of realistic size.
        bytes32[] memory mountain = new bytes32[](leafCount);
        for (uint256 i; i < leafCount; ++i) {
            mountain[i] = keccak256(abi.encode(i));
        }
        mountain[leafCount - 2] = keccak256(LIBRARIES.encode(parcel.leaf));
        parcel.leafProof = Mountain.prove(mountain, leafCount - 2);
        Commitment memory commitment = commitmentOf(parcel.mmrBlock + 1, 10, Mountain.root(mountain));
        gateway.submitCommitment(commitment, sign(commitment, 1, SIZE));
        parcel.mmrBlock += 1;

        vm.cool(address(receiver));
        uint256 total = spend(what, calldataOf(parcel));
        vm.assertTrue(gateway.statusOf(message.nonce) == IGateway.Status.Delivered);
        return total;
    }

    function test_a_delivery_costs_no_more_than_stated() public {
        vm.assertLt(deliveryGas("deliver, 1,000 leaves, source 20 blocks old", 1_000, 15), 215_000, "small");
        vm.assertLt(deliveryGas("deliver, 1,000 leaves, source 5,000 blocks old", 1_000, 5_000), 215_000, "history");
        vm.assertLt(deliveryGas("deliver, 4,095 leaves, source 20 blocks old", 4_095, 10), 220_000, "large");
    }
}
