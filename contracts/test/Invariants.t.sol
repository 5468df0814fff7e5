// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IGateway} from "../src/IGateway.sol";
import {Commitment, Message, Signers} from "../src/Types.sol";
import {Chain, Parcel} from "./harness/Chain.sol";
import {vm} from "./harness/Vm.sol";

/// @notice Counts how often each of its results arrived without failing.
contract Tally {
    mapping(uint256 => uint256) public arrivals;
    uint256 public mood;

    /// @dev Fails as long as `mood` says so for that number.
    function hear(uint256 number) external {
        require(number & mood == 0, "not in the mood");
        ++arrivals[number];
    }

    function setMood(uint256 mood_) external {
        mood = mood_;
    }
}

/// @notice Everything that relayers, rivals and strangers can do, in any order; forge calls these functions at random.
contract World is Chain {
    Tally public tally = new Tally();
    /// @dev ABI encodings of parcels.
    bytes[] private parcels;
    uint256 public settled;
    uint32 public highest;

    constructor() {
        setUp();
    }

    function parcelAt(uint256 i) private view returns (Parcel memory) {
        return abi.decode(parcels[i], (Parcel));
    }

    function status(uint256 i) external view returns (IGateway.Status) {
        return gateway.statusOf(parcelAt(i).message.nonce);
    }

    function numberOf(uint256 i) external view returns (uint256) {
        return abi.decode(parcelAt(i).message.payload, (uint256));
    }

    function undelivered(uint256 i) external view returns (bytes32) {
        return gateway.undeliveredHash(parcelAt(i).message.nonce);
    }

    function latest() external view returns (uint32 block_, bytes32 root, uint256 funds) {
        return (gateway.latestBlock(), gateway.latestMmrRoot(), address(gateway).balance);
    }

    /// @dev Weft settles a result and finalises it. Its relayer has brought the commitment.
    function settleOne() external {
        if (leaves.length > 200 || block.timestamp > gateway.trustedUntil()) return;
        Message memory message = messageTo(address(tally), Tally.hear.selector, abi.encode(settled), 100_000);
        // Old enough to come from the history contract: forge forgets what the opcode should say.
        message.sources[0] = sourceAt(uint64(block.number) - 300);
        parcels.push(abi.encode(settle(message)));
        highest = gateway.latestBlock();
        ++settled;
    }

    function deliverOne(uint256 which) external {
        if (settled == 0) return;
        Parcel memory parcel = parcelAt(which % settled);
        bool isKnown = gateway.statusOf(parcel.message.nonce) != IGateway.Status.Unknown;
        try gateway.deliver(
            parcel.message, parcel.outboxProof, parcel.leaf, parcel.leafProof, parcel.mmrBlock, RELAYER
        ) {
            require(!isKnown, "accepted twice");
        } catch {
            require(isKnown, "an honest delivery was refused");
        }
    }

    function deliverInBatch(uint256 which) external {
        if (settled == 0) return;
        gateway.deliverBatch(batchOf(parcelAt(which % settled)), RELAYER);
    }

    function deliverChanged(uint256 which, uint256 how) external {
        if (settled == 0) return;
        Parcel memory parcel = parcelAt(which % settled);
        how %= 5;
        if (how == 0) parcel.message.payload = abi.encode(which);
        else if (how == 1) parcel.message.nonce = uint64(which | 1 << 63);
        else if (how == 2) parcel.leaf.outbox = keccak256(abi.encode(parcel.message));
        else if (how == 3) ++parcel.outboxProof.leafIndex;
        else ++parcel.leafProof.leafIndex;
        // Payloads can be drawn as they are.
        if (how == 0 && keccak256(parcel.message.payload) == keccak256(parcelAt(which % settled).message.payload)) return;
        try gateway.deliver(
            parcel.message, parcel.outboxProof, parcel.leaf, parcel.leafProof, parcel.mmrBlock, RELAYER
        ) {
            revert("a changed result was accepted");
        } catch {}
    }

    function retry(uint256 which) external {
        if (settled == 0) return;
        Parcel memory parcel = parcelAt(which % settled);
        bool isFailed = gateway.statusOf(parcel.message.nonce) == IGateway.Status.Accepted;
        try gateway.retry(parcel.message, 100_000, RELAYER) {
            require(isFailed, "what had not failed was retried");
        } catch {
            require(!isFailed, "a failed result could not be retried");
        }
    }

    function changeMood(uint256 mood) external {
        tally.setMood(mood & 0xf);
    }

    /// @dev A minority, the wrong set, or an old commitment.
    function lie(uint256 how, uint32 blockNumber) external {
        how %= 4;
        Commitment memory commitment =
            commitmentOf(how == 3 ? highest : blockNumber | 1 << 20, how == 1 ? 11 : 10, keccak256("lie"));
        Signers memory signers = sign(commitment, how == 2 ? 7 : 1, SIZE, how == 0 ? 2 : 3);
        try gateway.submitCommitment(commitment, signers, RELAYER) {
            revert("a lie was accepted");
        } catch {}
    }
}

/// @notice What holds whatever happens. `npm run invariants` looks harder than a plain test.
contract InvariantsTest {
    World private world;

    function setUp() public {
        world = new World();
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(world);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](7);
        (selectors[0], selectors[1]) = (World.settleOne.selector, World.deliverOne.selector);
        (selectors[2], selectors[3]) = (World.deliverInBatch.selector, World.deliverChanged.selector);
        (selectors[4], selectors[5]) = (World.retry.selector, World.changeMood.selector);
        selectors[6] = World.lie.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(world), selectors);
    }

    function invariant_each_result_arrives_at_most_once_and_counts_as_delivered_only_then() public view {
        for (uint256 i; i < world.settled(); ++i) {
            uint256 arrivals = world.tally().arrivals(world.numberOf(i));
            vm.assertLt(arrivals, 2, "arrived twice");
            IGateway.Status status = world.status(i);
            vm.assertTrue((arrivals == 1) == (status == IGateway.Status.Delivered), "arrived means delivered");
            vm.assertTrue((world.undelivered(i) != 0) == (status == IGateway.Status.Accepted), "failed means retriable");
        }
    }

    function invariant_only_what_weft_finalised_is_a_root_and_the_gateway_owns_nothing() public view {
        (uint32 latest, bytes32 root, uint256 funds) = world.latest();
        vm.assertEq(latest, world.highest());
        vm.assertTrue(root != keccak256("lie"));
        vm.assertEq(funds, 0);
    }
}
