// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {BeefyClient} from "../src/BeefyClient.sol";
import {Gateway} from "../src/Gateway.sol";
import {Commitment, MmrLeaf, MmrProof, Signers, ValidatorSet} from "../src/Types.sol";
import {Mountain} from "./harness/Mountain.sol";
import {Validators} from "./harness/Validators.sol";
import {vm} from "./harness/Vm.sol";

/// @notice How long validators are trusted. Set 10 is in power, set 11 is next; the keys of set 11 have the seed 11.
contract BeefyTrustTest is Validators {
    Gateway private gateway;
    bytes32[] private mountain;

    function setUp() public {
        vm.warp(1_000_000);
        gateway = new Gateway(keccak256("weft"), setOf(10, 10, 4), setOf(11, 11, 4), uint64(block.timestamp), TRUST);
        for (uint256 i; i < 9; ++i) {
            mountain.push(keccak256(abi.encode("leaf", i)));
        }
    }

    /// @dev A commitment of set `id` signed by keys of the seed, and the leaf under it that names `named`.
    function proof(uint32 blockNumber, uint64 id, uint256 seed, ValidatorSet memory named, uint64 time)
        private
        returns (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory place)
    {
        leaf = MmrLeaf(0, blockNumber - 1, keccak256("parent"), named, 0, time);
        mountain.push(keccak256(LIBRARIES.encode(leaf)));
        mountain.push(keccak256(abi.encode("later", blockNumber)));
        commitment = commitmentOf(blockNumber, id, Mountain.root(mountain));
        signers = sign(commitment, seed, 4);
        place = Mountain.prove(mountain, mountain.length - 2);
    }

    function test_commitments_are_accepted_until_the_trust_ends_and_not_after() public {
        vm.assertEq(gateway.trustedUntil(), 1_000_000 + TRUST);
        vm.warp(1_000_000 + TRUST);
        Commitment memory commitment = commitmentOf(5, 10, keccak256("in time"));
        gateway.submitCommitment(commitment, sign(commitment, 10, 4), RELAYER);

        vm.warp(1_000_000 + TRUST + 1);
        commitment = commitmentOf(6, 10, keccak256("late"));
        Signers memory signers = sign(commitment, 10, 4);
        bytes memory refusal = abi.encodeWithSelector(BeefyClient.NoLongerTrusted.selector, 1_000_000 + TRUST);
        vm.expectRevert(refusal);
        gateway.submitCommitment(commitment, signers, RELAYER);
        MmrLeaf memory leaf;
        MmrProof memory place;
        (commitment, signers, leaf, place) = proof(500, 11, 11, setOf(12, 12, 4), uint64(block.timestamp));
        vm.expectRevert(refusal);
        gateway.submitHandover(commitment, signers, leaf, place, RELAYER);
    }

    function test_a_handover_moves_trust_to_the_time_of_the_leaf_and_no_farther_than_now() public {
        uint64 now_ = uint64(block.timestamp);
        uint64[3] memory times = [now_ - 50_000, now_, type(uint64).max];
        for (uint64 i; i < 3; ++i) {
            (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory place) =
                proof(500 + uint32(i), 11 + i, 11 + i, setOf(12 + i, 12 + i, 4), times[i]);
            gateway.submitHandover(commitment, signers, leaf, place, RELAYER);
            vm.assertEq(gateway.trustedUntil(), (i == 0 ? now_ - 50_000 : now_) + TRUST);
        }
    }

    function test_a_gateway_without_trust_or_with_too_much_is_not_made() public {
        uint64[4] memory periods = [uint64(0), 1 hours - 1, 365 days + 1, type(uint64).max];
        for (uint256 i; i < 4; ++i) {
            ValidatorSet memory current = setOf(10, 10, 4);
            ValidatorSet memory next = setOf(11, 11, 4);
            vm.expectRevert(abi.encodeWithSelector(BeefyClient.TrustPeriodOutOfRange.selector, periods[i]));
            new Gateway(keccak256("weft"), current, next, uint64(block.timestamp), periods[i]);
        }
    }

    function test_a_gateway_trusts_its_first_sets_from_when_they_were_named_and_not_from_its_own_birth() public {
        ValidatorSet memory current = setOf(10, 10, 4);
        ValidatorSet memory next = setOf(11, 11, 4);
        gateway = new Gateway(keccak256("weft"), current, next, 900_000, TRUST);
        vm.assertEq(gateway.trustedUntil(), 900_000 + TRUST);
        gateway = new Gateway(keccak256("weft"), current, next, type(uint64).max, TRUST);
        vm.assertEq(gateway.trustedUntil(), 1_000_000 + TRUST);
        vm.expectRevert(abi.encodeWithSelector(BeefyClient.NoLongerTrusted.selector, 999_999));
        new Gateway(keccak256("weft"), current, next, 999_999 - TRUST, TRUST);
    }

    function test_a_week_of_sessions_is_caught_up_one_by_one() public {
        for (uint64 i; i < 42; ++i) {
            (Commitment memory commitment, Signers memory signers, MmrLeaf memory leaf, MmrProof memory place) =
                proof(500 + uint32(i), 11 + i, 11 + i, setOf(12 + i, 12 + i, 4), 1_000_000 + i * 4 hours);
            vm.warp(1_000_000 + TRUST);
            gateway.submitHandover(commitment, signers, leaf, place, RELAYER);
        }
        (uint64 id,,) = gateway.currentValidatorSet();
        vm.assertEq(id, 52);
    }
}
