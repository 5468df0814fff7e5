//! Chains allowed, and an error for each refusal of evidence.

use alloy_primitives::{Bytes, FixedBytes, U256};
use alloy_rlp::Encodable;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, traits::BadOrigin};
use weft_beacon_proofs::{BeaconHeader, BeaconHop};
use weft_ethereum_proofs::{
    AncestryError, EvidenceError, HeaderError, HistoryError, ReceiptError, StateError, TransactionError,
    TrieError, items_root,
};
use weft_light_client::{Anchor, Fork, Network as EthereumNetwork};
use weft_primitives::{
    GraphId, H256, Query, SourceBlock, keccak256,
    source::{Ancestry, BlockEvidence, Content, Hop},
};
use weft_synthetic_beacon::{network, tree};

use crate::mock::{DataBus as Bus, RuntimeOrigin, Test, new_test_ext};
use crate::*;

/// Header of an empty block 5, in RLP.
fn header() -> Vec<u8> {
    let mut fields = Vec::new();
    let zero = FixedBytes::<32>::ZERO;
    for _ in 0..2 {
        zero.encode(&mut fields);
    }
    FixedBytes::<20>::ZERO.encode(&mut fields);
    for _ in 0..2 {
        zero.encode(&mut fields);
    }
    FixedBytes::<32>::from(items_root(&[] as &[Vec<u8>]).0).encode(&mut fields);
    FixedBytes::<256>::ZERO.encode(&mut fields);
    for number in [0_u64, 5, 30_000_000, 0, 1_700_000_000] {
        U256::from(number).encode(&mut fields);
    }
    Bytes::new().encode(&mut fields);
    zero.encode(&mut fields);
    FixedBytes::<8>::ZERO.encode(&mut fields);
    let mut out = Vec::new();
    alloy_rlp::Header {
        list: true,
        payload_length: fields.len(),
    }
    .encode(&mut out);
    out.extend(fields);
    out
}

fn block() -> SourceBlock {
    SourceBlock {
        chain_id: 1,
        first: 5,
        number: 5,
        hash: keccak256(&header()),
        transactions: Default::default(),
    }
}

fn query() -> Query {
    Query::Events {
        chain_id: 1,
        filter: Default::default(),
    }
}

fn evidence() -> Content {
    let block = BlockEvidence {
        header: header().try_into().unwrap(),
        receipts: Some(Default::default()),
    };
    Content::Events(vec![block].try_into().unwrap())
}

/// A chain that follows chain 1.
fn following(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        let mut followed = network(&[(Fork::Fulu, 0)]);
        followed.chain_id = 1;
        Network::<Test>::put(followed);
        test();
    });
}

fn make_final(hash: H256) {
    Bus::remember(Anchor {
        slot: 1,
        beacon_root: H256::zero(),
        number: 1,
        hash,
        parent_hash: H256::zero(),
        state_root: H256::zero(),
        receipts_root: H256::zero(),
        randao: H256::zero(),
        timestamp: 1,
    });
}

#[test]
fn evidence_for_a_block_of_the_chain_that_is_followed_is_accepted() {
    following(|| {
        assert_ok!(<Bus as DataBus>::check_block(&block(), &query()));
        let proved = <Bus as DataBus>::prove(&block(), &query(), &evidence()).unwrap();
        assert_eq!(proved.source.block_hash, block().hash);
        assert_eq!(proved.source.root, keccak256(&proved.section));
    });
}

#[test]
fn evidence_that_the_logic_refuses_is_refused_with_its_error() {
    following(|| {
        let other = SourceBlock {
            first: 6,
            number: 6,
            ..block()
        };
        assert_eq!(
            <Bus as DataBus>::prove(&other, &query(), &evidence()).unwrap_err(),
            Error::<Test>::WrongBlockNumber.into()
        );
        let named = SourceBlock {
            transactions: vec![0].try_into().unwrap(),
            ..block()
        };
        assert_noop!(
            <Bus as DataBus>::check_block(&named, &query()),
            Error::<Test>::UnexpectedTransactions
        );
    });
}

