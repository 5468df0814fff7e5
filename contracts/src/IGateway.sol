// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Batch, Delivery, Message, MmrLeaf, MmrProof, TreeProof} from "./Types.sol";

/// @title The roots that Weft's validators signed
interface IFinality {
    /// @notice The MMR root signed at a block of Weft; zero where none was.
    function mmrRootAt(uint32 blockNumber) external view returns (bytes32);
}

/// @title Which blocks of this chain are canonical
interface ISourceHistory {
    /// @notice The hash of this chain's block with that number; reverts where it is not known.
    function canonicalHash(uint64 number) external view returns (bytes32);
}

/// @title Whether results may be used now
interface IPause {
    /// @notice Until when results are not to be used, by order of Weft's root; in seconds since 1970.
    function pausedUntil() external view returns (uint64);
}

/// @title Weft's gateway, as destinations, readers and relayers see it
interface IGateway is IFinality, ISourceHistory, IPause {
    /// @notice How far a message got.
    /// - Unknown: never accepted
    /// - Accepted: proved, not delivered: its destination failed, or is being called
    /// - Delivered: its destination was called and did not fail
    enum Status {
        Unknown,
        Accepted,
        Delivered
    }

    /// @notice A result was proved and recorded; it is never proved again.
    event Accepted(uint64 indexed nonce, bytes32 indexed graph, uint64 indexed job, bytes32 statement);
    /// @notice The destination was called and did not fail; `relayer` is the account on Weft of whoever brought that about.
    event Delivered(uint64 indexed nonce, bytes32 indexed relayer);
    /// @notice The destination failed, or has no code; the result can be retried.
    event Failed(uint64 indexed nonce);

    /// @notice The message is of another Weft.
    error WrongWeft(bytes32 weftGenesis);
    /// @notice The message is for a gateway on another chain.
    error WrongChain(uint64 chainId);
    /// @notice The message is for another gateway.
    error WrongGateway(address gateway);
    /// @notice A message with this nonce was accepted before.
    error AlreadyAccepted(uint64 nonce);
    /// @notice No commitment was accepted at that block of Weft.
    error UnknownMmrRoot(uint32 blockNumber);
    /// @notice The outbox proof leads to another root than the leaf carries.
    error InvalidOutboxProof(bytes32 computed, bytes32 expected);
    /// @notice The transaction has too little gas to give the destination its share; send it again with more.
    error NotEnoughGas(uint256 available, uint256 required);
    /// @notice No such message is accepted and undelivered.
    error NotRetriable(uint64 nonce);
    /// @notice A retry gives at least the gas that the message names.
    error GasLimitTooLow(uint64 given, uint64 required);
    /// @notice No destination is being called.
    error NothingBeingDelivered();

    /// @notice Accept a result and call its destination; see Gateway.
    function deliver(
        Message calldata message,
        TreeProof calldata outboxProof,
        MmrLeaf calldata leaf,
        MmrProof calldata leafProof,
        uint32 mmrBlock,
        bytes32 relayer
    ) external returns (bool delivered);

    /// @notice Accept results of several blocks and call their destinations; see Gateway.
    function deliverBatch(Batch calldata batch, bytes32 relayer) external returns (uint256 accepted);

    /// @notice Call the destination of an accepted result again; see Gateway.
    function retry(Message calldata message, uint64 gasLimit, bytes32 relayer) external returns (bool delivered);

    /// @notice The result that is being delivered right now; reverts at any other time.
    function delivery() external view returns (Delivery memory);

    /// @notice How far the message with that nonce got.
    function statusOf(uint64 nonce) external view returns (Status);

    /// @notice Hash of the genesis block of the Weft that this gateway follows.
    function weftGenesis() external view returns (bytes32);
}
