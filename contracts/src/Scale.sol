// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Commitment, MmrLeaf} from "./Types.sol";

/// @title The part of SCALE that BEEFY and MMR need
/// @notice SCALE is Substrate's encoding: integers little-endian at fixed width, structs field by field, byte vectors after a
/// compact length. https://docs.polkadot.com/polkadot-protocol/parachain-basics/data-encoding/
library Scale {
    /// @notice A length above 2^30 − 1 has no place in a transaction.
    error CompactTooLarge(uint256 value);

    /// @notice SCALE bytes of a u32, read as a big-endian word.
    function u32(uint32 value) internal pure returns (bytes4) {
        value = ((value & 0xff00ff00) >> 8) | ((value & 0x00ff00ff) << 8);
        return bytes4((value >> 16) | (value << 16));
    }

    /// @notice SCALE bytes of a u64, read as a big-endian word.
    function u64(uint64 value) internal pure returns (bytes8) {
        value = ((value & 0xff00ff00ff00ff00) >> 8) | ((value & 0x00ff00ff00ff00ff) << 8);
        value = ((value & 0xffff0000ffff0000) >> 16) | ((value & 0x0000ffff0000ffff) << 16);
        return bytes8((value >> 32) | (value << 32));
    }

    /// @notice Compact encoding of a length below 2^30, in one, two or four bytes.
    function compact(uint256 value) internal pure returns (bytes memory) {
        if (value < 1 << 6) return abi.encodePacked(uint8(value << 2));
        // The lowest two bits say how many bytes there are; the first byte is the lowest.
        if (value < 1 << 14) {
            uint256 two = (value << 2) | 1;
            return abi.encodePacked(uint8(two), uint8(two >> 8));
        }
        if (value < 1 << 30) return abi.encodePacked(u32(uint32((value << 2) | 2)));
        revert CompactTooLarge(value);
    }

    /// @notice `payload: Vec<([u8; 2], Vec<u8>)> ‖ block_number: u32 ‖ validator_set_id: u64`
    /// (sp-consensus-beefy, `Commitment`).
    function encode(Commitment calldata commitment) internal pure returns (bytes memory out) {
        out = compact(commitment.payload.length);
        for (uint256 i; i < commitment.payload.length; ++i) {
            bytes calldata item = commitment.payload[i].data;
            out = bytes.concat(out, commitment.payload[i].id, compact(item.length), item);
        }
        return bytes.concat(out, u32(commitment.blockNumber), u64(commitment.validatorSetId));
    }

    /// @notice The 121 bytes of `sp_consensus_beefy::mmr::MmrLeaf<u32, H256, H256, (H256, u64)>`.
    function encode(MmrLeaf calldata leaf) internal pure returns (bytes memory) {
        return abi.encodePacked(
            leaf.version,
            u32(leaf.parentNumber),
            leaf.parentHash,
            u64(leaf.nextAuthoritySet.id),
            u32(leaf.nextAuthoritySet.length),
            leaf.nextAuthoritySet.root,
            leaf.outbox,
            u64(leaf.time)
        );
    }
}
