// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IGateway} from "../../src/IGateway.sol";
import {Delivery} from "../../src/Types.sol";

/// @notice A well-behaved destination that remembers what it saw.
contract Recorder {
    uint256 public value;
    uint256 public calls;
    uint256 public gasSeen;
    address public caller;
    uint64 public sourceBlock;
    bytes32 public graph;
    bytes32 public owner;
    bytes32 public statement;
    uint64 public job;
    uint64 public nonce;

    function record(uint256 value_) external {
        gasSeen = gasleft();
        value = value_;
        caller = msg.sender;
        ++calls;
        Delivery memory delivery = IGateway(msg.sender).delivery();
        (sourceBlock, graph, owner) = (delivery.sourceBlock, delivery.graph, delivery.owner);
        (statement, job, nonce) = (delivery.statement, delivery.job, delivery.nonce);
    }
}
