// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IGateway} from "../src/IGateway.sol";
import {SourceHistory} from "../src/SourceHistory.sol";
import {Message, Source} from "../src/Types.sol";
import {Chain, Parcel} from "./harness/Chain.sol";
import {Headers} from "./harness/Headers.sol";
import {Recorder} from "./destinations/Recorder.sol";
import {vm} from "./harness/Vm.sol";

/// @notice Which source blocks are believed. The chain is at block 20,000: history from 11,809 on.
contract SourcesTest is Chain {
    uint64 private constant OLDEST = 20_000 - 8191;

    Recorder private target;

    function setUp() public override {
        super.setUp();
        target = new Recorder();
    }

    function parcelFrom(Source[] memory sources) private returns (Parcel memory) {
        Message memory message = messageTo(address(target), Recorder.record.selector, abi.encode(uint256(1)), 400_000);
        message.sources = sources;
        return settle(message);
    }

    function parcelFrom(Source memory source) private returns (Parcel memory) {
        Source[] memory sources = new Source[](1);
        sources[0] = source;
        return parcelFrom(sources);
    }

    function refused(Parcel memory parcel, bytes memory because) private {
        vm.expectRevert(because);
        deliver(parcel);
        vm.assertTrue(gateway.statusOf(parcel.message.nonce) == IGateway.Status.Unknown);
    }

    function test_a_block_within_the_opcodes_reach_is_believed() public {
        vm.assertTrue(deliver(parcelFrom(sourceAt(19_999))));
        vm.assertTrue(deliver(parcelFrom(sourceAt(20_000 - 256))));
    }

    function test_a_block_within_the_history_contracts_reach_is_believed() public {
        vm.assertTrue(deliver(parcelFrom(sourceAt(20_000 - 257))));
        vm.assertTrue(deliver(parcelFrom(sourceAt(15_000))));
        vm.assertTrue(deliver(parcelFrom(sourceAt(OLDEST))));
    }

    function test_a_block_older_than_the_history_is_too_old() public {
        // Its slot in the ring is taken by a later block, whose hash must not be read for it.
        refused(
            parcelFrom(sourceAt(OLDEST - 1)),
            abi.encodeWithSelector(SourceHistory.SourceTooOld.selector, OLDEST - 1, OLDEST)
        );
        refused(parcelFrom(sourceAt(0)), abi.encodeWithSelector(SourceHistory.SourceTooOld.selector, 0, OLDEST));
    }

    function test_a_block_that_the_history_does_not_hold_is_too_old_even_for_a_zero_hash() public {
        Source memory source = sourceAt(15_000);
        vm.store(HISTORY, bytes32(uint256(15_000) % 8191), 0);
        source.blockHash = 0;
        refused(parcelFrom(source), abi.encodeWithSelector(SourceHistory.SourceTooOld.selector, 15_000, OLDEST));
    }

    function test_another_hash_than_the_chains_is_not_canonical() public {
        uint64[2] memory numbers = [uint64(19_990), 15_000];
        for (uint256 i; i < 2; ++i) {
            Source memory source = sourceAt(numbers[i]);
            bytes32 canonical = source.blockHash;
            source.blockHash = keccak256("the fork that lost");
            refused(
                parcelFrom(source),
                abi.encodeWithSelector(
                    SourceHistory.SourceNotCanonical.selector, numbers[i], source.blockHash, canonical
                )
            );
        }
    }

    function test_the_block_being_built_and_later_ones_are_in_the_future() public {
        uint64[3] memory numbers = [uint64(20_000), 20_001, type(uint64).max];
        for (uint256 i; i < 3; ++i) {
            Source memory source = Source(1, uint64(block.chainid), 0, numbers[i], 0, 0, 0);
            refused(
                parcelFrom(source), abi.encodeWithSelector(SourceHistory.SourceInFuture.selector, numbers[i], 20_000)
            );
        }
    }

    function test_one_bad_source_among_good_ones_is_enough_to_refuse() public {
        Source[] memory sources = new Source[](3);
        sources[0] = sourceAt(19_000);
        sources[1] = sourceAt(19_001);
        sources[2] = sourceAt(19_002);
        bytes32 canonical = sources[2].blockHash;
        sources[2].blockHash = keccak256("lie");
        refused(
            parcelFrom(sources),
            abi.encodeWithSelector(
                SourceHistory.SourceNotCanonical.selector, 19_002, sources[2].blockHash, canonical
            )
        );
    }

    function test_a_source_of_any_kind_on_this_chain_is_checked() public {
        Source memory source = sourceAt(19_000);
        source.kind = 77;
        source.blockHash = keccak256("lie");
        Parcel memory parcel = parcelFrom(source);
        vm.expectPartialRevert(SourceHistory.SourceNotCanonical.selector);
        deliver(parcel);
    }

    function test_a_source_on_another_chain_is_left_to_the_runtime() public {
        Source memory source = Source(1, uint64(block.chainid) + 1, 0, type(uint64).max, keccak256("elsewhere"), 0, 0);
        vm.assertTrue(deliver(parcelFrom(source)));
        vm.assertEq(target.sourceBlock(), 0);
    }

    function test_a_result_without_sources_is_delivered() public {
        vm.assertTrue(deliver(parcelFrom(new Source[](0))));
        vm.assertEq(target.sourceBlock(), 0);
    }

    function test_the_destination_hears_the_highest_source_block_of_this_chain() public {
        Source[] memory sources = new Source[](3);
        sources[0] = sourceAt(19_005);
        sources[1] = sourceAt(19_001);
        sources[2] = Source(1, uint64(block.chainid) + 1, 0, 19_900, 0, 0, 0);
        vm.assertTrue(deliver(parcelFrom(sources)));
        vm.assertEq(target.sourceBlock(), 19_005);
    }

    function test_a_chain_of_parent_hashes_makes_an_old_source_believed() public {
        bytes32 old = keccak256("old block");
        bytes[] memory headers = Headers.chain(OLDEST, 3, old);
        setHash(OLDEST, keccak256(headers[0]));
        Source memory source = Source(1, uint64(block.chainid), 0, OLDEST - 3, old, 0, 0);
        Parcel memory parcel = parcelFrom(source);
        refused(parcel, abi.encodeWithSelector(SourceHistory.SourceTooOld.selector, OLDEST - 3, OLDEST));

        vm.expectEmit(address(gateway));
        emit SourceHistory.AncestorRecorded(OLDEST - 3, old);
        gateway.recordAncestor(OLDEST, headers);
        vm.assertTrue(deliver(parcel));
    }

    function test_an_old_source_of_another_fork_is_not_canonical() public {
        bytes[] memory headers = Headers.chain(OLDEST, 3, keccak256("old block"));
        setHash(OLDEST, keccak256(headers[0]));
        gateway.recordAncestor(OLDEST, headers);
        Source memory source = Source(1, uint64(block.chainid), 0, OLDEST - 3, keccak256("lie"), 0, 0);
        refused(
            parcelFrom(source),
            abi.encodeWithSelector(
                SourceHistory.SourceNotCanonical.selector, OLDEST - 3, keccak256("lie"), keccak256("old block")
            )
        );
    }

    function test_a_long_chain_is_walked_in_several_calls() public {
        bytes[] memory all = Headers.chain(OLDEST, 25, keccak256("very old block"));
        setHash(OLDEST, keccak256(all[0]));
        for (uint256 from; from < 25; from += 5) {
            bytes[] memory part = new bytes[](5);
            for (uint256 i; i < 5; ++i) {
                part[i] = all[from + i];
            }
            gateway.recordAncestor(OLDEST - uint64(from), part);
        }
        vm.assertEq(gateway.canonicalHash(OLDEST - 25), keccak256("very old block"));
    }

    function test_a_header_chain_that_does_not_start_on_the_chain_is_refused() public {
        bytes[] memory headers = Headers.chain(OLDEST, 3, keccak256("old block"));
        setHash(OLDEST, keccak256("the real one"));
        vm.expectRevert(
            abi.encodeWithSelector(
                SourceHistory.BrokenHeaderChain.selector, 0, keccak256(headers[0]), keccak256("the real one")
            )
        );
        gateway.recordAncestor(OLDEST, headers);
    }

    function test_a_header_chain_with_a_forged_link_is_refused() public {
        bytes[] memory headers = Headers.chain(OLDEST, 4, keccak256("old block"));
        setHash(OLDEST, keccak256(headers[0]));
        bytes32 expected = keccak256(headers[2]);
        headers[2] = Headers.header(keccak256("lie"), OLDEST - 2, 1);
        vm.expectRevert(
            abi.encodeWithSelector(SourceHistory.BrokenHeaderChain.selector, 2, keccak256(headers[2]), expected)
        );
        gateway.recordAncestor(OLDEST, headers);
    }

    function test_a_header_chain_must_start_from_a_known_block() public {
        bytes[] memory headers = Headers.chain(OLDEST - 1, 2, keccak256("old block"));
        vm.expectRevert(abi.encodeWithSelector(SourceHistory.SourceTooOld.selector, OLDEST - 1, OLDEST));
        gateway.recordAncestor(OLDEST - 1, headers);
        vm.expectRevert(abi.encodeWithSelector(SourceHistory.SourceInFuture.selector, 20_000, 20_000));
        gateway.recordAncestor(20_000, headers);
    }

    function test_a_header_chain_cannot_be_empty_or_reach_below_the_first_block() public {
        vm.expectRevert(SourceHistory.NoHeaders.selector);
        gateway.recordAncestor(OLDEST, new bytes[](0));
        vm.expectRevert(abi.encodeWithSelector(SourceHistory.TooManyHeaders.selector, 3, 2));
        gateway.recordAncestor(2, new bytes[](3));
    }

    function testFuzz_bytes_that_are_no_header_are_refused(bytes memory garbage) public {
        bytes[] memory headers = new bytes[](1);
        headers[0] = garbage;
        setHash(15_000, bytes32(uint256(1)));
        vm.expectPartialRevert(SourceHistory.BrokenHeaderChain.selector);
        gateway.recordAncestor(15_000, headers);
        // Even if the chain named these bytes, decoding them fails rather than reading beyond.
        vm.assume(garbage.length < 36 || garbage[0] != 0xf9 || garbage[3] != 0xa0);
        setHash(15_000, keccak256(garbage));
        vm.expectRevert(SourceHistory.MalformedHeader.selector);
        gateway.recordAncestor(15_000, headers);
    }

    function test_a_recorded_ancestor_stays_known_when_its_anchor_is_long_gone() public {
        bytes[] memory headers = Headers.chain(OLDEST, 1, keccak256("old block"));
        setHash(OLDEST, keccak256(headers[0]));
        gateway.recordAncestor(OLDEST, headers);
        vm.roll(1_000_000);
        vm.assertEq(gateway.canonicalHash(OLDEST - 1), keccak256("old block"));
    }
}
