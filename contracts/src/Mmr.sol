// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MmrProof} from "./Types.sol";

/// @title Leaf proofs of pallet-mmr
/// @notice An MMR over n leaves is a row of perfect binary trees, one for each bit of n, the largest on the left; their roots
/// are the peaks. The root bags the peaks from right to left: bag(p0 … pk) = keccak(bag(p1 … pk) ‖ p0), as
/// `polkadot-ckb-merkle-mountain-range` does. A proof for one leaf lists
/// - the peaks left of the leaf's tree, from the left,
/// - the siblings inside the tree, from the bottom,
/// - if there are peaks to the right, their bag.
library Mmr {
    /// @notice The index is not below the count.
    error LeafOutOfRange(uint64 leafIndex, uint64 leafCount);
    /// @notice Index and count imply another number of items.
    error WrongProofLength(uint256 given, uint256 expected);

    /// @notice The root that a proof leads to.
    /// @param leafHash keccak256 of the SCALE-encoded leaf
    /// @param proof as `mmr_generateProof` gives it for one block
    /// @return node the root, to be compared with a trusted one
    function rootOf(bytes32 leafHash, MmrProof calldata proof) internal pure returns (bytes32 node) {
        uint256 count = proof.leafCount;
        uint256 position = proof.leafIndex;
        if (position >= count) revert LeafOutOfRange(proof.leafIndex, proof.leafCount);

        // Walk the trees from the largest until the one with the leaf: 2^height leaves, `position` inside it.
        uint256 leftPeaks;
        uint256 height = 63;
        for (;; --height) {
            uint256 size = 1 << height;
            if (count & size == 0) continue;
            if (position < size) break;
            position -= size;
            ++leftPeaks;
        }
        bool hasRight = count & ((1 << height) - 1) != 0;

        bytes32[] calldata items = proof.items;
        uint256 expected = leftPeaks + height + (hasRight ? 1 : 0);
        if (items.length != expected) revert WrongProofLength(items.length, expected);

        node = leafHash;
        for (uint256 i; i < height; ++i) {
            bytes32 sibling = items[leftPeaks + i];
            node = (position >> i) & 1 == 1
                ? Hashes.efficientKeccak256(sibling, node)
                : Hashes.efficientKeccak256(node, sibling);
        }
        if (hasRight) node = Hashes.efficientKeccak256(items[expected - 1], node);
        while (leftPeaks != 0) node = Hashes.efficientKeccak256(node, items[--leftPeaks]);
    }
}
