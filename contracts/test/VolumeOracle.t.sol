// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Governed} from "../src/Governed.sol";
import {SourceHistory} from "../src/SourceHistory.sol";
import {WeftResults} from "../src/WeftResults.sol";
import {VolumeOracle} from "../src/examples/VolumeOracle.sol";
import {Message, Source} from "../src/Types.sol";
import {Chain, Parcel} from "./harness/Chain.sol";
import {vm} from "./harness/Vm.sol";

/// @notice A contract that pulls results instead of being called.
contract VolumeOracleTest is Chain {
    VolumeOracle private oracle;

    function setUp() public override {
        super.setUp();
        oracle = new VolumeOracle(gateway, GRAPH, OWNER);
    }

    /// @dev A result addressed to somebody else, at another gateway even.
    function result(uint256 total) private returns (Message memory message) {
        message = messageTo(address(0xe15e), 0x12345678, abi.encode(uint256(5), uint256(2), total), 200_000);
        message.destination.gateway = address(0x07e4);
    }

    function update(Parcel memory p) private {
        oracle.update(p.message, p.outboxProof, p.leaf, p.leafProof, p.mmrBlock);
    }

    function test_a_result_settled_for_somebody_else_is_taken() public {
        update(settle(result(42)));
        vm.assertEq(oracle.total(), 42);
    }

    function test_a_result_is_taken_once_and_older_ones_never() public {
        Parcel memory first = settle(result(42));
        Parcel memory second = settle(result(43));
        update(second);
        vm.expectRevert(abi.encodeWithSelector(VolumeOracle.OlderJob.selector, second.message.job, second.message.job + 1));
        update(second);
        vm.expectRevert(abi.encodeWithSelector(VolumeOracle.OlderJob.selector, first.message.job, second.message.job + 1));
        update(first);
        vm.assertEq(oracle.total(), 43);
    }

    function refused(Parcel memory parcel, bytes4 because) private {
        vm.expectPartialRevert(because);
        update(parcel);
        vm.assertEq(oracle.total(), 0);
    }

    function test_results_that_weft_did_not_settle_are_refused() public {
        Parcel memory p = settle(result(42));
        p.message.payload = abi.encode(uint256(5), uint256(2), uint256(1_000));
        refused(p, WeftResults.InvalidOutboxProof.selector);
        p = settle(result(42));
        p.leaf.outbox = keccak256("lie");
        refused(p, WeftResults.InvalidLeafProof.selector);
        p = settle(result(42));
        p.leaf.version = 32;
        refused(p, WeftResults.UnsupportedLeafVersion.selector);
        p = settle(result(42));
        ++p.mmrBlock;
        refused(p, WeftResults.UnknownMmrRoot.selector);
    }

    function test_results_of_others_are_refused() public {
        Message memory m = result(42);
        m.graph = keccak256("another zkGraph");
        refused(settle(m), VolumeOracle.UnknownGraph.selector);
        m = result(42);
        m.owner = keccak256("another owner");
        refused(settle(m), VolumeOracle.UnknownGraph.selector);
        m = result(42);
        m.weftGenesis = keccak256("another Weft");
        refused(settle(m), WeftResults.WrongWeft.selector);
    }

    function test_results_about_blocks_that_are_not_canonical_are_refused() public {
        Message memory m = result(42);
        m.sources[0].blockHash = keccak256("another fork");
        refused(settle(m), WeftResults.SourceNotCanonical.selector);
        m = result(42);
        m.sources[0].lastBlock = uint64(block.number) + 5;
        refused(settle(m), SourceHistory.SourceInFuture.selector);
    }

    function test_after_a_split_of_ethereum_the_other_branch_takes_nothing() public {
        Parcel memory parcel = settle(result(42));
        vm.chainId(99);
        refused(parcel, WeftResults.WrongChain.selector);
    }

    function test_a_pause_holds_for_readers_too() public {
        Message memory pause = messageTo(address(gateway), Governed.pause.selector, abi.encode(1_005_000), 200_000);
        (pause.graph, pause.owner, pause.sources) = (0, 0, new Source[](0));
        deliver(settle(pause));
        Parcel memory parcel = settle(result(42));
        refused(parcel, WeftResults.Paused.selector);
        vm.warp(1_005_000);
        update(parcel);
        vm.assertEq(oracle.total(), 42);
    }
}
