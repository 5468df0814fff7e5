//! Manifests: bounds, typed errors, filters.

use codec::Encode;
use proptest::prelude::*;
use weft_beacon_proofs::Fork;
use weft_primitives::{
    Destination, H160, H256, Manifest, ManifestError, Query, SourceBlock,
    input::LogEntry,
    keccak256,
    manifest::{MANIFEST_VERSION, StatePolicy},
    query::{AccountQuery, EventFilter},
};

fn filter() -> EventFilter {
    EventFilter {
        addresses: vec![H160([1; 20]), H160([2; 20])].try_into().unwrap(),
        topics: vec![
            vec![H256([3; 32])].try_into().unwrap(),
            Default::default(),
            vec![H256([4; 32]), H256([5; 32])].try_into().unwrap(),
        ]
        .try_into()
        .unwrap(),
    }
}

fn source() -> Query {
    Query::Events {
        chain_id: 1,
        filter: filter(),
    }
}

fn manifest() -> Manifest {
    Manifest {
        version: MANIFEST_VERSION,
        name: b"transfer-volume".to_vec().try_into().unwrap(),
        description: "Überweisungen".as_bytes().to_vec().try_into().unwrap(),
        sources: vec![source()].try_into().unwrap(),
        destination: Some(Destination {
            chain_id: 1,
            gateway: H160([6; 20]),
            target: H160([7; 20]),
            selector: [8; 4],
            gas_limit: 200_000,
        }),
        state: StatePolicy::Sequential,
    }
}

fn log(address: u8, topics: &[u8]) -> LogEntry {
    LogEntry {
        address: H160([address; 20]),
        transaction_index: 0,
        log_index: 0,
        topics: topics.iter().map(|topic| H256([*topic; 32])).collect(),
        data: vec![],
    }
}

#[test]
fn a_manifest_is_read_as_it_was_written() {
    let bytes = manifest().to_bytes().unwrap();
    assert_eq!(Manifest::from_bytes(&bytes), Ok(manifest()));
}

#[test]
fn each_way_a_manifest_can_be_wrong_has_its_own_error() {
    let with = |change: fn(&mut Manifest)| {
        let mut manifest = manifest();
        change(&mut manifest);
        let error = Manifest::from_bytes(&manifest.encode()).unwrap_err();
        assert_eq!(manifest.to_bytes(), Err(error));
        error
    };
    fn destination(manifest: &mut Manifest) -> &mut Destination {
        manifest.destination.as_mut().unwrap()
    }
    assert_eq!(with(|m| m.version = 1), ManifestError::UnknownVersion);
    assert_eq!(with(|m| m.name = Default::default()), ManifestError::InvalidText);
    assert_eq!(
        with(|m| m.description = vec![0xff].try_into().unwrap()),
        ManifestError::InvalidText
    );
    assert_eq!(with(|m| m.sources = Default::default()), ManifestError::NoSources);
    assert_eq!(
        with(|m| m.sources[0] = Query::Transactions { chain_id: 0 }),
        ManifestError::ZeroChainId
    );
    assert_eq!(
        with(|m| {
            m.sources[0] = Query::Storage {
                chain_id: 1,
                accounts: Default::default(),
            }
        }),
        ManifestError::NoAccounts
    );
    assert_eq!(
        with(|m| {
            m.sources[0] = Query::State { graph: H256([1; 32]) };
            m.state = StatePolicy::Index { from: 5 };
        }),
        ManifestError::IndexWithoutEvents
    );
    assert_eq!(
        with(|m| {
            let named = Query::Transactions { chain_id: 1 };
            m.sources = vec![source(), named].try_into().unwrap();
            m.state = StatePolicy::Index { from: 5 };
        }),
        ManifestError::NamedInIndex
    );
    assert_eq!(
        with(|m| {
            m.sources = vec![source(), source()].try_into().unwrap();
            m.state = StatePolicy::Index { from: 5 };
        }),
        ManifestError::SameSourceTwice
    );
    assert_eq!(with(|m| destination(m).chain_id = 0), ManifestError::ZeroChainId);
    assert_eq!(
        with(|m| destination(m).gateway = H160::zero()),
        ManifestError::IncompleteDestination
    );
    assert_eq!(
        with(|m| destination(m).target = H160::zero()),
        ManifestError::IncompleteDestination
    );
    assert_eq!(
        with(|m| destination(m).gas_limit = 0),
        ManifestError::IncompleteDestination
    );
    assert_eq!(
        with(|m| destination(m).gas_limit = 14_000_001),
        ManifestError::TooMuchGas
    );

    let bytes = manifest().encode();
    assert_eq!(Manifest::from_bytes(&vec![1; 8193]), Err(ManifestError::TooLong));
    assert_eq!(Manifest::from_bytes(&[]), Err(ManifestError::Malformed));
    assert_eq!(
        Manifest::from_bytes(&[bytes, vec![0]].concat()),
        Err(ManifestError::TrailingBytes)
    );
}

