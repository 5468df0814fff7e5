// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BeefyClient} from "./BeefyClient.sol";
import {BinaryMerkleTree} from "./BinaryMerkleTree.sol";
import {IGateway} from "./IGateway.sol";
import {SourceHistory} from "./SourceHistory.sol";
import {Delivery, Destination, Message, MmrLeaf, MmrProof, Source, TreeProof, ValidatorSet} from "./Types.sol";

/// @title Weft's gateway on Ethereum
/// @notice Accepts results that Weft settled, each once, and calls their destinations. It has no owner and cannot be changed. It
/// calls any target that a zkGraph's author names, so it must own nothing: never send it tokens, never approve it.
/// The protocol, what is trusted and the attacks are in docs/decisions/gateway.md.
contract Gateway is IGateway, BeefyClient, SourceHistory, ReentrancyGuardTransient {
    /// @notice Hash of the genesis block of the Weft that this gateway follows.
    bytes32 public immutable weftGenesis;

    /// @dev Kept back when a destination is called: the call's own cost (a cold account, 2,600) and what follows it (an event, a
    /// storage slot already touched, transient slots).
    uint256 private constant CALL_MARGIN = 15_000;
    /// @dev What `_record` holds once a message was delivered; no message has this hash.
    bytes32 private constant DELIVERED = bytes32(uint256(1));

    /// @dev 0 = never accepted; DELIVERED; else the hash of a message accepted and not delivered.
    mapping(uint64 nonce => bytes32) private _record;

    bytes32 private transient _graph;
    bytes32 private transient _owner;
    bytes32 private transient _statement;
    bool private transient _delivering;
    uint64 private transient _job;
    uint64 private transient _nonce;
    uint64 private transient _sourceBlock;

    /// @param weftGenesis_ hash of Weft's genesis block
    /// @param current Weft's BEEFY validator set
    /// @param next the set after it
    constructor(bytes32 weftGenesis_, ValidatorSet memory current, ValidatorSet memory next)
        BeefyClient(current, next)
    {
        weftGenesis = weftGenesis_;
    }

    /// @notice Accept a result and call its destination with the gas that the message names. A failing destination does not revert: the
    /// result stays accepted and can be retried.
    /// @param message the result
    /// @param outboxProof its place in the outbox of the block that settled it
    /// @param leaf the MMR leaf that carries the outbox root: the one made by the block's child
    /// @param leafProof the leaf's place under the MMR root
    /// @param mmrBlock block number of the accepted commitment with that root
    /// @return delivered whether the destination's call succeeded
    function deliver(
        Message calldata message,
        TreeProof calldata outboxProof,
        MmrLeaf calldata leaf,
        MmrProof calldata leafProof,
        uint32 mmrBlock
    ) external nonReentrant returns (bool delivered) {
        _requireForHere(message);
        if (_record[message.nonce] != 0) revert AlreadyAccepted(message.nonce);
        bytes32 hash = keccak256(abi.encode(message));

        bytes32 root = mmrRootAt[mmrBlock];
        if (root == 0) revert UnknownMmrRoot(mmrBlock);
        _verifyLeaf(leaf, leafProof, root);
        bytes32 outbox = BinaryMerkleTree.rootOf(hash, outboxProof);
        if (outbox != leaf.leafExtra) revert InvalidOutboxProof(outbox, leaf.leafExtra);
        uint64 sourceBlock = _requireCanonical(message.sources);

        _record[message.nonce] = hash;
        emit Accepted(message.nonce, message.graph, message.job, message.statement);
        return _execute(message, message.destination.gasLimit, sourceBlock);
    }

    /// @notice Call the destination of an accepted result again. Nothing is proved again.
    /// @param message the result, as it was accepted
    /// @param gasLimit gas for the call, at least what the message names
    /// @return delivered whether the destination's call succeeded
    function retry(Message calldata message, uint64 gasLimit) external nonReentrant returns (bool delivered) {
        bytes32 hash = keccak256(abi.encode(message));
        if (_record[message.nonce] != hash) revert NotRetriable(message.nonce);
        // Again, because after a fork of Ethereum there are two gateways with this record.
        _requireForHere(message);
        if (gasLimit < message.destination.gasLimit) {
            revert GasLimitTooLow(gasLimit, message.destination.gasLimit);
        }
        return _execute(message, gasLimit, _highestBlock(message.sources));
    }

    /// @notice The result that is being delivered right now, for the destination to look at. Reverts at any other time.
    function delivery() external view returns (Delivery memory) {
        if (!_delivering) revert NothingBeingDelivered();
        return Delivery(_graph, _owner, _statement, _job, _nonce, _sourceBlock);
    }

    /// @notice How far the message with that nonce got.
    function statusOf(uint64 nonce) external view returns (Status) {
        bytes32 record = _record[nonce];
        if (record == 0) return Status.Unknown;
        return record == DELIVERED ? Status.Delivered : Status.Accepted;
    }

    /// @notice The hash of an accepted message that has not been delivered; zero for any other nonce.
    function acceptedHash(uint64 nonce) external view returns (bytes32) {
        bytes32 record = _record[nonce];
        return record == DELIVERED ? bytes32(0) : record;
    }

    /// @dev Check that a message was meant for this gateway.
    function _requireForHere(Message calldata message) private view {
        if (message.weftGenesis != weftGenesis) revert WrongWeft(message.weftGenesis);
        Destination calldata destination = message.destination;
        if (destination.chainId != block.chainid) revert WrongChain(destination.chainId);
        if (destination.gateway != address(this)) revert WrongGateway(destination.gateway);
    }

    /// @dev Call the destination of an accepted message and record the outcome.
    function _execute(Message calldata message, uint64 gasLimit, uint64 sourceBlock) private returns (bool success) {
        address target = message.destination.target;
        bytes memory data = bytes.concat(message.destination.selector, message.payload);

        // A call to an address without code succeeds and does nothing: the result would be lost.
        if (target.code.length != 0) {
            (_graph, _owner, _statement) = (message.graph, message.owner, message.statement);
            (_delivering, _job, _nonce, _sourceBlock) = (true, message.job, message.nonce, sourceBlock);
            success = _call(target, gasLimit, data);
            (_graph, _owner, _statement) = (0, 0, 0);
            (_delivering, _job, _nonce, _sourceBlock) = (false, 0, 0, 0);
        }

        if (success) {
            _record[message.nonce] = DELIVERED;
            emit Delivered(message.nonce);
        } else {
            emit Failed(message.nonce);
        }
    }

    /// @dev Call with exactly `gasLimit` gas, no ether, and no copy of what is returned.
    function _call(address target, uint64 gasLimit, bytes memory data) private returns (bool success) {
        // EIP-150 forwards at most 63/64 of what is left, and silently less than asked for: without this check whoever sends
        // the transaction could starve the destination and have a failure recorded.
        uint256 required = (uint256(gasLimit) * 64 + 62) / 63 + CALL_MARGIN;
        uint256 available = gasleft();
        if (available < required) revert NotEnoughGas(available, required);
        assembly ("memory-safe") {
            success := call(gasLimit, target, 0, add(data, 0x20), mload(data), 0, 0)
        }
    }

    /// @dev The highest `lastBlock` among the sources on this chain, which were checked on acceptance.
    function _highestBlock(Source[] calldata sources) private view returns (uint64 highest) {
        for (uint256 i; i < sources.length; ++i) {
            if (sources[i].chainId == block.chainid && sources[i].lastBlock > highest) highest = sources[i].lastBlock;
        }
    }
}
