use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use weft_primitives::{ManifestError, Program, Query, keccak256, manifest::StatePolicy};

use super::{program, register};
use crate::{
    Error, HoldReason, Images, Manifests, Owned, Registered,
    mock::{Balances, Registry, RuntimeOrigin, Test, account, manifest, manifest_bytes, run},
};

fn held(number: u8) -> u64 {
    Balances::balance_on_hold(&HoldReason::Deposit.into(), &account(number))
}

#[test]
fn a_registered_zkgraph_is_stored_with_its_digests_and_listed_under_its_owner() {
    run(|| {
        let graph = register(StatePolicy::Sequential);
        let record = Registered::<Test>::get(graph).unwrap();
        assert_eq!(record.owner, account(1));
        assert_eq!(record.image, keccak256(&[1, 2, 3]));
        assert_eq!(
            record.manifest,
            keccak256(&manifest_bytes("volume", StatePolicy::Sequential))
        );
        assert_eq!(record.state_root, keccak256(&[]));
        assert_eq!(record.policy, StatePolicy::Sequential);
        assert_eq!(Images::<Test>::get(graph).unwrap().into_inner(), [1, 2, 3]);
        assert!(Owned::<Test>::contains_key(account(1), graph));
    });
}

#[test]
fn two_registrations_of_the_same_program_have_different_ids() {
    run(|| assert_ne!(register(StatePolicy::Stateless), register(StatePolicy::Stateless)));
}

#[test]
fn the_deposit_counts_every_byte_and_the_largest_state_of_a_sequential_zkgraph() {
    run(|| {
        let bytes = (3 + manifest_bytes("volume", StatePolicy::Stateless).len() + program().uri.len()) as u64;
        register(StatePolicy::Stateless);
        assert_eq!(held(1), 100 + bytes);
        register(StatePolicy::Sequential);
        assert_eq!(
            held(1),
            2 * (100 + bytes) + u64::from(weft_primitives::MAX_STATE_BYTES)
        );
    });
}

#[test]
fn an_account_that_cannot_pay_the_deposit_registers_nothing() {
    run(|| {
        let manifest = manifest_bytes("volume", StatePolicy::Stateless);
        let call = Registry::register(
            RuntimeOrigin::signed(account(9)),
            1,
            vec![1].try_into().unwrap(),
            manifest,
            program(),
        );
        assert!(call.is_err());
        assert_eq!(held(9), 0);
    });
}

#[test]
fn an_unknown_proof_system_an_empty_commitment_and_a_binary_uri_are_refused() {
    run(|| {
        let origin = || RuntimeOrigin::signed(account(1));
        let manifest = || manifest_bytes("volume", StatePolicy::Stateless);
        let image = || vec![1].try_into().unwrap();
        assert_noop!(
            Registry::register(origin(), 2, image(), manifest(), program()),
            Error::<Test>::UnknownProofSystem
        );
        assert_noop!(
            Registry::register(origin(), 1, vec![].try_into().unwrap(), manifest(), program()),
            Error::<Test>::EmptyImage
        );
        let binary = Program {
            uri: vec![0xff].try_into().unwrap(),
            ..program()
        };
        assert_noop!(
            Registry::register(origin(), 1, image(), manifest(), binary),
            Error::<Test>::UriNotText
        );
    });
}