#[test]
fn a_chain_that_is_not_allowed_is_neither_offered_nor_proved() {
    following(|| {
        assert_ok!(Bus::forbid_chain(RuntimeOrigin::root(), 1));
        assert_noop!(
            <Bus as DataBus>::check_block(&block(), &query()),
            Error::<Test>::ChainNotAllowed
        );
        assert_eq!(
            <Bus as DataBus>::prove(&block(), &query(), &evidence()).unwrap_err(),
            Error::<Test>::ChainNotAllowed.into()
        );
        assert_ok!(Bus::allow_chain(RuntimeOrigin::root(), 1));
        assert_ok!(<Bus as DataBus>::check_block(&block(), &query()));
    });
}

#[test]
fn a_chain_that_is_not_followed_is_not_offered() {
    following(|| {
        assert_ok!(Bus::allow_chain(RuntimeOrigin::root(), 2));
        let elsewhere = SourceBlock {
            chain_id: 2,
            ..block()
        };
        let query = Query::Events {
            chain_id: 2,
            filter: Default::default(),
        };
        assert_noop!(
            <Bus as DataBus>::check_block(&elsewhere, &query),
            Error::<Test>::ChainNotFollowed
        );
        Network::<Test>::kill();
        assert_noop!(
            <Bus as DataBus>::check_block(&block(), &self::query()),
            Error::<Test>::ChainNotFollowed
        );
        // The state of a zkGraph is of no chain.
        let state = SourceBlock {
            chain_id: 0,
            first: 0,
            number: 0,
            ..block()
        };
        let query = Query::State {
            graph: GraphId::zero(),
        };
        assert_ok!(<Bus as DataBus>::check_block(&state, &query));
    });
}

#[test]
fn a_block_is_final_if_it_is_an_anchor_or_one_leads_to_it() {
    following(|| {
        let check = |hash: H256, ancestry: Vec<Hop>| {
            let ancestry: Ancestry = ancestry.try_into().unwrap();
            <Bus as DataBus>::check_final(&SourceBlock { hash, ..block() }, &ancestry)
        };
        let parents = |header: Vec<u8>| Hop::Parents(vec![header.try_into().unwrap()].try_into().unwrap());
        assert_noop!(check(block().hash, vec![]), Error::<Test>::NotFinal);
        assert_noop!(
            check(H256::zero(), vec![parents(header())]),
            Error::<Test>::NotFinal
        );
        make_final(block().hash);
        assert_ok!(check(block().hash, vec![]));
        // The parent of block 5 has the hash zero.
        assert_ok!(check(H256::zero(), vec![parents(header())]));
        assert_noop!(
            check(H256([1; 32]), vec![parents(header())]),
            Error::<Test>::AncestryOfOtherBlock
        );
        let garbage = Hop::Parents(vec![vec![1].try_into().unwrap()].try_into().unwrap());
        assert_noop!(
            check(H256::zero(), vec![garbage]),
            Error::<Test>::MalformedAncestor
        );
    });
}

/// A hop from a beacon block of slot 1,000 to one of slot 70, whose execution block has this hash.
fn beacon_hop(network: &EthereumNetwork, hash: H256) -> BeaconHop {
    let rules = crate::sources::rules::<Test>(network);
    let (body_root, payload) = tree(&[(812, hash)]);
    let older = BeaconHeader {
        slot: 70,
        body_root,
        ..BeaconHeader::default()
    };
    let index = rules.history_index(1000, 70).unwrap();
    let (state_root, branch) = tree(&[(index, older.root(&rules))]);
    let newer = BeaconHeader {
        slot: 1000,
        state_root,
        ..BeaconHeader::default()
    };
    BeaconHop {
        newer,
        slot: 70,
        branch: branch[0].clone().try_into().unwrap(),
        older,
        payload: payload[0].clone().try_into().unwrap(),
        hash,
    }
}

