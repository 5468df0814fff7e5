//! What a contract on Ethereum needs to follow this chain: a Merkle mountain range (MMR) with a leaf for each block, whose
//! root validators sign by BEEFY with the ECDSA keys that Ethereum can check.
//!
//! Everything that Ethereum recomputes is hashed with keccak256.

use frame_support::traits::{ConstU32, Get};
use pallet_gateways::migrations::CurrentSets;
use sp_consensus_beefy::{
    OnNewValidatorSet, ValidatorSet,
    ecdsa_crypto::AuthorityId as BeefyId,
    mmr::{BeefyDataProvider, MmrLeafVersion},
};
use sp_runtime::traits::Keccak256;

use weft_primitives::outbox::LeafExtra;

use super::consensus::{KeyOwnerProof, MaxAuthorities, RememberedSets, ReportLongevity};
use crate::{BeefyMmrLeaf, Gateways, Hash, Outbox, Runtime, Timestamp, Validators};

impl pallet_beefy::Config for Runtime {
    type BeefyId = BeefyId;
    type MaxAuthorities = MaxAuthorities;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = RememberedSets;
    type OnNewValidatorSet = NewSet;
    type AncestryHelper = super::ancestry::ShownHeaders;
    type WeightInfo = ();
    type KeyOwnerProof = KeyOwnerProof;
    type EquivocationReportSystem =
        pallet_beefy::EquivocationReportSystem<Self, Validators, Validators, ReportLongevity>;
}

impl pallet_mmr::Config for Runtime {
    // The node's MMR gadget and RPC look for the leaves under this prefix of the off-chain database.
    const INDEXING_PREFIX: &'static [u8] = pallet_mmr::primitives::INDEXING_PREFIX;
    type Hashing = Keccak256;
    type LeafData = BeefyMmrLeaf;
    type OnNewRoot = pallet_beefy_mmr::DepositBeefyDigest<Runtime>;
    type BlockHashProvider = pallet_mmr::DefaultBlockHashProvider<Runtime>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

/// Version of the leaf's format. Minor: a field was added at the end; major: anything else changed.
pub struct LeafVersion;
impl Get<MmrLeafVersion> for LeafVersion {
    fn get() -> MmrLeafVersion {
        MmrLeafVersion::new(0, 0)
    }
}

impl pallet_beefy_mmr::Config for Runtime {
    type LeafVersion = LeafVersion;
    type BeefyAuthorityToMerkleLeaf = pallet_beefy_mmr::BeefyEcdsaToEthereum;
    type LeafExtra = LeafExtra;
    type BeefyDataProvider = ParentBlock;
    type WeightInfo = ();
}

/// What each MMR leaf says of the parent block: its messages to Ethereum, and its time.
///
/// A leaf is made before the transactions of its block, and may only depend on the parent block: the leaf of block N carries
/// the root of the messages that block N - 1 settled, and the timestamp of block N - 1 is still the newest.
pub struct ParentBlock;
impl BeefyDataProvider<LeafExtra> for ParentBlock {
    fn extra_data() -> LeafExtra {
        LeafExtra {
            outbox: Outbox::root(),
            time: Timestamp::get() / 1_000,
        }
    }
}

/// Hears of each validator set: the MMR's leaves name it, and commitments of it are known by its addresses.
pub struct NewSet;
impl OnNewValidatorSet<BeefyId> for NewSet {
    fn on_new_validator_set(current: &ValidatorSet<BeefyId>, next: &ValidatorSet<BeefyId>) {
        BeefyMmrLeaf::on_new_validator_set(current, next);
        let (set, keyset, next_keyset) = NewSet::current();
        Gateways::note_sets(set, keyset, next_keyset);
    }
}

impl CurrentSets for NewSet {
    fn current() -> (u64, Hash, Hash) {
        let set = BeefyMmrLeaf::authority_set_proof();
        let next = BeefyMmrLeaf::next_authority_set_proof();
        (set.id, set.keyset_commitment, next.keyset_commitment)
    }
}
