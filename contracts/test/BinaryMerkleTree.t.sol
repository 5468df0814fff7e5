// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {BinaryMerkleTree} from "../src/BinaryMerkleTree.sol";
import {TreeProof} from "../src/Types.sol";
import {Forest} from "./harness/Forest.sol";
import {Libraries} from "./harness/Libraries.sol";
import {vm} from "./harness/Vm.sol";

/// @notice Roots and proofs of binary Merkle trees, of outboxes and of validators.
contract BinaryMerkleTreeTest {
    Libraries private immutable libraries = new Libraries();

    function treeOf(uint256 count) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            leaves[i] = keccak256(abi.encode("message", i));
        }
    }

    function test_every_leaf_of_trees_of_1_to_40_leaves_is_proved() public view {
        for (uint256 count = 1; count <= 40; ++count) {
            bytes32[] memory leaves = treeOf(count);
            bytes32 root = Forest.root(leaves);
            vm.assertEq(libraries.treeRoot(leaves), root);
            for (uint256 i; i < count; ++i) {
                vm.assertEq(libraries.treeRoot(leaves[i], Forest.prove(leaves, i)), root);
            }
        }
    }

    function test_the_root_of_nothing_is_zero() public view {
        vm.assertEq(libraries.treeRoot(new bytes32[](0)), 0);
    }

    function test_the_odd_leaf_is_promoted_unchanged() public view {
        bytes32[] memory leaves = treeOf(3);
        bytes32 pair = keccak256(abi.encode(leaves[0], leaves[1]));
        vm.assertEq(libraries.treeRoot(leaves), keccak256(abi.encode(pair, leaves[2])));
        vm.assertEq(Forest.prove(leaves, 2).items.length, 1);
    }

    function testFuzz_a_leaf_of_a_tree_of_any_size_is_proved(uint256 count, uint256 index) public view {
        count = 1 + count % 400;
        index %= count;
        bytes32[] memory leaves = treeOf(count);
        vm.assertEq(libraries.treeRoot(leaves[index], Forest.prove(leaves, index)), Forest.root(leaves));
    }

    function testFuzz_a_changed_item_does_not_lead_to_the_root(uint256 count, uint256 index, uint256 item) public view {
        count = 2 + count % 100;
        index %= count;
        bytes32[] memory leaves = treeOf(count);
        TreeProof memory proof = Forest.prove(leaves, index);
        proof.items[item % proof.items.length] ^= bytes32(uint256(1) << (item % 256));
        vm.assertTrue(libraries.treeRoot(leaves[index], proof) != Forest.root(leaves));
    }

    function test_surplus_and_missing_items_are_refused() public {
        for (uint256 count = 1; count <= 20; ++count) {
            bytes32[] memory leaves = treeOf(count);
            for (uint256 i; i < count; ++i) {
                TreeProof memory proof = Forest.prove(leaves, i);
                uint256 right = proof.items.length;
                proof.items = new bytes32[](right + 1);
                vm.expectRevert(
                    abi.encodeWithSelector(BinaryMerkleTree.WrongTreeProofLength.selector, right + 1, right)
                );
                libraries.treeRoot(leaves[i], proof);
                if (right == 0) continue;
                proof.items = new bytes32[](right - 1);
                vm.expectRevert(abi.encodeWithSelector(BinaryMerkleTree.WrongTreeProofLength.selector, right - 1, right));
                libraries.treeRoot(leaves[i], proof);
            }
        }
    }

    function test_an_index_outside_is_refused() public {
        TreeProof memory proof = TreeProof(5, 5, new bytes32[](3));
        vm.expectRevert(abi.encodeWithSelector(BinaryMerkleTree.TreeLeafOutOfRange.selector, 5, 5));
        libraries.treeRoot(0, proof);
        proof = TreeProof(0, 0, new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(BinaryMerkleTree.TreeLeafOutOfRange.selector, 0, 0));
        libraries.treeRoot(0, proof);
    }
}
