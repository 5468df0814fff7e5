//! What a treasury holds, and what was paid to it: storage, events and transactions in one run.
//!
//! Outputs `abi.encode(uint256 wei, uint256 tokens, uint256 received, uint256 called)`: the balance of the treasury's account, its balance of
//! the token, the sum of the token's transfers to it in the range of blocks, and the sum that the transactions named by the offer meant to
//! transfer to it, by their calldata.
//!
//! Traps if the sources are not those of `weft.toml`, or a sum does not fit in 256 bits.

#![cfg_attr(target_arch = "wasm32", no_std)]
#![deny(unsafe_code)]

use weft_zkgraph::{
    Address, Input, OrTrap, SourceKind, U256,
    abi, output, trap,
};

weft_zkgraph::entry!(treasury);

weft_zkgraph::solidity! {
    event Transfer(address indexed from, address indexed to, uint256 value);
    function transfer(address to, uint256 value) external returns (bool);
}

/// What a run executes.
pub fn treasury() {
    let mut input = Input::open();

    expect(&mut input, SourceKind::Storage);
    let account = input.next_account().or_trap();
    let (treasury, wei) = (account.address(), account.balance());
    let token = input.next_account().or_trap();
    let tokens = token.slot(0).value().to_u256();

    expect(&mut input, SourceKind::Events);
    let mut received = U256::ZERO;
    while input.next_block().is_some() {
        while let Some(log) = input.next_log() {
            // A log of another form, as EIP-721 has it, is none of ours.
            if let Some(event) = abi::event::<Transfer>(&log)
                && Address::from(event.to) == treasury
            {
                received += U256::from(event.value);
            }
        }
    }

    expect(&mut input, SourceKind::Transactions);
    let mut called = U256::ZERO;
    while let Some(transaction) = input.next_transaction() {
        let to_token = transaction.to() == Some(token.address());
        if let Some(call) = abi::call::<transferCall>(&transaction)
            && to_token
            && Address::from(call.to) == treasury
        {
            called += U256::from(call.value);
        }
    }
    output::write(&(), &(wei, tokens, received, called));
}

fn expect(input: &mut Input, kind: SourceKind) {
    if input.next_source().or_trap().kind() != kind {
        trap();
    }
}
