// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {MultiProof} from "../src/MultiProof.sol";
import {Forest} from "./harness/Forest.sol";
import {Libraries} from "./harness/Libraries.sol";
import {Mountain} from "./harness/Mountain.sol";
import {vm} from "./harness/Vm.sol";

/// @notice Proofs for several leaves, of trees and of mountain ranges, against both built from their definitions.
contract MultiProofTest {
    Libraries private immutable LIBRARIES = new Libraries();

    function leavesOf(uint256 count, uint256 seed) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            leaves[i] = keccak256(abi.encode(seed, i));
        }
    }

    /// @dev The places whose bit is set, and the leaves there.
    function chosen(bytes32[] memory leaves, uint256 bits)
        private
        pure
        returns (uint256[] memory places, bytes32[] memory nodes)
    {
        uint256 length;
        for (uint256 i; i < leaves.length; ++i) {
            length += bits >> i & 1;
        }
        (places, nodes) = (new uint256[](length), new bytes32[](length));
        uint256 next;
        for (uint256 i; i < leaves.length; ++i) {
            if (bits >> i & 1 == 1) (places[next], nodes[next++]) = (i, leaves[i]);
        }
    }

    /// @dev Bits below `count`, at least one.
    function someOf(uint256 bits, uint256 count) private pure returns (uint256) {
        bits &= (1 << count) - 1;
        return bits == 0 ? 1 : bits;
    }

    function testFuzz_any_choice_of_leaves_of_a_tree_leads_to_its_root(uint256 bits, uint8 size, uint256 seed) public view {
        uint256 count = 1 + size % 40;
        bytes32[] memory leaves = leavesOf(count, seed);
        (uint256[] memory places, bytes32[] memory nodes) = chosen(leaves, someOf(bits, count));
        bytes32[] memory items = Forest.proveMany(leaves, places);
        vm.assertEq(LIBRARIES.treeRoot(places, nodes, count, items), Forest.root(leaves));
    }

    function testFuzz_any_choice_of_leaves_of_a_range_leads_to_its_root(uint256 bits, uint8 size, uint256 seed) public view {
        uint256 count = 1 + size % 70;
        bytes32[] memory leaves = leavesOf(count, seed);
        (uint256[] memory places, bytes32[] memory nodes) = chosen(leaves, someOf(bits, count));
        bytes32[] memory items = Mountain.proveMany(leaves, places);
        vm.assertEq(LIBRARIES.mountainRoot(places, nodes, uint64(count), items), Mountain.root(leaves));
    }

    function test_one_leaf_has_the_proof_that_a_single_proof_has() public view {
        for (uint256 count = 1; count < 24; ++count) {
            bytes32[] memory leaves = leavesOf(count, 7);
            for (uint256 i; i < count; ++i) {
                uint256[] memory place = new uint256[](1);
                place[0] = i;
                bytes32[] memory one = new bytes32[](1);
                one[0] = leaves[i];
                bytes32 root = LIBRARIES.mountainRoot(place, one, uint64(count), Mountain.prove(leaves, i).items);
                vm.assertEq(root, Mountain.root(leaves));
            }
        }
    }

    function testFuzz_a_changed_leaf_leads_elsewhere(uint256 bits, uint8 size, uint256 which) public view {
        uint256 count = 1 + size % 40;
        bytes32[] memory leaves = leavesOf(count, 1);
        (uint256[] memory places, bytes32[] memory nodes) = chosen(leaves, someOf(bits, count));
        bytes32[] memory items = Mountain.proveMany(leaves, places);
        nodes[which % nodes.length] ^= bytes32(uint256(1));
        vm.assertTrue(LIBRARIES.mountainRoot(places, nodes, uint64(count), items) != Mountain.root(leaves));
    }

    function testFuzz_leaves_in_each_others_places_lead_elsewhere(uint256 bits, uint8 size) public view {
        uint256 count = 2 + size % 40;
        bytes32[] memory leaves = leavesOf(count, 1);
        (uint256[] memory places, bytes32[] memory nodes) = chosen(leaves, someOf(bits, count) | 3);
        bytes32[] memory items = Forest.proveMany(leaves, places);
        (nodes[0], nodes[1]) = (nodes[1], nodes[0]);
        vm.assertTrue(LIBRARIES.treeRoot(places, nodes, count, items) != Forest.root(leaves));
    }

    function test_places_that_repeat_fall_or_lie_beyond_the_end_are_refused() public {
        bytes32[] memory leaves = leavesOf(9, 1);
        (uint256[] memory places, bytes32[] memory nodes) = chosen(leaves, 6);
        bytes32[] memory items = Forest.proveMany(leaves, places);
        places[1] = places[0];
        vm.expectRevert(abi.encodeWithSelector(MultiProof.PlacesOutOfOrder.selector, 1));
        LIBRARIES.treeRoot(places, nodes, 9, items);
        places[0] = 8;
        vm.expectRevert(abi.encodeWithSelector(MultiProof.PlacesOutOfOrder.selector, 1));
        LIBRARIES.mountainRoot(places, nodes, 9, items);
        (places[0], places[1]) = (1, 9);
        vm.expectRevert(abi.encodeWithSelector(MultiProof.PlacesOutOfOrder.selector, 1));
        LIBRARIES.treeRoot(places, nodes, 9, items);
    }

    function test_items_missing_or_left_over_are_refused() public {
        bytes32[] memory leaves = leavesOf(11, 1);
        for (uint256 bits = 1; bits < 1 << 11; bits += 5) {
            (uint256[] memory places, bytes32[] memory nodes) = chosen(leaves, bits);
            bytes32[] memory items = Mountain.proveMany(leaves, places);
            bytes32[] memory more = Forest.append(items, keccak256("more"));
            vm.expectPartialRevert(MultiProof.WrongMultiProofLength.selector);
            LIBRARIES.mountainRoot(places, nodes, 11, more);
            if (items.length == 0) continue;
            bytes32[] memory fewer = new bytes32[](items.length - 1);
            for (uint256 i; i < fewer.length; ++i) {
                fewer[i] = items[i];
            }
            vm.expectPartialRevert(MultiProof.WrongMultiProofLength.selector);
            LIBRARIES.mountainRoot(places, nodes, 11, fewer);
        }
    }

    function test_nothing_to_prove_and_places_without_leaves_are_refused() public {
        bytes32[] memory nodes = new bytes32[](0);
        vm.expectRevert(abi.encodeWithSelector(MultiProof.WrongLeafCount.selector, 0, 0));
        LIBRARIES.treeRoot(new uint256[](0), nodes, 4, nodes);
        vm.expectRevert(abi.encodeWithSelector(MultiProof.WrongLeafCount.selector, 0, 2));
        LIBRARIES.mountainRoot(new uint256[](2), nodes, 4, nodes);
    }
}
