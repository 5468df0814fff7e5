// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IGateway} from "../../src/IGateway.sol";
import {Delivery, Message} from "../../src/Types.sol";

/// @notice Fails until told not to.
contract Moody {
    error InABadMood();

    bool public fine;
    uint256 public calls;

    function cheerUp() external {
        fine = true;
    }

    function hear() external {
        if (!fine) revert InABadMood();
        ++calls;
    }
}

/// @notice Burns all the gas it gets.
contract Burner {
    function hear() external pure {
        while (true) {}
    }
}

/// @notice Executes an invalid instruction, which takes all the gas.
contract Exploder {
    function hear() external pure {
        assembly {
            invalid()
        }
    }
}

/// @notice Returns, or fails with, as much data as its gas allows.
contract Bomb {
    function succeed(uint256 size) external pure {
        assembly {
            return(0, size)
        }
    }

    function fail(uint256 size) external pure {
        assembly {
            revert(0, size)
        }
    }
}

/// @notice Needs a known amount of gas, and says how much it saw.
contract Meter {
    uint256 public seen;

    function hear(uint256 needed) external {
        uint256 start = gasleft();
        seen = start;
        while (start - gasleft() < needed) {}
    }
}

/// @notice Calls the gateway back with what it was told to, and fails or not with it.
contract Reentrant {
    bytes public call_;
    bool public bubble;
    bool public called;
    bytes4 public reason;

    function arm(bytes calldata call__, bool bubble_) external {
        (call_, bubble) = (call__, bubble_);
    }

    function hear() external {
        (bool ok, bytes memory data) = msg.sender.call(call_);
        called = ok;
        if (!ok) reason = bytes4(data);
        if (!ok && bubble) {
            assembly {
                revert(add(data, 32), mload(data))
            }
        }
    }
}

/// @notice Trusts `delivery()` and forgets to look at who calls: what a destination must not do.
contract Gullible {
    IGateway public immutable gateway;
    uint64 public heardNonce;

    constructor(IGateway gateway_) {
        gateway = gateway_;
    }

    function hear() external {
        Delivery memory delivery = gateway.delivery();
        heardNonce = delivery.nonce;
    }
}
