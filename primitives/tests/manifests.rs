//! Manifests: bounds, typed errors, filters.

use codec::Encode;
use proptest::prelude::*;
use weft_primitives::{
    Destination, H160, H256, Manifest, ManifestError, SourceBlock, SourceKind,
    input::LogEntry,
    keccak256,
    manifest::{EventSource, MANIFEST_VERSION, StatePolicy},
};

fn source() -> EventSource {
    EventSource {
        chain_id: 1,
        kind: SourceKind::Blocks,
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
    assert_eq!(with(|m| m.version = 2), ManifestError::UnknownVersion);
    assert_eq!(with(|m| m.name = Default::default()), ManifestError::InvalidText);
    assert_eq!(
        with(|m| m.description = vec![0xff].try_into().unwrap()),
        ManifestError::InvalidText
    );
    assert_eq!(with(|m| m.sources = Default::default()), ManifestError::NoSources);
    assert_eq!(with(|m| m.sources[0].chain_id = 0), ManifestError::ZeroChainId);
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
fn a_source_reads_what_eth_get_logs_would() {
    let source = source();
    assert!(source.matches(&log(1, &[3, 9, 4])));
    assert!(source.matches(&log(2, &[3, 9, 5, 9])));
    assert!(!source.matches(&log(9, &[3, 9, 4])), "another address");
    assert!(!source.matches(&log(1, &[9, 9, 4])), "another first topic");
    assert!(!source.matches(&log(1, &[3, 9, 9])), "another third topic");
    assert!(!source.matches(&log(1, &[3, 9])), "too few topics");

    let any = EventSource {
        addresses: Default::default(),
        topics: Default::default(),
        ..source
    };
    assert!(any.matches(&log(9, &[])));
}

#[test]
fn the_filter_of_whole_blocks_is_the_digest_of_addresses_and_topics() {
    let source = EventSource {
        addresses: vec![H160([1; 20])].try_into().unwrap(),
        topics: vec![vec![H256([3; 32])].try_into().unwrap()].try_into().unwrap(),
        ..source()
    };
    let block = SourceBlock {
        chain_id: 1,
        number: 1,
        hash: H256::zero(),
        transactions: Default::default(),
    };
    let word = |value: u8| [vec![0; 31], vec![value]].concat();
    let events = keccak256(
        &[
            word(0x40), // addresses begin here
            word(0x80), // topics begin here
            word(1),
            [vec![0; 12], vec![1; 20]].concat(),
            word(1),
            word(0x20), // the first topic's alternatives begin here
            word(1),
            vec![3; 32],
        ]
        .concat(),
    );
    assert_eq!(source.filter(&block), events);

    let named = EventSource {
        kind: SourceKind::Transactions,
        ..source
    };
    let block = SourceBlock {
        transactions: vec![5].try_into().unwrap(),
        ..block
    };
    let expected = keccak256(&[events.as_bytes().to_vec(), word(0x40), word(1), word(5)].concat());
    assert_eq!(named.filter(&block), expected);
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