#[test]
fn every_shortened_manifest_is_refused() {
    let bytes = manifest().encode();
    for length in 0..bytes.len() {
        assert!(Manifest::from_bytes(&bytes[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn a_filter_matches_what_eth_get_logs_would_give() {
    let filter = filter();
    assert!(filter.matches(&log(1, &[3, 9, 4])));
    assert!(filter.matches(&log(2, &[3, 9, 5, 9])));
    assert!(!filter.matches(&log(9, &[3, 9, 4])), "another address");
    assert!(!filter.matches(&log(1, &[9, 9, 4])), "another first topic");
    assert!(!filter.matches(&log(1, &[3, 9, 9])), "another third topic");
    assert!(!filter.matches(&log(1, &[3, 9])), "too few topics");
    assert!(EventFilter::default().matches(&log(9, &[])));
}

fn word(value: u8) -> Vec<u8> {
    [vec![0; 31], vec![value]].concat()
}

/// A block of which the transaction 5 is named.
fn block() -> SourceBlock {
    SourceBlock {
        chain_id: 1,
        first: 1,
        number: 1,
        hash: H256::zero(),
        transactions: vec![5].try_into().unwrap(),
    }
}

#[test]
fn digests_of_queries_are_those_of_their_abi_encoding() {
    let filter = EventFilter {
        addresses: vec![H160([1; 20])].try_into().unwrap(),
        topics: vec![vec![H256([3; 32])].try_into().unwrap()].try_into().unwrap(),
    };
    // An address and a list of one word have the same encoding for events and storage.
    let encoded = [
        word(0x40), // addresses begin here
        word(0x80), // topics begin here
        word(1),
        [vec![0; 12], vec![1; 20]].concat(),
        word(1),
        word(0x20), // the first topic's alternatives begin here
        word(1),
        vec![3; 32],
    ];
    let events = keccak256(&encoded.concat());
    let chain_id = 1;
    let query = Query::Events {
        chain_id,
        filter: filter.clone(),
    };
    assert_eq!(query.digest(&block()), events);

    let named = Query::TransactionEvents { chain_id, filter };
    let expected = keccak256(&[events.as_bytes().to_vec(), word(0x40), word(1), word(5)].concat());
    assert_eq!(named.digest(&block()), expected);

    let account = AccountQuery {
        address: H160([1; 20]),
        slots: vec![H256([3; 32])].try_into().unwrap(),
    };
    let storage = Query::Storage {
        chain_id,
        accounts: vec![account].try_into().unwrap(),
    };
    assert_eq!(storage.digest(&block()), events);

    let transactions = Query::Transactions { chain_id };
    let expected = keccak256(&[word(0x20), word(1), word(5)].concat());
    assert_eq!(transactions.digest(&block()), expected);
    let graph = H256([8; 32]);
    assert_eq!(Query::State { graph }.digest(&block()), graph);
    let beacon = Query::Beacon {
        chain_id,
        fork: Fork::Fulu,
        fields: vec![9, 300].try_into().unwrap(),
    };
    let expected = [word(5), word(0x40), word(2), word(9), vec![0; 30], vec![1, 44]];
    assert_eq!(beacon.digest(&block()), keccak256(&expected.concat()));
}

proptest! {
    #[test]
    fn any_bytes_are_a_manifest_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Manifest::from_bytes(&[MANIFEST_VERSION.encode(), bytes].concat());
    }

    #[test]
    fn a_manifest_has_no_second_encoding(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut bytes = manifest().encode();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(other) = Manifest::from_bytes(&bytes) {
            prop_assert_ne!(&other, &manifest());
            prop_assert_eq!(other.encode(), bytes);
        }
    }
}
