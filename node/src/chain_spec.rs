//! The chains that are built into the node. Any other is a file: `--chain FILE`.

use sc_chain_spec::{ChainSpecBuilder, ChainType, Properties};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use weft_runtime::{WASM_BINARY, configs::system::SS58Prefix, currency, genesis_presets::TESTNET_PRESET};

/// A chain specification: genesis, boot nodes, and what user interfaces show.
pub(crate) type ChainSpec = sc_service::GenericChainSpec;

/// What user interfaces show of the currency.
fn properties() -> Properties {
    let mut properties = Properties::new();
    properties.insert("tokenSymbol".into(), "WEFT".into());
    properties.insert("tokenDecimals".into(), currency::DECIMALS.into());
    properties.insert("ss58Format".into(), SS58Prefix::get().into());
    properties
}

fn from_preset(preset: &str) -> Result<ChainSpecBuilder, String> {
    let code = WASM_BINARY.ok_or("this node was built without a runtime (SKIP_WASM_BUILD was set)")?;
    Ok(ChainSpec::builder(code, None)
        .with_genesis_config_preset_name(preset)
        .with_properties(properties()))
}

/// One validator, Alice; made for a single machine.
pub(crate) fn development() -> Result<ChainSpec, String> {
    Ok(from_preset(DEV_RUNTIME_PRESET)?
        .with_name("Weft development")
        .with_id("weft_dev")
        .with_chain_type(ChainType::Development)
        .build())
}

/// Four validators, Alice to Dave, each a node of its own.
pub(crate) fn local_testnet() -> Result<ChainSpec, String> {
    Ok(from_preset(LOCAL_TESTNET_RUNTIME_PRESET)?
        .with_name("Weft local test network")
        .with_id("weft_local")
        .with_chain_type(ChainType::Local)
        .build())
}

/// A test network without founders, for `chain-specs/make.mjs` to add: no node can run it as it is.
pub(crate) fn testnet() -> Result<ChainSpec, String> {
    Ok(from_preset(TESTNET_PRESET)?
        .with_name("Weft test network")
        .with_id("weft_testnet")
        .with_chain_type(ChainType::Live)
        .build())
}
