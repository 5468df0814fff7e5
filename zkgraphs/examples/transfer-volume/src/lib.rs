//! How much of an ERC-20 token moved in a range of blocks.
//!
//! Reads the `Transfer` events of one contract (`weft.toml` names it) and hands its destination
//! `abi.encode(uint256 volume, uint256 largest, uint256 total)`: the sum of the blocks' transfers, the largest of them, and
//! the sum over all runs, which is also the state.
//!
//! Traps if a sum does not fit in 256 bits. A token whose supply fits cannot bring that about in one block.

#![cfg_attr(target_arch = "wasm32", no_std)]
#![deny(unsafe_code)]

use weft_zkgraph::{Input, Log, U256, output};

weft_zkgraph::entry!(transfer_volume);

/// What a run executes.
pub fn transfer_volume() {
    let mut input = Input::open();
    let state = input.state();
    let before = if state.is_empty() {
        U256::ZERO
    } else {
        state.u256(0)
    };
    let (mut volume, mut largest) = (U256::ZERO, U256::ZERO);
    input.next_source();
    while input.next_block().is_some() {
        while let Some(log) = input.next_log() {
            if is_transfer(&log) {
                let amount = log.data().u256(0);
                volume += amount;
                if amount > largest {
                    largest = amount;
                }
            }
        }
    }
    let total = before + volume;
    output::write(&total, &(volume, largest, total));
}

/// Whether the event, whose contract and signature the manifest asks for, has the form of EIP-20: sender and receiver
/// indexed, the amount not. (EIP-721 has the same signature, with the token's number indexed too.)
fn is_transfer(log: &Log) -> bool {
    log.topic_count() == 3 && log.data().len() == 32
}
