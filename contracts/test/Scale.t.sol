// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Scale} from "../src/Scale.sol";
import {Commitment, MmrLeaf, PayloadItem, ValidatorSet} from "../src/Types.sol";
import {Libraries} from "./harness/Libraries.sol";
import {vm} from "./harness/Vm.sol";

/// @notice SCALE bytes, against values written out by hand from the specification.
contract ScaleTest {
    Libraries private immutable libraries = new Libraries();

    function test_compact_lengths_have_the_specified_bytes() public view {
        vm.assertEq(libraries.compact(0), hex"00");
        vm.assertEq(libraries.compact(1), hex"04");
        vm.assertEq(libraries.compact(42), hex"a8");
        vm.assertEq(libraries.compact(63), hex"fc");
        vm.assertEq(libraries.compact(64), hex"0101");
        vm.assertEq(libraries.compact(69), hex"1501");
        vm.assertEq(libraries.compact(16383), hex"fdff");
        vm.assertEq(libraries.compact(16384), hex"02000100");
        vm.assertEq(libraries.compact(65535), hex"feff0300");
        vm.assertEq(libraries.compact((1 << 30) - 1), hex"feffffff");
    }

    function test_a_length_of_2_to_the_30_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(Scale.CompactTooLarge.selector, 1 << 30));
        libraries.compact(1 << 30);
    }

    function test_integers_are_little_endian() public pure {
        vm.assertEq(abi.encodePacked(Scale.u32(0x01020304)), hex"04030201");
        vm.assertEq(abi.encodePacked(Scale.u64(0x0102030405060708)), hex"0807060504030201");
    }

    function test_a_commitment_is_payload_block_and_set_id() public view {
        PayloadItem[] memory payload = new PayloadItem[](2);
        payload[0] = PayloadItem("mh", hex"1111111111111111111111111111111111111111111111111111111111111111");
        payload[1] = PayloadItem("zz", hex"");
        vm.assertEq(
            libraries.encode(Commitment(payload, 5, 0x0a0b)),
            hex"08" hex"6d68" hex"80" hex"1111111111111111111111111111111111111111111111111111111111111111"
            hex"7a7a" hex"00" hex"05000000" hex"0b0a000000000000"
        );
    }

    function test_a_leaf_has_121_bytes_in_order() public view {
        bytes memory encoded = libraries.encode(
            MmrLeaf(
                0x01,
                0x04030201,
                hex"2222222222222222222222222222222222222222222222222222222222222222",
                ValidatorSet(
                    0x0807060504030201,
                    4,
                    hex"3333333333333333333333333333333333333333333333333333333333333333"
                ),
                hex"4444444444444444444444444444444444444444444444444444444444444444",
                0x1817161514131211
            )
        );
        vm.assertEq(encoded.length, 121);
        vm.assertEq(
            encoded,
            hex"01" hex"01020304" hex"2222222222222222222222222222222222222222222222222222222222222222"
            hex"0102030405060708" hex"04000000" hex"3333333333333333333333333333333333333333333333333333333333333333"
            hex"4444444444444444444444444444444444444444444444444444444444444444" hex"1112131415161718"
        );
    }
}
