// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {BeefyClient} from "../src/BeefyClient.sol";
import {Gateway} from "../src/Gateway.sol";
import {Commitment, Signers} from "../src/Types.sol";
import {Validators} from "./harness/Validators.sol";
import {vm} from "./harness/Vm.sol";

/// @notice How many signatures a commitment needs.
contract BeefyThresholdTest is Validators {
    function gatewayFor(uint256 length) private returns (Gateway) {
        return new Gateway(keccak256("weft"), setOf(1, 0, length), setOf(2, 1, 1), uint64(block.timestamp), TRUST);
    }

    function test_the_threshold_is_the_smallest_count_above_two_thirds_for_1_to_100_validators() public {
        Gateway gateway = gatewayFor(1);
        for (uint256 n = 1; n <= 100; ++n) {
            uint256 required = gateway.signatureThreshold(n);
            // Written without the formula: more than two thirds, and one less would not be.
            vm.assertGt(3 * required, 2 * n, "more than two thirds");
            vm.assertTrue(3 * (required - 1) <= 2 * n, "no more than needed");
        }
    }

    function test_the_threshold_has_the_known_values() public {
        Gateway gateway = gatewayFor(1);
        vm.assertEq(gateway.signatureThreshold(1), 1);
        vm.assertEq(gateway.signatureThreshold(2), 2);
        vm.assertEq(gateway.signatureThreshold(3), 3);
        vm.assertEq(gateway.signatureThreshold(4), 3);
        vm.assertEq(gateway.signatureThreshold(7), 5);
        vm.assertEq(gateway.signatureThreshold(10), 7);
        vm.assertEq(gateway.signatureThreshold(31), 21);
        vm.assertEq(gateway.signatureThreshold(100), 67);
        vm.assertEq(gateway.signatureThreshold(256), 171);
    }

    function test_no_validators_have_no_threshold() public {
        Gateway gateway = gatewayFor(1);
        vm.expectRevert(abi.encodeWithSelector(BeefyClient.ValidatorSetSizeOutOfRange.selector, 0));
        gateway.signatureThreshold(0);
    }

    function test_for_1_to_100_validators_the_threshold_is_accepted_and_one_less_is_refused() public {
        for (uint256 n = 1; n <= 100; ++n) {
            Gateway gateway = gatewayFor(n);
            uint256 required = threshold(n);
            Commitment memory commitment = commitmentOf(1, 0, keccak256(abi.encode(n)));
            Signers memory few = sign(commitment, 1, n, required - 1);
            Signers memory enough = sign(commitment, 1, n, required);

            vm.expectRevert(
                abi.encodeWithSelector(BeefyClient.NotEnoughSignatures.selector, required - 1, required)
            );
            gateway.submitCommitment(commitment, few, RELAYER);
            vm.assertEq(gateway.latestBlock(), 0);

            gateway.submitCommitment(commitment, enough, RELAYER);
            vm.assertEq(gateway.latestMmrRoot(), keccak256(abi.encode(n)));
        }
    }

    function test_the_largest_set_uses_every_bit_of_the_bitfield() public {
        Gateway gateway = gatewayFor(256);
        Commitment memory commitment = commitmentOf(1, 0, keccak256("root"));
        gateway.submitCommitment(commitment, sign(commitment, 1, 256, 256), RELAYER);
        vm.assertEq(gateway.latestBlock(), 1);
    }

    function test_more_signatures_than_needed_are_accepted() public {
        Gateway gateway = gatewayFor(4);
        Commitment memory commitment = commitmentOf(1, 0, keccak256("root"));
        gateway.submitCommitment(commitment, sign(commitment, 1, 4, 4), RELAYER);
        vm.assertEq(gateway.latestBlock(), 1);
    }
}
