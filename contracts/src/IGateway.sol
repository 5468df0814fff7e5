// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Delivery, Message, MmrLeaf, MmrProof, TreeProof} from "./Types.sol";

/// @title Weft's gateway, as destinations and relayers see it
interface IGateway {
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
    /// @notice The destination was called and did not fail.
    event Delivered(uint64 indexed nonce);
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
        uint32 mmrBlock
    ) external returns (bool delivered);

    /// @notice Call the destination of an accepted result again; see Gateway.
    function retry(Message calldata message, uint64 gasLimit) external returns (bool delivered);

    /// @notice The result that is being delivered right now; reverts at any other time.
    function delivery() external view returns (Delivery memory);

    /// @notice How far the message with that nonce got.
    function statusOf(uint64 nonce) external view returns (Status);
}
