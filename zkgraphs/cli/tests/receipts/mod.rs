//! Blocks whose receipts are advice.

use alloy_consensus::{Eip658Value, Receipt, ReceiptEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, B256, Bytes, Log, U256, keccak256};
use weft_ethereum_proofs::items_root;
use weft_primitives::{
    H256, advice,
    input::{BlockRange, HeaderEntry, Input, Section},
};

/// A receipt with a transfer of `amount`, an event of another contract, and so many bytes of data beside them.
fn receipt(amount: u64, data: usize) -> Vec<u8> {
    let topics = vec![
        keccak256("Transfer(address,address,uint256)"),
        B256::repeat_byte(1),
        B256::repeat_byte(2),
    ];
    let transfer = |contract: u8| {
        let amount = Bytes::from(U256::from(amount).to_be_bytes::<32>());
        Log::new(Address::repeat_byte(contract), topics.clone(), amount).unwrap()
    };
    let noise = Log::new(Address::repeat_byte(3), vec![], Bytes::from(vec![7; data])).unwrap();
    let receipt = Receipt {
        status: Eip658Value::Eip658(true),
        cumulative_gas_used: 21_000,
        logs: vec![transfer(0x22), noise, transfer(0x11)],
    };
    ReceiptEnvelope::Eip1559(receipt.with_bloom()).encoded_2718()
}

/// A block with receipts of `data` bytes beside two transfers each, the input that names it, and the advice.
pub(crate) fn block(receipts: usize, data: usize) -> (Vec<u8>, Vec<u64>, usize) {
    let receipts: Vec<Vec<u8>> = (0..receipts).map(|index| receipt(index as u64, data)).collect();
    let header = HeaderEntry {
        number: 7,
        timestamp: 1_700_000_000,
        state_root: H256([1; 32]),
        transactions_root: H256([2; 32]),
        receipts_root: items_root(&receipts),
    };
    let range = BlockRange {
        chain_id: 1,
        first: 7,
        last: 7,
        hash: H256([9; 32]),
        timestamp: 1_700_000_000,
    };
    let input = Input {
        prior_state: vec![],
        sources: vec![Section::Headers(range, vec![header])],
    };
    let bytes = receipts.iter().map(Vec::len).sum();
    (input.encode(), advice::encode(&[receipts]), bytes)
}
