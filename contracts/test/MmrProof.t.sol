// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Mmr} from "../src/Mmr.sol";
import {MmrProof} from "../src/Types.sol";
import {Libraries} from "./harness/Libraries.sol";
import {Mountain} from "./harness/Mountain.sol";
import {vm} from "./harness/Vm.sol";

/// @notice Leaf proofs of Merkle mountain ranges.
contract MmrProofTest {
    Libraries private immutable libraries = new Libraries();

    function mountainOf(uint256 count) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            leaves[i] = keccak256(abi.encode("leaf", i));
        }
    }

    function test_every_leaf_of_mountains_of_1_to_40_leaves_is_proved() public view {
        for (uint256 count = 1; count <= 40; ++count) {
            bytes32[] memory leaves = mountainOf(count);
            bytes32 root = Mountain.root(leaves);
            for (uint256 i; i < count; ++i) {
                vm.assertEq(libraries.mmrRoot(leaves[i], Mountain.prove(leaves, i)), root);
            }
        }
    }

    function testFuzz_a_leaf_of_a_mountain_of_any_size_is_proved(uint256 count, uint256 index) public view {
        count = 1 + count % 600;
        index %= count;
        bytes32[] memory leaves = mountainOf(count);
        vm.assertEq(libraries.mmrRoot(leaves[index], Mountain.prove(leaves, index)), Mountain.root(leaves));
    }

    function test_another_leaf_does_not_lead_to_the_root() public view {
        for (uint256 count = 1; count <= 20; ++count) {
            bytes32[] memory leaves = mountainOf(count);
            MmrProof memory proof = Mountain.prove(leaves, count / 2);
            vm.assertTrue(libraries.mmrRoot(keccak256("forged"), proof) != Mountain.root(leaves));
        }
    }

    function test_another_index_does_not_lead_to_the_root() public view {
        bytes32[] memory leaves = mountainOf(16);
        for (uint256 i; i < 16; ++i) {
            for (uint64 claimed; claimed < 16; ++claimed) {
                if (claimed == i) continue;
                MmrProof memory proof = Mountain.prove(leaves, i);
                proof.leafIndex = claimed;
                vm.assertTrue(libraries.mmrRoot(leaves[i], proof) != Mountain.root(leaves));
            }
        }
    }

    function testFuzz_a_changed_item_does_not_lead_to_the_root(uint256 count, uint256 index, uint256 item) public view {
        count = 2 + count % 100;
        index %= count;
        bytes32[] memory leaves = mountainOf(count);
        MmrProof memory proof = Mountain.prove(leaves, index);
        proof.items[item % proof.items.length] ^= bytes32(uint256(1) << (item % 256));
        vm.assertTrue(libraries.mmrRoot(leaves[index], proof) != Mountain.root(leaves));
    }

    function test_an_inner_node_cannot_be_proved_with_the_tree_cut_short() public view {
        // Four leaves: the parent of the first two, claimed as leaf 0 of a mountain of two.
        bytes32[] memory leaves = mountainOf(4);
        bytes32 inner = Mountain.merge(leaves[0], leaves[1]);
        MmrProof memory proof = MmrProof(0, 2, new bytes32[](1));
        proof.items[0] = Mountain.merge(leaves[2], leaves[3]);
        // The path fits; what stops it is that no 113-byte leaf hashes to the inner node. See docs/decisions/gateway.md.
        vm.assertEq(libraries.mmrRoot(inner, proof), Mountain.root(leaves));
        vm.assertTrue(libraries.mmrRoot(leaves[0], proof) != Mountain.root(leaves));
    }

    function test_surplus_and_missing_items_are_refused() public {
        for (uint256 count = 1; count <= 20; ++count) {
            bytes32[] memory leaves = mountainOf(count);
            for (uint256 i; i < count; ++i) {
                MmrProof memory proof = Mountain.prove(leaves, i);
                uint256 right = proof.items.length;
                proof.items = new bytes32[](right + 1);
                vm.expectRevert(abi.encodeWithSelector(Mmr.WrongProofLength.selector, right + 1, right));
                libraries.mmrRoot(leaves[i], proof);
                if (right == 0) continue;
                proof.items = new bytes32[](right - 1);
                vm.expectRevert(abi.encodeWithSelector(Mmr.WrongProofLength.selector, right - 1, right));
                libraries.mmrRoot(leaves[i], proof);
            }
        }
    }

    function test_an_index_outside_is_refused() public {
        MmrProof memory proof = MmrProof(0, 0, new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(Mmr.LeafOutOfRange.selector, 0, 0));
        libraries.mmrRoot(0, proof);
        proof = MmrProof(type(uint64).max, type(uint64).max, new bytes32[](0));
        vm.expectRevert(
            abi.encodeWithSelector(Mmr.LeafOutOfRange.selector, type(uint64).max, type(uint64).max)
        );
        libraries.mmrRoot(0, proof);
    }

    function test_the_largest_count_is_handled() public view {
        // 2^64 − 1 leaves: 64 peaks, and the last leaf is the lowest of them.
        MmrProof memory proof = MmrProof(type(uint64).max - 1, type(uint64).max, new bytes32[](63));
        bytes32 expected = keccak256("leaf");
        for (uint256 i; i < 63; ++i) {
            expected = Mountain.merge(expected, 0);
        }
        vm.assertEq(libraries.mmrRoot(keccak256("leaf"), proof), expected);
    }
}
