// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {BinaryMerkleTree} from "../../src/BinaryMerkleTree.sol";
import {Mmr} from "../../src/Mmr.sol";
import {MultiProof} from "../../src/MultiProof.sol";
import {Scale} from "../../src/Scale.sol";
import {Commitment, MmrLeaf, MmrProof, TreeProof} from "../../src/Types.sol";

/// @notice The libraries behind external functions: they read calldata, and their reverts can be expected.
contract Libraries {
    function mmrRoot(bytes32 leaf, MmrProof calldata proof) external pure returns (bytes32) {
        return Mmr.rootOf(leaf, proof);
    }

    function treeRoot(bytes32 leaf, TreeProof calldata proof) external pure returns (bytes32) {
        return BinaryMerkleTree.rootOf(leaf, proof);
    }

    function treeRoot(bytes32[] memory leaves) external pure returns (bytes32) {
        return BinaryMerkleTree.root(leaves);
    }

    function treeRoot(uint256[] memory places, bytes32[] memory nodes, uint256 leafCount, bytes32[] calldata items)
        external
        pure
        returns (bytes32)
    {
        return MultiProof.treeRoot(places, nodes, leafCount, items);
    }

    function mountainRoot(uint256[] memory places, bytes32[] memory nodes, uint64 leafCount, bytes32[] calldata items)
        external
        pure
        returns (bytes32)
    {
        return MultiProof.mountainRoot(places, nodes, leafCount, items);
    }

    function encode(Commitment calldata commitment) external pure returns (bytes memory) {
        return Scale.encode(commitment);
    }

    function encode(MmrLeaf calldata leaf) external pure returns (bytes memory) {
        return Scale.encode(leaf);
    }

    function compact(uint256 value) external pure returns (bytes memory) {
        return Scale.compact(value);
    }
}
