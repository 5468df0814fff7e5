// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

// The structs that Weft's runtime, its workers and these contracts encode alike. The Rust side is the crate
// `primitives`; test/vectors holds both to the same bytes. The order of fields is part of the encoding.

/// @notice Something that a run read.
/// @param kind 1 = events of a range of blocks, 2 = events of named transactions, 3 = accounts and slots, 4 = transactions, 5 = the state of
/// another zkGraph (chain and blocks are 0), 6 = fields of the beacon chain, 7 = headers of a range of blocks: its events are what the program
/// made of them
/// @param chainId EIP-155 id of the chain that was read
/// @param firstBlock first block of the range
/// @param lastBlock last block of the range, inclusive
/// @param blockHash hash of `lastBlock`
/// @param filter digest of what was asked for, by kind (`Query::digest` of the crate `primitives`)
/// @param root keccak256 of the section of the input that was made from this source
struct Source {
    uint8 kind;
    uint64 chainId;
    uint64 firstBlock;
    uint64 lastBlock;
    bytes32 blockHash;
    bytes32 filter;
    bytes32 root;
}

/// @notice Where a result goes.
/// @param chainId EIP-155 id of the chain that the gateway is on
/// @param gateway the gateway that may deliver it
/// @param target the contract that is called
/// @param selector the function that is called
/// @param gasLimit gas given to the call
struct Destination {
    uint64 chainId;
    address gateway;
    address target;
    bytes4 selector;
    uint64 gasLimit;
}

/// @notice What a proof proves. Contracts only ever see its digest, keccak256(abi.encode(statement)); the struct is here so that
/// a contract can make the digest too.
/// @param version 1
/// @param weftGenesis hash of Weft's genesis block
/// @param graph id of the zkGraph
/// @param manifest digest of the manifest when the run was locked
/// @param proofSystem 1 = zkWASM
/// @param key digest of the verifying key
/// @param image digest of the program
/// @param inputDigest keccak256 of the input
/// @param priorState keccak256 of the state before
/// @param nextState keccak256 of the state after
/// @param output the run's output: the calldata after the selector
/// @param outcome 0 = ended well, 1 = trapped
/// @param steps executed instructions
/// @param sources what was read, at most 8
/// @param destination where the output goes
/// @param context keccak256(abi.encode(uint64 job, bytes32 prover))
struct Statement {
    uint16 version;
    bytes32 weftGenesis;
    bytes32 graph;
    bytes32 manifest;
    uint16 proofSystem;
    bytes32 key;
    bytes32 image;
    bytes32 inputDigest;
    bytes32 priorState;
    bytes32 nextState;
    bytes output;
    uint8 outcome;
    uint64 steps;
    Source[] sources;
    Destination destination;
    bytes32 context;
}

/// @notice A settled result on its way to Ethereum. Its hash is keccak256(abi.encode(message)).
/// @param weftGenesis hash of Weft's genesis block
/// @param nonce number of the message, never used twice by one Weft
/// @param graph id of the zkGraph
/// @param owner account on Weft that owns the zkGraph
/// @param job number of the run
/// @param statement digest of the statement that was proved
/// @param sources what was read
/// @param destination where it goes
/// @param payload calldata after the selector
struct Message {
    bytes32 weftGenesis;
    uint64 nonce;
    bytes32 graph;
    bytes32 owner;
    uint64 job;
    bytes32 statement;
    Source[] sources;
    Destination destination;
    bytes payload;
}

/// @notice A BEEFY validator set as an MMR leaf names it.
/// @param id rises by one every session, also when the keys stay
/// @param length number of validators
/// @param root binary Merkle root over keccak256 of their 20-byte Ethereum addresses
struct ValidatorSet {
    uint64 id;
    uint32 length;
    bytes32 root;
}

