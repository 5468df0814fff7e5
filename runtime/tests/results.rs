//! Results leave the chain: what the outbox holds gets into the MMR leaf of the next block.

mod chain;

use frame_support::traits::Hooks;
use pallet_mmr::primitives::LeafDataProvider;
use pallet_outbox::Outbox as _;
use sp_core::H256;
use weft_primitives::{Destination, Message};
use weft_runtime::{BeefyMmrLeaf, Outbox, Runtime, System};
use weft_runtime_api::runtime_decl_for_weft_api::WeftApiV1;

fn message(nonce: u64) -> Message {
    Message {
        weft_genesis: H256::repeat_byte(1),
        nonce,
        graph: H256::repeat_byte(2),
        owner: H256::repeat_byte(3),
        job: 4,
        statement: H256::repeat_byte(5),
        sources: Default::default(),
        destination: Destination::default(),
        payload: Default::default(),
    }
}

#[test]
fn the_leaf_of_a_block_carries_the_outbox_root_and_the_time_of_its_parent() {
    chain::of_preset("development").execute_with(|| {
        System::set_block_number(1);
        assert_eq!(BeefyMmrLeaf::leaf_data().leaf_extra.outbox, H256::zero());
        let nonces = [(); 3].map(|()| Outbox::append(H256::zero(), message).unwrap());
        Outbox::on_finalize(1);

        pallet_timestamp::Now::<Runtime>::put(1_700_000_000_999);
        System::set_block_number(2);
        let leaf = BeefyMmrLeaf::leaf_data();
        assert_eq!(leaf.parent_number_and_hash.0, 1);
        let proof = Runtime::outbox_proof(nonces[1]).unwrap();
        assert_eq!(
            (leaf.leaf_extra.outbox, leaf.leaf_extra.time),
            (proof.root, 1_700_000_000)
        );
        assert_eq!((proof.block, proof.leaf_index, proof.leaf_count), (1, 1, 3));
        assert_eq!(proof.leaf, message(1).digest());
        let leaves = [0, 1, 2].map(|nonce| message(nonce).digest());
        assert_eq!(Runtime::outbox_of(1), Some((0, leaves.to_vec())));
        assert_eq!(Runtime::outbox_of(2), None);

        Outbox::on_finalize(2);
        System::set_block_number(3);
        assert_eq!(BeefyMmrLeaf::leaf_data().leaf_extra.outbox, H256::zero());
    });
}
