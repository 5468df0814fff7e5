// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

/// @notice Block headers with the fields of Prague; all but the parent, the number and a salt are fixed.
library Headers {
    using RLP for RLP.Encoder;

    function header(bytes32 parent, uint256 number, uint256 salt) internal pure returns (bytes memory) {
        RLP.Encoder memory out = RLP.encoder();
        out.push(parent);
        out.push(keccak256(hex"c0")); // ommers
        out.push(address(0xFEE)); // fee recipient
        out.push(keccak256(abi.encode("state", number, salt)));
        out.push(keccak256("transactions"));
        out.push(keccak256("receipts"));
        out.push(new bytes(256)); // bloom
        out.push(uint256(0)); // difficulty
        out.push(number);
        out.push(uint256(36_000_000)); // gas limit
        out.push(uint256(21_000)); // gas used
        out.push(uint256(1_700_000_000 + number)); // timestamp
        out.push(bytes("weft")); // extra data
        out.push(keccak256("randao"));
        out.push(new bytes(8)); // nonce
        out.push(uint256(7)); // base fee
        out.push(keccak256("withdrawals"));
        out.push(uint256(0)); // blob gas used
        out.push(uint256(0)); // excess blob gas
        out.push(keccak256("beacon root"));
        out.push(sha256("")); // requests
        return out.encode();
    }

    /// @dev A chain of `count` headers that ends at `top`, listed from the top down.
    function chain(uint256 top, uint256 count, bytes32 bottomParent) internal pure returns (bytes[] memory headers) {
        headers = new bytes[](count);
        bytes32 parent = bottomParent;
        for (uint256 i = count; i != 0; --i) {
            headers[i - 1] = header(parent, top - (i - 1), 0);
            parent = keccak256(headers[i - 1]);
        }
    }
}
