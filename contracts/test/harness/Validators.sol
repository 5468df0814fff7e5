// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Commitment, PayloadItem, Signature, Signers, ValidatorSet} from "../../src/Types.sol";
import {Forest} from "./Forest.sol";
import {Libraries} from "./Libraries.sol";
import {vm} from "./Vm.sol";

/// @notice BEEFY validators with known keys. A set is named by a seed: validator i of it has the key keccak(seed, i).
abstract contract Validators {
    Libraries internal immutable LIBRARIES = new Libraries();
    /// @dev The account on Weft that brings everything.
    bytes32 internal constant RELAYER = keccak256("a relayer");
    uint64 internal constant TRUST = 7 days;

    function keyOf(uint256 seed, uint256 index) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, index))) >> 1;
    }

    function addressesOf(uint256 seed, uint256 length) internal pure returns (address[] memory list) {
        list = new address[](length);
        for (uint256 i; i < length; ++i) {
            list[i] = vm.addr(keyOf(seed, i));
        }
    }

    function keyset(address[] memory list) internal pure returns (bytes32) {
        bytes32[] memory leaves = new bytes32[](list.length);
        for (uint256 i; i < list.length; ++i) {
            leaves[i] = keccak256(abi.encodePacked(list[i]));
        }
        return Forest.root(leaves);
    }

    function setOf(uint256 seed, uint64 id, uint256 length) internal pure returns (ValidatorSet memory) {
        return ValidatorSet(id, uint32(length), keyset(addressesOf(seed, length)));
    }

    function threshold(uint256 length) internal pure returns (uint256) {
        return length - (length - 1) / 3;
    }

    function commitmentOf(uint32 blockNumber, uint64 setId, bytes32 root) internal pure returns (Commitment memory) {
        PayloadItem[] memory payload = new PayloadItem[](1);
        payload[0] = PayloadItem("mh", abi.encodePacked(root));
        return Commitment(payload, blockNumber, setId);
    }

    function hashOf(Commitment memory commitment) internal view returns (bytes32) {
        return keccak256(LIBRARIES.encode(commitment));
    }

    function signWith(uint256 key, bytes32 hash) internal pure returns (Signature memory signature) {
        (signature.v, signature.r, signature.s) = vm.sign(key, hash);
        signature.v -= 27; // as Substrate writes it
    }

    /// @dev Signatures of the first `count` validators of a set.
    function sign(Commitment memory commitment, uint256 seed, uint256 length, uint256 count)
        internal
        view
        returns (Signers memory signers)
    {
        bytes32 hash = hashOf(commitment);
        signers.validators = addressesOf(seed, length);
        signers.bitfield = count == 256 ? type(uint256).max : (uint256(1) << count) - 1;
        signers.signatures = new Signature[](count);
        for (uint256 i; i < count; ++i) {
            signers.signatures[i] = signWith(keyOf(seed, i), hash);
        }
    }

    /// @dev As many signatures as needed.
    function sign(Commitment memory commitment, uint256 seed, uint256 length) internal view returns (Signers memory) {
        return sign(commitment, seed, length, threshold(length));
    }
}
