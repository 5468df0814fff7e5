// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {BinaryMerkleTree} from "./BinaryMerkleTree.sol";
import {IFinality} from "./IGateway.sol";
import {Mmr} from "./Mmr.sol";
import {Scale} from "./Scale.sol";
import {Commitment, MmrLeaf, MmrProof, PayloadItem, Signature, Signers, ValidatorSet} from "./Types.sol";

/// @title A light client of Weft's finality
/// @notice Holds the current and the next BEEFY validator set and the MMR roots that a supermajority of them signed. All
/// signatures of a commitment are checked at once; there is no waiting and no sampling. A set is trusted for a while only, so that
/// whoever signs still has a bond to lose. The protocol and the attacks it has to withstand are in docs/decisions/gateway.md.
abstract contract BeefyClient is IFinality {
    /// @notice The largest validator set that can be followed: one bit each in a word.
    uint256 public constant MAX_VALIDATORS = 256;
    /// @notice The shortest trust period, in seconds; it should be many sessions.
    uint64 public constant MIN_TRUST_PERIOD = 1 hours;
    /// @notice The longest trust period, in seconds: a year.
    uint64 public constant MAX_TRUST_PERIOD = 365 days;

    /// @notice How long a set is believed after the time of the leaf that named it, in seconds.
    uint64 public immutable trustPeriod;

    /// @notice Until when commitments are accepted, in seconds since 1970; each handover moves it on.
    uint64 public trustedUntil;
    /// @notice Block number of the latest accepted commitment.
    uint32 public latestBlock;
    /// @notice The set whose commitments are accepted.
    ValidatorSet public currentValidatorSet;
    /// @notice The set whose first commitment must be a handover.
    ValidatorSet public nextValidatorSet;
    /// @notice The MMR root signed at a block of Weft; zero where none was. Roots stay: an MMR only grows.
    mapping(uint32 blockNumber => bytes32 root) public mmrRootAt;

    /// @notice A commitment was accepted.
    /// @param blockNumber block of Weft that it finalises
    /// @param root the MMR root that was signed
    /// @param validatorSetId the set that signed
    /// @param keyset root over the addresses of that set
    /// @param signers bit i says that its validator i signed
    /// @param relayer account on Weft of whoever brought it
    event NewMmrRoot(
        uint32 indexed blockNumber,
        bytes32 root,
        uint64 validatorSetId,
        bytes32 keyset,
        uint256 signers,
        bytes32 indexed relayer
    );
    /// @notice The next set took over; `next` follows it.
    event HandedOver(uint64 indexed currentId, ValidatorSet next, bytes32 indexed relayer);

    /// @notice A set needs 1 to 256 members.
    error ValidatorSetSizeOutOfRange(uint256 length);
    /// @notice The id of the set after is one more than the set's.
    error WrongNextValidatorSet(uint64 given, uint64 expected);
    /// @notice A set is trusted for an hour at least and a year at most.
    error TrustPeriodOutOfRange(uint64 given);
    /// @notice The validators may have taken their bonds back: this gateway accepts no commitment any more.
    error NoLongerTrusted(uint64 until);
    /// @notice A commitment for this block or a later one was already accepted.
    error StaleCommitment(uint32 given, uint32 latest);
    /// @notice Signed by another set than this call accepts.
    error WrongValidatorSet(uint64 given, uint64 expected);
    /// @notice The payload holds no MMR root.
    error MmrRootMissing();
    /// @notice The payload holds more than one MMR root.
    error MmrRootRepeated();
    /// @notice The MMR root in the payload is not a non-zero value of 32 bytes.
    error MmrRootMalformed();
    /// @notice Not all validators of the set were given, or too many.
    error WrongValidatorCount(uint256 given, uint256 expected);
    /// @notice The addresses are not those of the set.
    error WrongKeyset(bytes32 given, bytes32 expected);
    /// @notice A bit is set for a validator that does not exist.
    error BitfieldTooLong();
    /// @notice The bitfield announces another number of signatures than given.
    error WrongSignatureCount(uint256 given, uint256 announced);
    /// @notice Fewer signatures than the threshold.
    error NotEnoughSignatures(uint256 given, uint256 required);
    /// @notice A signature is not of the validator whose bit it stands for.
    error WrongSigner(uint256 index, address recovered, address expected);
    /// @notice The leaf's layout is of a major version that is not known here.
    error UnsupportedLeafVersion(uint8 version);
    /// @notice The leaf proof leads to another root.
    error InvalidLeafProof(bytes32 computed, bytes32 expected);

    /// @param current the set in power
    /// @param next the set after it
    /// @param namedAt timestamp of the block of Weft at which these were the sets, in seconds since 1970
    /// @param trustPeriod_ how long a set is believed, in seconds: at most half of the time for which Weft keeps a bond
    constructor(ValidatorSet memory current, ValidatorSet memory next, uint64 namedAt, uint64 trustPeriod_) {
        if (next.id != current.id + 1) revert WrongNextValidatorSet(next.id, current.id + 1);
        _requireSize(current);
        _requireSize(next);
        if (trustPeriod_ < MIN_TRUST_PERIOD || trustPeriod_ > MAX_TRUST_PERIOD) {
            revert TrustPeriodOutOfRange(trustPeriod_);
        }
        (currentValidatorSet, nextValidatorSet) = (current, next);
        trustPeriod = trustPeriod_;
        uint64 until = _trustFrom(namedAt);
        if (until < block.timestamp) revert NoLongerTrusted(until);
        trustedUntil = until;
    }

    /// @notice Accept a commitment signed by the current set.
    /// @param commitment what was signed
    /// @param signers the whole set, and who of it signed
    /// @param relayer account on Weft of whoever brings it
    function submitCommitment(Commitment calldata commitment, Signers calldata signers, bytes32 relayer) external {
        _accept(commitment, signers, currentValidatorSet, relayer);
    }

    /// @notice Accept a commitment signed by the next set, which takes over. The leaf names the set after it; any leaf under the new
    /// root that does will serve, the one of the session's first block is the earliest.
    /// @param commitment what was signed
    /// @param signers the whole set, and who of it signed
    /// @param leaf a leaf made in the session that starts
    /// @param leafProof its place under the commitment's MMR root
    /// @param relayer account on Weft of whoever brings it
    function submitHandover(
        Commitment calldata commitment,
        Signers calldata signers,
        MmrLeaf calldata leaf,
        MmrProof calldata leafProof,
        bytes32 relayer
    ) external {
        ValidatorSet memory incoming = nextValidatorSet;
        _verifyLeaf(leaf, leafProof, _accept(commitment, signers, incoming, relayer));
        uint64 following = incoming.id + 1;
        if (leaf.nextAuthoritySet.id != following) {
            revert WrongNextValidatorSet(leaf.nextAuthoritySet.id, following);
        }
        _requireSize(leaf.nextAuthoritySet);
        (currentValidatorSet, nextValidatorSet) = (incoming, leaf.nextAuthoritySet);
        trustedUntil = _trustFrom(leaf.time);
        emit HandedOver(incoming.id, leaf.nextAuthoritySet, relayer);
    }

    /// @notice The MMR root of the latest accepted commitment; zero before the first.
    function latestMmrRoot() external view returns (bytes32) {
        return mmrRootAt[latestBlock];
    }

    /// @notice Signatures that a set of `length` validators needs: length − ⌊(length − 1) / 3⌋, as BEEFY counts.
    function signatureThreshold(uint256 length) public pure returns (uint256) {
        if (length == 0) revert ValidatorSetSizeOutOfRange(length);
        return length - (length - 1) / 3;
    }

    /// @dev Check a commitment against the keys of a set and store its root.
    function _accept(
        Commitment calldata commitment,
        Signers calldata signers,
        ValidatorSet memory set,
        bytes32 relayer
    ) private returns (bytes32 root) {
        (uint64 until, uint32 latest) = (trustedUntil, latestBlock);
        if (block.timestamp > until) revert NoLongerTrusted(until);
        if (commitment.blockNumber <= latest) revert StaleCommitment(commitment.blockNumber, latest);
        if (commitment.validatorSetId != set.id) revert WrongValidatorSet(commitment.validatorSetId, set.id);
        root = _mmrRoot(commitment.payload);
        _verifyKeyset(signers.validators, set);
        _verifySignatures(keccak256(Scale.encode(commitment)), signers);

        latestBlock = commitment.blockNumber;
        mmrRootAt[commitment.blockNumber] = root;
        emit NewMmrRoot(commitment.blockNumber, root, set.id, set.root, signers.bitfield, relayer);
    }

    /// @dev Until when sets are trusted that were named at that time.
    function _trustFrom(uint64 time) private view returns (uint64) {
        // A time to come would be trust in advance.
        return (time < block.timestamp ? time : uint64(block.timestamp)) + trustPeriod;
    }

    /// @dev Check that a leaf is in the MMR with this root.
    function _verifyLeaf(MmrLeaf calldata leaf, MmrProof calldata proof, bytes32 root) internal pure {
        _requireKnownVersion(leaf);
        bytes32 computed = Mmr.rootOf(keccak256(Scale.encode(leaf)), proof);
        if (computed != root) revert InvalidLeafProof(computed, root);
    }

    /// @dev Check that a leaf's layout is known here.
    function _requireKnownVersion(MmrLeaf calldata leaf) internal pure {
        if (leaf.version >> 5 != 0) revert UnsupportedLeafVersion(leaf.version);
    }

    /// @dev The one MMR root of a payload.
    function _mmrRoot(PayloadItem[] calldata payload) private pure returns (bytes32 root) {
        for (uint256 i; i < payload.length; ++i) {
            if (payload[i].id != "mh") continue;
            if (root != 0) revert MmrRootRepeated();
            if (payload[i].data.length != 32) revert MmrRootMalformed();
            root = bytes32(payload[i].data);
            if (root == 0) revert MmrRootMalformed();
        }
        if (root == 0) revert MmrRootMissing();
    }

    /// @dev Check that the addresses are the whole set: cheaper than a Merkle proof for each signer.
    function _verifyKeyset(address[] calldata validators, ValidatorSet memory set) private pure {
        uint256 length = validators.length;
        if (length != set.length) revert WrongValidatorCount(length, set.length);
        bytes32[] memory leaves = new bytes32[](length);
        for (uint256 i; i < length; ++i) {
            // Weft takes the zero address for a key that is no point of the curve. No signature recovers to it, and one such key does
            // not stop the handover to its set.
            leaves[i] = keccak256(abi.encodePacked(validators[i]));
        }
        bytes32 root = BinaryMerkleTree.root(leaves);
        if (root != set.root) revert WrongKeyset(root, set.root);
    }

    /// @dev Check every signature given, and that they are enough.
    function _verifySignatures(bytes32 hash, Signers calldata signers) private pure {
        uint256 length = signers.validators.length;
        uint256 bits = signers.bitfield;
        if (length < MAX_VALIDATORS && bits >> length != 0) revert BitfieldTooLong();

        uint256 used;
        for (uint256 i; bits != 0; ++i) {
            if (bits & 1 == 1) {
                if (used == signers.signatures.length) break;
                Signature calldata signature = signers.signatures[used++];
                // Substrate writes the recovery id as 0 or 1, the EVM's precompile wants 27 or 28.
                uint8 v = signature.v < 2 ? signature.v + 27 : signature.v;
                address recovered = ECDSA.recover(hash, v, signature.r, signature.s);
                if (recovered != signers.validators[i]) revert WrongSigner(i, recovered, signers.validators[i]);
            }
            bits >>= 1;
        }
        if (bits != 0 || used != signers.signatures.length) {
            revert WrongSignatureCount(signers.signatures.length, _countBits(signers.bitfield));
        }
        uint256 required = signatureThreshold(length);
        if (used < required) revert NotEnoughSignatures(used, required);
    }

    /// @dev Number of ones in a word.
    function _countBits(uint256 word) private pure returns (uint256 ones) {
        for (; word != 0; word &= word - 1) {
            ++ones;
        }
    }

    /// @dev Check that a set can be followed.
    function _requireSize(ValidatorSet memory set) private pure {
        if (set.length == 0 || set.length > MAX_VALIDATORS) revert ValidatorSetSizeOutOfRange(set.length);
    }
}
