// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A worthless ERC-20 for demonstrations and tests
contract TestToken is ERC20 {
    /// @param supply what the deployer gets, in units of 10^-18
    constructor(uint256 supply) ERC20("Weft Test Token", "WTT") {
        _mint(msg.sender, supply);
    }
}
