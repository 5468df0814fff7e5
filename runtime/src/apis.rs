//! The runtime APIs: everything that a node can ask the runtime, at any block whose state it has.

use alloc::vec::Vec;
use frame_support::{
    genesis_builder_helper::{build_state, get_preset},
    weights::Weight,
};
use pallet_data_bus::{EthereumClock, FinalBlocks};
use pallet_transaction_payment::{FeeDetails, RuntimeDispatchInfo};
use sp_consensus_beefy::ecdsa_crypto::{AuthorityId as BeefyId, Signature as BeefySignature};
use sp_core::{H256, OpaqueMetadata, crypto::KeyTypeId};
use sp_inherents::{CheckInherentsResult, InherentData};
use sp_runtime::{
    ApplyExtrinsicResult, ExtrinsicInclusionMode,
    traits::{Block as BlockT, NumberFor},
    transaction_validity::{TransactionSource, TransactionValidity},
};
use sp_version::RuntimeVersion;
use weft_light_client::{Anchor, BeaconHeader, Network, Store};
use weft_primitives::{
    Clock, GatewayId, Graph, GraphId, Job, JobId, MessageReward, RunSnapshot, Trigger, outbox::OutboxProof,
};

use crate::{
    AccountId, Babe, Balance, Beefy, Block, BlockNumber, DataBus, Executive, Gateways, Grandpa,
    InherentDataExt, Mmr, Nonce, Outbox, ProofSettlement, Runtime, RuntimeCall, RuntimeGenesisConfig,
    SessionKeys, System, TransactionPayment, VERSION, cadence, genesis_presets, queries,
};

