// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @title Proofs for several leaves at once
/// @notice In a tree whose odd last node rises unchanged (Substrate's crate `binary-merkle-tree`), and in pallet-mmr's row of such
/// trees. A proof lists the siblings that the leaves do not give themselves, layer by layer from the bottom, each layer from
/// the left; that is the order of `polkadot-ckb-merkle-mountain-range`.
library MultiProof {
    /// @dev What is being folded into a root.
    struct Work {
        uint256[] places;
        bytes32[] nodes;
        uint256 used;
    }

    /// @notice There is nothing to prove, or not one place for each leaf.
    error WrongLeafCount(uint256 leaves, uint256 places);
    /// @notice Places do not rise strictly, or one is beyond the end.
    error PlacesOutOfOrder(uint256 index);
    /// @notice The proof has too few items, or more than are used.
    error WrongMultiProofLength(uint256 given, uint256 used);

    /// @notice The root of a tree. Both arrays are overwritten.
    /// @param places of the leaves, from 0, strictly rising
    /// @param nodes hashes of the leaves
    /// @param leafCount number of leaves in the tree
    /// @param items the proof; all of it is used
    function treeRoot(uint256[] memory places, bytes32[] memory nodes, uint256 leafCount, bytes32[] calldata items)
        internal
        pure
        returns (bytes32 root)
    {
        Work memory work = _checked(places, nodes, leafCount);
        root = _fold(work, 0, nodes.length, leafCount, items);
        if (work.used != items.length) revert WrongMultiProofLength(items.length, work.used);
    }

    /// @notice The root of a mountain range. Both arrays are overwritten.
    /// @param places of the leaves, from 0, strictly rising
    /// @param nodes hashes of the leaves
    /// @param leafCount number of leaves in the range
    /// @param items the proof; all of it is used
    function mountainRoot(uint256[] memory places, bytes32[] memory nodes, uint64 leafCount, bytes32[] calldata items)
        internal
        pure
        returns (bytes32 root)
    {
        Work memory work = _checked(places, nodes, leafCount);
        bytes32[] memory peaks = new bytes32[](64);
        uint256 count;
        uint256 next;
        uint256 start;
        for (uint256 size = 1 << 63; size != 0; size >>= 1) {
            if (leafCount & size == 0) continue;
            uint256 end = next;
            while (end < places.length && places[end] < start + size) {
                places[end++] -= start;
            }
            start += size;
            if (end != next) {
                peaks[count++] = _fold(work, next, end, size, items);
                next = end;
                continue;
            }
            // A tree without leaves: its peak is in the proof. Of the trees after the last leaf, all peaks are one item, bagged.
            peaks[count++] = _take(work, items);
            if (next == places.length) break;
        }
        if (work.used != items.length) revert WrongMultiProofLength(items.length, work.used);
        root = peaks[--count];
        while (count != 0) root = Hashes.efficientKeccak256(root, peaks[--count]);
    }

    /// @dev Check that there are leaves, and that their places rise and are in the tree.
    function _checked(uint256[] memory places, bytes32[] memory nodes, uint256 leafCount)
        private
        pure
        returns (Work memory)
    {
        uint256 length = places.length;
        if (length == 0 || length != nodes.length) revert WrongLeafCount(nodes.length, length);
        for (uint256 i = 1; i < length; ++i) {
            if (places[i - 1] >= places[i]) revert PlacesOutOfOrder(i);
        }
        if (places[length - 1] >= leafCount) revert PlacesOutOfOrder(length - 1);
        return Work(places, nodes, 0);
    }

    /// @dev The next item of the proof.
    function _take(Work memory work, bytes32[] calldata items) private pure returns (bytes32) {
        if (work.used == items.length) revert WrongMultiProofLength(items.length, work.used + 1);
        return items[work.used++];
    }

    /// @dev The root of a tree of `width` leaves over the nodes from `first` to before `end`.
    function _fold(Work memory work, uint256 first, uint256 end, uint256 width, bytes32[] calldata items)
        private
        pure
        returns (bytes32)
    {
        (uint256[] memory places, bytes32[] memory nodes) = (work.places, work.nodes);
        for (; width > 1; width = (width + 1) >> 1) {
            uint256 kept = first;
            for (uint256 i = first; i < end;) {
                uint256 place = places[i];
                bytes32 node = nodes[i++];
                if (place & 1 == 1) {
                    node = Hashes.efficientKeccak256(_take(work, items), node);
                } else if (i < end && places[i] == place + 1) {
                    node = Hashes.efficientKeccak256(node, nodes[i++]);
                } else if (place + 1 < width) {
                    node = Hashes.efficientKeccak256(node, _take(work, items));
                }
                places[kept] = place >> 1;
                nodes[kept++] = node;
            }
            end = kept;
        }
        return nodes[first];
    }
}
