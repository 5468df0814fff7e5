// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IGateway} from "../IGateway.sol";
import {Delivery} from "../Types.sol";
import {WeftDestination} from "../WeftDestination.sol";

/// @title Destination of the zkGraph `transfer-volume`
/// @notice Shows how a contract is called with results.
contract VolumeReceiver is WeftDestination {
    /// @notice What a run over one source block found.
    /// @param volume sum of the transfers
    /// @param largest the largest of them
    /// @param total running total over all runs
    /// @param job number of the run on Weft
    struct Volume {
        uint256 volume;
        uint256 largest;
        uint256 total;
        uint64 job;
    }

    /// @notice Who may name the zkGraph.
    address public immutable deployer;
    /// @notice Id of the zkGraph that is believed; zero until it is named.
    bytes32 public graph;
    /// @notice Account on Weft that must own it.
    bytes32 public owner;
    /// @notice The highest source block heard of.
    uint64 public latestBlock;
    /// @notice What was found, by source block.
    mapping(uint64 sourceBlock => Volume) public volumeAt;

    /// @notice A result arrived.
    event Recorded(uint64 indexed sourceBlock, uint256 volume, uint256 largest, uint256 total);

    /// @notice Only the deployer names the zkGraph.
    error NotDeployer(address caller);
    /// @notice The zkGraph was named already.
    error AlreadyConfigured();
    /// @notice A later run over the same block arrived before.
    error OlderJob(uint64 job, uint64 known);

    /// @param gateway_ the gateway that is believed
    constructor(IGateway gateway_) WeftDestination(gateway_) {
        deployer = msg.sender;
    }

    /// @notice Name the zkGraph, once. Its id is not known at deployment: its manifest names this contract.
    function configure(bytes32 graph_, bytes32 owner_) external {
        if (msg.sender != deployer) revert NotDeployer(msg.sender);
        if (graph != 0) revert AlreadyConfigured();
        (graph, owner) = (graph_, owner_);
    }

    /// @notice Store what a run found.
    /// @param volume sum of the transfers in the source block
    /// @param largest the largest of them
    /// @param total running total over all runs
    function record(uint256 volume, uint256 largest, uint256 total) external {
        Delivery memory delivery = _deliveryOf(graph, owner);
        // Several runs may read one block, and arrive out of order: the latest job's result stays.
        uint64 known = volumeAt[delivery.sourceBlock].job;
        if (delivery.job < known) revert OlderJob(delivery.job, known);
        volumeAt[delivery.sourceBlock] = Volume(volume, largest, total, delivery.job);
        // Results may arrive out of order: a retry can come after later ones.
        if (delivery.sourceBlock > latestBlock) latestBlock = delivery.sourceBlock;
        emit Recorded(delivery.sourceBlock, volume, largest, total);
    }
}