sp_api::impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block)
        }

        fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
        fn execute_view_function(
            id: frame_support::view_functions::ViewFunctionId,
            input: Vec<u8>,
        ) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
            Runtime::execute_view_function(id, input)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(data: InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(block: <Block as BlockT>::LazyBlock, data: InherentData) -> CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            transaction: <Block as BlockT>::Extrinsic,
            block_hash: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, transaction, block_hash)
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(header: &<Block as BlockT>::Header) {
            Executive::offchain_worker(header)
        }
    }

    impl sp_consensus_babe::BabeApi<Block> for Runtime {
        fn configuration() -> sp_consensus_babe::BabeConfiguration {
            let epoch = Babe::epoch_config().unwrap_or(genesis_presets::BABE_EPOCH_CONFIGURATION);
            sp_consensus_babe::BabeConfiguration {
                slot_duration: Babe::slot_duration(),
                epoch_length: cadence::EpochBlocks::<Runtime>::get(),
                c: epoch.c,
                authorities: Babe::authorities().into_inner(),
                randomness: Babe::randomness(),
                allowed_slots: epoch.allowed_slots,
            }
        }

        fn current_epoch_start() -> sp_consensus_babe::Slot {
            Babe::current_epoch_start()
        }

        fn current_epoch() -> sp_consensus_babe::Epoch {
            Babe::current_epoch()
        }

        fn next_epoch() -> sp_consensus_babe::Epoch {
            Babe::next_epoch()
        }

        fn generate_key_ownership_proof(
            _slot: sp_consensus_babe::Slot,
            authority: sp_consensus_babe::AuthorityId,
        ) -> Option<sp_consensus_babe::OpaqueKeyOwnershipProof> {
            queries::key_ownership(sp_consensus_babe::KEY_TYPE, authority)
                .map(sp_consensus_babe::OpaqueKeyOwnershipProof::new)
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            proof: sp_consensus_babe::EquivocationProof<<Block as BlockT>::Header>,
            key_owner: sp_consensus_babe::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Babe::submit_unsigned_equivocation_report(proof, key_owner.decode()?)
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            Grandpa::grandpa_authorities()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            pallet_grandpa::CurrentSetId::<Runtime>::get()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            proof: sp_consensus_grandpa::EquivocationProof<<Block as BlockT>::Hash, NumberFor<Block>>,
            key_owner: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Grandpa::submit_unsigned_equivocation_report(proof, key_owner.decode()?)
        }

        fn generate_key_ownership_proof(
            _set_id: sp_consensus_grandpa::SetId,
            authority: sp_consensus_grandpa::AuthorityId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            queries::key_ownership(sp_consensus_grandpa::KEY_TYPE, authority)
                .map(sp_consensus_grandpa::OpaqueKeyOwnershipProof::new)
        }
    }

    #[api_version(6)]
    impl sp_consensus_beefy::BeefyApi<Block, BeefyId> for Runtime {
        fn beefy_genesis() -> Option<BlockNumber> {
            pallet_beefy::GenesisBlock::<Runtime>::get()
        }

        fn validator_set() -> Option<sp_consensus_beefy::ValidatorSet<BeefyId>> {
            Beefy::validator_set()
        }

        fn submit_report_double_voting_unsigned_extrinsic(
            proof: sp_consensus_beefy::DoubleVotingProof<BlockNumber, BeefyId, BeefySignature>,
            key_owner: sp_consensus_beefy::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Beefy::submit_unsigned_double_voting_report(proof, key_owner.decode()?)
        }

        fn submit_report_fork_voting_unsigned_extrinsic(
            proof: sp_consensus_beefy::ForkVotingProof<
                <Block as BlockT>::Header,
                BeefyId,
                sp_runtime::OpaqueValue,
            >,
            key_owner: sp_consensus_beefy::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Beefy::submit_unsigned_fork_voting_report(proof.try_into()?, key_owner.decode()?)
        }

        fn submit_report_future_block_voting_unsigned_extrinsic(
            proof: sp_consensus_beefy::FutureBlockVotingProof<BlockNumber, BeefyId>,
            key_owner: sp_consensus_beefy::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Beefy::submit_unsigned_future_block_voting_report(proof, key_owner.decode()?)
        }

        fn generate_key_ownership_proof(
            _set_id: sp_consensus_beefy::ValidatorSetId,
            authority: BeefyId,
        ) -> Option<sp_consensus_beefy::OpaqueKeyOwnershipProof> {
            queries::key_ownership(sp_consensus_beefy::KEY_TYPE, authority)
                .map(sp_consensus_beefy::OpaqueKeyOwnershipProof::new)
        }
    }

    #[api_version(3)]
    impl pallet_mmr::primitives::MmrApi<Block, H256, BlockNumber> for Runtime {
        fn mmr_root() -> Result<H256, pallet_mmr::primitives::Error> {
            Ok(pallet_mmr::RootHash::<Runtime>::get())
        }

        fn mmr_leaf_count() -> Result<pallet_mmr::primitives::LeafIndex, pallet_mmr::primitives::Error> {
            Ok(pallet_mmr::NumberOfLeaves::<Runtime>::get())
        }

        fn generate_proof(
            block_numbers: Vec<BlockNumber>,
            best_known_block_number: Option<BlockNumber>,
        ) -> Result<
            (Vec<pallet_mmr::primitives::EncodableOpaqueLeaf>, pallet_mmr::primitives::LeafProof<H256>),
            pallet_mmr::primitives::Error,
        > {
            Mmr::generate_proof(block_numbers, best_known_block_number).map(|(leaves, proof)| {
                let leaves = leaves
                    .into_iter()
                    .map(|leaf| pallet_mmr::primitives::EncodableOpaqueLeaf::from_leaf(&leaf))
                    .collect();
                (leaves, proof)
            })
        }

        fn generate_ancestry_proof(
            previous_block_number: BlockNumber,
            best_known_block_number: Option<BlockNumber>,
        ) -> Result<pallet_mmr::primitives::AncestryProof<H256>, pallet_mmr::primitives::Error> {
            Mmr::generate_ancestry_proof(previous_block_number, best_known_block_number)
        }

        fn verify_proof(
            leaves: Vec<pallet_mmr::primitives::EncodableOpaqueLeaf>,
            proof: pallet_mmr::primitives::LeafProof<H256>,
        ) -> Result<(), pallet_mmr::primitives::Error> {
            type Leaf = <<Runtime as pallet_mmr::Config>::LeafData
                as pallet_mmr::primitives::LeafDataProvider>::LeafData;
            let leaves = leaves
                .into_iter()
                .map(|leaf| {
                    leaf.into_opaque_leaf()
                        .try_decode::<Leaf>()
                        .ok_or(pallet_mmr::primitives::Error::Verify)
                })
                .collect::<Result<Vec<_>, _>>()?;
            Mmr::verify_leaves(leaves, proof)
        }

        fn verify_proof_stateless(
            root: H256,
            leaves: Vec<pallet_mmr::primitives::EncodableOpaqueLeaf>,
            proof: pallet_mmr::primitives::LeafProof<H256>,
        ) -> Result<(), pallet_mmr::primitives::Error> {
            let nodes = leaves
                .into_iter()
                .map(|leaf| pallet_mmr::primitives::DataOrHash::Data(leaf.into_opaque_leaf()))
                .collect();
            pallet_mmr::verify_leaves_proof::<<Runtime as pallet_mmr::Config>::Hashing, _>(root, nodes, proof)
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(
            owner: Vec<u8>,
            seed: Option<Vec<u8>>,
        ) -> sp_session::OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
        fn query_info(uxt: <Block as BlockT>::Extrinsic, len: u32) -> RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_info(uxt, len)
        }

        fn query_fee_details(uxt: <Block as BlockT>::Extrinsic, len: u32) -> FeeDetails<Balance> {
            TransactionPayment::query_fee_details(uxt, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<Block, Balance, RuntimeCall>
        for Runtime
    {
        fn query_call_info(call: RuntimeCall, len: u32) -> RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_call_info(call, len)
        }

        fn query_call_fee_details(call: RuntimeCall, len: u32) -> FeeDetails<Balance> {
            TransactionPayment::query_call_fee_details(call, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl weft_runtime_api::EthereumApi<Block> for Runtime {
        fn ethereum_network() -> Option<Network> {
            pallet_data_bus::Network::<Runtime>::get()
        }

        fn current_slot() -> Option<u64> {
            DataBus::current_slot()
        }

        fn clock() -> Option<Clock> {
            let now = DataBus::now()?;
            let stalled = DataBus::is_stalled();
            Some(Clock { now, stalled })
        }

        fn final_header() -> Option<(BeaconHeader, bool)> {
            let header = pallet_data_bus::Finalized::<Runtime>::get()?;
            Some((header, pallet_data_bus::NextCommittee::<Runtime>::exists()))
        }

        fn light_client() -> Option<Store> {
            DataBus::store()
        }

        fn newest_anchor() -> Option<Anchor> {
            DataBus::newest()
        }

        fn anchor_by_slot(slot: u64) -> Option<Anchor> {
            DataBus::by_slot(slot)
        }

        fn anchor_by_number(number: u64) -> Option<Anchor> {
            DataBus::by_number(number)
        }

        fn anchor_by_hash(hash: H256) -> Option<Anchor> {
            DataBus::by_hash(hash)
        }

        fn anchor_at_or_after(number: u64) -> Option<Anchor> {
            DataBus::at_or_after(number)
        }
    }

    impl weft_runtime_api::WeftApi<Block, AccountId, Balance, BlockNumber> for Runtime {
        fn graphs(
            owner: Option<AccountId>,
            after: Option<GraphId>,
            limit: u32,
        ) -> Vec<(GraphId, Graph<AccountId, Balance>)> {
            queries::graphs(owner, after, limit)
        }

        fn graph(graph: GraphId) -> Option<Graph<AccountId, Balance>> {
            pallet_zkgraph_registry::Registered::<Runtime>::get(graph)
        }

        fn graph_manifest(graph: GraphId) -> Option<Vec<u8>> {
            pallet_zkgraph_registry::Manifests::<Runtime>::get(graph).map(Into::into)
        }

        fn graph_image(graph: GraphId) -> Option<Vec<u8>> {
            pallet_zkgraph_registry::Images::<Runtime>::get(graph).map(Into::into)
        }

        fn graph_state(graph: GraphId) -> Option<Vec<u8>> {
            pallet_zkgraph_registry::Registered::<Runtime>::contains_key(graph)
                .then(|| pallet_zkgraph_registry::States::<Runtime>::get(graph).into())
        }

        fn job(job: JobId) -> Option<Job<AccountId, Balance, BlockNumber>> {
            pallet_proof_settlement::Jobs::<Runtime>::get(job)
        }

        fn open_jobs(after: Option<JobId>, limit: u32) -> Vec<(JobId, Job<AccountId, Balance, BlockNumber>)> {
            queries::open_jobs(after, limit)
        }

        fn locked_jobs(worker: AccountId) -> Vec<(JobId, Job<AccountId, Balance, BlockNumber>)> {
            ProofSettlement::locked_jobs(&worker, weft_runtime_api::MAX_PAGE)
        }

        fn run_snapshot(job: JobId) -> Option<RunSnapshot<AccountId>> {
            pallet_proof_settlement::Snapshots::<Runtime>::get(job)
        }

        fn current_key(proof_system: u16) -> Option<H256> {
            pallet_proof_settlement::CurrentKey::<Runtime>::get(proof_system)
        }

        fn verifying_key(digest: H256) -> Option<Vec<u8>> {
            pallet_proof_settlement::Keys::<Runtime>::get(digest).map(Into::into)
        }

        fn next_nonce() -> u64 {
            pallet_outbox::NextNonce::<Runtime>::get()
        }

        fn outbox_of(block: BlockNumber) -> Option<(u64, Vec<H256>)> {
            let messages = pallet_outbox::Blocks::<Runtime>::get(block)?;
            Some((messages.first_nonce, messages.leaves.into_inner()))
        }

        fn rewards_of(nonce: u64) -> Vec<MessageReward<Balance>> {
            Gateways::rewards_of(nonce)
        }

        fn handover_reward(gateway: GatewayId, set: u64) -> Option<Balance> {
            Gateways::handover_reward(gateway, set)
        }

        fn outbox_proof(nonce: u64) -> Option<OutboxProof> {
            Outbox::proof(nonce)
        }

        fn trigger(graph: GraphId) -> Option<Trigger<AccountId, Balance>> {
            pallet_proof_settlement::Triggers::<Runtime>::get(graph)
        }

        fn triggers(after: Option<GraphId>, limit: u32) -> Vec<(GraphId, Trigger<AccountId, Balance>)> {
            ProofSettlement::triggers(after, limit.min(weft_runtime_api::MAX_PAGE))
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
            build_state::<RuntimeGenesisConfig>(config)
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, genesis_presets::get_preset)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            genesis_presets::preset_names()
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    impl frame_benchmarking::Benchmark<Block> for Runtime {
        fn benchmark_metadata(
            extra: bool,
        ) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
            crate::benchmarks::list(extra)
        }

        fn dispatch_benchmark(
            config: frame_benchmarking::BenchmarkConfig,
        ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
            crate::benchmarks::run(config)
        }
    }

    #[cfg(feature = "try-runtime")]
    impl frame_try_runtime::TryRuntime<Block> for Runtime {
        fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
            // A failed check has to stop here, with its backtrace; this code is in no production build.
            let weight = Executive::try_runtime_upgrade(checks).expect("runtime upgrade failed");
            (weight, crate::configs::system::BlockWeights::get().max_block)
        }

        fn execute_block(
            block: <Block as BlockT>::LazyBlock,
            state_root_check: bool,
            signature_check: bool,
            select: frame_try_runtime::TryStateSelect,
        ) -> Weight {
            Executive::try_execute_block(block, state_root_check, signature_check, select)
                .expect("block execution failed")
        }
    }
}
