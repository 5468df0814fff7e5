// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {BeefyClient} from "../src/BeefyClient.sol";
import {Gateway} from "../src/Gateway.sol";
import {Commitment, Signature, Signers, ValidatorSet} from "../src/Types.sol";
import {Validators} from "./harness/Validators.sol";
import {vm} from "./harness/Vm.sol";

/// @notice Whose signatures count. Four validators of set 10, three needed.
contract BeefySignaturesTest is Validators {
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    Gateway private gateway;
    Commitment private commitment;

    function setUp() public {
        gateway = new Gateway(keccak256("weft"), setOf(1, 10, 4), setOf(2, 11, 4), uint64(block.timestamp), TRUST);
        Commitment memory c = commitmentOf(7, 10, keccak256("root"));
        commitment.blockNumber = c.blockNumber;
        commitment.validatorSetId = c.validatorSetId;
        commitment.payload.push(c.payload[0]);
    }

    function refused(Signers memory signers, bytes memory because) private {
        vm.expectRevert(because);
        gateway.submitCommitment(commitment, signers, RELAYER);
        vm.assertEq(gateway.latestBlock(), 0);
    }

    function test_any_three_of_four_are_accepted() public {
        bytes32 hash = hashOf(commitment);
        Signers memory signers = sign(commitment, 1, 4);
        signers.bitfield = 0xd; // 0, 2 and 3
        signers.signatures[1] = signWith(keyOf(1, 2), hash);
        signers.signatures[2] = signWith(keyOf(1, 3), hash);
        gateway.submitCommitment(commitment, signers, RELAYER);
        vm.assertEq(gateway.mmrRootAt(7), keccak256("root"));
    }

    function test_recovery_ids_27_and_28_are_accepted_too() public {
        Signers memory signers = sign(commitment, 1, 4);
        for (uint256 i; i < 3; ++i) {
            signers.signatures[i].v += 27;
        }
        gateway.submitCommitment(commitment, signers, RELAYER);
        vm.assertEq(gateway.latestBlock(), 7);
    }

    function test_no_signature_is_too_few() public {
        refused(sign(commitment, 1, 4, 0), abi.encodeWithSelector(BeefyClient.NotEnoughSignatures.selector, 0, 3));
    }

    function test_a_signature_repeated_in_another_validators_place_is_refused() public {
        Signers memory signers = sign(commitment, 1, 4);
        signers.signatures[2] = signers.signatures[1];
        refused(
            signers,
            abi.encodeWithSelector(
                BeefyClient.WrongSigner.selector, 2, vm.addr(keyOf(1, 1)), vm.addr(keyOf(1, 2))
            )
        );
    }

    function test_a_signature_repeated_without_a_bit_of_its_own_is_refused() public {
        Signers memory signers = sign(commitment, 1, 4);
        signers.bitfield = 0x3;
        refused(signers, abi.encodeWithSelector(BeefyClient.WrongSignatureCount.selector, 3, 2));
    }

    function test_a_bit_without_a_signature_is_refused() public {
        Signers memory signers = sign(commitment, 1, 4);
        signers.bitfield = 0xf;
        refused(signers, abi.encodeWithSelector(BeefyClient.WrongSignatureCount.selector, 3, 4));
    }

    function test_signatures_out_of_order_are_refused() public {
        Signers memory signers = sign(commitment, 1, 4);
        (signers.signatures[0], signers.signatures[1]) = (signers.signatures[1], signers.signatures[0]);
        refused(
            signers,
            abi.encodeWithSelector(
                BeefyClient.WrongSigner.selector, 0, vm.addr(keyOf(1, 1)), vm.addr(keyOf(1, 0))
            )
        );
    }

    function test_a_strangers_signature_is_refused() public {
        Signers memory signers = sign(commitment, 1, 4);
        signers.signatures[2] = signWith(keyOf(99, 0), hashOf(commitment));
        refused(
            signers,
            abi.encodeWithSelector(
                BeefyClient.WrongSigner.selector, 2, vm.addr(keyOf(99, 0)), vm.addr(keyOf(1, 2))
            )
        );
    }

    function test_strangers_listed_as_the_set_are_refused() public {
        refused(
            sign(commitment, 99, 4),
            abi.encodeWithSelector(
                BeefyClient.WrongKeyset.selector, keyset(addressesOf(99, 4)), keyset(addressesOf(1, 4))
            )
        );
    }

    function test_the_set_in_another_order_is_refused() public {
        Signers memory signers = sign(commitment, 1, 4);
        (signers.validators[0], signers.validators[3]) = (signers.validators[3], signers.validators[0]);
        vm.expectPartialRevert(BeefyClient.WrongKeyset.selector);
        gateway.submitCommitment(commitment, signers, RELAYER);
    }

    function test_a_set_with_a_member_left_out_or_added_is_refused() public {
        refused(sign(commitment, 1, 3), abi.encodeWithSelector(BeefyClient.WrongValidatorCount.selector, 3, 4));
        refused(sign(commitment, 1, 5), abi.encodeWithSelector(BeefyClient.WrongValidatorCount.selector, 5, 4));
    }

    function test_a_bit_beyond_the_set_is_refused() public {
        Signers memory signers = sign(commitment, 1, 4);
        signers.bitfield |= 1 << 4;
        refused(signers, abi.encodeWithSelector(BeefyClient.BitfieldTooLong.selector));
        signers.bitfield = 0x7 | (1 << 255);
        refused(signers, abi.encodeWithSelector(BeefyClient.BitfieldTooLong.selector));
    }

    function test_the_high_s_twin_of_a_signature_is_refused() public {
        Signers memory signers = sign(commitment, 1, 4);
        Signature memory signature = signers.signatures[1];
        signature.s = bytes32(ORDER - uint256(signature.s));
        signature.v ^= 1;
        refused(signers, abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureS.selector, signature.s));
    }

    function test_a_signature_that_recovers_to_nobody_is_refused() public {
        Signers memory signers = sign(commitment, 1, 4);
        signers.signatures[0].r = 0;
        refused(signers, abi.encodeWithSelector(ECDSA.ECDSAInvalidSignature.selector));
        signers = sign(commitment, 1, 4);
        signers.signatures[0].v = 2;
        refused(signers, abi.encodeWithSelector(ECDSA.ECDSAInvalidSignature.selector));
    }

    function test_a_zero_address_in_the_set_cannot_be_signed_for() public {
        address[] memory list = addressesOf(1, 4);
        list[0] = address(0);
        Gateway other = new Gateway(keccak256("weft"), setWith(list), setOf(2, 11, 4), uint64(block.timestamp), TRUST);
        Signers memory signers = sign(commitment, 1, 4);
        signers.validators = list;
        signers.signatures[0] = Signature(0, 0, 0);
        vm.expectRevert(ECDSA.ECDSAInvalidSignature.selector);
        other.submitCommitment(commitment, signers, RELAYER);
    }

    function test_signatures_over_another_commitment_are_refused() public {
        Signers memory laterBlock = sign(commitmentOf(8, 10, keccak256("root")), 1, 4);
        vm.expectPartialRevert(BeefyClient.WrongSigner.selector);
        gateway.submitCommitment(commitment, laterBlock, RELAYER);
        Signers memory otherRoot = sign(commitmentOf(7, 10, keccak256("another root")), 1, 4);
        vm.expectPartialRevert(BeefyClient.WrongSigner.selector);
        gateway.submitCommitment(commitment, otherRoot, RELAYER);
    }

    function testFuzz_a_flipped_bit_in_a_signature_is_refused(uint256 which, uint256 bit) public {
        Signers memory signers = sign(commitment, 1, 4);
        Signature memory signature = signers.signatures[which % 3];
        bit %= 512;
        if (bit < 256) signature.r ^= bytes32(uint256(1) << bit);
        else signature.s ^= bytes32(uint256(1) << (bit - 256));
        vm.expectRevert();
        gateway.submitCommitment(commitment, signers, RELAYER);
    }

    function setWith(address[] memory list) private pure returns (ValidatorSet memory) {
        return ValidatorSet(10, uint32(list.length), keyset(list));
    }
}
