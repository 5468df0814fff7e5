// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {BeefyClient} from "../src/BeefyClient.sol";
import {BinaryMerkleTree} from "../src/BinaryMerkleTree.sol";
import {Gateway} from "../src/Gateway.sol";
import {Mmr} from "../src/Mmr.sol";
import {Commitment, MmrLeaf, MmrProof, Signers, ValidatorSet} from "../src/Types.sol";
import {Mountain} from "./harness/Mountain.sol";
import {Validators} from "./harness/Validators.sol";
import {vm} from "./harness/Vm.sol";

/// @notice How one validator set hands over to the next. Set i has the seed i.
contract BeefyHandoverTest is Validators {
    Gateway private gateway;
    bytes32[] private mountain;

    function setUp() public {
        gateway = new Gateway(keccak256("weft"), setOf(10, 10, 4), setOf(11, 11, 4), uint64(block.timestamp), TRUST);
        for (uint256 i; i < 9; ++i) {
            mountain.push(keccak256(abi.encode("leaf", i)));
        }
    }

    /// @dev The call that hands over to set `id`, whose leaf names `after_`.
    function handover(uint32 blockNumber, uint64 id, uint256 size, ValidatorSet memory after_)
        private
        returns (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory proof)
    {
        leaf = MmrLeaf(0, blockNumber - 1, keccak256("parent"), after_, 0, uint64(block.timestamp));
        mountain.push(keccak256(LIBRARIES.encode(leaf)));
        mountain.push(keccak256(abi.encode("later", blockNumber)));
        commitment = commitmentOf(blockNumber, id, Mountain.root(mountain));
        signers = sign(commitment, id, size);
        proof = Mountain.prove(mountain, mountain.length - 2);
    }

    function test_the_next_set_takes_over_and_the_leaf_names_the_one_after() public {
        (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory proof) =
            handover(5, 11, 4, setOf(12, 12, 7));
        vm.expectEmit(address(gateway));
        emit BeefyClient.HandedOver(11, leaf.nextAuthoritySet, RELAYER);
        gateway.submitHandover(commitment, signers, leaf, proof, RELAYER);

        (uint64 id, uint32 length, bytes32 root) = gateway.currentValidatorSet();
        vm.assertEq(id, 11);
        vm.assertEq(length, 4);
        vm.assertEq(root, keyset(addressesOf(11, 4)));
        (id, length, root) = gateway.nextValidatorSet();
        vm.assertEq(id, 12);
        vm.assertEq(length, 7);
        vm.assertEq(root, keyset(addressesOf(12, 7)));
        vm.assertEq(gateway.latestMmrRoot(), Mountain.root(mountain));
    }

    function test_twenty_sessions_in_a_row_are_followed_through_changing_sizes() public {
        uint256 size = 4;
        for (uint64 id = 11; id < 31; ++id) {
            uint256 nextSize = 1 + (uint256(id) * 7) % 13;
            (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory proof) =
                handover(uint32(id) * 10, id, size, setOf(id + 1, id + 1, nextSize));
            gateway.submitHandover(commitment, signers, leaf, proof, RELAYER);
            Commitment memory within = commitmentOf(uint32(id) * 10 + 3, id, keccak256(abi.encode("within", id)));
            gateway.submitCommitment(within, sign(within, id, size), RELAYER);
            size = nextSize;
        }
        (uint64 current,,) = gateway.currentValidatorSet();
        vm.assertEq(current, 30);
    }

    function test_ids_rise_even_when_the_keys_stay() public {
        gateway = new Gateway(keccak256("weft"), setOf(11, 10, 4), setOf(11, 11, 4), uint64(block.timestamp), TRUST);
        (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory proof) =
            handover(5, 11, 4, setOf(11, 12, 4));
        gateway.submitHandover(commitment, signers, leaf, proof, RELAYER);
        (uint64 current,,) = gateway.currentValidatorSet();
        vm.assertEq(current, 11);
    }

    function test_a_validator_whose_key_is_no_point_of_the_curve_does_not_stop_the_handover() public {
        address[] memory list = addressesOf(11, 4);
        bytes32[] memory leaves = new bytes32[](4);
        for (uint256 i; i < 3; ++i) {
            leaves[i] = keccak256(abi.encodePacked(list[i]));
        }
        leaves[3] = keccak256(abi.encodePacked(address(0)));
        gateway = new Gateway(keccak256("weft"), setOf(10, 10, 4), ValidatorSet(11, 4, BinaryMerkleTree.root(leaves)), uint64(block.timestamp), TRUST);
        (Commitment memory commitment,, MmrLeaf memory leaf, MmrProof memory proof) =
            handover(5, 11, 4, setOf(12, 12, 4));
        Signers memory signers = sign(commitment, 11, 4, 3);
        signers.validators[3] = address(0);
        gateway.submitHandover(commitment, signers, leaf, proof, RELAYER);
        (uint64 id,,) = gateway.currentValidatorSet();
        vm.assertEq(id, 11);
    }

    function test_the_old_set_is_refused_after_the_handover() public {
        test_the_next_set_takes_over_and_the_leaf_names_the_one_after();
        Commitment memory commitment = commitmentOf(100, 10, keccak256("long-range"));
        Signers memory signers = sign(commitment, 10, 4);
        vm.expectRevert(abi.encodeWithSelector(BeefyClient.WrongValidatorSet.selector, 10, 11));
        gateway.submitCommitment(commitment, signers, RELAYER);
    }

    function test_the_current_set_cannot_hand_over() public {
        (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory proof) =
            handover(5, 10, 4, setOf(12, 12, 4));
        vm.expectRevert(abi.encodeWithSelector(BeefyClient.WrongValidatorSet.selector, 10, 11));
        gateway.submitHandover(commitment, signers, leaf, proof, RELAYER);
    }

    function test_a_session_cannot_be_skipped() public {
        (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory proof) =
            handover(5, 12, 4, setOf(13, 13, 4));
        vm.expectRevert(abi.encodeWithSelector(BeefyClient.WrongValidatorSet.selector, 12, 11));
        gateway.submitHandover(commitment, signers, leaf, proof, RELAYER);
    }

    function test_a_leaf_of_the_session_before_or_after_is_refused() public {
        uint64[3] memory ids = [uint64(11), 13, 0];
        for (uint256 i; i < 3; ++i) {
            (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory proof) =
                handover(5, 11, 4, setOf(12, ids[i], 4));
            vm.expectRevert(abi.encodeWithSelector(BeefyClient.WrongNextValidatorSet.selector, ids[i], 12));
            gateway.submitHandover(commitment, signers, leaf, proof, RELAYER);
            vm.assertEq(gateway.latestBlock(), 0);
        }
    }

    function test_a_handover_to_a_set_out_of_size_is_refused() public {
        uint32[3] memory sizes = [uint32(0), 257, type(uint32).max];
        for (uint256 i; i < 3; ++i) {
            (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory proof) =
                handover(5, 11, 4, ValidatorSet(12, sizes[i], keccak256("keyset")));
            vm.expectRevert(abi.encodeWithSelector(BeefyClient.ValidatorSetSizeOutOfRange.selector, sizes[i]));
            gateway.submitHandover(commitment, signers, leaf, proof, RELAYER);
        }
    }

    function test_a_leaf_that_is_not_under_the_signed_root_is_refused() public {
        (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory proof) =
            handover(5, 11, 4, setOf(12, 12, 4));
        leaf.nextAuthoritySet = setOf(99, 12, 4);
        vm.expectPartialRevert(BeefyClient.InvalidLeafProof.selector);
        gateway.submitHandover(commitment, signers, leaf, proof, RELAYER);
        (uint64 current,,) = gateway.currentValidatorSet();
        vm.assertEq(current, 10);
    }

    function test_a_leaf_proof_of_another_shape_is_refused() public {
        (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory proof) =
            handover(5, 11, 4, setOf(12, 12, 4));
        proof.leafIndex = proof.leafCount;
        vm.expectRevert(abi.encodeWithSelector(Mmr.LeafOutOfRange.selector, proof.leafCount, proof.leafCount));
        gateway.submitHandover(commitment, signers, leaf, proof, RELAYER);
    }

    function test_a_leaf_of_an_unknown_major_version_is_refused() public {
        (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory proof) =
            handover(5, 11, 4, setOf(12, 12, 4));
        leaf.version = 0x20;
        vm.expectRevert(abi.encodeWithSelector(BeefyClient.UnsupportedLeafVersion.selector, 0x20));
        gateway.submitHandover(commitment, signers, leaf, proof, RELAYER);
    }

    function test_a_stale_handover_is_refused() public {
        Commitment memory earlier = commitmentOf(5, 10, keccak256("root"));
        gateway.submitCommitment(earlier, sign(earlier, 10, 4), RELAYER);
        (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory proof) =
            handover(5, 11, 4, setOf(12, 12, 4));
        vm.expectRevert(abi.encodeWithSelector(BeefyClient.StaleCommitment.selector, 5, 5));
        gateway.submitHandover(commitment, signers, leaf, proof, RELAYER);
    }
}
