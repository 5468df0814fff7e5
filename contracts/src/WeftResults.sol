// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {BinaryMerkleTree} from "./BinaryMerkleTree.sol";
import {IGateway} from "./IGateway.sol";
import {Mmr} from "./Mmr.sol";
import {Scale} from "./Scale.sol";
import {Message, MmrLeaf, MmrProof, TreeProof} from "./Types.sol";

/// @title Results for contracts that would rather pull than be called
/// @notice Whether Weft settled a result, by a root that the gateway accepted. Nothing is recorded: a contract that uses this checks
/// that `graph` and `owner` are those it believes, and remembers which nonces it has used if once is to be enough. The message may
/// be addressed to anybody; that it names this gateway is not asked.
library WeftResults {
    /// @notice This is not the chain that the contract was made on: after a split of Ethereum the gateway is on both.
    error WrongChain(uint256 chainId);
    /// @notice The message is of another Weft.
    error WrongWeft(bytes32 weftGenesis);
    /// @notice Weft's root asked that results are not used until then.
    error Paused(uint64 until);
    /// @notice The gateway accepted no commitment at that block of Weft.
    error UnknownMmrRoot(uint32 blockNumber);
    /// @notice The leaf's layout is of a major version that is not known here.
    error UnsupportedLeafVersion(uint8 version);
    /// @notice The leaf proof leads to another root.
    error InvalidLeafProof(bytes32 computed, bytes32 expected);
    /// @notice The outbox proof leads to another root than the leaf carries.
    error InvalidOutboxProof(bytes32 computed, bytes32 expected);
    /// @notice This chain has another block at that height.
    error SourceNotCanonical(uint64 number, bytes32 given, bytes32 canonical);

    /// @notice Reverts unless Weft settled the result and what it read on this chain is canonical.
    /// @param gateway Weft's gateway on this chain, chosen by the contract and not by who calls it
    /// @param chainId `block.chainid` when the contract was made
    /// @param message the result
    /// @param outboxProof its place in the outbox of the block that settled it
    /// @param leaf the MMR leaf that carries the outbox root
    /// @param leafProof the leaf's place under the MMR root
    /// @param mmrBlock block number of a commitment that the gateway accepted
    /// @return hash of the message
    function requireSettled(
        IGateway gateway,
        uint256 chainId,
        Message calldata message,
        TreeProof calldata outboxProof,
        MmrLeaf calldata leaf,
        MmrProof calldata leafProof,
        uint32 mmrBlock
    ) internal view returns (bytes32 hash) {
        if (block.chainid != chainId) revert WrongChain(block.chainid);
        if (message.weftGenesis != gateway.weftGenesis()) revert WrongWeft(message.weftGenesis);
        uint64 paused = gateway.pausedUntil();
        if (block.timestamp < paused) revert Paused(paused);

        bytes32 root = gateway.mmrRootAt(mmrBlock);
        if (root == 0) revert UnknownMmrRoot(mmrBlock);
        if (leaf.version >> 5 != 0) revert UnsupportedLeafVersion(leaf.version);
        bytes32 computed = Mmr.rootOf(keccak256(Scale.encode(leaf)), leafProof);
        if (computed != root) revert InvalidLeafProof(computed, root);
        hash = keccak256(abi.encode(message));
        computed = BinaryMerkleTree.rootOf(hash, outboxProof);
        if (computed != leaf.outbox) revert InvalidOutboxProof(computed, leaf.outbox);

        for (uint256 i; i < message.sources.length; ++i) {
            if (message.sources[i].chainId != block.chainid) continue;
            (uint64 number, bytes32 given) = (message.sources[i].lastBlock, message.sources[i].blockHash);
            bytes32 canonical = gateway.canonicalHash(number);
            if (given != canonical) revert SourceNotCanonical(number, given, canonical);
        }
    }
}
