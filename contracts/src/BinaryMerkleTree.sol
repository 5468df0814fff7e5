// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {TreeProof} from "./Types.sol";

/// @title The Merkle tree of Substrate's crate `binary-merkle-tree`, with keccak256
/// @notice A leaf is the hash of its bytes, a node keccak(left ‖ right); the last node of an odd layer is promoted as it is.
/// Callers hash leaves that are never 64 bytes long, so that a node cannot pass for a leaf.
library BinaryMerkleTree {
    /// @notice The index is not below the count.
    error TreeLeafOutOfRange(uint32 leafIndex, uint32 leafCount);
    /// @notice Index and count imply another number of items.
    error WrongTreeProofLength(uint256 given, uint256 expected);

    /// @notice The root that a proof leads to.
    /// @param leafHash keccak256 of the leaf's bytes
    /// @param proof siblings from the bottom up
    /// @return node the root, to be compared with a trusted one
    function rootOf(bytes32 leafHash, TreeProof calldata proof) internal pure returns (bytes32 node) {
        uint256 position = proof.leafIndex;
        uint256 width = proof.leafCount;
        if (position >= width) revert TreeLeafOutOfRange(proof.leafIndex, proof.leafCount);

        bytes32[] calldata items = proof.items;
        uint256 used;
        node = leafHash;
        for (; width > 1; width = (width + 1) >> 1) {
            // The last node of an odd layer has no sibling: it rises unchanged.
            if (position & 1 == 1 || position + 1 < width) {
                if (used == items.length) revert WrongTreeProofLength(items.length, used + 1);
                bytes32 sibling = items[used++];
                node = position & 1 == 1
                    ? Hashes.efficientKeccak256(sibling, node)
                    : Hashes.efficientKeccak256(node, sibling);
            }
            position >>= 1;
        }
        if (used != items.length) revert WrongTreeProofLength(items.length, used);
    }

    /// @notice The root over the leaf hashes, which are overwritten; zero when there are none.
    /// @param layer hashes of the leaves, in order
    function root(bytes32[] memory layer) internal pure returns (bytes32) {
        uint256 width = layer.length;
        if (width == 0) return 0;
        while (width > 1) {
            uint256 next;
            for (uint256 i; i + 1 < width; i += 2) {
                layer[next++] = Hashes.efficientKeccak256(layer[i], layer[i + 1]);
            }
            if (width & 1 == 1) layer[next++] = layer[width - 1];
            width = next;
        }
        return layer[0];
    }
}
