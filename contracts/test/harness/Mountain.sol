// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {MmrProof} from "../../src/Types.sol";
import {Forest} from "./Forest.sol";

/// @notice A Merkle mountain range built from its definition, without regard for gas: what src/Mmr.sol is compared with.
library Mountain {
    function merge(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return keccak256(bytes.concat(left, right));
    }

    /// @dev Root of the perfect tree over leaves[from .. from + size).
    function treeRoot(bytes32[] memory leaves, uint256 from, uint256 size) internal pure returns (bytes32) {
        if (size == 1) return leaves[from];
        return merge(treeRoot(leaves, from, size / 2), treeRoot(leaves, from + size / 2, size / 2));
    }

    /// @dev Largest power of two that is at most n.
    function largestTree(uint256 n) internal pure returns (uint256 size) {
        size = 1;
        while (size * 2 <= n) size *= 2;
    }

    /// @dev bag(p0 … pk) = keccak(bag(p1 … pk) ‖ p0) over the peaks of leaves[from ..).
    function bag(bytes32[] memory leaves, uint256 from) internal pure returns (bytes32) {
        uint256 size = largestTree(leaves.length - from);
        bytes32 peak = treeRoot(leaves, from, size);
        return from + size == leaves.length ? peak : merge(bag(leaves, from + size), peak);
    }

    function root(bytes32[] memory leaves) internal pure returns (bytes32) {
        return bag(leaves, 0);
    }

    function prove(bytes32[] memory leaves, uint256 index) internal pure returns (MmrProof memory proof) {
        bytes32[] memory items = new bytes32[](128);
        uint256 used;
        uint256 from;
        uint256 size = largestTree(leaves.length);
        while (index >= from + size) {
            items[used++] = treeRoot(leaves, from, size);
            from += size;
            size = largestTree(leaves.length - from);
        }
        for (uint256 width = 1; width < size; width *= 2) {
            uint256 subtree = (index - from) / width;
            items[used++] = treeRoot(leaves, from + (subtree ^ 1) * width, width);
        }
        if (from + size < leaves.length) items[used++] = bag(leaves, from + size);
        proof.leafIndex = uint64(index);
        proof.leafCount = uint64(leaves.length);
        proof.items = new bytes32[](used);
        for (uint256 i; i < used; ++i) {
            proof.items[i] = items[i];
        }
    }

    /// @dev What several leaves do not give themselves: for each tree its own such nodes, or its peak if it has none of the leaves; of the trees
    /// after the last leaf one item, their bag.
    function proveMany(bytes32[] memory leaves, uint256[] memory indices) internal pure returns (bytes32[] memory items) {
        uint256 next;
        for (uint256 from; from < leaves.length;) {
            if (next == indices.length) return Forest.append(items, bag(leaves, from));
            uint256 size = largestTree(leaves.length - from);
            bytes32[] memory tree = new bytes32[](size);
            for (uint256 i; i < size; ++i) {
                tree[i] = leaves[from + i];
            }
            uint256 end = next;
            while (end < indices.length && indices[end] < from + size) ++end;
            uint256[] memory within = new uint256[](end - next);
            for (uint256 i = next; i < end; ++i) {
                within[i - next] = indices[i] - from;
            }
            bytes32[] memory more = Forest.proveMany(tree, within);
            if (end == next) more = Forest.append(more, Forest.root(tree));
            for (uint256 i; i < more.length; ++i) {
                items = Forest.append(items, more[i]);
            }
            (next, from) = (end, from + size);
        }
    }
}
