// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {BeefyClient} from "../src/BeefyClient.sol";
import {BinaryMerkleTree} from "../src/BinaryMerkleTree.sol";
import {Gateway} from "../src/Gateway.sol";
import {IGateway} from "../src/IGateway.sol";
import {Mmr} from "../src/Mmr.sol";
import {Message} from "../src/Types.sol";
import {Chain, Parcel} from "./harness/Chain.sol";
import {Mountain} from "./harness/Mountain.sol";
import {Recorder} from "./destinations/Recorder.sol";
import {vm} from "./harness/Vm.sol";

/// @notice Which messages are accepted, and that each is accepted once.
contract AcceptanceTest is Chain {
    Recorder private target;

    function setUp() public override {
        super.setUp();
        target = new Recorder();
    }

    function message(uint256 value) private returns (Message memory) {
        return messageTo(address(target), Recorder.record.selector, abi.encode(value), 400_000);
    }

    function refused(Parcel memory parcel, bytes memory because) private {
        vm.expectRevert(because);
        deliver(parcel);
        vm.assertTrue(gateway.statusOf(parcel.message.nonce) == IGateway.Status.Unknown);
        vm.assertEq(target.calls(), 0);
    }

    function test_a_settled_result_is_accepted_and_delivered() public {
        Parcel memory parcel = settle(message(42));
        Message memory m = parcel.message;
        vm.expectEmit(address(gateway));
        emit IGateway.Accepted(m.nonce, GRAPH, m.job, m.statement);
        vm.expectEmit(address(gateway));
        emit IGateway.Delivered(m.nonce, RELAYER);
        vm.assertTrue(deliver(parcel));
        vm.assertEq(target.value(), 42);
        vm.assertTrue(gateway.statusOf(m.nonce) == IGateway.Status.Delivered);
        vm.assertEq(gateway.undeliveredHash(m.nonce), 0);
    }

    function test_a_result_is_accepted_under_an_older_root_after_newer_ones() public {
        Parcel memory parcel = settle(message(42));
        for (uint256 i; i < 10; ++i) {
            addLeaf(0);
            finalise();
        }
        vm.assertTrue(deliver(parcel));
    }

    function test_a_result_is_accepted_under_a_newer_root_than_the_first_that_holds_it() public {
        Parcel memory parcel = settle(message(42));
        uint256 index = parcel.leafProof.leafIndex;
        for (uint256 i; i < 10; ++i) {
            addLeaf(0);
        }
        parcel.mmrBlock = finalise();
        parcel.leafProof = Mountain.prove(leafHashes(), index);
        vm.assertTrue(deliver(parcel));
    }

    function test_results_are_accepted_in_any_order() public {
        Parcel memory first = settle(message(1));
        Parcel memory second = settle(message(2));
        vm.assertTrue(deliver(second));
        vm.assertTrue(deliver(first));
        vm.assertEq(target.calls(), 2);
    }

    function test_a_result_is_not_accepted_twice() public {
        Parcel memory parcel = settle(message(42));
        deliver(parcel);
        vm.expectRevert(abi.encodeWithSelector(IGateway.AlreadyAccepted.selector, parcel.message.nonce));
        deliver(parcel);
        vm.assertEq(target.calls(), 1);
    }

    function test_a_result_is_not_accepted_again_under_another_root() public {
        Parcel memory parcel = settle(message(42));
        deliver(parcel);
        addLeaf(0);
        parcel.leafProof = Mountain.prove(leafHashes(), parcel.leafProof.leafIndex);
        parcel.mmrBlock = finalise();
        vm.expectRevert(abi.encodeWithSelector(IGateway.AlreadyAccepted.selector, parcel.message.nonce));
        deliver(parcel);
    }

    function test_another_result_with_a_used_nonce_is_refused() public {
        deliver(settle(message(42)));
        Message memory twin = message(43);
        twin.nonce = 1;
        Parcel memory parcel = settle(twin);
        vm.expectRevert(abi.encodeWithSelector(IGateway.AlreadyAccepted.selector, 1));
        deliver(parcel);
        vm.assertEq(target.value(), 42);
    }

    function test_a_result_of_another_weft_is_refused() public {
        Message memory m = message(42);
        m.weftGenesis = keccak256("another Weft");
        refused(settle(m), abi.encodeWithSelector(IGateway.WrongWeft.selector, m.weftGenesis));
    }

    function test_a_result_for_another_chain_is_refused() public {
        Message memory m = message(42);
        m.destination.chainId = 5;
        refused(settle(m), abi.encodeWithSelector(IGateway.WrongChain.selector, 5));
    }

    function test_a_result_for_another_gateway_is_refused() public {
        Message memory m = message(42);
        m.destination.gateway = address(0xbeef);
        refused(settle(m), abi.encodeWithSelector(IGateway.WrongGateway.selector, address(0xbeef)));
    }

    function test_a_gateway_on_a_fork_with_another_chain_id_refuses_the_result() public {
        Parcel memory parcel = settle(message(42));
        uint64 here = parcel.message.destination.chainId;
        vm.chainId(99);
        refused(parcel, abi.encodeWithSelector(IGateway.WrongChain.selector, here));
    }

    function test_an_unknown_root_is_refused() public {
        Parcel memory parcel = settle(message(42));
        ++parcel.mmrBlock;
        refused(parcel, abi.encodeWithSelector(IGateway.UnknownMmrRoot.selector, parcel.mmrBlock));
        parcel.mmrBlock = 0;
        refused(parcel, abi.encodeWithSelector(IGateway.UnknownMmrRoot.selector, 0));
    }

    function test_any_changed_field_of_the_message_is_refused() public {
        Parcel memory parcel = settle(message(42));
        bytes memory original = abi.encode(parcel.message);
        for (uint256 field; field < 11; ++field) {
            Message memory m = abi.decode(original, (Message));
            if (field == 0) m.nonce += 1000;
            else if (field == 1) m.graph = keccak256("lie");
            else if (field == 2) m.owner = keccak256("lie");
            else if (field == 3) ++m.job;
            else if (field == 4) m.statement = keccak256("lie");
            else if (field == 5) m.destination.target = address(0xbad);
            else if (field == 6) m.destination.selector = 0xdeadbeef;
            else if (field == 7) m.destination.gasLimit = 1;
            else if (field == 8) m.payload = abi.encode(43);
            else if (field == 9) m.sources[0].root = keccak256("lie");
            else if (field == 10) delete m.sources;
            parcel.message = m;
            vm.expectPartialRevert(IGateway.InvalidOutboxProof.selector);
            deliver(parcel);
        }
        vm.assertEq(target.calls(), 0);
    }

    function test_another_blocks_leaf_is_refused_though_it_is_under_the_root() public {
        Parcel memory parcel = settle(message(42));
        Parcel memory other = settle(message(43));
        (parcel.leaf, parcel.leafProof, parcel.mmrBlock) = (other.leaf, other.leafProof, other.mmrBlock);
        vm.expectPartialRevert(IGateway.InvalidOutboxProof.selector);
        deliver(parcel);
    }

    function test_a_leaf_with_a_forged_outbox_is_refused() public {
        Parcel memory parcel = settle(message(42));
        parcel.message.payload = abi.encode(1_000_000);
        parcel.outboxProof.leafIndex = 0;
        parcel.outboxProof.leafCount = 1;
        parcel.outboxProof.items = new bytes32[](0);
        parcel.leaf.outbox = keccak256(abi.encode(parcel.message));
        vm.expectPartialRevert(BeefyClient.InvalidLeafProof.selector);
        deliver(parcel);
    }

    function test_a_leaf_of_an_unknown_major_version_is_refused() public {
        Parcel memory parcel = settle(message(42));
        parcel.leaf.version = 0xff;
        refused(parcel, abi.encodeWithSelector(BeefyClient.UnsupportedLeafVersion.selector, 0xff));
    }

    function test_proofs_of_another_shape_are_refused() public {
        Parcel memory parcel = settle(message(42));
        parcel.outboxProof.items = new bytes32[](2);
        refused(parcel, abi.encodeWithSelector(BinaryMerkleTree.WrongTreeProofLength.selector, 2, 3));
        parcel = settle(message(42));
        uint256 length = parcel.leafProof.items.length;
        parcel.leafProof.items = new bytes32[](length + 1);
        refused(parcel, abi.encodeWithSelector(Mmr.WrongProofLength.selector, length + 1, length));
    }

    function test_a_root_of_another_gateways_validators_does_not_count_here() public {
        Parcel memory parcel = settle(message(42));
        gateway = new Gateway(GENESIS, setOf(1, 10, SIZE), setOf(2, 11, SIZE), uint64(block.timestamp), TRUST);
        parcel.message.destination.gateway = address(gateway);
        refused(parcel, abi.encodeWithSelector(IGateway.UnknownMmrRoot.selector, parcel.mmrBlock));
    }
}
