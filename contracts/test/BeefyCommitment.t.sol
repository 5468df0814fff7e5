// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {BeefyClient} from "../src/BeefyClient.sol";
import {Gateway} from "../src/Gateway.sol";
import {Commitment, PayloadItem, ValidatorSet} from "../src/Types.sol";
import {Validators} from "./harness/Validators.sol";
import {vm} from "./harness/Vm.sol";

/// @notice Which commitments are accepted, apart from their signatures.
contract BeefyCommitmentTest is Validators {
    Gateway private gateway;

    function setUp() public {
        gateway = new Gateway(keccak256("weft"), setOf(1, 10, 4), setOf(2, 11, 4), uint64(block.timestamp), TRUST);
    }

    function submit(Commitment memory commitment) private {
        gateway.submitCommitment(commitment, sign(commitment, 1, 4), RELAYER);
    }

    function refused(Commitment memory commitment, bytes memory because) private {
        // Signed beforehand: the expectation holds for the next call.
        bytes memory call = abi.encodeCall(gateway.submitCommitment, (commitment, sign(commitment, 1, 4), RELAYER));
        (bool ok, bytes memory reason) = address(gateway).call(call);
        vm.assertFalse(ok);
        vm.assertEq(reason, because);
    }

    function test_an_accepted_root_is_stored_and_announced() public {
        Commitment memory commitment = commitmentOf(5, 10, keccak256("five"));
        bytes memory call = abi.encodeCall(gateway.submitCommitment, (commitment, sign(commitment, 1, 4), RELAYER));
        (,, bytes32 keyset) = gateway.currentValidatorSet();
        vm.expectEmit(address(gateway));
        emit BeefyClient.NewMmrRoot(5, keccak256("five"), 10, keyset, 7, RELAYER);
        (bool ok,) = address(gateway).call(call);
        vm.assertTrue(ok);
        vm.assertEq(gateway.latestBlock(), 5);
        vm.assertEq(gateway.latestMmrRoot(), keccak256("five"));
    }

    function test_older_roots_stay_known() public {
        submit(commitmentOf(5, 10, keccak256("five")));
        submit(commitmentOf(9, 10, keccak256("nine")));
        vm.assertEq(gateway.mmrRootAt(5), keccak256("five"));
        vm.assertEq(gateway.mmrRootAt(9), keccak256("nine"));
        vm.assertEq(gateway.mmrRootAt(7), 0);
        vm.assertEq(gateway.latestMmrRoot(), keccak256("nine"));
    }

    function test_the_same_block_or_an_older_one_is_stale() public {
        submit(commitmentOf(5, 10, keccak256("five")));
        refused(
            commitmentOf(5, 10, keccak256("other")), abi.encodeWithSelector(BeefyClient.StaleCommitment.selector, 5, 5)
        );
        refused(
            commitmentOf(4, 10, keccak256("four")), abi.encodeWithSelector(BeefyClient.StaleCommitment.selector, 4, 5)
        );
    }

    function test_other_set_ids_than_the_current_are_refused() public {
        uint64[4] memory ids = [uint64(0), 9, 12, type(uint64).max];
        for (uint256 i; i < 4; ++i) {
            refused(
                commitmentOf(5, ids[i], keccak256("root")),
                abi.encodeWithSelector(BeefyClient.WrongValidatorSet.selector, ids[i], 10)
            );
        }
    }

    function test_the_next_sets_commitment_is_refused_without_a_handover() public {
        Commitment memory commitment = commitmentOf(5, 11, keccak256("root"));
        bytes memory call = abi.encodeCall(gateway.submitCommitment, (commitment, sign(commitment, 2, 4), RELAYER));
        (bool ok, bytes memory reason) = address(gateway).call(call);
        vm.assertFalse(ok);
        vm.assertEq(reason, abi.encodeWithSelector(BeefyClient.WrongValidatorSet.selector, 11, 10));
    }

    function test_a_payload_with_other_items_around_the_root_is_accepted() public {
        Commitment memory commitment = commitmentOf(5, 10, keccak256("root"));
        PayloadItem[] memory payload = new PayloadItem[](3);
        payload[0] = PayloadItem("aa", new bytes(100));
        payload[1] = commitment.payload[0];
        payload[2] = PayloadItem("zz", "");
        commitment.payload = payload;
        submit(commitment);
        vm.assertEq(gateway.mmrRootAt(5), keccak256("root"));
    }

    function test_a_payload_without_a_root_is_refused() public {
        Commitment memory commitment = commitmentOf(5, 10, keccak256("root"));
        commitment.payload[0].id = "hm";
        refused(commitment, abi.encodeWithSelector(BeefyClient.MmrRootMissing.selector));
        commitment.payload = new PayloadItem[](0);
        refused(commitment, abi.encodeWithSelector(BeefyClient.MmrRootMissing.selector));
    }

    function test_a_payload_with_two_roots_is_refused() public {
        Commitment memory commitment = commitmentOf(5, 10, keccak256("root"));
        PayloadItem[] memory payload = new PayloadItem[](2);
        payload[0] = commitment.payload[0];
        payload[1] = PayloadItem("mh", abi.encodePacked(keccak256("lie")));
        commitment.payload = payload;
        refused(commitment, abi.encodeWithSelector(BeefyClient.MmrRootRepeated.selector));
    }

    function test_a_root_of_another_length_or_of_zeros_is_refused() public {
        Commitment memory commitment = commitmentOf(5, 10, keccak256("root"));
        uint256[4] memory lengths = [uint256(0), 31, 33, 64];
        for (uint256 i; i < 4; ++i) {
            commitment.payload[0].data = new bytes(lengths[i]);
            if (lengths[i] != 0) commitment.payload[0].data[0] = 0x01;
            refused(commitment, abi.encodeWithSelector(BeefyClient.MmrRootMalformed.selector));
        }
        commitment.payload[0].data = new bytes(32);
        refused(commitment, abi.encodeWithSelector(BeefyClient.MmrRootMalformed.selector));
    }

    function test_a_gateway_cannot_be_made_for_sets_that_do_not_follow_each_other() public {
        ValidatorSet memory current = setOf(1, 10, 4);
        ValidatorSet memory next = setOf(2, 12, 4);
        vm.expectRevert(abi.encodeWithSelector(BeefyClient.WrongNextValidatorSet.selector, 12, 11));
        new Gateway(keccak256("weft"), current, next, uint64(block.timestamp), TRUST);
    }

    function test_a_gateway_cannot_be_made_for_a_set_out_of_size() public {
        ValidatorSet memory good = setOf(1, 10, 4);
        ValidatorSet memory bad = ValidatorSet(11, 257, keccak256("keyset"));
        vm.expectRevert(abi.encodeWithSelector(BeefyClient.ValidatorSetSizeOutOfRange.selector, 257));
        new Gateway(keccak256("weft"), good, bad, uint64(block.timestamp), TRUST);
        bad.length = 0;
        vm.expectRevert(abi.encodeWithSelector(BeefyClient.ValidatorSetSizeOutOfRange.selector, 0));
        new Gateway(keccak256("weft"), good, bad, uint64(block.timestamp), TRUST);
        bad.id = 9;
        vm.expectRevert(abi.encodeWithSelector(BeefyClient.ValidatorSetSizeOutOfRange.selector, 0));
        new Gateway(keccak256("weft"), bad, good, uint64(block.timestamp), TRUST);
    }
}
