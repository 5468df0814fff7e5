//! The volume of an ERC-20 token, as the example `transfer-volume` sums it, in blocks of any size: their receipts are no part of the input, but
//! advice, and the program rebuilds the root that the header has.

#![cfg_attr(target_arch = "wasm32", no_std)]
#![deny(unsafe_code)]

use weft_zkgraph::{
    Address, Bytes32, Input, SourceKind, U256,
    advice::{Advice, BloomBits, Receipts},
    output,
};

weft_zkgraph::entry!(large_blocks);

/// The token. A block has receipts of others too, so that the program looks itself; the manifest names the same.
const TOKEN: Address = Address::new([0x11; 20]);
/// keccak256("Transfer(address,address,uint256)").
const TRANSFER: Bytes32 = Bytes32::new([
    0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37, 0x8d, 0xaa, 0x95, 0x2b,
    0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d, 0xf5, 0x23, 0xb3, 0xef,
]);

/// What a run executes. State and payload are the sum of all transfers so far.
pub fn large_blocks() {
    let mut input = Input::open();
    let state = input.state();
    let mut total = if state.is_empty() { U256::ZERO } else { state.u256(0) };
    let mut advice = Advice::open();
    let wanted = [BloomBits::of_address(TOKEN), BloomBits::of_topic(TRANSFER)];
    while let Some(source) = input.next_source() {
        if source.kind() != SourceKind::Headers {
            continue;
        }
        while let Some(header) = input.next_header() {
            let receipts = Receipts::read(&mut advice, header.receipts_root());
            let receipts = receipts.iter().filter(|receipt| receipt.may_have(&wanted));
            for log in receipts.flat_map(|receipt| receipt.logs()) {
                let is_transfer = log.address() == TOKEN
                    && log.topic_count() == 3
                    && log.topic(0) == TRANSFER
                    && log.data().len() == 32;
                if is_transfer {
                    total += log.data().u256(0);
                }
            }
        }
    }
    output::write(&total, &total);
}
