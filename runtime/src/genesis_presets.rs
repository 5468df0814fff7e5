//! The genesis of the chains that need no ceremony, development and the local test network, and what a test network begins with before it has founders.
//!
//! A chain specification names a preset; `weft-node export-chain-spec` turns one into a file. See `chain-specs/`.

#![warn(missing_docs)]

use alloc::{vec, vec::Vec};
use frame_support::build_struct_json_patch;
use serde_json::Value;
use sp_consensus_babe::{AuthorityId as BabeId, BabeEpochConfiguration};
use sp_consensus_beefy::ecdsa_crypto::AuthorityId as BeefyId;
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_core::{crypto::get_public_from_string_or_panic, sr25519};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET, PresetId};
use sp_keyring::Sr25519Keyring;
use weft_primitives::ProofSystem;
use weft_proof_host::{DEVELOPMENT_KEY, ZkWasm};

use crate::{
    AccountId, BabeConfig, Balance, BalancesConfig, CadenceConfig, DataBusConfig, ProofSettlementConfig,
    RuntimeGenesisConfig, SessionConfig, SessionKeys, SudoConfig, ValidatorsConfig, currency::WEFT,
};

/// Each slot has one validator for certain (the secondary, by rotation) and may have more (primaries, by lottery: each wins
/// one slot in four).
pub const BABE_EPOCH_CONFIGURATION: BabeEpochConfiguration = BabeEpochConfiguration {
    c: (1, 4),
    allowed_slots: sp_consensus_babe::AllowedSlots::PrimaryAndSecondaryVRFSlots,
};

/// What each development account starts with, in plancks.
const ENDOWMENT: Balance = 1_000_000 * WEFT;
/// What each validator of the development chains has bonded, in plancks.
const BOND: Balance = 100_000 * WEFT;
/// Blocks of the development chains, in milliseconds.
const FAST_BLOCK_MILLISECONDS: u64 = 2_000;
/// Epochs of the development chains, in blocks: short, so that BEEFY's validator set changes while one watches.
const FAST_EPOCH_BLOCKS: u64 = 100;

/// Chains that runs can read on the development chains: Ethereum, its test network Sepolia, and local ones
/// (1337 and 31337).
const DEVELOPMENT_CHAINS: [u64; 4] = [1, 11_155_111, 1_337, 31_337];

/// Names of the validators of the local test network; the first is the one of the development chain.
const VALIDATORS: [&str; 4] = ["Alice", "Bob", "Charlie", "Dave"];

/// The account that everybody knows as `//NAME`.
fn account(name: &str) -> AccountId {
    get_public_from_string_or_panic::<sr25519::Public>(name).into()
}

/// The session keys that everybody knows as `//NAME`.
fn session_keys(name: &str) -> SessionKeys {
    SessionKeys {
        babe: get_public_from_string_or_panic::<BabeId>(name),
        grandpa: get_public_from_string_or_panic::<GrandpaId>(name),
        beefy: get_public_from_string_or_panic::<BeefyId>(name),
    }
}

/// A chain of the first `validators` development accounts, with funds for all of them and sudo for Alice.
fn development_chain(validators: usize) -> Value {
    let names = &VALIDATORS[..validators];
    let session = names
        .iter()
        .map(|name| (account(name), account(name), session_keys(name)))
        .collect();
    let bonds = names.iter().map(|name| (account(name), BOND)).collect();
    build_struct_json_patch!(RuntimeGenesisConfig {
        cadence: CadenceConfig {
            block_milliseconds: FAST_BLOCK_MILLISECONDS,
            epoch_blocks: FAST_EPOCH_BLOCKS,
        },
        babe: BabeConfig {
            epoch_config: BABE_EPOCH_CONFIGURATION
        },
        balances: BalancesConfig {
            balances: Sr25519Keyring::well_known()
                .map(|who| (who.to_account_id(), ENDOWMENT))
                .collect(),
        },
        data_bus: DataBusConfig {
            chains: DEVELOPMENT_CHAINS.to_vec()
        },
        proof_settlement: ProofSettlementConfig {
            keys: vec![(ZkWasm::ID, DEVELOPMENT_KEY.to_vec())],
        },
        session: SessionConfig { keys: session },
        validators: ValidatorsConfig {
            bonds,
            limits: Some((1, 100)),
        },
        sudo: SudoConfig {
            key: Some(account("Alice"))
        },
    })
}

/// The preset of a test network without its founders.
pub const TESTNET_PRESET: &str = "testnet";

/// The chain that runs can read on a test network: Sepolia.
const TESTNET_CHAINS: [u64; 1] = [11_155_111];

/// A test network without founders: blocks and epochs as in production, no funds, no root, and no key for proofs, which root has to set from a ceremony's powers of tau.
/// `chain-specs/make.mjs` adds founders.
fn testnet() -> Value {
    build_struct_json_patch!(RuntimeGenesisConfig {
        babe: BabeConfig {
            epoch_config: BABE_EPOCH_CONFIGURATION
        },
        data_bus: DataBusConfig {
            chains: TESTNET_CHAINS.to_vec()
        },
        validators: ValidatorsConfig {
            limits: Some((4, 100)),
        },
    })
}

/// The patch to the default genesis that the preset `id` stands for, as JSON.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
    let patch = match id.as_ref() {
        DEV_RUNTIME_PRESET => development_chain(1),
        LOCAL_TESTNET_RUNTIME_PRESET => development_chain(4),
        TESTNET_PRESET => testnet(),
        _ => return None,
    };
    serde_json::to_vec(&patch).ok()
}

/// The presets that this runtime has.
pub fn preset_names() -> Vec<PresetId> {
    vec![
        PresetId::from(DEV_RUNTIME_PRESET),
        PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET),
        PresetId::from(TESTNET_PRESET),
    ]
}
