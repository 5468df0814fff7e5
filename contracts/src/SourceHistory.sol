// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Blockhash} from "@openzeppelin/contracts/utils/Blockhash.sol";
import {ISourceHistory} from "./IGateway.sol";
import {Source} from "./Types.sol";

/// @title Which blocks of this chain are canonical
/// @notice The chain itself answers for its last 8,191 blocks (EIP-2935). Older ones are reached once by a chain of parent
/// hashes, and kept.
abstract contract SourceHistory is ISourceHistory {
    /// @notice How far back EIP-2935 reaches, in blocks.
    uint256 public constant HISTORY_WINDOW = 8191;

    /// @notice Hashes of old blocks that `recordAncestor` reached; zero elsewhere.
    mapping(uint64 number => bytes32 hash) public ancestors;

    /// @notice An old block was recorded.
    event AncestorRecorded(uint64 indexed number, bytes32 hash);

    /// @notice The block is not older than this one, so its hash cannot be known.
    error SourceInFuture(uint64 number, uint256 current);
    /// @notice The block is no longer in the history: record it first (`recordAncestor`).
    error SourceTooOld(uint64 number, uint256 oldest);
    /// @notice This chain has another block at that height.
    error SourceNotCanonical(uint64 number, bytes32 given, bytes32 canonical);
    /// @notice No header was given.
    error NoHeaders();
    /// @notice There are more headers than blocks below the anchor.
    error TooManyHeaders(uint256 given, uint64 anchor);
    /// @notice The bytes are not a block header's.
    error MalformedHeader();
    /// @notice A header does not have the hash that its child, or the chain, names.
    error BrokenHeaderChain(uint256 index, bytes32 given, bytes32 expected);

    /// @notice Record an old block's hash by walking down from a known one. Long ways are walked in several calls.
    /// @param anchor number of a block whose hash is known: within the history, or recorded before
    /// @param headers RLP-encoded headers: the anchor's, its parent's, and so on down to the child of the block to record, which
    /// is block `anchor − headers.length`
    /// @return number the recorded block's number
    /// @return hash the recorded block's hash
    function recordAncestor(uint64 anchor, bytes[] calldata headers) external returns (uint64 number, bytes32 hash) {
        if (headers.length == 0) revert NoHeaders();
        if (headers.length > anchor) revert TooManyHeaders(headers.length, anchor);
        hash = canonicalHash(anchor);
        for (uint256 i; i < headers.length; ++i) {
            bytes32 given = keccak256(headers[i]);
            if (given != hash) revert BrokenHeaderChain(i, given, hash);
            hash = _parentHash(headers[i]);
        }
        number = anchor - uint64(headers.length);
        ancestors[number] = hash;
        emit AncestorRecorded(number, hash);
    }

    /// @dev The parent hash in an RLP-encoded header. It is the first field, and a header has 512 to 65,535 bytes (its bloom filter alone
    /// has 256), so it always lies behind a list's three-byte prefix and its own of one. Decoding the other twenty fields
    /// would cost three times as much as everything else here.
    function _parentHash(bytes calldata header) private pure returns (bytes32) {
        if (header.length < 36 || header[0] != 0xf9 || header[3] != 0xa0) revert MalformedHeader();
        return bytes32(header[4:36]);
    }

    /// @notice The hash of this chain's block with that number.
    /// @dev Reverts with SourceInFuture or SourceTooOld where it is not known.
    function canonicalHash(uint64 number) public view returns (bytes32 hash) {
        if (number >= block.number) revert SourceInFuture(number, block.number);
        // Zero outside the window, and for blocks from before the history contract existed.
        hash = Blockhash.blockHash(number);
        if (hash == 0) hash = ancestors[number];
        if (hash == 0) {
            revert SourceTooOld(number, block.number > HISTORY_WINDOW ? block.number - HISTORY_WINDOW : 0);
        }
    }

    /// @dev Check every source on this chain. Others cannot be checked here.
    /// @return highest the highest `lastBlock` among them, 0 if there is none
    function _requireCanonical(Source[] calldata sources) internal view returns (uint64 highest) {
        for (uint256 i; i < sources.length; ++i) {
            Source calldata source = sources[i];
            if (source.chainId != block.chainid) continue;
            bytes32 hash = canonicalHash(source.lastBlock);
            if (hash != source.blockHash) revert SourceNotCanonical(source.lastBlock, source.blockHash, hash);
            if (source.lastBlock > highest) highest = source.lastBlock;
        }
    }
}