#[test]
fn each_way_a_manifest_can_be_wrong_has_its_own_error() {
    run(|| {
        let good = manifest("volume", StatePolicy::Stateless);
        let bytes = || codec::Encode::encode(&good);
        let destination = good.destination.clone().unwrap();
        let mut cases: Vec<(Vec<u8>, Error<Test>)> = vec![
            (vec![], Error::MalformedManifest),
            (
                [vec![9, 9], bytes()[2..].to_vec()].concat(),
                Error::UnknownManifestVersion,
            ),
            (bytes()[..20].to_vec(), Error::MalformedManifest),
            ([bytes(), vec![0]].concat(), Error::ManifestTrailingBytes),
        ];
        let mut case = |change: &dyn Fn(&mut weft_primitives::Manifest), error| {
            let mut manifest = good.clone();
            change(&mut manifest);
            cases.push((codec::Encode::encode(&manifest), error));
        };
        case(&|m| m.name = Default::default(), Error::ManifestTextInvalid);
        case(
            &|m| m.name = vec![0xff].try_into().unwrap(),
            Error::ManifestTextInvalid,
        );
        case(&|m| m.sources = Default::default(), Error::ManifestWithoutSources);
        case(
            &|m| m.sources[0] = Query::Transactions { chain_id: 0 },
            Error::ManifestChainIdZero,
        );
        case(
            &|m| {
                m.sources[0] = Query::Storage {
                    chain_id: 1,
                    accounts: Default::default(),
                }
            },
            Error::ManifestWithoutAccounts,
        );
        let index = StatePolicy::Index { from: 1 };
        case(
            &|m| {
                m.state = index;
                m.sources[0] = Query::State {
                    graph: Default::default(),
                };
            },
            Error::IndexWithoutEvents,
        );
        case(
            &|m| {
                m.state = index;
                m.sources.try_push(Query::Transactions { chain_id: 1 }).unwrap();
            },
            Error::NamedInIndex,
        );
        case(
            &|m| {
                m.state = index;
                m.sources.try_push(m.sources[0].clone()).unwrap();
            },
            Error::SameSourceTwice,
        );
        case(
            &|m| {
                m.destination = Some(weft_primitives::Destination {
                    gas_limit: 0,
                    ..destination.clone()
                })
            },
            Error::IncompleteDestination,
        );
        case(
            &|m| {
                m.destination = Some(weft_primitives::Destination {
                    gas_limit: 14_000_001,
                    ..destination.clone()
                })
            },
            Error::TooMuchGas,
        );
        for (bytes, error) in cases {
            assert_noop!(
                Registry::register(
                    RuntimeOrigin::signed(account(1)),
                    1,
                    vec![1].try_into().unwrap(),
                    bytes.try_into().unwrap(),
                    program(),
                ),
                error
            );
        }
        assert!(matches!(
            Error::<Test>::from(ManifestError::TooLong),
            Error::ManifestTooLong
        ));
    });
}

#[test]
fn an_owner_replaces_the_manifest_and_the_deposit_follows_its_length() {
    run(|| {
        let graph = register(StatePolicy::Stateless);
        let before = held(1);
        let longer = manifest_bytes("volume of transfers", StatePolicy::Stateless);
        let origin = || RuntimeOrigin::signed(account(1));
        assert_ok!(Registry::update_manifest(origin(), graph, longer.clone()));
        assert_eq!(held(1), before + " of transfers".len() as u64);
        assert_eq!(
            Registered::<Test>::get(graph).unwrap().manifest,
            keccak256(&longer)
        );
        assert_eq!(Manifests::<Test>::get(graph), Some(longer));

        let first = manifest_bytes("volume", StatePolicy::Stateless);
        assert_ok!(Registry::update_manifest(origin(), graph, first));
        assert_eq!(held(1), before);
    });
}

#[test]
fn a_manifest_is_not_replaced_by_a_stranger_nor_by_one_with_another_state_policy() {
    run(|| {
        let graph = register(StatePolicy::Stateless);
        let same = manifest_bytes("volume", StatePolicy::Stateless);
        assert_noop!(
            Registry::update_manifest(RuntimeOrigin::signed(account(2)), graph, same.clone()),
            Error::<Test>::NotOwner
        );
        assert_noop!(
            Registry::update_manifest(RuntimeOrigin::signed(account(1)), Default::default(), same),
            Error::<Test>::UnknownGraph
        );
        assert_noop!(
            Registry::update_manifest(
                RuntimeOrigin::signed(account(1)),
                graph,
                manifest_bytes("volume", StatePolicy::Sequential)
            ),
            Error::<Test>::StatePolicyFixed
        );
    });
}
