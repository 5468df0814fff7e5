// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BeefyClient} from "./BeefyClient.sol";
import {BinaryMerkleTree} from "./BinaryMerkleTree.sol";
import {Governed} from "./Governed.sol";
import {IGateway} from "./IGateway.sol";
import {MultiProof} from "./MultiProof.sol";
import {Scale} from "./Scale.sol";
import {SourceHistory} from "./SourceHistory.sol";
import {
    Batch,
    Delivery,
    Destination,
    Message,
    MmrLeaf,
    MmrProof,
    Section,
    Source,
    TreeProof,
    ValidatorSet
} from "./Types.sol";

/// @title Weft's gateway on Ethereum
/// @notice Accepts results that Weft settled, each once, and calls their destinations. It has no owner and cannot be changed. It
/// calls any target that a zkGraph's author names, so it must own nothing: never send it tokens, never approve it.
/// The protocol, what is trusted and the attacks are in docs/decisions/gateway.md.
contract Gateway is IGateway, BeefyClient, Governed, SourceHistory, ReentrancyGuardTransient {
    /// @notice Hash of the genesis block of the Weft that this gateway follows.
    bytes32 public immutable weftGenesis;

    /// @dev Kept back when a destination is called: the call's own cost (a cold account, 2,600) and what follows it (a new storage
    /// slot for a failure, 22,100, an event, transient slots).
    uint256 private constant CALL_MARGIN = 40_000;
    /// @dev More than it takes to pass over a result of a batch (two cold slots) and to end.
    uint256 private constant LOOK_MARGIN = 12_000;

    /// @dev Bit `nonce % 256` of word `nonce / 256` says that the message was accepted.
    mapping(uint256 word => uint256 bits) private _accepted;
    /// @dev Hashes of messages that were accepted and whose destination failed.
    mapping(uint64 nonce => bytes32 hash) private _undelivered;

    /// @dev Says that the other transient slots mean something: they are not cleared.
    bool private transient _delivering;
    uint64 private transient _job;
    uint64 private transient _nonce;
    uint64 private transient _sourceBlock;
    bytes32 private transient _graph;
    bytes32 private transient _owner;
    bytes32 private transient _statement;

    /// @param weftGenesis_ hash of Weft's genesis block
    /// @param current Weft's BEEFY validator set
    /// @param next the set after it
    /// @param namedAt timestamp of the block of Weft at which these were the sets, in seconds since 1970
    /// @param trustPeriod_ how long a set is believed, in seconds: at most half of the time for which Weft keeps a bond
    constructor(
        bytes32 weftGenesis_,
        ValidatorSet memory current,
        ValidatorSet memory next,
        uint64 namedAt,
        uint64 trustPeriod_
    ) BeefyClient(current, next, namedAt, trustPeriod_) {
        weftGenesis = weftGenesis_;
    }

    /// @notice Accept a result and call its destination with the gas that the message names. A failing destination does not revert: the
    /// result stays accepted and can be retried.
    /// @param message the result
    /// @param outboxProof its place in the outbox of the block that settled it
    /// @param leaf the MMR leaf that carries the outbox root: the one made by the block's child
    /// @param leafProof the leaf's place under the MMR root
    /// @param mmrBlock block number of the accepted commitment with that root
    /// @param relayer account on Weft of whoever brings it
    /// @return delivered whether the destination's call succeeded
    function deliver(
        Message calldata message,
        TreeProof calldata outboxProof,
        MmrLeaf calldata leaf,
        MmrProof calldata leafProof,
        uint32 mmrBlock,
        bytes32 relayer
    ) external nonReentrant returns (bool delivered) {
        // Before the proofs: who comes second pays little.
        if (_isAccepted(message.nonce)) revert AlreadyAccepted(message.nonce);
        bytes32 root = _knownRoot(mmrBlock);
        _verifyLeaf(leaf, leafProof, root);
        bytes32 hash = keccak256(abi.encode(message));
        bytes32 outbox = BinaryMerkleTree.rootOf(hash, outboxProof);
        if (outbox != leaf.outbox) revert InvalidOutboxProof(outbox, leaf.outbox);
        return _acceptMessage(message, hash, relayer);
    }

    /// @notice Accept results of several blocks under one root and call their destinations, in the order given. Results that were
    /// accepted before, and during a pause all but root's orders, are passed over. If gas runs low after the first, the rest is left for
    /// another time.
    /// @param batch the results and their proofs
    /// @param relayer account on Weft of whoever brings it
    /// @return accepted how many results were new
    function deliverBatch(Batch calldata batch, bytes32 relayer) external nonReentrant returns (uint256 accepted) {
        bytes32 root = _knownRoot(batch.mmrBlock);
        uint256 length = batch.sections.length;
        uint256[] memory places = new uint256[](length);
        bytes32[] memory leaves = new bytes32[](length);
        bytes32[][] memory hashes = new bytes32[][](length);
        for (uint256 i; i < length; ++i) {
            Section calldata section = batch.sections[i];
            hashes[i] = _verifySection(section);
            places[i] = section.leafIndex;
            leaves[i] = keccak256(Scale.encode(section.leaf));
        }
        bytes32 computed = MultiProof.mountainRoot(places, leaves, batch.leafCount, batch.items);
        if (computed != root) revert InvalidLeafProof(computed, root);

        for (uint256 i; i < length; ++i) {
            Message[] calldata messages = batch.sections[i].messages;
            for (uint256 j; j < messages.length; ++j) {
                // Enough to look at one and to leave.
                if (accepted != 0 && gasleft() < LOOK_MARGIN) return accepted;
                // The pause may be an order in this very batch, which must not be undone.
                if (_isAccepted(messages[j].nonce) || _isPaused(messages[j].graph)) continue;
                // A destination that took more than it seemed to would otherwise undo what is done.
                if (accepted != 0 && gasleft() < _gasFor(messages[j])) return accepted;
                _acceptMessage(messages[j], hashes[i][j], relayer);
                ++accepted;
            }
        }
    }

    /// @notice Call the destination of an accepted result again. Nothing is proved again.
    /// @param message the result, as it was accepted
    /// @param gasLimit gas for the call, at least what the message names
    /// @param relayer account on Weft of whoever tries again
    /// @return delivered whether the destination's call succeeded
    function retry(Message calldata message, uint64 gasLimit, bytes32 relayer)
        external
        nonReentrant
        returns (bool delivered)
    {
        _requireNotPaused(message.graph);
        bytes32 hash = keccak256(abi.encode(message));
        if (_undelivered[message.nonce] != hash) revert NotRetriable(message.nonce);
        // Again, because after a fork of Ethereum there are two gateways with this record.
        _requireForHere(message);
        if (gasLimit < message.destination.gasLimit) {
            revert GasLimitTooLow(gasLimit, message.destination.gasLimit);
        }
        delivered = _execute(message, gasLimit, _highestBlock(message.sources), relayer);
        if (delivered) delete _undelivered[message.nonce];
    }

    /// @notice The result that is being delivered right now, for the destination to look at. Reverts at any other time.
    function delivery() external view returns (Delivery memory) {
        if (!_delivering) revert NothingBeingDelivered();
        return Delivery(_graph, _owner, _statement, _job, _nonce, _sourceBlock);
    }

    /// @notice How far the message with that nonce got.
    function statusOf(uint64 nonce) external view returns (Status) {
        if (!_isAccepted(nonce)) return Status.Unknown;
        bool isRunning = _delivering && _nonce == nonce;
        return isRunning || _undelivered[nonce] != 0 ? Status.Accepted : Status.Delivered;
    }

    /// @notice The hash of an accepted message whose destination failed; zero for any other nonce.
    function undeliveredHash(uint64 nonce) external view returns (bytes32) {
        return _undelivered[nonce];
    }

    /// @dev Whether a message with that nonce was accepted.
    function _isAccepted(uint64 nonce) private view returns (bool) {
        return _accepted[nonce >> 8] >> (nonce & 0xff) & 1 == 1;
    }

    /// @dev The root that was accepted at a block of Weft.
    function _knownRoot(uint32 mmrBlock) private view returns (bytes32 root) {
        root = mmrRootAt[mmrBlock];
        if (root == 0) revert UnknownMmrRoot(mmrBlock);
    }

    /// @dev Check that the messages are in the outbox that the section's leaf carries.
    /// @return hashes of the messages
    function _verifySection(Section calldata section) private pure returns (bytes32[] memory hashes) {
        _requireKnownVersion(section.leaf);
        uint256 length = section.messages.length;
        hashes = new bytes32[](length);
        // Folding overwrites what it is given.
        bytes32[] memory nodes = new bytes32[](length);
        uint256[] memory places = new uint256[](section.indices.length);
        for (uint256 i; i < length; ++i) {
            nodes[i] = hashes[i] = keccak256(abi.encode(section.messages[i]));
        }
        for (uint256 i; i < places.length; ++i) {
            places[i] = section.indices[i];
        }
        bytes32 outbox = MultiProof.treeRoot(places, nodes, section.leafCount, section.items);
        if (outbox != section.leaf.outbox) revert InvalidOutboxProof(outbox, section.leaf.outbox);
    }

    /// @dev Accept a message that was proved and not accepted before, and call its destination.
    function _acceptMessage(Message calldata message, bytes32 hash, bytes32 relayer) private returns (bool delivered) {
        _requireNotPaused(message.graph);
        _requireForHere(message);
        uint64 sourceBlock = _requireCanonical(message.sources);

        uint64 nonce = message.nonce;
        _accepted[nonce >> 8] |= 1 << (nonce & 0xff);
        emit Accepted(nonce, message.graph, message.job, message.statement);
        delivered = _execute(message, message.destination.gasLimit, sourceBlock, relayer);
        if (!delivered) _undelivered[nonce] = hash;
    }

    /// @dev Check that a message was meant for this gateway.
    function _requireForHere(Message calldata message) private view {
        if (message.weftGenesis != weftGenesis) revert WrongWeft(message.weftGenesis);
        Destination calldata destination = message.destination;
        if (destination.chainId != block.chainid) revert WrongChain(destination.chainId);
        if (destination.gateway != address(this)) revert WrongGateway(destination.gateway);
    }

    /// @dev Call the destination of an accepted message. The caller records the outcome.
    function _execute(Message calldata message, uint64 gasLimit, uint64 sourceBlock, bytes32 relayer)
        private
        returns (bool success)
    {
        address target = message.destination.target;
        bytes memory data = bytes.concat(message.destination.selector, message.payload);

        // A call to an address without code succeeds and does nothing: the result would be lost.
        if (target.code.length != 0) {
            (_graph, _owner, _statement) = (message.graph, message.owner, message.statement);
            (_delivering, _job, _nonce, _sourceBlock) = (true, message.job, message.nonce, sourceBlock);
            success = _call(target, gasLimit, data);
            _delivering = false;
        }
        if (success) emit Delivered(message.nonce, relayer);
        else emit Failed(message.nonce);
    }

    /// @dev Call with exactly `gasLimit` gas, no ether, and no copy of what is returned.
    function _call(address target, uint64 gasLimit, bytes memory data) private returns (bool success) {
        // EIP-150 forwards at most 63/64 of what is left, and silently less than asked for: without this check whoever sends
        // the transaction could starve the destination and have a failure recorded.
        uint256 required = _requiredFor(gasLimit);
        uint256 available = gasleft();
        if (available < required) revert NotEnoughGas(available, required);
        assembly ("memory-safe") {
            success := call(gasLimit, target, 0, add(data, 0x20), mload(data), 0, 0)
        }
    }

    /// @dev Gas that must be left when a destination is called with this much.
    function _requiredFor(uint64 gasLimit) private pure returns (uint256) {
        return (uint256(gasLimit) * 64 + 62) / 63 + CALL_MARGIN;
    }

    /// @dev More than the gas that must be left to accept a message, its destination's included.
    function _gasFor(Message calldata message) private pure returns (uint256) {
        return _requiredFor(message.destination.gasLimit) + 60_000 + 10_000 * message.sources.length
            + 40 * message.payload.length;
    }

    /// @inheritdoc Governed
    function _rootCall() internal view override returns (bool isRoot, uint64 nonce) {
        // By way of `_call` alone: nothing else here calls this contract.
        return (msg.sender == address(this) && _delivering && _graph == ROOT && _owner == 0, _nonce);
    }

    /// @dev The highest `lastBlock` among the sources on this chain, which were checked on acceptance.
    function _highestBlock(Source[] calldata sources) private view returns (uint64 highest) {
        for (uint256 i; i < sources.length; ++i) {
            if (sources[i].chainId == block.chainid && sources[i].lastBlock > highest) highest = sources[i].lastBlock;
        }
    }
}
