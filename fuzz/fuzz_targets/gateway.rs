//! Logs that anybody may have written, read as events of a gateway: no panic, and every log has one reading, which says all that is in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use weft_primitives::{GatewayEvent, H160, H256, input::LogEntry};

fuzz_target!(|input: (u8, Vec<[u8; 32]>, Vec<u8>)| {
    let (kind, rest, data) = input;
    let [delivered, handed_over] = GatewayEvent::paid_topics();
    let first = [delivered, handed_over, GatewayEvent::commitment_topic(), H256::zero()][usize::from(kind % 4)];
    let mut topics = vec![first];
    topics.extend(rest.into_iter().map(H256));
    let log = LogEntry {
        address: H160::zero(),
        transaction_index: 0,
        log_index: 0,
        topics,
        data,
    };
    let Some(event) = GatewayEvent::decode(&log) else {
        return;
    };
    assert!(!first.is_zero());
    // Changing any byte gives another event, or none.
    for place in 0..log.data.len() {
        let mut other = log.clone();
        other.data[place] ^= 1;
        let changed = GatewayEvent::decode(&other);
        // The number of members is not read.
        assert!(changed != Some(event) || matches!(event, GatewayEvent::HandedOver { .. }));
    }
    for topic in 1..log.topics.len() {
        let mut other = log.clone();
        other.topics[topic].0[31] ^= 1;
        assert_ne!(GatewayEvent::decode(&other), Some(event));
    }
});
