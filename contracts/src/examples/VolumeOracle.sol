// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IGateway} from "../IGateway.sol";
import {Message, MmrLeaf, MmrProof, TreeProof} from "../Types.sol";
import {WeftResults} from "../WeftResults.sol";

/// @title A reader of the zkGraph `transfer-volume`
/// @notice Shows how a contract takes a result that was settled for somebody else: anybody brings message and proofs, and the contract checks
/// them itself.
contract VolumeOracle {
    /// @notice The gateway whose roots are believed.
    IGateway public immutable gateway;
    /// @notice The chain that this contract was made on.
    uint256 public immutable chainId;
    /// @notice Id of the zkGraph that is believed.
    bytes32 public immutable graph;
    /// @notice Account on Weft that must own it.
    bytes32 public immutable owner;

    /// @notice The running total of the newest run that was brought.
    uint256 public total;
    /// @notice Number of that run, plus one; 0 before the first.
    uint64 public nextJob;

    /// @notice A newer run was brought.
    event Updated(uint64 indexed job, uint256 total);

    /// @notice The result is of another zkGraph, or of one with another owner.
    error UnknownGraph(bytes32 graph, bytes32 owner);
    /// @notice A result of this run or a later one was brought before.
    error OlderJob(uint64 job, uint64 next);

    /// @param gateway_ the gateway whose roots are believed
    /// @param graph_ id of the zkGraph
    /// @param owner_ account on Weft that owns it
    constructor(IGateway gateway_, bytes32 graph_, bytes32 owner_) {
        (gateway, chainId, graph, owner) = (gateway_, block.chainid, graph_, owner_);
    }

    /// @notice Take the total from a settled result, if it is of a newer run.
    /// @param message the result
    /// @param outboxProof its place in the outbox
    /// @param leaf the MMR leaf that carries the outbox root
    /// @param leafProof the leaf's place under the MMR root
    /// @param mmrBlock block number of a commitment that the gateway accepted
    function update(
        Message calldata message,
        TreeProof calldata outboxProof,
        MmrLeaf calldata leaf,
        MmrProof calldata leafProof,
        uint32 mmrBlock
    ) external {
        if (message.graph != graph || message.owner != owner) revert UnknownGraph(message.graph, message.owner);
        // Older runs cannot come again, so neither can this one.
        if (message.job < nextJob) revert OlderJob(message.job, nextJob);
        WeftResults.requireSettled(gateway, chainId, message, outboxProof, leaf, leafProof, mmrBlock);
        nextJob = message.job + 1;
        (,, total) = abi.decode(message.payload, (uint256, uint256, uint256));
        emit Updated(message.job, total);
    }
}