/// @notice A leaf of pallet-mmr, one for each block of Weft.
/// @param version major part in the upper 3 bits, minor part in the lower 5
/// @param parentNumber number of the parent of the block that made the leaf
/// @param parentHash hash of that parent
/// @param nextAuthoritySet the BEEFY set that takes over in the next session
/// @param outbox outbox root of the parent block; zero when it settled nothing
/// @param time timestamp of the parent block, in seconds since 1970
struct MmrLeaf {
    uint8 version;
    uint32 parentNumber;
    bytes32 parentHash;
    ValidatorSet nextAuthoritySet;
    bytes32 outbox;
    uint64 time;
}

/// @notice A proof for one leaf, as `mmr_generateProof` of pallet-mmr's RPC gives it for one block.
/// @param leafIndex index of the leaf, from 0
/// @param leafCount number of leaves in the MMR
/// @param items peaks to the left, siblings from the bottom up, the peaks to the right bagged into one
struct MmrProof {
    uint64 leafIndex;
    uint64 leafCount;
    bytes32[] items;
}

/// @notice A proof for one leaf of a binary Merkle tree, as the crate `binary-merkle-tree` makes it.
/// @param leafIndex index of the leaf, from 0
/// @param leafCount number of leaves in the tree
/// @param items siblings from the bottom up; none on a layer where the node was promoted
struct TreeProof {
    uint32 leafIndex;
    uint32 leafCount;
    bytes32[] items;
}

/// @notice Results that one block of Weft settled, with one proof for all of them.
/// @param messages the results
/// @param indices their places in the outbox, from 0, strictly rising
/// @param leafCount number of messages in the outbox
/// @param items nodes of the outbox that the messages do not give: layer by layer from the bottom, each from the left
/// @param leaf the MMR leaf that carries the outbox root
/// @param leafIndex its index in the MMR, from 0
struct Section {
    Message[] messages;
    uint32[] indices;
    uint32 leafCount;
    bytes32[] items;
    MmrLeaf leaf;
    uint64 leafIndex;
}

/// @notice Results of several blocks under one root, their leaves with one proof as `mmr_generateProof` of pallet-mmr's RPC gives it for those
/// blocks.
/// @param sections the blocks, by strictly rising index of their leaves
/// @param leafCount number of leaves in the MMR
/// @param items the proof's items
/// @param mmrBlock block number of the accepted commitment with that root
struct Batch {
    Section[] sections;
    uint64 leafCount;
    bytes32[] items;
    uint32 mmrBlock;
}

/// @notice One item of a BEEFY payload.
/// @param id two letters that say what it is: `mh` is an MMR root
/// @param data its bytes
struct PayloadItem {
    bytes2 id;
    bytes data;
}

/// @notice What BEEFY validators sign.
/// @param payload items, ordered by id
/// @param blockNumber the block of Weft that it finalises
/// @param validatorSetId the set that signs
struct Commitment {
    PayloadItem[] payload;
    uint32 blockNumber;
    uint64 validatorSetId;
}

/// @notice An ECDSA signature over secp256k1.
/// @param r x coordinate of the nonce point
/// @param s proof; the lower half of the order only
/// @param v recovery id: 0 or 1 as Substrate writes it, or 27 or 28
struct Signature {
    bytes32 r;
    bytes32 s;
    uint8 v;
}

/// @notice Who signed a commitment.
/// @param validators Ethereum addresses of the whole set, in its order
/// @param bitfield bit i says that validator i signed
/// @param signatures one for each set bit, from the lowest up
struct Signers {
    address[] validators;
    uint256 bitfield;
    Signature[] signatures;
}

/// @notice What a destination may ask the gateway while it is being called.
/// @param graph id of the zkGraph that produced the result
/// @param owner account on Weft that owns it
/// @param statement digest of the statement that was proved
/// @param job number of the run
/// @param nonce number of the message
/// @param sourceBlock the highest `lastBlock` among the sources on this chain, 0 if there is none
struct Delivery {
    bytes32 graph;
    bytes32 owner;
    bytes32 statement;
    uint64 job;
    uint64 nonce;
    uint64 sourceBlock;
}
