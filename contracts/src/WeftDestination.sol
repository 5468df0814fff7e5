// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IGateway} from "./IGateway.sol";
import {Delivery} from "./Types.sol";

/// @title What every destination has to check
/// @notice Believe only the gateway, and of what the gateway brings only results of one's own zkGraph under its owner: anybody may publish a
/// zkGraph that names this contract.
abstract contract WeftDestination {
    /// @notice The gateway that is believed.
    IGateway public immutable gateway;

    /// @notice Only the gateway brings results.
    error NotGateway(address caller);
    /// @notice The result is of another zkGraph, or of one with another owner.
    error UnknownGraph(bytes32 graph, bytes32 owner);

    /// @param gateway_ the gateway that is believed
    constructor(IGateway gateway_) {
        gateway = gateway_;
    }

    /// @dev The result that is being delivered, if the gateway brings it and it is of that zkGraph and owner. No zkGraph has the id 0.
    function _deliveryOf(bytes32 graph, bytes32 owner) internal view returns (Delivery memory delivery) {
        if (msg.sender != address(gateway)) revert NotGateway(msg.sender);
        delivery = gateway.delivery();
        if (graph == 0 || delivery.graph != graph || delivery.owner != owner) {
            revert UnknownGraph(delivery.graph, delivery.owner);
        }
    }
}
