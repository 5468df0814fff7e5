// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IGateway} from "../src/IGateway.sol";
import {TestToken} from "../src/examples/TestToken.sol";
import {VolumeReceiver} from "../src/examples/VolumeReceiver.sol";
import {Message} from "../src/Types.sol";
import {WeftDestination} from "../src/WeftDestination.sol";
import {Chain} from "./harness/Chain.sol";
import {Gullible} from "./destinations/Hostile.sol";
import {vm} from "./harness/Vm.sol";

/// @notice The demo's destination, as an example of what every destination has to check.
contract VolumeReceiverTest is Chain {
    VolumeReceiver private receiver;

    function setUp() public override {
        super.setUp();
        receiver = new VolumeReceiver(IGateway(gateway));
        receiver.configure(GRAPH, OWNER);
    }

    function result(uint64 sourceBlock, uint256 volume, uint256 largest, uint256 total)
        private
        returns (Message memory message)
    {
        message = messageTo(
            address(receiver), VolumeReceiver.record.selector, abi.encode(volume, largest, total), 200_000
        );
        message.sources[0] = sourceAt(sourceBlock);
    }

    function test_a_result_is_stored_under_its_source_block() public {
        vm.assertTrue(deliver(settle(result(19_500, 100, 60, 1_100))));
        (uint256 volume, uint256 largest, uint256 total, uint64 job) = receiver.volumeAt(19_500);
        vm.assertEq(volume, 100);
        vm.assertEq(largest, 60);
        vm.assertEq(total, 1_100);
        vm.assertEq(job, 101);
        vm.assertEq(receiver.latestBlock(), 19_500);
    }

    function test_an_older_result_that_comes_late_is_stored_but_is_not_the_latest() public {
        deliver(settle(result(19_500, 100, 60, 1_100)));
        deliver(settle(result(19_400, 1_000, 900, 1_000)));
        (uint256 volume,,,) = receiver.volumeAt(19_400);
        vm.assertEq(volume, 1_000);
        vm.assertEq(receiver.latestBlock(), 19_500);
    }

    function test_an_older_run_over_the_same_block_does_not_replace_a_later_one() public {
        Message memory later = result(19_500, 100, 60, 1_100);
        later.job = 200;
        vm.assertTrue(deliver(settle(later)));
        Message memory older = result(19_500, 7, 7, 7);
        older.job = 150;
        vm.assertFalse(deliver(settle(older)));
        (uint256 volume,,, uint64 job) = receiver.volumeAt(19_500);
        vm.assertEq(volume, 100);
        vm.assertEq(job, 200);
    }

    function test_only_the_gateway_is_believed() public {
        vm.expectRevert(abi.encodeWithSelector(WeftDestination.NotGateway.selector, address(this)));
        receiver.record(1, 1, 1);
    }

    function test_another_zkgraph_that_names_the_receiver_is_not_believed() public {
        Message memory message = result(19_500, 100, 60, 1_100);
        message.graph = keccak256("an impostor's zkGraph");
        vm.assertFalse(deliver(settle(message)));
        vm.assertEq(receiver.latestBlock(), 0);
    }

    function test_the_zkgraph_in_other_hands_is_not_believed() public {
        Message memory message = result(19_500, 100, 60, 1_100);
        message.owner = keccak256("an impostor");
        vm.assertFalse(deliver(settle(message)));
    }

    function test_a_receiver_that_was_told_no_zkgraph_believes_none() public {
        receiver = new VolumeReceiver(IGateway(gateway));
        Message memory message = result(19_500, 100, 60, 1_100);
        message.graph = 0;
        message.owner = 0;
        vm.assertFalse(deliver(settle(message)));
    }

    function test_the_zkgraph_is_named_once_and_only_by_the_deployer() public {
        vm.expectRevert(VolumeReceiver.AlreadyConfigured.selector);
        receiver.configure(keccak256("another"), OWNER);
        VolumeReceiver other = new VolumeReceiver(IGateway(gateway));
        vm.prank(address(0xbad));
        vm.expectRevert(abi.encodeWithSelector(VolumeReceiver.NotDeployer.selector, address(0xbad)));
        other.configure(GRAPH, OWNER);
    }

    function test_delivery_can_be_read_by_anyone_during_a_call_so_destinations_must_look_at_the_caller() public {
        // A contract that asks only `delivery()` is fooled by whatever destination calls it meanwhile.
        Gullible gullible = new Gullible(IGateway(gateway));
        GoBetween between = new GoBetween(gullible);
        vm.assertTrue(deliver(settle(messageTo(address(between), GoBetween.hear.selector, "", 200_000))));
        vm.assertEq(gullible.heardNonce(), 1);
    }

    function test_the_token_gives_its_supply_to_the_deployer() public {
        TestToken token = new TestToken(1000 ether);
        vm.assertEq(token.balanceOf(address(this)), 1000 ether);
        token.transfer(address(0xa11ce), 1 ether);
        vm.assertEq(token.balanceOf(address(0xa11ce)), 1 ether);
    }
}

/// @notice A destination that calls another contract.
contract GoBetween {
    Gullible private immutable victim;

    constructor(Gullible victim_) {
        victim = victim_;
    }

    function hear() external {
        victim.hear();
    }
}
