// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Gateway} from "../../src/Gateway.sol";
import {Scale} from "../../src/Scale.sol";
import {
    Batch,
    Commitment,
    Destination,
    Message,
    MmrLeaf,
    MmrProof,
    Section,
    Source,
    TreeProof
} from "../../src/Types.sol";
import {Forest} from "./Forest.sol";
import {Mountain} from "./Mountain.sol";
import {Validators} from "./Validators.sol";
import {vm} from "./Vm.sol";

/// @notice Everything that `deliver` takes.
struct Parcel {
    Message message;
    TreeProof outboxProof;
    MmrLeaf leaf;
    MmrProof leafProof;
    uint32 mmrBlock;
}

/// @notice A Weft with four validators that settles results, finalises them and has a gateway here. Leaf i is made by block
/// i + 1 and describes block i.
abstract contract Chain is Validators {
    bytes32 internal constant GENESIS = keccak256("genesis of Weft");
    bytes32 internal constant GRAPH = keccak256("a zkGraph");
    bytes32 internal constant OWNER = keccak256("its owner");
    /// @dev https://eips.ethereum.org/EIPS/eip-2935
    address internal constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;
    bytes internal constant HISTORY_CODE =
        hex"3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500";

    uint256 internal constant SIZE = 4;

    Gateway internal gateway;
    MmrLeaf[] internal leaves;
    uint64 internal nextNonce = 1;

    function setUp() public virtual {
        vm.etch(HISTORY, HISTORY_CODE);
        vm.roll(20_000);
        vm.warp(1_000_000);
        gateway = new Gateway(GENESIS, setOf(1, 10, SIZE), setOf(2, 11, SIZE), uint64(block.timestamp), TRUST);
        for (uint256 i; i < 6; ++i) {
            addLeaf(0);
        }
    }

    /// @dev A block whose parent had this outbox root.
    function addLeaf(bytes32 outbox) internal {
        uint32 parent = uint32(leaves.length);
        leaves.push(MmrLeaf(0, parent, keccak256(abi.encode("block", parent)), setOf(2, 11, SIZE), outbox, uint64(block.timestamp)));
    }

    function leafHashes() internal view returns (bytes32[] memory hashes) {
        hashes = new bytes32[](leaves.length);
        for (uint256 i; i < hashes.length; ++i) {
            hashes[i] = keccak256(LIBRARIES.encode(leaves[i]));
        }
    }

    /// @dev The block that has made all leaves so far is finalised.
    function finalise() internal returns (uint32 blockNumber) {
        blockNumber = uint32(leaves.length);
        Commitment memory commitment = commitmentOf(blockNumber, 10, Mountain.root(leafHashes()));
        gateway.submitCommitment(commitment, sign(commitment, 1, SIZE), RELAYER);
    }

    /// @dev Hash of this chain's block, in the opcode's range and the history contract's.
    function setHash(uint256 number, bytes32 hash) internal {
        if (block.number - number <= 256) vm.setBlockhash(number, hash);
        vm.store(HISTORY, bytes32(number % 8191), hash);
    }

    /// @dev A source that is canonical.
    function sourceAt(uint64 number) internal returns (Source memory) {
        bytes32 hash = keccak256(abi.encode("ethereum block", number));
        setHash(number, hash);
        return Source(1, uint64(block.chainid), number, number, hash, keccak256("filter"), keccak256("events"));
    }

    function messageTo(address target, bytes4 selector, bytes memory payload, uint64 gasLimit)
        internal
        returns (Message memory message)
    {
        Source[] memory sources = new Source[](1);
        sources[0] = sourceAt(uint64(block.number - 20));
        uint64 nonce = nextNonce++;
        return Message(
            GENESIS,
            nonce,
            GRAPH,
            OWNER,
            100 + nonce,
            keccak256(abi.encode("statement", nonce)),
            sources,
            Destination(uint64(block.chainid), address(gateway), target, selector, gasLimit),
            payload
        );
    }

    /// @dev Settle a message in the middle of a block of five, finalise, and prove it.
    function settle(Message memory message) internal returns (Parcel memory parcel) {
        bytes32[] memory outbox = new bytes32[](5);
        for (uint256 i; i < 5; ++i) {
            outbox[i] = keccak256(abi.encode("another message", i));
        }
        outbox[2] = keccak256(abi.encode(message));
        addLeaf(Forest.root(outbox));
        uint256 index = leaves.length - 1;
        addLeaf(0);
        parcel.message = message;
        parcel.outboxProof = Forest.prove(outbox, 2);
        parcel.leaf = leaves[index];
        parcel.leafProof = Mountain.prove(leafHashes(), index);
        parcel.mmrBlock = finalise();
    }

    function deliver(Parcel memory parcel) internal returns (bool) {
        return gateway.deliver(parcel.message, parcel.outboxProof, parcel.leaf, parcel.leafProof, parcel.mmrBlock, RELAYER);
    }

    function deliver(Batch memory batch) internal returns (uint256) {
        return gateway.deliverBatch(batch, RELAYER);
    }

    /// @dev A batch of one.
    function batchOf(Parcel memory parcel) internal pure returns (Batch memory batch) {
        Message[] memory messages = new Message[](1);
        messages[0] = parcel.message;
        uint32[] memory indices = new uint32[](1);
        indices[0] = parcel.outboxProof.leafIndex;
        (batch.sections, batch.mmrBlock) = (new Section[](1), parcel.mmrBlock);
        batch.sections[0] = Section(
            messages,
            indices,
            parcel.outboxProof.leafCount,
            parcel.outboxProof.items,
            parcel.leaf,
            parcel.leafProof.leafIndex
        );
        (batch.leafCount, batch.items) = (parcel.leafProof.leafCount, parcel.leafProof.items);
    }

    /// @dev Settle messages in blocks of `size`, each in a block with three others, with `apart` blocks between; finalise, and prove them
    /// together.
    function settleMany(Message[] memory messages, uint256 size, uint256 apart) internal returns (Batch memory batch) {
        uint256 blocks = (messages.length + size - 1) / size;
        uint256[] memory places = new uint256[](blocks);
        batch.sections = new Section[](blocks);
        for (uint256 i; i < blocks; ++i) {
            uint256 length = i + 1 < blocks ? size : messages.length - i * size;
            batch.sections[i] = section(messages, i * size, length);
            addLeaf(batch.sections[i].leaf.outbox);
            (batch.sections[i].leaf, batch.sections[i].leafIndex) = (leaves[leaves.length - 1], uint64(leaves.length - 1));
            places[i] = leaves.length - 1;
            for (uint256 j; j < apart; ++j) {
                addLeaf(0);
            }
        }
        bytes32[] memory hashes = leafHashes();
        (batch.leafCount, batch.items) = (uint64(hashes.length), Mountain.proveMany(hashes, places));
        batch.mmrBlock = finalise();
    }

    /// @dev Messages `first` to before `first + length` in an outbox with three others.
    function section(Message[] memory messages, uint256 first, uint256 length)
        private
        pure
        returns (Section memory made)
    {
        bytes32[] memory outbox = new bytes32[](length + 3);
        uint256[] memory indices = new uint256[](length);
        (made.messages, made.indices, made.leafCount) = (new Message[](length), new uint32[](length), uint32(length + 3));
        for (uint256 i; i < 3; ++i) {
            outbox[i == 0 ? 0 : length + i] = keccak256(abi.encode("another message", first, i));
        }
        for (uint256 i; i < length; ++i) {
            made.messages[i] = messages[first + i];
            outbox[i + 1] = keccak256(abi.encode(made.messages[i]));
            (indices[i], made.indices[i]) = (i + 1, uint32(i + 1));
        }
        made.items = Forest.proveMany(outbox, indices);
        made.leaf.outbox = Forest.root(outbox);
    }

    /// @dev The call as bytes, for tests that choose the gas.
    function calldataOf(Parcel memory parcel) internal pure returns (bytes memory) {
        return abi.encodeCall(
            Gateway.deliver,
            (parcel.message, parcel.outboxProof, parcel.leaf, parcel.leafProof, parcel.mmrBlock, RELAYER)
        );
    }
}
