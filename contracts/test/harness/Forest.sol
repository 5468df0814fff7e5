// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {TreeProof} from "../../src/Types.sol";

/// @notice The tree of `binary-merkle-tree` built layer by layer: what src/BinaryMerkleTree.sol is compared with.
library Forest {
    function parents(bytes32[] memory layer) internal pure returns (bytes32[] memory above) {
        above = new bytes32[]((layer.length + 1) / 2);
        for (uint256 i; i < above.length; ++i) {
            above[i] = 2 * i + 1 < layer.length
                ? keccak256(abi.encode(layer[2 * i], layer[2 * i + 1]))
                : layer[2 * i];
        }
    }

    function root(bytes32[] memory layer) internal pure returns (bytes32) {
        if (layer.length == 0) return 0;
        while (layer.length > 1) layer = parents(layer);
        return layer[0];
    }

    function prove(bytes32[] memory layer, uint256 index) internal pure returns (TreeProof memory proof) {
        proof.leafIndex = uint32(index);
        proof.leafCount = uint32(layer.length);
        for (; layer.length > 1; (layer, index) = (parents(layer), index / 2)) {
            if (index ^ 1 < layer.length) proof.items = append(proof.items, layer[index ^ 1]);
        }
    }

    function append(bytes32[] memory list, bytes32 item) internal pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i; i < list.length; ++i) {
            longer[i] = list[i];
        }
        longer[list.length] = item;
    }

    /// @dev What several leaves do not give themselves: of each layer, from the bottom, the nodes whose sibling is known and which are not.
    function proveMany(bytes32[] memory layer, uint256[] memory indices) internal pure returns (bytes32[] memory items) {
        bool[] memory known = new bool[](layer.length);
        for (uint256 i; i < indices.length; ++i) {
            known[indices[i]] = true;
        }
        while (layer.length > 1) {
            bool[] memory above = new bool[]((layer.length + 1) / 2);
            for (uint256 i; i < layer.length; ++i) {
                bool hasSibling = i ^ 1 < layer.length;
                if (!known[i] && hasSibling && known[i ^ 1]) items = append(items, layer[i]);
                if (known[i]) above[i / 2] = true;
            }
            (layer, known) = (parents(layer), above);
        }
    }
}
