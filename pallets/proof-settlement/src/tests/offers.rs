use frame_support::{assert_noop, assert_ok};
use weft_primitives::{JobStatus, Query, SourceBlock, manifest::StatePolicy};

use super::*;
use crate::{Error, Event, Jobs, OpenJobs};

fn offer_with(
    number: u8,
    graph: GraphId,
    blocks: Vec<SourceBlock>,
    fee: u64,
    duration: u64,
) -> sp_runtime::DispatchResult {
    Settlement::offer(
        RuntimeOrigin::signed(account(number)),
        graph,
        blocks.try_into().unwrap(),
        fee,
        duration,
    )
}

#[test]
fn an_offer_holds_the_fee_and_is_listed_with_its_timeline() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Stateless));
        set_time(3);
        let job = offer(graph);
        assert_eq!(held(HoldReason::Fee, OWNER), FEE);
        let record = Jobs::<Test>::get(job).unwrap();
        assert_eq!(record.status, JobStatus::Open);
        assert_eq!((record.offered_at, record.deadline), (3, 3 + DURATION));
        assert!(OpenJobs::<Test>::contains_key(job));
        assert_eq!(Settlement::open_jobs(None, 10), vec![(job, record)]);
        System::assert_last_event(
            Event::JobOffered {
                job,
                graph,
                offerer: account(OWNER),
                fee: FEE,
                deadline: 3 + DURATION,
            }
            .into(),
        );
    });
}

#[test]
fn the_fee_and_the_deadline_have_bounds() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Stateless));
        let blocks = || vec![ethereum::source_block()];
        assert_noop!(
            offer_with(OWNER, graph, blocks(), 9, 20),
            Error::<Test>::FeeTooLow
        );
        assert_noop!(
            offer_with(OWNER, graph, blocks(), 10, 4),
            Error::<Test>::DeadlineTooNear
        );
        assert_noop!(
            offer_with(OWNER, graph, blocks(), 10, 101),
            Error::<Test>::DeadlineTooFar
        );
        assert_ok!(offer_with(OWNER, graph, blocks(), 10, 5));
    });
}

#[test]
fn a_run_of_an_unknown_or_retired_zkgraph_cannot_be_offered() {
    run(|| {
        let blocks = || vec![ethereum::source_block()];
        assert_noop!(
            offer_with(OWNER, Default::default(), blocks(), FEE, DURATION),
            pallet_zkgraph_registry::Error::<Test>::UnknownGraph
        );
        let (graph, _) = locked_job(StatePolicy::Stateless);
        assert_ok!(Registry::retire(RuntimeOrigin::signed(account(OWNER)), graph));
        assert_noop!(
            offer_with(OWNER, graph, blocks(), FEE, DURATION),
            pallet_zkgraph_registry::Error::<Test>::GraphRetired
        );
    });
}

#[test]
fn an_offer_names_one_block_of_the_right_chain_for_each_source() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Stateless));
        let block = ethereum::source_block;
        assert_noop!(
            offer_with(OWNER, graph, vec![], FEE, DURATION),
            Error::<Test>::WrongBlockCount
        );
        assert_noop!(
            offer_with(OWNER, graph, vec![block(), block()], FEE, DURATION),
            Error::<Test>::WrongBlockCount
        );
        assert_noop!(
            offer_with(
                OWNER,
                graph,
                vec![SourceBlock {
                    chain_id: 5,
                    ..block()
                }],
                FEE,
                DURATION
            ),
            pallet_data_bus::Error::<Test>::WrongChain
        );
    });
}

#[test]
fn an_offerer_must_be_able_to_pay() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Stateless));
        let offer = offer_with(OTHER, graph, vec![ethereum::source_block()], 2_000_000, DURATION);
        assert!(offer.is_err());
        assert_eq!(Settlement::open_jobs(None, 10), vec![]);
    });
}

#[test]
fn anybody_offers_a_stateless_run_but_only_the_owner_one_with_a_state() {
    run(|| {
        let blocks = || vec![ethereum::source_block()];
        let stateless = register(&manifest(StatePolicy::Stateless));
        assert_ok!(offer_with(OTHER, stateless, blocks(), FEE, DURATION));
        let sequential = register(&manifest(StatePolicy::Sequential));
        assert_noop!(
            offer_with(OTHER, sequential, blocks(), FEE, DURATION),
            Error::<Test>::OnlyOwnerOffers
        );
        assert_ok!(offer_with(OWNER, sequential, blocks(), FEE, DURATION));
        let index = register(&manifest(StatePolicy::Index { from: 100 }));
        assert_noop!(
            offer_with(OTHER, index, blocks(), FEE, DURATION),
            Error::<Test>::OnlyOwnerOffers
        );
        assert_ok!(offer_with(OWNER, index, blocks(), FEE, DURATION));
    });
}

#[test]
fn without_a_checkpoint_nothing_is_offered() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Stateless));
        pallet_data_bus::Clock::<Test>::kill();
        assert_noop!(
            offer_with(OWNER, graph, vec![ethereum::source_block()], FEE, DURATION),
            Error::<Test>::NoClock
        );
    });
}

#[test]
fn the_sources_of_an_index_read_the_same_blocks() {
    run(|| {
        let mut two = manifest(StatePolicy::Index { from: 90 });
        let other = Query::Events {
            chain_id: CHAIN,
            filter: Default::default(),
        };
        two.sources.try_push(other).unwrap();
        let graph = register(&two);
        let block = || SourceBlock {
            first: 90,
            ..ethereum::source_block()
        };
        let others = [
            SourceBlock { first: 91, ..block() },
            SourceBlock {
                number: 99,
                ..block()
            },
            SourceBlock {
                hash: Default::default(),
                ..block()
            },
        ];
        for other in others {
            assert_noop!(
                offer_with(OWNER, graph, vec![block(), other], FEE, DURATION),
                Error::<Test>::BlocksDiffer
            );
        }
        assert_ok!(offer_with(OWNER, graph, vec![block(), block()], FEE, DURATION));
    });
}

#[test]
fn open_jobs_are_read_page_by_page() {
    run(|| {
        let graph = register(&manifest(StatePolicy::Stateless));
        let jobs: Vec<_> = (0..5).map(|_| offer(graph)).collect();
        let mut seen = vec![];
        while let page = Settlement::open_jobs(seen.last().copied(), 2)
            && !page.is_empty()
        {
            assert!(page.len() <= 2);
            seen.extend(page.into_iter().map(|(job, _)| job));
        }
        seen.sort();
        assert_eq!(seen, jobs);
    });
}

#[test]
fn equal_sources_read_rising_blocks_so_that_no_event_is_read_twice() {
    run(|| {
        let mut two = manifest(StatePolicy::Stateless);
        let source = two.sources[0].clone();
        two.sources.try_push(source).unwrap();
        let graph = register(&two);
        let block = ethereum::source_block;
        let later = || SourceBlock {
            first: block().number + 1,
            number: block().number + 1,
            ..block()
        };
        for blocks in [vec![block(), block()], vec![later(), block()]] {
            assert_noop!(
                offer_with(OWNER, graph, blocks, FEE, DURATION),
                Error::<Test>::BlocksNotRising
            );
        }
        assert_ok!(offer_with(OWNER, graph, vec![block(), later()], FEE, DURATION));
    });
}
