//! Benchmarks of the calls.

use alloc::vec;
use frame_benchmarking::v2::*;
use frame_support::{BoundedVec, pallet_prelude::Get, traits::fungible::Mutate};
use frame_system::RawOrigin;
use sp_runtime::traits::Saturating;
use weft_primitives::{
    GraphId, H160, H256, ImageBytes, MAX_IMAGE_BYTES, MAX_SOURCES, Manifest, Program, Query,
    manifest::{MANIFEST_VERSION, ManifestBytes, StatePolicy},
    query::EventFilter,
};

use crate::{Call, Config, Graphs, Owned, Pallet, Registered};

/// Bytes of a manifest with sources as large as they can be, all of them.
const LARGEST_MANIFEST: u32 = 7_500;
/// Bytes of the smallest manifest below.
const SMALLEST_MANIFEST: u32 = 100;

/// A manifest of about `bytes` bytes.
fn manifest(bytes: u32) -> ManifestBytes {
    let address_bytes = 20;
    let most_addresses = 32;
    let mut manifest = Manifest {
        version: MANIFEST_VERSION,
        name: BoundedVec::truncate_from(vec![b'n'; 64]),
        description: Default::default(),
        sources: Default::default(),
        destination: None,
        state: StatePolicy::Sequential,
    };
    let mut filters = vec![];
    let mut left = bytes.saturating_sub(SMALLEST_MANIFEST) / address_bytes;
    loop {
        let addresses = left.min(most_addresses);
        filters.push(EventFilter {
            addresses: BoundedVec::truncate_from(vec![H160::repeat_byte(1); addresses as usize]),
            topics: Default::default(),
        });
        if filters.len() == MAX_SOURCES as usize || left <= addresses {
            break;
        }
        left -= addresses;
    }
    // The rest of the bound are topics, which cost a decoder the same for each byte.
    let taken = SMALLEST_MANIFEST
        + address_bytes
            * filters
                .iter()
                .map(|filter| filter.addresses.len() as u32)
                .sum::<u32>();
    let mut topics = bytes.saturating_sub(taken) / 33;
    for filter in &mut filters {
        let alternatives = topics.min(16);
        topics -= alternatives;
        let topic = BoundedVec::truncate_from(vec![H256::repeat_byte(2); alternatives as usize]);
        filter.topics = BoundedVec::truncate_from(vec![topic]);
    }
    let query = |filter| Query::Events { chain_id: 1, filter };
    manifest.sources = BoundedVec::truncate_from(filters.into_iter().map(query).collect());
    manifest.to_bytes().expect("the manifest fits its bound")
}

/// An account that can pay any deposit.
fn rich<T: Config>(index: u32) -> T::AccountId
where
    T::Currency: Mutate<T::AccountId>,
{
    let account: T::AccountId = account("owner", index, 0);
    let balance = T::BaseDeposit::get()
        .saturating_add(T::ByteDeposit::get().saturating_mul(100_000_u32.into()))
        .saturating_mul(10_u32.into());
    T::Currency::set_balance(&account, balance);
    account
}

/// A registered zkGraph and its owner.
fn registered<T: Config>() -> (GraphId, T::AccountId)
where
    T::Currency: Mutate<T::AccountId>,
{
    let owner = rich::<T>(0);
    let image = image();
    let program = program();
    Pallet::<T>::register(
        RawOrigin::Signed(owner.clone()).into(),
        1,
        image,
        manifest(SMALLEST_MANIFEST),
        program,
    )
    .expect("the owner can pay");
    let graph = Owned::<T>::iter_key_prefix(&owner)
        .next()
        .expect("it was registered");
    (graph, owner)
}

fn image() -> ImageBytes {
    BoundedVec::truncate_from(vec![1; MAX_IMAGE_BYTES as usize])
}

fn program() -> Program {
    Program {
        digest: H256::zero(),
        uri: BoundedVec::truncate_from(vec![b'u'; 256]),
    }
}

#[benchmarks(where T::Currency: Mutate<T::AccountId>)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register(m: Linear<SMALLEST_MANIFEST, LARGEST_MANIFEST>) {
        let owner = rich::<T>(0);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), 1, image(), manifest(m), program());
        assert_eq!(Registered::<T>::count(), 1);
    }

    #[benchmark]
    fn update_manifest(m: Linear<SMALLEST_MANIFEST, LARGEST_MANIFEST>) {
        let (graph, owner) = registered::<T>();
        let manifest = manifest(m);
        let digest = weft_primitives::keccak256(&manifest);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), graph, manifest);
        assert_eq!(
            Registered::<T>::get(graph).map(|graph| graph.manifest),
            Some(digest)
        );
    }

    #[benchmark]
    fn transfer_ownership() {
        let (graph, owner) = registered::<T>();
        let new_owner: T::AccountId = account("new", 0, 0);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), graph, new_owner.clone());
        assert_eq!(crate::PendingOwner::<T>::get(graph), Some(new_owner));
    }

    #[benchmark]
    fn accept_ownership() {
        let (graph, owner) = registered::<T>();
        let new_owner = rich::<T>(1);
        let origin = RawOrigin::Signed(owner).into();
        Pallet::<T>::transfer_ownership(origin, graph, new_owner.clone()).expect("it is the owner's");
        #[extrinsic_call]
        _(RawOrigin::Signed(new_owner.clone()), graph);
        assert_eq!(
            Registered::<T>::get(graph).map(|graph| graph.owner),
            Some(new_owner)
        );
    }

    #[benchmark]
    fn retire() {
        let (graph, owner) = registered::<T>();
        Pallet::<T>::lock_run(graph).expect("it is free");
        let state = vec![1; weft_primitives::MAX_STATE_BYTES as usize];
        Pallet::<T>::settle_run(graph, Some(BoundedVec::truncate_from(state)), None).expect("it is locked");
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), graph);
        assert_eq!(Registered::<T>::count(), 0);
    }

    #[benchmark]
    fn skip_blocks() {
        let (graph, owner) = registered::<T>();
        Registered::<T>::mutate(graph, |graph| {
            if let Some(graph) = graph {
                graph.cursor = Some(5);
            }
        });
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), graph, 9);
        assert_eq!(
            Registered::<T>::get(graph).and_then(|graph| graph.cursor),
            Some(9)
        );
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