#[test]
fn a_block_of_long_ago_is_final_if_an_anchored_beacon_block_leads_to_it() {
    following(|| {
        let network = Network::<Test>::get().unwrap();
        let check = |hop: BeaconHop| {
            let ancestry: Ancestry = vec![Hop::Beacon(Box::new(hop))].try_into().unwrap();
            <Bus as DataBus>::check_final(&block(), &ancestry)
        };
        let hop = beacon_hop(&network, block().hash);
        assert_noop!(check(hop.clone()), Error::<Test>::NotFinal);
        let anchor = |slot: u64, beacon_root: H256| Anchor {
            slot,
            beacon_root,
            number: slot,
            hash: H256([slot as u8; 32]),
            parent_hash: H256::zero(),
            state_root: H256::zero(),
            receipts_root: H256::zero(),
            randao: H256::zero(),
            timestamp: 0,
        };
        let root = hop.newer.root(&crate::sources::rules::<Test>(&network));
        // Another beacon block of that slot, and the same of another slot.
        Bus::remember(anchor(1000, H256([9; 32])));
        Bus::remember(anchor(1001, root));
        assert_noop!(check(hop.clone()), Error::<Test>::NotFinal);
        Bus::remember(anchor(1000, root));
        assert_ok!(check(hop.clone()));
        let mut forged = hop;
        forged.hash = H256([7; 32]);
        assert_noop!(check(forged), Error::<Test>::InvalidBeaconHistory);
        assert_noop!(
            check(beacon_hop(&network, H256([7; 32]))),
            Error::<Test>::AncestryOfOtherBlock
        );
    });
}

#[test]
fn only_root_says_which_chains_are_allowed() {
    new_test_ext().execute_with(|| {
        assert_noop!(Bus::allow_chain(RuntimeOrigin::signed(1), 2), BadOrigin);
        assert_noop!(Bus::forbid_chain(RuntimeOrigin::signed(1), 1), BadOrigin);
    });
}

#[test]
fn every_refusal_has_an_error_of_its_own() {
    let refusals = [
        EvidenceError::TooLarge,
        EvidenceError::WrongChain,
        EvidenceError::WrongRange,
        EvidenceError::WrongKind,
        EvidenceError::MalformedHeader(HeaderError),
        EvidenceError::WrongBlockHash,
        EvidenceError::WrongBlockNumber,
        EvidenceError::BrokenRange,
        EvidenceError::WrongReceiptsRoot,
        EvidenceError::BloomMatches,
        EvidenceError::UnneededReceipts,
        EvidenceError::WrongPathCount,
        EvidenceError::UnorderedTransactions,
        EvidenceError::UnexpectedTransactions,
        EvidenceError::InvalidPath(TrieError::NoLeaf),
        EvidenceError::InvalidReceipt(ReceiptError::UnknownType(9)),
        EvidenceError::InvalidReceipt(ReceiptError::Malformed),
        EvidenceError::InvalidTransaction(TransactionError::UnknownType(9)),
        EvidenceError::InvalidTransaction(TransactionError::Malformed),
        EvidenceError::InvalidTransaction(TransactionError::InvalidSignature),
        EvidenceError::InvalidState(StateError::NoAccount),
        EvidenceError::WrongState,
        EvidenceError::WrongBeaconBlock,
        EvidenceError::NoBeaconChain,
        EvidenceError::OtherFork,
        EvidenceError::WrongField,
    ];
    let ancestries = [
        AncestryError::TooLarge,
        AncestryError::MalformedHeader(HeaderError),
        AncestryError::Broken,
        AncestryError::History(HistoryError::Missing),
        AncestryError::MisplacedBeacon,
        AncestryError::OtherBlock,
    ];
    let errors: Vec<DispatchError> = refusals
        .into_iter()
        .map(|refusal| Error::<Test>::from(refusal).into())
        .chain(ancestries.map(|refusal| Error::<Test>::from(refusal).into()))
        .collect();
    for (index, error) in errors.iter().enumerate() {
        assert!(
            !errors[..index].contains(error),
            "{error:?} stands for two refusals"
        );
    }
}
