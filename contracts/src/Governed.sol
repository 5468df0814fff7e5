// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IPause} from "./IGateway.sol";

/// @title What Weft's root can order
/// @notice Orders are messages of the zkGraph 0, which nobody but Weft's root can settle; they arrive like any result, with the gateway as their
/// destination. There is no other way to give one.
abstract contract Governed is IPause {
    /// @notice The farthest end of a pause.
    uint256 public constant MAX_PAUSE = 14 days;
    /// @notice The zkGraph in whose name Weft's root speaks. Others' ids are hashes.
    bytes32 public constant ROOT = 0;

    /// @notice Results of zkGraphs are not delivered until then, in seconds since 1970.
    uint64 public pausedUntil;
    /// @notice For each function the nonce of the newest order that was followed, plus one.
    mapping(bytes4 selector => uint64) public governanceNonce;
    /// @notice The gateway that replaces this one; zero if none was announced.
    address public successor;

    /// @notice Deliveries are refused until then; at once if it is past.
    event PausedUntil(uint64 until);
    /// @notice This gateway has a successor. Nothing moves by itself.
    event SuccessorAnnounced(address successor);

    /// @notice Only a message of Weft's root, by way of this gateway, may do this.
    error NotRoot(address caller);
    /// @notice A newer order of the same kind was followed before.
    error OutdatedGovernance(uint64 nonce, uint64 expected);
    /// @notice Deliveries are paused.
    error Paused(uint64 until);

    /// @dev Only the next order of Weft's root.
    modifier onlyRoot() {
        (bool isRoot, uint64 nonce) = _rootCall();
        if (!isRoot) revert NotRoot(msg.sender);
        // A kind at a time: an order that is held back undoes none of its kind, and none of another kind outdates it.
        uint64 expected = governanceNonce[msg.sig];
        if (nonce < expected) revert OutdatedGovernance(nonce, expected);
        governanceNonce[msg.sig] = nonce + 1;
        _;
    }

    /// @notice Refuse deliveries of zkGraphs' results until then. Commitments and orders go on.
    /// @param until seconds since 1970; a time in the past ends a pause, one more than 14 days ahead counts as that
    function pause(uint64 until) external onlyRoot {
        uint64 latest = uint64(block.timestamp + MAX_PAUSE);
        if (until > latest) until = latest;
        pausedUntil = until;
        emit PausedUntil(until);
    }

    /// @notice Write down the gateway that replaces this one.
    /// @param successor_ its address
    function announceSuccessor(address successor_) external onlyRoot {
        successor = successor_;
        emit SuccessorAnnounced(successor_);
    }

    /// @dev Check that results are delivered at this time.
    /// @param graph the zkGraph whose result it is; root's orders are never held back
    function _requireNotPaused(bytes32 graph) internal view {
        if (_isPaused(graph)) revert Paused(pausedUntil);
    }

    /// @dev Whether a zkGraph's results are held back at this time.
    function _isPaused(bytes32 graph) internal view returns (bool) {
        return block.timestamp < pausedUntil && graph != ROOT;
    }

    /// @dev Whether the caller is this gateway, on behalf of Weft's root, and the nonce of root's message.
    function _rootCall() internal view virtual returns (bool isRoot, uint64 nonce);
}
